"""From typed records to the cells of a register file, which read back as the same records."""

from datetime import date
from typing import Any, Literal

from app.domain.registers.columns import Column
from app.domain.registers.register import Register
from app.domain.registers.rows import Row

Language = Literal["zh", "en"]
OutCell = str | int | date | None


def headers(register: Register[Any], language: Language) -> list[str]:
    """Give the header row in Chinese or English."""
    return [column.zh if language == "zh" else column.name for column in register.columns]


def row_cells(register: Register[Any], row: Row, language: Language) -> list[OutCell]:
    """Give a record's cells in column order: labels, 是/否 in Chinese, codes and true/false in English."""
    return [_cell(column, getattr(row, column.field), language) for column in register.columns]


def _cell(column: Column, value: object, language: Language) -> OutCell:
    if isinstance(value, bool):
        truth, falsehood = ("是", "否") if language == "zh" else ("true", "false")
        return truth if value else falsehood
    if isinstance(value, tuple):
        separator = "；" if language == "zh" else ";"
        return separator.join(_word(column, item, language) for item in value) or None
    if isinstance(value, str):
        return _word(column, value, language)
    if value is None or isinstance(value, int | date):
        return value
    raise TypeError(f"{column.name} cannot hold {type(value).__name__}")


def _word(column: Column, text: str, language: Language) -> str:
    # Numbered codes are known by their numbers.
    if language == "zh" and not text.isdigit():
        return next((code.label for code in column.codes if code.value == text), text)
    return text
