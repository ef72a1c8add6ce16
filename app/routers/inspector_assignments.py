"""Inspectors lent to other regions."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from app.acts import ActRoute, Answer
from app.deps import ActDep, LookDep, allow
from app.schemas.assignments import (
    AssignmentQuery,
    AssignmentRead,
    AssignmentWrite,
    EndAssignment,
    RejectAssignment,
)
from app.schemas.drawing import NoBody
from app.schemas.page import PageOf
from app.services.registers import assignments

router = APIRouter(prefix="/v1/inspector-assignments", tags=["名录库 registers"], route_class=ActRoute)

AssignmentId = Annotated[str, Path(description="调派编号 (id of an assignment)")]


@router.get("", dependencies=allow("assignments.read"), summary="异地检查调派列表 List assignments")
def list_assignments(look: LookDep, query: Annotated[AssignmentQuery, Query()]) -> PageOf[AssignmentRead]:
    """Assignments from or to the caller's region, newest first."""
    return PageOf.of(assignments.read_page(look, query.where(), query.paging()), AssignmentRead.of)


@router.post(
    "",
    status_code=201,
    dependencies=allow("assignments.write"),
    response_model=AssignmentRead,
    summary="申请异地检查调派 Ask for an assignment",
)
def request_assignment(body: AssignmentWrite, act: ActDep) -> Answer:
    """Ask that an inspector of the own region be lent to another; an approver decides."""
    made = AssignmentRead.of(assignments.request(act, body.wanted()))
    return Answer(made, headers={"Location": f"/v1/inspector-assignments/{made.id}"})


@router.get("/{assignment_id}", dependencies=allow("assignments.read"), summary="异地检查调派 An assignment")
def read_assignment(assignment_id: AssignmentId, look: LookDep) -> AssignmentRead:
    """One assignment."""
    return AssignmentRead.of(assignments.read(look, assignment_id))


@router.post(
    "/{assignment_id}/approve",
    dependencies=allow("assignments.approve"),
    summary="批准调派 Approve an assignment",
)
def approve_assignment(
    assignment_id: AssignmentId, act: ActDep, _body: NoBody | None = None
) -> AssignmentRead:
    """Approve what somebody else asked for; from then on the inspector can be drawn there."""
    return AssignmentRead.of(assignments.decide(act, assignment_id, approved=True, reason=None))


@router.post(
    "/{assignment_id}/reject",
    dependencies=allow("assignments.approve"),
    summary="不批准调派 Reject an assignment",
)
def reject_assignment(assignment_id: AssignmentId, body: RejectAssignment, act: ActDep) -> AssignmentRead:
    """Reject what somebody else asked for."""
    return AssignmentRead.of(assignments.decide(act, assignment_id, approved=False, reason=body.reason))


@router.post(
    "/{assignment_id}/end", dependencies=allow("assignments.write"), summary="提前结束调派 End an assignment"
)
def end_assignment(assignment_id: AssignmentId, body: EndAssignment, act: ActDep) -> AssignmentRead:
    """End an assignment early; what was drawn under it stands."""
    return AssignmentRead.of(assignments.end(act, assignment_id, on=body.on, reason=body.reason))
