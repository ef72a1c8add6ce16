"""What was found at visits: records with their versions, evidence, dispositions, deals of re-inspections.

Visits themselves are in `app.store.tables.fieldwork`.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.store.columns import ByteText, Document, Instant


class VisitRecord(SQLModel, table=True):
    """The record 检查记录 of a visit as it stands; `revision` rises with every version that was taken."""

    __tablename__ = "visit_records"

    visit_id: str = Field(primary_key=True, foreign_key="visits.id")
    revision: int
    body: dict[str, Any] = Field(sa_type=Document)
    saved_by: str
    saved_at: datetime = Field(sa_type=Instant)
    client_ref: str | None = None


class VisitRecordVersion(SQLModel, table=True):
    """Everything that was ever sent for a record, in the order received.

    `kind` is `draft`, `not_taken` (a draft that met a newer revision, which stayed), `submitted` or
    `correction`. `revision` is the one that it became, or for `not_taken` the one that it met.
    """

    __tablename__ = "visit_record_versions"
    __table_args__ = (UniqueConstraint("visit_id", "client_ref"),)

    visit_id: str = Field(primary_key=True, foreign_key="visits.id")
    n: int = Field(primary_key=True)
    kind: str
    revision: int
    body: dict[str, Any] = Field(sa_type=Document)
    reason: str | None = None
    saved_by: str
    saved_by_name: str
    saved_at: datetime = Field(sa_type=Instant)
    client_ref: str | None = None


class Evidence(SQLModel, table=True):
    """A photo or document of a visit 证据材料; the file lies in the evidence store under `stored_as`."""

    __tablename__ = "evidence"
    __table_args__ = (Index("ix_evidence_visit", "visit_id", "sha256"),)

    id: str = Field(primary_key=True)
    visit_id: str = Field(foreign_key="visits.id")
    filename: str
    media_type: str
    size: int
    sha256: str
    stored_as: str
    agency: str | None = None
    """Of a joint visit: the agency to whose part it belongs; none: to the lead agency's."""
    by: str
    at: datetime = Field(sa_type=Instant)
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)


class Disposition(SQLModel, table=True):
    """A disposition 后续处置 of a visit; `state` is `open` or `done`.

    An order to correct is checked again until `recheck_by`; None for other kinds, and while the year's
    calendar is missing. `rechecked_on` is when it was, since its day was last put off.
    """

    __tablename__ = "dispositions"
    __table_args__ = (
        Index("ix_dispositions_region", "region", "id"),
        Index("ix_dispositions_open", "state", "due_on"),
    )

    id: str = Field(primary_key=True)
    visit_id: str = Field(foreign_key="visits.id", index=True)
    region: str = Field(sa_type=ByteText)
    finding_ref: str | None = None
    kind: str
    due_on: date | None = None
    amount_cny: int | None = None
    months: int | None = None
    recipient: str | None = None
    case_kind: str | None = None
    state: str
    done_on: date | None = None
    note: str | None = None
    recorded_by: str
    recorded_at: datetime = Field(sa_type=Instant)
    reinspection_visit_id: str | None = Field(default=None, foreign_key="visits.id", index=True)
    recheck_by: date | None = None
    recheck_alarm_on: date | None = None
    rechecked_on: date | None = None
    alarmed_at: datetime | None = Field(default=None, sa_type=Instant)
    overdue_at: datetime | None = Field(default=None, sa_type=Instant)
    """When the alarm that nobody has checked again was raised."""


class DispositionExtension(SQLModel, table=True):
    """A request to put off the day of a disposition 延期; `state` is `asked`, `approved` or `declined`."""

    __tablename__ = "disposition_extensions"
    __table_args__ = (
        Index(
            "ix_disposition_extensions_asked",
            "disposition_id",
            unique=True,
            sqlite_where=text("state = 'asked'"),
            postgresql_where=text("state = 'asked'"),
        ),
    )

    disposition_id: str = Field(primary_key=True, foreign_key="dispositions.id")
    n: int = Field(primary_key=True)
    due_before: date
    due_on: date
    reason: str
    state: str
    asked_by: str
    asked_by_name: str
    asked_at: datetime = Field(sa_type=Instant)
    decided_by: str | None = None
    decided_by_name: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    decision: str | None = None
    """What the person who decided said of it."""


class ReinspectionDeal(SQLModel, table=True):
    """How the team of a re-inspection was dealt, so that an auditor can deal it again.

    `seed_sha256` is the digest of the secret seed, `lists` are the inspectors, recusals, needs and slots.
    """

    __tablename__ = "reinspection_deals"

    visit_id: str = Field(primary_key=True, foreign_key="visits.id")
    disposition_id: str = Field(foreign_key="dispositions.id", index=True)
    seed_sha256: str
    sealed_seed: bytes = Field(sa_type=LargeBinary)
    lists: dict[str, Any] = Field(sa_type=Document)
    at: datetime = Field(sa_type=Instant)
