"""Writing the public standings from what the bureau knows of the visits of a draw and of their results."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from app.store.paging import AnyRow
from app.store.tables.fieldwork import Visit
from app.store.tables.results import Publication
from app.store.tables.standings import PublicStanding, PublicUndrawn


def visits_of_draw(session: Session, draw_id: str) -> Sequence[AnyRow]:
    """The visits of a draw, each with how far its result is on its way to the public."""
    return _visits(session, col(Visit.draw_id) == draw_id)


def visit(session: Session, visit_id: str) -> AnyRow | None:
    """One visit, likewise."""
    return next(iter(_visits(session, col(Visit.id) == visit_id)), None)


def _visits(session: Session, condition: ColumnElement[bool]) -> Sequence[AnyRow]:
    columns: tuple[Any, ...] = (
        *(col(Visit.id), col(Visit.kind), col(Visit.region), col(Visit.item), col(Visit.entity_key)),
        *(col(Visit.entity_name), col(Visit.state), col(Visit.ended_on), col(Visit.checked_in_at)),
        *(col(Publication.state).label("publication"), col(Publication.public_version)),
        *(col(Publication.due_on), col(Publication.reason), col(Publication.changed_at)),
        col(Publication.withheld_until),
    )
    return session.execute(
        select(*columns)
        .join(Publication, col(Publication.visit_id) == col(Visit.id), isouter=True)
        .where(condition)
    ).all()


def standing_of(session: Session, visit_id: str) -> PublicStanding | None:
    """The standing of a visit, if its draw is revealed."""
    return session.scalars(
        select(PublicStanding).where(col(PublicStanding.visit_id) == visit_id)
    ).one_or_none()


def add_standings(session: Session, standings: Iterable[PublicStanding]) -> None:
    """Keep the standings of a draw that is being revealed."""
    session.add_all(standings)
    session.flush()


def undrawn(session: Session, visit_id: str) -> PublicUndrawn | None:
    """How it stands with the result of a visit without a draw."""
    return session.get(PublicUndrawn, visit_id)


def put_undrawn(session: Session, undrawn: PublicUndrawn) -> None:
    """Keep how it stands."""
    session.add(undrawn)
    session.flush()
