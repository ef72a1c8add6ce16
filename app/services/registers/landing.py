"""Landing rows in a register: what is new, what differs, what may not land; all written with its history.

The same for a file of a hundred thousand rows, piece by piece, and for one row typed in.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlmodel import SQLModel

from app.domain.characters import visible
from app.domain.days import shanghai_day
from app.domain.registers import Row, RowError
from app.domain.registers.timeliness import dated, day_faults
from app.services.context import Act
from app.store.registers import bulk
from app.store.registers.bulk import Record
from app.store.registers.shelves import Shelf

RowT = TypeVar("RowT", bound=Row)
Numbered = tuple[int, Row]
"""A row's number in its file, and the row."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """Why a row does not land: its number, the column, the rule, and the values that the text needs."""

    row: int
    field: str
    code: str
    values: Mapping[str, str]

    def __post_init__(self) -> None:
        """Show what a file said in characters that every database keeps and every screen shows."""
        object.__setattr__(self, "field", visible(self.field))
        object.__setattr__(self, "values", {name: visible(value) for name, value in self.values.items()})

    @classmethod
    def of(cls, error: RowError) -> "BadRow":
        """What parsing found."""
        return cls(error.row, error.field, error.code, dict(error.values))


@dataclass(slots=True)
class Landing:
    """What became of some rows, and what is to be written for them."""

    act: Act
    shelf: Shelf
    given: frozenset[str]
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    bad: list[BadRow] = field(default_factory=list)
    inserts: dict[type[SQLModel], list[Record]] = field(default_factory=dict)
    updates: dict[type[SQLModel], dict[str, Record]] = field(default_factory=dict)
    changes: list[Record] = field(default_factory=list)
    reason: str | None = None
    names: list[tuple[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        self.names = [(column.name, column.field) for column in self.shelf.register.columns]

    def refuse(self, number: int, column_name: str, code: str, value: object, **values: str) -> None:
        """Leave a row out, and say why."""
        column = self.shelf.register.column(column_name)
        shown = {"column": column.name, "column_zh": column.zh, "value": str(value), **values}
        self.rejected += 1
        self.bad.append(BadRow(number, column.name, code, shown))

    def timely(self, rows: Sequence[tuple[int, RowT]]) -> list[tuple[int, RowT]]:
        """The rows whose days can be, on the day on which they land; the others are refused."""
        today, columns, kept = shanghai_day(self.act.now), dated(self.shelf.register), []
        for number, row in rows:
            fault = next(day_faults(columns, row, today), None)
            if fault is None:
                kept.append((number, row))
            else:
                self.refuse(number, fault.column, fault.code, **dict(fault.values))
        return kept

    def said(self, row: Row) -> Record:
        """All that a row says, by the names of its columns."""
        return {name: getattr(row, attribute) for name, attribute in self.names}

    def insert(self, table: type[SQLModel], record: Record) -> None:
        """Write a new row."""
        self.inserts.setdefault(table, []).append(record)

    def update(self, table: type[SQLModel], record_id: str, fields: Record) -> None:
        """Set some fields of a row."""
        self.updates.setdefault(table, {}).setdefault(record_id, {"id": record_id}).update(fields)

    def remember(
        self,
        what: str,
        *,
        subject_id: str,
        record_id: str,
        region: str,
        before: Record | None,
        after: Record | None,
    ) -> None:
        """Note a change in the history."""
        self.changes.append(
            change(
                self.act,
                self.shelf.register.name,
                what,
                subject_id=subject_id,
                record_id=record_id,
                region=region,
                before=before,
                after=after,
                reason=self.reason,
            )
        )

    def write(self) -> None:
        """Write everything that was decided."""
        session = self.act.session
        for table in sorted(self.inserts, key=bulk.place_of):
            bulk.insert_records(session, table, self.inserts[table])
        for table, by_id in self.updates.items():
            bulk.update_records(session, table, list(by_id.values()))
        bulk.add_changes(session, self.changes)


def change(
    act: Act,
    register: str,
    what: str,
    *,
    subject_id: str,
    record_id: str,
    region: str,
    before: Record | None,
    after: Record | None,
    reason: str | None = None,
) -> Record:
    """One line of the history: who, when, before, after, and why where that was asked."""
    return {
        "id": act.new_id(),
        "register_name": register,
        "subject_id": subject_id,
        "record_id": record_id,
        "region": region,
        "at": act.now,
        "caller_id": act.caller.id,
        "caller_name": act.caller.name,
        "act": what,
        "before": before,
        "after": after,
        "reason": reason,
    }


def plain(value: object) -> object:
    """A record's value as the database holds it."""
    return list(value) if isinstance(value, tuple) else value


def differing(row: Row, held: Mapping[str, Any], fields: Iterable[str]) -> Record:
    """The fields in which a row differs from what is held, with the row's values."""
    found = {name: plain(getattr(row, name)) for name in fields}
    return {name: value for name, value in found.items() if held[name] != value}
