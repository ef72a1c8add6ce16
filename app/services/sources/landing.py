"""Landing what a run has fetched: the rows of premises where they stand, all others by their natural keys.

A record that says what it said before, and whose row the register still sees, touches nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Row

from app.domain.registers import ENTITIES
from app.services.context import Act
from app.services.registers.landing import Landing
from app.services.registers.landing_entities import EntityLanding
from app.services.registers.landing_simple import land_simple
from app.services.registers.not_seen import mark
from app.services.sources import joining
from app.services.sources.notes import Note, keep
from app.services.sources.placing import Fetched, place
from app.services.sources.staging import RowReader
from app.store.registers import bulk
from app.store.registers.bulk import Record
from app.store.registers.joined import followed
from app.store.registers.shelves import SHELVES, Shelf, natural_key
from app.store.sources import records, runs
from app.store.tables.sources import SourceRun

STEP_ROWS: Final = 1000


def land_piece(act: Act, run: SourceRun, reader: RowReader) -> bool:
    """Land the next rows of a run; False when there are no more."""
    staged = runs.staged_rows(act.session, run.id, after=run.landed, limit=STEP_ROWS)
    if not staged:
        return False
    bulk.lock(act.session, reader.register.name)
    shelf = SHELVES[reader.register.name]
    known = records.records_of(act.session, run.source_id, [one.source_key for one in staged], shelf)
    fetched = []
    for one in staged:
        before = known.get(one.source_key)
        if not run.anew and before is not None and _is_unchanged(before, one.digest):
            run.unchanged += 1
        else:
            row = reader.row(one.n, one.cells)
            fetched.append(
                Fetched(n=one.n, key=one.source_key, digest=one.digest, said=row, row=row, before=before)
            )
    run.landed = staged[-1].n
    if fetched:
        _Landing(act, run, reader, shelf).land(fetched)
    return True


def _is_unchanged(before: Row[Any], digest: str) -> bool:
    seen = before.not_seen_since is None and before.row_not_seen_since is None
    return before.digest == digest and before.there is not None and seen


@dataclass(slots=True)
class _Landing:
    """Some rows of a run on their way into the register."""

    act: Act
    run: SourceRun
    reader: RowReader
    shelf: Shelf
    notes: list[Note] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)

    @property
    def _of_entities(self) -> bool:
        return self.reader.register is ENTITIES

    def land(self, fetched: Sequence[Fetched]) -> None:
        """Land rows, write down what became of them, and lose sight of what their records spoke of before."""
        renamed = followed(self.act.session.connection(), [(one.n, one.said) for one in fetched])
        for one, (_, row) in zip(fetched, renamed, strict=True):
            one.row = row
        if self._of_entities:
            self.notes += place(self.act, self.run, self.reader, fetched)
        if any(one.waits for one in fetched):
            # The next run needs the records to try again: it must not be told that nothing has changed.
            self.run.etag = self.run.last_modified = None
        self._write([one for one in fetched if not one.covered])
        self._remember(fetched)
        for one in fetched:
            if one.n not in self.refused and one.link is not None and one.standing.joins:
                joining.join_by_uscc(self.act, one.link.key, one.standing.key)
        keep(self.act, self.run, self.notes)

    def _write(self, fetched: Sequence[Fetched]) -> None:
        landing = Landing(self.act, self.shelf, self.reader.given)
        decide = EntityLanding() if self._of_entities else land_simple
        decide(landing, [(one.n, one.row) for one in fetched])
        landing.write()
        run = self.run
        run.created += landing.created
        run.updated += landing.updated
        run.unchanged += landing.unchanged
        run.rejected += landing.rejected
        keys = {one.n: one.key for one in fetched}
        self.notes += [Note.of(bad, keys[bad.row]) for bad in landing.bad]
        self.refused = {bad.row for bad in landing.bad}

    def _remember(self, fetched: Sequence[Fetched]) -> None:
        """Keep where each record stands now; what it spoke of before and nobody else does is not seen."""
        session = self.act.session
        rows = [one.row for one in fetched if one.n not in self.refused]
        ids = records.rows_by_key(session, self.shelf, rows)
        kept = [self._record(one, ids) for one in fetched]
        before = {one.key: one.before.record_id for one in fetched if one.before and not one.standing.joins}
        left = {before.get(one["source_key"]) for one in kept} - {one["record_id"] for one in kept}
        records.put_records(session, self.run.source_id, kept)
        mark(self.act, self.shelf, records.unspoken_rows(session, self.shelf, [one for one in left if one]))

    def _record(self, one: Fetched, ids: Mapping[str, tuple[str, str]]) -> Record:
        refused, before = one.n in self.refused, one.before
        row_id, subject_id = ids.get(natural_key(one.row), (None, None))
        if refused:
            row_id, subject_id = (before.record_id, before.entity_id) if before else (None, None)
        return {
            "source_key": one.key,
            "digest": None if refused or one.waits else one.digest,
            "entity_id": subject_id if self._of_entities else None,
            "record_id": row_id,
            "regime": one.said.regime if self._of_entities else None,
            "uscc": one.said.uscc if self._of_entities else None,
            "first_seen_at": before.first_seen_at if before else self.act.now,
            "seen_at": self.act.now,
            "fetched_run": self.run.id,
            "not_seen_since": None,
            "to_match": self._of_entities and not refused,
        }
