"""Pairs of entities that may be one premises, and the moves that make them one."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, insert, or_, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, SQLModel, col

from app.domain.fieldwork.visit import OPEN
from app.store.fieldwork.disclosure import undisclosed_draws
from app.store.paging import AnyRow, Rows, page
from app.store.registers.pages import Paging
from app.store.tables.credit_classes import CreditClass
from app.store.tables.drawing import Draw
from app.store.tables.duties import DutyAlarm, EndedDuty, RegistrarCase
from app.store.tables.fieldwork import Visit
from app.store.tables.registers import Entity, PastVisit, RegisteredRecusal, Registration, RiskEvent
from app.store.tables.sources import JoinedEntity, Source, SourceMatch

_COLUMNS = tuple(SourceMatch.__table__.columns)  # type: ignore[attr-defined]  # SQLModel adds it to table classes
_KEYED: tuple[type[SQLModel], ...] = (RiskEvent, PastVisit, RegisteredRecusal, CreditClass)
"""Tables whose rows are of an entity and whose natural key names it."""


def add_matches(session: Session, matches: Sequence[Mapping[str, Any]]) -> None:
    """Put pairs before a person."""
    if matches:
        session.connection().execute(insert(SourceMatch), list(matches))


def known_pairs(session: Session, entity_ids: Collection[str]) -> set[frozenset[str]]:
    """The pairs of some entities that were found before, whatever became of them."""
    rows = session.execute(
        select(col(SourceMatch.joined_id), col(SourceMatch.kept_id)).where(
            or_(col(SourceMatch.joined_id).in_(entity_ids), col(SourceMatch.kept_id).in_(entity_ids))
        )
    )
    return {frozenset(row) for row in rows}


def match_row(connection: Connection, match_id: str) -> AnyRow | None:
    """A pair, with what is said of both premises."""
    return connection.execute(_pairs().where(col(SourceMatch.id) == match_id)).one_or_none()


def match_page(connection: Connection, *, region: str, state: str | None, paging: Paging) -> Rows:
    """The pairs of a region prefix, in the order in which they were found."""
    query = _pairs().where(col(SourceMatch.region).startswith(region, autoescape=True))
    if state is not None:
        query = query.where(col(SourceMatch.state) == state)
    return page(
        connection,
        query,
        by=(col(SourceMatch.id),),
        limit=paging.limit,
        cursor=paging.cursor,
        count=paging.count,
    )


def _pairs() -> Select[Any]:
    joined: Any = aliased(Entity)
    kept: Any = aliased(Entity)
    return (
        select(
            *_COLUMNS,
            col(Source.code).label("source"),
            *_premises(joined, "joined"),
            *_premises(kept, "kept"),
        )
        .join(Source, col(Source.id) == col(SourceMatch.source_id), isouter=True)
        .join(joined, joined.id == col(SourceMatch.joined_id))
        .join(kept, kept.id == col(SourceMatch.kept_id))
    )


def _premises(entity: Any, name: str) -> tuple[Any, ...]:  # noqa: ANN401 - an alias of the entities
    return (
        entity.key.label(f"{name}_key"),
        entity.uscc.label(f"{name}_uscc"),
        entity.name.label(f"{name}_name"),
        entity.address.label(f"{name}_address"),
        entity.legal_rep.label(f"{name}_legal_rep"),
    )


def match_for_change(session: Session, match_id: str) -> SourceMatch | None:
    """A pair, locked until the transaction ends."""
    return session.scalars(
        select(SourceMatch).where(col(SourceMatch.id) == match_id).with_for_update()
    ).one_or_none()


def drop_open_matches(session: Session, entity_id: str) -> None:
    """Take back the undecided pairs of an entity that has gone into another."""
    session.execute(
        update(SourceMatch)
        .where(col(SourceMatch.id).in_(open_matches(session, entity_id)))
        .values(state="obsolete")
    )


def open_matches(session: Session, entity_id: str) -> list[str]:
    """The ids of the undecided pairs of an entity."""
    found = session.scalars(
        select(col(SourceMatch.id)).where(
            col(SourceMatch.state) == "open",
            or_(col(SourceMatch.joined_id) == entity_id, col(SourceMatch.kept_id) == entity_id),
        )
    )
    return sorted(found)


def reopen_matches(session: Session, match_ids: Collection[str]) -> None:
    """Put pairs that had become obsolete before a person again, unless one of the two has gone elsewhere."""
    gone = select(col(JoinedEntity.entity_id))
    session.execute(
        update(SourceMatch)
        .where(
            col(SourceMatch.id).in_(match_ids),
            col(SourceMatch.state) == "obsolete",
            col(SourceMatch.joined_id).not_in(gone),
            col(SourceMatch.kept_id).not_in(gone),
        )
        .values(state="open")
    )


def match_of(session: Session, one: str, other: str) -> SourceMatch | None:
    """The pair of two entities, whichever would go into which, locked until the transaction ends."""
    both = (one, other)
    return session.scalars(
        select(SourceMatch)
        .where(col(SourceMatch.joined_id).in_(both), col(SourceMatch.kept_id).in_(both))
        .with_for_update()
    ).one_or_none()


def entity(session: Session, entity_id: str) -> Entity:
    """An entity, locked until the transaction ends."""
    return session.scalars(select(Entity).where(col(Entity.id) == entity_id).with_for_update()).one()


def entity_by_key(session: Session, key: str) -> Entity | None:
    """The entity of a DR1 entity id."""
    return session.scalars(select(Entity).where(col(Entity.key) == key)).one_or_none()


def registrations(session: Session, entity_id: str) -> Sequence[Registration]:
    """The registrations of an entity, by regime."""
    return session.scalars(
        select(Registration)
        .where(col(Registration.entity_id) == entity_id)
        .order_by(col(Registration.regime))
        .execution_options(populate_existing=True)
    ).all()


def unfinished_visits(session: Session, entity_id: str) -> int:
    """How many visits of an entity are planned or under way."""
    found = session.scalars(
        select(col(Visit.id)).where(col(Visit.entity_id) == entity_id, col(Visit.state).in_(OPEN))
    ).all()
    return len(found)


def draws_being_drawn(session: Session, region: str, now: datetime) -> Sequence[str]:
    """Ids of the draws over a region whose lists are frozen and that have told nobody yet whom they drew.

    Their random value is still to come, or a visit of theirs is not disclosed.
    """
    above = [region[:length] for length in range(len(region) + 1)]
    padded = [part.ljust(6, "0") for part in above if part]
    here = or_(col(Draw.region).in_([*above, *padded]), col(Draw.region).startswith(region, autoescape=True))
    sealed = or_(col(Draw.state) == "committed", col(Draw.id).in_(undisclosed_draws(session, now)))
    return session.scalars(select(col(Draw.id)).where(and_(sealed, here)).order_by(col(Draw.id))).all()


def move_keyed_rows(session: Session, *, from_: Entity, into: Entity) -> dict[str, list[str]]:
    """Move risk events, past visits and recusals to another entity, their natural keys with them.

    What the other entity has already stays where it is. Gives the ids of what was moved, by table.
    """
    moved: dict[str, list[str]] = {}
    for table in _KEYED:
        found: Any = table
        rows = session.execute(
            select(found.id, found.natural_key).where(found.entity_id == from_.id).order_by(found.id)
        ).all()
        keys = {row.id: _renamed(row.natural_key, from_.key, into.key) for row in rows}
        there = set(session.scalars(select(found.natural_key).where(found.natural_key.in_(keys.values()))))
        for row_id, key in keys.items():
            if key not in there:
                session.execute(
                    update(found).where(found.id == row_id).values(entity_id=into.id, natural_key=key)
                )
                moved.setdefault(str(table.__tablename__), []).append(row_id)
    return moved


def return_keyed_rows(
    session: Session, *, moved: Mapping[str, Sequence[str]], from_: Entity, to: Entity
) -> None:
    """Move rows back that `move_keyed_rows` had moved, unless somebody has moved them since."""
    for table in _KEYED:
        found: Any = table
        rows = session.execute(
            select(found.id, found.natural_key).where(
                found.id.in_(moved.get(str(table.__tablename__), ())), found.entity_id == from_.id
            )
        ).all()
        for row_id, natural_key in rows:
            key = _renamed(natural_key, from_.key, to.key)
            session.execute(update(found).where(found.id == row_id).values(entity_id=to.id, natural_key=key))


def _renamed(natural_key: str, old: str, new: str) -> str:
    return "\t".join(new if part == old else part for part in natural_key.split("\t"))


def move_registration(session: Session, registration_id: str, into_id: str) -> None:
    """Let a registration be one of another entity, with what is known of its duties."""
    session.execute(
        update(Registration).where(col(Registration.id) == registration_id).values(entity_id=into_id)
    )
    for table in (RegistrarCase, DutyAlarm, EndedDuty):
        session.execute(
            update(table).where(col(table.registration_id) == registration_id).values(entity_id=into_id)
        )
