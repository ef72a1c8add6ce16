"""What the registers say, read for a draw: a few selects over a region, never one per premises."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Select, SQLColumnExpression, or_, select
from sqlmodel import Session, col

from app.domain.facts import (
    Absence,
    DeclaredRecusal,
    Officer,
    Premises,
    Registration,
    RiskEvent,
    Visit,
)
from app.domain.regions import region_prefix
from app.store.tables.registers import (
    Entity,
    InspectorAbsence,
    PastVisit,
    RegisteredInspector,
    RegisteredRecusal,
)
from app.store.tables.registers import Registration as RegistrationRow
from app.store.tables.registers import RiskEvent as RiskEventRow

Source = Session | Connection
Columns = tuple[SQLColumnExpression[Any], ...]
Query = Select[*tuple[Any, ...]]


def premises_in(
    source: Source, *, region: str, regimes: Collection[str], visits_since: date
) -> list[Premises]:
    """Every premises of a region with a registration of these regimes, its risk events and later visits.

    Args:
        source: where to read.
        region: a region code or prefix.
        regimes: regimes 监管类别 of the registrations to load; any status.
        visits_since: earlier visits influence nothing and stay unread.
    """
    here = col(Entity.region).startswith(region_prefix(region), autoescape=True)
    rows = source.execute(_registrations().where(here, col(RegistrationRow.regime).in_(regimes))).all()
    events = source.execute(_events().where(here))
    visits = source.execute(_visits(visits_since).where(here))
    return _assemble(rows, events, visits)


def premises_of(
    source: Source, *, entity_id: str, regimes: Collection[str], visits_since: date
) -> Premises | None:
    """One premises, as `premises_in` gives it; None when it has no registration of these regimes.

    Args:
        source: where to read.
        entity_id: id of its row.
        regimes: regimes of the registrations to load.
        visits_since: earlier visits stay unread.
    """
    this = col(Entity.id) == entity_id
    rows = source.execute(_registrations().where(this, col(RegistrationRow.regime).in_(regimes))).all()
    events = source.execute(_events().where(this))
    found = _assemble(rows, events, source.execute(_visits(visits_since).where(this)))
    return found[0] if found else None


def entity_row(source: Source, key: str) -> Row[Any] | None:
    """`id`, `key` and `region` of an entity, by its id or its DR1 entity id (which a USCC is)."""
    columns: Columns = (col(Entity.id), col(Entity.key), col(Entity.region))
    found = source.execute(select(*columns).where(or_(col(Entity.id) == key, col(Entity.key) == key)))
    return found.one_or_none()


def officers_near(source: Source, *, region: str, on_or_after: date) -> list[Officer]:
    """Every inspector whose record is kept for this region, one above it or one in it.

    Args:
        source: where to read.
        region: a region code or prefix.
        on_or_after: absences that ended earlier stay unread.
    """
    prefix = region_prefix(region)
    above = [prefix[:length] for length in range(len(prefix) + 1)]
    near = or_(
        col(RegisteredInspector.region).startswith(prefix, autoescape=True),
        col(RegisteredInspector.region).in_([*above, *(part.ljust(6, "0") for part in above if part)]),
    )
    absences: dict[str, list[Absence]] = defaultdict(list)
    for row in source.execute(
        select(
            col(InspectorAbsence.inspector_id),
            col(InspectorAbsence.starts_on),
            col(InspectorAbsence.ends_on),
        ).where(col(InspectorAbsence.ends_on) >= on_or_after)
    ):
        absences[row.inspector_id].append(Absence(starts_on=row.starts_on, ends_on=row.ends_on))
    rows = source.execute(_officers().where(near))
    return [_officer(row, absences.get(row.id, ())) for row in rows]


def recusals_in(source: Source, *, region: str) -> list[DeclaredRecusal]:
    """Every declared recusal at a premises of a region."""
    rows = source.execute(
        select(
            col(RegisteredInspector.code),
            col(Entity.key),
            col(RegisteredRecusal.relation),
            col(RegisteredRecusal.starts_on),
            col(RegisteredRecusal.ends_on),
        )
        .join(Entity, col(Entity.id) == col(RegisteredRecusal.entity_id))
        .join(RegisteredInspector, col(RegisteredInspector.id) == col(RegisteredRecusal.inspector_id))
        .where(col(Entity.region).startswith(region_prefix(region), autoescape=True))
    )
    return [
        DeclaredRecusal(
            inspector=row.code,
            entity=row.key,
            relation=row.relation,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
        )
        for row in rows
    ]


def _registrations() -> Query:
    columns: Columns = (
        *(col(Entity.id), col(Entity.key), col(Entity.region), col(Entity.station), col(Entity.key_area)),
        *(col(RegistrationRow.regime), col(RegistrationRow.subtype), col(RegistrationRow.level)),
        *(col(RegistrationRow.status), col(RegistrationRow.not_seen_since)),
    )
    return select(*columns).join(RegistrationRow, col(RegistrationRow.entity_id) == col(Entity.id))


def _events() -> Query:
    columns: Columns = (
        *(col(RiskEventRow.entity_id), col(RiskEventRow.regime), col(RiskEventRow.kind)),
        *(col(RiskEventRow.happened_on), col(RiskEventRow.substantiated)),
        *(col(RiskEventRow.remedied_on), col(RiskEventRow.until), col(RiskEventRow.source_no)),
    )
    events = select(*columns).join(Entity, col(Entity.id) == col(RiskEventRow.entity_id))
    return events.where(col(RiskEventRow.withdrawn_at).is_(None))


def _visits(since: date) -> Query:
    columns: Columns = (
        *(col(PastVisit.entity_id), col(PastVisit.item), col(PastVisit.visited_on)),
        *(col(PastVisit.kind), col(PastVisit.agency), col(PastVisit.codes)),
    )
    visits = select(*columns).join(Entity, col(Entity.id) == col(PastVisit.entity_id))
    return visits.where(col(PastVisit.visited_on) >= since)


def _officers() -> Query:
    columns: Columns = (
        *(col(RegisteredInspector.id), col(RegisteredInspector.code), col(RegisteredInspector.region)),
        *(col(RegisteredInspector.kind), col(RegisteredInspector.agency), col(RegisteredInspector.lead)),
        *(col(RegisteredInspector.certificate_to), col(RegisteredInspector.training_to)),
        *(col(RegisteredInspector.regimes), col(RegisteredInspector.districts)),
        *(col(RegisteredInspector.cap), col(RegisteredInspector.not_seen_since)),
    )
    return select(*columns)


def _assemble(
    rows: Iterable[Row[*tuple[Any, ...]]], events: Iterable[Row[Any]], visits: Iterable[Row[Any]]
) -> list[Premises]:
    # Unpacking a row is several times faster than naming its columns, and a province has millions.
    places: dict[str, tuple[str, str, str | None, bool]] = {}
    registrations: dict[str, list[Registration]] = defaultdict(list)
    for entity, key, region, station, key_area, regime, subtype, level, status, unseen in rows:
        places[entity] = key, region, station, key_area
        registrations[entity].append(
            Registration(
                regime=regime, subtype=subtype, level=level, status=status, not_seen=unseen is not None
            )
        )
    events_of: dict[str, list[RiskEvent]] = defaultdict(list)
    for row in events:
        if row.entity_id in places:
            events_of[row.entity_id].append(_event(row))
    visits_of: dict[str, list[Visit]] = defaultdict(list)
    for row in visits:
        if row.entity_id in places:
            visits_of[row.entity_id].append(_visit(row))
    return [
        Premises(
            id=key,
            region=region,
            station=station,
            key_area=key_area,
            registrations=tuple(registrations[entity]),
            events=tuple(events_of.get(entity, ())),
            visits=tuple(visits_of.get(entity, ())),
        )
        for entity, (key, region, station, key_area) in places.items()
    ]


def _event(row: Row[Any]) -> RiskEvent:
    return RiskEvent(
        kind=row.kind,
        on=row.happened_on,
        regime=row.regime,
        substantiated=row.substantiated,
        remedied_on=row.remedied_on,
        until=row.until,
        source_no=row.source_no,
    )


def _visit(row: Row[Any]) -> Visit:
    return Visit(item=row.item, on=row.visited_on, kind=row.kind, agency=row.agency, codes=tuple(row.codes))


def _officer(row: Row[Any], absences: Iterable[Absence]) -> Officer:
    return Officer(
        code=row.code,
        region=row.region,
        kind=row.kind,
        agency=row.agency,
        lead=row.lead,
        certificate_to=row.certificate_to,
        training_to=row.training_to,
        regimes=tuple(row.regimes),
        districts=tuple(row.districts),
        cap=row.cap,
        not_seen=row.not_seen_since is not None,
        absences=tuple(absences),
    )
