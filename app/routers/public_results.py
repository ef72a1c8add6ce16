"""What anybody may read of results: found, filtered, fetched as files, one by one with every version."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query
from fastapi.responses import StreamingResponse

from app.acts import ActRoute, PublicRoute
from app.deps import Count, Cursor, Limit, LookDep, SnapshotDep, allow
from app.schemas.page import PageOf, RawPage
from app.schemas.public_results import PublicResultRead, PublicResultWhole, StandingRead
from app.schemas.public_results_query import ResultExportQuery, ResultPageQuery, Text
from app.services.results import public
from app.services.results.public import Ending

listed = APIRouter(prefix="/v1/public", tags=["公开 public"], route_class=PublicRoute)
router = APIRouter(prefix="/v1/public", tags=["公开 public"], route_class=ActRoute)

ResultId = Annotated[Text, Path(description="检查结果编号 (id of a result)")]
_TYPES: dict[Ending, str] = {"csv": "text/csv; charset=utf-8", "ndjson": "application/x-ndjson"}


@listed.get(
    "/results",
    dependencies=allow("public"),
    response_model=PageOf[PublicResultRead],
    summary="检查结果 Published results",
)
def list_results(look: LookDep, query: Annotated[ResultPageQuery, Query()]) -> RawPage:
    """The results that stand, newest publication first."""
    page = public.results(look, query.where(), limit=query.limit, cursor=query.cursor, count=query.count)
    return RawPage(page)


@router.get(
    "/results.{ending}",
    dependencies=allow("public"),
    summary="导出检查结果 Export results",
    response_class=StreamingResponse,
)
def export_results(
    ending: Annotated[Ending, Path(description="文件格式 (file format)")],
    opened: SnapshotDep,
    query: Annotated[ResultExportQuery, Query()],
) -> StreamingResponse:
    """The results that stand, filtered and ordered as the list is."""
    named = f"filename=\"results.{ending}\"; filename*=UTF-8''{quote(f'检查结果.{ending}')}"
    return StreamingResponse(
        public.export(opened, query.where(), ending, query.headers),
        media_type=_TYPES[ending],
        headers={"Content-Disposition": f"attachment; {named}"},
    )


@router.get("/results/{result_id}", dependencies=allow("public"), summary="一项检查结果 One result")
def one(result_id: ResultId, look: LookDep) -> PublicResultWhole:
    """The newest version with its document, and the chain of versions; a withdrawal is one too."""
    return PublicResultWhole.of(public.result(look, result_id))


@router.get(
    "/results/{result_id}/versions/{version}",
    dependencies=allow("public"),
    summary="检查结果的一个版本 A version of a result",
)
def version_of(
    result_id: ResultId,
    version: Annotated[int, Path(ge=1, le=10_000, description="版本号", examples=[1])],
    look: LookDep,
) -> PublicResultWhole:
    """A version as it was published; corrections and withdrawals leave it as it is."""
    return PublicResultWhole.of(public.result(look, result_id, version))


@router.get(
    "/draws/{draw_id}/results", dependencies=allow("public"), summary="抽取的检查结果 Results of a draw"
)
def draw_results(
    draw_id: Annotated[Text, Path(description="抽取编号 (id of a draw)")],
    look: LookDep,
    limit: Limit = 50,
    cursor: Cursor = None,
    count: Count = False,
) -> PageOf[StandingRead]:
    """After the reveal: each drawn premises, in the order drawn, with its result or its clock."""
    page = public.draw_results(look, draw_id, limit=limit, cursor=cursor, count=count)
    return PageOf.of(page, StandingRead.of)
