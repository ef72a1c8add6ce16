"""Inspectors, their absences and history."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from app.acts import ActRoute, Answer, if_match
from app.deps import ActDep, ConditionalActDep, LookDep, allow
from app.schemas.page import PageOf
from app.schemas.registers import AbsenceRead, ChangeRead, InspectorRead
from app.schemas.registers_query import InspectorPageQuery, PageQuery
from app.schemas.registers_write import AbsenceWrite, InspectorPatch, InspectorWrite
from app.services.registers import inspectors

router = APIRouter(prefix="/v1/inspectors", tags=["名录库 registers"], route_class=ActRoute)

Code = Annotated[str, Path(description="检查人员编号 (the inspector's code)")]
TURN = "register:inspectors"


@router.get("", dependencies=allow("registers.read"), summary="检查人员列表 List inspectors")
def list_inspectors(look: LookDep, query: Annotated[InspectorPageQuery, Query()]) -> PageOf[InspectorRead]:
    """Inspectors of the caller's region, by code."""
    return PageOf.of(inspectors.read_page(look, query.where(), query.paging()), InspectorRead.of)


@router.post(
    "",
    status_code=201,
    dependencies=allow("registers.write"),
    response_model=InspectorRead,
    summary="登记检查人员 Enter an inspector",
)
def enter_inspector(body: InspectorWrite, act: ActDep) -> Answer:
    """Enter one inspector, under the rules of import rows."""
    made = InspectorRead.of(inspectors.register(act, body.members()))
    return Answer(made, headers={"Location": f"/v1/inspectors/{made.code}"})


@router.get("/{code}", dependencies=allow("registers.read"), summary="检查人员 An inspector")
def read_inspector(code: Code, look: LookDep) -> InspectorRead:
    """One inspector."""
    return InspectorRead.of(inspectors.read(look, code))


@router.patch("/{code}", dependencies=allow("registers.write"), summary="修改检查人员 Change an inspector")
@if_match(read_inspector, turn=TURN)
def change_inspector(code: Code, body: InspectorPatch, act: ConditionalActDep) -> InspectorRead:
    """Change certificate, qualification, cap and the like; the history keeps what was said before."""
    return InspectorRead.of(inspectors.change(act, code, body.members()))


@router.get("/{code}/history", dependencies=allow("registers.read"), summary="变更历史 History")
def inspector_history(code: Code, look: LookDep, query: Annotated[PageQuery, Query()]) -> PageOf[ChangeRead]:
    """Who changed what and when, newest first: the inspector, absences, recusals."""
    return PageOf.of(inspectors.history(look, code, query.paging()), ChangeRead.of)


@router.get("/{code}/absences", dependencies=allow("registers.read"), summary="缺勤列表 Absences")
def list_absences(code: Code, look: LookDep, query: Annotated[PageQuery, Query()]) -> PageOf[AbsenceRead]:
    """The absences of an inspector, by first day."""
    return PageOf.of(inspectors.read_absences(look, code, query.paging()), AbsenceRead.of)


@router.post(
    "/{code}/absences",
    status_code=201,
    dependencies=allow("registers.write"),
    response_model=AbsenceRead,
    summary="登记缺勤 Enter an absence",
)
def enter_absence(code: Code, body: AbsenceWrite, act: ActDep) -> Answer:
    """Keep an inspector out of the teams of some days."""
    made = AbsenceRead.of(
        inspectors.add_absence(act, code, starts_on=body.starts_on, ends_on=body.ends_on, reason=body.reason)
    )
    return Answer(made, headers={"Location": f"/v1/inspectors/{code}/absences/{made.id}"})


@router.get("/{code}/absences/{absence_id}", dependencies=allow("registers.read"), summary="缺勤 An absence")
def read_absence(code: Code, absence_id: str, look: LookDep) -> AbsenceRead:
    """One absence."""
    return AbsenceRead.of(inspectors.read_absence(look, code, absence_id))


@router.delete(
    "/{code}/absences/{absence_id}",
    status_code=204,
    dependencies=allow("registers.write"),
    summary="删除缺勤 Delete an absence",
)
@if_match(read_absence, turn=TURN)
def delete_absence(code: Code, absence_id: str, act: ConditionalActDep) -> Response:
    """Take an absence out; the history keeps it."""
    inspectors.drop_absence(act, code, absence_id)
    return Response(status_code=204)
