"""Cases for the registrar in the database, with the registrations that they are about."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from sqlalchemy import Connection, select
from sqlmodel import Session, col

from app.domain.days import shanghai_day
from app.store.paging import AnyRow, Rows, page
from app.store.premises import Source
from app.store.premises_rows import Columns
from app.store.tables.duties import RegistrarCase, RegistrationChange
from app.store.tables.registers import Entity, Registration

_DROPPED: Final = "dropped"
"""The state of a case that a correction of the visit's codes left without ground."""

_CASE: Columns = (
    *(col(RegistrarCase.id), col(RegistrarCase.entity_id), col(RegistrarCase.visit_id)),
    *(col(RegistrarCase.region), col(RegistrarCase.item), col(RegistrarCase.regime)),
    *(col(RegistrarCase.code), col(RegistrarCase.ends_duty), col(RegistrarCase.state)),
    *(col(RegistrarCase.opened_on), col(RegistrarCase.opened_at), col(RegistrarCase.decision)),
    *(col(RegistrarCase.reason), col(RegistrarCase.decided_by), col(RegistrarCase.decided_at)),
    *(col(Entity.key).label("entity"), col(Entity.name)),
)


def add(session: Session, row: RegistrarCase | RegistrationChange) -> None:
    """Keep a new row."""
    session.add(row)
    session.flush()


def cases_of_visit(session: Session, visit_id: str) -> dict[str, RegistrarCase]:
    """The cases that a visit has opened, by registration, locked until the transaction ends."""
    rows = session.scalars(
        select(RegistrarCase).where(col(RegistrarCase.visit_id) == visit_id).with_for_update()
    )
    return {row.registration_id: row for row in rows}


def case_for_change(session: Session, case_id: str) -> RegistrarCase | None:
    """A case, locked until the transaction ends."""
    return session.scalars(
        select(RegistrarCase).where(col(RegistrarCase.id) == case_id).with_for_update()
    ).one_or_none()


def case_rows(
    connection: Connection,
    *,
    region: str,
    equal: Mapping[str, object],
    limit: int,
    cursor: str | None,
    count: bool,
) -> Rows:
    """Cases in a region prefix, newest first."""
    query = (
        select(*_CASE)
        .join(Entity, col(Entity.id) == col(RegistrarCase.entity_id))
        .where(col(RegistrarCase.region).startswith(region, autoescape=True))
        .where(*(getattr(RegistrarCase, name) == value for name, value in equal.items()))
    )
    return page(
        connection,
        query,
        by=[col(RegistrarCase.id)],
        limit=limit,
        cursor=cursor,
        descending=True,
        count=count,
    )


def case_row(source: Source, case_id: str) -> AnyRow | None:
    """A case as it stands."""
    return source.execute(
        select(*_CASE)
        .join(Entity, col(Entity.id) == col(RegistrarCase.entity_id))
        .where(col(RegistrarCase.id) == case_id)
    ).one_or_none()


def code_on(session: Session, registration_id: str, day: date) -> str | None:
    """The result code that had taken a registration out of its duties on a day, decided about since or not.

    A case that was dropped never did, nor did one that was decided on the day itself or before.
    """
    query = select(col(RegistrarCase.code), col(RegistrarCase.decided_at)).where(
        col(RegistrarCase.registration_id) == registration_id,
        col(RegistrarCase.ends_duty),
        col(RegistrarCase.opened_on) <= day,
        col(RegistrarCase.state) != _DROPPED,
    )
    rows = session.execute(query.order_by(col(RegistrarCase.opened_on), col(RegistrarCase.id)))
    return next((code for code, at in rows if at is None or shanghai_day(at) > day), None)


def registrations_of(session: Session, entity_id: str, regimes: Iterable[str]) -> Sequence[Registration]:
    """The registrations of an entity in some regimes."""
    return session.scalars(
        select(Registration)
        .where(col(Registration.entity_id) == entity_id, col(Registration.regime).in_(set(regimes)))
        .order_by(col(Registration.regime))
    ).all()


def registration(session: Session, registration_id: str) -> Registration | None:
    """A registration."""
    return session.get(Registration, registration_id)
