"""Visits: who may know of them, the day, the code for the door, check-in and -out, visits without a draw."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from app.acts import ActRoute
from app.deps import ActDep, Count, Cursor, Limit, UnkeptActDep, allow
from app.domain.fieldwork.visit import Kind, State
from app.schemas.drawing import NoBody
from app.schemas.page import PageOf
from app.schemas.visits import (
    DeclineVisit,
    NameTeam,
    OneVisit,
    RequestVisit,
    ScheduleVisit,
    SealedVisit,
    VisitCodeRead,
    VisitRead,
)
from app.services.fieldwork import reading, requesting, working
from app.services.fieldwork.reading import VisitFilter

router = APIRouter(prefix="/v1/visits", tags=["检查 fieldwork"], route_class=ActRoute)

VisitId = Annotated[str, Path(description="检查编号 (id of a visit)")]


@router.get("", dependencies=allow("visits.read"), summary="检查列表 List visits")
def list_visits(
    act: ActDep,
    state: State | None = None,
    kind: Kind | None = None,
    item: str | None = None,
    draw: Annotated[str | None, Query(description="抽取编号 (id of a draw)")] = None,
    entity: Annotated[str | None, Query(description="检查对象编号 (DR1 entity id)")] = None,
    approval_overdue: Annotated[
        bool, Query(description="只列逾期未补批的紧急检查 (only emergencies not approved in time)")
    ] = False,
    limit: Limit = 50,
    cursor: Cursor = None,
    count: Count = False,
) -> PageOf[VisitRead | SealedVisit]:
    """Visits that the caller may know of, newest first; an inspector's own only, sealed until disclosed."""
    where = VisitFilter(
        state=state,
        kind=kind,
        item=item,
        draw_id=draw,
        entity_key=entity,
        approval_overdue=approval_overdue,
    )
    page = reading.visits(act, where, limit=limit, cursor=cursor, count=count)
    return PageOf.of(page, VisitRead.of)


@router.get("/{visit_id}", dependencies=allow("visits.read"), summary="一次检查 One visit")
def one(visit_id: VisitId, act: ActDep) -> OneVisit | SealedVisit:
    """A visit with its checklist, its team and who came when; each view is logged."""
    return OneVisit.of(reading.visit(act, visit_id))


@router.post(
    "", status_code=201, dependencies=allow("visits.request"), summary="申请非抽取检查 Ask for a visit"
)
def request(body: RequestVisit, act: ActDep) -> OneVisit | SealedVisit:
    """A visit without a draw: approved before it begins, an emergency afterwards; never counted as drawn."""
    return OneVisit.of(reading.shown(act, requesting.request(act, body.wanted())))


@router.post("/{visit_id}/approve", dependencies=allow("visits.approve"), summary="批准检查 Approve a visit")
def approve(visit_id: VisitId, act: ActDep, _body: NoBody | None = None) -> OneVisit | SealedVisit:
    """Approve a visit that another person asked for."""
    return OneVisit.of(reading.shown(act, requesting.approve(act, visit_id)))


@router.post("/{visit_id}/decline", dependencies=allow("visits.approve"), summary="不予批准 Refuse a visit")
def decline(visit_id: VisitId, body: DeclineVisit, act: ActDep) -> OneVisit | SealedVisit:
    """Refuse a visit that another person asked for; an emergency only before anybody went."""
    return OneVisit.of(reading.shown(act, requesting.decline(act, visit_id, reason=body.reason)))


@router.post("/{visit_id}/team", dependencies=allow("visits.staff"), summary="指派检查人员 Name the team")
def name_team(visit_id: VisitId, body: NameTeam, act: ActDep) -> OneVisit | SealedVisit:
    """Name a single-random visit's officers, or who comes for those of a named team with a ground not to."""
    return OneVisit.of(reading.shown(act, requesting.name_team(act, visit_id, body.inspectors)))


@router.post("/{visit_id}/schedule", dependencies=allow("visits.work"), summary="选定检查日 Pick the day")
def schedule(visit_id: VisitId, body: ScheduleVisit, act: ActDep) -> OneVisit | SealedVisit:
    """The team picks the day, not knowing where; the target shows on that day."""
    visit = working.schedule(act, visit_id, visit_on=body.visit_on, disclose_from=body.disclose_from)
    return OneVisit.of(reading.shown(act, visit))


@router.post(
    "/{visit_id}/code", status_code=201, dependencies=allow("visits.work"), summary="生成检查码 A code"
)
def give_code(
    visit_id: VisitId, act: UnkeptActDep, request: Request, _body: NoBody | None = None
) -> VisitCodeRead:
    """The code that the premises types at `/verify` or scans; its text is kept nowhere, a new one ends it."""
    return VisitCodeRead.of(working.give_code(act, visit_id), base=str(request.base_url))


@router.post("/{visit_id}/check-in", dependencies=allow("visits.work"), summary="签到 Check in")
def check_in(visit_id: VisitId, act: ActDep, _body: NoBody | None = None) -> OneVisit | SealedVisit:
    """The caller is at the premises; with two officers of the team there the visit has begun."""
    return OneVisit.of(reading.shown(act, working.check_in(act, visit_id)))


@router.post("/{visit_id}/check-out", dependencies=allow("visits.work"), summary="签退 Check out")
def check_out(visit_id: VisitId, act: ActDep, _body: NoBody | None = None) -> OneVisit | SealedVisit:
    """The caller leaves; when all have left the visit has ended and its record can be submitted."""
    return OneVisit.of(reading.shown(act, working.check_out(act, visit_id)))


@router.post("/{visit_id}/attempts", dependencies=allow("visits.work"), summary="上门未遇 Nobody was there")
def attempt(visit_id: VisitId, act: ActDep, _body: NoBody | None = None) -> OneVisit | SealedVisit:
    """Nobody was found (04); two attempts on different days in the window make the visit unreachable."""
    return OneVisit.of(reading.shown(act, working.attempt(act, visit_id)))
