"""From the registers as they stand in the database to the input of a draw."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from app.adapters.vault import Vault
from app.domain import freezing
from app.domain.credit_classes import asking
from app.domain.days import shanghai_day
from app.domain.draw.basics.digest import check_alg
from app.domain.errors import FieldError, RuleBroken
from app.domain.facts import Premises
from app.domain.findings import Finding
from app.domain.freezing import FreezeInput, RegisterFacts, visits_that_matter
from app.domain.policies.staffing import StaffingRules
from app.domain.policy import Policy, StratumRule
from app.domain.waiting import set_aside
from app.services.drawing import undrawn
from app.services.planning import calendar, law
from app.store import duties, facts, premises
from app.store.facts import Source
from app.store.registers import credit_classes, staff
from app.store.tables.planning import DrawPlan


def freeze_input(source: Source, vault: Vault, plan: DrawPlan, now: datetime) -> FreezeInput:
    """Read the registers for an approved plan.

    Args:
        source: where to read.
        vault: opens what was kept with the draws that wait for their random values.
        plan: the plan.
        now: the instant of the commitment.

    Raises:
        RuleBroken: `preflight-failed`, with every error of the preflight.
    """
    found = prepare(source, vault, plan, now)
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


def prepare(source: Source, vault: Vault, plan: DrawPlan, now: datetime) -> FreezeInput:
    """Build roster, inspectors and recusals of a plan from the registers, and look ahead."""
    on = shanghai_day(now)
    published = law.policy_of_plan(source, plan.policy, plan.region, on)
    items = law.items(on)
    item = law.item(plan.item, on)
    strata = freezing.strata_of(plan, item, published.policy)
    registers = RegisterFacts(
        premises=premises_of_plan(source, plan, published.policy, on),
        officers=facts.officers_near(source, region=plan.region, on_or_after=plan.visit_from),
        recusals=facts.recusals_in(source, region=plan.region),
        suspected=staff.suspected_in(source, region=plan.region),
        waiting=undrawn.waiting_draws(source, vault, on=on),
        taken=taken_before(source, published.policy.staffing, plan.visit_from),
        last_visits=staff.last_visits(
            source, region=plan.region, most=published.policy.staffing.rotation_visits
        ),
        credit_classes=classes_asked(source, strata, region=plan.region, on=on),
    )
    year = plan.visit_from.year
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
        decisions=duties.cap_decisions(source, item=plan.item, region=plan.region, year=year),
        decisions_before=duties.cap_decisions(source, item=plan.item, region=plan.region, year=year - 1),
        joint=plan.joint is not None,
    )


def premises_of_plan(
    source: Source, plan: DrawPlan, policy: Policy, on: date, *, also: Iterable[str] = ()
) -> Iterator[Premises]:
    """The premises that a plan is about, with every registration whose duty its visits could meet.

    Args:
        source: where to read.
        plan: the plan.
        policy: what is merged.
        on: the day.
        also: regimes whose registrations at these premises are of interest besides.
    """
    item = law.item(plan.item, on)
    others = () if policy.merging is None else law.items(on).values()
    return premises.premises_in(
        source,
        region=plan.region,
        regimes=tuple(plan.scope["regimes"]) or item.regimes,
        visits_since=visits_that_matter(policy, on),
        also={*also, *(regime for other in others for regime in other.regimes)},
    )


def classes_asked(
    source: Source, strata: Iterable[StratumRule], *, region: str, on: date
) -> Mapping[str, str]:
    """The classes of credit risk that hold in a region, by DR1 entity id; nothing where no stratum asks."""
    return credit_classes.classes_in(source, region=region, on=on) if asking(strata) else {}


def taken_before(source: Source, rules: StaffingRules, visit_from: date) -> Mapping[str, int]:
    """The drawn visits that inspectors have in the period that a draw's visits begin in, by code."""
    if rules.load is None:
        return {}
    first, last = rules.load.period_of(visit_from)
    return staff.visits_taken(source, first=first, last=last)


def taken_or_set_aside(
    source: Source, vault: Vault, rules: StaffingRules, visit_from: date, *, on: date
) -> Mapping[str, int]:
    """The same with the visits that draws which wait for their values may bring in that period."""
    if rules.load is None:
        return {}
    first, last = rules.load.period_of(visit_from)
    waiting = undrawn.waiting_draws(source, vault, on=on)
    return set_aside(
        taken_before(source, rules, visit_from), (one for one in waiting if first <= one.visit_from <= last)
    )
