"""Callers' keys, answers kept for retries, and the log of who looked at what."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field, SQLModel

from app.store.columns import ByteText, Document, Instant


class ApiKey(SQLModel, table=True):
    """An API key: only the SHA-256 of its text is kept."""

    __tablename__ = "api_keys"

    id: str = Field(primary_key=True)
    name: str
    roles: list[str] = Field(sa_type=Document)
    region: str = Field(sa_type=ByteText)
    inspector: str | None = None
    agency: str | None = None
    key_sha256: str = Field(unique=True)
    created_at: datetime = Field(sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)


class KeptAnswer(SQLModel, table=True):
    """What an `Idempotency-Key` was answered with, so that a retry gets the same again for seven days."""

    __tablename__ = "kept_answers"

    caller_id: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    request_sha256: str
    status: int
    headers: dict[str, str] = Field(sa_type=Document)
    body: bytes = Field(sa_type=LargeBinary)
    at: datetime = Field(sa_type=Instant, index=True)


class AuditEvent(SQLModel, table=True):
    """Who did or saw what, when; appended in the same transaction as the act."""

    __tablename__ = "audit_events"
    __table_args__ = (Index("ix_audit_events_subject", "subject", "id"),)

    id: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Instant)
    caller_id: str
    caller_name: str
    region: str = Field(sa_type=ByteText)
    act: str
    subject: str
    detail: dict[str, Any] = Field(sa_type=Document)
