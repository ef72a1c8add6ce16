"""Looking for premises that may be what a run has brought, and putting the pairs before a person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any, Final

from sqlalchemy import Row

from app import seeds
from app.domain.sources.likeness import WHOLE, Likeness, LikenessRule, Lookout, Place, parse_rule
from app.services.context import Act
from app.store.registers.bulk import Record
from app.store.sources import matches as store
from app.store.sources import records
from app.store.tables.sources import SourceRun

STEP_ROWS: Final = 200
BY_USCC: Final = "uscc"
BY_LIKENESS: Final = "likeness"


@cache
def rule() -> LikenessRule:
    """The rule in force: the newest of the seeded documents."""
    return parse_rule(seeds.documents("source_rules")[-1]["likeness"])


def match_piece(act: Act, run: SourceRun) -> bool:
    """Compare some of a source's new or changed premises with all others of their county; False: none left.

    A premises of the same source is never a candidate, since the source itself tells the two apart, unless
    both have the same USCC. Two premises of different holders are none either.
    """
    session = act.session
    counties = records.counties_to_match(session, run.source_id)
    if not counties:
        return False
    county = counties[0]
    mine = records.to_match(session, run.source_id, county, limit=STEP_ROWS)
    others = {row.id: row for row in records.county_entities(session, county)}
    own = records.seen_by_source(session, run.source_id, county)
    lookout = Lookout(rule(), (_place(row) for row in others.values() if row.id not in own))
    known = store.known_pairs(session, {row.id for row in mine})
    found: list[Record] = []
    for row in mine:
        pairs = [*_of_its_uscc(row, others.values()), *_alike(row, lookout.like(_place(row)), others)]
        for other, likeness in pairs:
            pair = frozenset({row.id, other.id})
            if pair not in known:
                known.add(pair)
                found.append(_match(act, run, row, other, likeness))
    store.add_matches(session, found)
    run.matches += len(found)
    records.set_records(session, run.source_id, [row.source_key for row in mine], to_match=False)
    return True


def _place(row: Row[Any]) -> Place:
    return Place(ref=row.id, name=row.name, address=row.address)


def _of_its_uscc(row: Row[Any], others: Iterable[Row[Any]]) -> list[tuple[Row[Any], Record]]:
    """Where a record stands by itself though it has a USCC: the premises that stand under that USCC."""
    if row.said_uscc is None or row.uscc is not None:
        return []
    because = {"by": BY_USCC, "name": None, "address": None, "score": WHOLE}
    return [(other, because) for other in others if other.uscc == row.said_uscc]


def _alike(
    row: Row[Any], likely: Sequence[Likeness], others: Mapping[str, Row[Any]]
) -> list[tuple[Row[Any], Record]]:
    found = []
    for one in likely:
        other = others[one.ref]
        if row.uscc is None or other.uscc is None:
            said = asdict(one)
            found.append(
                (other, {"by": BY_LIKENESS, **{name: said[name] for name in ("score", "name", "address")}})
            )
    return found


def _match(act: Act, run: SourceRun, row: Row[Any], other: Row[Any], because: Record) -> Record:
    """A pair in the order in which it would be joined: into the one with a USCC, else into the older one."""
    kept, joined = sorted((row, other), key=lambda one: (one.uscc is None, one.created_at, one.id))
    return {
        "id": act.new_id(),
        "source_id": run.source_id,
        "source_key": row.source_key,
        "region": joined.region,
        "joined_id": joined.id,
        "kept_id": kept.id,
        "score": because["score"],
        "likeness": {name: because[name] for name in ("by", "name", "address")},
        "state": "open",
        "found_at": act.now,
    }
