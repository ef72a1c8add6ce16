"""Draw plans keep to the calendar: a plan's period is one of the calendar's, and so are its days and rate."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from app.domain.calendar.plans import (
    InCalendar,
    Planned,
    least_rate,
    leaves_out,
    plan_faults,
    too_few_of_all,
    wanted_rate,
)
from app.domain.errors import FieldError, RuleBroken
from app.domain.findings import Finding
from app.domain.items import Item
from app.domain.policies.rhythms import Rate
from app.domain.policy import Policy
from app.domain.regions import region_prefix
from app.domain.strata import strata_of
from app.services.planning import law
from app.services.planning.calendar_rows import rate_of, visits_of
from app.store import draw_calendar as store
from app.store.draw_calendar import Source
from app.store.registers.operating import operating_premises
from app.store.tables.planning import DrawPlan


class PlanAsked(Planned, Protocol):
    """What a draw plan says of all that the calendar says too: a draft, or a plan that is kept."""

    @property
    def region(self) -> str:
        """Region code or prefix."""
        ...

    @property
    def strata(self) -> Sequence[Mapping[str, Any]] | None:
        """Its own strata; None: those of the policy."""
        ...


def refuse_off_calendar(source: Source, plan: DrawPlan, on: date) -> None:
    """Refuse a plan that contradicts the calendar, which may have been approved since it was drafted.

    Raises:
        RuleBroken: `plan-rules`, with every contradiction.
    """
    policy = law.policy_by_digest(source, plan.policy).policy
    if faults := off_calendar(source, plan, item=law.item(plan.item, on), policy=policy):
        raise RuleBroken("plan-rules", *faults)


def off_calendar(source: Source, plan: PlanAsked, *, item: Item, policy: Policy) -> tuple[FieldError, ...]:
    """Find where a plan contradicts the approved calendar of its item and region, or the policy's rates.

    Args:
        source: where to read.
        plan: the plan.
        item: what is inspected.
        policy: whose strata it draws where it names none.
    """
    entry, year = _foreseen(source, plan, item)
    return plan_faults(
        plan,
        entry,
        item=item,
        strata=strata_of(plan, item, policy, rate=_rate(plan, entry, item, policy)),
        year=year,
        policy=policy,
    )


def rate_wanted(source: Source, plan: PlanAsked, *, item: Item, policy: Policy) -> Rate | None:
    """The rate that a plan which names no strata draws at least: the calendar's or the policy's least."""
    return _rate(plan, _foreseen(source, plan, item)[0], item, policy)


def _rate(plan: PlanAsked, entry: InCalendar | None, item: Item, policy: Policy) -> Rate | None:
    return wanted_rate(entry, policy.rhythms, item=item.code, period=plan.period)


def _foreseen(source: Source, plan: PlanAsked, item: Item) -> tuple[InCalendar | None, int | None]:
    """What the calendar says of a plan's period, and a year of its visits that has an approved calendar."""
    prefix = region_prefix(plan.region)
    row = store.draw_in_force(source, item=item.code, region=prefix, period=plan.period)
    years = {plan.visit_from.year, plan.visit_to.year}
    approved = years & store.approved_years(source, item=item.code, region=prefix)
    entry = None if row is None else InCalendar(kind=row.kind, visits=visits_of(row), rate=rate_of(row))
    return entry, min(approved, default=None)


def few_of_all(
    source: Source, plan: PlanAsked, *, item: Item, policy: Policy, wanted: int
) -> tuple[Finding, ...]:
    """Find a plan for a part of the premises that no calendar foresees and that wants too few of all.

    A calendar's own draws leave nobody out, and an ad-hoc draw has its rate approved for a part.

    Args:
        source: where to read.
        plan: the plan.
        item: what is inspected.
        policy: with the least rates.
        wanted: how many premises the draw wants.
    """
    if (
        not (policy.drawn_by_rate(item.regimes) and leaves_out(plan.scope, item))
        or _foreseen(source, plan, item)[0] is not None
    ):
        return ()
    operating = operating_premises(source, region=plan.region, regimes=item.regimes)
    least = least_rate(policy.rhythms, item=item.code, period=plan.period)
    return tuple(too_few_of_all(least, wanted=wanted, operating=operating))
