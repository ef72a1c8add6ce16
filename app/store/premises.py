"""Premises 场所 with all that can influence a draw, read in pieces: a province has a million of them."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import chain
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Result,
    Row,
    and_,
    select,
    true,
)
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col

from app.domain.facts import Change, OpenVisit, Premises, Registration, RiskEvent, Visit
from app.domain.regions import region_prefix
from app.store import premises_rows as rows_of
from app.store.ahead import one_ahead
from app.store.tables.duties import RegistrarCase
from app.store.tables.fieldwork import Visit as VisitRow
from app.store.tables.registers import Entity, PastVisit
from app.store.tables.registers import Registration as RegistrationRow
from app.store.tables.registers import RiskEvent as RiskEventRow

Source = Session | Connection
_Place = tuple[Sequence[Any], dict[str, Registration]]
"""Key, region, station and key area of a premises, and its registrations by the ids of theirs."""
_Found = tuple[str, Mapping[str, Registration], Premises]
"""Id of the entity's row, its registrations by the ids of theirs, and the premises that they make."""

_A_PART: Final = 1000
_A_PIECE: Final = 20_000
"""Premises read at once: enough that questions cost little, few enough that they fit anywhere."""


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
    disclosed_by: datetime | None = None,
    a_piece: int = _A_PIECE,
) -> Iterator[Premises]:
    """Give every premises of a region with a registration of these regimes, in no order that matters.

    It reads ahead: until the last one has come, `source` is asked nothing else.

    Args:
        source: where to read.
        region: a region code or prefix.
        regimes: regimes 监管类别 that a premises must have one of; any status.
        visits_since: earlier visits influence nothing and stay unread.
        also: regimes whose registrations at such premises are of interest besides.
        disclosed_by: as of `kept_premises_in`.
        a_piece: how many premises are read at once.
    """
    wanted = frozenset(regimes)
    pieces = _pieces(
        source,
        region,
        {*wanted, *also},
        visits_since=visits_since,
        disclosed_by=disclosed_by,
        a_piece=a_piece,
    )
    for _, _, premises in one_ahead(pieces):
        if not also or any(one.regime in wanted for one in premises.registrations):
            yield premises


def kept_premises_in(
    source: Source,
    *,
    region: str,
    regimes: Collection[str],
    visits_since: date,
    disclosed_by: datetime | None = None,
    after: str = "",
    a_piece: int = _A_PIECE,
) -> Iterator[KeptPremises]:
    """Give the same with the ids of the rows, in order of the entities' ids.

    Args:
        source: where to read.
        region: a region code or prefix.
        regimes: regimes of the registrations to load.
        visits_since: earlier visits stay unread.
        disclosed_by: drawn visits whose teams did not know of them by then are as if they were not there:
            who reads may not learn from them what was drawn; None: for what the service itself works out.
        after: only entities whose id comes after this one.
        a_piece: how many premises are read at once.
    """
    pieces = _pieces(
        source,
        region,
        regimes,
        visits_since=visits_since,
        disclosed_by=disclosed_by,
        after=after,
        a_piece=a_piece,
    )
    for piece in pieces:
        for entity_id, registrations, premises in sorted(piece, key=itemgetter(0)):
            ids = {one.regime: own_id for own_id, one in registrations.items()}
            yield KeptPremises(entity_id, ids, premises)


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
    return next((premises for _, _, premises in this), None)


def _pieces(
    source: Source,
    region: str,
    regimes: Collection[str],
    *,
    visits_since: date,
    disclosed_by: datetime | None = None,
    after: str = "",
    a_piece: int,
) -> Iterator[Iterator[_Found]]:
    """The premises of a region piece by piece, the pieces in order of the entities' ids."""
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
        yield _read(
            source, here, piece, regimes=regimes, visits_since=visits_since, disclosed_by=disclosed_by
        )
        if ends is None:
            return
        begins = ends


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
    disclosed_by: datetime | None = None,
) -> Iterator[_Found]:
    """The premises of some ids; whatever else a question finds of others is passed over.

    Each question names the ids by a column of its own table too: no database infers a range across a join,
    and without it every piece would read whole tables.
    """
    wanted = rows_of.registrations().where(here, these(col(Entity.id)), these(col(RegistrationRow.entity_id)))
    found = _places(source.execute(wanted.where(col(RegistrationRow.regime).in_(regimes))))
    owners = found.keys() | {own_id for _, registrations in found.values() for own_id in registrations}

    def by_owner(query: rows_of.Query, entity: Any, made: Callable[..., Any]) -> dict[str, list[Any]]:  # noqa: ANN401 - any mapped column
        made_of: dict[str, list[Any]] = defaultdict(list)
        asked = source.execute(query.where(here, these(col(Entity.id)), these(col(entity))))
        for row in _in_parts(asked):
            if row[0] in owners:
                made_of[row[0]].append(made(*row[1:]))
        return made_of

    events = by_owner(rows_of.events(), RiskEventRow.entity_id, rows_of.event)
    visits = by_owner(rows_of.visits(visits_since), PastVisit.entity_id, rows_of.visit)
    open_visits = by_owner(rows_of.open_visits(disclosed_by), VisitRow.entity_id, rows_of.open_visit)
    changes = by_owner(rows_of.changes(), RegistrationRow.entity_id, rows_of.change)
    cases = by_owner(rows_of.cases(), RegistrarCase.entity_id, rows_of.kept_out)
    return _assembled(
        found, events=events, visits=visits, open_visits=open_visits, changes=changes, cases=cases
    )


def _places(rows: Result[*tuple[Any, ...]]) -> dict[str, _Place]:
    """The premises of some rows by the ids of theirs, each with its registrations by the ids of theirs."""
    # Taking a row by places is several times faster than by names, and a province has millions.
    found: dict[str, _Place] = {}
    for row in _in_parts(rows):
        if (known := found.get(row[0])) is None:
            known = found[row[0]] = row[1:5], {}
        known[1][row[5]] = rows_of.registration(*row[6:])
    return found


def _in_parts(rows: Result[*tuple[Any, ...]]) -> Iterator[Row[*tuple[Any, ...]]]:
    """Rows made a few at a time: so many at once that no cache holds them cost thrice as much."""
    return chain.from_iterable(rows.partitions(_A_PART))


def _assembled(
    found: Mapping[str, _Place],
    *,
    events: dict[str, list[RiskEvent]],
    visits: dict[str, list[Visit]],
    open_visits: dict[str, list[OpenVisit]],
    changes: dict[str, list[Change]],
    cases: dict[str, list[tuple[str, date]]],
) -> Iterator[_Found]:
    histories = changes.keys() | cases.keys()
    for entity, (place, registrations) in found.items():
        if not histories.isdisjoint(registrations):
            for own_id in histories & registrations.keys():
                registrations[own_id] = rows_of.with_history(
                    registrations[own_id], changes=changes.get(own_id, ()), cases=cases.get(own_id, ())
                )
        key, region, station, key_area = place
        premises = Premises(
            key,
            region,
            station,
            key_area,
            tuple(registrations.values()),
            tuple(events.get(entity, ())),
            tuple(visits.get(entity, ())),
            tuple(open_visits.get(entity, ())),
        )
        yield entity, registrations, premises
