"""Entities with their registrations: one, a page, those of which nothing is seen any more."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, exists, func, or_, select, update
from sqlmodel import Session, col

from app.store.one_value import as_one_value, rows_of
from app.store.paging import cursor_of, cursor_values
from app.store.registers.bulk import Record
from app.store.registers.pages import Paging, Records
from app.store.tables.registers import Entity, Registration

_ENTITY: tuple[Any, ...] = (
    *(col(Entity.id), col(Entity.key), col(Entity.uscc), col(Entity.premises), col(Entity.source)),
    *(col(Entity.source_key), col(Entity.name), col(Entity.address), col(Entity.region), col(Entity.station)),
    *(col(Entity.legal_rep), col(Entity.key_area), col(Entity.created_at), col(Entity.updated_at)),
    col(Entity.not_seen_since),
)
_REGISTRATION: tuple[Any, ...] = (
    *(col(Registration.regime), col(Registration.subtype), col(Registration.level)),
    *(col(Registration.status), col(Registration.licence_no), col(Registration.licence_to)),
    *(col(Registration.registered_on), col(Registration.not_seen_since)),
)
_ENTITY_NAMES = tuple(column.key for column in _ENTITY)
_REGISTRATION_NAMES = tuple(column.key for column in _REGISTRATION)

_JOINED = select(*_ENTITY, *_REGISTRATION).join(Registration, col(Registration.entity_id) == col(Entity.id))
_BY_ID = _JOINED.where(col(Entity.id) == bindparam("named")).order_by(col(Registration.regime))
_BY_NAME = _JOINED.where(
    or_(col(Entity.key) == bindparam("named"), col(Entity.uscc) == bindparam("named"))
).order_by(col(Entity.key), col(Registration.regime))
_UUID_LENGTH = 36


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityFilter:
    """What a list of entities is narrowed to; regime, level and status must hold of one registration."""

    uscc: str | None = None
    key: str | None = None
    name: str | None = None
    region: str | None = None
    station: str | None = None
    regime: str | None = None
    level: int | None = None
    status: str | None = None
    not_seen: bool | None = None

    def of_entity(self) -> list[ColumnElement[bool]]:
        """The conditions on the premises."""
        found = _equal((Entity.uscc, self.uscc), (Entity.key, self.key), (Entity.station, self.station))
        if self.name is not None:
            found.append(col(Entity.name).contains(self.name, autoescape=True))
        if self.region is not None:
            found.append(col(Entity.region).startswith(self.region, autoescape=True))
        return found

    def conditions(self) -> list[ColumnElement[bool]]:
        """The conditions on the premises, one of which is a registration as asked for."""
        registration = self.of_registration()
        held = exists().where(col(Registration.entity_id) == col(Entity.id), *registration)
        return [*self.of_entity(), held] if registration else self.of_entity()

    def of_registration(self) -> list[ColumnElement[bool]]:
        """The conditions on one registration."""
        found = _equal(
            (Registration.regime, self.regime),
            (Registration.level, self.level),
            (Registration.status, self.status),
        )
        if self.not_seen is not None:
            seen = col(Registration.not_seen_since).is_(None)
            found.append(~seen if self.not_seen else seen)
        return found


def _equal(*pairs: tuple[Any, object]) -> list[ColumnElement[bool]]:
    return [col(column) == value for column, value in pairs if value is not None]


def entities_named(connection: Connection, named: str) -> list[Record]:
    """The entities of an id, a DR1 entity id or a USCC, each with its `registrations`."""
    statement = _BY_ID if len(named) == _UUID_LENGTH else _BY_NAME
    return _grouped(connection.execute(statement, {"named": named}))


def _grouped(rows: Iterable[Sequence[Any]]) -> list[Record]:
    """Joined rows as entities, in order, each with its `registrations`."""
    found: list[Record] = []
    width = len(_ENTITY_NAMES)
    last = None
    for row in rows:
        values = row
        if values[0] != last:
            last = values[0]
            found.append(dict(zip(_ENTITY_NAMES, values, strict=False), registrations=[]))
        found[-1]["registrations"].append(dict(zip(_REGISTRATION_NAMES, values[width:], strict=True)))
    return found


def _by_key_and_regime(row: Sequence[Any]) -> tuple[bytes, str]:
    return row[1].encode(), row[len(_ENTITY_NAMES)]


_HERE = col(Entity.region).like(bindparam("prefix"))


def _chosen(*conditions: ColumnElement[bool]) -> Select[Any]:
    return select(col(Entity.id).label("chosen")).where(_HERE, *conditions)


def _paged(chosen: Select[Any]) -> Select[Any]:
    """The chosen entities after the key `after`, at most `most`, joined to all their registrations."""
    page = (
        chosen.where(col(Entity.key) > bindparam("after"))
        .order_by(col(Entity.key))
        .limit(bindparam("most"))
        .subquery()
    )
    return as_one_value(_JOINED.join(page, page.c.chosen == col(Entity.id)))


# Building a statement costs more than running it, so the one without filters is made once.
_WHOLE_PAGE = _paged(_chosen())


def entity_page(connection: Connection, where: EntityFilter, *, region: str, paging: Paging) -> Records:
    """A page of the entities in a region prefix, by DR1 entity id, each with its `registrations`."""
    chosen = _chosen(*where.conditions()) if where != EntityFilter() else None
    given = {"prefix": f"{region}%", "after": "", "most": paging.limit + 1}
    if paging.cursor is not None:
        given["after"] = cursor_values(paging.cursor, [str])[0]
    rows = rows_of(connection, _WHOLE_PAGE if chosen is None else _paged(chosen), given)
    found = _grouped(sorted(rows, key=_by_key_and_regime))
    more = len(found) > paging.limit
    found = found[: paging.limit]
    total = None
    if paging.count:
        counted = select(func.count()).select_from((_chosen() if chosen is None else chosen).subquery())
        total = connection.scalar(counted, given)
    return Records(found, cursor_of([found[-1]["key"]]) if more else None, total)


def mark_not_seen(session: Session, entity_ids: Sequence[str], now: datetime) -> None:
    """Mark those of the entities of which no registration is seen any more."""
    seen = exists().where(
        col(Registration.entity_id) == col(Entity.id), col(Registration.not_seen_since).is_(None)
    )
    statement = update(Entity).where(col(Entity.id) == bindparam("b_id"), ~seen).values(not_seen_since=now)
    if entity_ids:
        session.connection().execute(statement, [{"b_id": one} for one in set(entity_ids)])
