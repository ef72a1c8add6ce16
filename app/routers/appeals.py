"""Appeals: filed by anybody, found again by the receipt; handled and decided by two officers."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from app.acts import ActRoute, Answer
from app.deps import ActDep, Count, Cursor, DoorDep, Limit, LookDep, RetryDep, UnkeptActDep, allow
from app.domain.appeals.appeal import State
from app.schemas.appeals import (
    AppealAnswer,
    AppealRead,
    AppealReceipt,
    AppealWhole,
    DecideAppeal,
    FileAppeal,
    ProposeAppeal,
)
from app.schemas.drawing import NoBody
from app.schemas.page import PageOf
from app.services.appeals import deciding, filing, reading
from app.services.appeals.reading import AppealFilter

router = APIRouter(prefix="/v1/appeals", tags=["申诉 appeals"], route_class=ActRoute)
public = APIRouter(prefix="/v1/public/appeals", tags=["公开 public"], route_class=ActRoute)

_PROBLEM: dict[str, Any] = {
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
}
_SLOWED: dict[int | str, dict[str, Any]] = {
    HTTPStatus.TOO_MANY_REQUESTS: {"description": "查询过于频繁 (asked too often)", **_PROBLEM}
}
_NO_RESULT: dict[int | str, dict[str, Any]] = {
    HTTPStatus.NOT_FOUND: {"description": "没有公开的检查结果 (no such result is public)", **_PROBLEM}
}

AppealId = Annotated[str, Path(description="申诉编号 (id of an appeal)")]


@router.get("", dependencies=allow("appeals.read"), summary="申诉列表 List appeals")
def list_appeals(
    look: LookDep,
    state: State | None = None,
    result: Annotated[str | None, Query(description="公示结果编号 (id of a result)")] = None,
    overdue: Annotated[bool, Query(description="只看逾期未决 (undecided after their last day)")] = False,
    limit: Limit = 50,
    cursor: Cursor = None,
    count: Count = False,
) -> PageOf[AppealRead]:
    """Appeals of the region, the oldest first, without what anybody wrote."""
    where = AppealFilter(state=state, result=result, overdue=overdue)
    page = reading.appeals(look, where, limit=limit, cursor=cursor, count=count)
    return PageOf.of(page, AppealRead.of)


@router.get("/{appeal_id}", dependencies=allow("appeals.read"), summary="一项申诉 One appeal")
def one(appeal_id: AppealId, act: UnkeptActDep) -> AppealWhole:
    """An appeal with who filed it, why, and what was proposed and decided; each view is logged."""
    return AppealWhole.of(reading.appeal(act, appeal_id))


@router.post("/{appeal_id}/accept", dependencies=allow("appeals.handle"), summary="受理申诉 Accept")
def accept(appeal_id: AppealId, act: ActDep, _body: NoBody | None = None) -> AppealRead:
    """Take the case, or over from a handler who is away; the public result shows that one is pending."""
    return AppealRead.of(reading.after(act, deciding.accept(act, appeal_id)))


@router.post("/{appeal_id}/propose", dependencies=allow("appeals.handle"), summary="提出办理意见 Propose")
def propose(appeal_id: AppealId, body: ProposeAppeal, act: ActDep) -> AppealRead:
    """Say how to decide and why; by the handler."""
    proposed = deciding.propose(act, appeal_id, outcome=body.outcome, reasons=body.reasons)
    return AppealRead.of(reading.after(act, proposed))


@router.post("/{appeal_id}/decide", dependencies=allow("appeals.decide"), summary="作出决定 Decide")
def decide(appeal_id: AppealId, body: DecideAppeal, act: ActDep) -> AppealRead:
    """Decide, never as the handler; one that is upheld begins the result's next version."""
    decided = deciding.decide(act, appeal_id, outcome=body.outcome, decision=body.decision)
    return AppealRead.of(reading.after(act, decided))


@public.post(
    "",
    status_code=201,
    dependencies=allow("public"),
    response_model=AppealReceipt,
    responses=_NO_RESULT | _SLOWED,
    summary="提出申诉 File an appeal",
)
def file(body: FileAppeal, act: UnkeptActDep, retry: RetryDep, door: DoorDep) -> Answer:
    """Appeal against a published result; keep the receipt, it is shown this once."""
    given = filing.file(act, body.filing(), retry)
    replay = {"Idempotent-Replay": "true"} if given.again else {}
    return Answer(AppealReceipt.of(given), headers=door | replay)


@public.get(
    "/{appeal_receipt}",
    dependencies=allow("public"),
    response_model=AppealAnswer,
    responses=_SLOWED,
    summary="查询申诉 An appeal by its receipt",
)
def by_receipt(
    appeal_receipt: Annotated[str, Path(max_length=40, description="回执编号 (the receipt)")],
    look: LookDep,
    door: DoorDep,
) -> Answer:
    """How far the appeal is and what was decided; any other receipt gets one and the same 404."""
    return Answer(AppealAnswer.of(reading.by_receipt(look, appeal_receipt)), headers=door)
