"""Dispositions of visits: recorded, closed, overdue, and the re-inspections that they lead to."""

from typing import Annotated, Literal

from fastapi import APIRouter, Body, Path, Query

from app.acts import ActRoute, Answer, if_match
from app.deps import ActDep, ConditionalActDep, Count, Cursor, Limit, LookDep, allow
from app.domain.fieldwork.dispositions import Kind
from app.schemas.dispositions import (
    CloseDisposition,
    DealList,
    DealRead,
    DispositionRead,
    DispositionWrite,
    OpenReinspection,
    ReinspectionRead,
)
from app.schemas.page import PageOf
from app.services.fieldwork import dispositions, rechecking
from app.services.fieldwork.dispositions import Wanted
from app.services.fieldwork.rechecking import Window

router = APIRouter(tags=["后续处置 dispositions"], route_class=ActRoute)

VisitId = Annotated[str, Path(description="检查编号 (id of a visit)")]
DispositionId = Annotated[str, Path(description="处置编号 (id of a disposition)")]


@router.post(
    "/v1/visits/{visit_id}/dispositions",
    status_code=201,
    response_model=DispositionRead,
    dependencies=allow("dispositions.write"),
    summary="登记后续处置 Record a disposition",
)
def record(visit_id: VisitId, body: DispositionWrite, act: ActDep) -> Answer:
    """Record what follows from a submitted visit."""
    made = dispositions.record(act, visit_id, body.terms(), note=body.note)
    return Answer(DispositionRead.of(made), {"Location": f"/v1/dispositions/{made.id}"})


@router.get("/v1/dispositions", dependencies=allow("dispositions.read"), summary="后续处置列表 List")
def list_dispositions(
    look: LookDep,
    visit: Annotated[str | None, Query(description="检查编号 (id of a visit)")] = None,
    kind: Kind | None = None,
    state: Literal["open", "done"] | None = None,
    overdue: Annotated[
        bool,
        Query(description="只列逾期未办结或未按期复查 (only what is late, or not checked again in time)"),
    ] = False,
    recheck_overdue: Annotated[
        bool, Query(description="只列未按期复查的责令改正 (only orders not checked again in time)")
    ] = False,
    extension_asked: Annotated[
        bool, Query(description="只列有待批延期申请的 (only those with a request for a later day)")
    ] = False,
    limit: Limit = 50,
    cursor: Cursor = None,
    count: Count = False,
) -> PageOf[DispositionRead]:
    """Dispositions of the visits that the caller may see, newest first."""
    equal = {"visit_id": visit, "kind": kind, "state": state}
    wanted = Wanted(
        equal={name: value for name, value in equal.items() if value is not None},
        overdue=overdue,
        recheck_overdue=recheck_overdue,
        extension_asked=extension_asked,
    )
    found = dispositions.dispositions(look, wanted, limit=limit, cursor=cursor, count=count)
    return PageOf.of(found, DispositionRead.of)


@router.get(
    "/v1/dispositions/{disposition_id}",
    dependencies=allow("dispositions.read"),
    summary="一项后续处置 One disposition",
)
def one(disposition_id: DispositionId, look: LookDep) -> DispositionRead:
    """A disposition; its ETag is what a PATCH must name."""
    return DispositionRead.of(dispositions.read(look, disposition_id))


@router.patch(
    "/v1/dispositions/{disposition_id}",
    dependencies=allow("dispositions.write"),
    summary="办结后续处置 Close a disposition",
)
@if_match(one, turn="dispositions")
def close(
    disposition_id: DispositionId,
    body: Annotated[CloseDisposition, Body(media_type="application/merge-patch+json")],
    act: ConditionalActDep,
) -> DispositionRead:
    """Close a disposition on a day; an order to correct only after a re-inspection."""
    return DispositionRead.of(dispositions.close(act, disposition_id, body.changes()))


@router.post(
    "/v1/dispositions/{disposition_id}/reinspection",
    status_code=201,
    response_model=ReinspectionRead,
    dependencies=allow("dispositions.reinspect"),
    summary="发起复查 Open a re-inspection",
)
def reinspect(disposition_id: DispositionId, body: OpenReinspection, act: ActDep) -> Answer:
    """Open a re-inspection of just the entries that failed; its team is dealt from a secret, kept seed."""
    window = Window(visit_from=body.visit_from, visit_to=body.visit_to)
    visit = rechecking.open_reinspection(act, disposition_id, window)
    return Answer(ReinspectionRead.of(visit), {"Location": f"/v1/visits/{visit.id}"})


@router.get(
    "/v1/dispositions/{disposition_id}/deals",
    dependencies=allow("dispositions.deal"),
    summary="复查分派记录 How teams were dealt",
)
def deals(disposition_id: DispositionId, act: ActDep) -> DealList:
    """Seed and lists of every re-inspection's deal, and the team that they give; each view is logged."""
    return DealList(items=[DealRead(**one) for one in dispositions.deals(act, disposition_id)])
