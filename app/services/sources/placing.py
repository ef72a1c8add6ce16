"""Where the premises of a run's records stand: under their USCC, where they stood, or by themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row

from app.domain.registers import EntityRow
from app.domain.sources.identity import Link, Standing, as_standing, standing
from app.services.context import Act
from app.services.sources import joining
from app.services.sources.notes import Note
from app.services.sources.staging import RowReader
from app.store.sources import records
from app.store.tables.sources import SourceRun

_BY_ITS_KEY: Final = Standing(key="")
"""Rows of other registers than that of the premises stand by their natural keys alone."""

_Taken = dict[tuple[str, str], str]
"""By entity id and regime, the first record of the source that stands there."""


@dataclass(slots=True, kw_only=True)
class Fetched:
    """A fetched record on its way.

    Attributes:
        n: its number in the run.
        said: the row that it makes.
        row: the row that is to land, where it is to land.
        before: what is known of the record from before.
        link: where it stands so far.
        covered: another record of the source speaks for the same registration; this row does not land.
        waits: it will stand elsewhere as soon as the entity under which it stands is free to go there.
    """

    n: int
    key: str
    digest: str
    said: Any
    row: Any
    before: Row[Any] | None
    link: Link | None = None
    standing: Standing = _BY_ITS_KEY
    covered: bool = False
    waits: bool = False


def place(act: Act, run: SourceRun, reader: RowReader, fetched: Sequence[Fetched]) -> list[Note]:
    """Decide where each record of premises stands, and make its row the one that may land there."""
    session, code = act.session, reader.configuration.code
    premises_said = "premises" in reader.given
    came = records.entities_of_source(session, code, [one.key for one in fetched])
    for one in fetched:
        one.link = _link(one, came, premises_said=premises_said)
    taken = _taken(act, run, fetched)
    notes: list[Note] = []
    for one in fetched:
        notes += _place(act, one, taken, premises_said=premises_said)
        run.unchanged += one.covered
    _stand(act, reader, fetched)
    return notes


def _stand(act: Act, reader: RowReader, fetched: Sequence[Fetched]) -> None:
    """Make each row the one that may land, where sources of a better rank have their say."""
    keys = {one.standing.key for one in fetched}
    there = records.entities_by_key(act.session, keys)
    registered = records.registrations_by_key(act.session, there)
    leaders = records.leaders(act.session, there)
    mine = (reader.configuration.rank, reader.configuration.code)
    for one in fetched:
        key, regime = one.standing.key, one.row.regime
        held = there.get(key)
        one.row = as_standing(
            one.row,
            key,
            held=held,
            premises=held if leaders.get((key, None), mine) < mine else None,
            registration=registered.get((key, regime)) if leaders.get((key, regime), mine) < mine else None,
        )


def _link(one: Fetched, came: Mapping[tuple[str, int], Row[Any]], *, premises_said: bool) -> Link | None:
    """Where a record stands so far, or the entity that came with its name and key by hand or by file."""
    if one.before is not None and one.before.entity_key is not None:
        return Link(key=one.before.entity_key, uscc=one.before.entity_uscc)
    found = [row for (key, _), row in came.items() if key == one.key]
    if premises_said:
        found = [row for row in found if row.premises == one.said.premises]
    return Link(key=found[0].key, uscc=found[0].uscc) if len(found) == 1 else None


def _taken(act: Act, run: SourceRun, fetched: Sequence[Fetched]) -> _Taken:
    wanted = {one.row.entity_id for one in fetched} | {one.link.key for one in fetched if one.link}
    taken: _Taken = {}
    for key, regime, source_key in records.takers(
        act.session, source_id=run.source_id, run_id=run.id, entity_keys=wanted
    ):
        place = (key, str(regime))
        taken[place] = min(source_key, taken.get(place, source_key))
    return taken


def _place(act: Act, one: Fetched, taken: _Taken, *, premises_said: bool) -> list[Note]:
    row: EntityRow = one.row
    notes: list[Note] = []

    def is_taken(key: str) -> bool:
        return taken.get((key, row.regime), one.key) != one.key

    one.standing = standing(row, one.link, premises_said=premises_said, taken=is_taken)
    if one.standing.joins and one.link is not None and joining.is_held(act, one.link.key, one.standing.key):
        notes.append(_about(one, "waits-to-join"))
        one.standing, one.waits = Standing(key=one.link.key), True
    if one.standing.shared:
        notes.append(_about(one, "shared-uscc"))
    speaker = taken.setdefault((one.standing.key, row.regime), one.key)
    one.covered = speaker < one.key
    return notes


def _about(one: Fetched, code: str) -> Note:
    values = {"column": "uscc", "column_zh": "统一社会信用代码", "value": one.row.uscc or ""}
    return Note(one.n, one.key, "uscc", code, values)
