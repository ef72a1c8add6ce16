"""The draws that are still to come, from the approved calendar or from the one that the policy implies."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Final

from sqlalchemy import Connection
from sqlmodel import Session

from app.domain.calendar.coming import Slot, ends_to_come
from app.domain.calendar.draws import ADHOC, PlannedDraw, draws_of_year
from app.domain.calendar.fitting import WindowRules, window_rules
from app.domain.calendar.plans import leaves_out
from app.domain.calendar.spans import Span
from app.domain.calendar.standing import Drawn, Occasion
from app.domain.items import Item
from app.domain.policies.rhythms import Rhythms
from app.domain.policy import Policy
from app.domain.regions import REGION_DIGITS, region_prefix, regions_above
from app.domain.working_days import WorkingCalendar
from app.services.planning import law
from app.store import draw_calendar as store
from app.store.draw_calendar import Source
from app.store.results import calendar as working_days
from app.store.tables.planning import DrawPlan

_KEPT_IN_MIND: Final = 512


def draw_ends(source: Source, *, item: str, region: str, plan: DrawPlan | None, on: date) -> tuple[date, ...]:
    """Give the last visit days of an item's draws to come in a region, in order, this year's and next year's.

    What an approved calendar says counts, of the region and of those that cover it: a city that plans across
    its counties serves their duties too. In a year without any, what the policy implies for the region. An
    approved plan that waits for its commitment has its own days. Not to come is what was committed, what was
    voided until other days are set for it or another plan is approved, and an ad-hoc draw until an approved
    plan says that it leaves nobody out.

    Args:
        source: where to read.
        item: code of the inspection item.
        region: region code or prefix, as a plan names it.
        plan: the draw at hand: counted once, whatever became of it; None: none is.
        on: the day.

    Raises:
        Missing: no policy, or no such item.
    """
    published = (
        law.policy_for(source, region, on) if plan is None else law.policy_by_digest(source, plan.policy)
    )
    inspected = law.item(item, on)
    rules = window_rules(published.policy, item=item, regimes=inspected.regimes)
    slots = _slots(source, published.policy, rules, item=inspected, region=region, on=on)
    this = None
    if plan is not None:
        this = Slot(period=plan.period, visits=Span(first=plan.visit_from, last=plan.visit_to))
    return ends_to_come(slots, this=this, on=on, months=rules.months)


def drawing_regions(source: Source, *, item: str, region: str, year: int) -> tuple[str, ...]:
    """Give the prefixes of the regions whose draws serve the duties of an item in a place in a year.

    Those with an approved calendar that covers it; where there is none the place's own, by its policy.
    """
    above_and_own = [region_prefix(one) for one in regions_above(region)]
    drawing = [one for one in above_and_own if year in store.approved_years(source, item=item, region=one)]
    return tuple(drawing) or (region_prefix(region),)


def same_region(region: str) -> tuple[str, ...]:
    """Give every way to write a region: `4109`, `410900`."""
    prefix = region_prefix(region)
    return tuple(prefix.ljust(digits, "0") for digits in range(len(prefix), REGION_DIGITS + 1, 2))


def dr1_items(item: str, region: str) -> tuple[str, ...]:
    """Give the names under which draws of an item in a region may stand: `<region>:<code>`."""
    return tuple(f"{one}:{item}" for one in same_region(region))


def known_years(source: Source, years: Iterable[int]) -> WorkingCalendar:
    """Give what is known of the working days of some years."""
    connection: Connection = source.connection() if isinstance(source, Session) else source
    return working_days.calendar_of(connection, years)


def _slots(
    source: Source, policy: Policy, rules: WindowRules, *, item: Item, region: str, on: date
) -> list[Slot]:
    """The calendars of this year and the next that hold for a region, and what the policy implies for it."""
    *above, own = map(region_prefix, regions_above(region))
    missing = {on.year, on.year + 1}
    for prefix in (*above, own):
        missing -= store.approved_years(source, item=item.code, region=prefix)
    implied = {
        draw.period: draw.visits
        for draw in _implied(source, policy, rules, item=item.code, years=missing)
        if draw.visit_to >= on
    }
    slots = _slots_of(source, implied, item=item, prefix=own, on=on)
    # A draw of another region is another draw, though it has the same period.
    return slots + [
        replace(slot, period=f"{prefix}:{slot.period}")
        for prefix in above
        for slot in _slots_of(source, {}, item=item, prefix=prefix, on=on)
    ]


def _slots_of(
    source: Source, implied: Mapping[str, Span], *, item: Item, prefix: str, on: date
) -> list[Slot]:
    """One region's calendar: what is not over, and what became of it."""
    rows = store.in_force(source, item=item.code, region=prefix, visits_since=on)
    plans = store.approved_plans(source, item=item.code, regions=same_region(prefix), visits_since=on)
    spans = {row.period: Span(first=row.visit_from, last=row.visit_to) for row in (*rows, *plans)}
    spans = {**implied, **spans}
    whole = {row.period: not leaves_out(row.scope, item) for row in plans}
    replaced = {row.period: row.replaced_at for row in rows}
    adhoc = {row.period for row in rows if row.kind == ADHOC}
    drawn = drawn_by_period(source, item=item.code, region=prefix, periods=spans)
    slots = []
    for period, visits in spans.items():
        one = Occasion(
            visits=visits, window=visits, drawn=drawn.get(period, ()), replaced_at=replaced.get(period)
        )
        foreseen = not one.waits_for_replacement and period not in adhoc
        lost = not whole.get(period, foreseen)
        slots.append(Slot(period=period, visits=visits, held=one.held, lost=lost))
    return slots


def drawn_by_period(
    source: Source, *, item: str, region: str, periods: Collection[str]
) -> dict[str, list[Drawn]]:
    """Give the draws of some periods, the oldest first."""
    found: dict[str, list[Drawn]] = {}
    for row in store.draws_of(source, items=dr1_items(item, region), periods=periods):
        found.setdefault(row.period, []).append(Drawn(id=row.id, state=row.state, voided_at=row.voided_at))
    return found


def _implied(
    source: Source, policy: Policy, rules: WindowRules, *, item: str, years: Collection[int]
) -> Iterator[PlannedDraw]:
    """The draws that the policy implies for some years; by the plain week where that is all that is known."""
    if not years:
        return
    # A New Year's holiday may begin in the last days of the year before, and belongs to the year it ends in.
    working = known_years(source, {*years, *(year - 1 for year in years)})
    for year in years:
        yield from _draws(policy.rhythms, rules, item, year, working if year in working.years else None)


@lru_cache(_KEPT_IN_MIND)
def _draws(
    rhythms: Rhythms, rules: WindowRules, item: str, year: int, working: WorkingCalendar | None
) -> tuple[PlannedDraw, ...]:
    return draws_of_year(rhythms, item=item, rules=rules, year=year, working=working)
