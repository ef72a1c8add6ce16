"""The league table, as JSON and as a workbook, and the list for criticism by name."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from app.acts import ActRoute
from app.deps import LookDep, SnapshotDep, allow
from app.schemas.league import (
    BehindQuery,
    CriticismsRead,
    LeagueQuery,
    LeagueRead,
    ObligationRead,
)
from app.schemas.page import PageOf
from app.services.oversight import league

router = APIRouter(prefix="/v1", tags=["监督 oversight"], route_class=ActRoute)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NAMED = f"attachment; filename=\"league-table.xlsx\"; filename*=UTF-8''{quote('考核排名.xlsx')}"


@router.get("/league-table", dependencies=allow("league.read"), summary="考核排名 The league table")
def league_table(look: LookDep, query: Annotated[LeagueQuery, Query()]) -> LeagueRead:
    """What each unit owes in each month, what it did in time, late or not at all, and its rank."""
    return LeagueRead.of(league.table(look, query.asked()))


@router.get(
    "/league-table.xlsx",
    dependencies=allow("league.read"),
    summary="考核排名表格 The league table as a workbook",
    response_class=StreamingResponse,
)
def league_workbook(opened: SnapshotDep, query: Annotated[LeagueQuery, Query()]) -> StreamingResponse:
    """The same as XLSX."""
    headers = {"Content-Disposition": _NAMED}
    return StreamingResponse(league.workbook(opened, query.asked()), media_type=_XLSX, headers=headers)


@router.get(
    "/league-table/rows", dependencies=allow("league.read"), summary="明细 The rows behind the figures"
)
def league_rows(look: LookDep, query: Annotated[BehindQuery, Query()]) -> PageOf[ObligationRead]:
    """Every obligation of a kind with its day and what became of it, oldest first."""
    found = league.rows_behind(
        look,
        query.asked(),
        kind=query.kind,
        wanted=query.outcome,
        station=query.station,
        limit=query.limit,
        cursor=query.cursor,
        count=query.count,
    )
    return PageOf[ObligationRead].of(found, lambda row: ObligationRead.of(row, found.names))


@router.get(
    "/league-table/criticism", dependencies=allow("league.read"), summary="通报批评名单 Units to be named"
)
def criticism(look: LookDep, query: Annotated[LeagueQuery, Query()]) -> CriticismsRead:
    """Units whose figures reach a criterion, those that missed most first; `rows` tells behind them."""
    return CriticismsRead.of(league.criticism(look, query.asked()))
