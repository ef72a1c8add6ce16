"""Two entities that are one premises become one 合并: what belongs to the first moves into the second.

The first entity's row stays, marked with where it went, because frozen draws, visits and published results
name it; whatever names it from now on (files, pulls, requests) means the other. Registrations move with all
that hangs on them; where both have one of the same regime, the caller says whose word holds, and the first
one's is closed. Risk events, past visits and recusals move unless the second has the very same already.
Visits stay where they took place; when one is corrected later it counts for the second.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal

from sqlmodel import col

from app.domain.errors import Missing
from app.domain.sources.identity import PREMISES_FIELDS
from app.services.access import log
from app.services.context import Act
from app.services.registers.entering import amend
from app.services.registers.landing import change
from app.store.registers import bulk, joined, lists
from app.store.registers.bulk import Record
from app.store.registers.shelves import ENTITY_SHELF, REGISTRATION_FIELDS
from app.store.sources import matches as store
from app.store.sources import moving_records
from app.store.tables.registers import Entity, Registration

SameRegime = Literal["kept", "joined"]
"""Of two registrations of one regime, whose word holds: the kept entity's or the joining one's."""

CLOSED: Final = "closed"
_SAID: Final = tuple(name for name in REGISTRATION_FIELDS if name != "regime")


@dataclass(frozen=True, slots=True)
class Hindrance:
    """What keeps an entity from going into another now: a code, and the values that its text needs."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)


def hindrance(act: Act, entity: Entity) -> Hindrance | None:
    """What keeps an entity where it is: a draw that may yet be of it, or a visit that is not over.

    While a draw is not disclosed every entity is told the same: an open visit would tell that it was drawn.
    """
    draws = store.draws_being_drawn(act.session, entity.region, act.now)
    if draws:
        return Hindrance("match-draw-open", {"draw": draws[0]})
    visits = store.unfinished_visits(act.session, entity.id)
    return Hindrance("match-visits-open", {"key": entity.key, "visits": visits}) if visits else None


def is_held(act: Act, key: str, into_key: str) -> bool:
    """Whether an entity may not go into another now: it is held, or a person took the two apart."""
    entity, into = store.entity_by_key(act.session, key), store.entity_by_key(act.session, into_key)
    if entity is None:
        return False
    match = None if into is None else store.match_of(act.session, entity.id, into.id)
    return (match is not None and match.state == "undone") or hindrance(act, entity) is not None


def differing_regimes(act: Act, first: Entity, second: Entity) -> list[str]:
    """The regimes in which both entities are registered, and not alike."""
    there = {one.regime: _said(one) for one in store.registrations(act.session, second.id)}
    mine = store.registrations(act.session, first.id)
    return [one.regime for one in mine if one.regime in there and _said(one) != there[one.regime]]


def join_by_uscc(act: Act, key: str, into_key: str) -> None:
    """Let an entity whose USCC has become known go into the one of that USCC, whose word holds."""
    entity, into = store.entity_by_key(act.session, key), store.entity_by_key(act.session, into_key)
    if entity is not None and into is not None:
        bulk.hold_still(act.session)
        join(act, entity, into, same_regime="kept", why="uscc")


def join(act: Act, entity: Entity, into: Entity, *, same_regime: SameRegime, why: str) -> None:
    """Let an entity go into another; nothing of either is lost.

    Args:
        act: whose act it is, which holds the registers still.
        entity: the one that goes; nothing hinders it.
        into: the one that is kept.
        same_regime: whose word holds where both have a registration of one regime.
        why: `uscc`, or the id of the pair that a person confirmed.
    """
    session = act.session
    before = {
        "records": moving_records.records_about(session, entity.id),
        "followers": joined.followers(session, entity.id),
        "matches": store.open_matches(session, entity.id),
        "closed": _statuses(act, entity, into),
        "overruled": _overruled(act, entity, into) if same_regime == "joined" else {},
    }
    rows = _move_registrations(act, entity, into, same_regime)
    moved = store.move_keyed_rows(session, from_=entity, into=into)
    moving_records.move_records(session, from_id=entity.id, into_id=into.id, rows=rows)
    store.drop_open_matches(session, entity.id)
    filled = _fill(act, entity, into)
    registrations = [old for old, new in rows.items() if old == new]
    joined.add_joined(
        session,
        entity_id=entity.id,
        key=entity.key,
        into_id=into.id,
        at=act.now,
        by=act.caller.id,
        moves={**before, "registrations": registrations, "keyed": moved, "filled": filled},
    )
    _remember(act, into, {joined.JOINED: entity.key, "why": why, "moved": moved, **filled})
    _remember(act, entity, {"into": into.key, "why": why})
    log(
        act,
        what="entities.join",
        region=into.region,
        subject=into.id,
        joined=entity.key,
        into=into.key,
        why=why,
    )


