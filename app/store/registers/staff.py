"""What is known of inspectors beside their register: trainings, qualifications, load, visits, suspicions."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select
from sqlmodel import Session, col

from app.domain.facts import PlacedVisit, Qualification, UnconfirmedRecusal
from app.domain.fieldwork.visit import Kind, State
from app.domain.load import DRAWN
from app.domain.regions import region_prefix
from app.store.tables.fieldwork import Visit, VisitOfficer
from app.store.tables.registers import Entity, PastVisit, RegisteredInspector
from app.store.tables.staffing import InspectorQualification, InspectorTraining, RecusalCandidate

Source = Session | Connection

_NOT_MADE = (State.REQUESTED, State.NOT_VISITED, State.CANCELLED)
_TOOK_PLACE = (State.SUBMITTED, State.CLOSED)


def trained_to(source: Source, *conditions: ColumnElement[bool]) -> dict[str, date]:
    """Until when the trainings on file of inspectors hold, by their ids; withdrawn ones do not count."""
    table = InspectorTraining
    rows = source.execute(
        select(col(table.inspector_id), func.max(col(table.valid_to)).label("valid_to"))
        .where(col(table.withdrawn_at).is_(None), col(table.valid_to).is_not(None), *conditions)
        .group_by(col(table.inspector_id))
    )
    return {row.inspector_id: row.valid_to for row in rows}


def qualifications(source: Source) -> Mapping[str, list[Qualification]]:
    """The qualifications on file of inspectors, by their ids."""
    table = InspectorQualification
    found: dict[str, list[Qualification]] = defaultdict(list)
    for row in source.execute(
        select(
            *(col(table.inspector_id), col(table.regime), col(table.valid_from), col(table.valid_to))
        ).where(col(table.withdrawn_at).is_(None))
    ):
        found[row.inspector_id].append(
            Qualification(regime=row.regime, starts_on=row.valid_from, ends_on=row.valid_to)
        )
    return found


def codes_of(source: Source, agency: str) -> set[str]:
    """The codes of an agency's inspectors."""
    table = RegisteredInspector
    return {*source.scalars(select(col(table.code)).where(col(table.agency) == agency))}


def visits_taken(
    source: Source, *, first: date, last: date, but_of: Collection[str] = ()
) -> Mapping[str, int]:
    """How many drawn visits each inspector has in a period, by code: dealt ones, and those made before.

    A visit belongs to the period in which its window begins. What was cancelled or not visited took nobody's
    time. Past visits that this service made itself are counted as dealt, once.

    Args:
        source: where to read.
        first: the first day of the period.
        last: its last day.
        but_of: ids of draws whose visits are left out.
    """
    dealt = (
        select(col(VisitOfficer.inspector), func.count().label("visits"))
        .join(Visit, col(Visit.id) == col(VisitOfficer.visit_id))
        .where(
            col(Visit.kind) == Kind.DRAWN,
            col(Visit.visit_from).between(first, last),
            col(Visit.state).not_in(_NOT_MADE),
            col(Visit.draw_id).not_in(but_of),
        )
        .group_by(col(VisitOfficer.inspector))
    )
    own = (
        select(col(Visit.id))
        .where(
            col(Visit.entity_id) == col(PastVisit.entity_id),
            col(Visit.ended_on) == col(PastVisit.visited_on),
            col(Visit.kind) == DRAWN,
            col(Visit.state).in_(_TOOK_PLACE),
        )
        .exists()
    )
    before = select(col(PastVisit.entity_id), col(PastVisit.visited_on), col(PastVisit.inspectors)).where(
        col(PastVisit.kind) == DRAWN, col(PastVisit.visited_on).between(first, last), ~own
    )
    taken: Counter[str] = Counter({row.inspector: row.visits for row in source.execute(dealt)})
    days = {
        (code, row.entity_id, row.visited_on) for row in source.execute(before) for code in row.inspectors
    }
    taken.update(code for code, _, _ in days)
    return taken


def last_visits(source: Source, *, region: str, most: int) -> Iterator[PlacedVisit]:
    """The visits of each agency's last so many days at each premises of a region; re-inspections too.

    Args:
        source: where to read.
        region: a region code or prefix.
        most: how many days back; 0: nothing is read.
    """
    if not most:
        return
    here = col(Entity.region).startswith(region_prefix(region), autoescape=True)
    back = (
        func.dense_rank()
        .over(
            partition_by=(col(PastVisit.entity_id), col(PastVisit.agency)),
            order_by=col(PastVisit.visited_on).desc(),
        )
        .label("back")
    )
    ranked = (
        select(
            *(col(Entity.key), col(PastVisit.visited_on), col(PastVisit.agency)),
            *(col(PastVisit.inspectors), back),
        )
        .join(Entity, col(Entity.id) == col(PastVisit.entity_id))
        .where(here)
        .subquery()
    )
    for key, on, agency, inspectors in source.execute(
        select(ranked.c.key, ranked.c.visited_on, ranked.c.agency, ranked.c.inspectors).where(
            ranked.c.back <= most
        )
    ):
        yield PlacedVisit(entity=key, on=on, agency=agency, inspectors=tuple(inspectors))
    again: tuple[Any, ...] = (
        *(col(Visit.entity_key), col(Visit.ended_on), col(Visit.agency)),
        col(VisitOfficer.inspector),
    )
    for key, on, agency, inspector in source.execute(
        select(*again)
        .join(VisitOfficer, col(VisitOfficer.visit_id) == col(Visit.id))
        .join(Entity, col(Entity.id) == col(Visit.entity_id))
        .where(here, col(Visit.kind) == Kind.REINSPECTION, col(Visit.state).in_(_TOOK_PLACE))
    ):
        yield PlacedVisit(entity=key, on=on, agency=agency, inspectors=(inspector,))


def suspected_in(source: Source, *, region: str) -> list[UnconfirmedRecusal]:
    """The suspected grounds for recusal at premises of a region that nobody has decided on."""
    table = RecusalCandidate
    rows = source.execute(
        select(
            *(col(RegisteredInspector.code), col(table.ground), col(table.region), col(table.station)),
            col(Entity.key),
        )
        .join(RegisteredInspector, col(RegisteredInspector.id) == col(table.inspector_id))
        .join(Entity, col(Entity.id) == col(table.entity_id), isouter=True)
        .where(
            col(table.state) == "open", col(table.region).startswith(region_prefix(region), autoescape=True)
        )
    )
    return [
        UnconfirmedRecusal(
            inspector=row.code, ground=row.ground, region=row.region, entity=row.key, station=row.station
        )
        for row in rows
    ]
