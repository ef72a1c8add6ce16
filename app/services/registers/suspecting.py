"""Finding suspected grounds for recusal 疑似回避: of what has changed, or of a whole region."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlmodel import col

from app.domain.days import shanghai_day
from app.domain.eligibility import Place
from app.domain.errors import FieldError, Missing, RuleBroken
from app.domain.registers import RECUSALS, RecusalRow
from app.domain.suspicions import (
    CONFIRMED_AS,
    Represented,
    Suspect,
    Suspicion,
    plain_name,
    same_names,
    station_officers,
)
from app.services.access import log
from app.services.context import Act
from app.services.planning import law
from app.services.registers.landing import BadRow, Landing
from app.services.registers.landing_simple import land_simple
from app.store.queues import wait_turn
from app.store.registers import bulk
from app.store.registers import suspicions as store
from app.store.registers.shelves import RECUSAL_SHELF
from app.store.registers.suspicions import LAPSED, OPEN
from app.store.tables.registers import Entity, RegisteredInspector
from app.store.tables.staffing import RecusalCandidate

TURN = "recusal-candidates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """From when and until when a ground holds; without an end it is open on that side."""

    starts_on: date | None = None
    ends_on: date | None = None


ALWAYS: Final = Days()


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search has brought: new findings, and undecided ones that no longer hold."""

    found: int
    lapsed: int


def search(act: Act) -> Searched:
    """Compare all officers and premises of the caller's region anew; logged."""
    region = act.caller.region
    here = col(Entity.region).startswith(region, autoescape=True)
    today = shanghai_day(act.now)
    suspects = store.suspects(act.session, store.near(region, today), today=today)
    names = {plain_name(one.name) for one in suspects}
    stations = {one.station for one in suspects if one.station is not None}
    premises = store.represented(act.session, names, here)
    places = store.places_of(act.session, stations, here)
    searched = _settle(act, [*_found(act, suspects, premises, places)], store.open_in(act.session, region))
    log(
        act,
        what="recusal-candidates.search",
        region=region,
        subject=region,
        found=searched.found,
        lapsed=searched.lapsed,
    )
    return searched


def of_inspectors(act: Act, ids: Collection[str]) -> Searched:
    """Compare some officers, who are new or have changed, with every premises."""
    suspects = store.suspects(act.session, col(RegisteredInspector.id).in_(ids), today=shanghai_day(act.now))
    premises = store.represented(act.session, {plain_name(one.name) for one in suspects})
    places = store.places_of(act.session, {one.station for one in suspects if one.station is not None})
    undecided = store.open_about(act.session, inspectors=ids, entities=())
    return _settle(act, [*_found(act, suspects, premises, places)], undecided)


def of_entities(act: Act, ids: Collection[str]) -> Searched:
    """Compare some premises, which are new or have changed, with every officer.

    New premises of a station that was confirmed as a whole become recusals at once.
    """
    premises, places = store.premises_of(act.session, ids)
    suspects = store.suspects(act.session, store.named_like(premises, places), today=shanghai_day(act.now))
    found = [*_found(act, suspects, premises, places)]
    undecided = store.open_about(act.session, inspectors=(), entities=ids)
    searched = _settle(act, found, undecided)
    declare(act, [(row.code, row.key) for row in store.without_recusal(act.session, ids)], CONFIRMED_AS)
    return searched


def declare(act: Act, pairs: Iterable[tuple[str, str]], relation: str, days: Days = ALWAYS) -> int:
    """Enter recusals of officers at premises under the rules of the register; gives how many are new.

    An officer who is lent has a record elsewhere: that does not keep his recusal here from being entered.

    Raises:
        RuleBroken: with what the register refuses.
    """
    rows = [
        RecusalRow(
            inspector=code, entity=entity, relation=relation, starts_on=days.starts_on, ends_on=days.ends_on
        )
        for code, entity in pairs
    ]
    bulk.lock(act.session, RECUSALS.name)
    everywhere = replace(act, caller=replace(act.caller, region=""))
    given = frozenset(column.field for column in RECUSALS.columns)
    landing = Landing(everywhere, RECUSAL_SHELF, given)
    land_simple(landing, list(enumerate(rows, start=1)))
    if landing.bad:
        raise RuleBroken("row-refused", *map(_refused, landing.bad))
    landing.write()
    return landing.created


def _refused(bad: BadRow) -> FieldError:
    return FieldError(f"/{bad.field}", bad.code, tuple(bad.values.items()))


def _found(
    act: Act, suspects: list[Suspect], premises: list[Represented], places: Collection[Place]
) -> Iterable[Suspicion]:
    yield from same_names(suspects, premises)
    asked: dict[str, bool] = {}
    for one in station_officers(suspects, places):
        if one.region not in asked:
            asked[one.region] = _stations_matter(act, one.region)
        if asked[one.region]:
            yield one


def _stations_matter(act: Act, region: str) -> bool:
    """Whether the policy of a region recuses station officers at all (*default*, can be off)."""
    try:
        relations = law.policy_for(act.session, region, shanghai_day(act.now)).policy.relations
    except Missing:
        return False
    return CONFIRMED_AS in relations and relations[CONFIRMED_AS].in_force


def _settle(act: Act, found: Iterable[Suspicion], undecided: Iterable[RecusalCandidate]) -> Searched:
    """Keep what is new, take up again what holds again, and let lapse what no longer holds."""
    wait_turn(act.session, TURN)
    by_key = {one.key: one for one in found}
    known = store.known(act.session, by_key)
    new = [_candidate(act, one) for key, one in by_key.items() if key not in known]
    store.add(act.session, new)
    again = [one for one in known.values() if one.state == LAPSED]
    for one in again:
        one.state, one.found_at = OPEN, act.now
    lapsed = [one for one in undecided if one.natural_key not in by_key]
    for one in lapsed:
        one.state = LAPSED
    act.session.flush()
    for one in (*new, *again):
        log(
            act,
            what="recusal-candidates.find",
            region=one.region,
            subject=one.id,
            ground=one.ground,
        )
    return Searched(len(new) + len(again), len(lapsed))


def _candidate(act: Act, found: Suspicion) -> RecusalCandidate:
    return RecusalCandidate(
        id=act.new_id(),
        inspector_id=found.inspector,
        natural_key=found.key,
        ground=found.ground,
        entity_id=found.entity,
        region=found.region,
        station=found.station,
        matched=found.matched,
        state=OPEN,
        found_at=act.now,
        whole=False,
    )
