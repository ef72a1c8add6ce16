"""Draw plans from draft to approval; whoever drafted or edited a plan does not approve it."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.days import shanghai_day
from app.domain.drafts import Draft, broken, malformed
from app.domain.errors import FieldError, Malformed, Missing, NotAllowed, RuleBroken
from app.domain.items import Item
from app.domain.joint import Joint, default_slots, joint_faults, joint_of, qualified_slots, unknown_items
from app.domain.registers.columns import REGIMES
from app.services.access import log
from app.services.context import Act
from app.services.planning import collisions, law, plan_law
from app.services.planning.calendar_linking import off_calendar, refuse_off_calendar
from app.services.planning.finding import plan_in_state
from app.services.planning.freezing import freeze_input
from app.services.planning.further_caps import refuse_unknown_caps
from app.store import planning as store
from app.store.tables.planning import DrawPlan

DRAFT = "draft"
APPROVED = "approved"


def draft(act: Act, given: Draft) -> DrawPlan:
    """Keep a new draft 草案.

    Raises:
        Missing: the region lies outside the caller's.
        Malformed: with every value that cannot be used.
        RuleBroken: with every rule of planning that the draft breaks.
    """
    plan = DrawPlan(
        id=act.new_id(),
        state=DRAFT,
        **_checked(act, given),
        drafted_by=act.caller.id,
        drafted_at=act.now,
        edited_by=act.caller.id,
        edited_at=act.now,
    )
    store.add_plan(act.session, plan)
    log(act, what="draw-plans.draft", region=plan.region, subject=plan.id, item=plan.item, period=plan.period)
    return plan


def edit(act: Act, plan_id: str, given: Draft) -> DrawPlan:
    """Replace what a draft asks for.

    Raises:
        Missing: no such plan, or the new region lies outside the caller's.
        Malformed: as `draft`.
        RuleBroken: as `draft`; it is no draft any more.
    """
    plan = plan_in_state(act, plan_id, DRAFT)
    asked = _checked(act, given)
    changed = [name for name, value in asked.items() if getattr(plan, name) != value]
    for name in changed:
        setattr(plan, name, asked[name])
    plan.edited_by, plan.edited_at = act.caller.id, act.now
    log(act, what="draw-plans.edit", region=plan.region, subject=plan.id, changed=changed)
    return plan


def approve(act: Act, plan_id: str) -> DrawPlan:
    """Approve 批准 a draft whose preflight has no errors.

    Raises:
        Missing: no such plan in the caller's region.
        NotAllowed: the caller drafted the plan or edited it last.
        RuleBroken: it is no draft, its preflight has errors, its policy does not hold on the days of its
            visits or has nothing on record of an annual cap, not even that none was published
            (国办发〔2024〕54号), or a collision of both is open.
    """
    plan = plan_in_state(act, plan_id, DRAFT)
    if act.caller.id in {plan.drafted_by, plan.edited_by}:
        raise NotAllowed("own-plan")
    today = shanghai_day(act.now)
    plan_law.refuse_replaced(act.session, plan, today)
    refuse_unknown_caps(act.session, plan, today)
    refuse_off_calendar(act.session, plan, today)
    collisions.refuse_undecided(act.session, plan, act.now)
    found = freeze_input(act.session, act.vault, plan, act.now).preflight
    plan.state, plan.approved_by, plan.approved_at = APPROVED, act.caller.id, act.now
    warnings = sorted({warning.code for warning in found.warnings})
    log(act, what="draw-plans.approve", region=plan.region, subject=plan.id, warnings=warnings)
    return plan


def _checked(act: Act, given: Draft) -> dict[str, Any]:
    """The columns of a plan that keeps this draft."""
    if faults := malformed(given, regimes=[regime.value for regime in REGIMES]):
        raise Malformed("malformed", *faults)
    if not act.caller.sees(given.region):
        raise Missing("not-found")
    on = shanghai_day(act.now)
    item = law.items(on).get(given.item)
    if item is None:
        known = ", ".join(law.items(on))
        unknown = FieldError("/item", "unknown-value", (("value", given.item), ("allowed", known)))
        raise Malformed("malformed", unknown)
    joint = None if given.joint is None else joint_of(given.joint)
    if not act.caller.speaks_for((item.agency,) if joint is None else joint.agencies):
        raise Missing("not-found")
    slots = _slots(given, item, joint, law.items(on))
    published = law.policy_for(act.session, given.region, plan_law.law_day(given.visit_from, on))
    if faults := (
        *broken(given, slots=slots, item=item, policy=published.policy),
        *(() if joint is None else joint_faults(joint, item=item, known=law.items(on), slots=slots)),
        *off_calendar(act.session, given, item=item, policy=published.policy),
    ):
        raise RuleBroken("plan-rules", *faults)
    return {
        "item": given.item,
        "region": given.region,
        "period": given.period,
        "alg": given.alg,
        "scope": {name: list(given.scope[name]) for name in ("regimes", "levels", "stations")},
        "strata": [dict(stratum) for stratum in given.strata] if given.strata else None,
        "slots": _qualified(given, item, joint, law.items(on), slots),
        "joint": None if given.joint is None else dict(given.joint),
        "entropy": dict(given.entropy),
        "visit_from": given.visit_from,
        "visit_to": given.visit_to,
        "reveal_by": given.reveal_by,
        "disclose_from": given.disclose_from,
        "policy": published.digests["sha256"],
    }


def _slots(
    given: Draft, item: Item, joint: Joint | None, known: Mapping[str, Item]
) -> Sequence[Sequence[str]]:
    """The places of a team: as asked for, else the item's, of a joint inspection those of each agency.

    Raises:
        Malformed: a joint inspection of items that are not in force.
    """
    if joint is not None and (faults := tuple(unknown_items(joint, known))):
        raise Malformed("malformed", *faults)
    if given.slots is not None:
        return given.slots
    return item.slots if joint is None else default_slots(joint, known)


def _qualified(
    given: Draft,
    item: Item,
    joint: Joint | None,
    known: Mapping[str, Item],
    slots: Sequence[Sequence[str]],
) -> list[list[str]]:
    if joint is None:
        return [sorted(set(slot)) for slot in slots]
    regimes = tuple(given.scope["regimes"]) or item.regimes
    return qualified_slots(joint, known=known, slots=slots, regimes=regimes)
