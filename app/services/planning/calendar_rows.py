"""Draws of the calendar between the database and the rules, and who may see them."""

from typing import Any

from app.domain.calendar.draws import PlannedDraw
from app.domain.calendar.spans import Span
from app.domain.errors import Missing
from app.domain.policies.rhythms import Rate
from app.domain.regions import region_prefix
from app.services.agencies import own_items
from app.services.context import Act, Look
from app.store import draw_calendar as store
from app.store.tables.draw_calendar import CalendarDraw, DrawCalendar

TURN = "draw-calendar"
"""Changes of calendars go one after another."""
DRAFT = "draft"
APPROVED = "approved"
SUPERSEDED = "superseded"

Row = Any
"""A row of a draw, or the stored draw: they have the same names."""


def seen_region(context: Act | Look) -> str:
    """The prefix of the regions that the caller sees."""
    return region_prefix(context.caller.region)


def sees(context: Act | Look, prefix: str) -> bool:
    """Whether the caller sees a region, given as its prefix."""
    return prefix.startswith(seen_region(context))


def decides(act: Act, row: Row) -> bool:
    """Whether a calendar, or a draw in or besides one, is the caller's: of its region and agency."""
    own = own_items(act)
    return sees(act, row.region) and (own is None or row.item in own)


def calendar_for(act: Act, calendar_id: str) -> DrawCalendar:
    """The calendar, locked until the act ends.

    Raises:
        Missing: there is none, it lies outside the caller's region, or it is another agency's.
    """
    found = store.calendar_for_change(act.session, calendar_id)
    if found is None or not decides(act, found):
        raise Missing("not-found")
    return found


def draw_for(act: Act, draw_id: str) -> CalendarDraw:
    """The draw of a calendar, locked until the act ends.

    Raises:
        Missing: as `calendar_for`.
    """
    found = store.draw_for_change(act.session, draw_id)
    if found is None or not decides(act, found):
        raise Missing("not-found")
    return found


def rate_of(row: Row) -> Rate | None:
    """The rate at which it draws."""
    return None if row.rate_p is None or row.rate_q is None else (row.rate_p, row.rate_q)


def visits_of(row: Row) -> Span:
    """The days of its visits."""
    return Span(first=row.visit_from, last=row.visit_to)


def window_of(row: Row) -> Span:
    """The days within which its visits may be moved."""
    return Span(first=row.window_from, last=row.window_to)


def planned(row: Row) -> PlannedDraw:
    """The draw as the rules take it."""
    return PlannedDraw(
        item=row.item,
        period=row.period,
        kind=row.kind,
        visit_from=row.visit_from,
        visit_to=row.visit_to,
        rate=rate_of(row),
        basis=row.basis,
        window=window_of(row),
        alarm_days=(row.visit_from - row.alarm_on).days,
        holiday=row.holiday,
    )


def draws_beside(source: store.Source, row: Row) -> list[PlannedDraw]:
    """The draws in force of the years before and after a calendar's: visits may lie in the same windows."""
    return [
        planned(one)
        for year in (row.year - 1, row.year + 1)
        for one in store.year_in_force(source, item=row.item, region=row.region, year=year)
    ]


def columns(draw: PlannedDraw) -> dict[str, Any]:
    """The columns that keep a planned draw."""
    p, q = draw.rate or (None, None)
    return {
        "item": draw.item,
        "period": draw.period,
        "kind": draw.kind,
        "visit_from": draw.visit_from,
        "visit_to": draw.visit_to,
        "window_from": draw.window.first,
        "window_to": draw.window.last,
        "rate_p": p,
        "rate_q": q,
        "basis": draw.basis,
        "holiday": draw.holiday,
        "alarm_on": draw.alarm_on,
    }
