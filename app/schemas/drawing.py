"""Draws on the wire."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from app.schemas.instant import Instant

DrawState = Literal["committed", "drawn", "infeasible", "revealed", "voided"]


class CommitDraw(BaseModel):
    """Commit to an approved plan."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"draw_plan": "0192…"}]})

    draw_plan: str = Field(description="已批准的抽查计划编号 (id of an approved plan)")


class DrawRead(BaseModel):
    """A draw 抽取 as the bureau sees it; what was drawn is at `/selection`, for the dispatcher."""

    id: str
    draw_plan: str
    state: DrawState
    seq: int
    commitment: str
    item: str
    period: str
    region: str
    plan: dict[str, Any]
    committed_at: Instant
    visit_to: date
    reveal_by: date
    beacon: str | None
    drawn: int | None
    short: int | None
    drawn_at: Instant | None
    revealed_at: Instant | None
    void_reason: str | None
    void_requested_at: Instant | None
    voided_at: Instant | None

    @classmethod
    def of(cls, row: Mapping[str, Any] | object) -> Self:
        """From a stored draw or a row of one."""
        found = (
            row
            if isinstance(row, Mapping)
            else {name: getattr(row, name) for name in (*_STORED, "draw_plan_id", "plan")}
        )
        return cls.model_construct(
            draw_plan=found["draw_plan_id"],
            plan=json.loads(found["plan"]),
            **{name: found[name] for name in _STORED},
        )


_STORED = tuple(name for name in DrawRead.model_fields if name not in {"draw_plan", "plan"})


class EntropyAnswer(BaseModel):
    """How far the randomness is."""

    state: DrawState
    missing: list[str] = Field(description="尚缺的随机源 (sources that still lack a value)")
    beacon: str | None
    drawn: int | None
    short: int | None


class VoidDraw(BaseModel):
    """Ask to void 作废 a draw, for one of the only reasons that count (spec/api.md)."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "roster-error"}]})

    reason: Literal["roster-error", "law-change", "force-majeure", "court-order", "source-failure"]


class NoBody(BaseModel):
    """An empty object."""

    model_config = ConfigDict(extra="forbid")


class Lines(BaseModel):
    """Lines of a record file, in record order."""

    items: list[dict[str, Any]]


class PublicDraw(BaseModel):
    """The public copy of a draw."""

    model_config = ConfigDict(extra="allow")

    id: str
    origin: str
    seq: int
    item: str
    period: str
    region: str
    state: DrawState
    commitment: str
    committed_at: str
    reveal_by: date
    overdue: bool = Field(description="逾期未公开 (not public by the end of reveal_by)")
    record: bool = Field(description="抽取记录已公开 (the record can be fetched)")


class Proof(BaseModel):
    """An entity's proof, DR1 section 12."""

    model_config = ConfigDict(extra="allow")
