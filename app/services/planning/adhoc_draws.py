"""Ad-hoc draws 临时抽查: asked for with a reason, decided by another person, counted publicly."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.calendar.adhoc import (
    AdhocReason,
    adhoc_faults,
    adhoc_period,
    base_period,
    longest_visits,
)
from app.domain.calendar.asked import as_rate, rate_faults
from app.domain.calendar.checks import low_rate
from app.domain.calendar.draws import ADHOC, PlannedDraw
from app.domain.calendar.spans import Span
from app.domain.days import shanghai_day
from app.domain.errors import Malformed, Missing, NotAllowed, RuleBroken
from app.services.access import log
from app.services.context import Act
from app.services.planning import law
from app.services.planning.calendar import dr1_items
from app.services.planning.calendar_drafting import placed
from app.services.planning.calendar_publishing import publish
from app.services.planning.calendar_rows import APPROVED, TURN, columns, decides
from app.services.planning.duties_again import look_again
from app.store import adhoc_draws as store
from app.store import draw_calendar
from app.store.queues import wait_turn
from app.store.tables.draw_calendar import AdhocDraw, CalendarDraw

REQUESTED = "requested"
REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An ad-hoc draw as asked for; `reason` says in words what the code says in short."""

    item: str
    region: str
    visit_from: date
    visit_to: date
    rate: Sequence[int]
    reason_code: AdhocReason
    reason: str


def request(act: Act, asked: Asked) -> AdhocDraw:
    """Ask for a draw that no calendar foresees.

    Raises:
        Malformed: no such region, item or rate.
        Missing: the region lies outside the caller's.
        RuleBroken: the days lie in the past, end before they begin, leave their year, are next year's next or
            more than any draw of the policy has, or the rate is below the policy's least.
    """
    prefix, today = placed(act, item=asked.item, region=asked.region)
    if bad := tuple(rate_faults(asked.rate)):
        raise Malformed("malformed", *bad)
    visits = Span(first=asked.visit_from, last=asked.visit_to)
    rhythms = law.policy_for(act.session, prefix, today).policy.rhythms
    rhythm, (p, q) = rhythms.regular_of(asked.item), as_rate(asked.rate)
    if faults := (
        *adhoc_faults(visits, today=today, longest=longest_visits(rhythms)),
        *low_rate((p, q), rhythm, at="/rate"),
    ):
        raise RuleBroken("calendar-rules", *faults, count=len(faults))
    adhoc = AdhocDraw(
        id=act.new_id(),
        state=REQUESTED,
        item=asked.item,
        region=prefix,
        year=asked.visit_from.year,
        base=base_period(asked.visit_from, rhythm),
        visit_from=asked.visit_from,
        visit_to=asked.visit_to,
        rate_p=p,
        rate_q=q,
        reason_code=asked.reason_code.value,
        reason=asked.reason,
        requested_by=act.caller.id,
        requested_at=act.now,
    )
    store.add(act.session, adhoc)
    log(
        act,
        what="adhoc-draws.request",
        region=prefix,
        subject=adhoc.id,
        item=adhoc.item,
        reason=adhoc.reason_code,
    )
    return adhoc


def approve(act: Act, adhoc_id: str) -> AdhocDraw:
    """Approve an ad-hoc draw: it gets its period, plans may be made for it, and the public counts it.

    Raises:
        Missing: no such request in the caller's region.
        NotAllowed: the caller asked for it.
        RuleBroken: it was decided before, or its days are over.
    """
    wait_turn(act.session, TURN)
    adhoc = _undecided(act, adhoc_id)
    if adhoc.visit_to < shanghai_day(act.now):
        raise RuleBroken("adhoc-too-late", visit_to=adhoc.visit_to.isoformat())
    adhoc.state, adhoc.decided_by, adhoc.decided_at = APPROVED, act.caller.id, act.now
    adhoc.period = adhoc_period(adhoc.base, taken=_taken(act, adhoc))
    _enter(act, adhoc, adhoc.period)
    publish(act, item=adhoc.item, region=adhoc.region, year=adhoc.year)
    look_again(act, adhoc.region)
    log(act, what="adhoc-draws.approve", region=adhoc.region, subject=adhoc.id, period=adhoc.period)
    return adhoc


def _enter(act: Act, adhoc: AdhocDraw, period: str) -> None:
    """Put an approved ad-hoc draw into the calendar."""
    policy = law.policy_for(act.session, adhoc.region, shanghai_day(act.now)).policy
    rhythm = policy.rhythms.regular_of(adhoc.item)
    entered = PlannedDraw(
        item=adhoc.item,
        period=period,
        kind=ADHOC,
        visit_from=adhoc.visit_from,
        visit_to=adhoc.visit_to,
        rate=(adhoc.rate_p, adhoc.rate_q),
        basis=adhoc.reason,
        window=Span(first=adhoc.visit_from, last=adhoc.visit_to),
        alarm_days=0 if rhythm is None else rhythm.alarm_days,
    )
    row = CalendarDraw(id=adhoc.id, in_force=True, region=adhoc.region, year=adhoc.year, **columns(entered))
    draw_calendar.add(act.session, row)


def reject(act: Act, adhoc_id: str, *, reason: str) -> AdhocDraw:
    """Reject an ad-hoc draw, saying why.

    Raises:
        Missing: no such request in the caller's region.
        NotAllowed: the caller asked for it.
        RuleBroken: it was decided before.
    """
    adhoc = _undecided(act, adhoc_id)
    adhoc.state, adhoc.decided_by, adhoc.decided_at = REJECTED, act.caller.id, act.now
    adhoc.decision = reason
    log(act, what="adhoc-draws.reject", region=adhoc.region, subject=adhoc.id, reason=reason)
    return adhoc


def _undecided(act: Act, adhoc_id: str) -> AdhocDraw:
    adhoc = store.for_change(act.session, adhoc_id)
    if adhoc is None or not decides(act, adhoc):
        raise Missing("not-found")
    if adhoc.state != REQUESTED:
        raise RuleBroken("wrong-state", state=adhoc.state, wanted=REQUESTED)
    if act.caller.id == adhoc.requested_by:
        raise NotAllowed("own-request")
    return adhoc


def _taken(act: Act, adhoc: AdhocDraw) -> set[str]:
    """The ad-hoc periods of this base that were given before, or drawn before there was a calendar."""
    given = store.reasons(act.session, item=adhoc.item, region=adhoc.region, year=adhoc.year)
    drawn = draw_calendar.periods_drawn(
        act.session, items=dr1_items(adhoc.item, adhoc.region), like=f"{adhoc.base}."
    )
    return given.keys() | drawn
