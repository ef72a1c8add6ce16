"""Requests to put off the day of a disposition, in the database."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, exists, select
from sqlmodel import Session, col

from app.domain.fieldwork.extensions import State
from app.store.paging import AnyRow
from app.store.tables.fieldrecords import Disposition, DispositionExtension

_COLUMNS = tuple(DispositionExtension.__table__.columns)  # type: ignore[attr-defined]  # SQLModel adds it to table classes


def add(session: Session, extension: DispositionExtension) -> None:
    """Keep a request."""
    session.add(extension)
    session.flush()


def newest(session: Session, disposition_id: str) -> DispositionExtension | None:
    """The newest request of a disposition, in an act that holds the disposition."""
    return session.scalars(
        select(DispositionExtension)
        .where(col(DispositionExtension.disposition_id) == disposition_id)
        .order_by(col(DispositionExtension.n).desc())
        .limit(1)
    ).one_or_none()


def one(session: Session, disposition_id: str, n: int) -> DispositionExtension | None:
    """One request, in an act that holds the disposition."""
    return session.get(DispositionExtension, (disposition_id, n))


def rows_of(connection: Connection, disposition_id: str) -> Sequence[AnyRow]:
    """Every request of a disposition, in order."""
    return connection.execute(
        select(*_COLUMNS)
        .where(col(DispositionExtension.disposition_id) == disposition_id)
        .order_by(col(DispositionExtension.n))
    ).all()


def waits() -> ColumnElement[bool]:
    """The condition that a disposition has a request that waits for its decision."""
    return exists().where(
        col(DispositionExtension.disposition_id) == col(Disposition.id),
        col(DispositionExtension.state) == State.ASKED,
    )
