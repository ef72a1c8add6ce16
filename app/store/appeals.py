"""Appeals in the database, and the public versions that they are about."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select, update
from sqlmodel import Session, col

from app.domain.access import Caller
from app.domain.appeals.appeal import UNDECIDED
from app.domain.results.states import Step
from app.store.agencies import whose_visit
from app.store.paging import AnyRow, Rows, page
from app.store.tables.appeals import Appeal
from app.store.tables.results import Publication, PublicationStep, PublicResult

_COLUMNS: tuple[Any, ...] = tuple(Appeal.__table__.columns)  # type: ignore[attr-defined]  # SQLModel adds it to table classes
_PLAIN = tuple(column for column in _COLUMNS if not column.name.startswith("sealed_"))
_BY_HAND = (
    *(Step.SUBMIT, Step.REVIEW, Step.APPROVE, Step.PUBLISH),
    *(Step.SEND_BACK, Step.WITHHOLD, Step.WITHDRAW),
)
"""Steps by which somebody judges a result; a decided appeal begins a correction, which judges nothing."""


def seen_by(caller: Caller) -> ColumnElement[bool]:
    """The condition that an appeal lies within the caller's region, and is about its agency's visit."""
    here = col(Appeal.region).startswith(caller.region, autoescape=True)
    return and_(here, whose_visit(caller.agency, col(Appeal.visit_id)))


def shown(connection: Connection, result_id: str) -> AnyRow | None:
    """Of a result's newest public version what an appeal needs to know, with its publication's id."""
    return connection.execute(
        select(
            *(col(PublicResult.id), col(PublicResult.version), col(PublicResult.withdrawn)),
            *(col(PublicResult.region), col(PublicResult.entity_name), col(PublicResult.published_at)),
            col(Publication.id).label("publication_id"),
        )
        .join(Publication, col(Publication.visit_id) == col(PublicResult.id))
        .where(col(PublicResult.id) == result_id, col(PublicResult.current))
    ).one_or_none()


def shown_for_change(session: Session, result_id: str) -> PublicResult | None:
    """A result's newest public version."""
    return session.scalars(
        select(PublicResult).where(col(PublicResult.id) == result_id, col(PublicResult.current))
    ).one_or_none()


def add(session: Session, appeal: Appeal) -> None:
    """Keep a new appeal."""
    session.add(appeal)
    session.flush()


def by_retry(session: Session, retry_digest: str) -> Appeal | None:
    """The appeal that was filed under this `Idempotency-Key`."""
    return session.scalars(select(Appeal).where(col(Appeal.retry_digest) == retry_digest)).one_or_none()


def forget_retries(session: Session, *, filed_before: datetime) -> None:
    """Let go of the keys under which older appeals were filed."""
    session.execute(
        update(Appeal)
        .where(col(Appeal.filed_at) < filed_before, col(Appeal.retry_digest).is_not(None))
        .values(retry_digest=None, request_digest=None)
    )


def result_of(session: Session, appeal_id: str, seen: ColumnElement[bool]) -> str | None:
    """The result that an appeal is about, if it is seen: what an act locks before the appeal."""
    return session.scalar(select(col(Appeal.visit_id)).where(col(Appeal.id) == appeal_id, seen))


def for_change(session: Session, appeal_id: str) -> Appeal:
    """An appeal that is known to be there, locked until the transaction ends."""
    return session.scalars(
        select(Appeal)
        .where(col(Appeal.id) == appeal_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def against(session: Session, result_id: str) -> Sequence[Appeal]:
    """Every appeal against a result."""
    return session.scalars(
        select(Appeal).where(col(Appeal.visit_id) == result_id).order_by(col(Appeal.id))
    ).all()


def judges(session: Session, publication_id: str) -> set[str]:
    """Ids of the callers who took any version of a result further, or back."""
    return set(
        session.scalars(
            select(col(PublicationStep.caller_id)).where(
                col(PublicationStep.publication_id) == publication_id, col(PublicationStep.act).in_(_BY_HAND)
            )
        )
    )


def appeal_officers(session: Session, publication_id: str) -> frozenset[str]:
    """Ids of the callers who handle, proposed or decided appeals against a result."""
    found = session.execute(
        select(col(Appeal.handler), col(Appeal.decider)).where(col(Appeal.publication_id) == publication_id)
    )
    return frozenset(one for pair in found for one in pair if one is not None)


def rows(
    connection: Connection,
    *,
    seen: ColumnElement[bool],
    equal: Mapping[str, object],
    overdue_on: date | None,
    limit: int,
    cursor: str | None,
    count: bool,
) -> Rows:
    """Appeals that are seen, the oldest first, without what is sealed.

    Args:
        connection: to read from.
        seen: the condition.
        equal: values of columns, by name.
        overdue_on: only those that were not decided though their last day was before this.
        limit: rows a page.
        cursor: where the page begins.
        count: whether to count all.
    """
    query = select(*_PLAIN).where(seen)
    query = query.where(*(getattr(Appeal, name) == value for name, value in equal.items()))
    if overdue_on is not None:
        query = query.where(col(Appeal.state).in_(UNDECIDED), col(Appeal.due_on) < overdue_on)
    return page(connection, query, by=[col(Appeal.id)], limit=limit, cursor=cursor, count=count)


def row(connection: Connection, appeal_id: str, seen: ColumnElement[bool]) -> AnyRow | None:
    """One appeal that is seen, whole."""
    return connection.execute(select(*_COLUMNS).where(col(Appeal.id) == appeal_id, seen)).one_or_none()


def row_by_receipt(connection: Connection, receipt_digest: str) -> AnyRow | None:
    """The appeal whose receipt this is."""
    return connection.execute(
        select(*_COLUMNS).where(col(Appeal.receipt_digest) == receipt_digest)
    ).one_or_none()


def alarm_due(connection: Connection, *, today: date, limit: int) -> Sequence[str]:
    """Ids of undecided appeals for which an alarm is due, the most urgent first."""
    return connection.scalars(
        select(col(Appeal.id))
        .where(
            col(Appeal.state).in_(UNDECIDED),
            or_(
                and_(col(Appeal.alarm_on) <= today, col(Appeal.alarmed_at).is_(None)),
                and_(col(Appeal.due_on) < today, col(Appeal.overdue_at).is_(None)),
            ),
        )
        .order_by(col(Appeal.due_on), col(Appeal.id))
        .limit(limit)
    ).all()


def running_through(session: Session, year: int) -> Sequence[Appeal]:
    """Undecided appeals whose clock runs through a year or ends close before it, or waits; locked."""
    return session.scalars(
        select(Appeal)
        .where(
            col(Appeal.state).in_(UNDECIDED),
            col(Appeal.filed_on) <= date(year, 12, 31),
            or_(col(Appeal.due_on).is_(None), col(Appeal.due_on) >= date(year - 1, 12, 1)),
        )
        .order_by(col(Appeal.id))
        .with_for_update()
    ).all()


def waiting(session: Session, *, limit: int) -> Sequence[Appeal]:
    """Undecided appeals whose last day could not be counted yet; locked."""
    return session.scalars(
        select(Appeal)
        .where(col(Appeal.state).in_(UNDECIDED), col(Appeal.due_on).is_(None))
        .order_by(col(Appeal.id))
        .limit(limit)
        .with_for_update()
    ).all()
