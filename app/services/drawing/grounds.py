"""What is on record for an amendment: the registers as they stand, under the policy of the plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.amending import ASSIGNMENT, CONFLICT_FOUND, withdrawal_reason
from app.domain.days import shanghai_day
from app.domain.draw.basics.lines import Inspector
from app.domain.eligibility import DISTRICT, REGIME, Visits, exclusion, inspector_tags
from app.domain.errors import RuleBroken
from app.domain.facts import Officer
from app.domain.load import cap_left
from app.domain.policy import Policy
from app.domain.recusals import recuses
from app.domain.regions import REGION_DIGITS
from app.services.context import Act
from app.services.drawing.replaying import Standing
from app.services.planning import law
from app.services.planning.freezing import taken_or_set_aside
from app.store import facts, planning
from app.store.registers.assignments import assignments_in_force
from app.store.tables.drawing import Draw
from app.store.tables.planning import DrawPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Why teams are amended: the reason as a token, and which record says so."""

    reason: str
    basis: dict[str, object]


def recusal(act: Act, draw: Draw, *, inspector: str, entity: str) -> Ground:
    """A recusal 回避 in the register that keeps the two apart.

    Raises:
        RuleBroken: `no-ground`: there is none.
    """
    plan, policy = _plan(act, draw)
    visits = _visits_left(act, plan)
    found = sorted(
        ground.relation
        for ground in facts.recusals_in(act.session, region=draw.region)
        if (ground.inspector, ground.entity) == (inspector, entity)
        and recuses(ground, visits=visits, policy=policy)
    )
    if not found:
        raise RuleBroken("no-ground", inspector=inspector)
    return Ground(reason=CONFLICT_FOUND, basis={"relations": found})


def withdrawal(act: Act, draw: Draw, standing: Standing, *, inspector: str) -> Ground:
    """What keeps an officer from the rest of the visits: leave, a certificate that ran out, a transfer.

    Raises:
        RuleBroken: `no-ground`: by the register he can go.
    """
    plan, _ = _plan(act, draw)
    visits = _visits_left(act, plan)
    officer = _officers(act, plan, visits.starts_on).get(inspector)
    why = "unknown" if officer is None else exclusion(officer, visits=visits, slots=standing.plan.slots)
    if why is None:
        raise RuleBroken("no-ground", inspector=inspector)
    return Ground(reason=withdrawal_reason(why), basis={"exclusion": why})


def lending(
    act: Act, draw: Draw, standing: Standing, codes: Sequence[str]
) -> tuple[tuple[Inspector, ...], Ground]:
    """The officers who are lent 异地检查, with tags and caps from the register, and their assignments.

    Raises:
        RuleBroken: `known-inspector`: one is of the draw already; `no-assignment`: one has no approved record
            that covers the rest of the visits; `officer-may-not-go`: the register excludes one, or a recusal
            keeps one from a premises that was drawn (DR1 has no way to deal around it).
    """
    plan, policy = _plan(act, draw)
    visits = _visits_left(act, plan)
    officers = _officers(act, plan, visits.starts_on)
    assigned = assignments_in_force(
        act.session, region=draw.region, starts_on=visits.starts_on, ends_on=visits.ends_on
    )
    recused = {
        ground.inspector
        for ground in facts.recusals_in(act.session, region=draw.region)
        if ground.entity in standing.needs and recuses(ground, visits=visits, policy=policy)
    }
    taken = taken_or_set_aside(
        act.session, act.vault, policy.staffing, plan.visit_from, on=shanghai_day(act.now)
    )
    for code in codes:
        if code in standing.inspectors:
            raise RuleBroken("known-inspector", inspector=code)
        if code not in assigned or code not in officers:
            raise RuleBroken("no-assignment", inspector=code, region=draw.region, until=visits.ends_on)
        why = exclusion(officers[code], visits=visits, slots=standing.plan.slots)
        if why is None and code in recused:
            why = "recused"
        if why is not None:
            raise RuleBroken("officer-may-not-go", inspector=code, reason=why)
    lent = tuple(
        Inspector(
            code,
            cap_left(officers[code].cap, taken=taken.get(code, 0), load=policy.staffing.load),
            _tags(officers[code], standing, visits),
        )
        for code in sorted(set(codes))
    )
    documents = {one.id: assigned[one.id].document_no for one in lent}
    return lent, Ground(reason=ASSIGNMENT, basis={"assignments": documents})


def _tags(officer: Officer, standing: Standing, visits: Visits) -> tuple[str, ...]:
    asked = {tag for tags in (*standing.needs.values(), *standing.plan.slots) for tag in tags}
    districts = [tag.removeprefix(DISTRICT) for tag in asked if tag.startswith(DISTRICT)]
    return inspector_tags(
        officer,
        visits=visits,
        regimes=[tag.removeprefix(REGIME) for tag in asked if tag.startswith(REGIME)],
        places=[(code[:REGION_DIGITS], code[REGION_DIGITS:] or None) for code in districts],
    )


def _plan(act: Act, draw: Draw) -> tuple[DrawPlan, Policy]:
    plan = planning.plan_for_change(act.session, draw.draw_plan_id)
    if plan is None:
        raise RuntimeError(f"draw {draw.id} has lost its plan {draw.draw_plan_id}")
    return plan, law.policy_by_digest(act.session, plan.policy).policy


def _visits_left(act: Act, plan: DrawPlan) -> Visits:
    """The days on which visits can still begin; after the last one, that day."""
    first = min(max(plan.visit_from, shanghai_day(act.now)), plan.visit_to)
    return Visits(region=plan.region, starts_on=first, ends_on=plan.visit_to)


def _officers(act: Act, plan: DrawPlan, since: date) -> dict[str, Officer]:
    near = facts.officers_near(act.session, region=plan.region, on_or_after=since)
    return {officer.code: officer for officer in near}
