"""What the registers said of one premises at the end of a past day, read back through their history."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, or_, select
from sqlmodel import col

from app.domain.as_it_stood import Recorded, registration_on, taken_back
from app.domain.days import SHANGHAI, shanghai_day
from app.domain.facts import OpenVisit, Premises, Registration, RiskEvent, Visit
from app.domain.fieldwork.visit import OPEN
from app.domain.regions import Level
from app.domain.registers import ENTITIES, RISK_EVENTS, VISITS
from app.store import premises
from app.store.premises_rows import Columns
from app.store.registers.shelves import ENTITY_FIELDS
from app.store.tables.duties import RegistrarCase
from app.store.tables.fieldrecords import VisitRecordVersion
from app.store.tables.fieldwork import Visit as VisitRow
from app.store.tables.registers import Entity, PastVisit, RegisterChange
from app.store.tables.registers import Registration as RegistrationRow
from app.store.tables.registers import RiskEvent as RiskEventRow
from app.store.tables.sources import JoinedEntity

_CREATED: Final = "created"
_DROPPED: Final = "dropped"
_HANDED_IN: Final = ("submitted", "correction")
_DAYS: Final = ("on", "registered_on", "remedied_on", "until")
"""Fields that the history keeps as text."""


@dataclass(frozen=True, slots=True)
class _History:
    """Every change after the day, the newest first, by register; `own` are not those of joined entities."""

    changes: Mapping[str, list[Recorded]]
    own: list[Recorded]

    def of(self, register: str) -> list[Recorded]:
        return self.changes.get(register, [])


def premises_on(
    connection: Connection,
    *,
    entity_id: str,
    regimes: Collection[str],
    visits_since: date,
    on: date,
    disclosed_by: datetime,
) -> Premises | None:
    """Give one premises as it stood at the end of a day; None where no registration was known then.

    Args:
        connection: where to read.
        entity_id: id of its row.
        regimes: regimes of the registrations to load.
        visits_since: earlier visits stay unread.
        on: the day, not after today.
        disclosed_by: drawn visits whose teams did not know of them by then are as if they were not there.
    """
    found = premises.premises_of(connection, entity_id=entity_id, regimes=regimes, visits_since=visits_since)
    if found is None:
        return None
    history = _history(connection, entity_id, _end_of(on))
    rows = _registrations(connection, entity_id, history)
    standing = tuple(_standing(connection, found, entity_id, rows, on))
    if not standing:
        return None
    place = _place(connection, entity_id, history)
    return found._replace(
        region=place["region"],
        station=place["station"],
        key_area=place["key_area"],
        registrations=standing,
        events=tuple(_events(connection, entity_id, history)),
        visits=tuple(_visits(connection, entity_id, history, since=visits_since, on=on)),
        open_visits=tuple(_open_visits(connection, entity_id, on, disclosed_by=disclosed_by)),
    )


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, SHANGHAI)


def _history(connection: Connection, entity_id: str, after: datetime) -> _History:
    """Read the changes; what belonged to an entity that went into this one has its history there."""
    subject = col(RegisterChange.subject_id)
    query = select(
        *(col(RegisterChange.register_name), col(RegisterChange.record_id), subject),
        *(col(RegisterChange.act), col(RegisterChange.before)),
    ).where(_with_joined(subject, entity_id), col(RegisterChange.at) >= after)
    changes: dict[str, list[Recorded]] = {}
    own: list[Recorded] = []
    rows = connection.execute(query.order_by(col(RegisterChange.id).desc()))
    for register, record_id, whose, act, before in rows:
        change = Recorded(record_id=record_id, created=act == _CREATED, before=_typed(before or {}))
        changes.setdefault(register, []).append(change)
        if register == ENTITIES.name and whose == entity_id and not change.created:
            own.append(change)
    return _History(changes, own)


def _with_joined(column: Any, entity_id: str) -> ColumnElement[bool]:  # noqa: ANN401 - a column of ids
    """This entity, or one that went into it."""
    joined = select(col(JoinedEntity.entity_id)).where(col(JoinedEntity.into_id) == entity_id)
    return or_(column == entity_id, column.in_(joined))


def _typed(before: Mapping[str, Any]) -> dict[str, Any]:
    """Fields as columns have them: days that JSON keeps as text are days again."""
    return {
        name: date.fromisoformat(value) if name in _DAYS and value is not None else value
        for name, value in before.items()
    }


def _place(connection: Connection, entity_id: str, history: _History) -> Mapping[str, Any]:
    """Region, station and key area; the history writes them beside those of any registration."""
    columns = (col(Entity.region), col(Entity.station), col(Entity.key_area))
    row = connection.execute(select(*columns).where(col(Entity.id) == entity_id)).one()
    of_it = (
        Recorded(
            record_id=entity_id,
            created=False,
            before={name: value for name, value in change.before.items() if name in ENTITY_FIELDS},
        )
        for change in history.own
    )
    return taken_back({entity_id: dict(row._mapping)}, of_it)[entity_id]  # noqa: SLF001 - SQLAlchemy's public name for it


def _registrations(connection: Connection, entity_id: str, history: _History) -> dict[str, dict[str, Any]]:
    """What a registration's changes do not say, by regime: when it was registered, whether it was seen."""
    columns: Columns = (
        *(col(RegistrationRow.id), col(RegistrationRow.regime)),
        *(col(RegistrationRow.registered_on), col(RegistrationRow.not_seen_since)),
    )
    rows = connection.execute(select(*columns).where(col(RegistrationRow.entity_id) == entity_id))
    records = {row.id: dict(row._mapping) for row in rows}  # noqa: SLF001 - as above
    return {one["regime"]: one for one in taken_back(records, history.of(ENTITIES.name)).values()}


