"""What tests of register files share: bindings without errors, rows complete but for some cells."""

from collections.abc import Sequence
from typing import Any

from app.domain.registers import (
    ENTITIES,
    INSPECTORS,
    Binding,
    Cell,
    Register,
    RowError,
    bind_headers,
    parse_row,
)
from app.messages import text

USCC = "91110000600037341L"  # the worked example of the check digit in GB 32100


def bound(register: Register[Any], header: Sequence[Cell]) -> Binding:
    """Bind a header row that has no errors."""
    binding = bind_headers(header, register)
    assert isinstance(binding, Binding)
    return binding


def parsed(register: Register[Any], **cells: Cell) -> Any:
    """Parse row 7 of a file that has just these columns."""
    return parse_row(register, bound(register, list(cells)), 7, list(cells.values()))


def entity(**cells: Cell) -> Any:
    """Parse a registration that is complete but for the given cells."""
    return parsed(ENTITIES, **{"uscc": USCC, "name": "甲", "regime": "fire_unit", "region": "410928"} | cells)


def inspector(**cells: Cell) -> Any:
    """Parse an inspector who is complete but for the given cells."""
    needed: dict[str, Cell] = {
        "code": "i1",
        "name": "王某",
        "certificate_no": "豫1",
        "certificate_to": "2030-01-01",
    }
    needed["agency"] = "psb"
    return parsed(INSPECTORS, **needed | cells)


def faults(errors: object) -> list[tuple[str, str]]:
    """Give field and code of each error; all are of row 7 and have their text in both languages."""
    assert isinstance(errors, list), errors
    assert all(isinstance(error, RowError) and error.row == 7 for error in errors)
    assert all(message(error, language) for error in errors for language in ("zh", "en"))
    return [(error.field, error.code) for error in errors]


def message(error: RowError, language: str) -> str:
    """Give the text of an error; a missing text or placeholder is a KeyError."""
    return text(f"row.{error.code}", language, **dict(error.values))
