"""Records of visits, evidence and dispositions in the database."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, func, select
from sqlmodel import Session, col

from app.store.paging import AnyRow, Rows, page
from app.store.tables.fieldrecords import (
    Disposition,
    Evidence,
    ReinspectionDeal,
    VisitRecord,
    VisitRecordVersion,
)
from app.store.tables.fieldwork import Visit, VisitOfficer
from app.store.tables.registers import Entity, PastVisit

_DISPOSITION = tuple(Disposition.__table__.columns)  # type: ignore[attr-defined]  # SQLModel adds it to table classes
_EVIDENCE = tuple(Evidence.__table__.columns)  # type: ignore[attr-defined]  # the same
_VERSION = tuple(VisitRecordVersion.__table__.columns)  # type: ignore[attr-defined]  # the same


def seen_visit(connection: Connection, visit_id: str, condition: ColumnElement[bool]) -> AnyRow | None:
    """`id`, `region`, `state` and `checklist` of a visit that meets a condition."""
    return connection.execute(
        select(col(Visit.id), col(Visit.region), col(Visit.state), col(Visit.checklist)).where(
            col(Visit.id) == visit_id, condition
        )
    ).one_or_none()


def record(session: Session, visit_id: str) -> VisitRecord | None:
    """The record as it stands, in an act that holds the visit."""
    return session.get(VisitRecord, visit_id)


def record_row(connection: Connection, visit_id: str) -> AnyRow | None:
    """The record as it stands, to be read."""
    columns = VisitRecord.__table__.columns  # type: ignore[attr-defined]  # SQLModel adds it to table classes
    return connection.execute(select(*columns).where(col(VisitRecord.visit_id) == visit_id)).one_or_none()


def version_by_ref(session: Session, visit_id: str, client_ref: str) -> VisitRecordVersion | None:
    """What a client sent before under this name."""
    return session.scalars(
        select(VisitRecordVersion).where(
            col(VisitRecordVersion.visit_id) == visit_id, col(VisitRecordVersion.client_ref) == client_ref
        )
    ).one_or_none()


def next_number(session: Session, visit_id: str) -> int:
    """The number of the visit's next version, from 1."""
    last = session.scalar(
        select(func.max(col(VisitRecordVersion.n))).where(col(VisitRecordVersion.visit_id) == visit_id)
    )
    return (last or 0) + 1


def version_rows(connection: Connection, visit_id: str, *, limit: int, cursor: str | None) -> Rows:
    """Everything that was sent for a visit's record, in the order received."""
    query = select(*_VERSION).where(col(VisitRecordVersion.visit_id) == visit_id)
    return page(connection, query, by=[col(VisitRecordVersion.n)], limit=limit, cursor=cursor)


def add(session: Session, row: VisitRecord | VisitRecordVersion | Evidence | Disposition) -> None:
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


def same_evidence(session: Session, visit_id: str, sha256: str) -> Evidence | None:
    """The evidence of a visit with this content, unless it was withdrawn."""
    return session.scalars(
        select(Evidence).where(
            col(Evidence.visit_id) == visit_id,
            col(Evidence.sha256) == sha256,
            col(Evidence.withdrawn_at).is_(None),
        )
    ).one_or_none()


def visit_of_disposition(session: Session, disposition_id: str) -> str | None:
    """The id of the visit that a disposition follows from."""
    return session.scalar(select(col(Disposition.visit_id)).where(col(Disposition.id) == disposition_id))


def disposition_for_change(session: Session, disposition_id: str) -> Disposition | None:
    """The disposition, locked until the transaction ends."""
    return session.scalars(
        select(Disposition).where(col(Disposition.id) == disposition_id).with_for_update()
    ).one_or_none()


def dispositions_of(session: Session, visit_id: str) -> Sequence[Disposition]:
    """The dispositions of a visit, in the order recorded."""
    return session.scalars(
        select(Disposition).where(col(Disposition.visit_id) == visit_id).order_by(col(Disposition.id))
    ).all()


def disposition_of_reinspection(session: Session, visit_id: str) -> Disposition | None:
    """The disposition that a re-inspection was opened for, locked until the transaction ends."""
    return session.scalars(
        select(Disposition).where(col(Disposition.reinspection_visit_id) == visit_id).with_for_update()
    ).one_or_none()


