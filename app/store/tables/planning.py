"""Draw plans 抽查计划: what is going to be drawn, as drafted, approved and committed."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.store.columns import ByteText, Document, Instant


class DrawPlan(SQLModel, table=True):
    """A draw plan 抽查计划; `state` is `draft`, `approved` or `committed`.

    `strata` is None where they come from the policy. `policy` is the SHA-256 digest of the policy document in
    force when the plan was last edited. `joint` is `{"lead_agency", "items"}` of a joint inspection 联合抽查.
    """

    __tablename__ = "draw_plans"
    __table_args__ = (Index("ix_draw_plans_item_period", "item", "period"),)

    id: str = Field(primary_key=True)
    state: str
    item: str
    region: str = Field(sa_type=ByteText, index=True)
    period: str
    alg: str
    scope: dict[str, Any] = Field(sa_type=Document)
    strata: list[dict[str, Any]] | None = Field(default=None, sa_type=Document)
    slots: list[list[str]] = Field(sa_type=Document)
    joint: dict[str, Any] | None = Field(default=None, sa_type=Document)
    entropy: dict[str, Any] = Field(sa_type=Document)
    visit_from: date
    visit_to: date
    reveal_by: date
    disclose_from: time | None = None
    policy: str
    drafted_by: str
    drafted_at: datetime = Field(sa_type=Instant)
    edited_by: str
    edited_at: datetime = Field(sa_type=Instant)
    approved_by: str | None = None
    approved_at: datetime | None = Field(default=None, sa_type=Instant)
