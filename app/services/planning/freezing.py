"""From the registers as they stand in the database to the input of a draw."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from app.domain import freezing
from app.domain.days import shanghai_day
from app.domain.draw.basics.digest import check_alg
from app.domain.errors import FieldError, RuleBroken
from app.domain.facts import Premises
from app.domain.findings import Finding
from app.domain.freezing import FreezeInput, RegisterFacts, visits_that_matter
from app.domain.policies.staffing import StaffingRules
from app.domain.policy import Policy
from app.services.planning import calendar, law
from app.store import duties, facts, premises
from app.store.facts import Source
from app.store.registers import staff
from app.store.tables.planning import DrawPlan


def freeze_input(source: Source, plan: DrawPlan, now: datetime) -> FreezeInput:
    """Read the registers for an approved plan.

    Args:
        source: where to read.
        plan: the plan.
        now: the instant of the commitment.

    Raises:
        RuleBroken: `preflight-failed`, with every error of the preflight.
    """
    found = prepare(source, plan, now)
    refuse_errors(found.preflight.errors)
    return found


def refuse_errors(errors: Sequence[Finding]) -> None:
    """Refuse what a preflight found impossible.

    Raises:
        RuleBroken: `preflight-failed`, unless there are no errors.
    """
    if errors:
        fields = (FieldError("", error.code, error.words()) for error in errors)
        raise RuleBroken("preflight-failed", *fields, count=len(errors))


def prepare(source: Source, plan: DrawPlan, now: datetime) -> FreezeInput:
    """Build roster, inspectors and recusals of a plan from the registers, and look ahead."""
    on = shanghai_day(now)
    published = law.policy_by_digest(source, plan.policy)
    items = law.items(on)
    item = law.item(plan.item, on)
    registers = RegisterFacts(
        premises=premises_of_plan(source, plan, published.policy, on),
        officers=facts.officers_near(source, region=plan.region, on_or_after=plan.visit_from),
        recusals=facts.recusals_in(source, region=plan.region),
        suspected=staff.suspected_in(source, region=plan.region),
        taken=taken_before(source, published.policy.staffing, plan.visit_from),
        last_visits=staff.last_visits(
            source, region=plan.region, most=published.policy.staffing.rotation_visits
        ),
    )
    return freezing.freeze_input(
        plan,
        registers,
        slots=plan.slots,
        item=item,
        policy=published.policy,
        policy_digest=published.digests[check_alg(plan.alg)],
        on=on,
        draw_ends=calendar.draw_ends(source, item=plan.item, region=plan.region, plan=plan, on=on),
        items=() if plan.joint else items.values(),
        decisions=duties.cap_decisions(source, item=plan.item, region=plan.region, year=plan.visit_from.year),
        joint=plan.joint is not None,
    )


def premises_of_plan(source: Source, plan: DrawPlan, policy: Policy, on: date) -> Iterator[Premises]:
    """The premises that a plan is about, with every registration whose duty its visits could meet."""
    item = law.item(plan.item, on)
    others = () if policy.merging is None else law.items(on).values()
    return premises.premises_in(
        source,
        region=plan.region,
        regimes=tuple(plan.scope["regimes"]) or item.regimes,
        visits_since=visits_that_matter(policy, on),
        also={regime for other in others for regime in other.regimes},
    )


def taken_before(source: Source, rules: StaffingRules, visit_from: date) -> Mapping[str, int]:
    """The drawn visits that inspectors have in the period that a draw's visits begin in, by code."""
    if rules.load is None:
        return {}
    first, last = rules.load.period_of(visit_from)
    return staff.visits_taken(source, first=first, last=last)
