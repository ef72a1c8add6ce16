"""Amendments of draws in the database, and what they do to visits."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, exists, or_, select
from sqlmodel import Session, col

from app.domain.fieldwork.visit import State
from app.store.paging import AnyRow, Rows, page
from app.store.tables.amendments import DrawAmendment
from app.store.tables.drawing import Draw
from app.store.tables.fieldwork import CheckIn, Visit, VisitCode, VisitOfficer

_COLUMNS: tuple[Any, ...] = tuple(DrawAmendment.__table__.columns)  # type: ignore[attr-defined]  # SQLModel adds it to table classes
Source = Session | Connection


def add(session: Session, amendment: DrawAmendment) -> None:
    """Keep an amendment that is logged."""
    session.add(amendment)
    session.flush()


def of_draw(session: Session, draw_id: str) -> Sequence[DrawAmendment]:
    """The amendments of a draw, in their order."""
    return session.scalars(
        select(DrawAmendment).where(col(DrawAmendment.draw_id) == draw_id).order_by(col(DrawAmendment.n))
    ).all()


def rows(connection: Connection, draw_id: str, *, limit: int, cursor: str | None) -> Rows:
    """A page of the amendments of a draw, in their order."""
    query = select(*_COLUMNS).where(col(DrawAmendment.draw_id) == draw_id)
    return page(connection, query, by=[col(DrawAmendment.n)], limit=limit, cursor=cursor)


def pending(source: Source, draw_id: str) -> AnyRow | None:
    """`n`, `body` and `may_change` of the amendment that waits for its random value, if one does."""
    columns = (col(DrawAmendment.n), col(DrawAmendment.body), col(DrawAmendment.may_change))
    return source.execute(
        select(*columns).where(col(DrawAmendment.draw_id) == draw_id, col(DrawAmendment.beacon).is_(None))
    ).one_or_none()


def waiting_for_drand(connection: Connection, before: datetime) -> Sequence[AnyRow]:
    """Amendments, oldest first, that wait for a drand round, each with the `plan` of its draw."""
    return connection.execute(
        select(col(DrawAmendment.draw_id), col(DrawAmendment.n), col(DrawAmendment.round), col(Draw.plan))
        .join(Draw, col(Draw.id) == col(DrawAmendment.draw_id))
        .where(
            col(DrawAmendment.beacon).is_(None),
            col(DrawAmendment.round).is_not(None),
            col(DrawAmendment.logged_at) < before,
        )
        .order_by(col(DrawAmendment.logged_at), col(DrawAmendment.draw_id))
    ).all()


def started_of_draw(session: Session, draw_id: str) -> Sequence[str]:
    """The premises whose visit has begun or is over: somebody has checked in, or nobody will any more."""
    begun = exists().where(col(CheckIn.visit_id) == col(Visit.id))
    return session.scalars(
        select(col(Visit.entity_key))
        .where(col(Visit.draw_id) == draw_id, or_(col(Visit.state) != State.PLANNED, begun))
        .order_by(col(Visit.entity_key))
    ).all()


def planned_of_draw(session: Session, draw_id: str, entities: Iterable[str]) -> Sequence[Visit]:
    """The visits at these premises to which nobody has come yet, locked until the transaction ends."""
    begun = exists().where(col(CheckIn.visit_id) == col(Visit.id))
    return session.scalars(
        select(Visit)
        .where(
            col(Visit.draw_id) == draw_id,
            col(Visit.entity_key).in_(list(entities)),
            col(Visit.state) == State.PLANNED,
            ~begun,
        )
        .order_by(col(Visit.id))
        .with_for_update()
    ).all()


def lock_visits(session: Session, draw_id: str) -> None:
    """Lock the visits of a draw until the transaction ends: none begins meanwhile."""
    session.execute(
        select(col(Visit.id)).where(col(Visit.draw_id) == draw_id).order_by(col(Visit.id)).with_for_update()
    )


def replace_team(session: Session, visit_id: str, officers: Sequence[VisitOfficer]) -> None:
    """Put other officers on a visit; codes for the door that were given to the former ones answer no more."""
    session.execute(delete(VisitOfficer).where(col(VisitOfficer.visit_id) == visit_id))
    session.execute(delete(VisitCode).where(col(VisitCode.visit_id) == visit_id))
    session.add_all(officers)
    session.flush()
