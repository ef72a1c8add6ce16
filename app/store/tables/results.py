"""Results 检查结果: their way to the public, the public copies, and the calendar of working days."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pydantic_core import to_json
from sqlalchemy import Column, Index, String
from sqlmodel import Field, SQLModel

from app.store.columns import ByteText, Document, Instant


class CalendarYear(SQLModel, table=True):
    """A year whose holidays are known 已公布放假安排的年份; of no other is a working day counted."""

    __tablename__ = "calendar_years"

    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    source: str
    entered_by: str
    entered_at: datetime = Field(sa_type=Instant)


class CalendarDay(SQLModel, table=True):
    """A day that differs from the plain week: a day off 放假, or a weekend day made up 调休上班."""

    __tablename__ = "calendar_days"

    day: date = Field(primary_key=True)
    year: int = Field(foreign_key="calendar_years.year", index=True)
    working: bool
    name: str


class CalendarAlarm(SQLModel, table=True):
    """That the calendar of a year was missing when it should have been there; raised once a year."""

    __tablename__ = "calendar_alarms"

    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=Instant)


class Publication(SQLModel, table=True):
    """The way of one visit's result to the public 公示; `version` is the public version being worked on."""

    __tablename__ = "publications"
    __table_args__ = (
        Index("ix_publications_state_due", "state", "due_on", "id"),
        Index("ix_publications_alarm", "state", "alarm_on"),
    )

    id: str = Field(primary_key=True)
    visit_id: str = Field(unique=True, foreign_key="visits.id")
    region: str = Field(sa_type=ByteText, index=True)
    item: str
    entity_key: str = Field(sa_type=ByteText)
    entity_name: str
    regimes: list[str] = Field(sa_type=Document)
    officers: list[str] = Field(sa_type=Document)
    """Codes of the inspecting officers."""
    callers: list[str] = Field(sa_type=Document)
    """Ids of the callers who took part in the visit, and of whoever submitted its record or its result."""
    ended_on: date
    version: int
    revision: int
    """How often the result has been submitted."""
    state: str
    due_on: date
    alarm_on: date
    counts: list[list[Any]] | None = Field(default=None, sa_type=Document)
    """What `due_on` is counted from, each `[day, working days]`, the soonest holding; None: not kept."""
    body: dict[str, Any] | None = Field(default=None, sa_type=Document)
    """What was submitted last: this, redacted, is what becomes public."""
    submitted_by: str | None = None
    reviewed_by: str | None = None
    approved_by: str | None = None
    published_by: str | None = None
    reason: str | None = None
    """Why it was sent back, withheld, corrected or withdrawn last."""
    withheld_by: str | None = None
    withheld_until: date | None = None
    held_state: str | None = None
    """The state to which it returns when the withholding ends."""
    public_version: int | None = None
    """The version that the public sees; none before the first and after a withdrawal."""
    started_at: datetime = Field(sa_type=Instant)
    changed_at: datetime = Field(sa_type=Instant)
    published_at: datetime | None = Field(default=None, sa_type=Instant)
    """When a version first became public; corrections leave it."""
    alarmed_at: datetime | None = Field(default=None, sa_type=Instant)
    overdue_at: datetime | None = Field(default=None, sa_type=Instant)
    """When the alarm that the clock had run out was raised."""


class PublicationStep(SQLModel, table=True):
    """One step of a publication: who did what, when and why; a submission keeps what was submitted."""

    __tablename__ = "publication_steps"

    publication_id: str = Field(primary_key=True, foreign_key="publications.id")
    n: int = Field(primary_key=True)
    act: str
    state: str
    """The state after the step."""
    version: int
    revision: int
    caller_id: str
    caller_name: str
    at: datetime = Field(sa_type=Instant)
    reason: str | None = None
    ground: str | None = None
    """Of a withdrawal: a code of `app.domain.results.states.Ground`."""
    until: date | None = None
    body: dict[str, Any] | None = Field(default=None, sa_type=Document)


LISTED = (
    *("id", "version", "published_at", "draw_id", "region", "item", "regime", "entity_key", "entity_name"),
    *("uscc", "ended_on", "kind", "codes", "found", "punished", "in_time", "sha256"),
    "appeal",
)
"""What a list shows of a public result, in this order."""


def _as_listed(context: Any) -> str:  # noqa: ANN401 - SQLAlchemy's execution context
    """The members of a row that is being inserted as the JSON object that every list shows of it."""
    return listed(context.get_current_parameters())


def listed(given: Mapping[str, Any]) -> str:
    """A row's members as the JSON object that every list shows of it."""
    return to_json({name: given.get(name) for name in LISTED}).decode()


class PublicResult(SQLModel, table=True):
    """A version of a result's public copy: frozen, hashed, never filtered when read; `id` is the visit's."""

    __tablename__ = "public_results"
    __table_args__ = (
        Index("ix_public_results_newest", "published_at", "id"),
        Index("ix_public_results_region", "region", "published_at", "id"),
        Index("ix_public_results_item", "item", "published_at", "id"),
        Index("ix_public_results_entity", "entity_key", "published_at"),
        Index("ix_public_results_uscc", "uscc", "published_at"),
        Index("ix_public_results_name", "entity_name"),
        Index("ix_public_results_draw", "draw_id"),
    )

    id: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    current: bool
    """The newest version; a withdrawal is one too."""
    withdrawn: bool
    reason: str | None = None
    """Why this version replaced the one before, redacted."""
    ground: str | None = None
    """Of a withdrawal: its code."""
    draw_id: str | None = None
    region: str = Field(sa_type=ByteText)
    item: str
    regime: str
    """The first of the visit's regimes; the copy has them all."""
    entity_key: str = Field(sa_type=ByteText)
    entity_name: str
    uscc: str | None = None
    ended_on: date
    published_at: datetime = Field(sa_type=Instant)
    kind: str
    codes: list[str] = Field(sa_type=Document)
    found: bool
    punished: bool
    in_time: bool
    """Whether the first version became public by its due day."""
    copy_: dict[str, Any] = Field(sa_type=Document)
    sha256: str
    """SHA-256 of the copy's canonical JSON (RFC 8785)."""
    appeal: str | None = None
    """What the public sees of appeals, a code of `app.domain.appeals.appeal.Mark`; no part of the copy."""
    listed: str | None = Field(
        default=None, sa_column=Column(String, nullable=False, default=_as_listed), exclude=True
    )
    """The row as lists show it, written once: a list puts these together and reads none of them."""


class RemovedVersion(SQLModel, table=True):
    """What a public version said before its content was removed: kept for auditors, never public again."""

    __tablename__ = "removed_versions"

    id: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    copy_: dict[str, Any] = Field(sa_type=Document)
    removed_by: str
    removed_at: datetime = Field(sa_type=Instant)
