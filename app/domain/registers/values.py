"""Reading one cell into a typed value.

Text is brought to Unicode NFC and runs of white space, line breaks included, become one space. Where only
ASCII can be meant (codes, numbers, dates, USCC), full-width forms such as `９１` are read as the ASCII ones.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from types import MappingProxyType

from app.domain.draw.basics.text import is_token
from app.domain.registers.columns import Column, ColumnType
from app.domain.registers.faults import Fault, RowErrorCode
from app.domain.registers.keys import check_uscc, read_entity_id

Cell = str | int | float | bool | date | datetime | None
"""A cell as a file gives it; `None` and blank text are empty."""

Value = str | int | bool | date | tuple[str, ...]

MAX_TEXT = 500
"""The longest text of a cell, in characters."""

_EXACT_FLOAT = 1e15  # spreadsheets keep 15 significant digits; longer numbers have already lost some
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?E\+[0-9]{2,}")
_SPREADSHEET_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})
_REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"})
_DATE = re.compile(r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})")
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_REGION = re.compile(r"[1-9][0-9]{5}")
_STATION = re.compile(r"[0-9]{3}")
_PLACE = re.compile(r"[0-9]{3}|[1-9][0-9]{5}(?:[0-9]{3})?")
_LIST_SEPARATOR = re.compile("[;；]")
_SERIAL = re.compile(r"[0-9]{5}")
_BOOLEANS = {"true": True, "是": True, "1": True, "false": False, "否": False, "0": False}

# Day 0 of the 1900 date system lies one day early, for it counts a 29 February 1900 that never was.
_SERIAL_EPOCH = date(1899, 12, 30)
# Only 1950 to 2099, so that a bare year or a number in the wrong column is not taken for a day.
_SERIAL_RANGE = range(18264, 73051)


def cell_text(cell: Cell) -> str:
    """Give the text of a cell: trimmed, NFC, white space folded.

    Raises:
        Fault: `lost-digits` for a number too long for a spreadsheet, `spreadsheet-error` for `#N/A`.
    """
    if isinstance(cell, str):
        text = " ".join(unicodedata.normalize("NFC", cell).split())
        if text in _SPREADSHEET_ERRORS:
            raise Fault(RowErrorCode.SPREADSHEET_ERROR)
        if _SCIENTIFIC.fullmatch(text):
            raise Fault(RowErrorCode.LOST_DIGITS)
        return text
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return _number_text(cell)
    return _day(cell).isoformat() if isinstance(cell, date) else str(cell)


def _number_text(number: float) -> str:
    if abs(number) >= _EXACT_FLOAT:
        raise Fault(RowErrorCode.LOST_DIGITS)
    return str(int(number)) if number.is_integer() else repr(number)


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _ascii(cell: Cell) -> str:
    return unicodedata.normalize("NFKC", cell_text(cell)).strip()


def _padded(cell: Cell) -> str:
    """Give codes of digits back the leading zeros that a numeric spreadsheet cell has dropped."""
    text = _ascii(cell)
    return text.zfill(3) if isinstance(cell, int | float) and text.isdigit() else text


def _read_text(cell: Cell) -> str:
    text = cell_text(cell)
    if len(text) > MAX_TEXT:
        raise Fault(RowErrorCode.TOO_LONG, limit=MAX_TEXT)
    if not text.isprintable():
        bad = next((c for c in text if unicodedata.category(c) in _REFUSED_CATEGORIES), None)
        if bad is not None:
            raise Fault(RowErrorCode.BAD_CHARACTER, character=f"U+{ord(bad):04X}")
    return text


def _token(text: str) -> str:
    if not is_token(text):
        raise Fault(RowErrorCode.BAD_TOKEN, value=text[:64])
    return text


def _matched(text: str, pattern: re.Pattern[str], code: RowErrorCode) -> str:
    if not pattern.fullmatch(text):
        raise Fault(code, value=text[:64])
    return text


def _read_integer(cell: Cell, *, minimum: int, maximum: int) -> int:
    text = "" if isinstance(cell, bool) else _ascii(cell)
    if not _INTEGER.fullmatch(text):
        raise Fault(RowErrorCode.BAD_INTEGER, minimum=minimum, maximum=maximum)
    number = int(text)
    if not minimum <= number <= maximum:
        raise Fault(RowErrorCode.OUT_OF_RANGE, minimum=minimum, maximum=maximum)
    return number


def _read_boolean(cell: Cell) -> bool:
    truth = _BOOLEANS.get(_ascii(cell).lower())
    if truth is None:
        raise Fault(RowErrorCode.BAD_BOOLEAN)
    return truth


def _read_date(cell: Cell) -> date:
    if isinstance(cell, date):
        return _day(cell)
    # The time of day of a numeric Excel moment is its fraction.
    text = str(int(cell)) if isinstance(cell, float) and abs(cell) < _EXACT_FLOAT else _ascii(cell)
    if _SERIAL.fullmatch(text) and int(text) in _SERIAL_RANGE:
        return _SERIAL_EPOCH + timedelta(days=int(text))
    match = _DATE.fullmatch(text)
    try:
        if match:
            return date(int(match[1]), int(match[3]), int(match[4]))
    except ValueError as impossible:
        raise Fault(RowErrorCode.BAD_DATE) from impossible
    raise Fault(RowErrorCode.BAD_DATE)


class _CodeReader:
    """Looks a code up by its value or Chinese label; two-digit codes also without their leading zero."""

    def __init__(self, column: Column) -> None:
        self._allowed = "、".join(f"{code.value} {code.label}" for code in column.codes)
        self._values = {code.value.lower().lstrip("0"): code.value for code in column.codes}
        self._values |= {code.value.lower(): code.value for code in column.codes}
        labels = {unicodedata.normalize("NFKC", code.label).lower(): code.value for code in column.codes}
        self._values |= labels

    def __call__(self, text: str) -> str:
        value = self._values.get(text.lower())
        if value is None:
            raise Fault(RowErrorCode.UNKNOWN_CODE, value=text[:64], allowed=self._allowed)
        return value


def _listed(
    cell: Cell, *, item: Callable[[str], str], text: Callable[[Cell], str] = _ascii
) -> tuple[str, ...]:
    parts = (part.strip() for part in _LIST_SEPARATOR.split(text(cell)))
    # Order means nothing in any list of the registers: another order is not another fact.
    return tuple(sorted({item(part) for part in parts if part}))


_region = partial(_matched, pattern=_REGION, code=RowErrorCode.BAD_REGION)
_station = partial(_matched, pattern=_STATION, code=RowErrorCode.BAD_STATION)
_place = partial(_matched, pattern=_PLACE, code=RowErrorCode.BAD_PLACE)


_READERS: Mapping[ColumnType, Callable[[Cell], Value]] = MappingProxyType(
    {
        ColumnType.TEXT: _read_text,
        ColumnType.TOKEN: lambda cell: _token(_ascii(cell)),
        ColumnType.TOKENS: partial(_listed, item=_token),
        ColumnType.BOOLEAN: _read_boolean,
        ColumnType.DATE: _read_date,
        ColumnType.USCC: lambda cell: check_uscc(_ascii(cell)),
        ColumnType.REGION: lambda cell: _region(_ascii(cell)),
        ColumnType.STATION: lambda cell: _station(_padded(cell)),
        ColumnType.PLACES: partial(_listed, item=_place, text=_padded),
        ColumnType.ENTITY: lambda cell: read_entity_id(_read_text(cell)),
    }
)


def reader_of(column: Column) -> Callable[[Cell], Value]:
    """Give the function that reads a cell of this column that is not blank; it raises `Fault`."""
    match column.type:
        case ColumnType.INTEGER:
            return partial(_read_integer, minimum=column.minimum, maximum=column.maximum)
        case ColumnType.CODE:
            code = _CodeReader(column)
            return lambda cell: code(_ascii(cell))
        case ColumnType.CODES:
            return partial(_listed, item=_CodeReader(column))
        case _:
            return _READERS[column.type]
