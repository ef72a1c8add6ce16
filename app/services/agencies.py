"""Whose part a caller sees: the whole, or what concerns its agency 部门 (clause W3: each agency its part).

A caller with an agency sees the draws and visits that its agency leads, of a joint inspection 联合抽查 that
it takes part in its own part, and of other agencies' neither plan, selection nor teams, visits or duties:
they are not there (404). Registers and commitments are of no agency. The conditions on rows are in
`app.store.agencies`.
"""

from datetime import datetime

from sqlmodel import Session

from app.domain.access import Caller
from app.domain.days import shanghai_day
from app.domain.errors import Missing, NotAllowed
from app.domain.items import Item
from app.domain.joint import joint_of
from app.services.context import Act, Look
from app.services.planning import law
from app.store.tables.drawing import Draw
from app.store.tables.planning import DrawPlan


def own_items(context: Act | Look) -> frozenset[str] | None:
    """Codes of the items of the caller's agency; None: the caller has none and sees those of all."""
    agency = context.caller.agency
    if agency is None:
        return None
    known = law.items(shanghai_day(context.now)).values()
    return frozenset(item.code for item in known if item.agency == agency)


def refuse_foreign_item(caller: Caller, item: Item) -> None:
    """See that an item concerns the caller.

    Raises:
        Missing: it is another agency's.
    """
    if not caller.speaks_for({item.agency}):
        raise Missing("not-found")


def agencies_of_plan(plan: DrawPlan, now: datetime) -> tuple[str, ...]:
    """The agencies whose draw it is, the lead agency 牵头部门 first."""
    if plan.joint is not None:
        return joint_of(plan.joint).agencies
    return (law.item(plan.item, shanghai_day(now)).agency,)


def agencies_of_draw(session: Session, draw: Draw, now: datetime) -> tuple[str, ...]:
    """The same of a draw."""
    return agencies_of_plan(session.get_one(DrawPlan, draw.draw_plan_id), now)


def leads(act: Act, draw: Draw) -> bool:
    """Whether the whole of a draw is the caller's: of its lead agency, or of none."""
    agency = act.caller.agency
    return agency is None or agency == agencies_of_draw(act.session, draw, act.now)[0]


def refuse_all_but_lead(act: Act, draw: Draw) -> None:
    """See that an act on the whole of a draw is not another agency's than the lead's.

    Raises:
        NotAllowed: `lead-agency-only`.
    """
    if not leads(act, draw):
        raise NotAllowed("lead-agency-only")
