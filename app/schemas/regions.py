"""Regions on the wire."""

from pydantic import BaseModel, Field

from app.domain.regions import Level


class HeldRead(BaseModel):
    """What a region and the regions in it hold."""

    premises: int
    inspectors: int
    draw_plans: int
    draws: int


class RegionRead(BaseModel):
    """A region 行政区划 by GB/T 2260."""

    code: str
    name: str | None
    level: Level
    parent: str | None = Field(description="上级行政区划，权限之外为空 (null above what the caller sees)")
    held: HeldRead


class RegionsRead(BaseModel):
    """The regions that the caller sees."""

    items: list[RegionRead]
