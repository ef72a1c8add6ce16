"""Duties in the database: alarms, windows that ended, decisions about the cap."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from app.domain.duties.collisions import Decisions, Yields
from app.domain.facts import Visit
from app.domain.regions import Level, region_prefix
from app.store.agencies import of_items
from app.store.paging import AnyRow, Rows, page
from app.store.premises import Source
from app.store.premises_rows import Columns
from app.store.tables.duties import CapDecision, DutyAlarm, DutyClock, EndedDuty
from app.store.tables.registers import Entity, PastVisit

Record = dict[str, Any]

_ALARM: Columns = (
    *(col(DutyAlarm.id), col(DutyAlarm.region), col(DutyAlarm.item), col(DutyAlarm.regime)),
    *(col(DutyAlarm.level), col(DutyAlarm.due_on), col(DutyAlarm.short), col(DutyAlarm.tag)),
    *(col(DutyAlarm.raised_at), col(DutyAlarm.cleared_at), col(DutyAlarm.entity_id), col(DutyAlarm.duties)),
    *(col(Entity.key).label("entity"), col(Entity.name), col(Entity.station)),
)
_ENDED: Columns = (
    *(col(EndedDuty.id), col(EndedDuty.entity_id), col(EndedDuty.region), col(EndedDuty.station)),
    *(col(EndedDuty.item), col(EndedDuty.regime), col(EndedDuty.level), col(EndedDuty.window_from)),
    *(col(EndedDuty.window_to), col(EndedDuty.done_on), col(EndedDuty.excused)),
    *(col(Entity.key).label("entity"), col(Entity.name)),
)
_DECISION: Columns = (
    *(col(CapDecision.id), col(CapDecision.region), col(CapDecision.item), col(CapDecision.year)),
    *(col(CapDecision.subject), col(CapDecision.yields), col(CapDecision.why), col(CapDecision.basis)),
    *(col(CapDecision.decided_by), col(CapDecision.decided_by_name), col(CapDecision.decided_at)),
)


def add(session: Session, row: CapDecision) -> None:
    """Keep a decision."""
    session.add(row)
    session.flush()


def regions(connection: Connection) -> list[str]:
    """Every region that has premises."""
    return list(connection.scalars(select(col(Entity.region)).distinct().order_by(col(Entity.region))))


def clock_for_change(session: Session, region: str, *, recorded_to: date, looked_at: datetime) -> DutyClock:
    """How far the clock has come in a region, locked until the transaction ends; begun where there is none.

    Two workers may begin it at once: the second waits for the first and finds its row.
    """
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(
        make(DutyClock)
        .values(region=region, recorded_to=recorded_to, looked_at=looked_at)
        .on_conflict_do_nothing(index_elements=["region"])
    )
    return session.scalars(select(DutyClock).where(col(DutyClock.region) == region).with_for_update()).one()


def looked_since(connection: Connection, moment: object) -> set[str]:
    """The regions in which alarms were looked for after an instant."""
    return set(connection.scalars(select(col(DutyClock.region)).where(col(DutyClock.looked_at) > moment)))


def add_ended(session: Session, rows: Sequence[Record]) -> None:
    """Record windows that ended."""
    if rows:
        session.execute(insert(EndedDuty), rows)


def unmet_in(session: Session, region: str) -> Sequence[EndedDuty]:
    """The missed windows of a region that no visit has made up for yet."""
    return session.scalars(
        select(EndedDuty).where(
            col(EndedDuty.region) == region,
            col(EndedDuty.done_on).is_(None),
            col(EndedDuty.excused).is_(None),
        )
    ).all()


def ended_of(session: Session, entity_id: str, items: Iterable[str]) -> Sequence[EndedDuty]:
    """The windows of an entity's duties of some items that are over."""
    return session.scalars(
        select(EndedDuty).where(col(EndedDuty.entity_id) == entity_id, col(EndedDuty.item).in_(set(items)))
    ).all()


def visits_of(session: Session, entity_id: str) -> list[Visit]:
    """Every visit at an entity that is on file."""
    columns: Columns = (
        *(col(PastVisit.item), col(PastVisit.visited_on), col(PastVisit.kind)),
        *(col(PastVisit.agency), col(PastVisit.codes), col(PastVisit.level)),
    )
    rows = session.execute(select(*columns).where(col(PastVisit.entity_id) == entity_id))
    return [
        Visit(item=item, on=on, kind=kind, agency=agency, codes=tuple(codes), level=level and Level(level))
        for item, on, kind, agency, codes, level in rows
    ]


def ended_rows(
    connection: Connection,
    *,
    region: str,
    items: Collection[str] | None,
    item: str | None,
    first: date | None,
    last: date | None,
    outcome: str | None,
    limit: int,
    cursor: str | None,
    count: bool,
) -> Rows:
    """Windows in a region prefix, of some items, that are over, in order of their ends."""
    done, ends = col(EndedDuty.done_on), col(EndedDuty.window_to)
    query = (
        select(*_ENDED)
        .join(Entity, col(Entity.id) == col(EndedDuty.entity_id))
        .where(
            col(EndedDuty.region).startswith(region, autoescape=True), of_items(col(EndedDuty.item), items)
        )
    )
    conditions = {
        "met": done <= ends,
        "late": done > ends,
        "missed": and_(done.is_(None), col(EndedDuty.excused).is_(None)),
        "excused": and_(done.is_(None), col(EndedDuty.excused).is_not(None)),
    }
    if outcome is not None:
        query = query.where(conditions[outcome])
    if item is not None:
        query = query.where(col(EndedDuty.item) == item)
    if first is not None:
        query = query.where(ends >= first)
    if last is not None:
        query = query.where(ends <= last)
    by = [ends, col(EndedDuty.id)]
    return page(connection, query, by=by, limit=limit, cursor=cursor, count=count)


