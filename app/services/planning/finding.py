"""A draw plan for an act or a look: seen by the caller, and in the state that the act needs."""

from app.domain.errors import Missing, RuleBroken
from app.services.agencies import agencies_of_plan
from app.services.context import Act, Look
from app.store import planning as store
from app.store.tables.planning import DrawPlan


def plan_for(act: Act, plan_id: str) -> DrawPlan:
    """The plan, locked until the act ends.

    Raises:
        Missing: there is none, it lies outside the caller's region, or it is other agencies'.
    """
    return _seen(act, store.plan_for_change(act.session, plan_id))


def plan_in_state(act: Act, plan_id: str, wanted: str) -> DrawPlan:
    """The plan, locked, in the state wanted.

    Raises:
        Missing: as `plan_for`.
        RuleBroken: it is in another state.
    """
    plan = plan_for(act, plan_id)
    if plan.state != wanted:
        raise RuleBroken("wrong-state", state=plan.state, wanted=wanted)
    return plan


def plan_read(look: Look, plan_id: str) -> DrawPlan:
    """The plan as it stands.

    Raises:
        Missing: as `plan_for`.
    """
    return _seen(look, store.plan_read(look.connection, plan_id))


def _seen(context: Act | Look, plan: DrawPlan | None) -> DrawPlan:
    caller = context.caller
    if plan is None or not caller.sees(plan.region):
        raise Missing("not-found")
    if caller.agency is not None and not caller.speaks_for(agencies_of_plan(plan, context.now)):
        raise Missing("not-found")
    return plan
