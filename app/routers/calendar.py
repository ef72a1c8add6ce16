"""The calendar of draws: a year's draws from draft to approval, ad-hoc draws, and what the public sees."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Response

from app.acts import ActRoute, Answer, if_match
from app.deps import ActDep, ConditionalActDep, Count, Cursor, Limit, LookDep, RetryableActDep, allow
from app.schemas.draw_calendar import (
    AdhocRead,
    AdhocRejection,
    AdhocState,
    AdhocWrite,
    CalendarDrawRead,
    CalendarDrawWrite,
    CalendarRead,
    CalendarState,
    CalendarWrite,
    PublicCalendarRead,
    ReplacementWrite,
)
from app.schemas.page import PageOf
from app.services.planning import (
    adhoc_draws,
    calendar_approving,
    calendar_drafting,
    calendar_reading,
    calendar_replacing,
    public_calendar,
)
from app.services.planning.calendar_rows import TURN
from app.store.draw_calendar import CalendarFilter

router = APIRouter(prefix="/v1/calendar", tags=["计划 planning"], route_class=ActRoute)
public = APIRouter(prefix="/v1/public/calendar", tags=["公开 public"], route_class=ActRoute)

CalendarId = Annotated[str, Path(description="抽查日历编号 (id of a calendar)")]
CalendarDrawId = Annotated[str, Path(description="日历中一期的编号 (id of a draw of a calendar)")]
AdhocId = Annotated[str, Path(description="临时抽查编号 (id of an ad-hoc draw)")]
Item = Annotated[str | None, Query(description="抽查事项编码 (an item)", examples=["psb.internet-cafes"])]
Region = Annotated[str | None, Query(description="行政区划前缀 (a region prefix)", examples=["410928"])]
Year = Annotated[int | None, Query(ge=2000, le=2100, description="年份 (year)", examples=[2026])]
MergePatch = Annotated[
    dict[str, Any],
    Body(
        media_type="application/merge-patch+json",
        description="RFC 7396：visit_from、visit_to、rate",
        openapi_examples={"days": {"value": {"visit_from": "2026-11-10", "visit_to": "2026-11-16"}}},
    ),
]


@router.post(
    "",
    status_code=201,
    response_model=CalendarRead,
    dependencies=allow("draw-calendars.write"),
    summary="起草年度抽查日历 Draft a year's calendar",
)
def draft(body: CalendarWrite, act: ActDep) -> Answer:
    """From the policy and the working days; another caller approves it."""
    made = CalendarRead.of(calendar_reading.as_drafted(act, calendar_drafting.draft(act, body.asked())))
    return Answer(made, {"Location": f"/v1/calendar/{made.id}"})


@router.get("", dependencies=allow("draw-calendars.read"), summary="抽查日历 Calendars of draws")
def calendars(
    look: LookDep,
    item: Item = None,
    region: Region = None,
    year: Year = None,
    state: CalendarState | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
    count: Count = False,
) -> PageOf[CalendarRead]:
    """Calendars with their days, newest first, and what each lacks by now; no day is for the public."""
    where = CalendarFilter(item=item, region=region, year=year, state=state)
    found = calendar_reading.calendars(look, where, limit=limit, cursor=cursor, count=count)
    return PageOf.of(found, CalendarRead.of)


@router.post(
    "/ad-hoc",
    status_code=201,
    response_model=AdhocRead,
    dependencies=allow("draw-calendars.write"),
    summary="申请临时抽查 Ask for an ad-hoc draw",
)
def request_adhoc(body: AdhocWrite, act: ActDep) -> Answer:
    """A draw that no calendar foresees, with its reason; another caller approves it."""
    made = AdhocRead.of(adhoc_draws.request(act, body.asked()))
    return Answer(made, {"Location": f"/v1/calendar/ad-hoc/{made.id}"})


@router.get("/ad-hoc", dependencies=allow("draw-calendars.read"), summary="临时抽查列表 Ad-hoc draws")
def adhoc_list(
    look: LookDep,
    item: Item = None,
    region: Region = None,
    year: Year = None,
    state: AdhocState | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
    count: Count = False,
) -> PageOf[AdhocRead]:
    """Ad-hoc draws within the caller's region, newest first, whatever was decided."""
    where = CalendarFilter(item=item, region=region, year=year, state=state)
    found = calendar_reading.adhoc_list(look, where, limit=limit, cursor=cursor, count=count)
    return PageOf.of(found, AdhocRead.of)


