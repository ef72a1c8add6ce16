"""The registers 名录库: entities and registrations, inspectors, recusals, risk events, past visits, history.

`not_seen_since` marks what the latest full import left out; it closes nothing, and the next sight clears it.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.store.columns import ByteText, Document, Instant


class Entity(SQLModel, table=True):
    """An entity 检查对象: one premises of one holder; `key` is its DR1 entity id."""

    __tablename__ = "entities"
    __table_args__ = (Index("ix_entities_source", "source", "source_key"),)

    id: str = Field(primary_key=True)
    key: str = Field(sa_type=ByteText, unique=True)
    uscc: str | None = Field(default=None, index=True)
    premises: int
    source: str | None = None
    source_key: str | None = None
    name: str
    address: str | None = None
    region: str = Field(sa_type=ByteText, index=True)
    station: str | None = None
    legal_rep: str | None = None
    key_area: bool
    created_at: datetime = Field(sa_type=Instant)
    updated_at: datetime = Field(sa_type=Instant)
    not_seen_since: datetime | None = Field(default=None, sa_type=Instant)
    """Since when a full import has seen no registration of the premises."""


class Registration(SQLModel, table=True):
    """A registration 登记 of an entity in one regime."""

    __tablename__ = "registrations"
    __table_args__ = (UniqueConstraint("entity_id", "regime"),)

    id: str = Field(primary_key=True)
    entity_id: str = Field(foreign_key="entities.id")
    regime: str
    subtype: str | None = None
    level: int | None = None
    status: str
    licence_no: str | None = None
    licence_to: date | None = None
    registered_on: date | None = None
    known_since: date
    """The day on which this service first knew it: no duty can have been missed before."""
    not_seen_since: datetime | None = Field(default=None, sa_type=Instant)


class RiskEvent(SQLModel, table=True):
    """A risk event 风险事件; a withdrawn one stays on file and counts for nothing."""

    __tablename__ = "risk_events"

    id: str = Field(primary_key=True)
    entity_id: str = Field(foreign_key="entities.id", index=True)
    natural_key: str = Field(unique=True)
    """Entity, regime, kind, day and document number as one text: a unique constraint does not see nulls."""
    regime: str | None = None
    kind: str
    happened_on: date
    substantiated: bool | None = None
    remedied_on: date | None = None
    until: date | None = None
    source_no: str | None = None
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)
    withdrawn_because: str | None = None
    not_seen_since: datetime | None = Field(default=None, sa_type=Instant)


class RegisteredInspector(SQLModel, table=True):
    """An inspector 执法检查人员; `region` is the prefix of the caller who entered them."""

    __tablename__ = "inspectors"

    id: str = Field(primary_key=True)
    code: str = Field(sa_type=ByteText, unique=True)
    region: str = Field(sa_type=ByteText, index=True)
    name: str
    certificate_no: str
    certificate_to: date
    kind: str
    agency: str
    unit: str | None = None
    station: str | None = None
    lead: bool
    regimes: list[str] = Field(sa_type=Document)
    districts: list[str] = Field(sa_type=Document)
    cap: int
    training_to: date | None = None
    not_seen_since: datetime | None = Field(default=None, sa_type=Instant)


class InspectorAbsence(SQLModel, table=True):
    """An absence 缺勤 of an inspector, both days included."""

    __tablename__ = "inspector_absences"

    id: str = Field(primary_key=True)
    inspector_id: str = Field(foreign_key="inspectors.id", index=True)
    starts_on: date
    ends_on: date
    reason: str | None = None
    natural_key: str | None = Field(default=None, unique=True)
    """Inspector, first and last day as one text; null where it was entered twice before that was refused."""


class RegisteredRecusal(SQLModel, table=True):
    """A ground for recusal 回避 of an inspector at an entity; no start or end: open on that side."""

    __tablename__ = "recusals"

    id: str = Field(primary_key=True)
    inspector_id: str = Field(foreign_key="inspectors.id", index=True)
    entity_id: str = Field(foreign_key="entities.id", index=True)
    natural_key: str = Field(unique=True)
    """Inspector, entity, relation and start as one text."""
    relation: str
    starts_on: date | None = None
    ends_on: date | None = None
    not_seen_since: datetime | None = Field(default=None, sa_type=Instant)


class PastVisit(SQLModel, table=True):
    """An inspection 检查 that is over; `inspectors` are codes: their holders may have left.

    `level` is that of the government whose agency made it, null of those made before this service.
    """

    __tablename__ = "past_visits"

    id: str = Field(primary_key=True)
    entity_id: str = Field(foreign_key="entities.id", index=True)
    natural_key: str = Field(unique=True)
    """Entity, item, day, kind and agency as one text."""
    item: str
    visited_on: date
    kind: str
    agency: str
    level: str | None = None
    codes: list[str] = Field(sa_type=Document)
    inspectors: list[str] = Field(sa_type=Document)
    not_seen_since: datetime | None = Field(default=None, sa_type=Instant)


class RegisterChange(SQLModel, table=True):
    """One change of a register: who, when, and the fields before and after.

    `subject_id` is the entity or inspector (of recusals too) whose history shows it; `record_id` is the row.
    `before` is null for what is new, `after` holds its fields; of an update both hold the changed ones only.
    """

    __tablename__ = "register_changes"
    __table_args__ = (
        Index("ix_register_changes_subject", "subject_id", "id"),
        Index("ix_register_changes_register", "register_name", "id"),
    )

    id: str = Field(primary_key=True)
    register_name: str
    subject_id: str
    record_id: str
    region: str = Field(sa_type=ByteText)
    at: datetime = Field(sa_type=Instant)
    caller_id: str
    caller_name: str
    act: str
    before: dict[str, Any] | None = Field(default=None, sa_type=Document)
    after: dict[str, Any] | None = Field(default=None, sa_type=Document)
    reason: str | None = None
    """Why, where a fact that was on file was changed, corrected or withdrawn."""
