"""Dispositions of visits in the database, their clocks and re-inspections."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select
from sqlmodel import Session, col

from app.domain.fieldwork.dispositions import Kind
from app.domain.fieldwork.visit import State
from app.store.paging import AnyRow, Rows, page
from app.store.tables.fieldrecords import Disposition, ReinspectionDeal
from app.store.tables.fieldwork import Visit, VisitOfficer

_DISPOSITION = tuple(Disposition.__table__.columns)  # type: ignore[attr-defined]  # SQLModel adds it to table classes


def add(session: Session, row: Disposition) -> None:
    """Keep a new row."""
    session.add(row)
    session.flush()


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


def overdue_on(today: date) -> ColumnElement[bool]:
    """The condition that a disposition is open after its day, or an order not checked again in time."""
    past = and_(col(Disposition.state) == "open", col(Disposition.due_on) < today)
    return or_(past, recheck_overdue_on(today))


def recheck_overdue_on(today: date) -> ColumnElement[bool]:
    """The condition that an open order was not checked again by its last day."""
    return and_(
        col(Disposition.state) == "open",
        col(Disposition.rechecked_on).is_(None),
        col(Disposition.recheck_by) < today,
    )


def alarm_due(connection: Connection, *, today: date, limit: int) -> list[str]:
    """Ids of open orders whose re-check is due an alarm: soon over, or over."""
    soon = and_(col(Disposition.recheck_alarm_on) <= today, col(Disposition.alarmed_at).is_(None))
    over = and_(col(Disposition.recheck_by) < today, col(Disposition.overdue_at).is_(None))
    return list(
        connection.scalars(
            select(col(Disposition.id))
            .where(col(Disposition.state) == "open", col(Disposition.rechecked_on).is_(None), or_(soon, over))
            .order_by(col(Disposition.recheck_by))
            .limit(limit)
        )
    )


def orders_through(session: Session, year: int) -> Sequence[Disposition]:
    """Open orders whose re-check is to come and may be counted through a year; locked."""
    return session.scalars(
        select(Disposition)
        .where(
            col(Disposition.kind) == Kind.ORDER_TO_CORRECT,
            col(Disposition.state) == "open",
            col(Disposition.rechecked_on).is_(None),
            col(Disposition.due_on).between(date(year - 1, 12, 1), date(year, 12, 31)),
        )
        .order_by(col(Disposition.id))
        .with_for_update()
    ).all()


def orders_without_recheck(connection: Connection, *, limit: int) -> list[str]:
    """Ids of open orders without a last day for their re-check, the soonest due first."""
    return list(
        connection.scalars(
            select(col(Disposition.id))
            .where(
                col(Disposition.kind) == Kind.ORDER_TO_CORRECT,
                col(Disposition.state) == "open",
                col(Disposition.recheck_by).is_(None),
                col(Disposition.rechecked_on).is_(None),
            )
            .order_by(col(Disposition.due_on), col(Disposition.id))
            .limit(limit)
        )
    )


def disposition_rows(
    connection: Connection,
    *,
    conditions: Sequence[ColumnElement[bool]],
    equal: Mapping[str, object],
    limit: int,
    cursor: str | None,
    count: bool,
) -> Rows:
    """Dispositions that meet conditions on them and their visits, newest first."""
    query = select(*_DISPOSITION).join(Visit, col(Visit.id) == col(Disposition.visit_id)).where(*conditions)
    query = query.where(*(getattr(Disposition, name) == value for name, value in equal.items()))
    return page(
        connection, query, by=[col(Disposition.id)], limit=limit, cursor=cursor, descending=True, count=count
    )


def reinspection_to_come(session: Session, disposition: Disposition) -> Visit | None:
    """The re-inspection of a disposition that is still planned, locked until the transaction ends."""
    return session.scalars(
        select(Visit)
        .where(col(Visit.id) == disposition.reinspection_visit_id, col(Visit.state) == State.PLANNED)
        .with_for_update()
    ).one_or_none()


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
