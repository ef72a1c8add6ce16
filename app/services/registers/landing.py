"""Landing rows in a register: what is new, what differs, what may not land; all written with its history.

The same for a file of a hundred thousand rows, piece by piece, and for one row typed in.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeVar

from sqlmodel import SQLModel

from app.domain.characters import visible
from app.domain.days import shanghai_day
from app.domain.registers import Row, RowError
from app.domain.registers.timeliness import dated, day_faults
from app.services.context import Act
from app.store.registers import bulk
from app.store.registers.bulk import Record
from app.store.registers.references import Reference, entity_references, inspector_references
from app.store.registers.shelves import Shelf, natural_key

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


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a new row goes: whose it is, in which region, and the columns that only the database has."""

    subject_id: str | None
    region: str
    columns: Record


def land_simple(landing: Landing, rows: Sequence[Numbered]) -> None:
    """Decide about rows of a register of one table."""
    shelf, act = landing.shelf, landing.act
    rows = landing.timely(rows)
    records = [row for _, row in rows]
    place_of = _PLACERS[shelf.register.name](landing, records)
    known = {held["held_key"]: held for held in shelf.held(act.session.connection(), records)}
    withdrawn = shelf.withdrawn(act.session.connection(), [held["id"] for held in known.values()])
    fields = [name for name in shelf.columns if name in landing.given]
    for number, row in rows:
        place = place_of(number, row)
        if place is None:
            continue
        held = known.get(shelf.key_of(row))
        if held is not None and held["id"] in withdrawn and differing(row, held, fields):
            # What was withdrawn stays as it was said; whoever says something else of that day says it anew.
            bulk.free_key(act.session, shelf.table, held["id"], held["held_key"])
            held = None
        if held is None:
            _create(landing, row, place)
        else:
            _update(landing, number, row, held, fields)


def _create(landing: Landing, row: Row, place: _Place) -> None:
    shelf = landing.shelf
    record_id = landing.act.new_id()
    values = {name: plain(getattr(row, name)) for name in shelf.columns}
    stored = {shelf.columns[name]: value for name, value in values.items()}
    landing.insert(shelf.table, {"id": record_id, **place.columns, **stored, "not_seen_since": None})
    landing.created += 1
    landing.remember(
        "created",
        subject_id=place.subject_id or record_id,
        record_id=record_id,
        region=place.region,
        before=None,
        after=landing.said(row),
    )


def _update(landing: Landing, number: int, row: Row, held: Record, fields: Sequence[str]) -> None:
    shelf = landing.shelf
    if not landing.act.caller.sees(held["held_region"]):
        column = shelf.register.columns[0].name
        landing.refuse(number, column, "record-elsewhere", shelf.key_of(row))
        return
    after = differing(row, held, fields)
    stored = {shelf.columns[name]: value for name, value in after.items()}
    before = {name: held[name] for name in after}
    if held["not_seen_since"] is not None:
        before["not_seen_since"] = held["not_seen_since"]
        after["not_seen_since"] = stored["not_seen_since"] = None
    if not after:
        landing.unchanged += 1
        return
    landing.updated += 1
    landing.update(shelf.table, held["id"], stored)
    landing.remember(
        "updated",
        subject_id=held["subject_id"],
        record_id=held["id"],
        region=held["held_region"],
        before=before,
        after=after,
    )


_Placer = Callable[[int, Any], _Place | None]


def _inspector_places(landing: Landing, _rows: Sequence[Row]) -> _Placer:
    region = landing.act.caller.region
    return lambda _number, _row: _Place(None, region, {"region": region})


def _entity_places(landing: Landing, rows: Sequence[Any]) -> _Placer:
    known = entity_references(landing.act.session.connection(), (row.entity for row in rows))

    def place(number: int, row: Any) -> _Place | None:  # noqa: ANN401 - what names an entity
        entity = _visible(landing, known.get(row.entity), number, "entity", row.entity)
        if entity is None:
            return None
        return _Place(entity.id, entity.region, {"entity_id": entity.id, "natural_key": natural_key(row)})

    return place


def _recusal_places(landing: Landing, rows: Sequence[Any]) -> _Placer:
    connection = landing.act.session.connection()
    entities = entity_references(connection, (row.entity for row in rows))
    inspectors = inspector_references(connection, (row.inspector for row in rows))

    def place(number: int, row: Any) -> _Place | None:  # noqa: ANN401 - a recusal
        inspector = _visible(landing, inspectors.get(row.inspector), number, "inspector", row.inspector)
        entity = inspector and _visible(landing, entities.get(row.entity), number, "entity", row.entity)
        if inspector is None or entity is None:
            return None
        columns = {"inspector_id": inspector.id, "entity_id": entity.id, "natural_key": natural_key(row)}
        return _Place(inspector.id, entity.region, columns)

    return place


def _visible(
    landing: Landing, found: Reference | None, number: int, column: str, key: str
) -> Reference | None:
    """What a key names, if the caller may know of it."""
    if found is None or not landing.act.caller.sees(found.region):
        landing.refuse(number, column, f"unknown-{column}", key)
        return None
    return found


_PLACERS: Mapping[str, Callable[[Landing, Sequence[Any]], _Placer]] = MappingProxyType(
    {
        "inspectors": _inspector_places,
        "recusals": _recusal_places,
        "risk-events": _entity_places,
        "visits": _entity_places,
        "credit-classes": _entity_places,
    }
)
