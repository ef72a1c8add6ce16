"""Many rows at once: what a landing writes, one statement per table and kind."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlmodel import Session, SQLModel

from app.domain.registers import ENTITIES, REGISTERS
from app.store.queues import wait_turn
from app.store.tables.registers import RegisterChange

Record = dict[str, Any]


def lock(session: Session, register: str) -> None:
    """Let one landing at a time work on a register: two would both find a new row absent."""
    wait_turn(session, f"register:{register}")


def hold_still(session: Session) -> None:
    """Keep every register as it is until this transaction ends, so that several reads see one state.

    Premises come first: a pull that has their turn holds the others still when two of them become one.
    """
    for register in (ENTITIES.name, *sorted(REGISTERS.keys() - {ENTITIES.name})):
        lock(session, register)


def place_of(table: type[SQLModel]) -> int:
    """The place of a table in an order in which each comes after those that it refers to."""
    return _order()[table.__tablename__]


@cache
def _order() -> Mapping[Any, int]:
    return {table.name: place for place, table in enumerate(SQLModel.metadata.sorted_tables)}


def insert_records(session: Session, table: type[SQLModel], records: Sequence[Record]) -> None:
    """Insert records that all have the same fields."""
    if records:
        session.connection().execute(insert(table), records)


def update_records(session: Session, table: type[SQLModel], records: Sequence[Record]) -> None:
    """Set the fields that each record has, by its `id`; records of equal fields go together."""
    by_fields: dict[tuple[str, ...], list[Record]] = {}
    for record in records:
        by_fields.setdefault(tuple(sorted(record)), []).append(record)
    columns: Mapping[str, Any] = table.__table__.columns  # type: ignore[attr-defined]  # SQLModel gives every table one
    for fields, group in by_fields.items():
        statement = (
            update(table)
            .where(columns["id"] == bindparam("b_id"))
            .values({field: bindparam(f"b_{field}") for field in fields if field != "id"})
        )
        session.connection().execute(statement, [{f"b_{k}": v for k, v in one.items()} for one in group])


def free_key(session: Session, table: type[SQLModel], record_id: str, natural_key: str) -> None:
    """Let a row that was withdrawn stand beside one that says something else of the same fact."""
    update_records(session, table, [{"id": record_id, "natural_key": f"{natural_key}\t{record_id}"}])


def add_changes(session: Session, changes: Sequence[Record]) -> None:
    """Append to the registers' history."""
    insert_records(session, RegisterChange, changes)
