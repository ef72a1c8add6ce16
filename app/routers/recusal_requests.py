"""Requests for recusal: asked for by officers and by the inspected party, decided by somebody else."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from app.acts import ActRoute, Answer
from app.deps import ActDep, Count, Cursor, DoorDep, Limit, LookDep, UnkeptActDep, allow
from app.domain.recusing import Decision
from app.schemas.page import PageOf
from app.schemas.recusal_requests import (
    AskAsParty,
    AskRecusal,
    DecideRecusal,
    RecusalAnswer,
    RecusalReceipt,
    RecusalRequestRead,
)
from app.services.drawing import recusal_requests as reading
from app.services.drawing import recusing
from app.services.drawing.recusal_requests import RequestFilter

router = APIRouter(prefix="/v1/recusal-requests", tags=["检查 fieldwork"], route_class=ActRoute)
at_visits = APIRouter(prefix="/v1/visits", tags=["检查 fieldwork"], route_class=ActRoute)
public = APIRouter(prefix="/v1/public/recusal-requests", tags=["公开 public"], route_class=ActRoute)

RequestId = Annotated[str, Path(description="回避申请编号 (id of a request)")]


@at_visits.post(
    "/{visit_id}/recusal-requests",
    status_code=201,
    dependencies=allow("recusals.ask"),
    response_model=RecusalRequestRead,
    summary="申请回避 Ask for a recusal",
)
def ask(
    visit_id: Annotated[str, Path(description="检查编号 (id of a visit)")], body: AskRecusal, act: ActDep
) -> Answer:
    """An officer of the team asks, from the disclosure on; the visit goes on until it is decided."""
    made = RecusalRequestRead.of(recusing.ask(act, visit_id, body.asked()))
    return Answer(made, {"Location": f"/v1/recusal-requests/{made.id}"})


@router.get("", dependencies=allow("recusals.requests"), summary="回避申请列表 Requests for recusal")
def list_requests(
    look: LookDep,
    state: Decision | None = None,
    visit: Annotated[str | None, Query(description="检查编号 (id of a visit)")] = None,
    overdue: Annotated[bool, Query(description="只看逾期未决 (undecided after their last day)")] = False,
    limit: Limit = 50,
    cursor: Cursor = None,
    count: Count = False,
) -> PageOf[RecusalRequestRead]:
    """Requests that the caller may know of, newest first; an officer's own, and those at his visits."""
    where = RequestFilter(state=state, visit=visit, overdue=overdue)
    page = reading.requests(look, where, limit=limit, cursor=cursor, count=count)
    return PageOf.of(page, RecusalRequestRead.of)


@router.get("/{request_id}", dependencies=allow("recusals.requests"), summary="回避申请 A request")
def one(request_id: RequestId, look: LookDep) -> RecusalRequestRead:
    """One request and its decision."""
    return RecusalRequestRead.of(reading.request(look, request_id))


@router.post("/{request_id}/grant", dependencies=allow("recusals.decide"), summary="决定回避 Grant")
def grant(request_id: RequestId, body: DecideRecusal, act: ActDep) -> RecusalRequestRead:
    """Let the officer keep away: declared in the register, and an amendment of the draw deals a successor."""
    return RecusalRequestRead.of(recusing.grant(act, request_id, reason=body.reason))


@router.post("/{request_id}/refuse", dependencies=allow("recusals.decide"), summary="驳回回避申请 Refuse")
def refuse(request_id: RequestId, body: DecideRecusal, act: ActDep) -> RecusalRequestRead:
    """Let the officer stay."""
    return RecusalRequestRead.of(recusing.refuse(act, request_id, reason=body.reason))


@public.post(
    "",
    status_code=201,
    dependencies=allow("public"),
    response_model=RecusalReceipt,
    summary="当事人申请回避 The party asks",
)
def ask_as_party(body: AskAsParty, act: UnkeptActDep, door: DoorDep) -> Answer:
    """The inspected party asks with the code at the door; asked again, the receipt is the same."""
    given = recusing.ask_as_party(act, code=body.code, certificate_no=body.certificate_no, asked=body.asked())
    return Answer(RecusalReceipt.of(given), headers=door)


@public.get(
    "/{receipt}",
    dependencies=allow("public"),
    response_model=RecusalAnswer,
    summary="查询回避决定 The decision",
)
def by_receipt(
    receipt: Annotated[str, Path(max_length=40, description="回执编号 (the receipt)")],
    look: LookDep,
    door: DoorDep,
) -> Answer:
    """What was decided, by the receipt that the party was given."""
    return Answer(RecusalAnswer.of(reading.by_receipt(look, receipt)), headers=door)
