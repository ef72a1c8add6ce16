"""What a page of a source becomes before anything lands: rows put by, and what is wrong with the others."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from app.domain.characters import unkeepable
from app.domain.registers import ENTITIES, REGISTERS, Binding, Fault, Register, bind_headers, parse_row
from app.domain.sources.checks import Kind, failure
from app.domain.sources.configuration import Configuration
from app.domain.sources.faults import SOURCE, SOURCE_KEY, mapped_columns
from app.domain.sources.mapping import Cell, CellFault, cells_of, digest_of, is_meant, source_key
from app.domain.sources.trouble import SourceTrouble
from app.services.context import Act
from app.services.registers.landing import BadRow
from app.services.sources.notes import Note, keep
from app.store.registers.bulk import Record
from app.store.sources import records, runs
from app.store.tables.sources import SourceRun

_MOST_KEY_CHARACTERS: Final = 200


class RowReader:
    """Reads the records of one source as rows of its register, by the register's own rules."""

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.register: Register[Any] = REGISTERS[configuration.register]
        self.columns = mapped_columns(configuration, self.register)
        bound = bind_headers(self.columns, self.register)
        if not isinstance(bound, Binding):
            raise TypeError(f"source {configuration.code} does not fit register {self.register.name}")
        self._binding = bound
        self.given = frozenset(c.column.field for c in bound.columns if c.index is not None)

    def cells(self, record: object, key: str) -> dict[str, Cell] | list[CellFault]:
        """A record's cells, those that say where it comes from included."""
        found = cells_of(self.configuration.mapping, record)
        if isinstance(found, dict) and self.register is ENTITIES:
            found |= {SOURCE: self.configuration.code, SOURCE_KEY: key}
        return found

    def row(self, number: int, cells: dict[str, Cell]) -> Any:  # noqa: ANN401 - a row of one of the registers, or errors
        """The row that the cells make, or a list of what is wrong with it."""
        return parse_row(self.register, self._binding, number, [cells.get(name) for name in self.columns])


@dataclass(slots=True)
class _Page:
    """One page being read: what is staged of it, which records it gives, and what is noted.

    `again` counts records that the run has already, which shows that the source changes while it is read.
    """

    reader: RowReader
    staged: dict[str, Record] = field(default_factory=dict)
    present: set[str] = field(default_factory=set)
    notes: list[Note] = field(default_factory=list)
    bad: int = 0
    again: int = 0

    def read(self, number: int, record: object) -> None:
        """Read one record."""
        mapping = self.reader.configuration.mapping
        if isinstance(record, Fault) or not isinstance(record, dict):
            self._refuse(Note(number, None, "", "broken-record", {}))
        elif is_meant(mapping, record):
            key = source_key(mapping, record)
            if key is None or unkeepable(key) or len(key) > _MOST_KEY_CHARACTERS:
                self._refuse(Note(number, None, "", "no-source-key", {}))
            else:
                self._read_row(number, key, record)

    def _read_row(self, number: int, key: str, record: object) -> None:
        self.present.add(key)
        cells = self.reader.cells(record, key)
        if isinstance(cells, list):
            self._refuse(*(_of_cell(self.reader.register, fault, number, key) for fault in cells))
            return
        row = self.reader.row(number, cells)
        if isinstance(row, list):
            self._refuse(*(Note.of(BadRow.of(error), key) for error in row))
            return
        found = {"n": number, "source_key": key, "digest": digest_of(cells), "cells": cells}
        if key in self.staged:
            self.repeated(found, self.staged[key]["digest"])
        else:
            self.staged[key] = found

    def repeated(self, found: Record, digest: str) -> None:
        """A record that came before; saying something else the second time is an error of the source."""
        self.again += 1
        if found["digest"] != digest:
            self._refuse(Note(found["n"], found["source_key"], "", "source-key-repeated", {}))

    def _refuse(self, *notes: Note) -> None:
        self.bad += 1
        self.notes += notes


def _of_cell(register: Register[Any], fault: CellFault, number: int, key: str) -> Note:
    column = register.column(fault.column)
    values = {"column": column.name, "column_zh": column.zh, "value": fault.value}
    return Note(number, key, column.name, fault.code, values)


def stage_page(act: Act, run: SourceRun, reader: RowReader, found: Sequence[object]) -> None:
    """Put by the rows of a page, and note what is wrong with the others.

    Raises:
        SourceTrouble: the page brings nothing but what the run has already.
    """
    page = _Page(reader)
    for record in found:
        run.received += 1
        page.read(run.received, record)
    for key, digest in runs.staged_digests(act.session, run.id, page.staged).items():
        page.repeated(page.staged.pop(key), digest)
    if found and page.again == len(found):
        raise SourceTrouble(failure(Kind.WRONG, "source-same-page"))
    run.unsteady = run.unsteady or page.again > 0
    run.bad += page.bad
    run.rows += page.bad + len(page.staged)
    runs.stage(act.session, [{"run_id": run.id, **row} for row in page.staged.values()])
    records.mark_fetched(act.session, source_id=run.source_id, run_id=run.id, keys=page.present)
    keep(act, run, page.notes)
