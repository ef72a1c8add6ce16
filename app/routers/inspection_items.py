"""Inspection items: what may be inspected, on which basis, with which checklist; for the public too."""

from typing import Annotated

from fastapi import APIRouter, Path

from app.acts import ActRoute
from app.deps import LookDep, allow
from app.domain.days import shanghai_day
from app.schemas.law import ItemRead, ItemsRead
from app.services.planning import law

router = APIRouter(prefix="/v1/inspection-items", tags=["计划 planning"], route_class=ActRoute)
public = APIRouter(prefix="/v1/public/items", tags=["公开 public"], route_class=ActRoute)

Code = Annotated[str, Path(description="抽查事项编码 (code of an item)", examples=["psb.venues"])]


@router.get("", dependencies=allow("items.read"), summary="抽查事项清单 Inspection items")
def items(look: LookDep) -> ItemsRead:
    """Every item in force today."""
    return ItemsRead(items=[ItemRead.of(item) for item in law.items(shanghai_day(look.now)).values()])


@router.get("/{code}", dependencies=allow("items.read"), summary="抽查事项 One inspection item")
def item(code: Code, look: LookDep) -> ItemRead:
    """An item in the version in force today."""
    return ItemRead.of(law.item(code, shanghai_day(look.now)))


@public.get("", dependencies=allow("public"), summary="抽查事项清单公开 Items, for the public")
def public_items(look: LookDep) -> ItemsRead:
    """Every item in force today (事项公开)."""
    return items(look)


@public.get("/{code}", dependencies=allow("public"), summary="抽查事项公开 One item, for the public")
def public_item(code: Code, look: LookDep) -> ItemRead:
    """An item in the version in force today."""
    return item(code, look)
