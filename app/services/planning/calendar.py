"""The draws that are still to come, from the approved calendar or from the one that the policy implies."""

from collections.abc import Collection, Iterable
from datetime import date
from functools import lru_cache
from typing import Final

from sqlalchemy import Connection
from sqlmodel import Session

from app.domain.calendar.checks import duties_of
from app.domain.calendar.coming import Slot, ends_to_come
from app.domain.calendar.draws import PlannedDraw, draws_of_year
from app.domain.calendar.spans import Span
from app.domain.calendar.standing import Drawn, Occasion
from app.domain.policies.rhythms import Rhythms
from app.domain.policy import Policy
from app.domain.regions import REGION_DIGITS, region_prefix
from app.domain.working_days import WorkingCalendar
from app.services.planning import law
from app.store import draw_calendar as store
from app.store.draw_calendar import Source
from app.store.results import calendar as working_days
from app.store.tables.planning import DrawPlan

_KEPT_IN_MIND: Final = 512


def draw_ends(source: Source, *, item: str, region: str, plan: DrawPlan | None, on: date) -> tuple[date, ...]:
    """Give the last visit days of an item's draws to come in a region, in order, this year's and next year's.

    What an approved calendar says counts, with its ad-hoc draws; in a year without one, what the policy
    implies. An approved plan that waits for its commitment has its own days. Not to come is what was
    committed, and what was voided until other days are set for it or another plan is approved.

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
    slots = _slots(source, published.policy, item=item, region=region, on=on)
    this = None
    if plan is not None:
        this = Slot(period=plan.period, visits=Span(first=plan.visit_from, last=plan.visit_to))
    months = shortest_window(published.policy, regimes=law.item(item, on).regimes)
    return ends_to_come(slots, this=this, on=on, months=months)


def shortest_window(policy: Policy, *, regimes: Iterable[str]) -> int | None:
    """Give the shortest «per n months» of the calendar windows of these regimes; None without any."""
    if policy.duties is None or policy.duties.rolling:
        return None
    return min((duty.months for duty in duties_of(policy, regimes)), default=None)


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


def _slots(source: Source, policy: Policy, *, item: str, region: str, on: date) -> list[Slot]:
    """The calendar of this year and the next: what is not over, and what became of it."""
    prefix = region_prefix(region)
    spans = _implied_spans(source, policy, item=item, prefix=prefix, on=on)
    rows = store.in_force(source, item=item, region=prefix, visits_since=on)
    plans = store.approved_plans(source, item=item, regions=same_region(region), visits_since=on)
    spans |= {row.period: Span(first=row.visit_from, last=row.visit_to) for row in (*rows, *plans)}
    whole = {row.period: not (row.scope["levels"] or row.scope["stations"]) for row in plans}
    replaced = {row.period: row.replaced_at for row in rows}
    drawn = drawn_by_period(source, item=item, region=region, periods=spans)
    slots = []
    for period, visits in spans.items():
        one = Occasion(
            visits=visits, window=visits, drawn=drawn.get(period, ()), replaced_at=replaced.get(period)
        )
        lost = not whole.get(period, not one.waits_for_replacement)
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


def _implied_spans(source: Source, policy: Policy, *, item: str, prefix: str, on: date) -> dict[str, Span]:
    """The visits by period of years without an approved calendar; by the plain week where that is all."""
    approved = store.approved_years(source, item=item, region=prefix)
    missing = {on.year, on.year + 1} - approved
    if not missing:
        return {}
    working = known_years(source, missing)
    return {
        draw.period: draw.visits
        for year in missing
        for draw in _draws(policy.rhythms, item, year, working if year in working.years else None)
        if draw.visit_to >= on
    }


@lru_cache(_KEPT_IN_MIND)
def _draws(
    rhythms: Rhythms, item: str, year: int, working: WorkingCalendar | None
) -> tuple[PlannedDraw, ...]:
    return draws_of_year(rhythms, item=item, year=year, working=working)
