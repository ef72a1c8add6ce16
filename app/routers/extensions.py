"""Later days for dispositions: asked for by the team, decided by another person, all of it kept."""

from typing import Annotated

from fastapi import APIRouter, Body, Path

from app.acts import ActRoute
from app.deps import ActDep, LookDep, allow
from app.schemas.dispositions import (
    ApproveExtension,
    AskExtension,
    DeclineExtension,
    ExtensionList,
    ExtensionRead,
)
from app.services.fieldwork import extending

router = APIRouter(
    prefix="/v1/dispositions/{disposition_id}/extensions",
    tags=["后续处置 dispositions"],
    route_class=ActRoute,
)

DispositionId = Annotated[str, Path(description="处置编号 (id of a disposition)")]
Number = Annotated[int, Path(ge=1, le=1000, description="第几次申请 (its number)", examples=[1])]


@router.post("", status_code=201, dependencies=allow("dispositions.extend"), summary="申请延期 Ask for time")
def ask(disposition_id: DispositionId, body: AskExtension, act: ActDep) -> ExtensionRead:
    """Ask for a later day while the term still runs, with a reason; an order's re-check moves with it."""
    return ExtensionRead.of(extending.ask(act, disposition_id, due_on=body.due_on, reason=body.reason))


@router.get("", dependencies=allow("dispositions.read"), summary="延期记录 Its extensions")
def history(disposition_id: DispositionId, look: LookDep) -> ExtensionList:
    """Every request with its reason, who asked, who decided and what."""
    return ExtensionList(items=[ExtensionRead.of(row) for row in extending.history(look, disposition_id)])


@router.post("/{n}/approve", dependencies=allow("dispositions.extend.approve"), summary="批准延期 Approve")
def approve(
    disposition_id: DispositionId,
    n: Number,
    act: ActDep,
    body: Annotated[ApproveExtension | None, Body()] = None,
) -> ExtensionRead:
    """Let the later day hold; never by who asked, recorded the disposition or was at the visit."""
    note = None if body is None else body.note
    return ExtensionRead.of(extending.approve(act, disposition_id, n, note=note))


@router.post("/{n}/decline", dependencies=allow("dispositions.extend.approve"), summary="不予延期 Decline")
def decline(disposition_id: DispositionId, n: Number, body: DeclineExtension, act: ActDep) -> ExtensionRead:
    """Let the day stand, with a reason."""
    return ExtensionRead.of(extending.decline(act, disposition_id, n, reason=body.reason))