def _move_registrations(act: Act, entity: Entity, into: Entity, same_regime: SameRegime) -> dict[str, str]:
    """Move registrations; gives the id of each with the id of the one that now stands for it."""
    there = {one.regime: one.id for one in store.registrations(act.session, into.id)}
    stands: dict[str, str] = {}
    for one in store.registrations(act.session, entity.id):
        if one.regime not in there:
            store.move_registration(act.session, one.id, into.id)
            _remember(act, into, {"regime": one.regime, "from": entity.key, **_said(one)}, record_id=one.id)
            stands[one.id] = one.id
        else:
            if same_regime == "joined":
                amend(act, ENTITY_SHELF, shelf_row(act, into, one.regime), _said(one))
            amend(act, ENTITY_SHELF, shelf_row(act, entity, one.regime), {"status": CLOSED})
            stands[one.id] = there[one.regime]
    return stands


def _statuses(act: Act, entity: Entity, into: Entity) -> dict[str, str]:
    """The status of each registration that is closed because the kept entity has one of its regime."""
    there = {one.regime for one in store.registrations(act.session, into.id)}
    mine = store.registrations(act.session, entity.id)
    return {one.regime: one.status for one in mine if one.regime in there}


def _overruled(act: Act, entity: Entity, into: Entity) -> dict[str, dict[str, Any]]:
    """By regime, what the kept entity's registration says and what the joining one's puts in its place."""
    mine = {one.regime: _said(one) for one in store.registrations(act.session, entity.id)}
    return {
        one.regime: {"before": _plain(_said(one)), "after": _plain(mine[one.regime])}
        for one in store.registrations(act.session, into.id)
        if one.regime in mine
    }


def _plain(said: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON keeps it: days as text."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in said.items()}


def _said(registration: Registration) -> dict[str, Any]:
    return {name: getattr(registration, name) for name in _SAID}


def shelf_row(act: Act, entity: Entity, regime: str) -> Record:
    """What a registration says, as its shelf has it.

    Raises:
        Missing: there is none of this regime.
    """
    found = lists.shelf_row(
        act.session.connection(),
        ENTITY_SHELF.query,
        col(Entity.id) == entity.id,
        col(Registration.regime) == regime,
    )
    if found is None:
        raise Missing("not-found")
    return found


def _fill(act: Act, entity: Entity, into: Entity) -> dict[str, Any]:
    """What only the first entity says of the premises."""
    act.session.refresh(into)
    missing = [name for name in PREMISES_FIELDS if getattr(into, name) is None]
    filled = {name: value for name in missing if (value := getattr(entity, name)) is not None}
    for name, value in filled.items():
        setattr(into, name, value)
    if any(one.not_seen_since is None for one in store.registrations(act.session, into.id)):
        into.not_seen_since = None
    into.updated_at = act.now
    return filled


def _remember(act: Act, entity: Entity, after: Record, *, record_id: str | None = None) -> None:
    entry = change(
        act,
        ENTITY_SHELF.register.name,
        joined.JOINED,
        subject_id=entity.id,
        record_id=record_id or entity.id,
        region=entity.region,
        before=None,
        after=after,
    )
    bulk.add_changes(act.session, [entry])
