"""The calendar of draws 抽查日历: a year's draws of an item in a region, ad-hoc draws, public copies."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.store.columns import ByteText, Document, Instant


class DrawCalendar(SQLModel, table=True):
    """A version of a year's calendar; `state` is `draft`, `approved` or `superseded`.

    `region` is the prefix of the region, so that `410900` and `4109` are the same. `policy` is the SHA-256
    digest of the policy that it was made from.
    """

    __tablename__ = "draw_calendars"
    __table_args__ = (
        UniqueConstraint("item", "region", "year", "version"),
        Index(
            "ux_draw_calendars_one_draft",
            "item",
            "region",
            "year",
            unique=True,
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
        Index(
            "ux_draw_calendars_one_approved",
            "item",
            "region",
            "year",
            unique=True,
            sqlite_where=text("state = 'approved'"),
            postgresql_where=text("state = 'approved'"),
        ),
    )

    id: str = Field(primary_key=True)
    item: str
    region: str = Field(sa_type=ByteText, index=True)
    year: int
    version: int
    state: str
    starts_on: date
    """The first day for which draws were planned: a calendar may begin inside its year."""
    reason: str | None = None
    """Why it replaces the version before; the first one has none."""
    policy: str
    drafted_by: str
    drafted_at: datetime = Field(sa_type=Instant)
    edited_by: str
    edited_at: datetime = Field(sa_type=Instant)
    approved_by: str | None = None
    approved_at: datetime | None = Field(default=None, sa_type=Instant)


class CalendarDraw(SQLModel, table=True):
    """A draw of a calendar, or an approved ad-hoc draw, which has no calendar.

    Its window bounds where its visits may be moved to. `in_force` marks those of approved calendars and the
    approved ad-hoc ones: at most one for an item, region and period.
    """

    __tablename__ = "calendar_draws"
    __table_args__ = (
        UniqueConstraint("calendar_id", "period"),
        Index(
            "ux_calendar_draws_in_force",
            "item",
            "region",
            "period",
            unique=True,
            sqlite_where=text("in_force"),
            postgresql_where=text("in_force"),
        ),
        Index("ix_calendar_draws_clock", "in_force", "settled", "alarm_on"),
    )

    id: str = Field(primary_key=True)
    calendar_id: str | None = Field(default=None, foreign_key="draw_calendars.id")
    in_force: bool
    item: str
    region: str = Field(sa_type=ByteText, index=True)
    year: int
    period: str
    kind: str
    visit_from: date
    visit_to: date
    window_from: date
    window_to: date
    rate_p: int | None = None
    rate_q: int | None = None
    basis: str
    holiday: date | None = None
    occasion: str | None = None
    """What the holiday is called."""
    alarm_on: date
    """From this day on a draw without an approved plan is an alarm."""
    replaced_at: datetime | None = Field(default=None, sa_type=Instant)
    """When its days were set anew after a void."""
    replaced_by: str | None = None
    alarmed_at: datetime | None = Field(default=None, sa_type=Instant)
    missed_at: datetime | None = Field(default=None, sa_type=Instant)
    """When it was found that its days passed without a draw, or that a voided one cannot be replaced."""
    settled: bool = False
    """Whether the clock has nothing more to do with it."""


class AdhocDraw(SQLModel, table=True):
    """An ad-hoc draw 临时抽查 asked for: `state` is `requested`, `approved` or `rejected`.

    `period` is given at the approval, so that approved ones are numbered without gaps.
    """

    __tablename__ = "adhoc_draws"
    __table_args__ = (UniqueConstraint("item", "region", "period"),)

    id: str = Field(primary_key=True)
    state: str
    item: str
    region: str = Field(sa_type=ByteText, index=True)
    year: int
    base: str
    """The month, or the quarter, in which it counts."""
    period: str | None = None
    visit_from: date
    visit_to: date
    rate_p: int
    rate_q: int
    reason_code: str
    reason: str
    requested_by: str
    requested_at: datetime = Field(sa_type=Instant)
    decided_by: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    decision: str | None = None
    """Why it was rejected."""


class PublicCalendar(SQLModel, table=True):
    """The public copy of a year's calendar: months, kinds, rates and counts, never a day."""

    __tablename__ = "public_calendars"

    item: str = Field(primary_key=True)
    region: str = Field(primary_key=True, sa_type=ByteText)
    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    copy_: dict[str, Any] = Field(sa_type=Document)
