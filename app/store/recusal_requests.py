"""Requests for recusal in the database."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, false, or_, select, true
from sqlmodel import Session, col

from app.domain.access import Caller, Role
from app.domain.recusing import Decision
from app.store.agencies import whose_visit
from app.store.paging import AnyRow, Rows, page
from app.store.tables.amendments import RecusalRequest
from app.store.tables.fieldwork import VisitCode, VisitOfficer

_COLUMNS: tuple[Any, ...] = tuple(RecusalRequest.__table__.columns)  # type: ignore[attr-defined]  # SQLModel adds it to table classes
_READERS = frozenset({Role.APPROVER, Role.DISPATCHER, Role.REVIEWER, Role.SUPERVISOR, Role.AUDITOR})


def seen_by(caller: Caller) -> ColumnElement[bool]:
    """The condition that a caller may know of a request: officers of what they asked and of their visits."""
    here = and_(
        col(RecusalRequest.region).startswith(caller.region, autoescape=True),
        whose_visit(caller.agency, col(RecusalRequest.visit_id)),
    )
    if caller.roles & _READERS:
        return here
    if Role.INSPECTOR not in caller.roles or caller.inspector is None:
        return false()
    team = exists().where(
        col(VisitOfficer.visit_id) == col(RecusalRequest.visit_id),
        col(VisitOfficer.inspector) == caller.inspector,
    )
    return and_(here, or_(col(RecusalRequest.inspector) == caller.inspector, team))


def add(session: Session, request: RecusalRequest) -> None:
    """Keep a new request."""
    session.add(request)
    session.flush()


def request(session: Session, request_id: str, condition: ColumnElement[bool]) -> RecusalRequest | None:
    """A request that meets a condition, locked until the transaction ends."""
    return session.scalars(
        select(RecusalRequest).where(col(RecusalRequest.id) == request_id, condition).with_for_update()
    ).one_or_none()


def draw_of(session: Session, request_id: str, condition: ColumnElement[bool]) -> AnyRow | None:
    """`draw_id` and `visit_id` of a request that meets a condition: what an act locks before the request."""
    return session.execute(
        select(col(RecusalRequest.draw_id), col(RecusalRequest.visit_id)).where(
            col(RecusalRequest.id) == request_id, condition
        )
    ).one_or_none()


def of_officer(session: Session, visit_id: str, inspector: str) -> Sequence[RecusalRequest]:
    """The requests that an officer keep away from a visit, the oldest first."""
    return session.scalars(
        select(RecusalRequest)
        .where(col(RecusalRequest.visit_id) == visit_id, col(RecusalRequest.inspector) == inspector)
        .order_by(col(RecusalRequest.id))
    ).all()


def is_recused(session: Session, visit_id: str, inspector: str) -> bool:
    """Whether it was decided that an officer keep away from a visit."""
    return bool(
        session.scalar(
            select(
                exists().where(
                    col(RecusalRequest.visit_id) == visit_id,
                    col(RecusalRequest.inspector) == inspector,
                    col(RecusalRequest.state) == Decision.GRANTED,
                )
            )
        )
    )


def rows(
    connection: Connection,
    *,
    condition: ColumnElement[bool],
    equal: Mapping[str, object],
    overdue_on: date | None,
    limit: int,
    cursor: str | None,
    count: bool,
) -> Rows:
    """Requests that meet a condition, newest first; `overdue_on`: open ones whose last day is before that."""
    query = select(*_COLUMNS).where(condition)
    query = query.where(*(getattr(RecusalRequest, name) == value for name, value in equal.items()))
    if overdue_on is not None:
        query = query.where(
            col(RecusalRequest.state) == Decision.OPEN, col(RecusalRequest.decide_by) < overdue_on
        )
    return page(
        connection,
        query,
        by=[col(RecusalRequest.id)],
        limit=limit,
        cursor=cursor,
        descending=True,
        count=count,
    )


def row(connection: Connection, request_id: str, condition: ColumnElement[bool]) -> AnyRow | None:
    """One request that meets a condition."""
    return connection.execute(
        select(*_COLUMNS).where(col(RecusalRequest.id) == request_id, condition)
    ).one_or_none()


def row_by_receipt(connection: Connection, receipt_digest: str) -> AnyRow | None:
    """The request whose party holds this receipt."""
    return connection.execute(
        select(*_COLUMNS).where(col(RecusalRequest.receipt_digest) == receipt_digest)
    ).one_or_none()


def alarm_due(connection: Connection, *, today: date, limit: int) -> Sequence[str]:
    """Ids of open requests for which an alarm is due, the most urgent first."""
    return connection.scalars(
        select(col(RecusalRequest.id))
        .where(
            col(RecusalRequest.state) == Decision.OPEN,
            col(RecusalRequest.overdue_at).is_(None),
            or_(
                col(RecusalRequest.decide_by) < today,
                and_(col(RecusalRequest.decide_by) == today, col(RecusalRequest.alarmed_at).is_(None)),
            ),
        )
        .order_by(col(RecusalRequest.decide_by), col(RecusalRequest.id))
        .limit(limit)
    ).all()


def for_alarm(session: Session, request_id: str) -> RecusalRequest | None:
    """The request, locked until the transaction ends."""
    return request(session, request_id, true())


def take_off(session: Session, visit_id: str, inspector: str) -> None:
    """Take an officer off a visit; its code for the door answers no more."""
    session.execute(
        delete(VisitOfficer).where(
            col(VisitOfficer.visit_id) == visit_id, col(VisitOfficer.inspector) == inspector
        )
    )
    session.execute(delete(VisitCode).where(col(VisitCode.visit_id) == visit_id))
