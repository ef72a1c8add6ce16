"""The annual caps that a plan keeps to besides its own policy's for its own agency."""

from collections.abc import Iterator, Mapping
from datetime import date

from app.domain.authorities import Authority
from app.domain.caps import YearCap
from app.domain.errors import RuleBroken
from app.domain.findings import Finding
from app.domain.items import Item
from app.domain.joint import joint_of
from app.domain.policies.header import POLICY
from app.domain.policy import Policy
from app.domain.regions import region_prefix
from app.services.planning import law
from app.services.planning.plan_law import law_day
from app.store import policies
from app.store.policies import Source
from app.store.tables.planning import DrawPlan


def further_caps(source: Source, plan: DrawPlan, policy: Policy, on: date) -> tuple[YearCap, ...]:
    """Give the caps of the other agencies of a joint plan, and those of regions inside the plan's.

    Args:
        source: where to read.
        plan: the plan.
        policy: the plan's.
        on: today.
    """
    items = law.items(on)
    lead = law.item(plan.item, on).agency
    agencies = (lead,) if plan.joint is None else joint_of(plan.joint).agencies
    own = [(agency, plan.region, policy) for agency in agencies if agency != lead]
    parts = [
        (agency, part, theirs)
        for part, theirs in own_policies(source, plan, on).items()
        for agency in agencies
    ]
    return tuple(
        YearCap(
            region=region,
            authority=Authority.of(agency, plan.region, _items_of(agency, items)),
            cap=known.annual_cap,
        )
        for agency, region, known in (*own, *parts)
        if known.annual_cap.visits is not None
    )


def _items_of(agency: str, items: Mapping[str, Item]) -> frozenset[str]:
    return frozenset(code for code, item in items.items() if item.agency == agency)


def own_policies(source: Source, plan: DrawPlan, on: date) -> dict[str, Policy]:
    """The policies in force in regions inside a plan's that have versions of their own, by region."""
    day = law_day(plan.visit_from, on)
    inside = policies.parts(source, code=POLICY, region=plan.region) - {region_prefix(plan.region)}
    return {part: law.policy_for(source, part, day).policy for part in sorted(inside)}


def refuse_unknown_caps(source: Source, plan: DrawPlan, on: date) -> None:
    """See that every region of a plan has a published cap or a recorded «none published».

    Raises:
        RuleBroken: `annual-cap-missing`, with the first region that has neither.
    """
    own = {plan.region: law.policy_by_digest(source, plan.policy).policy}
    for region, policy in {**own, **own_policies(source, plan, on)}.items():
        if not policy.annual_cap.known:
            raise RuleBroken("annual-cap-missing", region=region)


def parts_findings(source: Source, plan: DrawPlan, on: date) -> Iterator[Finding]:
    """Say which regions inside a plan's have a policy of their own, of which the caps hold alone."""
    if parts := list(own_policies(source, plan, on)):
        yield Finding("parts-have-policies", {"count": len(parts), "regions": parts})