def _standing(
    connection: Connection, found: Premises, entity_id: str, rows: Mapping[str, Mapping[str, Any]], on: date
) -> Iterator[Registration]:
    cases = _cases(connection, entity_id, on)
    for one in found.registrations:
        then = registration_on(one, on) if one.regime in rows else None
        if then is not None:
            row = rows[one.regime]
            code, since = cases.get(row["id"], (None, None))
            yield replace(
                then,
                registered_on=row["registered_on"],
                not_seen=row["not_seen_since"] is not None,
                out_of_duty=code,
                out_since=since,
            )


def _cases(connection: Connection, entity_id: str, on: date) -> dict[str, tuple[str, date]]:
    """Result codes that had ended duties by the day and about which nobody had decided, by registration."""
    columns: Columns = (
        *(col(RegistrarCase.registration_id), col(RegistrarCase.code)),
        *(col(RegistrarCase.opened_on), col(RegistrarCase.decided_at)),
    )
    query = select(*columns).where(
        col(RegistrarCase.entity_id) == entity_id,
        col(RegistrarCase.ends_duty),
        col(RegistrarCase.opened_on) <= on,
        col(RegistrarCase.state) != _DROPPED,
        or_(col(RegistrarCase.decided_at).is_(None), col(RegistrarCase.decided_at) >= _end_of(on)),
    )
    rows = connection.execute(query.order_by(col(RegistrarCase.opened_on).desc()))
    return {row.registration_id: (row.code, row.opened_on) for row in rows}


def _events(connection: Connection, entity_id: str, history: _History) -> Iterator[RiskEvent]:
    columns: Columns = (
        *(col(RiskEventRow.id), col(RiskEventRow.kind), col(RiskEventRow.happened_on).label("on")),
        *(col(RiskEventRow.regime), col(RiskEventRow.substantiated), col(RiskEventRow.remedied_on)),
        *(col(RiskEventRow.until), col(RiskEventRow.source_no), col(RiskEventRow.withdrawn_at)),
    )
    rows = connection.execute(select(*columns).where(col(RiskEventRow.entity_id) == entity_id))
    records = {row.id: dict(row._mapping) for row in rows}  # noqa: SLF001 - as above
    for record in taken_back(records, history.of(RISK_EVENTS.name)).values():
        if record["withdrawn_at"] is None:
            names = ("kind", "on", "regime", "substantiated", "remedied_on", "until", "source_no")
            yield RiskEvent(**{name: record[name] for name in names})


