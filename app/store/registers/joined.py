"""Entities that were found to be the same premises as another: what names one of them means the other."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, or_, select, update
from sqlmodel import Session, col

from app.domain.registers import ENTITIES, EntityRow, Row
from app.store.tables.registers import Entity, RegisterChange
from app.store.tables.sources import JoinedEntity

JOINED: Final = "joined"
"""What the history calls an entity's going into another."""

_KEPT = (
    select(col(JoinedEntity.key), col(Entity.id), col(Entity.key), col(Entity.uscc), col(Entity.premises))
    .add_columns(col(Entity.source), col(Entity.source_key))
    .join(Entity, col(Entity.id) == col(JoinedEntity.into_id))
)


def followed(connection: Connection, rows: Sequence[tuple[int, Any]]) -> Sequence[tuple[int, Any]]:
    """Rows of a file with the entities that they name, where one has gone into another, named as that one."""
    keys = {key for _, row in rows if (key := _named(row)) is not None}
    found = connection.execute(_KEPT.where(col(JoinedEntity.key).in_(keys))).all() if keys else ()
    if not found:
        return rows
    kept = {row[0]: row for row in found}
    return [(n, _renamed(row, kept.get(_named(row) or ""))) for n, row in rows]


def _named(row: Row) -> str | None:
    return row.entity_id if isinstance(row, EntityRow) else getattr(row, "entity", None)


def _renamed(row: Any, kept: Any) -> Any:  # noqa: ANN401 - any register's row, and a row of the database or nothing
    if kept is None:
        return row
    _, _, key, uscc, premises, source, source_key = kept
    if isinstance(row, EntityRow):
        return replace(row, uscc=uscc, premises=premises, source=source, source_key=source_key)
    return replace(row, entity=key)


def kept_entity(connection: Connection, named: str) -> str | None:
    """The id of the entity into which another, named by id or DR1 entity id, has gone."""
    return connection.scalar(
        select(col(JoinedEntity.into_id)).where(
            or_(col(JoinedEntity.entity_id) == named, col(JoinedEntity.key) == named)
        )
    )


class Kept(NamedTuple):
    """An entity: the id of its row, and its DR1 entity id."""

    id: str
    key: str


def kept_of(session: Session, entity: Kept) -> Kept:
    """The entity into which another has gone, or that one itself."""
    found = session.execute(
        select(col(Entity.id), col(Entity.key))
        .join(JoinedEntity, col(JoinedEntity.into_id) == col(Entity.id))
        .where(col(JoinedEntity.entity_id) == entity.id)
    ).one_or_none()
    return entity if found is None else Kept(*found)


def former_keys(connection: Connection) -> dict[str, list[str]]:
    """By DR1 entity id, the ids of those that have gone into it."""
    former: dict[str, list[str]] = {}
    for old, _, key, *_ in connection.execute(_KEPT):
        former.setdefault(key, []).append(old)
    return former


def names_of(natural_key: str, former: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """A row's natural key, and what it was called under the former ids of its entity."""
    yield natural_key
    parts = natural_key.split("\t")
    for place, part in enumerate(parts):
        for old in former.get(part, ()):
            yield "\t".join([*parts[:place], old, *parts[place + 1 :]])


def add_joined(
    session: Session,
    *,
    entity_id: str,
    key: str,
    into_id: str,
    at: datetime,
    by: str,
    moves: Mapping[str, Any],
) -> None:
    """Let an entity go into another; those that have gone into it before go along."""
    session.execute(
        update(JoinedEntity).where(col(JoinedEntity.into_id) == entity_id).values(into_id=into_id)
    )
    session.add(JoinedEntity(entity_id=entity_id, key=key, into_id=into_id, at=at, by=by, moves=dict(moves)))
    session.flush()


def followers(session: Session, entity_id: str) -> list[str]:
    """The ids of those that have gone into an entity."""
    found = session.scalars(select(col(JoinedEntity.entity_id)).where(col(JoinedEntity.into_id) == entity_id))
    return sorted(found)


def joined_row(session: Session, entity_id: str) -> JoinedEntity | None:
    """Where an entity has gone, locked until the transaction ends."""
    return session.scalars(
        select(JoinedEntity).where(col(JoinedEntity.entity_id) == entity_id).with_for_update()
    ).one_or_none()


def said_since(session: Session, gone: JoinedEntity) -> Sequence[RegisterChange]:
    """The history of the kept entity since another went into it, the oldest first."""
    changes = session.scalars(
        select(RegisterChange)
        .where(
            col(RegisterChange.register_name) == ENTITIES.name, col(RegisterChange.subject_id) == gone.into_id
        )
        .order_by(col(RegisterChange.id))
    ).all()
    join = (
        n for n, one in enumerate(changes) if one.act == JOINED and (one.after or {}).get(JOINED) == gone.key
    )
    return changes[max(join, default=-1) + 1 :]


def drop_joined(session: Session, gone: JoinedEntity) -> None:
    """Let an entity be one of its own again, and those that had gone into it before be its own."""
    followed = (gone.moves or {})["followers"]
    session.execute(
        update(JoinedEntity)
        .where(col(JoinedEntity.entity_id).in_(followed), col(JoinedEntity.into_id) == gone.into_id)
        .values(into_id=gone.entity_id)
    )
    session.delete(gone)
    session.flush()
