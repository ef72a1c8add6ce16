"""Notes of a run 拉取日志: what is wrong with which record, and what a person should know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.characters import visible
from app.services.context import Act
from app.services.registers.landing import BadRow
from app.store.sources import runs
from app.store.tables.sources import SourceRun

MOST_NOTES = 10_000
"""How many notes a run keeps; of the others it says how many there are."""


@dataclass(frozen=True, slots=True)
class Note:
    """One note: the record's number in the run, its key if it has one, the column, code and values."""

    row: int
    source_key: str | None
    field: str
    code: str
    values: Mapping[str, str]

    @classmethod
    def of(cls, bad: BadRow, source_key: str | None) -> "Note":
        """Why a row does not land."""
        return cls(bad.row, source_key, bad.field, bad.code, bad.values)


def keep(act: Act, run: SourceRun, notes: Sequence[Note]) -> None:
    """Keep notes of a run, numbered on from those that it has, until it has the most."""
    room = max(0, MOST_NOTES - run.notes)
    runs.add_notes(
        act.session,
        [
            {
                "run_id": run.id,
                "n": n,
                "row": note.row,
                "source_key": None if note.source_key is None else visible(note.source_key),
                "field": visible(note.field),
                "code": note.code,
                "values": {name: visible(value) for name, value in note.values.items()},
            }
            for n, note in enumerate(notes[:room], start=run.notes + 1)
        ],
    )
    run.notes += len(notes)
