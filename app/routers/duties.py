"""Duties as they stand, alarms before they are missed, windows that ended; the burden of businesses."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from fastapi.responses import StreamingResponse

from app.acts import ActRoute
from app.deps import Count, Cursor, Limit, LookDep, SnapshotDep, allow
from app.domain.duties.shortage import Short
from app.domain.duties.standing import DutyState
from app.schemas.duties import AlarmRead, BurdenRead, DutyRead, EndedRead
from app.schemas.page import PageOf
from app.services.planning import burden, duties, duties_record, duties_watch
from app.services.planning.burden import Ending
from app.services.planning.duties import DutyFilter

router = APIRouter(prefix="/v1/duties", tags=["计划 planning"], route_class=ActRoute)
reports = APIRouter(prefix="/v1", tags=["监督 oversight"], route_class=ActRoute)

Item = Annotated[str | None, Query(description="抽查事项编码 (code of an item)")]
Region = Annotated[
    str | None, Query(description="行政区划前缀 (prefix of the region)", pattern="^[0-9]{0,12}$")
]
Year = Annotated[int, Query(description="年度 (calendar year)", ge=2000, le=2100, examples=[2026])]
Agency = Annotated[str | None, Query(description="部门编码 (code of an agency)", examples=["psb"])]
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": _XLSX, "ndjson": "application/x-ndjson"}


@router.get("", dependencies=allow("duties.read"), summary="频次义务 Duties as they stand")
def list_duties(
    look: LookDep,
    item: Item = None,
    state: DutyState | None = None,
    level: Annotated[int | None, Query(ge=1, le=3, description="治安等级")] = None,
    region: Region = None,
    due_before: Annotated[
        date | None, Query(description="窗口早于该日结束 (the window ends earlier than this day)")
    ] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> PageOf[DutyRead]:
    """The duty of each entity in its current window: state, window, draws that can still serve it."""
    where = DutyFilter(item=item, state=state, level=level, region=region, due_before=due_before)
    return PageOf.of(duties.read_page(look, where, limit=limit, cursor=cursor), DutyRead.of)


@router.get("/alarms", dependencies=allow("duties.read"), summary="频次预警 Alarms before duties are missed")
def list_alarms(
    look: LookDep,
    item: Item = None,
    short: Annotated[Short | None, Query(description="缺什么 (what is short)")] = None,
    open_only: Annotated[bool, Query(description="只列未解除的 (only those that are not over)")] = True,
    limit: Limit = 50,
    cursor: Cursor = None,
    count: Count = False,
) -> PageOf[AlarmRead]:
    """What may be missed and what is short, the first that falls due first."""
    found = duties_watch.alarms(
        look, item=item, short=short, open_only=open_only, limit=limit, cursor=cursor, count=count
    )
    return PageOf.of(found, AlarmRead.of)


@router.get("/ended", dependencies=allow("duties.read"), summary="已结束的窗口 Windows that are over")
def list_ended(
    look: LookDep,
    item: Item = None,
    since: Annotated[date | None, Query(description="窗口结束不早于 (ended on this day or later)")] = None,
    until: Annotated[date | None, Query(description="窗口结束不晚于 (ended on this day or earlier)")] = None,
    outcome: Literal["met", "late", "missed", "excused"] | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
    count: Count = False,
) -> PageOf[EndedRead]:
    """The windows of duties that are over: met, met late, missed, or excused and why."""
    found = duties_record.ended(
        look,
        item=item,
        first=since,
        last=until,
        outcome=outcome,
        limit=limit,
        cursor=cursor,
        count=count,
    )
    return PageOf.of(found, EndedRead.of)


@reports.get(
    "/reports/visits-per-entity", dependencies=allow("duties.read"), summary="检查次数 Visits per entity"
)
def visits_per_entity(
    look: LookDep,
    year: Year,
    region: Region = None,
    agency: Agency = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> PageOf[BurdenRead]:
    """How often each agency visited each entity in a year, against the annual cap; a merged visit is one."""
    found = burden.read_page(look, year=year, region=region, agency=agency, limit=limit, cursor=cursor)
    return PageOf.of(found, BurdenRead.of)


@reports.get(
    "/exports/visits-per-entity.{ending}",
    dependencies=allow("duties.read"),
    summary="导出检查次数 Export visits per entity",
    response_class=StreamingResponse,
)
def export_visits_per_entity(
    ending: Annotated[Ending, Path(description="文件格式 (file format)")],
    opened: SnapshotDep,
    year: Year,
    region: Region = None,
    agency: Agency = None,
    headers: Annotated[Literal["zh", "en"], Query(description="表头语言 (language of headers)")] = "zh",
) -> StreamingResponse:
    """The same report as a file."""
    pieces = burden.as_file(opened, year=year, region=region, agency=agency, ending=ending, language=headers)
    name = f'attachment; filename="visits-per-entity-{year}.{ending}"'
    return StreamingResponse(pieces, media_type=_TYPES[ending], headers={"Content-Disposition": name})
