"""What anybody may fetch of draws."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.acts import ActRoute
from app.deps import Count, Cursor, Limit, LookDep, allow
from app.schemas.drawing import PublicDraw
from app.schemas.page import PageOf
from app.services.drawing import public

router = APIRouter(prefix="/v1/public/draws", tags=["公开 public"], route_class=ActRoute)


@router.get("", dependencies=allow("public"), summary="已承诺的抽取 Committed draws")
def list_draws(
    look: LookDep,
    region: Annotated[str | None, Query(description="行政区划前缀 (a region prefix)")] = None,
    item: Annotated[
        str | None, Query(description="项目代码，或 <地区>:<代码> (a code, or <region>:<code>)")
    ] = None,
    state: str | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
    count: Count = False,
) -> PageOf[PublicDraw]:
    """Every draw from its commitment on, newest first; a missed reveal shows as overdue."""
    page = public.draws(look, region=region, item=item, state=state, limit=limit, cursor=cursor, count=count)
    return PageOf.of(page, PublicDraw.model_validate)


@router.get("/{draw_id}", dependencies=allow("public"), summary="一次抽取 One draw")
def one(draw_id: str, look: LookDep) -> PublicDraw:
    """The commitment at once, the rest as it becomes public."""
    return PublicDraw.model_validate(public.draw(look, draw_id))


@router.get("/{draw_id}/plan.json", dependencies=allow("public"), summary="承诺的计划 The committed plan")
def plan(draw_id: str, look: LookDep) -> Response:
    """The committed bytes: their hash is the commitment."""
    return Response(public.plan(look, draw_id), media_type="application/json")


@router.get("/{draw_id}/record.zip", dependencies=allow("public"), summary="公开记录 The public record")
def record(draw_id: str, look: LookDep) -> Response:
    """The public record, after the reveal or a void: `double-random verify` checks it."""
    return Response(public.record(look, draw_id), media_type="application/zip")
