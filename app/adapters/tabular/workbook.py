"""Reading the first sheet of an XLSX workbook.

The library lays a sheet out as a full rectangle up to its last used cell: a five-kilobyte file with one cell
in the far corner would ask for half a terabyte and end the process. So the archive is scanned first.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import time, timedelta
from functools import partial
from typing import IO

from python_calamine import CalamineError, CalamineSheet, SheetTypeEnum, load_workbook

from app.adapters.tabular.bounds import MAX_COLUMNS, MAX_SHEET_ROWS, MAX_UNPACKED_MIB, TableError
from app.adapters.tabular.formulas import restored
from app.domain.registers import Cell

_CHUNK = 1 << 20
# A reference to a cell or row outside A1:AZ199999, the range that MAX_COLUMNS and MAX_SHEET_ROWS describe.
_OUTSIDE = re.compile(
    rb"""\sr\s*=\s*["'](?:[a-z]{3}|[b-z][a-z]|[a-z]{0,2}(?:[2-9][0-9]{5}|[0-9]{7}))""", re.IGNORECASE
)
_LONGEST_REFERENCE = 64
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, CalamineError)

RawCell = Cell | time | timedelta


def read_workbook(stream: IO[bytes]) -> Iterator[tuple[int, list[Cell]]]:
    """Read the first worksheet; numbers and dates keep their type, formulas give their last value.

    Raises:
        TableError: `broken-workbook`, `file-too-large`, `too-many-rows` or `empty-file`.
    """
    try:
        _check_archive(stream)
        sheet = _first_sheet(stream)
    except _DAMAGE as damage:
        raise TableError("broken-workbook") from damage
    empty = True
    for row, cells in enumerate(sheet.iter_rows(), start=1):
        if any(cell != "" for cell in cells):
            empty = False
            yield row, [_cell(cell) for cell in cells]
    if empty:
        raise TableError("empty-file")


def _check_archive(stream: IO[bytes]) -> None:
    with zipfile.ZipFile(stream) as archive:
        members = archive.infolist()
        # zipfile itself would look for it there.
        if any(member.header_offset < 0 for member in members):
            raise TableError("broken-workbook")
        if sum(member.file_size for member in members) > MAX_UNPACKED_MIB << 20:
            raise TableError("file-too-large", limit=MAX_UNPACKED_MIB)
        # Reading to the end also checks that the sizes were honest: the checksum fails otherwise.
        for member in members:
            with archive.open(member) as part:
                _check_part(part)


def _check_part(part: IO[bytes]) -> None:
    tail = b""
    for chunk in iter(partial(part.read, _CHUNK), b""):
        if _OUTSIDE.search(tail + chunk):
            raise TableError("too-many-rows", limit=MAX_SHEET_ROWS, columns=MAX_COLUMNS)
        tail = chunk[-_LONGEST_REFERENCE:]


def _first_sheet(stream: IO[bytes]) -> CalamineSheet:
    stream.seek(0)
    workbook = load_workbook(stream)
    for index, sheet in enumerate(workbook.sheets_metadata):
        if sheet.typ == SheetTypeEnum.WorkSheet:
            return workbook.get_sheet_by_index(index)
    raise CalamineError("no worksheet")


def _cell(cell: RawCell) -> Cell:
    if isinstance(cell, str):
        return restored(cell)
    return str(cell) if isinstance(cell, time | timedelta) else cell
