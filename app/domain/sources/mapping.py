"""From a source's record to the cells of a register row: what becomes which column, as data 字段映射."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.domain.sources.dates import read_day
from app.domain.sources.pointers import ABSENT, at

Cell = str | int | float | bool | None
"""A cell as it is kept between fetching and landing: what JSON has."""

KEY_SEPARATOR: Final = "-"
_SHOWN: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMap:
    """What fills one column of the register.

    Attributes:
        column: the register's column, by its English header.
        places: JSON Pointers into the record; several are put together with `separator` between them.
        separator: what stands between them.
        constant: the same for every record, instead of any place.
        part: which characters of the text, `[from, to)`.
        values: what the source's codes mean in the register; codes that it does not name become `otherwise`,
            or are an error without one.
        otherwise: the value of every other code.
        date: how the source writes days, where not as the registers do.
    """

    column: str
    places: tuple[str, ...] = ()
    separator: str = ""
    constant: Cell = None
    part: tuple[int, int] | None = None
    values: Mapping[str, str] | None = None
    otherwise: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Only:
    """Which records are meant: those that have one of these texts at a place."""

    place: str
    texts: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMap:
    """How a source's records are read: where their key stands, which are meant, what fills the columns."""

    key: tuple[str, ...]
    only: tuple[Only, ...]
    columns: tuple[ColumnMap, ...]


@dataclass(frozen=True, slots=True)
class CellFault:
    """What keeps a record from becoming a row: the column, a code, and the value that the source gave."""

    column: str
    code: str
    value: str


def is_meant(mapping: RecordMap, record: object) -> bool:
    """Tell whether a record is one of those that the source is asked for."""
    return all(_plain(at(record, only.place)) in only.texts for only in mapping.only)


def source_key(mapping: RecordMap, record: object) -> str | None:
    """Give a record's own key in its source, as the registers write text; None when part of it is missing."""
    parts = [_plain(at(record, place)) for place in mapping.key]
    if not all(parts):
        return None
    return " ".join(unicodedata.normalize("NFC", KEY_SEPARATOR.join(map(str, parts))).split())


def cells_of(mapping: RecordMap, record: object) -> dict[str, Cell] | list[CellFault]:
    """Give a record's cells by column, or everything that is wrong with it.

    Args:
        mapping: the source's.
        record: one JSON object of the source.
    """
    cells: dict[str, Cell] = {}
    faults: list[CellFault] = []
    for column in mapping.columns:
        cell = _cell(column, record)
        if isinstance(cell, CellFault):
            faults.append(cell)
        else:
            cells[column.column] = cell
    return faults or cells


def digest_of(cells: Mapping[str, Cell]) -> str:
    """Give the digest (SHA-256) by which it shows whether a record has changed in what the register keeps."""
    return hashlib.sha256(
        json.dumps(cells, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()


def _cell(column: ColumnMap, record: object) -> Cell | CellFault:
    if not column.places:
        return column.constant
    found = [at(record, place) for place in column.places]
    texts = [_plain(one) for one in found]
    unreadable = next((one for one, text in zip(found, texts, strict=True) if text is None), None)
    if unreadable is not None:
        return CellFault(column.column, "nested-value", str(unreadable)[:_SHOWN])
    text = column.separator.join(one for one in texts if one)
    if column.part is not None:
        text = text[column.part[0] : column.part[1]]
    if not text:
        return None
    if column.values is not None:
        return _translated(column, text)
    return _dated(column, column.date, text) if column.date is not None else text


def _translated(column: ColumnMap, text: str) -> Cell | CellFault:
    known = (column.values or {}).get(text, column.otherwise)
    if known is None:
        return CellFault(column.column, "unknown-source-value", text[:_SHOWN])
    return known


def _dated(column: ColumnMap, form: str, text: str) -> Cell | CellFault:
    day = read_day(form, text)
    return CellFault(column.column, "bad-source-date", text[:_SHOWN]) if day is None else day.isoformat()


def _plain(found: object) -> str | None:
    """A scalar, or a list of them, as text; empty where there is nothing, None for what has no text."""
    if isinstance(found, list):
        parts = [None if isinstance(one, list) else _plain(one) for one in found]
        return None if None in parts else ";".join(str(part) for part in parts)
    match found:
        case bool():
            return "true" if found else "false"
        case str():
            return found.strip()
        case int() | float():
            return str(int(found)) if isinstance(found, float) and found.is_integer() else repr(found)
        case _:
            return "" if found is ABSENT or found is None else None
