"""Reading tables: which format a file has, and the readers of the two text formats."""

import csv
import io
import json
import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import IO

from app.adapters.tabular.bounds import MAX_COLUMNS, TableError
from app.adapters.tabular.encoding import decoded_lines
from app.adapters.tabular.formulas import restored
from app.adapters.tabular.workbook import read_workbook
from app.domain.registers import Cell, Fault, RowErrorCode

Rows = Iterator[tuple[int, list[Cell] | Fault]]
"""Row numbers, each with its cells or, in NDJSON, with what keeps its line from having any."""

_ZIP = b"PK\x03\x04"
_MOST_BLANK_LINES = 1000
_OLE = b"\xd0\xcf\x11\xe0"
# Nested deeply enough, JSON overruns the C stack where some library has raised Python's recursion limit.
_MOST_BRACKETS = 500
_QUOTED = re.compile(r'"[^"]*"')


def read_rows(source: bytes | IO[bytes], filename: str) -> Rows:
    """Read a table row by row; the first row given is the header.

    Row numbers are those that a spreadsheet shows: a record of several lines is one row, and blank rows
    count, though they are left out. In NDJSON they count lines; the header, all keys in order of appearance,
    is row 0, and a line that is no flat object is a `Fault` of its row alone.

    Args:
        source: the file; a stream must be seekable, is read from its start and stays open.
        filename: its name, whose ending tells NDJSON from CSV; workbooks are known by their content.

    Raises:
        TableError: now or while reading, when the file is empty, damaged, too large or no table.
    """
    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    stream.seek(0)
    head = stream.read(64)
    ending = filename.lower().rpartition(".")[2]
    if not head:
        raise TableError("empty-file")
    if head.startswith(_OLE):
        raise TableError("old-spreadsheet")
    if head.startswith(_ZIP):
        return read_workbook(stream)
    if ending in {"xlsx", "xlsm"}:
        raise TableError("broken-workbook")
    if ending in {"ndjson", "jsonl"} or head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _read_ndjson(stream)
    return _read_csv(stream)


def _read_csv(stream: IO[bytes]) -> Rows:
    lines = decoded_lines(stream)
    leading = list(_until_not_blank(lines))
    reader = csv.reader(chain(leading, lines), delimiter=_delimiter(leading[-1]), strict=True)
    row = 0
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as broken:
            raise TableError("broken-row", row=row + 1) from broken
        if cells is None:
            return
        row += 1
        while cells and not cells[-1].strip():
            cells.pop()
        if len(cells) > MAX_COLUMNS:
            raise TableError("too-many-columns", row=row, limit=MAX_COLUMNS)
        if cells:
            yield row, [restored(cell) for cell in cells]


def _until_not_blank(lines: Iterator[str]) -> Iterator[str]:
    for line in islice(lines, _MOST_BLANK_LINES):
        yield line
        if line.strip(" \t\r\n,;"):
            return
    raise TableError("empty-file")


def _delimiter(header: str) -> str:
    outside = _QUOTED.sub("", header)
    return max(",;\t", key=outside.count)


def _read_ndjson(stream: IO[bytes]) -> Rows:
    # A key may be absent from the first objects, so the header takes a pass of its own.
    keys: dict[str, None] = {}
    broken = 0
    for row, record in _records(stream):
        if isinstance(record, Fault):
            broken = broken or row
            continue
        keys |= dict.fromkeys(record)
        if len(keys) > MAX_COLUMNS:
            raise TableError("too-many-columns", row=row, limit=MAX_COLUMNS)
    if not keys:
        raise TableError("broken-json", row=broken) if broken else TableError("empty-file")
    yield 0, list(keys)
    for row, record in _records(stream):
        yield row, record if isinstance(record, Fault) else [record.get(key) for key in keys]


def _records(stream: IO[bytes]) -> Iterator[tuple[int, dict[str, Cell] | Fault]]:
    for row, line in enumerate(decoded_lines(stream), start=1):
        if line.strip():
            try:
                yield row, _record(line)
            except ValueError:
                yield row, Fault(RowErrorCode.BROKEN_JSON)


def _record(line: str) -> dict[str, Cell]:
    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        members = dict(pairs)
        if len(members) != len(pairs):
            raise ValueError("a key is repeated")
        return members

    if line.count("[") + line.count("{") > _MOST_BRACKETS:
        raise ValueError("nested too deeply")
    found = json.loads(line, object_pairs_hook=unique, parse_constant=_no_constant)
    if isinstance(found, dict):
        return {key: _json_cell(value) for key, value in found.items()}
    raise ValueError("no object")


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _json_cell(value: object) -> Cell:
    match value:
        case None | bool() | int() | float() | str():
            return value
        case list() if all(isinstance(item, str | int) for item in value):
            return ";".join(map(str, value))
        case _:
            raise ValueError("a nested value")
