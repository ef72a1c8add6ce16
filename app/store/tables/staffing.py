"""Inspectors beside their register: trainings, qualifications, assignments, suspected recusals, reminders."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.store.columns import ByteText, Instant


class InspectorTraining(SQLModel, table=True):
    """A training 培训 that an inspector took; a withdrawn one stays on file and counts for nothing."""

    __tablename__ = "inspector_trainings"

    id: str = Field(primary_key=True)
    inspector_id: str = Field(foreign_key="inspectors.id", index=True)
    course: str
    held_on: date
    hours: int
    valid_to: date | None = None
    certificate: str | None = None
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)
    withdrawn_because: str | None = None
    natural_key: str | None = Field(default=None, unique=True)
    """Inspector, day and course as one text; null once it is withdrawn, so that it can be entered anew."""


class InspectorQualification(SQLModel, table=True):
    """A qualification 业务资格 of an inspector for one regime, from when and until when."""

    __tablename__ = "inspector_qualifications"

    id: str = Field(primary_key=True)
    inspector_id: str = Field(foreign_key="inspectors.id", index=True)
    regime: str
    certificate: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)
    withdrawn_because: str | None = None
    natural_key: str | None = Field(default=None, unique=True)
    """Inspector, regime, days and certificate as one text; null once it is withdrawn."""


class InspectorAssignment(SQLModel, table=True):
    """An inspector lent to a region 异地检查; `state`: `requested`, `approved`, `rejected`.

    `home` is the region of the inspector's record; `ended_on` is the last day of one that ended early.
    """

    __tablename__ = "inspector_assignments"

    id: str = Field(primary_key=True)
    inspector_id: str = Field(foreign_key="inspectors.id", index=True)
    home: str = Field(sa_type=ByteText)
    region: str = Field(sa_type=ByteText)
    starts_on: date
    ends_on: date
    document_no: str
    reason: str
    state: str
    requested_by: str
    requested_at: datetime = Field(sa_type=Instant)
    decided_by: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    decided_because: str | None = None
    ended_on: date | None = None
    ended_by: str | None = None
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_because: str | None = None


class RecusalCandidate(SQLModel, table=True):
    """A suspected ground for recusal 疑似回避; `state`: `open`, `confirmed`, `rejected`, `lapsed`.

    It concerns the entity, or without one every premises of the station in the region. `matched` is what
    agreed: the name, or the place. `relation` is the one that was confirmed, `whole`: for the whole station.
    """

    __tablename__ = "recusal_candidates"
    __table_args__ = (
        UniqueConstraint("natural_key"),
        Index("ix_recusal_candidates_state", "state", "region", "id"),
        Index("ix_recusal_candidates_entity", "entity_id"),
    )

    id: str = Field(primary_key=True)
    inspector_id: str = Field(foreign_key="inspectors.id", index=True)
    natural_key: str
    """Inspector, ground, entity or place, and what agreed, as one text."""
    ground: str
    entity_id: str | None = Field(default=None, foreign_key="entities.id")
    region: str = Field(sa_type=ByteText)
    station: str | None = None
    matched: str
    state: str
    found_at: datetime = Field(sa_type=Instant)
    relation: str | None = None
    whole: bool
    decided_by: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    reason: str | None = None


class RegisterWatch(SQLModel, table=True):
    """How far the worker has looked through the history of a register."""

    __tablename__ = "register_watches"

    register_name: str = Field(primary_key=True)
    last_change: str


class KinAlert(SQLModel, table=True):
    """A relative of an officer at an entertainment venue (娱乐场所管理条例 art. 4): for the supervisor."""

    __tablename__ = "kin_alerts"
    __table_args__ = (Index("ix_kin_alerts_region", "region", "id"),)

    id: str = Field(primary_key=True)
    recusal_id: str = Field(foreign_key="recusals.id", unique=True)
    inspector_id: str = Field(foreign_key="inspectors.id")
    entity_id: str = Field(foreign_key="entities.id")
    region: str = Field(sa_type=ByteText)
    relation: str
    raised_at: datetime = Field(sa_type=Instant)
    seen_by: str | None = None
    seen_at: datetime | None = Field(default=None, sa_type=Instant)
    note: str | None = None


class Reminder(SQLModel, table=True):
    """A reminder 到期提醒, raised once for each `stage`: so many days before `runs_out_on`, or `past`.

    `kind`: `certificate`, `training`, `qualification`, `assignment`; `record_id` is the row that runs out and
    `label` what it is for. `settled_at`: since when it no longer holds, as after a renewal.
    """

    __tablename__ = "staff_reminders"
    __table_args__ = (
        UniqueConstraint("kind", "record_id", "runs_out_on", "stage"),
        Index("ix_staff_reminders_region", "region", "runs_out_on", "id"),
    )

    id: str = Field(primary_key=True)
    kind: str
    inspector_id: str = Field(foreign_key="inspectors.id", index=True)
    record_id: str
    label: str | None = None
    region: str = Field(sa_type=ByteText)
    runs_out_on: date
    stage: str
    raised_at: datetime = Field(sa_type=Instant)
    settled_at: datetime | None = Field(default=None, sa_type=Instant)
