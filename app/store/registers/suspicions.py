"""Suspected grounds for recusal in the database: what they are found from, and what became of them."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, exists, func, or_, select
from sqlmodel import Session, col

from app.domain.eligibility import Place
from app.domain.suspicions import CONFIRMED_AS, PASSED_OVER, Represented, Suspect, plain_name
from app.store.paging import AnyRow, Rows, page
from app.store.registers.assignments import APPROVED, last_day, touching
from app.store.registers.pages import Paging
from app.store.tables.registers import Entity, RegisteredInspector, RegisteredRecusal, Registration
from app.store.tables.staffing import InspectorAssignment, RecusalCandidate

Source = Session | Connection

OPEN = "open"
CONFIRMED = "confirmed"
REJECTED = "rejected"
LAPSED = "lapsed"

_NAMES_A_QUERY = 20_000
_registered = exists().where(col(Registration.entity_id) == col(Entity.id))
"""What has no registration, such as an entity that has gone into another, is drawn by nobody."""


def _plain(column: Any) -> ColumnElement[str]:  # noqa: ANN401 - a mapped column
    """A name as `plain_name` gives it."""
    return reduce(lambda text, dropped: func.replace(text, dropped, ""), PASSED_OVER, column)


def suspects(source: Source, *conditions: ColumnElement[bool], today: date) -> list[Suspect]:
    """Officers, with the regions that they are lent to; auxiliaries visit nobody."""
    table, lent = RegisteredInspector, InspectorAssignment
    assigned: dict[str, list[str]] = {}
    for row in source.execute(
        select(col(lent.inspector_id), col(lent.region))
        .join(table, col(table.id) == col(lent.inspector_id))
        .where(col(lent.state) == APPROVED, today <= last_day, *conditions)
    ):
        assigned.setdefault(row.inspector_id, []).append(row.region)
    rows = source.execute(
        select(
            *(col(table.id), col(table.name), col(table.region), col(table.station), col(table.districts))
        ).where(col(table.kind) == "officer", *conditions)
    )
    return [
        Suspect(
            id=row.id,
            name=row.name,
            home=row.region,
            lent_to=tuple(assigned.get(row.id, ())),
            station=row.station,
            districts=tuple(row.districts),
        )
        for row in rows
    ]


def near(region: str, today: date) -> ColumnElement[bool]:
    """The condition that an officer may be sent to a region: from a record near it, or lent to it."""
    lent = InspectorAssignment
    to_it = select(col(lent.inspector_id)).where(
        col(lent.state) == APPROVED, today <= last_day, touching(col(lent.region), region)
    )
    return or_(touching(col(RegisteredInspector.region), region), col(RegisteredInspector.id).in_(to_it))


def named_like(premises: Iterable[Represented], places: Iterable[Place]) -> ColumnElement[bool]:
    """The condition that an officer may have to do with some premises or some stations."""
    table = RegisteredInspector
    names = {plain_name(one.legal_rep) for one in premises}
    stations = {station for _, station in places if station is not None}
    return or_(_plain(col(table.name)).in_(names), col(table.station).in_(stations))


def represented(
    source: Source, names: Collection[str], *conditions: ColumnElement[bool]
) -> list[Represented]:
    """Premises whose legal representative has one of some plain names."""
    found: list[Represented] = []
    for some in _some(names):
        rows = source.execute(
            select(col(Entity.id), col(Entity.region), col(Entity.legal_rep)).where(
                _plain(col(Entity.legal_rep)).in_(some), _registered, *conditions
            )
        )
        found += (Represented(id=row.id, region=row.region, legal_rep=row.legal_rep) for row in rows)
    return found


def _some(names: Collection[str]) -> Iterator[Sequence[str]]:
    ordered = sorted(names)
    return (ordered[at : at + _NAMES_A_QUERY] for at in range(0, len(ordered), _NAMES_A_QUERY))


def premises_of(source: Source, ids: Collection[str]) -> tuple[list[Represented], set[Place]]:
    """Of some premises those that somebody represents, and the stations of all of them."""
    rows = source.execute(
        select(col(Entity.id), col(Entity.region), col(Entity.station), col(Entity.legal_rep)).where(
            col(Entity.id).in_(ids), _registered
        )
    ).all()
    found = [
        Represented(id=row.id, region=row.region, legal_rep=row.legal_rep) for row in rows if row.legal_rep
    ]
    return found, {(row.region, row.station) for row in rows}


def places_of(source: Source, stations: Collection[str], *conditions: ColumnElement[bool]) -> set[Place]:
    """The regions and stations of premises at stations of these numbers."""
    rows = source.execute(
        select(col(Entity.region), col(Entity.station))
        .where(col(Entity.station).in_(stations), _registered, *conditions)
        .distinct()
    )
    return {(row.region, row.station) for row in rows}


def known(session: Session, keys: Collection[str]) -> dict[str, RecusalCandidate]:
    """What is on file of some findings, by their keys."""
    found: dict[str, RecusalCandidate] = {}
    for some in _some(keys):
        rows = session.scalars(select(RecusalCandidate).where(col(RecusalCandidate.natural_key).in_(some)))
        found |= {row.natural_key: row for row in rows}
    return found


def open_about(
    session: Session, *, inspectors: Collection[str], entities: Collection[str]
) -> Sequence[RecusalCandidate]:
    """Undecided findings of some inspectors or some entities."""
    table = RecusalCandidate
    return session.scalars(
        select(table).where(
            col(table.state) == OPEN,
            or_(col(table.inspector_id).in_(inspectors), col(table.entity_id).in_(entities)),
        )
    ).all()


def open_in(session: Session, region: str) -> Sequence[RecusalCandidate]:
    """Undecided findings at premises of a region prefix."""
    table = RecusalCandidate
    here = col(table.region).startswith(region, autoescape=True)
    return session.scalars(select(table).where(col(table.state) == OPEN, here)).all()


def add(session: Session, candidates: Iterable[RecusalCandidate]) -> None:
    """Keep new findings."""
    session.add_all(candidates)
    session.flush()


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateFilter:
    """What a list of suspected recusals is narrowed to."""

    inspector: str | None = None
    entity: str | None = None
    ground: str | None = None
    state: str | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """As SQL."""
        wanted = (
            (col(RegisteredInspector.code), self.inspector),
            (col(Entity.key), self.entity),
            (col(RecusalCandidate.ground), self.ground),
            (col(RecusalCandidate.state), self.state),
        )
        return [column == value for column, value in wanted if value is not None]


def _query() -> Select[Any]:
    table = RecusalCandidate
    columns: tuple[Any, ...] = (
        *table.__table__.columns,  # type: ignore[attr-defined]  # SQLModel adds it to table classes
        *(col(RegisteredInspector.code).label("inspector"), col(RegisteredInspector.name)),
        *(col(Entity.key).label("entity"), col(Entity.name).label("entity_name")),
    )
    return (
        select(*columns)
        .join(RegisteredInspector, col(RegisteredInspector.id) == col(table.inspector_id))
        .join(Entity, col(Entity.id) == col(table.entity_id), isouter=True)
    )


def candidate_rows(connection: Connection, where: CandidateFilter, *, region: str, paging: Paging) -> Rows:
    """A page of the findings at premises of a region prefix, newest first."""
    here = col(RecusalCandidate.region).startswith(region, autoescape=True)
    return page(
        connection,
        _query().where(here, *where.conditions()),
        by=[col(RecusalCandidate.id)],
        limit=paging.limit,
        cursor=paging.cursor,
        descending=True,
        count=paging.count,
    )


def candidate_row(source: Source, candidate_id: str) -> AnyRow | None:
    """One finding."""
    return source.execute(_query().where(col(RecusalCandidate.id) == candidate_id)).one_or_none()


def candidate_for_change(session: Session, candidate_id: str) -> RecusalCandidate | None:
    """A finding, locked until the transaction ends."""
    return session.scalars(
        select(RecusalCandidate).where(col(RecusalCandidate.id) == candidate_id).with_for_update()
    ).one_or_none()


def entities_at(session: Session, *, region: str, station: str) -> list[str]:
    """The DR1 ids of every premises at a station."""
    return list(
        session.scalars(
            select(col(Entity.key))
            .where(col(Entity.region) == region, col(Entity.station) == station, _registered)
            .order_by(col(Entity.key))
        )
    )


def without_recusal(session: Session, entity_ids: Collection[str]) -> Sequence[AnyRow]:
    """(code, entity) of premises at stations that were confirmed as a whole, without such a recusal yet."""
    table = RecusalCandidate
    declared = (
        select(col(RegisteredRecusal.id))
        .where(
            col(RegisteredRecusal.inspector_id) == col(table.inspector_id),
            col(RegisteredRecusal.entity_id) == col(Entity.id),
            col(RegisteredRecusal.relation) == CONFIRMED_AS,
        )
        .exists()
    )
    return session.execute(
        select(col(RegisteredInspector.code), col(Entity.key))
        .join_from(
            table,
            Entity,
            (col(Entity.region) == col(table.region)) & (col(Entity.station) == col(table.station)),
        )
        .join(RegisteredInspector, col(RegisteredInspector.id) == col(table.inspector_id))
        .where(col(table.state) == CONFIRMED, col(table.whole), col(Entity.id).in_(entity_ids), ~declared)
        .order_by(col(RegisteredInspector.code), col(Entity.key))
    ).all()