def alarms_in(session: Session, region: str) -> Sequence[DutyAlarm]:
    """Every alarm of a region that is not over."""
    return session.scalars(
        select(DutyAlarm).where(col(DutyAlarm.region) == region, col(DutyAlarm.cleared_at).is_(None))
    ).all()


def put_alarm(session: Session, record: Record) -> None:
    """Raise an alarm; one that was over begins again."""
    again = update(DutyAlarm).where(
        and_(
            col(DutyAlarm.registration_id) == record["registration_id"],
            col(DutyAlarm.item) == record["item"],
            col(DutyAlarm.due_on) == record["due_on"],
        )
    )
    changes = {name: record[name] for name in ("short", "tag", "level", "raised_at")}
    if not session.execute(again.values(**changes, cleared_at=None)).rowcount:  # type: ignore[attr-defined]  # a cursor result has it
        session.execute(insert(DutyAlarm), [record])


def put_region_alarm(session: Session, record: Record) -> None:
    """Raise the alarm about a whole region, or bring the one that stands up to date; one of a kind stands."""
    same = update(DutyAlarm).where(
        col(DutyAlarm.registration_id).is_(None),
        col(DutyAlarm.region) == record["region"],
        col(DutyAlarm.short) == record["short"],
        col(DutyAlarm.cleared_at).is_(None),
    )
    changes = {name: record[name] for name in ("due_on", "duties")}
    if not session.execute(same.values(**changes)).rowcount:  # type: ignore[attr-defined]  # a cursor result has it
        session.execute(insert(DutyAlarm), [record])


def alarm_rows(
    connection: Connection,
    *,
    region: str,
    items: Collection[str] | None,
    equal: Mapping[str, object],
    open_only: bool,
    limit: int,
    cursor: str | None,
    count: bool,
) -> Rows:
    """Alarms in a region prefix, the first that falls due first; those about a region are of every item."""
    query = (
        select(*_ALARM)
        .outerjoin(Entity, col(Entity.id) == col(DutyAlarm.entity_id))
        .where(
            col(DutyAlarm.region).startswith(region, autoescape=True),
            or_(of_items(col(DutyAlarm.item), items), col(DutyAlarm.registration_id).is_(None)),
        )
        .where(*(_alarm_fits(name, value) for name, value in equal.items()))
    )
    if open_only:
        query = query.where(col(DutyAlarm.cleared_at).is_(None))
    by = [col(DutyAlarm.due_on), col(DutyAlarm.id)]
    return page(connection, query, by=by, limit=limit, cursor=cursor, count=count)


def _alarm_fits(name: str, value: object) -> ColumnElement[bool]:
    column: Any = getattr(DutyAlarm, name)
    fits: ColumnElement[bool] = column == value
    return or_(fits, col(DutyAlarm.registration_id).is_(None)) if name == "item" else fits


def names(source: Source, entity_ids: Iterable[str]) -> dict[str, str]:
    """The names of entities by their ids."""
    rows = source.execute(select(col(Entity.id), col(Entity.name)).where(col(Entity.id).in_(set(entity_ids))))
    return {row.id: row.name for row in rows}


def cap_decisions(source: Source, *, item: str, region: str, year: int) -> Decisions:
    """What was decided last of each collision of an item in a region and year.

    A decision about a class holds in its region and everywhere in it; one about an entity holds for it.
    """
    prefix = region_prefix(region)
    covering = [prefix[:length] for length in range(len(prefix) + 1)]
    rows = source.execute(
        select(col(CapDecision.subject), col(CapDecision.yields))
        .where(
            col(CapDecision.item) == item,
            col(CapDecision.year) == year,
            or_(
                col(CapDecision.region).in_(covering),
                and_(
                    col(CapDecision.subject).startswith("entity:", autoescape=True),
                    col(CapDecision.region).startswith(prefix, autoescape=True),
                ),
            ),
        )
        .order_by(func.length(col(CapDecision.region)), col(CapDecision.id))
    )
    return {subject: Yields(yields) for subject, yields in rows}


def decisions_of(source: Source, *, item: str, region: str, year: int) -> Sequence[AnyRow]:
    """Every decision about collisions of an item within a region or above it in a year, in order."""
    prefix = region_prefix(region)
    covering = [prefix[:length] for length in range(len(prefix) + 1)]
    here = or_(
        col(CapDecision.region).in_(covering), col(CapDecision.region).startswith(prefix, autoescape=True)
    )
    return source.execute(
        select(*_DECISION)
        .where(here, col(CapDecision.item) == item, col(CapDecision.year) == year)
        .order_by(col(CapDecision.id))
    ).all()
