"""From the rows of register files to the facts that a draw is made of, without a database between them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from app.domain.facts import (
    DeclaredRecusal,
    Officer,
    Premises,
    Registration,
    RiskEvent,
    Visit,
)
from app.domain.registers import EntityRow, InspectorRow, RecusalRow, RiskEventRow, VisitRow


def premises_from(
    entities: Iterable[EntityRow],
    *,
    risk_events: Iterable[RiskEventRow] = (),
    visits: Iterable[VisitRow] = (),
    known_since: date | None = None,
) -> list[Premises]:
    """Put together every premises 场所 in order of appearance, with its registrations, events and visits.

    Args:
        entities: rows that do not contradict each other; the first of a premises says where it is.
        risk_events: those of other premises are passed over.
        visits: the same.
        known_since: the day on which the registers began to be kept, where somebody knows.
    """
    rows: dict[str, list[EntityRow]] = defaultdict(list)
    for row in entities:
        rows[row.entity_id].append(row)
    events: dict[str, list[RiskEvent]] = defaultdict(list)
    for event in risk_events:
        events[event.entity].append(_event(event))
    visited: dict[str, list[Visit]] = defaultdict(list)
    for visit in visits:
        visited[visit.entity].append(_visit(visit))
    return [_premises(identity, own, events, visited, known_since) for identity, own in rows.items()]


def _premises(
    identity: str,
    rows: Sequence[EntityRow],
    events: Mapping[str, Sequence[RiskEvent]],
    visits: Mapping[str, Sequence[Visit]],
    known_since: date | None,
) -> Premises:
    first = rows[0]
    return Premises(
        id=identity,
        region=first.region,
        station=first.station,
        key_area=first.key_area,
        registrations=tuple(
            Registration(
                regime=row.regime,
                subtype=row.subtype,
                level=row.level,
                status=row.status,
                registered_on=row.registered_on,
                known_since=known_since,
            )
            for row in rows
        ),
        events=tuple(events.get(identity, ())),
        visits=tuple(visits.get(identity, ())),
    )


def _event(row: RiskEventRow) -> RiskEvent:
    return RiskEvent(
        kind=row.kind,
        on=row.on,
        regime=row.regime,
        substantiated=row.substantiated,
        remedied_on=row.remedied_on,
        until=row.until,
        source_no=row.source_no,
    )


def _visit(row: VisitRow) -> Visit:
    return Visit(
        item=row.item,
        on=row.on,
        kind=row.kind,
        agency=row.agency,
        codes=row.codes,
        inspectors=row.inspectors,
    )


def officer(row: InspectorRow, *, region: str) -> Officer:
    """Give an inspector's facts; files know no absences 缺勤: who is away is left out of the file.

    Args:
        row: the row.
        region: the prefix of whoever keeps the file.
    """
    return Officer(
        code=row.code,
        region=region,
        kind=row.kind,
        agency=row.agency,
        lead=row.lead,
        certificate_to=row.certificate_to,
        training_to=row.training_to,
        regimes=row.regimes,
        districts=row.districts,
        cap=row.cap,
    )


def declared_recusal(row: RecusalRow) -> DeclaredRecusal:
    """Give a ground for recusal 回避 as it was declared."""
    return DeclaredRecusal(
        inspector=row.inspector,
        entity=row.entity,
        relation=row.relation,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
    )
