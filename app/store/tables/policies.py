"""Policies 抽查规则 and clocks 期限: versioned documents, from draft to approval."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.store.columns import ByteText, Document, Instant


class PolicyVersion(SQLModel, table=True):
    """One version of a document; `state` is `draft`, `approved` or `withdrawn`.

    `document` is its canonical text (RFC 8785), whose digests are `sha256` and `sm3`; once approved it never
    changes. `reach` is the prefix of the regions in which it holds.
    """

    __tablename__ = "policies"
    __table_args__ = (
        UniqueConstraint("code", "reach", "version"),
        Index("ix_policies_in_force", "code", "reach", "valid_from"),
    )

    id: str = Field(primary_key=True)
    state: str
    code: str
    region: str = Field(sa_type=ByteText)
    reach: str = Field(sa_type=ByteText)
    version: int
    valid_from: date
    valid_to: date | None = None
    ended_on: date | None = None
    """The last day on which it held, where it was withdrawn 撤回; before `valid_from`: it never held."""
    document: str = Field(sa_type=Text)
    sha256: str = Field(index=True)
    sm3: str = Field(index=True)
    based_on: str | None = None
    """SHA-256 digest of the version that a patch changed."""
    reason: str
    drafted_by: str
    drafted_at: datetime = Field(sa_type=Instant)
    edited_by: str
    edited_at: datetime = Field(sa_type=Instant)
    approved_by: str | None = None
    approved_at: datetime | None = Field(default=None, sa_type=Instant)
    withdrawal_asked_by: str | None = None
    withdrawal_asked_at: datetime | None = Field(default=None, sa_type=Instant)
    withdrawal_reason: str | None = None
    declined_withdrawals: list[dict[str, Any]] | None = Field(default=None, sa_type=Document)
    """Requests to withdraw it that were declined, in their order: who asked when and why, who declined."""
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)
