"""What anybody may look up of an entity: its published results."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from app.acts import PublicRoute
from app.deps import LookDep, allow
from app.schemas.page import RawPage
from app.schemas.public_results import EntityResults
from app.schemas.public_results_query import Text
from app.schemas.registers_query import PageQuery
from app.services.results import public

router = APIRouter(prefix="/v1/public/entities", tags=["公开 public"], route_class=PublicRoute)


@router.get(
    "/{named:path}",
    dependencies=allow("public"),
    response_model=EntityResults,
    summary="检查对象的检查结果 An entity's results",
)
def one(
    named: Annotated[
        Text, Path(description="统一社会信用代码或 DR1 检查对象编号 (a USCC, or the DR1 id of one premises)")
    ],
    look: LookDep,
    query: Annotated[PageQuery, Query()],
) -> RawPage:
    """The results that stand, newest first; of a USCC with several premises those of all."""
    page = public.entity(look, named, limit=query.limit, cursor=query.cursor, count=query.count)
    return RawPage(page, {"named": named})
