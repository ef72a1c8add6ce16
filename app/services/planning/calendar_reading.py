"""Calendars as the bureau reads them: days, states, and what is proposed where a draw was voided."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.domain.days import shanghai_day
from app.domain.errors import Missing
from app.domain.findings import Finding
from app.services.context import Act, Look
from app.services.planning.calendar_outdated import outdated
from app.services.planning.calendar_rows import Row, draw_for, seen_region, sees
from app.services.planning.calendar_standing import Stands, stands
from app.store import adhoc_draws
from app.store import draw_calendar as store
from app.store.draw_calendar import CalendarFilter, Source
from app.store.paging import Rows
from app.store.tables.draw_calendar import CalendarDraw, DrawCalendar


@dataclass(frozen=True, slots=True)
class DrawStanding:
    """A draw of a calendar, and how it stands with it."""

    row: Row
    stands: Stands


@dataclass(frozen=True, slots=True)
class CalendarFound:
    """A calendar with its draws, the approved ad-hoc ones of its year among them, and what it lacks now."""

    row: Row
    draws: Sequence[DrawStanding]
    outdated: Sequence[Finding]


@dataclass(frozen=True, slots=True)
class CalendarsFound:
    """A page of calendars."""

    rows: Sequence[CalendarFound]
    next_cursor: str | None
    count: int | None


def calendars(
    look: Look, where: CalendarFilter, *, limit: int, cursor: str | None, count: bool
) -> CalendarsFound:
    """Calendars within the caller's region, newest first.

    Raises:
        Missing: they are narrowed to a region outside the caller's.
    """
    found = store.calendar_rows(
        look.connection, _whole(look, where), sees=seen_region(look), limit=limit, cursor=cursor, count=count
    )
    return CalendarsFound(
        [with_draws(look.connection, row, on=shanghai_day(look.now)) for row in found.rows],
        found.next_cursor,
        found.count,
    )


def calendar(look: Look, calendar_id: str) -> CalendarFound:
    """One calendar with its draws.

    Raises:
        Missing: there is none, or it lies outside the caller's region.
    """
    row = store.calendar_row(look.connection, calendar_id)
    if row is None or not sees(look, row.region):
        raise Missing("not-found")
    return with_draws(look.connection, row, on=shanghai_day(look.now))


def with_draws(source: Source, row: Row, *, on: date) -> CalendarFound:
    """A calendar, or its row, with its draws and how it stands with them.

    Args:
        source: where to read.
        row: the calendar.
        on: the day.
    """
    own = store.draw_rows(source, [row.id])
    adhoc = store.adhoc_in_force(source, item=row.item, region=row.region, year=row.year)
    rows = sorted((*own, *adhoc), key=lambda one: (one.visit_from, one.visit_to, one.period))
    how = stands(source, rows, on=on)
    lacking = outdated(source, row, own, on=on)
    return CalendarFound(row, [DrawStanding(one, how[one.id]) for one in rows], lacking)


def draw(look: Look, draw_id: str) -> DrawStanding:
    """One draw of a calendar.

    Raises:
        Missing: there is none, or it lies outside the caller's region.
    """
    row = store.draw_row(look.connection, draw_id)
    if row is None or not sees(look, row.region):
        raise Missing("not-found")
    return standing_draw(look.connection, row, on=shanghai_day(look.now))


def draw_of(act: Act, draw_id: str) -> DrawStanding:
    """One draw of a calendar, locked until the act ends.

    Raises:
        Missing: as `draw`.
    """
    return as_changed(act, draw_for(act, draw_id))


def as_drafted(act: Act, calendar: DrawCalendar) -> CalendarFound:
    """A calendar as the act leaves it."""
    act.session.flush()
    return with_draws(act.session, calendar, on=shanghai_day(act.now))


def as_changed(act: Act, row: CalendarDraw) -> DrawStanding:
    """A draw of a calendar as the act leaves it."""
    act.session.flush()
    return standing_draw(act.session, row, on=shanghai_day(act.now))


def standing_draw(source: Source, row: Row, *, on: date) -> DrawStanding:
    """A draw of a calendar, or its row, and how it stands with it."""
    return DrawStanding(row, stands(source, [row], on=on)[row.id])


def adhoc(look: Look, adhoc_id: str) -> Row:
    """One ad-hoc draw.

    Raises:
        Missing: there is none, or it lies outside the caller's region.
    """
    row = adhoc_draws.row(look.connection, adhoc_id)
    if row is None or not sees(look, row.region):
        raise Missing("not-found")
    return row


def adhoc_list(look: Look, where: CalendarFilter, *, limit: int, cursor: str | None, count: bool) -> Rows:
    """Ad-hoc draws within the caller's region, newest first, whatever was decided.

    Raises:
        Missing: they are narrowed to a region outside the caller's.
    """
    return adhoc_draws.rows(
        look.connection, _whole(look, where), sees=seen_region(look), limit=limit, cursor=cursor, count=count
    )


def _whole(look: Look, where: CalendarFilter) -> CalendarFilter:
    """The filter with its region as a prefix."""
    return where if where.region is None else replace(where, region=look.caller.within(where.region))
