"""One row at a time: entered or changed by hand, under the very rules of a row of a file."""

from collections.abc import Mapping
from typing import Any

from app.domain.errors import FieldError, Malformed, Missing, RuleBroken
from app.domain.registers import (
    ENTITIES,
    Binding,
    Cell,
    Register,
    Row,
    bind_headers,
    headers,
    parse_row,
    row_cells,
)
from app.services.context import Act
from app.services.registers.landing import BadRow, Landing
from app.services.registers.landing_entities import EntityLanding
from app.services.registers.landing_simple import land_simple
from app.store.registers import bulk
from app.store.registers.bulk import Record
from app.store.registers.joined import followed
from app.store.registers.shelves import SHELVES, Shelf, natural_key

_ONLY_ROW = 1


def enter(act: Act, register: Register[Any], members: Mapping[str, object]) -> Record:
    """Enter something new; gives what then stands on its shelf.

    Raises:
        Malformed: a field cannot be read.
        RuleBroken: it is there already, or may not be entered by this caller.
    """
    [(_, row)] = followed(act.session.connection(), [(_ONLY_ROW, _read(register, members))])
    landing = _land(act, SHELVES[register.name], row)
    if not landing.created:
        raise RuleBroken("already-registered")
    return _standing(act, landing.shelf, row)


def amend(
    act: Act,
    shelf: Shelf,
    found: Mapping[str, Any],
    patch: Mapping[str, object],
    *,
    reason: str | None = None,
) -> Record:
    """Change fields of what stands on a shelf, by a merge patch (RFC 7396): null empties a field.

    `reason` goes into the history.

    Raises:
        Malformed: a field cannot be read, or a required one is emptied.
        RuleBroken: the caller may not change it so.
    """
    register = shelf.register
    cells = dict(zip(headers(register, "en"), row_cells(register, shelf.record(found), "en"), strict=True))
    row = _read(register, {**cells, **patch})
    _land(act, shelf, row, reason=reason)
    return _standing(act, shelf, row)


def _read(register: Register[Any], members: Mapping[str, object]) -> Row:
    binding = bind_headers(list(members), register)
    if not isinstance(binding, Binding):
        raise Malformed("malformed", *(_field(BadRow.of(error)) for error in binding))
    row: Row | list[Any] = parse_row(
        register, binding, _ONLY_ROW, [_cell(value) for value in members.values()]
    )
    if isinstance(row, list):
        raise Malformed("malformed", *(_field(BadRow.of(error)) for error in row))
    return row


def _cell(value: object) -> Cell:
    return ";".join(map(str, value)) if isinstance(value, list | tuple) else value  # type: ignore[return-value]  # schemas admit cells and lists of text


def _land(act: Act, shelf: Shelf, row: Row, *, reason: str | None = None) -> Landing:
    register = shelf.register
    bulk.lock(act.session, register.name)
    given = frozenset(column.field for column in register.columns)
    landing = Landing(act, shelf, given, reason=reason)
    decide = EntityLanding() if register is ENTITIES else land_simple
    decide(landing, [(_ONLY_ROW, row)])
    if landing.bad:
        raise RuleBroken("row-refused", *(_field(bad) for bad in landing.bad))
    landing.write()
    return landing


def _standing(act: Act, shelf: Shelf, row: Row) -> Record:
    key = natural_key(row)
    for held in shelf.held(act.session.connection(), [row]):
        if held["held_key"] == key:
            return held
    raise Missing("not-found")


def _field(bad: BadRow) -> FieldError:
    return FieldError(f"/{bad.field}", bad.code, tuple(bad.values.items()))
