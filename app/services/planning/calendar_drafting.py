"""A year's calendar from draft to approval; whoever drafted or edited it does not approve it.

An approved calendar changes only by a new version with a reason. What has begun by then stays as it was: its
days, its marks, and that it was missed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, Final, Literal

from app.domain.calendar.asked import region_faults
from app.domain.calendar.days_off import Week, holiday_names
from app.domain.calendar.draws import PlannedDraw, planned_draws
from app.domain.calendar.starting import still_ahead
from app.domain.days import shanghai_day
from app.domain.errors import FieldError, Malformed, Missing, RuleBroken
from app.domain.policy import Policy
from app.domain.regions import region_prefix
from app.domain.working_days import WorkingCalendar
from app.services.access import log
from app.services.agencies import refuse_foreign_item
from app.services.context import Act
from app.services.planning import law
from app.services.planning.calendar import dr1_items, drawn_by_period
from app.services.planning.calendar_rows import (
    APPROVED,
    DRAFT,
    TURN,
    columns,
    sees,
)
from app.services.results.working_calendar import MISSING_YEAR, calendar_around
from app.store import draw_calendar as store
from app.store.queues import wait_turn
from app.store.results import calendar as working_days
from app.store.tables.draw_calendar import CalendarDraw, DrawCalendar

_MIDSUMMER: Final = 7
_COPIED: Final = tuple(
    name for name in CalendarDraw.model_fields if name not in {"id", "calendar_id", "in_force"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A year's calendar as asked for.

    Attributes:
        item: code of the inspection item.
        region: region code or prefix.
        year: the year.
        reason: why it replaces the approved one, where there is one.
        start: from what the policy says now, or from the approved calendar as it stands.
    """

    item: str
    region: str
    year: int
    reason: str | None
    start: Literal["policy", "current"]


def draft(act: Act, asked: Asked) -> DrawCalendar:
    """Draft a year's calendar from the policy and the working days, or a new version of the approved one.

    Raises:
        Malformed: no such region or item.
        Missing: the region lies outside the caller's, or no policy holds there.
        RuleBroken: there is a draft already; the working days of the year are not known; the policy foresees
            no draw that is still ahead; a new version without a reason.
    """
    prefix, today = placed(act, item=asked.item, region=asked.region)
    wait_turn(act.session, TURN)
    approved = _approved_before(act, asked, prefix)
    working = calendar_around(act, date(asked.year, _MIDSUMMER, 1))
    if asked.year not in working.years:
        raise RuleBroken(MISSING_YEAR, year=asked.year)
    published = law.policy_for(act.session, prefix, max(today, date(asked.year, 1, 1)))
    calendar = DrawCalendar(
        id=act.new_id(),
        item=asked.item,
        region=prefix,
        year=asked.year,
        version=1 + store.last_version(act.session, item=asked.item, region=prefix, year=asked.year),
        state=DRAFT,
        starts_on=today if approved is None else approved.starts_on,
        reason=None if approved is None else asked.reason,
        policy=published.digests["sha256"],
        drafted_by=act.caller.id,
        drafted_at=act.now,
        edited_by=act.caller.id,
        edited_at=act.now,
    )
    store.add(act.session, calendar)
    if asked.start == "policy":
        _plan(act, calendar, _draws(act, calendar, published.policy, working, today=today), working)
    if approved is not None:
        carry(act, calendar, approved, everything=asked.start == "current", today=today)
    if not store.draws_for_change(act.session, calendar.id):
        raise RuleBroken("calendar-empty", item=asked.item, year=asked.year)
    detail = {"item": asked.item, "year": asked.year, "version": calendar.version}
    log(act, what="draw-calendars.draft", region=prefix, subject=calendar.id, **detail)
    return calendar


