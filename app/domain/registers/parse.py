"""From the header row and cells of a register file to typed records, or to errors that say what to mend."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.domain.registers.columns import Column, ColumnType
from app.domain.registers.faults import Fault, RowErrorCode
from app.domain.registers.register import ENTITIES, Register, RowT
from app.domain.registers.values import Cell, Value, reader_of

_SHOWN = 60
_SELDOM_REPEATED = frozenset({ColumnType.TEXT, ColumnType.USCC, ColumnType.ENTITY})


@dataclass(frozen=True, slots=True)
class RowError:
    """One error of a row.

    Attributes:
        row: the row's number in the file, the header being row 1.
        field: the English header of the column; for a file-wide matter the header as written.
        code: a `RowErrorCode`; the text is `row.<code>` of the messages.
        values: what the text needs: always `column`, `column_zh` and `value`, further ones by code.
    """

    row: int
    field: str
    code: RowErrorCode
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _BoundColumn:
    column: Column
    index: int | None
    read: Callable[[Cell], Value]
    absent: Value | None


@dataclass(frozen=True, slots=True)
class Binding:
    """Which cell of a row belongs to which column.

    Attributes:
        columns: every column of the register, those without a cell included.
        width: the number of header cells up to the last that is not blank.
        headless: the places before that whose header is blank.
        unknown: `unknown-column` for each header that the register does not have; its cells are left out.
    """

    columns: tuple[_BoundColumn, ...]
    width: int
    headless: tuple[int, ...]
    unknown: tuple[RowError, ...]


def bind_headers(
    header_row: Sequence[Cell], register: Register[Any], *, row_number: int = 1
) -> Binding | list[RowError]:
    """Match the header row to the register's columns, by English or Chinese header, in any order.

    Case, surrounding space, full-width forms, `-` for `_` and a `*` that marks required columns do not
    matter. A repeated header and a missing required column are errors; the list then names unknown headers
    too.
    """
    names = _header_names(register)
    places: dict[str, int] = {}
    unknown: list[RowError] = []
    errors: list[RowError] = []
    written_headers = [_shown(cell) for cell in header_row]
    headed = [index for index, written in enumerate(written_headers) if written]
    for index in headed:
        written = written_headers[index]
        column = names.get(_plain(written))
        if column is None:
            unknown.append(_header_error(row_number, RowErrorCode.UNKNOWN_COLUMN, written))
        elif column.name in places:
            errors.append(_header_error(row_number, RowErrorCode.DUPLICATE_COLUMN, written, column))
        else:
            places[column.name] = index
    errors += [
        _header_error(row_number, RowErrorCode.MISSING_COLUMN, column.name, column)
        for column in register.columns
        if column.name not in places and _must_have(column, register, places.keys())
    ]
    if errors:
        return errors + unknown
    width = headed[-1] + 1
    return Binding(
        columns=tuple(_bound(column, places.get(column.name)) for column in register.columns),
        width=width,
        headless=tuple(index for index in range(width) if not written_headers[index]),
        unknown=tuple(unknown),
    )


def _plain(header: str) -> str:
    text = unicodedata.normalize("NFKC", header).strip("* \t\r\n\ufeff")
    return text.lower().replace("-", "_")


def _header_names(register: Register[Any]) -> dict[str, Column]:
    return {
        _plain(name): column
        for column in register.columns
        for name in (column.name, column.zh, *column.aliases)
    }


def _must_have(column: Column, register: Register[Any], present: Iterable[str]) -> bool:
    if register is ENTITIES and column.name == "uscc":
        return not {"source", "source_key"} <= set(present)
    return column.required


def _bound(column: Column, index: int | None) -> _BoundColumn:
    read = reader_of(column)
    if column.type not in _SELDOM_REPEATED:
        # Most rows say what an earlier row said; typed, because 1 == True and only one of them is a number.
        read = lru_cache(maxsize=1024, typed=True)(read)
    many = column.type in {ColumnType.CODES, ColumnType.TOKENS, ColumnType.PLACES}
    absent = read(column.default) if column.default is not None else () if many else None
    return _BoundColumn(column, index, read, absent)


def _header_error(row: int, code: RowErrorCode, written: str, column: Column | None = None) -> RowError:
    en, zh = (column.name, column.zh) if column else (written, written)
    return RowError(row, en, code, (("column", en), ("column_zh", zh), ("value", written)))


def parse_row(
    register: Register[RowT], binding: Binding, row_number: int, cells: Sequence[Cell]
) -> RowT | list[RowError]:
    """Read one row; either the typed record or every error that can be told at once.

    Cells missing at the end of a short row are empty. Rules between cells are checked once each is readable.
    """
    values: dict[str, Any] = {}
    errors: list[RowError] = []
    for bound in binding.columns:
        cell = cells[bound.index] if bound.index is not None and bound.index < len(cells) else None
        try:
            values[bound.column.field] = _value(bound, cell)
        except Fault as fault:
            errors.append(_row_error(row_number, bound.column, fault, cell))
    stray = next((cell for cell in _headless_cells(binding, cells) if not _blank(cell)), None)
    if stray is not None:
        errors.append(_header_error(row_number, RowErrorCode.EXTRA_CELLS, _shown(stray)))
    if errors:
        return errors
    row = register.record(**values)
    errors = [_row_error(row_number, register.column(f.column), f, None) for f in register.faults(row)]
    return errors or row


def _headless_cells(binding: Binding, cells: Sequence[Cell]) -> Iterator[Cell]:
    yield from cells[binding.width :]
    yield from (cells[index] for index in binding.headless if index < len(cells))


def _value(bound: _BoundColumn, cell: Cell) -> Value | None:
    value = bound.absent if _blank(cell) else bound.read(cell)
    # A list of nothing but separators is as empty as a blank cell.
    if bound.column.required and value in {None, ()}:
        raise Fault(RowErrorCode.REQUIRED)
    return value


def _blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _shown(cell: Cell) -> str:
    return "" if cell is None else str(cell).strip()[:_SHOWN]


def _row_error(row: int, column: Column, fault: Fault, cell: Cell) -> RowError:
    values = {"column": column.name, "column_zh": column.zh, "value": _shown(cell)} | dict(fault.values)
    return RowError(row, column.name, fault.code, tuple(values.items()))


def parse_rows(
    register: Register[RowT], binding: Binding, rows: Iterable[tuple[int, Sequence[Cell] | Fault]]
) -> Iterator[tuple[int, RowT | list[RowError]]]:
    """Read the rows after the header, one at a time; a row that repeats an earlier key is an error.

    A row of which its file gives no cells comes as the `Fault` that says why.
    """
    first_rows: dict[tuple[object, ...], int] = {}
    for row_number, cells in rows:
        if isinstance(cells, Fault):
            yield row_number, [RowError(row_number, "", cells.code)]
            continue
        parsed = parse_row(register, binding, row_number, cells)
        if not isinstance(parsed, list):
            first = first_rows.setdefault(parsed.key, row_number)
            if first != row_number:
                yield row_number, [_repeated(register, row_number, first)]
                continue
        yield row_number, parsed


def _repeated(register: Register[Any], row: int, first: int) -> RowError:
    fault = Fault(RowErrorCode.DUPLICATE_ROW, first=first)
    return _row_error(row, register.columns[0], fault, None)
