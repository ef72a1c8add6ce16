"""Evidence of visits in the database."""

from collections.abc import Sequence

from sqlalchemy import Connection, select
from sqlmodel import Session, col

from app.store.paging import AnyRow
from app.store.tables.fieldrecords import Evidence

_EVIDENCE = tuple(Evidence.__table__.columns)  # type: ignore[attr-defined]  # SQLModel adds it to table classes


def add(session: Session, row: Evidence) -> None:
    """Keep a new row."""
    session.add(row)
    session.flush()


def evidence_rows(connection: Connection, visit_id: str) -> Sequence[AnyRow]:
    """The evidence of a visit in the order handed in, what was withdrawn included."""
    return connection.execute(
        select(*_EVIDENCE).where(col(Evidence.visit_id) == visit_id).order_by(col(Evidence.id))
    ).all()


def evidence_row(connection: Connection, visit_id: str, evidence_id: str) -> AnyRow | None:
    """One piece of evidence of a visit."""
    return connection.execute(
        select(*_EVIDENCE).where(col(Evidence.visit_id) == visit_id, col(Evidence.id) == evidence_id)
    ).one_or_none()


def evidence_for_change(session: Session, visit_id: str, evidence_id: str) -> Evidence | None:
    """One piece of evidence, in an act that holds the visit."""
    return session.scalars(
        select(Evidence).where(col(Evidence.visit_id) == visit_id, col(Evidence.id) == evidence_id)
    ).one_or_none()


def same_evidence(session: Session, visit_id: str, sha256: str, *, agency: str | None) -> Evidence | None:
    """The evidence of a visit, or of an agency's part in it, with this content, unless it was withdrawn."""
    return session.scalars(
        select(Evidence).where(
            col(Evidence.visit_id) == visit_id,
            col(Evidence.sha256) == sha256,
            col(Evidence.agency).is_(None) if agency is None else col(Evidence.agency) == agency,
            col(Evidence.withdrawn_at).is_(None),
        )
    ).one_or_none()