@router.get("/ad-hoc/{adhoc_id}", dependencies=allow("draw-calendars.read"), summary="一次临时抽查 One")
def adhoc(adhoc_id: AdhocId, look: LookDep) -> AdhocRead:
    """An ad-hoc draw that was asked for."""
    return AdhocRead.of(calendar_reading.adhoc(look, adhoc_id))


@router.post(
    "/ad-hoc/{adhoc_id}/approve", dependencies=allow("draw-calendars.approve"), summary="批准临时抽查 Approve"
)
def approve_adhoc(adhoc_id: AdhocId, act: ActDep) -> AdhocRead:
    """Give it its period; from now on plans may be made for it, and the public counts it."""
    return AdhocRead.of(adhoc_draws.approve(act, adhoc_id))


@router.post(
    "/ad-hoc/{adhoc_id}/reject", dependencies=allow("draw-calendars.approve"), summary="退回临时抽查 Reject"
)
def reject_adhoc(adhoc_id: AdhocId, body: AdhocRejection, act: ActDep) -> AdhocRead:
    """Do not hold it, and say why."""
    return AdhocRead.of(adhoc_draws.reject(act, adhoc_id, reason=body.reason))


@router.get(
    "/draws/{calendar_draw_id}", dependencies=allow("draw-calendars.read"), summary="日历中的一期 One draw"
)
def calendar_draw(calendar_draw_id: CalendarDrawId, look: LookDep) -> CalendarDrawRead:
    """A draw of a calendar; its ETag is what a PATCH must name."""
    return CalendarDrawRead.of(calendar_reading.draw(look, calendar_draw_id))


@router.patch(
    "/draws/{calendar_draw_id}", dependencies=allow("draw-calendars.write"), summary="调整一期 Move a draw"
)
@if_match(calendar_draw, turn=TURN)
def move(calendar_draw_id: CalendarDrawId, body: MergePatch, act: ConditionalActDep) -> CalendarDrawRead:
    """Move a draw of a draft inside its window, or set its rate; whoever does cannot approve the calendar."""
    before = CalendarDrawRead.of(calendar_reading.draw_of(act, calendar_draw_id))
    change = CalendarDrawWrite.patched(before, body).change()
    return CalendarDrawRead.of(
        calendar_reading.as_changed(act, calendar_approving.change(act, calendar_draw_id, change))
    )


@router.post(
    "/draws/{calendar_draw_id}/replacement",
    dependencies=allow("draw-calendars.write"),
    summary="补抽日期 Days for a voided draw",
)
def replace(
    calendar_draw_id: CalendarDrawId, body: ReplacementWrite, act: RetryableActDep
) -> CalendarDrawRead:
    """Set the days on which a voided draw is held again, inside its window; left out: those proposed."""
    row = calendar_replacing.replace(act, calendar_draw_id, body.visits())
    return CalendarDrawRead.of(calendar_reading.as_changed(act, row))


@router.get("/{calendar_id}", dependencies=allow("draw-calendars.read"), summary="一份抽查日历 One calendar")
def calendar(calendar_id: CalendarId, look: LookDep) -> CalendarRead:
    """A calendar with its days and what it lacks by now; its ETag is what a DELETE must name."""
    return CalendarRead.of(calendar_reading.calendar(look, calendar_id))


@router.post(
    "/{calendar_id}/approve", dependencies=allow("draw-calendars.approve"), summary="批准抽查日历 Approve"
)
def approve(calendar_id: CalendarId, act: ActDep) -> CalendarRead:
    """Approve a draft of somebody else in which every window has draws and a reserve."""
    return CalendarRead.of(calendar_reading.as_drafted(act, calendar_approving.approve(act, calendar_id)))


@router.delete(
    "/{calendar_id}",
    status_code=204,
    response_class=Response,
    dependencies=allow("draw-calendars.write"),
    summary="删除草案 Delete a draft",
)
@if_match(calendar, turn=TURN)
def discard(calendar_id: CalendarId, act: ConditionalActDep) -> Response:
    """Throw a draft away; an approved calendar stays."""
    calendar_approving.discard(act, calendar_id)
    return Response(status_code=204)


@public.get("", dependencies=allow("public"), summary="抽查日历公开 Calendars, for the public")
def public_calendars(
    look: LookDep,
    year: Year = None,
    region: Region = None,
    item: Item = None,
    limit: Limit = 50,
    cursor: Cursor = None,
    count: Count = False,
) -> PageOf[PublicCalendarRead]:
    """Months, items, rates and how many draws, ad-hoc ones with the reason's code; never a day."""
    found = public_calendar.calendars(
        look, year=year, region=region, item=item, limit=limit, cursor=cursor, count=count
    )
    return PageOf.of(found, PublicCalendarRead.model_validate)
