"""How a draft of a year's calendar ends: edited, thrown away, or approved by another person."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.calendar.asked import as_rate, rate_faults
from app.domain.calendar.checks import calendar_faults, low_rate, span_faults, year_rules
from app.domain.calendar.spans import Span
from app.domain.days import shanghai_day
from app.domain.errors import Malformed, NotAllowed, RuleBroken
from app.services.access import log
from app.services.context import Act
from app.services.planning import law
from app.services.planning.calendar import drawn_by_period
from app.services.planning.calendar_drafting import carry
from app.services.planning.calendar_publishing import publish
from app.services.planning.calendar_rows import (
    APPROVED,
    DRAFT,
    SUPERSEDED,
    TURN,
    calendar_for,
    draw_for,
    draws_beside,
    planned,
    rate_of,
    window_of,
)
from app.services.planning.duties_again import look_again
from app.store import draw_calendar as store
from app.store.queues import wait_turn
from app.store.tables.draw_calendar import CalendarDraw, DrawCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a draw of a draft becomes; no rate: as it was."""

    visit_from: date
    visit_to: date
    rate: Sequence[int] | None


def change(act: Act, draw_id: str, asked: Change) -> CalendarDraw:
    """Move a draw of a draft inside its window, or draw at another rate.

    Raises:
        Malformed: no rate at all.
        Missing: no such draw in the caller's region.
        RuleBroken: its calendar is no draft, it was held already, or the days or the rate break a rule.
    """
    wait_turn(act.session, TURN)
    row = draw_for(act, draw_id)
    if row.calendar_id is None:
        raise RuleBroken("wrong-state", state=APPROVED, wanted=DRAFT)
    calendar = draft_for(act, row.calendar_id)
    if drawn_by_period(act.session, item=row.item, region=row.region, periods=[row.period]):
        raise RuleBroken("calendar-draw-held", period=row.period)
    if asked.rate is not None and (bad := tuple(rate_faults(asked.rate))):
        raise Malformed("malformed", *bad)
    rhythm = law.policy_by_digest(act.session, calendar.policy).policy.rhythms.regular_of(row.item)
    rate = rate_of(row) if asked.rate is None else as_rate(asked.rate)
    visits = Span(first=asked.visit_from, last=asked.visit_to)
    faults = (
        *span_faults(visits, window=window_of(row), today=shanghai_day(act.now)),
        *low_rate(rate, rhythm, at="/rate"),
    )
    if faults:
        raise RuleBroken("calendar-rules", *faults, count=len(faults))
    alarm_days = row.visit_from - row.alarm_on
    row.visit_from, row.visit_to, row.alarm_on = visits.first, visits.last, visits.first - alarm_days
    row.rate_p, row.rate_q = rate or (None, None)
    calendar.edited_by, calendar.edited_at = act.caller.id, act.now
    log(act, what="draw-calendars.edit", region=row.region, subject=calendar.id, period=row.period)
    return row


def approve(act: Act, calendar_id: str) -> DrawCalendar:
    """Approve 批准 a draft: from now on plans keep to it, and the public may see its months and rates.

    Raises:
        Missing: no such calendar in the caller's region.
        NotAllowed: the caller drafted it or edited it last.
        RuleBroken: it is no draft, or a window lacks draws; the fields name each.
    """
    wait_turn(act.session, TURN)
    calendar = draft_for(act, calendar_id)
    if act.caller.id in {calendar.drafted_by, calendar.edited_by}:
        raise NotAllowed("own-request")
    today, place = shanghai_day(act.now), (calendar.item, calendar.region, calendar.year)
    item, region, year = place
    approved = store.calendar_in(act.session, item=item, region=region, year=year, state=APPROVED)
    begun = set() if approved is None else carry(act, calendar, approved, today=today)
    _refuse_gaps(act, calendar, begun, today=today)
    if approved is not None:
        approved.state = SUPERSEDED
        for row in store.draws_for_change(act.session, approved.id):
            row.in_force = False
        act.session.flush()
    for row in store.draws_for_change(act.session, calendar.id):
        row.in_force = True
    calendar.state, calendar.approved_by, calendar.approved_at = APPROVED, act.caller.id, act.now
    act.session.flush()
    publish(act, item=item, region=region, year=year)
    look_again(act, region)
    log(act, what="draw-calendars.approve", region=region, subject=calendar.id, version=calendar.version)
    return calendar


def draft_for(act: Act, calendar_id: str) -> DrawCalendar:
    """The calendar, locked, while it is a draft.

    Raises:
        Missing: there is none, or it lies outside the caller's region.
        RuleBroken: it is approved or superseded.
    """
    calendar = calendar_for(act, calendar_id)
    if calendar.state != DRAFT:
        raise RuleBroken("wrong-state", state=calendar.state, wanted=DRAFT)
    return calendar


def _refuse_gaps(act: Act, calendar: DrawCalendar, begun: Collection[str], *, today: date) -> None:
    rows = store.draws_for_change(act.session, calendar.id)
    drawn = drawn_by_period(
        act.session, item=calendar.item, region=calendar.region, periods=[row.period for row in rows]
    )
    rules = year_rules(
        law.policy_by_digest(act.session, calendar.policy).policy,
        item=calendar.item,
        regimes=law.item(calendar.item, today).regimes,
        year=calendar.year,
        since=calendar.starts_on,
    )
    beside = draws_beside(act.session, calendar)
    faults = calendar_faults(
        [planned(row) for row in rows], rules, today=today, settled={*begun, *drawn}, beside=beside
    )
    if faults:
        raise RuleBroken("calendar-rules", *faults, count=len(faults))


def discard(act: Act, calendar_id: str) -> None:
    """Throw a draft away; an approved calendar stays.

    Raises:
        Missing: no such calendar in the caller's region.
        RuleBroken: it is no draft.
    """
    wait_turn(act.session, TURN)
    calendar = draft_for(act, calendar_id)
    store.discard(act.session, calendar)
    log(act, what="draw-calendars.discard", region=calendar.region, subject=calendar.id)
