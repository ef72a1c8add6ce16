"""Draw plans: draft, preflight, approval."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Path

from app.acts import ActRoute, Answer, if_match
from app.deps import ActDep, ConditionalActDep, Count, Cursor, Limit, LookDep, allow
from app.schemas.page import PageOf
from app.schemas.planning import PlanRead, PlanState, PlanWrite
from app.schemas.preflight import PreflightRead
from app.services.planning import drafting, finding, reading

router = APIRouter(prefix="/v1/draw-plans", tags=["计划 planning"], route_class=ActRoute)

PlanId = Annotated[str, Path(description="抽查计划编号 (id of a plan)")]
MergePatch = Annotated[
    dict[str, Any],
    Body(
        media_type="application/merge-patch+json",
        description="RFC 7396；null 删除该项 (null removes a member)",
        openapi_examples={"period": {"value": {"period": "2026-11.3"}}},
    ),
]


@router.post(
    "",
    status_code=201,
    response_model=PlanRead,
    dependencies=allow("plans.write"),
    summary="起草抽查计划 Draft a plan",
)
def draft(body: PlanWrite, act: ActDep) -> Answer:
    """Draft a plan; another caller approves it."""
    plan = drafting.draft(act, body.draft())
    return Answer(PlanRead.of(plan), {"Location": f"/v1/draw-plans/{plan.id}"})


@router.get("", dependencies=allow("plans.read"), summary="抽查计划列表 List plans")
def plans(
    look: LookDep,
    item: str | None = None,
    period: str | None = None,
    state: PlanState | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
    count: Count = False,
) -> PageOf[PlanRead]:
    """Plans within the caller's region, newest first."""
    found = reading.plans(
        look, item=item, period=period, state=state, limit=limit, cursor=cursor, count=count
    )
    return PageOf.of(found, PlanRead.of)


@router.get("/{plan_id}", dependencies=allow("plans.read"), summary="一份抽查计划 One plan")
def plan(plan_id: PlanId, look: LookDep) -> PlanRead:
    """A plan; its ETag is what a PATCH must name."""
    return PlanRead.of(finding.plan_read(look, plan_id))


@router.patch("/{plan_id}", dependencies=allow("plans.write"), summary="修改草案 Edit a draft")
@if_match(plan, turn="draw_plans")
def edit(plan_id: PlanId, body: MergePatch, act: ConditionalActDep) -> PlanRead:
    """Change a draft by a merge patch; whoever does cannot approve it."""
    before = PlanRead.of(finding.plan_in_state(act, plan_id, drafting.DRAFT))
    return PlanRead.of(drafting.edit(act, plan_id, PlanWrite.patched(before, body).draft()))


@router.get("/{plan_id}/preflight", dependencies=allow("plans.read"), summary="预检 Preflight")
def preflight(plan_id: PlanId, look: LookDep) -> PreflightRead:
    """What the plan would meet if it were drawn now; errors keep it from approval."""
    return PreflightRead.of(reading.preflight(look, plan_id))


@router.post("/{plan_id}/approve", dependencies=allow("plans.approve"), summary="批准计划 Approve a plan")
def approve(plan_id: PlanId, act: ActDep) -> PlanRead:
    """Approve a draft of somebody else whose preflight has no errors."""
    return PlanRead.of(drafting.approve(act, plan_id))
