"""Register files on the command line: read whole, every bad row listed, references checked between files."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from app.cli.progress import Steps
from app.cli.refusals import UNREADABLE, Lang, RefusalError, listed, row_line
from app.domain.registers import ENTITIES, INSPECTORS, RECUSALS, RISK_EVENTS, VISITS, Register, Row
from app.services.registers.landing import BadRow
from app.services.registers.reading import RegisterFile, Unreadable, count_rows

_PIECE: Final = 1000

REFERENCES: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    RECUSALS.name: (("inspector", INSPECTORS.name), ("entity", ENTITIES.name)),
    RISK_EVENTS.name: (("entity", ENTITIES.name),),
    VISITS.name: (("entity", ENTITIES.name),),
}
"""Columns whose value must be found in another register."""


@dataclass(slots=True)
class RegisterRows:
    """What a register file says: its good rows with their numbers, and what is wrong with the others.

    Attributes:
        unknown: headers that the register does not have; their columns are left out.
    """

    file: Path
    register: Register[Any]
    rows: list[tuple[int, Any]] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    unknown: list[BadRow] = field(default_factory=list)

    @property
    def records(self) -> list[Any]:
        """The good rows."""
        return [row for _, row in self.rows]


def read_register(register: Register[Any], file: Path, *, steps: Steps, lang: Lang = "zh") -> RegisterRows:
    """Read a register file whole.

    Raises:
        RefusalError: it is no table of this register.
        OSError: it cannot be read.
    """
    content = file.read_bytes()
    found, read = RegisterRows(file, register), 0
    try:
        total = count_rows(content, file.name)
        rows = RegisterFile(register, content, file.name)
        found.unknown = rows.unknown
        with steps.step(f"读取 {file.name}") as move:
            while (piece := rows.next_piece(_PIECE)).read:
                found.rows += piece.rows
                found.bad += piece.bad
                read += piece.read
                move(read, total)
    except Unreadable as unreadable:
        raise RefusalError(
            f"{file} 不能作为“{register.zh}”读取，请按上列提示更正",
            f"{file} cannot be read as {register.name}; mend what is listed",
            code=UNREADABLE,
            details=listed(row_line(file, bad, lang) for bad in unreadable.bad),
        ) from unreadable
    return found


def check_references(files: Iterable[RegisterRows]) -> None:
    """Take out rows that name an entity or inspector which its register lacks, and note them as bad."""
    by_name = {found.register.name: found for found in files}
    known: Mapping[str, Collection[str]] = {
        ENTITIES.name: {row.entity_id for row in by_name[ENTITIES.name].records},
        INSPECTORS.name: {row.code for row in by_name[INSPECTORS.name].records},
    }
    for name, references in REFERENCES.items():
        if name in by_name:
            _check(by_name[name], references, known)


def _check(
    found: RegisterRows, references: Iterable[tuple[str, str]], known: Mapping[str, Collection[str]]
) -> None:
    for column_name, register in references:
        column = found.register.column(column_name)
        strays = [(n, row) for n, row in found.rows if getattr(row, column_name) not in known[register]]
        found.bad += [
            BadRow(n, column.name, f"unknown-{column.name}", _shown(column.name, column.zh, row))
            for n, row in strays
        ]
        found.rows = [pair for pair in found.rows if getattr(pair[1], column_name) in known[register]]


def _shown(column: str, column_zh: str, row: Row) -> dict[str, str]:
    return {"column": column, "column_zh": column_zh, "value": str(getattr(row, column))}


def refuse_bad_rows(files: Iterable[RegisterRows], lang: Lang) -> None:
    """Refuse to go on with bad rows.

    Raises:
        RefusalError: with a line for each of them.
    """
    lines = [
        row_line(found.file, bad, lang)
        for found in files
        for bad in sorted(found.bad, key=lambda bad: bad.row)
    ]
    if lines:
        raise RefusalError(
            f"名录有 {len(lines)} 处错误，请按上列逐行更正后重试；没有抽取",
            f"{len(lines)} errors in the registers; mend the rows listed and try again; nothing was drawn",
            details=listed(lines),
        )
