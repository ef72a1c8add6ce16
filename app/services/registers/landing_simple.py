"""Landing rows of the registers of one table: inspectors, and what names an entity or an inspector."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from app.domain.registers import Row
from app.services.registers.landing import Landing, Numbered, differing, plain
from app.store.registers import bulk
from app.store.registers.bulk import Record
from app.store.registers.references import Reference, entity_references, inspector_references
from app.store.registers.shelves import natural_key


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
