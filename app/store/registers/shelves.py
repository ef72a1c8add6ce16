"""Where each register's rows stand: the query whose columns are the fields of the register's record.

Besides those a shelf's row has `id` (the row itself), `subject_id` (whose history it belongs to),
`held_region`, `held_key` (what makes two rows the same fact) and `not_seen_since`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Select, SQLColumnExpression, select
from sqlalchemy.orm import Mapped
from sqlmodel import SQLModel, col

from app.domain.registers import (
    CREDIT_CLASSES,
    ENTITIES,
    INSPECTORS,
    RECUSALS,
    RISK_EVENTS,
    VISITS,
    Register,
    Row,
)
from app.store.registers.bulk import Record
from app.store.tables.credit_classes import CreditClass
from app.store.tables.registers import (
    Entity,
    PastVisit,
    RegisteredInspector,
    RegisteredRecusal,
    Registration,
    RiskEvent,
)


def natural_key(row: Row) -> str:
    """What makes two rows the same fact, as one text; no cell contains a tab."""
    return "\t".join("" if part is None else str(part) for part in row.key)


@dataclass(frozen=True, slots=True)
class Shelf:
    """One register in the database.

    Attributes:
        columns: the table's own column of each of the record's fields; those of others are left out.
        query: all of them, with the columns that every shelf has.
        order: the sort key, unique.
        looked_up_by: the column by which a landing finds what is there already.
        key_of: that column's value for a row of a file.
    """

    register: Register[Any]
    table: type[SQLModel]
    columns: Mapping[str, str]
    query: Select[Any]
    order: tuple[Mapped[Any], ...]
    looked_up_by: SQLColumnExpression[str]
    region: SQLColumnExpression[str]
    not_seen_since: SQLColumnExpression[Any]
    key_of: Callable[[Any], str] = field(default=natural_key)

    def held(self, connection: Connection, rows: Iterable[Row]) -> list[Record]:
        """What is there already of some rows of a file."""
        wanted = {self.key_of(row) for row in rows}
        found = connection.execute(self.query.where(self.looked_up_by.in_(wanted)))
        names = tuple(found.keys())
        return [dict(zip(names, row, strict=True)) for row in found]

    def withdrawn(self, connection: Connection, row_ids: Collection[str]) -> frozenset[str]:
        """Which of some rows were withdrawn: they count for nothing, and stay on file."""
        table: Any = self.table
        if not row_ids or "withdrawn_at" not in self.table.model_fields:
            return frozenset()
        gone = select(table.id).where(table.id.in_(row_ids), table.withdrawn_at.is_not(None))
        return frozenset(connection.scalars(gone))

    def within(self, region: str) -> Select[Any]:
        """The rows in a region prefix, in order."""
        return self.query.where(self.region.startswith(region, autoescape=True)).order_by(*self.order)

    def record(self, found: Mapping[Any, Any]) -> Row:
        """A row as the record that a file's row would become."""
        made: Row = self.register.record(**{c.field: _frozen(found[c.field]) for c in self.register.columns})
        return made


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _own(register: Register[Any], table: type[SQLModel], **names: str) -> dict[str, str]:
    own = table.__table__.columns.keys()  # type: ignore[attr-defined]  # SQLModel gives every table one
    named = {column.field: names.get(column.field, column.field) for column in register.columns}
    return {attribute: name for attribute, name in named.items() if name in own}


def _labelled(table: type[SQLModel], columns: Mapping[str, str]) -> list[Any]:
    return [
        getattr(table, name) if name == attribute else getattr(table, name).label(attribute)
        for attribute, name in columns.items()
    ]


def _of_entity(register: Register[Any], table: Any, **names: str) -> Shelf:  # noqa: ANN401 - one of several tables alike
    columns = _own(register, table, **names)
    subject = table.entity_id
    query = select(
        *_labelled(table, columns),
        col(Entity.key).label("entity"),
        col(table.id),
        subject.label("subject_id"),
        col(Entity.region).label("held_region"),
        col(table.natural_key).label("held_key"),
        col(table.not_seen_since),
    ).join(Entity, col(Entity.id) == subject)
    return Shelf(
        register=register,
        table=table,
        columns=columns,
        query=query,
        order=(col(table.id),),
        looked_up_by=col(table.natural_key),
        region=col(Entity.region),
        not_seen_since=col(table.not_seen_since),
    )


