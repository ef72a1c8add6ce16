"""Whether the service lives and can serve."""

from fastapi import APIRouter

from app.acts import ActRoute
from app.deps import LookDep, allow
from app.schemas.health import Health
from app.services import health

router = APIRouter(prefix="/health", tags=["运行 operations"], route_class=ActRoute)


@router.get("/live", dependencies=allow("public"), summary="进程存活 Alive")
def live() -> Health:
    """The process answers."""
    return Health(status="ok")


@router.get("/ready", dependencies=allow("public"), summary="可以服务 Ready")
def ready(look: LookDep) -> Health:
    """The database answers and is at the schema that this version needs."""
    return Health(status=health.readiness(look))
