"""A registrar says that two entities may be one premises, for somebody else to decide."""

from dataclasses import asdict
from typing import Any, Final

from app.domain.errors import RuleBroken
from app.domain.sources.likeness import Lookout, Place
from app.services.context import Act
from app.services.registers import entities
from app.services.sources import matching
from app.services.sources.deciding import log_pair, told
from app.store.paging import AnyRow
from app.store.registers import bulk
from app.store.registers.bulk import Record
from app.store.sources import matches as store
from app.store.tables.sources import SourceMatch

BY_HAND: Final = "hand"
_TO_BE_DECIDED: Final = ("open", "confirmed")


def propose(act: Act, first: str, second: str, *, reason: str) -> AnyRow:
    """Put a pair before somebody else; one that was rejected or undone is put again.

    Args:
        act: whose.
        first: one of the two, by id, DR1 entity id or USCC.
        second: the other.
        reason: why they may be one.

    Raises:
        Missing: there is no such entity in the caller's region.
        RuleBroken: both are one already, have different holders, or the pair waits to be decided.
    """
    bulk.lock(act.session, "entities")
    connection = act.session.connection()
    both = [entities.find(connection, act.caller, named) for named in (first, second)]
    _refuse(both)
    kept, goes = sorted(both, key=lambda one: (one["uscc"] is None, one["created_at"], one["id"]))
    match = store.match_of(act.session, kept["id"], goes["id"])
    if match is not None and match.state in _TO_BE_DECIDED:
        raise RuleBroken("match-known", match=match.id)
    if match is None:
        match = SourceMatch(id=act.new_id(), **_pair(act, goes, kept))
        act.session.add(match)
    else:
        for name, value in (_pair(act, goes, kept) | _UNDECIDED).items():
            setattr(match, name, value)
    match.proposed_by, match.proposed_by_name = act.caller.id, act.caller.name
    match.proposed_because = reason
    act.session.flush()
    log_pair(act, match, "propose", reason)
    return told(act, match)


_UNDECIDED: Final[dict[str, Any]] = dict.fromkeys(
    (
        *("source_id", "source_key", "decided_by", "decided_by_name", "decided_at", "reason"),
        *("undone_by", "undone_by_name", "undone_because", "undone_at"),
    )
)


def _refuse(both: list[Record]) -> None:
    first, second = both
    if first["id"] == second["id"]:
        raise RuleBroken("match-same-entity", key=first["key"])
    if None not in {first["uscc"], second["uscc"]} and first["uscc"] != second["uscc"]:
        raise RuleBroken("match-two-holders", first=first["key"], second=second["key"])


def _pair(act: Act, goes: Record, kept: Record) -> dict[str, Any]:
    alike = Lookout(matching.rule(), [_place(kept)]).like(_place(goes))
    said = asdict(alike[0]) if alike else {"score": 0, "name": None, "address": None}
    return {
        "region": goes["region"],
        "joined_id": goes["id"],
        "kept_id": kept["id"],
        "score": said["score"],
        "likeness": {"by": BY_HAND, "name": said["name"], "address": said["address"]},
        "state": "open",
        "found_at": act.now,
    }


def _place(entity: Record) -> Place:
    return Place(ref=entity["id"], name=entity["name"], address=entity["address"])
