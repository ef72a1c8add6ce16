"""Feeds that anybody may follow."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.acts import ActRoute, tagged
from app.deps import LookDep, allow
from app.schemas.public_results_query import ResultQuery
from app.services.results import public_feed

router = APIRouter(prefix="/v1/public", tags=["公开 public"], route_class=ActRoute)
_ATOM = "application/atom+xml; charset=utf-8"


@router.get(
    "/results.atom",
    dependencies=allow("public"),
    summary="检查结果订阅 Results as an Atom feed",
    response_class=Response,
    responses={200: {"content": {"application/atom+xml": {"schema": {"type": "string"}}}}},
)
def results(request: Request, look: LookDep, query: Annotated[ResultQuery, Query()]) -> Response:
    """The 50 newest results, filtered as the list is (RFC 4287)."""
    base = str(request.base_url).rstrip("/")
    return tagged(request, public_feed.feed(look, query.where(), base=base, asked=query.asked()), _ATOM)
