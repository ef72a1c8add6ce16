"""The policy that a plan is made under is the one in force on the first day of its visits.

A version that was approved after the draft and holds on that day replaces it: no plan is approved or
committed under rules that do not hold when its visits are made. What was committed never changes.
"""

from datetime import date

from app.domain.errors import RuleBroken
from app.domain.findings import Finding
from app.services.planning import law
from app.services.planning.law import PublishedPolicy
from app.store.policies import Source
from app.store.tables.planning import DrawPlan


def law_day(visit_from: date, on: date) -> date:
    """The day whose policy a plan is made under: the first of its visits, today where they have begun.

    Args:
        visit_from: first day of the visits.
        on: today.
    """
    return max(visit_from, on)


def policy_of(source: Source, plan: DrawPlan, on: date) -> PublishedPolicy:
    """The policy that a plan names; it knows those that were in force before it.

    Args:
        source: where to read.
        plan: the plan.
        on: today.
    """
    return law.policy_of_plan(source, plan.policy, plan.region, law_day(plan.visit_from, on))


def refuse_replaced(source: Source, plan: DrawPlan, on: date) -> None:
    """Refuse a plan whose policy does not hold on the days of its visits.

    Raises:
        RuleBroken: `policy-replaced`: a draft takes the policy that holds when it is edited, what was
            approved is drafted anew.
        Missing: none holds.
    """
    for finding in replaced(source, plan, on):
        raise RuleBroken(finding.code, **dict(finding.words()))


def replaced(source: Source, plan: DrawPlan, on: date) -> tuple[Finding, ...]:
    """Find that another policy holds on the first day of a plan's visits than the one that it names.

    Raises:
        Missing: none holds.
    """
    day = law_day(plan.visit_from, on)
    holds = law.policy_for(source, plan.region, day)
    if plan.policy in holds.digests.values():
        return ()
    values = {"since": holds.document["valid_from"], "policy": holds.digests["sha256"]}
    return (Finding("policy-replaced", {"day": day.isoformat(), **values}),)