_REGISTRATION = _own(ENTITIES, Registration)
_ENTITY = _own(ENTITIES, Entity)

ENTITY_SHELF = Shelf(
    register=ENTITIES,
    table=Registration,
    columns=_REGISTRATION,
    query=select(
        *_labelled(Entity, _ENTITY),
        *_labelled(Registration, _REGISTRATION),
        col(Registration.id),
        col(Entity.id).label("subject_id"),
        col(Entity.region).label("held_region"),
        col(Entity.key).label("entity_key"),
        col(Entity.key).concat("\t").concat(col(Registration.regime)).label("held_key"),
        col(Registration.not_seen_since),
        col(Entity.not_seen_since).label("entity_not_seen_since"),
    ).join(Registration, col(Registration.entity_id) == col(Entity.id)),
    order=(col(Entity.key), col(Registration.regime)),
    looked_up_by=col(Entity.key),
    region=col(Entity.region),
    not_seen_since=col(Registration.not_seen_since),
    key_of=lambda row: row.entity_id,
)
ENTITY_FIELDS = tuple(_ENTITY)
REGISTRATION_FIELDS = tuple(_REGISTRATION)

_INSPECTOR = _own(INSPECTORS, RegisteredInspector)
INSPECTOR_SHELF = Shelf(
    register=INSPECTORS,
    table=RegisteredInspector,
    columns=_INSPECTOR,
    query=select(
        *_labelled(RegisteredInspector, _INSPECTOR),
        col(RegisteredInspector.id),
        col(RegisteredInspector.id).label("subject_id"),
        col(RegisteredInspector.region).label("held_region"),
        col(RegisteredInspector.code).label("held_key"),
        col(RegisteredInspector.not_seen_since),
    ),
    order=(col(RegisteredInspector.code),),
    looked_up_by=col(RegisteredInspector.code),
    region=col(RegisteredInspector.region),
    not_seen_since=col(RegisteredInspector.not_seen_since),
    key_of=lambda row: row.code,
)

_RECUSAL = _own(RECUSALS, RegisteredRecusal)
RECUSAL_SHELF = Shelf(
    register=RECUSALS,
    table=RegisteredRecusal,
    columns=_RECUSAL,
    query=select(
        *_labelled(RegisteredRecusal, _RECUSAL),
        col(Entity.key).label("entity"),
        col(RegisteredInspector.code).label("inspector"),
        col(RegisteredRecusal.id),
        col(RegisteredRecusal.inspector_id).label("subject_id"),
        col(Entity.region).label("held_region"),
        col(RegisteredRecusal.natural_key).label("held_key"),
        col(RegisteredRecusal.not_seen_since),
    )
    .join(Entity, col(Entity.id) == col(RegisteredRecusal.entity_id))
    .join(RegisteredInspector, col(RegisteredInspector.id) == col(RegisteredRecusal.inspector_id)),
    order=(col(RegisteredRecusal.id),),
    looked_up_by=col(RegisteredRecusal.natural_key),
    region=col(Entity.region),
    not_seen_since=col(RegisteredRecusal.not_seen_since),
)

RISK_EVENT_SHELF = _of_entity(RISK_EVENTS, RiskEvent, on="happened_on")
VISIT_SHELF = _of_entity(VISITS, PastVisit, on="visited_on")
CREDIT_CLASS_SHELF = _of_entity(CREDIT_CLASSES, CreditClass, on="rated_on")

SHELVES: Mapping[str, Shelf] = MappingProxyType(
    {
        shelf.register.name: shelf
        for shelf in (
            *(ENTITY_SHELF, INSPECTOR_SHELF, RECUSAL_SHELF),
            *(RISK_EVENT_SHELF, VISIT_SHELF, CREDIT_CLASS_SHELF),
        )
    }
)
"""Each register's shelf, by the register's name."""
