"""The calendar of draws in the database."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, delete, func, select
from sqlmodel import Session, col

from app.store.paging import AnyRow, Rows, page
from app.store.tables.draw_calendar import AdhocDraw, CalendarDraw, DrawCalendar
from app.store.tables.drawing import Draw
from app.store.tables.planning import DrawPlan

_CALENDAR = tuple(DrawCalendar.__table__.columns)  # type: ignore[attr-defined]  # SQLModel adds it to table classes
_DRAW = tuple(CalendarDraw.__table__.columns)  # type: ignore[attr-defined]  # as above
_BY_VISITS = (col(CalendarDraw.visit_from), col(CalendarDraw.visit_to), col(CalendarDraw.period))

Source = Session | Connection


def approved_years(source: Source, *, item: str, region: str) -> set[int]:
    """The years of which an item has an approved calendar in a region, given as its prefix."""
    ours = (col(DrawCalendar.item) == item, col(DrawCalendar.region) == region)
    rows = source.execute(select(col(DrawCalendar.year)).where(*ours, col(DrawCalendar.state) == "approved"))
    return {row.year for row in rows}


def in_force(source: Source, *, item: str, region: str, visits_since: date) -> Sequence[AnyRow]:
    """Period, kind, visits and `replaced_at` of an item's draws in force, visits until a day or later."""
    ours = (col(CalendarDraw.item) == item, col(CalendarDraw.region) == region)
    return source.execute(
        select(
            col(CalendarDraw.period),
            col(CalendarDraw.kind),
            col(CalendarDraw.visit_from),
            col(CalendarDraw.visit_to),
            col(CalendarDraw.replaced_at),
        ).where(*ours, col(CalendarDraw.in_force), col(CalendarDraw.visit_to) >= visits_since)
    ).all()


def draws_of(source: Source, *, items: Collection[str], periods: Collection[str]) -> Sequence[AnyRow]:
    """`id`, `item`, `period`, `state`, `voided_at` of the draws of these periods, the oldest first.

    Args:
        source: where to read.
        items: DR1 items, `<region>:<code>`.
        periods: canonical periods.
    """
    return source.execute(
        select(
            col(Draw.id),
            col(Draw.item),
            col(Draw.period),
            col(Draw.state),
            col(Draw.voided_at),
        )
        .where(col(Draw.item).in_(items), col(Draw.period).in_(periods))
        .order_by(col(Draw.committed_at), col(Draw.id))
    ).all()


def approved_plans(
    source: Source, *, item: str, regions: Collection[str], visits_since: date
) -> Sequence[AnyRow]:
    """`period`, `visit_from`, `visit_to`, `scope` of approved plans whose draws are not committed yet."""
    return source.execute(
        select(
            col(DrawPlan.period), col(DrawPlan.visit_from), col(DrawPlan.visit_to), col(DrawPlan.scope)
        ).where(
            col(DrawPlan.item) == item,
            col(DrawPlan.region).in_(regions),
            col(DrawPlan.state) == "approved",
            col(DrawPlan.visit_to) >= visits_since,
        )
    ).all()


def add(session: Session, row: DrawCalendar | CalendarDraw) -> None:
    """Keep a new row."""
    session.add(row)
    session.flush()


def calendar_in(session: Session, *, item: str, region: str, year: int, state: str) -> DrawCalendar | None:
    """The one calendar of an item, region and year in a state of which there is one at most, locked."""
    return session.scalars(
        select(DrawCalendar)
        .where(
            col(DrawCalendar.item) == item,
            col(DrawCalendar.region) == region,
            col(DrawCalendar.year) == year,
            col(DrawCalendar.state) == state,
        )
        .with_for_update()
    ).one_or_none()


def calendar_for_change(session: Session, calendar_id: str) -> DrawCalendar | None:
    """A calendar, locked until the transaction ends."""
    return session.scalars(
        select(DrawCalendar).where(col(DrawCalendar.id) == calendar_id).with_for_update()
    ).one_or_none()


def last_version(session: Session, *, item: str, region: str, year: int) -> int:
    """The greatest version of a year's calendar; 0 without any."""
    ours = (
        col(DrawCalendar.item) == item,
        col(DrawCalendar.region) == region,
        col(DrawCalendar.year) == year,
    )
    return session.scalar(select(func.max(col(DrawCalendar.version))).where(*ours)) or 0


def draws_for_change(session: Session, calendar_id: str) -> Sequence[CalendarDraw]:
    """A calendar's draws in order of their visits, locked until the transaction ends."""
    return session.scalars(
        select(CalendarDraw)
        .where(col(CalendarDraw.calendar_id) == calendar_id)
        .order_by(*_BY_VISITS)
        .with_for_update()
    ).all()


def draw_for_change(session: Session, draw_id: str) -> CalendarDraw | None:
    """A draw of a calendar, locked until the transaction ends."""
    return session.scalars(
        select(CalendarDraw).where(col(CalendarDraw.id) == draw_id).with_for_update()
    ).one_or_none()


def draw_in_force(source: Source, *, item: str, region: str, period: str) -> AnyRow | None:
    """The draw in force of an item, region and period."""
    ours = (col(CalendarDraw.item) == item, col(CalendarDraw.region) == region)
    return source.execute(
        select(*_DRAW).where(*ours, col(CalendarDraw.period) == period, col(CalendarDraw.in_force))
    ).one_or_none()


