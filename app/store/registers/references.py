"""From the keys that files use to the ids that rows refer to."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select
from sqlmodel import col

from app.store.tables.registers import Entity, RegisteredInspector


@dataclass(frozen=True, slots=True)
class Reference:
    """The row that a key names, and the region that it lies in."""

    id: str
    region: str


def entity_references(connection: Connection, keys: Iterable[str]) -> dict[str, Reference]:
    """Entities by DR1 entity id."""
    found = connection.execute(
        select(col(Entity.key), col(Entity.id), col(Entity.region)).where(col(Entity.key).in_(set(keys)))
    )
    return {key: Reference(entity_id, region) for key, entity_id, region in found}


def inspector_references(connection: Connection, codes: Iterable[str]) -> dict[str, Reference]:
    """Inspectors by code."""
    found = connection.execute(
        select(
            col(RegisteredInspector.code), col(RegisteredInspector.id), col(RegisteredInspector.region)
        ).where(col(RegisteredInspector.code).in_(set(codes)))
    )
    return {code: Reference(inspector_id, region) for code, inspector_id, region in found}