def _visits(
    connection: Connection, entity_id: str, history: _History, *, since: date, on: date
) -> Iterator[Visit]:
    """Visits that were over and recorded by the day, with the result codes that stood then."""
    columns: Columns = (
        *(col(PastVisit.id), col(PastVisit.item), col(PastVisit.visited_on), col(PastVisit.kind)),
        *(col(PastVisit.agency), col(PastVisit.codes), col(PastVisit.level)),
    )
    rows = connection.execute(
        select(*columns).where(
            col(PastVisit.entity_id) == entity_id,
            col(PastVisit.visited_on) >= since,
            col(PastVisit.visited_on) <= on,
        )
    )
    records = {row.id: dict(row._mapping) for row in rows}  # noqa: SLF001 - as above
    handed_in = _handed_in(connection, entity_id, on)
    for record in taken_back(records, history.of(VISITS.name)).values():
        key = record["item"], record["visited_on"], record["kind"], record["agency"]
        codes = handed_in.get(key, record["codes"])
        if codes is not None:
            yield Visit(
                item=record["item"],
                on=record["visited_on"],
                kind=record["kind"],
                agency=record["agency"],
                codes=tuple(codes),
                level=record["level"] and Level(record["level"]),
            )


def _handed_in(
    connection: Connection, entity_id: str, on: date
) -> dict[tuple[str, date, str, str], list[str] | None]:
    """Result codes by the day of visits of this service that were submitted; None: not yet by that day."""
    columns: Columns = (
        *(col(VisitRow.items), col(VisitRow.ended_on), col(VisitRow.kind), col(VisitRow.agency)),
        *(col(VisitRecordVersion.saved_at), col(VisitRecordVersion.body)),
    )
    query = (
        select(*columns)
        .join(VisitRecordVersion, col(VisitRecordVersion.visit_id) == col(VisitRow.id))
        .where(
            _with_joined(col(VisitRow.entity_id), entity_id),
            col(VisitRow.ended_on).is_not(None),
            col(VisitRecordVersion.kind).in_(_HANDED_IN),
        )
        .order_by(col(VisitRecordVersion.saved_at), col(VisitRecordVersion.n))
    )
    found: dict[tuple[str, date, str, str], list[str] | None] = {}
    for row in connection.execute(query):
        known = shanghai_day(row.saved_at) <= on
        for item in row.items:
            key = item, row.ended_on, row.kind, row.agency
            found[key] = row.body["codes"] if known else found.get(key)
    return found


def _open_visits(
    connection: Connection, entity_id: str, on: date, *, disclosed_by: datetime
) -> Iterator[OpenVisit]:
    """Drawn visits that were opened and disclosed by the day and not over."""
    columns = (
        *(col(VisitRow.items), col(VisitRow.agency), col(VisitRow.visit_to)),
        *(col(VisitRow.checked_in_at), col(VisitRow.level)),
    )
    query = select(*columns).where(
        col(VisitRow.entity_id) == entity_id,
        col(VisitRow.draw_id).is_not(None),
        col(VisitRow.opened_at) < _end_of(on),
        col(VisitRow.disclose_at) <= min(disclosed_by, _end_of(on)),
        or_(
            col(VisitRow.state).in_(OPEN),
            col(VisitRow.submitted_at) >= _end_of(on),
            col(VisitRow.submitted_at).is_(None) & (col(VisitRow.ended_on) > on),
        ),
    )
    for row in connection.execute(query):
        been_there = row.checked_in_at is not None and row.checked_in_at < _end_of(on)
        yield OpenVisit(
            items=tuple(row.items),
            agency=row.agency,
            visit_to=row.visit_to,
            under_way=been_there,
            level=row.level and Level(row.level),
        )