def placed(act: Act, *, item: str, region: str) -> tuple[str, date]:
    """Give the prefix of a region in which an item may be drawn, and the day.

    Raises:
        Malformed: no such region or item.
        Missing: the region lies outside the caller's, or the item is another agency's.
    """
    if faults := tuple(region_faults(region)):
        raise Malformed("malformed", *faults)
    prefix, today = region_prefix(region), shanghai_day(act.now)
    if not sees(act, prefix):
        raise Missing("not-found")
    known = law.items(today)
    if item not in known:
        values = ("value", item), ("allowed", ", ".join(known))
        raise Malformed("malformed", FieldError("/item", "unknown-value", values))
    refuse_foreign_item(act.caller, known[item])
    return prefix, today


def _approved_before(act: Act, asked: Asked, prefix: str) -> DrawCalendar | None:
    """The approved calendar that the new one would replace."""
    find = partial(store.calendar_in, act.session, item=asked.item, region=prefix, year=asked.year)
    waiting = find(state=DRAFT)
    if waiting is not None:
        raise RuleBroken("calendar-draft-exists", calendar=waiting.id)
    approved = find(state=APPROVED)
    if approved is not None and not (asked.reason or "").strip():
        raise RuleBroken("calendar-reason-missing", version=approved.version)
    if approved is None and asked.start == "current":
        raise RuleBroken("calendar-none-approved", item=asked.item, year=asked.year)
    return approved


def _draws(
    act: Act, calendar: DrawCalendar, policy: Policy, working: WorkingCalendar, *, today: date
) -> Iterator[PlannedDraw]:
    """What the policy foresees from today on, and of the days before what was held."""
    foreseen = planned_draws(
        policy,
        item=calendar.item,
        regimes=law.item(calendar.item, today).regimes,
        region=calendar.region,
        year=calendar.year,
        working=working,
    )
    rhythm = policy.rhythms.regular_of(calendar.item)
    least = 0 if rhythm is None else rhythm.least_working_days
    held = {
        row.period: row
        for row in store.standing_visits(
            act.session,
            items=dr1_items(calendar.item, calendar.region),
            periods=[draw.period for draw in foreseen],
        )
    }
    for draw in foreseen:
        if (row := held.get(draw.period)) is not None:
            yield replace(draw, visit_from=row.visit_from, visit_to=row.visit_to)
    ahead = (draw for draw in foreseen if draw.period not in held)
    yield from still_ahead(ahead, since=today, week=Week(working), least_working_days=least)


def _plan(act: Act, calendar: DrawCalendar, draws: Iterable[PlannedDraw], working: WorkingCalendar) -> None:
    connection = act.session.connection()
    special = (
        *working_days.special_days(connection, calendar.year - 1),
        *working_days.special_days(connection, calendar.year),
    )
    for draw in draws:
        named = None if draw.holiday is None else holiday_names(Week(working), draw.holiday, special)
        _add(
            act,
            calendar,
            columns(draw) | {"region": calendar.region, "year": calendar.year, "occasion": named},
        )


def _add(act: Act, calendar: DrawCalendar, kept: dict[str, Any]) -> None:
    store.add(act.session, CalendarDraw(id=act.new_id(), calendar_id=calendar.id, in_force=False, **kept))


def carry(
    act: Act, calendar: DrawCalendar, approved: DrawCalendar, *, everything: bool = False, today: date
) -> set[str]:
    """Take over what has begun of the approved calendar, or everything; gives the periods that have begun."""
    ours = {row.period: row for row in store.draws_for_change(act.session, calendar.id)}
    theirs = store.draws_for_change(act.session, approved.id)
    drawn = drawn_by_period(
        act.session, item=approved.item, region=approved.region, periods=[row.period for row in theirs]
    )
    begun = {row.period for row in theirs if row.period in drawn or row.visit_from < today}
    for row in theirs:
        if everything or row.period in begun:
            kept = {name: getattr(row, name) for name in _COPIED}
            if row.period not in ours:
                _add(act, calendar, kept)
                continue
            for name, value in kept.items():
                setattr(ours[row.period], name, value)
    return begun
