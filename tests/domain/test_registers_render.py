"""Records written as rows: what a file holds reads back as the same record."""

import pytest
from hypothesis import given

from app.domain.registers import ENTITIES, REGISTERS, Row, headers, parse_rows, row_cells
from app.domain.registers.render import Language
from tests.register_parsing import bound, entity
from tests.register_rows import registers_with_rows


def test_what_no_column_can_hold_is_not_written() -> None:
    """A record with a value of a foreign type is a programming error, not a file."""
    row = entity()
    object.__setattr__(row, "level", 1.5)
    with pytest.raises(TypeError, match="level"):
        row_cells(ENTITIES, row, "en")


@pytest.mark.parametrize("language", ["zh", "en"])
@given(drawn=registers_with_rows())
def test_every_valid_record_reads_back_as_itself(language: Language, drawn: tuple[str, list[Row]]) -> None:
    """render, then parse, is the identity for each register in both languages."""
    name, rows = drawn
    register = REGISTERS[name]
    binding = bound(register, headers(register, language))
    cells = [(number, row_cells(register, row, language)) for number, row in enumerate(rows, start=2)]
    assert [row for _, row in parse_rows(register, binding, cells)] == rows
