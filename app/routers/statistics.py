"""Statistics: for anybody of revealed draws, for supervisors of every draw."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.acts import ActRoute
from app.deps import LookDep, allow
from app.schemas.public_results import OversightStatistics, PublicStatistics
from app.schemas.public_results_query import StatisticsQuery
from app.services.results import public
from app.services.results import statistics as oversight

router = APIRouter(prefix="/v1/statistics", tags=["监督 oversight"], route_class=ActRoute)
public_router = APIRouter(prefix="/v1/public/statistics", tags=["公开 public"], route_class=ActRoute)


@public_router.get("", dependencies=allow("public"), summary="统计 Statistics")
def public_statistics(look: LookDep, query: Annotated[StatisticsQuery, Query()]) -> PublicStatistics:
    """How many premises were drawn, visited, found in violation, punished, and published in time."""
    return PublicStatistics.model_validate(
        public.statistics(look, query.where(), by=query.by), from_attributes=True
    )


@router.get("", dependencies=allow("statistics.read"), summary="监督统计 Statistics for supervisors")
def statistics(look: LookDep, query: Annotated[StatisticsQuery, Query()]) -> OversightStatistics:
    """The same of every draw in the caller's region, with what is open and what is not public yet."""
    return OversightStatistics.model_validate(
        oversight.statistics(look, query.where(), by=query.by), from_attributes=True
    )
