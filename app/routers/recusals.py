"""Recusals of inspectors at entities."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.acts import ActRoute, Answer, if_match
from app.deps import ActDep, ConditionalActDep, LookDep, allow
from app.schemas.page import PageOf
from app.schemas.registers import RecusalRead
from app.schemas.registers_query import RecusalPageQuery
from app.schemas.registers_write import RecusalPatch, RecusalWrite
from app.services.registers import inspectors

router = APIRouter(prefix="/v1/recusals", tags=["名录库 registers"], route_class=ActRoute)


@router.get("", dependencies=allow("registers.read"), summary="回避列表 List recusals")
def list_recusals(look: LookDep, query: Annotated[RecusalPageQuery, Query()]) -> PageOf[RecusalRead]:
    """Recusals at entities of the caller's region."""
    return PageOf.of(inspectors.read_recusals(look, query.where(), query.paging()), RecusalRead.of)


@router.post(
    "",
    status_code=201,
    dependencies=allow("registers.write"),
    response_model=RecusalRead,
    summary="登记回避 Enter a recusal",
)
def enter_recusal(body: RecusalWrite, act: ActDep) -> Answer:
    """Keep an inspector from an entity, with the ground for it."""
    made = RecusalRead.of(inspectors.recuse(act, body.members()))
    return Answer(made, headers={"Location": f"/v1/recusals/{made.id}"})


@router.get("/{recusal_id}", dependencies=allow("registers.read"), summary="回避 A recusal")
def read_recusal(recusal_id: str, look: LookDep) -> RecusalRead:
    """One recusal."""
    return RecusalRead.of(inspectors.read_recusal(look, recusal_id))


@router.patch("/{recusal_id}", dependencies=allow("registers.write"), summary="修改回避 Change a recusal")
@if_match(read_recusal, turn="register:recusals")
def change_recusal(recusal_id: str, body: RecusalPatch, act: ConditionalActDep) -> RecusalRead:
    """Say until when it holds."""
    return RecusalRead.of(inspectors.change_recusal(act, recusal_id, body.members()))
