"""Appeals 申诉 against published results; what people wrote is sealed under the vault."""

from datetime import date, datetime

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field, SQLModel

from app.store.columns import ByteText, Document, Instant


class Appeal(SQLModel, table=True):
    """One appeal against a version of a public result; `visit_id` is the result's public id.

    `state` is `filed`, `accepted`, `proposed` or `decided`. Of the receipt and of an `Idempotency-Key` only
    keyed digests are kept. Sealed are who appeals, how to reach them and why (`sealed_filing`), what the
    handler proposes (`sealed_proposal`) and what was decided (`sealed_decision`).
    """

    __tablename__ = "appeals"
    __table_args__ = (
        Index("ix_appeals_region", "region", "id"),
        Index("ix_appeals_visit", "visit_id"),
        Index("ix_appeals_clock", "state", "alarm_on"),
    )

    id: str = Field(primary_key=True)
    receipt_digest: str = Field(unique=True)
    retry_digest: str | None = Field(default=None, unique=True)
    request_digest: str | None = None
    publication_id: str = Field(foreign_key="publications.id")
    visit_id: str
    version: int
    """The version that was public when the appeal was filed."""
    region: str = Field(sa_type=ByteText)
    entity_name: str
    """As the public reads it."""
    capacity: str
    sealed_filing: bytes = Field(sa_type=LargeBinary)
    filed_at: datetime = Field(sa_type=Instant)
    filed_on: date
    working_days: int
    """How many working days after `filed_on` it must be decided."""
    due_on: date | None = None
    """None while the calendar of a year is missing."""
    alarm_on: date | None = None
    state: str
    handler: str | None = None
    handler_name: str | None = None
    handled_by: list[str] = Field(sa_type=Document)
    """Ids of everybody who ever handled it."""
    accepted_at: datetime | None = Field(default=None, sa_type=Instant)
    proposal: str | None = None
    sealed_proposal: bytes | None = Field(default=None, sa_type=LargeBinary)
    proposed_at: datetime | None = Field(default=None, sa_type=Instant)
    decider: str | None = None
    decider_name: str | None = None
    outcome: str | None = None
    sealed_decision: bytes | None = Field(default=None, sa_type=LargeBinary)
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    decided_version: int | None = None
    """The version that was public when it was decided."""
    alarmed_at: datetime | None = Field(default=None, sa_type=Instant)
    overdue_at: datetime | None = Field(default=None, sa_type=Instant)
