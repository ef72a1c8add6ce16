"""The share of single-random draws: for supervisors of every draw, for anybody of what is public."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.acts import ActRoute
from app.deps import LookDep, allow
from app.schemas.single_random import QuarterShare, SingleRandomReport
from app.services.drawing import single_random

router = APIRouter(prefix="/v1/statistics", tags=["监督 oversight"], route_class=ActRoute)
public = APIRouter(prefix="/v1/public/statistics", tags=["公开 public"], route_class=ActRoute)

Year = Annotated[int, Query(description="承诺年份 (the year of the commitments)", examples=[2026])]
Region = Annotated[str, Query(max_length=12, pattern=r"^\d*$", description="行政区划前缀 (a region prefix)")]


@router.get("/single-random", dependencies=allow("statistics.read"), summary="单随机占比 Single-random share")
def single_random_share(look: LookDep, year: Year, region: Region = "") -> SingleRandomReport:
    """Draws and visits by quarter and item, and how many were single-random; voided draws are left out."""
    found = single_random.report(look, year=year, region=region, public=False)
    return SingleRandomReport(year=year, items=[QuarterShare.of(one) for one in found])


@public.get("/single-random", dependencies=allow("public"), summary="单随机占比 Single-random share")
def public_single_random_share(look: LookDep, year: Year, region: Region = "") -> SingleRandomReport:
    """The same for anybody: every draw from its commitment on, its visits from its reveal on."""
    found = single_random.report(look, year=year, region=region, public=True)
    return SingleRandomReport(year=year, items=[QuarterShare.of(one) for one in found])
