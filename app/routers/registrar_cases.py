"""Cases for the registrar: what visits found of a business that may be gone."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path

from app.acts import ActRoute
from app.deps import ActDep, Count, Cursor, Limit, LookDep, allow
from app.schemas.page import PageOf
from app.schemas.registrar_cases import CaseRead, DecideCase
from app.services.registers import cases

router = APIRouter(prefix="/v1/registrar-cases", tags=["名录库 registers"], route_class=ActRoute)

CaseId = Annotated[str, Path(description="待处理事项编号 (id of a case)")]


@router.get("", dependencies=allow("registers.read"), summary="名录待处理事项 Cases for the registrar")
def list_cases(
    look: LookDep,
    state: Literal["open", "decided", "dropped"] | None = None,
    code: str | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
    count: Count = False,
) -> PageOf[CaseRead]:
    """What visits found (codes 04, 07, 11 to 15), newest first; open ones wait for a decision."""
    equal = {name: value for name, value in (("state", state), ("code", code)) if value is not None}
    return PageOf.of(cases.read_page(look, equal, limit=limit, cursor=cursor, count=count), CaseRead.of)


@router.get("/{case_id}", dependencies=allow("registers.read"), summary="一项待处理事项 One case")
def one(case_id: CaseId, look: LookDep) -> CaseRead:
    """One case."""
    return CaseRead.of(cases.read(look, case_id))


@router.post("/{case_id}/decide", dependencies=allow("registers.write"), summary="处理 Decide a case")
def decide(case_id: CaseId, body: DecideCase, act: ActDep) -> CaseRead:
    """Keep the registration, or give it the status that it has in fact; its history keeps both."""
    return CaseRead.of(cases.decide(act, case_id, body.decision, reason=body.reason))
