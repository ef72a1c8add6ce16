"""Entities 检查对象: found, listed, entered, changed."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection
from sqlmodel import col

from app.domain.access import Caller
from app.domain.errors import Missing, RuleBroken
from app.domain.registers import ENTITIES
from app.services.context import Act, Look
from app.services.registers.entering import amend, enter
from app.store.paging import Rows
from app.store.registers import entities as store
from app.store.registers import lists
from app.store.registers.bulk import Record
from app.store.registers.entities import EntityFilter
from app.store.registers.joined import kept_entity
from app.store.registers.pages import Paging, Records
from app.store.registers.shelves import ENTITY_SHELF
from app.store.tables.registers import Entity, Registration


def find(connection: Connection, caller: Caller, named: str) -> Record:
    """The entity of an id, a DR1 entity id, or a USCC that names exactly one, with its `registrations`.

    Raises:
        Missing: there is none that the caller may see.
        RuleBroken: the USCC has several premises.
    """
    there = store.entities_named(connection, named)
    if all(_is_over(one) for one in there) and (kept := kept_entity(connection, named)) is not None:
        there = store.entities_named(connection, kept)
    found = [one for one in there if caller.sees(one["region"])]
    if not found:
        raise Missing("not-found")
    if len(found) > 1:
        raise RuleBroken("several-premises", keys="、".join(one["key"] for one in found))
    return found[0]


def _is_over(entity: Record) -> bool:
    """Whether nothing of an entity goes on, so that it may have gone into another."""
    return all(one["status"] == "closed" for one in entity["registrations"])


def read(look: Look, named: str) -> Record:
    """One entity."""
    return find(look.connection, look.caller, named)


def read_page(look: Look, where: EntityFilter, paging: Paging) -> Records:
    """A page of the entities that the caller sees.

    Raises:
        Missing: it is narrowed to a region outside the caller's.
    """
    look.caller.within(where.region)
    return store.entity_page(look.connection, where, region=look.caller.region, paging=paging)


def register(act: Act, members: Mapping[str, object]) -> Record:
    """Enter a registration, and its premises if that is new; gives the entity."""
    made = enter(act, ENTITIES, members)
    return find(act.session.connection(), act.caller, made["subject_id"])


def change(act: Act, named: str, patch: Mapping[str, object]) -> Record:
    """Change what is said of the premises."""
    entity = find(act.session.connection(), act.caller, named)
    amend(act, ENTITY_SHELF, _registration(act.session.connection(), entity, None), patch)
    return find(act.session.connection(), act.caller, entity["id"])


def read_registration(look: Look, named: str, regime: str) -> Record:
    """One registration of an entity."""
    return _registration(look.connection, read(look, named), regime)


def change_registration(act: Act, named: str, regime: str, patch: Mapping[str, object]) -> Record:
    """Change what is said of one registration."""
    entity = find(act.session.connection(), act.caller, named)
    found = _registration(act.session.connection(), entity, regime)
    return amend(act, ENTITY_SHELF, found, patch)


def _registration(connection: Connection, entity: Mapping[str, Any], regime: str | None) -> Record:
    wanted = regime or entity["registrations"][0]["regime"]
    found = lists.shelf_row(
        connection,
        ENTITY_SHELF.query,
        col(Entity.id) == entity["id"],
        col(Registration.regime) == wanted,
    )
    if found is None:
        raise Missing("not-found")
    return found


def history(look: Look, named: str, paging: Paging) -> Rows:
    """Who changed what of an entity, newest first."""
    return lists.changes_page(look.connection, read(look, named)["id"], paging)
