"""Duties 频次义务: what changed of registrations, cases for the registrar, alarms, windows that ended."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.store.columns import ByteText, Instant


class RegistrationChange(SQLModel, table=True):
    """A day on which a registration's status, level or subtype changed, and what they were until then.

    A registration that was out of its duties and that the registrar keeps has `out-of-duty` as status before.
    """

    __tablename__ = "registration_changes"
    __table_args__ = (Index("ix_registration_changes_registration", "registration_id", "on", "id"),)

    id: str = Field(primary_key=True)
    registration_id: str = Field(foreign_key="registrations.id")
    on: date
    status_before: str
    level_before: int | None = None
    subtype_before: str | None = None


class RegistrarCase(SQLModel, table=True):
    """What a visit found that the registrar 名录管理员 looks at; `state` is `open`, `decided` or `dropped`.

    `ends_duty` tells that the registration owes nothing until the decision. `region` is the premises'.
    """

    __tablename__ = "registrar_cases"
    __table_args__ = (
        UniqueConstraint("visit_id", "registration_id"),
        Index("ix_registrar_cases_region", "region", "state", "id"),
        Index("ix_registrar_cases_registration", "registration_id", "state"),
    )

    id: str = Field(primary_key=True)
    registration_id: str = Field(foreign_key="registrations.id")
    entity_id: str = Field(foreign_key="entities.id")
    visit_id: str = Field(foreign_key="visits.id")
    region: str = Field(sa_type=ByteText)
    item: str
    regime: str
    code: str
    ends_duty: bool
    state: str
    opened_on: date
    opened_at: datetime = Field(sa_type=Instant)
    decision: str | None = None
    reason: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=Instant)


class DutyAlarm(SQLModel, table=True):
    """An alarm 预警 before a duty is missed: which one, until when, and what is short.

    Of one registration's one item and window there is one; `cleared_at` says that it is over. One without a
    registration is about the whole region: `duties` tells of how many, `due_on` when the first falls due.
    """

    __tablename__ = "duty_alarms"
    __table_args__ = (
        UniqueConstraint("registration_id", "item", "due_on"),
        Index("ix_duty_alarms_region", "region", "id"),
    )

    id: str = Field(primary_key=True)
    registration_id: str | None = Field(default=None, foreign_key="registrations.id")
    entity_id: str | None = Field(default=None, foreign_key="entities.id")
    region: str = Field(sa_type=ByteText)
    item: str | None = None
    regime: str | None = None
    level: int | None = None
    due_on: date
    short: str
    tag: str | None = None
    """The tag that too few inspectors have, where that is what is short."""
    raised_at: datetime = Field(sa_type=Instant)
    cleared_at: datetime | None = Field(default=None, sa_type=Instant)
    duties: int | None = None


class EndedDuty(SQLModel, table=True):
    """A window of a duty that is over: met on a day inside it, late, missed, or excused by a result code.

    `done_on` is the day of the first visit that counts in the window or after it; None: none came yet.
    """

    __tablename__ = "ended_duties"
    __table_args__ = (
        UniqueConstraint("registration_id", "item", "window_to"),
        Index("ix_ended_duties_region", "region", "window_to", "id"),
    )

    id: str = Field(primary_key=True)
    registration_id: str = Field(foreign_key="registrations.id")
    entity_id: str = Field(foreign_key="entities.id")
    region: str = Field(sa_type=ByteText)
    station: str | None = None
    item: str
    regime: str
    level: int | None = None
    window_from: date
    window_to: date
    done_on: date | None = None
    excused: str | None = None
    recorded_at: datetime = Field(sa_type=Instant)


class DutyClock(SQLModel, table=True):
    """How far the clock of duties has come in a region: the last day whose ended windows are recorded."""

    __tablename__ = "duty_clocks"

    region: str = Field(sa_type=ByteText, primary_key=True)
    recorded_to: date
    looked_at: datetime = Field(sa_type=Instant)
    """When alarms were looked for last."""


class DutyLookRequest(SQLModel, table=True):
    """Something changed in a region on which its alarms depend: they are to be looked for again.

    Only added by who changes it, so that no act waits for the watch; the look takes away what it has seen.
    """

    __tablename__ = "duty_look_requests"

    id: str = Field(primary_key=True)
    region: str = Field(sa_type=ByteText, index=True)
    asked_at: datetime = Field(sa_type=Instant)


class CapDecision(SQLModel, table=True):
    """Which yields, a frequency duty or the annual cap, in one year; the last decision of a subject holds.

    `region` is a prefix, `subject` a class of registrations or one entity (`app.domain.duties.collisions`).
    """

    __tablename__ = "cap_decisions"
    __table_args__ = (Index("ix_cap_decisions_item", "item", "year", "region"),)

    id: str = Field(primary_key=True)
    region: str = Field(sa_type=ByteText)
    item: str
    year: int
    subject: str = Field(sa_type=ByteText)
    yields: str
    why: str
    basis: str
    plan_id: str = Field(foreign_key="draw_plans.id")
    decided_by: str
    decided_by_name: str
    decided_at: datetime = Field(sa_type=Instant)
