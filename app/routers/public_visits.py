"""Whether officers at the door are genuine: for anybody, and slow for those who guess."""

from typing import Annotated

from fastapi import APIRouter, Path

from app.acts import ActRoute, Answer
from app.deps import DoorDep, LookDep, allow
from app.schemas.visits import GenuineVisitRead
from app.services.fieldwork import verifying

router = APIRouter(prefix="/v1/public/verify-visit", tags=["公开 public"], route_class=ActRoute)


@router.get(
    "/{visit_code}",
    dependencies=allow("public"),
    summary="核验检查码 Verify a visit",
    response_model=GenuineVisitRead,
)
def verify(
    visit_code: Annotated[str, Path(max_length=40, description="检查码 (the code that the officers show)")],
    look: LookDep,
    door: DoorDep,
) -> Answer:
    """Genuine: who may come, for what, when. Any other code, expired ones too, gets one and the same 404."""
    return Answer(GenuineVisitRead.of(verifying.verify(look, visit_code)), headers=door)
