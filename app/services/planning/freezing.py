"""From the registers as they stand in the database to the input of a draw."""

from collections.abc import Sequence
from datetime import datetime

from app.domain import freezing
from app.domain.days import shanghai_day
from app.domain.draw.digest import check_alg
from app.domain.errors import FieldError, RuleBroken
from app.domain.findings import Finding
from app.domain.freezing import FreezeInput, RegisterFacts, visits_that_matter
from app.services.planning import law
from app.store import facts
from app.store.facts import Source
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
    published = law.policy_by_digest(plan.policy)
    item = law.item(plan.item, on)
    registers = RegisterFacts(
        premises=facts.premises_in(
            source,
            region=plan.region,
            regimes=tuple(plan.scope["regimes"]) or item.regimes,
            visits_since=visits_that_matter(published.policy, on),
        ),
        officers=facts.officers_near(source, region=plan.region, on_or_after=plan.visit_from),
        recusals=facts.recusals_in(source, region=plan.region),
    )
    return freezing.freeze_input(
        plan,
        registers,
        slots=plan.slots,
        item=item,
        policy=published.policy,
        policy_digest=published.digests[check_alg(plan.alg)],
        on=on,
    )
