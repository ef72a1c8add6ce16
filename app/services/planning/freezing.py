"""From the registers as they stand in the database to the input of a draw."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime

from app.adapters.vault import Vault
from app.domain import freezing
from app.domain.credit_classes import asking
from app.domain.days import shanghai_day
from app.domain.draw.basics.digest import check_alg
from app.domain.errors import FieldError, RuleBroken
from app.domain.facts import Premises
from app.domain.findings import unnamed
from app.domain.freezing import FreezeInput, RegisterFacts, visits_that_matter
from app.domain.policies.staffing import StaffingRules
from app.domain.policy import Policy, StratumRule
from app.domain.still_open import UnfinishedDraw
from app.domain.strata import strata_of
from app.domain.waiting import set_aside
from app.services.drawing import undrawn
from app.services.planning import calendar, law, plan_law
from app.services.planning.calendar_linking import few_of_all, rate_wanted
from app.services.planning.further_caps import further_caps, parts_findings
from app.store import duties, facts, premises
from app.store.facts import Source
from app.store.fieldwork.disclosure import undisclosed_draws
from app.store.fieldwork.unfinished import unfinished_draws
from app.store.registers import credit_classes, staff
from app.store.tables.planning import DrawPlan


def freeze_input(source: Source, vault: Vault, plan: DrawPlan, now: datetime) -> FreezeInput:
    """Read the registers for a plan that is to be approved or committed.

    Args:
        source: where to read.
        vault: opens what was kept with the draws that wait for their random values.
        plan: the plan.
        now: the instant of the approval or commitment.

    Raises:
        RuleBroken: `preflight-failed`, with every error of the preflight.
    """
    found = prepare(source, vault, plan, now)
    errors = found.preflight.errors
    if errors:
        # Whoever is refused may know no more of other draws than who reads the preflight.
        told = {
            error.code: error for error in prepare(source, vault, plan, now, seen_at=now).preflight.errors
        }
        named = [told.get(error.code) or unnamed(error) for error in errors]
        fields = (FieldError("", error.code, error.words()) for error in named)
        raise RuleBroken("preflight-failed", *fields, count=len(errors))
    return found


def prepare(
    source: Source, vault: Vault, plan: DrawPlan, now: datetime, *, seen_at: datetime | None = None
) -> FreezeInput:
    """Build roster, inspectors and recusals of a plan from the registers, and look ahead.

    A draw of which a visit is not disclosed is to a reader what it was before it had its values: its plan
    could be cut to one premises, so even a count would tell who was drawn (clause B8). The freeze sees all.

    Args:
        source: where to read.
        vault: opens what was kept with the draws that wait for their random values.
        plan: the plan.
        now: the instant for which it is built.
        seen_at: when a reader asks; None: for what the service itself works out.
    """
    on = shanghai_day(now)
    published = plan_law.policy_of(source, plan, on)
    items = law.items(on)
    item = law.item(plan.item, on)
    rate = rate_wanted(source, plan, item=item, policy=published.policy)
    strata = strata_of(plan, item, published.policy, rate=rate)
    year = plan.visit_from.year
    found = freezing.freeze_input(
        plan,
        _registers(source, vault, plan, published.policy, strata=strata, on=on, seen_at=seen_at),
        slots=plan.slots,
        item=item,
        policy=published.policy,
        policy_digest=published.digests[check_alg(plan.alg)],
        on=on,
        draw_ends=calendar.draw_ends(source, item=plan.item, region=plan.region, plan=plan, on=on),
        items=items.values(),
        decisions=duties.cap_decisions(source, item=plan.item, region=plan.region, year=year),
        decided={
            code: duties.cap_decisions(source, item=code, region=plan.region, year=year)
            for code in items
            if code != plan.item
        },
        decisions_before=duties.cap_decisions(source, item=plan.item, region=plan.region, year=year - 1),
        joint=plan.joint is not None,
        rate=rate,
        caps=further_caps(source, plan, published.policy, on),
    )
    wanted = sum(one.wanted for one in found.preflight.by_stratum)
    few = few_of_all(source, plan, item=item, policy=published.policy, wanted=wanted)
    warnings = (
        *few,
        *plan_law.replaced(source, plan, on),
        *parts_findings(source, plan, on),
        *found.preflight.warnings,
    )
    return replace(found, preflight=replace(found.preflight, warnings=warnings))


def _registers(
    source: Source,
    vault: Vault,
    plan: DrawPlan,
    policy: Policy,
    *,
    strata: Iterable[StratumRule],
    on: date,
    seen_at: datetime | None,
) -> RegisterFacts:
    """What the registers say of everything that can influence the draw of a plan."""
    rules = policy.staffing
    return RegisterFacts(
        premises=premises_of_plan(source, plan, policy, on, disclosed_by=seen_at),
        officers=facts.officers_near(source, region=plan.region, on_or_after=plan.visit_from),
        recusals=facts.recusals_in(source, region=plan.region),
        suspected=staff.suspected_in(source, region=plan.region),
        waiting=undrawn.waiting_draws(source, vault, on=on, seen_at=seen_at),
        unfinished=_unfinished(source, plan, on),
        taken=taken_before(source, rules, plan.visit_from, seen_at=seen_at),
        last_visits=staff.last_visits(source, region=plan.region, most=rules.rotation_visits),
        credit_classes=classes_asked(source, strata, region=plan.region, on=on),
    )


def premises_of_plan(
    source: Source,
    plan: DrawPlan,
    policy: Policy,
    on: date,
    *,
    also: Iterable[str] = (),
    disclosed_by: datetime | None = None,
) -> Iterator[Premises]:
    """The premises that a plan is about, with every registration whose duty its visits could meet.

    Args:
        source: where to read.
        plan: the plan.
        policy: what is merged.
        on: the day.
        also: regimes whose registrations at these premises are of interest besides.
        disclosed_by: drawn visits that are not disclosed by then are as if they were not there.
    """
    item = law.item(plan.item, on)
    others = () if policy.merging is None else law.items(on).values()
    return premises.premises_in(
        source,
        region=plan.region,
        regimes=tuple(plan.scope["regimes"]) or item.regimes,
        visits_since=visits_that_matter(policy, on),
        also={*also, *(regime for other in others for regime in other.regimes)},
        disclosed_by=disclosed_by,
    )


def _unfinished(source: Source, plan: DrawPlan, on: date) -> tuple[UnfinishedDraw, ...]:
    rows = unfinished_draws(source, item=plan.item, first=on, before=plan.visit_from)
    return tuple(
        UnfinishedDraw(region=row.region, item=row.item, period=row.period, visit_to=row.visit_to)
        for row in rows
    )


def classes_asked(
    source: Source, strata: Iterable[StratumRule], *, region: str, on: date
) -> Mapping[str, str]:
    """The classes of credit risk that hold in a region, by DR1 entity id; nothing where no stratum asks."""
    return credit_classes.classes_in(source, region=region, on=on) if asking(strata) else {}


def taken_before(
    source: Source, rules: StaffingRules, visit_from: date, *, seen_at: datetime | None = None
) -> Mapping[str, int]:
    """The drawn visits that inspectors have in the period that a draw's visits begin in, by code.

    To a reader (`seen_at`) without those of draws of which a visit is not disclosed: `waiting_draws` sets the
    most aside that they may bring, which tells nobody's team.
    """
    if rules.load is None:
        return {}
    first, last = rules.load.period_of(visit_from)
    sealed = () if seen_at is None else undisclosed_draws(source, seen_at)
    return staff.visits_taken(source, first=first, last=last, but_of=sealed)


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
