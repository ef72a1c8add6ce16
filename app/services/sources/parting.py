"""A pair that was confirmed wrongly is undone 撤销合并: each of the two has its own again.

What had moved goes back: registrations with all that hangs on them, risk events, past visits, recusals,
credit classes, source records. What was closed stands as before. What one had said in the other's place, at
the join and through its sources since, is taken out again unless somebody else has said otherwise after it.
What was entered after the join stays with the kept entity, for which it was entered. The next run of each
source of either asks for everything and lands it anew, so that nothing is missed; a file that said meanwhile
what stood there anyway left no trace, and is loaded again.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from app.domain.errors import Missing, RuleBroken
from app.services.access import log
from app.services.context import Act
from app.services.registers.entering import amend
from app.services.registers.landing import change
from app.services.sources import joining
from app.store.registers import bulk, joined
from app.store.registers.bulk import Record
from app.store.registers.shelves import ENTITY_SHELF
from app.store.sources import matches as store
from app.store.sources import moving_records
from app.store.tables.registers import Entity, RegisterChange
from app.store.tables.sources import JoinedEntity, SourceMatch

_NOT_SAID: Final = frozenset({"not_seen_since"})
"""What the service notes of a registration, and nobody says."""


def part(act: Act, match: SourceMatch, *, reason: str) -> None:
    """Take a confirmed pair apart; the registers are held still.

    Raises:
        Missing: one of the two lies outside the caller's region.
        RuleBroken: the kept one has gone into another since; a visit or a draw holds it; or the pair was
            joined before it was recorded what moved.
    """
    session = act.session
    entity, into = store.entity(session, match.joined_id), store.entity(session, match.kept_id)
    if not (act.caller.sees(entity.region) and act.caller.sees(into.region)):
        raise Missing("not-found")
    gone = joined.joined_row(session, entity.id)
    if gone is None or gone.into_id != into.id:
        raise RuleBroken("match-joined-further", key=into.key)
    if gone.moves is None:
        raise RuleBroken("match-not-recorded")
    held = joining.hindrance(act, into)
    if held is not None:
        raise RuleBroken(held.code, **held.values)
    _return(act, gone, gone.moves, entity=entity, into=into)
    for one, said in ((into, {"separated": entity.key}), (entity, {"from": into.key})):
        _remember(act, one, {**said, "why": match.id}, reason)
    log(
        act,
        what="entities.separate",
        region=into.region,
        subject=into.id,
        separated=entity.key,
        kept=into.key,
        why=match.id,
        reason=reason,
    )


def _return(act: Act, gone: JoinedEntity, moves: Mapping[str, Any], *, entity: Entity, into: Entity) -> None:
    session = act.session
    mine = set(moves["registrations"])
    since = joined.said_since(session, gone)
    for one in store.registrations(session, into.id):
        if one.id in mine:
            store.move_registration(session, one.id, entity.id)
    store.return_keyed_rows(session, moved=moves["keyed"], from_=into, to=entity)
    moving_records.return_records(session, records=moves["records"], from_id=into.id, to_id=entity.id)
    moving_records.land_anew(session, entity_ids=(into.id, entity.id))
    joined.drop_joined(session, gone)
    store.reopen_matches(session, moves["matches"])
    theirs = {source_id for source_id, _, _ in moves["records"]}
    for regime, status in moves["closed"].items():
        overruled = moves["overruled"].get(regime, {"before": {}, "after": {}})
        _take_out(act, into, regime, _own_word(act, into, regime, overruled, since, theirs))
        _take_out(act, entity, regime, {"status": status})
    _empty(act, into, moves["filled"])
    _see(act, entity)
    _see(act, into)


def _own_word(
    act: Act,
    into: Entity,
    regime: str,
    overruled: Mapping[str, Mapping[str, Any]],
    since: Iterable[RegisterChange],
    theirs: Collection[str],
) -> dict[str, Any]:
    """What the kept entity's registration said by itself, in each field in which the other had the last word.

    Args:
        act: whose.
        into: the kept entity.
        regime: of the registration.
        overruled: what the join had put into it: the fields before and after.
        since: the entity's history since the join, the oldest first.
        theirs: ids of the sources that spoke of the other one.
    """
    record_id = joining.shelf_row(act, into, regime)["id"]
    own = {name: value for name, value in overruled["before"].items() if overruled["after"][name] != value}
    for one in since:
        if one.record_id != record_id:
            continue
        for name in (one.after or {}).keys() - _NOT_SAID:
            if one.caller_id in theirs:
                own.setdefault(name, (one.before or {}).get(name))
            else:
                own.pop(name, None)
    return own


def _take_out(act: Act, entity: Entity, regime: str, back: Mapping[str, Any]) -> None:
    """Let a registration say again what it said."""
    if back:
        amend(act, ENTITY_SHELF, joining.shelf_row(act, entity, regime), back)


def _empty(act: Act, into: Entity, filled: Mapping[str, Any]) -> None:
    """Take out what only the other one had said of the premises."""
    act.session.refresh(into)
    for name, value in filled.items():
        if getattr(into, name) == value:
            setattr(into, name, None)
    into.updated_at = act.now


def _see(act: Act, entity: Entity) -> None:
    """A premises is not seen when none of its registrations is."""
    act.session.refresh(entity)
    unseen = [one.not_seen_since for one in store.registrations(act.session, entity.id)]
    known = [one for one in unseen if one is not None]
    entity.not_seen_since = max(known) if known and len(known) == len(unseen) else None
    entity.updated_at = act.now
    act.session.flush()


def _remember(act: Act, entity: Entity, after: Record, reason: str) -> None:
    entry = change(
        act,
        ENTITY_SHELF.register.name,
        "separated",
        subject_id=entity.id,
        record_id=entity.id,
        region=entity.region,
        before=None,
        after=after,
        reason=reason,
    )
    bulk.add_changes(act.session, [entry])
