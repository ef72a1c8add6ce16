"""Regions: who sees whom."""

from fastapi import APIRouter

from app.acts import ActRoute
from app.deps import LookDep, allow
from app.schemas.regions import RegionRead, RegionsRead
from app.services.oversight import regions as oversight

router = APIRouter(prefix="/v1/regions", tags=["名录库 registers"], route_class=ActRoute)


@router.get("", dependencies=allow("regions.read"), summary="行政区划 Regions that the caller sees")
def regions(look: LookDep) -> RegionsRead:
    """A city sees its counties with what they hold, a county itself."""
    found = oversight.regions(look)
    return RegionsRead(items=[RegionRead.model_validate(one, from_attributes=True) for one in found])
