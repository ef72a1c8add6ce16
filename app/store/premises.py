"""Premises 场所 with all that can influence a draw, read in pieces: a province has a million of them."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache, partial
from typing import Any, Final

from pydantic_core import from_json
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    SQLColumnExpression,
    String,
    and_,
    cast,
    select,
    true,
)
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col

from app.domain.facts import Change, OpenVisit, Premises, Registration, RiskEvent, Visit
from app.domain.fieldwork.visit import OPEN
from app.domain.regions import region_prefix
from app.store.tables.duties import RegistrarCase, RegistrationChange
from app.store.tables.fieldwork import Visit as VisitRow
from app.store.tables.registers import Entity, PastVisit
from app.store.tables.registers import Registration as RegistrationRow
from app.store.tables.registers import RiskEvent as RiskEventRow

Source = Session | Connection
Columns = tuple[SQLColumnExpression[Any], ...]
Query = Select[*tuple[Any, ...]]

OPEN_CASE: Final = "open"
_A_PIECE: Final = 20_000
"""Premises read at once: enough that questions cost little, few enough that they fit anywhere."""
_MOST_SHARED: Final = 1 << 16
"""Visits and registrations that say the same are one object: a million premises have few different ones."""


@dataclass(frozen=True, slots=True)
class KeptPremises:
    """A premises with the ids of its rows: of the entity, and of each registration by its regime."""

    entity_id: str
    registration_ids: Mapping[str, str]
    premises: Premises


def premises_in(
    source: Source,
    *,
    region: str,
    regimes: Collection[str],
    visits_since: date,
    also: Collection[str] = (),
    a_piece: int = _A_PIECE,
) -> Iterator[Premises]:
    """Give every premises of a region with a registration of these regimes, in no order that matters.

    Args:
        source: where to read.
        region: a region code or prefix.
        regimes: regimes 监管类别 that a premises must have one of; any status.
        visits_since: earlier visits influence nothing and stay unread.
        also: regimes whose registrations at such premises are of interest besides.
        a_piece: how many premises are read at once.
    """
    wanted = frozenset(regimes)
    for kept in kept_premises_in(
        source, region=region, regimes={*wanted, *also}, visits_since=visits_since, a_piece=a_piece
    ):
        if not also or any(one.regime in wanted for one in kept.premises.registrations):
            yield kept.premises


def kept_premises_in(
    source: Source,
    *,
    region: str,
    regimes: Collection[str],
    visits_since: date,
    after: str = "",
    a_piece: int = _A_PIECE,
) -> Iterator[KeptPremises]:
    """Give the same with the ids of the rows, in order of the entities' ids.

    Args:
        source: where to read.
        region: a region code or prefix.
        regimes: regimes of the registrations to load.
        visits_since: earlier visits stay unread.
        after: only entities whose id comes after this one.
        a_piece: how many premises are read at once.
    """
    here = col(Entity.region).startswith(region_prefix(region), autoescape=True)
    begins = after
    while True:
        ends = source.scalar(
            select(col(Entity.id))
            .where(here, col(Entity.id) > begins)
            .order_by(col(Entity.id))
            .offset(a_piece - 1)
            .limit(1)
        )
        piece = partial(_between, begins=begins, ends=ends)
        found = _read(source, here, piece, regimes=regimes, visits_since=visits_since)
        yield from sorted(found, key=lambda kept: kept.entity_id)
        if ends is None:
            return
        begins = ends


def premises_of(
    source: Source, *, entity_id: str, regimes: Collection[str], visits_since: date
) -> Premises | None:
    """Give one premises, as `premises_in` does; None when it has no registration of these regimes.

    Args:
        source: where to read.
        entity_id: id of its row.
        regimes: regimes of the registrations to load.
        visits_since: earlier visits stay unread.
    """
    this = _read(
        source, true(), lambda column: column == entity_id, regimes=regimes, visits_since=visits_since
    )
    return this[0].premises if this else None


def _between(column: Mapped[str], *, begins: str, ends: str | None) -> ColumnElement[bool]:
    """Of one piece: later than where it begins, and not later than where it ends, if it does."""
    return column > begins if ends is None else and_(column > begins, column <= ends)


def _read(
    source: Source,
    here: ColumnElement[bool],
    these: Callable[[Any], ColumnElement[bool]],
    *,
    regimes: Collection[str],
    visits_since: date,
) -> list[KeptPremises]:
    """The premises of some ids; whatever else a question finds of others is passed over.

    Each question names the ids by a column of its own table too: no database infers a range across a join,
    and without it every piece would read whole tables.
    """
    wanted = _registrations().where(here, these(col(Entity.id)), these(col(RegistrationRow.entity_id)))
    rows = source.execute(wanted.where(col(RegistrationRow.regime).in_(regimes))).all()
    owners = {row[0] for row in rows} | {row[5] for row in rows}

    def by_owner(query: Query, entity: Any, made: Callable[..., Any]) -> dict[str, list[Any]]:  # noqa: ANN401 - any mapped column
        found: dict[str, list[Any]] = defaultdict(list)
        asked = query.where(here, these(col(Entity.id)), these(col(entity)))
        for row in source.execute(asked).all():
            if row[0] in owners:
                found[row[0]].append(made(*row[1:]))
        return found

    events = by_owner(_events(), RiskEventRow.entity_id, _event)
    visits = by_owner(_visits(visits_since), PastVisit.entity_id, _visit)
    open_visits = by_owner(_open_visits(), VisitRow.entity_id, _open_visit)
    changes = by_owner(_changes(), RegistrationRow.entity_id, _change)
    cases = by_owner(_cases(), RegistrarCase.entity_id, _case)
    return _assembled(
        rows, events=events, visits=visits, open_visits=open_visits, changes=changes, cases=cases
    )


def _assembled(
    rows: Iterable[Row[*tuple[Any, ...]]],
    *,
    events: dict[str, list[RiskEvent]],
    visits: dict[str, list[Visit]],
    open_visits: dict[str, list[OpenVisit]],
    changes: dict[str, list[Change]],
    cases: dict[str, list[tuple[str, date]]],
) -> list[KeptPremises]:
    # Unpacking a row is several times faster than naming its columns, and a province has millions.
    places: dict[str, tuple[str, str, str | None, bool]] = {}
    registrations: dict[str, dict[str, Registration]] = defaultdict(dict)
    for entity, key, region, station, key_area, own_id, *columns in rows:
        places[entity] = key, region, station, key_area
        one = _registration(*columns)
        if own_id in changes or own_id in cases:
            one = _with_history(one, changes=changes.get(own_id, ()), cases=cases.get(own_id, ()))
        registrations[entity][own_id] = one
    return [
        KeptPremises(
            entity,
            {one.regime: own_id for own_id, one in registrations[entity].items()},
            Premises(
                id=key,
                region=region,
                station=station,
                key_area=key_area,
                registrations=tuple(registrations[entity].values()),
                events=tuple(events.get(entity, ())),
                visits=tuple(visits.get(entity, ())),
                open_visits=tuple(open_visits.get(entity, ())),
            ),
        )
        for entity, (key, region, station, key_area) in places.items()
    ]


@lru_cache(maxsize=_MOST_SHARED)
def _registration(
    regime: str,
    subtype: str | None,
    level: int | None,
    status: str,
    unseen: datetime | None,
    registered_on: date | None,
    known_since: date,
) -> Registration:
    return Registration(
        regime=regime,
        subtype=subtype,
        level=level,
        status=status,
        not_seen=unseen is not None,
        registered_on=registered_on,
        known_since=known_since,
    )


def _with_history(
    one: Registration, *, changes: Iterable[Change], cases: Iterable[tuple[str, date]]
) -> Registration:
    code, since = min(cases, key=lambda case: case[1], default=(None, None))
    return replace(one, changes=tuple(changes), out_of_duty=code, out_since=since)


def _registrations() -> Query:
    columns: Columns = (
        *(col(Entity.id), col(Entity.key), col(Entity.region), col(Entity.station), col(Entity.key_area)),
        *(col(RegistrationRow.id), col(RegistrationRow.regime), col(RegistrationRow.subtype)),
        *(col(RegistrationRow.level), col(RegistrationRow.status), col(RegistrationRow.not_seen_since)),
        *(col(RegistrationRow.registered_on), col(RegistrationRow.known_since)),
    )
    return select(*columns).join(RegistrationRow, col(RegistrationRow.entity_id) == col(Entity.id))


def _events() -> Query:
    columns: Columns = (
        *(col(RiskEventRow.entity_id), col(RiskEventRow.kind), col(RiskEventRow.happened_on)),
        *(col(RiskEventRow.regime), col(RiskEventRow.substantiated), col(RiskEventRow.remedied_on)),
        *(col(RiskEventRow.until), col(RiskEventRow.source_no)),
    )
    events = select(*columns).join(Entity, col(Entity.id) == col(RiskEventRow.entity_id))
    return events.where(col(RiskEventRow.withdrawn_at).is_(None))


def _visits(since: date) -> Query:
    columns: Columns = (
        *(col(PastVisit.entity_id), col(PastVisit.item), col(PastVisit.visited_on)),
        *(col(PastVisit.kind), col(PastVisit.agency), cast(col(PastVisit.codes), String)),
    )
    visits = select(*columns).join(Entity, col(Entity.id) == col(PastVisit.entity_id))
    return visits.where(col(PastVisit.visited_on) >= since)


def _open_visits() -> Query:
    columns: Columns = (col(VisitRow.entity_id), col(VisitRow.items))
    visits = select(*columns).join(Entity, col(Entity.id) == col(VisitRow.entity_id))
    return visits.where(col(VisitRow.state).in_(OPEN), col(VisitRow.draw_id).is_not(None))


def _changes() -> Query:
    columns: Columns = (
        *(col(RegistrationChange.registration_id), col(RegistrationChange.on)),
        *(col(RegistrationChange.status_before), col(RegistrationChange.level_before)),
        col(RegistrationChange.subtype_before),
    )
    changes = select(*columns).join(
        RegistrationRow, col(RegistrationRow.id) == col(RegistrationChange.registration_id)
    )
    changes = changes.join(Entity, col(Entity.id) == col(RegistrationRow.entity_id))
    return changes.order_by(col(RegistrationChange.on), col(RegistrationChange.id))


def _cases() -> Query:
    columns: Columns = (
        *(col(RegistrarCase.registration_id), col(RegistrarCase.code), col(RegistrarCase.opened_on)),
    )
    cases = select(*columns).join(Entity, col(Entity.id) == col(RegistrarCase.entity_id))
    return cases.where(col(RegistrarCase.state) == OPEN_CASE, col(RegistrarCase.ends_duty))


def _event(
    kind: str,
    on: date,
    regime: str | None,
    substantiated: bool | None,  # noqa: FBT001 - a column
    remedied_on: date | None,
    until: date | None,
    source_no: str | None,
) -> RiskEvent:
    return RiskEvent(
        kind=kind,
        on=on,
        regime=regime,
        substantiated=substantiated,
        remedied_on=remedied_on,
        until=until,
        source_no=source_no,
    )


@lru_cache(maxsize=_MOST_SHARED)
def _visit(item: str, on: date, kind: str, agency: str, codes: str) -> Visit:
    return Visit(item=item, on=on, kind=kind, agency=agency, codes=tuple(from_json(codes)))


def _open_visit(items: list[str]) -> OpenVisit:
    return OpenVisit(items=tuple(items))


def _change(on: date, status: str, level: int | None, subtype: str | None) -> Change:
    return Change(on=on, status_before=status, level_before=level, subtype_before=subtype)


def _case(code: str, opened_on: date) -> tuple[str, date]:
    return code, opened_on