def discard(session: Session, calendar: DrawCalendar) -> None:
    """Forget a draft with its draws."""
    session.execute(delete(CalendarDraw).where(col(CalendarDraw.calendar_id) == calendar.id))
    session.execute(delete(DrawCalendar).where(col(DrawCalendar.id) == calendar.id))


def calendar_row(source: Source, calendar_id: str) -> AnyRow | None:
    """A calendar, to read."""
    return source.execute(select(*_CALENDAR).where(col(DrawCalendar.id) == calendar_id)).one_or_none()


@dataclass(frozen=True, slots=True)
class CalendarFilter:
    """What lists of calendars are narrowed to; None narrows nothing."""

    item: str | None = None
    region: str | None = None
    year: int | None = None
    state: str | None = None

    def of(self, table: type[DrawCalendar | AdhocDraw], *, sees: str) -> list[ColumnElement[bool]]:
        """The conditions on a table's rows within a region prefix."""
        wanted = ((table.item, self.item), (table.year, self.year), (table.state, self.state))
        prefixes = (sees,) if self.region is None else (sees, self.region)
        return [
            *(col(table.region).startswith(prefix, autoescape=True) for prefix in prefixes),
            *(col(column) == value for column, value in wanted if value is not None),
        ]


def calendar_rows(
    connection: Connection, where: CalendarFilter, *, sees: str, limit: int, cursor: str | None, count: bool
) -> Rows:
    """Calendars within a region prefix, newest first."""
    query = select(*_CALENDAR).where(*where.of(DrawCalendar, sees=sees))
    by = [col(DrawCalendar.id)]
    return page(connection, query, by=by, limit=limit, cursor=cursor, descending=True, count=count)


def draw_rows(source: Source, calendar_ids: Collection[str]) -> Sequence[AnyRow]:
    """The draws of some calendars, in order of their visits."""
    return source.execute(
        select(*_DRAW).where(col(CalendarDraw.calendar_id).in_(calendar_ids)).order_by(*_BY_VISITS)
    ).all()


def year_in_force(source: Source, *, item: str, region: str, year: int) -> Sequence[AnyRow]:
    """Every draw in force of an item, region and year, ad-hoc ones included, in order of their visits."""
    ours = (
        col(CalendarDraw.item) == item,
        col(CalendarDraw.region) == region,
        col(CalendarDraw.year) == year,
    )
    return source.execute(select(*_DRAW).where(*ours, col(CalendarDraw.in_force)).order_by(*_BY_VISITS)).all()


def adhoc_in_force(source: Source, *, item: str, region: str, year: int) -> Sequence[AnyRow]:
    """The approved ad-hoc draws of an item, region and year, in order of their visits."""
    ours = (
        col(CalendarDraw.item) == item,
        col(CalendarDraw.region) == region,
        col(CalendarDraw.year) == year,
    )
    return source.execute(
        select(*_DRAW)
        .where(*ours, col(CalendarDraw.in_force), col(CalendarDraw.calendar_id).is_(None))
        .order_by(*_BY_VISITS)
    ).all()


def draw_row(source: Source, draw_id: str) -> AnyRow | None:
    """A draw of a calendar, to read."""
    return source.execute(select(*_DRAW).where(col(CalendarDraw.id) == draw_id)).one_or_none()


def waiting_plans(
    source: Source, *, item: str, regions: Collection[str], periods: Collection[str]
) -> Sequence[AnyRow]:
    """`id`, `period`, `state` of the plans of these periods that are not committed, the oldest first."""
    return source.execute(
        select(col(DrawPlan.id), col(DrawPlan.period), col(DrawPlan.state))
        .where(
            col(DrawPlan.item) == item,
            col(DrawPlan.region).in_(regions),
            col(DrawPlan.period).in_(periods),
            col(DrawPlan.state) != "committed",
        )
        .order_by(col(DrawPlan.id))
    ).all()


def standing_visits(source: Source, *, items: Collection[str], periods: Collection[str]) -> Sequence[AnyRow]:
    """`period`, `visit_from`, `visit_to` of the draws of these periods that stand, as planned."""
    return source.execute(
        select(col(Draw.period), col(DrawPlan.visit_from), col(DrawPlan.visit_to))
        .join(DrawPlan, col(DrawPlan.id) == col(Draw.draw_plan_id))
        .where(col(Draw.item).in_(items), col(Draw.period).in_(periods), col(Draw.state) != "voided")
    ).all()


def clock_due(connection: Connection, *, today: date, limit: int, after: str) -> Sequence[str]:
    """Ids of draws in force, after one in byte order, for which the clock may have something to do."""
    return connection.scalars(
        select(col(CalendarDraw.id))
        .where(
            col(CalendarDraw.in_force),
            col(CalendarDraw.settled).is_(False),
            col(CalendarDraw.alarm_on) <= today,
            col(CalendarDraw.id) > after,
        )
        .order_by(col(CalendarDraw.id))
        .limit(limit)
    ).all()


def periods_drawn(source: Source, *, items: Collection[str], like: str) -> set[str]:
    """The periods that begin so and of which there ever was a draw."""
    return set(
        source.scalars(
            select(col(Draw.period)).where(
                col(Draw.item).in_(items), col(Draw.period).startswith(like, autoescape=True)
            )
        )
    )
