"""Writing tables as CSV, XLSX and NDJSON; `formulas` says how formula-looking text is made harmless."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import IO

import xlsxwriter

from app.adapters.tabular.formulas import neutralised
from app.domain.registers import Cell

_CHUNK = 1 << 16
_SHEET_ROWS = 1_048_576
# Workbooks carry a creation time; a fixed one makes equal content equal files.
CREATED = datetime(2026, 1, 1)  # noqa: DTZ001 -- the format knows no time zone


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]], *, bom: bool = True) -> Iterator[bytes]:
    """Write CSV (RFC 4180) in UTF-8, in chunks; Excel garbles Chinese without the byte order mark."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    if bom:
        buffer.write("\ufeff")
    writer.writerow([neutralised(name) for name in header])
    for row in rows:
        writer.writerow([_csv_text(cell) for cell in row])
        if buffer.tell() >= _CHUNK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _csv_text(cell: Cell) -> str:
    if isinstance(cell, str):
        return neutralised(cell)
    return _plain_text(cell)


def _plain_text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def write_xlsx(
    target: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[Cell]], *, sheet: str = "Sheet1"
) -> None:
    """Write a workbook with one sheet, its rows held on disk until the end: memory does not grow with them.

    Text is written as text, whatever it looks like; days are dates, moments are ISO text.

    Raises:
        ValueError: more rows than a sheet holds.
    """
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        book.set_properties({"created": CREATED})
        page = book.add_worksheet(sheet)
        page.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for column, name in enumerate(header):
            page.write_string(0, column, neutralised(name), bold)
            page.set_column(column, column, max(10, 2 * len(name) + 2))
        for number, row in enumerate(rows, start=1):
            if number == _SHEET_ROWS:
                raise ValueError(f"a sheet holds at most {_SHEET_ROWS - 1} rows under its header")
            for column, cell in enumerate(row):
                if isinstance(cell, date) and not isinstance(cell, datetime):
                    page.write_datetime(number, column, cell, day)
                elif isinstance(cell, int | float) and not isinstance(cell, bool):
                    page.write_number(number, column, cell)
                elif cell not in {None, ""}:
                    page.write_string(number, column, _csv_text(cell))


def write_ndjson(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Write one JSON object a line in UTF-8; empty cells are left out, days are `YYYY-MM-DD`."""
    for row in rows:
        members = {
            name: cell.isoformat() if isinstance(cell, date) else cell
            for name, cell in zip(header, row, strict=True)
            if cell is not None
        }
        yield json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
