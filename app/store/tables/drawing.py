"""Draws: what was committed, what chance gave, and what the public may fetch."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.store.columns import ByteText, Document, Instant


class DrawLog(SQLModel, table=True):
    """The end of a log of draws: its row is locked while a draw is committed, so `seq` has no gaps."""

    __tablename__ = "draw_logs"

    origin: str = Field(primary_key=True)
    seq: int
    commitment: str
    committed_at: datetime | None = Field(default=None, sa_type=Instant)


class Draw(SQLModel, table=True):
    """One draw 抽取, from its commitment to its public record."""

    __tablename__ = "draws"
    __table_args__ = (
        UniqueConstraint("origin", "seq"),
        Index(
            "ux_draws_one_per_item_and_period",
            "item",
            "period",
            unique=True,
            sqlite_where=text("state <> 'voided'"),
            postgresql_where=text("state <> 'voided'"),
        ),
    )

    id: str = Field(primary_key=True)
    draw_plan_id: str = Field(foreign_key="draw_plans.id", index=True)
    origin: str
    seq: int
    commitment: str = Field(index=True)
    region: str = Field(sa_type=ByteText)
    item: str
    period: str
    state: str
    plan: bytes = Field(sa_type=LargeBinary)
    sealed_secret: bytes = Field(sa_type=LargeBinary)
    committed_at: datetime = Field(sa_type=Instant)
    committed_by: str
    visit_to: date
    reveal_by: date
    beacon: str | None = None
    drawn: int | None = None
    short: int | None = None
    drawn_at: datetime | None = Field(default=None, sa_type=Instant)
    revealed_at: datetime | None = Field(default=None, sa_type=Instant)
    void_reason: str | None = None
    void_requested_by: str | None = None
    void_requested_at: datetime | None = Field(default=None, sa_type=Instant)
    voided_at: datetime | None = Field(default=None, sa_type=Instant)


class DrawFile(SQLModel, table=True):
    """A file of a draw, compressed and sealed: the frozen lists (`frozen`) or the record of an audience."""

    __tablename__ = "draw_files"

    draw_id: str = Field(primary_key=True, foreign_key="draws.id")
    audience: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    sealed: bytes = Field(sa_type=LargeBinary)


class CeremonyValue(SQLModel, table=True):
    """A value that a witness 见证人 gave in a ceremony."""

    __tablename__ = "ceremony_values"

    draw_id: str = Field(primary_key=True, foreign_key="draws.id")
    source: str = Field(primary_key=True)
    value: str
    caller_id: str
    at: datetime = Field(sa_type=Instant)


class PublicDraw(SQLModel, table=True):
    """The public copy of a draw, written when something about it becomes public; never filtered when read."""

    __tablename__ = "public_draws"

    draw_id: str = Field(primary_key=True, foreign_key="draws.id")
    origin: str
    seq: int = Field(index=True)
    region: str = Field(sa_type=ByteText)
    item: str
    state: str
    committed_at: datetime = Field(sa_type=Instant)
    reveal_by: date
    copy_: dict[str, Any] = Field(sa_type=Document)
    plan: bytes = Field(sa_type=LargeBinary)
    record: bytes | None = Field(default=None, sa_type=LargeBinary)
    record_sha256: str | None = None
    record_from: datetime | None = Field(default=None, sa_type=Instant)
    """From when the record is given: its lines may know of visits of earlier draws that are not disclosed."""