def disposition_row(
    connection: Connection, disposition_id: str, condition: ColumnElement[bool]
) -> AnyRow | None:
    """One disposition, if its visit meets a condition."""
    return connection.execute(
        select(*_DISPOSITION)
        .join(Visit, col(Visit.id) == col(Disposition.visit_id))
        .where(col(Disposition.id) == disposition_id, condition)
    ).one_or_none()


def disposition_rows(
    connection: Connection,
    *,
    condition: ColumnElement[bool],
    equal: dict[str, object],
    due_before: date | None,
    limit: int,
    cursor: str | None,
    count: bool,
) -> Rows:
    """Dispositions of visits that meet a condition, newest first; `due_before`: open ones due before."""
    query = select(*_DISPOSITION).join(Visit, col(Visit.id) == col(Disposition.visit_id)).where(condition)
    query = query.where(*(getattr(Disposition, name) == value for name, value in equal.items()))
    if due_before is not None:
        query = query.where(col(Disposition.state) == "open", col(Disposition.due_on) < due_before)
    return page(
        connection, query, by=[col(Disposition.id)], limit=limit, cursor=cursor, descending=True, count=count
    )


def team(session: Session, visit_id: str) -> Sequence[VisitOfficer]:
    """The officers of a visit, by place."""
    return session.scalars(
        select(VisitOfficer).where(col(VisitOfficer.visit_id) == visit_id).order_by(col(VisitOfficer.slot))
    ).all()


def station_of(session: Session, entity_id: str) -> str | None:
    """The station 派出所 of an entity's premises, if the register knows it."""
    return session.scalar(select(col(Entity.station)).where(col(Entity.id) == entity_id))


def put_past_visit(session: Session, row: PastVisit) -> None:
    """Enter a visit among the past ones; what is known of the same visit takes its codes and inspectors."""
    known = session.scalars(
        select(PastVisit).where(col(PastVisit.natural_key) == row.natural_key)
    ).one_or_none()
    if known is None:
        session.add(row)
    else:
        known.codes, known.inspectors = row.codes, row.inspectors


def was_reinspected(session: Session, disposition_id: str) -> bool:
    """Whether a re-inspection of the disposition took place."""
    return bool(
        session.scalar(
            select(
                exists().where(
                    col(ReinspectionDeal.disposition_id) == disposition_id,
                    col(ReinspectionDeal.visit_id) == col(Visit.id),
                    col(Visit.submitted_at).is_not(None),
                )
            )
        )
    )


def last_team_at(session: Session, entity_id: str) -> tuple[str, ...]:
    """Codes of the officers of the last visit at an entity that took place."""
    last = (
        select(col(Visit.id))
        .where(col(Visit.entity_id) == entity_id, col(Visit.submitted_at).is_not(None))
        .order_by(col(Visit.submitted_at).desc())
        .limit(1)
    )
    return tuple(
        session.scalars(
            select(col(VisitOfficer.inspector))
            .where(col(VisitOfficer.visit_id) == last.scalar_subquery())
            .order_by(col(VisitOfficer.slot))
        )
    )


def visit(session: Session, visit_id: str) -> Visit | None:
    """A visit as it stands."""
    return session.get(Visit, visit_id)


def add_reinspection(
    session: Session, *, visit: Visit, officers: Sequence[VisitOfficer], deal: ReinspectionDeal
) -> None:
    """Keep a re-inspection with its team and how that was dealt."""
    session.add(visit)
    session.flush()
    session.add_all([*officers, deal])
    session.flush()


def deal_rows(connection: Connection, disposition_id: str) -> Sequence[AnyRow]:
    """How the teams of a disposition's re-inspections were dealt, in the order opened."""
    columns: tuple[Any, ...] = tuple(ReinspectionDeal.__table__.columns)  # type: ignore[attr-defined]  # SQLModel adds it to table classes
    return connection.execute(
        select(*columns)
        .where(col(ReinspectionDeal.disposition_id) == disposition_id)
        .order_by(col(ReinspectionDeal.visit_id))
    ).all()
