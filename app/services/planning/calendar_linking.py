"""Draw plans keep to the calendar: a plan's period is one of the calendar's, and so are its days and rate."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from app.domain.calendar.plans import InCalendar, Planned, plan_faults
from app.domain.errors import FieldError, RuleBroken
from app.domain.freezing import strata_of
from app.domain.items import Item
from app.domain.policy import Policy
from app.domain.regions import region_prefix
from app.services.planning import law
from app.services.planning.calendar_rows import rate_of, visits_of
from app.store import draw_calendar as store
from app.store.draw_calendar import Source
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
    """Find where a plan contradicts the approved calendar of its item and region; without one anything goes.

    Args:
        source: where to read.
        plan: the plan.
        item: what is inspected.
        policy: whose strata it draws where it names none.
    """
    prefix = region_prefix(plan.region)
    row = store.draw_in_force(source, item=item.code, region=prefix, period=plan.period)
    years = {plan.visit_from.year, plan.visit_to.year}
    approved = years & store.approved_years(source, item=item.code, region=prefix)
    return plan_faults(
        plan,
        None if row is None else InCalendar(kind=row.kind, visits=visits_of(row), rate=rate_of(row)),
        item=item,
        strata=strata_of(plan, item, policy),
        year=min(approved, default=None),
    )
