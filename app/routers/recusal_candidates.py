"""Suspected grounds for recusal, which a person confirms or rejects."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from app.acts import ActRoute
from app.deps import ActDep, LookDep, allow
from app.schemas.drawing import NoBody
from app.schemas.page import PageOf
from app.schemas.recusal_candidates import (
    CandidateQuery,
    CandidateRead,
    ConfirmCandidate,
    RejectCandidate,
    SearchRead,
)
from app.services.registers import recusal_candidates as candidates
from app.services.registers import suspecting

router = APIRouter(prefix="/v1/recusal-candidates", tags=["名录库 registers"], route_class=ActRoute)

CandidateId = Annotated[str, Path(description="疑似回避编号 (id of a suspected recusal)")]


@router.get("", dependencies=allow("recusal-candidates.read"), summary="疑似回避列表 Suspected recusals")
def list_candidates(look: LookDep, query: Annotated[CandidateQuery, Query()]) -> PageOf[CandidateRead]:
    """Suspected recusals at premises of the caller's region, newest first."""
    return PageOf.of(candidates.read_page(look, query.where(), query.paging()), CandidateRead.of)


@router.post(
    "/search", dependencies=allow("recusal-candidates.decide"), summary="查找疑似回避 Search the registers"
)
def search(act: ActDep, _body: NoBody | None = None) -> SearchRead:
    """Compare all officers and premises of the region anew; the worker does so with each change."""
    return SearchRead.model_validate(suspecting.search(act))


@router.get(
    "/{candidate_id}", dependencies=allow("recusal-candidates.read"), summary="疑似回避 A suspected recusal"
)
def read_candidate(candidate_id: CandidateId, look: LookDep) -> CandidateRead:
    """One suspected recusal."""
    return CandidateRead.of(candidates.read(look, candidate_id))


@router.post(
    "/{candidate_id}/confirm",
    dependencies=allow("recusal-candidates.decide"),
    summary="确认回避 Confirm a recusal",
)
def confirm_candidate(candidate_id: CandidateId, body: ConfirmCandidate, act: ActDep) -> CandidateRead:
    """Enter the recusal in the register; from then on draws keep the officer away."""
    return CandidateRead.of(candidates.confirm(act, candidate_id, body.found()))


@router.post(
    "/{candidate_id}/reject",
    dependencies=allow("recusal-candidates.decide"),
    summary="排除疑似回避 Reject a suspected recusal",
)
def reject_candidate(candidate_id: CandidateId, body: RejectCandidate, act: ActDep) -> CandidateRead:
    """Say why it is none; the same finding does not come up again."""
    return CandidateRead.of(candidates.reject(act, candidate_id, reason=body.reason))
