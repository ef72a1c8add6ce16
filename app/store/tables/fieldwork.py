"""Visits 检查: opened from a draw or asked for, their officers, attempts, check-ins and codes for the door.

What was found at a visit is in `app.store.tables.fieldrecords`.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.store.columns import ByteText, Document, Instant


class Visit(SQLModel, table=True):
    """One visit 检查 of one premises; states and acts are in `app.domain.fieldwork.visit`.

    `item` is the item's code without a region, `items` those that the one visit carries. `checklist`,
    `entity_name` and `address` are those of the opening. `reason` says why a visit of another kind than
    `drawn` is wanted; `approve_by` is until when an emergency must be approved afterwards. `places` is how
    many officers its team has when it is complete; None where any number of named ones will do. `agencies`
    are those of a joint inspection 联合抽查, the lead first; None of any other. `level` is that of the
    government whose agency visits, null where it was opened before levels were kept and no draw says it.
    """

    __tablename__ = "visits"
    __table_args__ = (
        UniqueConstraint("draw_id", "entity_key"),
        CheckConstraint("(kind = 'drawn') = (draw_id IS NOT NULL)", name="ck_visits_drawn_by_a_draw"),
        Index("ix_visits_region_state", "region", "state", "id"),
        Index(
            "ix_visits_unapproved",
            "approve_by",
            sqlite_where=text("approve_by IS NOT NULL AND approved_at IS NULL"),
            postgresql_where=text("approve_by IS NOT NULL AND approved_at IS NULL"),
        ),
        Index(
            "ix_visits_unfinished",
            "entity_id",
            "item",
            sqlite_where=text("state IN ('planned', 'checked_in', 'checked_out')"),
            postgresql_where=text("state IN ('planned', 'checked_in', 'checked_out')"),
        ),
    )

    id: str = Field(primary_key=True)
    draw_id: str | None = Field(default=None, foreign_key="draws.id")
    seq_in_draw: int | None = None
    kind: str
    item: str
    items: list[str] = Field(sa_type=Document)
    item_version: int
    checklist: list[dict[str, Any]] = Field(sa_type=Document)
    entity_id: str = Field(foreign_key="entities.id", index=True)
    entity_key: str = Field(sa_type=ByteText)
    entity_name: str
    address: str | None = None
    regimes: list[str] = Field(sa_type=Document)
    region: str = Field(sa_type=ByteText)
    agency: str
    level: str | None = None
    places: int | None = None
    agencies: list[str] | None = Field(default=None, sa_type=Document)
    period: str | None = None
    visit_from: date
    visit_to: date
    visit_on: date | None = None
    disclose_at: datetime = Field(sa_type=Instant)
    state: str
    opened_at: datetime = Field(sa_type=Instant)
    requested_by: str | None = None
    reason: str | None = None
    approve_by: datetime | None = Field(default=None, sa_type=Instant)
    approved_by: str | None = None
    approved_at: datetime | None = Field(default=None, sa_type=Instant)
    approval_alarmed_at: datetime | None = Field(default=None, sa_type=Instant)
    """When the alarm that an emergency was not approved in time was raised."""
    record_alarmed_at: datetime | None = Field(default=None, sa_type=Instant)
    """When the alarm was raised that a visit is over, its record not submitted, and its result soon due."""
    record_overdue_at: datetime | None = Field(default=None, sa_type=Instant)
    checked_in_at: datetime | None = Field(default=None, sa_type=Instant)
    checked_out_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_on: date | None = None
    codes: list[str] = Field(sa_type=Document)
    submitted_by: str | None = None
    submitted_at: datetime | None = Field(default=None, sa_type=Instant)
    version: int


class VisitOfficer(SQLModel, table=True):
    """An officer 执法人员 of a visit's team; `caller_id` is who acted for this place at the check-in."""

    __tablename__ = "visit_officers"

    visit_id: str = Field(primary_key=True, foreign_key="visits.id")
    slot: int = Field(primary_key=True)
    inspector: str = Field(sa_type=ByteText, index=True)
    name: str
    certificate_no: str
    agency: str
    caller_id: str | None = None


class VisitAttempt(SQLModel, table=True):
    """An attempt 上门未遇 (result code 04): the officers came and found nobody."""

    __tablename__ = "visit_attempts"

    visit_id: str = Field(primary_key=True, foreign_key="visits.id")
    n: int = Field(primary_key=True)
    on: date
    by: str
    inspector: str
    at: datetime = Field(sa_type=Instant)


class CheckIn(SQLModel, table=True):
    """An officer's check-in 签到 and check-out 签退 at the premises."""

    __tablename__ = "check_ins"

    visit_id: str = Field(primary_key=True, foreign_key="visits.id")
    inspector: str = Field(primary_key=True)
    caller_id: str
    at: datetime = Field(sa_type=Instant)
    out_at: datetime | None = Field(default=None, sa_type=Instant)


class VisitCode(SQLModel, table=True):
    """A visit's code 检查码: only its digest is kept; it answers from `valid_from` until `valid_to`."""

    __tablename__ = "visit_codes"

    code_digest: str = Field(primary_key=True)
    visit_id: str = Field(foreign_key="visits.id", index=True)
    valid_from: datetime = Field(sa_type=Instant)
    valid_to: datetime = Field(sa_type=Instant)
