"""Collisions of duty and annual cap that a plan meets, and the decisions about them."""

from typing import Annotated

from fastapi import APIRouter, Path

from app.acts import ActRoute
from app.deps import ActDep, LookDep, allow
from app.schemas.collisions import CollisionsRead, DecideCollisions
from app.services.planning import collisions

router = APIRouter(prefix="/v1/draw-plans", tags=["计划 planning"], route_class=ActRoute)

PlanId = Annotated[str, Path(description="抽查计划编号 (id of a plan)")]


@router.get(
    "/{plan_id}/collisions", dependencies=allow("plans.read"), summary="频次与上限冲突 Collisions of a plan"
)
def of_plan(plan_id: PlanId, look: LookDep) -> CollisionsRead:
    """Duties that the annual cap makes impossible in the year of the visits, and what was decided."""
    return CollisionsRead.of(collisions.read(look, plan_id))


@router.post(
    "/{plan_id}/collisions/decide",
    dependencies=allow("collisions.decide"),
    summary="裁定冲突 Decide collisions",
)
def decide(plan_id: PlanId, body: DecideCollisions, act: ActDep) -> CollisionsRead:
    """Say which yields, why, and on which basis; it holds for the item in the region and year."""
    return CollisionsRead.of(collisions.decide(act, plan_id, body.ruling()))
