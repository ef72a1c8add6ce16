"""Keys, kept answers and audit events in the database."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, delete, func, select
from sqlmodel import Session, col

from app.domain.access import Caller, Role
from app.store.tables.access import ApiKey, AuditEvent, KeptAnswer

RETRIES_KEPT_FOR: Final = timedelta(days=7)
"""So long a retry gets the first answer (spec/api.md, «Retry»)."""


def add_key(session: Session, *, caller: Caller, key_sha256: str, at: datetime) -> None:
    """Keep a new caller's key."""
    session.add(
        ApiKey(
            id=caller.id,
            name=caller.name,
            roles=sorted(caller.roles),
            region=caller.region,
            inspector=caller.inspector,
            agency=caller.agency,
            key_sha256=key_sha256,
            created_at=at,
        )
    )


def caller_by_key(connection: Connection, key_sha256: str) -> Caller | None:
    """The caller whose key has this SHA-256, unless it was revoked."""
    row = connection.execute(
        select(
            *(col(ApiKey.id), col(ApiKey.name), col(ApiKey.roles), col(ApiKey.region)),
            *(col(ApiKey.inspector), col(ApiKey.agency)),
        ).where(col(ApiKey.key_sha256) == key_sha256, col(ApiKey.revoked_at).is_(None))
    ).one_or_none()
    if row is None:
        return None
    return Caller(
        id=row.id,
        name=row.name,
        roles=frozenset(Role(r) for r in row.roles),
        region=row.region,
        inspector=row.inspector,
        agency=row.agency,
    )


def kept_answer(session: Session, *, caller_id: str, key: str) -> KeptAnswer | None:
    """The answer kept for this caller's `Idempotency-Key`."""
    return session.get(KeptAnswer, (caller_id, key))


def keep_answer(session: Session, answer: KeptAnswer, *, forget_before: datetime) -> None:
    """Keep an answer, and forget those of more than the given age."""
    session.execute(delete(KeptAnswer).where(col(KeptAnswer.at) < forget_before))
    session.add(answer)


def hold_key(session: Session, *, caller_id: str, key: str) -> bool:
    """Claim the `Idempotency-Key` for this transaction; False when another transaction holds it.

    PostgreSQL's advisory lock does it; on SQLite writers queue at BEGIN IMMEDIATE anyway.
    """
    if session.get_bind().dialect.name != "postgresql":
        return True
    name = func.hashtextextended(f"{caller_id}|{key}", 0)
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(name))))


def log_event(
    session: Session,
    *,
    event_id: str,
    at: datetime,
    caller: Caller,
    region: str,
    act: str,
    subject: str,
    detail: dict[str, Any],
) -> None:
    """Append to the audit log."""
    session.add(
        AuditEvent(
            id=event_id,
            at=at,
            caller_id=caller.id,
            caller_name=caller.name,
            region=region,
            act=act,
            subject=subject,
            detail=detail,
        )
    )
