"""A register file being read: its rows in pieces, each row either a record or what is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from app.adapters.tabular import Rows, TableError, read_rows
from app.domain.registers import (
    ENTITIES,
    Binding,
    Cell,
    EntityRow,
    Fault,
    Register,
    Row,
    bind_headers,
    parse_rows,
)
from app.services.registers.landing import BadRow, Numbered
from app.store.registers.shelves import ENTITY_FIELDS, natural_key


class Unreadable(Exception):
    """The file as a whole cannot be read; `bad` says why."""

    def __init__(self, bad: list[BadRow]) -> None:
        super().__init__(bad[0].code)
        self.bad = bad


@dataclass(slots=True)
class Piece:
    """Some consecutive rows of a file: those that can be read, and what is wrong with the others."""

    rows: list[Numbered] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    read: int = 0


class RegisterFile:
    """A register file, read row by row.

    Attributes:
        given: the record's fields for which the file has a column; others stay as they are in the register.
        unknown: the headers that the register does not have.
        seen: the natural keys of all rows read so far, of bad ones too where the key can be read.

    Raises:
        Unreadable: no table, or a required column is missing; also while reading.
    """

    def __init__(self, register: Register[Any], content: bytes, filename: str) -> None:
        self._register = register
        self._cells: Sequence[Cell] = ()
        self._premises: dict[str, tuple[int, tuple[object, ...]]] = {}
        self.seen: set[str] = set()
        try:
            rows = read_rows(content, filename)
            number, header = next(rows)
            assert not isinstance(header, Fault)  # noqa: S101 - only lines after the header can be one
        except TableError as error:
            raise Unreadable([_of_table(error)]) from error
        bound = bind_headers(header, register, row_number=max(number, 1))
        if not isinstance(bound, Binding):
            raise Unreadable([BadRow.of(error) for error in bound])
        self._binding = bound
        self.given = frozenset(c.column.field for c in bound.columns if c.index is not None)
        self.unknown = [BadRow.of(error) for error in bound.unknown]
        self._parsed = parse_rows(register, bound, self._noting(rows))

    def _noting(self, rows: Rows) -> Rows:
        for number, cells in rows:
            self._cells = () if isinstance(cells, Fault) else cells
            yield number, cells

    def next_piece(self, most: int) -> Piece:
        """The next rows, at most so many; `read` is 0 at the end."""
        piece = Piece()
        try:
            for number, parsed in islice(self._parsed, most):
                piece.read += 1
                if isinstance(parsed, list):
                    piece.bad += [BadRow.of(error) for error in parsed]
                    self._note_key()
                    continue
                self.seen.add(natural_key(parsed))
                contradiction = self._contradiction(number, parsed)
                if contradiction is None:
                    piece.rows.append((number, parsed))
                else:
                    piece.bad.append(contradiction)
        except TableError as error:
            raise Unreadable([_of_table(error)]) from error
        return piece

    def _note_key(self) -> None:
        """Note the key of a bad row, if it can be read: such a row is not absent from its file."""
        if not self._cells:
            return
        values: dict[str, Any] = {column.field: None for column in self._register.columns}
        for bound in self._binding.columns:
            there = bound.index is not None and bound.index < len(self._cells)
            cell = self._cells[bound.index or 0] if there else None
            try:
                values[bound.column.field] = bound.absent if cell in {None, ""} else bound.read(cell)
            except Fault:
                continue
        self.seen.add(natural_key(self._register.record(**values)))

    def _contradiction(self, number: int, row: Row) -> BadRow | None:
        """What a registration says of its premises otherwise than an earlier row of the file, if anything."""
        if not isinstance(row, EntityRow):
            return None
        said = tuple(getattr(row, name) for name in ENTITY_FIELDS)
        first, before = self._premises.setdefault(row.entity_id, (number, said))
        if said == before:
            return None
        name = next(n for n, new, old in zip(ENTITY_FIELDS, said, before, strict=True) if new != old)
        column, value = ENTITIES.column(name), getattr(row, name)
        values = {"column": name, "column_zh": column.zh, "value": str(value or ""), "first": str(first)}
        return BadRow(number, name, "contradicts-row", values)


def count_rows(content: bytes, filename: str) -> int:
    """How many rows follow the header.

    Raises:
        Unreadable: somewhere the file is no table.
    """
    try:
        return sum(1 for _ in read_rows(content, filename)) - 1
    except TableError as error:
        raise Unreadable([_of_table(error)]) from error


def _of_table(error: TableError) -> BadRow:
    values = {name: str(value) for name, value in error.values.items()}
    row = error.values.get("row")
    return BadRow(row if isinstance(row, int) and row else 1, "", error.slug, values)
