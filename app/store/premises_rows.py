"""The rows behind a premises 场所: the questions that find them, and what each row becomes."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

from pydantic_core import from_json
from sqlalchemy import Select, SQLColumnExpression, String, cast, select
from sqlmodel import col

from app.domain.facts import Change, OpenVisit, Registration, RiskEvent, Visit
from app.domain.fieldwork.visit import OPEN, UNDER_WAY
from app.store.tables.duties import RegistrarCase, RegistrationChange
from app.store.tables.fieldwork import Visit as VisitRow
from app.store.tables.registers import Entity, PastVisit
from app.store.tables.registers import Registration as RegistrationRow
from app.store.tables.registers import RiskEvent as RiskEventRow

Columns = tuple[SQLColumnExpression[Any], ...]
Query = Select[*tuple[Any, ...]]

OPEN_CASE: Final = "open"
_MOST_SHARED: Final = 1 << 16
"""Visits and registrations that say the same are one object: a million premises have few different ones."""


@lru_cache(maxsize=_MOST_SHARED)
def registration(
    regime: str,
    subtype: str | None,
    level: int | None,
    status: str,
    unseen: datetime | None,
    registered_on: date | None,
    known_since: date,
) -> Registration:
    """Make a registration of its row, without history; rows that say the same give one object."""
    return Registration(
        regime=regime,
        subtype=subtype,
        level=level,
        status=status,
        not_seen=unseen is not None,
        registered_on=registered_on,
        known_since=known_since,
    )


def with_history(
    one: Registration, *, changes: Iterable[Change], cases: Iterable[tuple[str, date]]
) -> Registration:
    """Give a registration with its changes and what the registrar keeps from duty."""
    code, since = min(cases, key=lambda case: case[1], default=(None, None))
    return replace(one, changes=tuple(changes), out_of_duty=code, out_since=since)


def registrations() -> Query:
    """Ask for registrations: five columns of the premises, own id, then what `registration` takes."""
    columns: Columns = (
        *(col(Entity.id), col(Entity.key), col(Entity.region), col(Entity.station), col(Entity.key_area)),
        *(col(RegistrationRow.id), col(RegistrationRow.regime), col(RegistrationRow.subtype)),
        *(col(RegistrationRow.level), col(RegistrationRow.status), col(RegistrationRow.not_seen_since)),
        *(col(RegistrationRow.registered_on), col(RegistrationRow.known_since)),
    )
    return select(*columns).join(RegistrationRow, col(RegistrationRow.entity_id) == col(Entity.id))


def events() -> Query:
    """Ask for risk facts that stand: the id of the premises, then what `event` takes."""
    columns: Columns = (
        *(col(RiskEventRow.entity_id), col(RiskEventRow.kind), col(RiskEventRow.happened_on)),
        *(col(RiskEventRow.regime), col(RiskEventRow.substantiated), col(RiskEventRow.remedied_on)),
        *(col(RiskEventRow.until), col(RiskEventRow.source_no)),
    )
    events = select(*columns).join(Entity, col(Entity.id) == col(RiskEventRow.entity_id))
    return events.where(col(RiskEventRow.withdrawn_at).is_(None))


def visits(since: date) -> Query:
    """Ask for past visits from a day on: the id of the premises, then what `visit` takes."""
    columns: Columns = (
        *(col(PastVisit.entity_id), col(PastVisit.item), col(PastVisit.visited_on)),
        *(col(PastVisit.kind), col(PastVisit.agency), cast(col(PastVisit.codes), String)),
    )
    visits = select(*columns).join(Entity, col(Entity.id) == col(PastVisit.entity_id))
    return visits.where(col(PastVisit.visited_on) >= since)


def open_visits(disclosed_by: datetime | None) -> Query:
    """Ask for drawn visits without an end: the id of the premises, then what `open_visit` takes.

    Args:
        disclosed_by: only those that their teams knew of by then; None: all.
    """
    columns: Columns = (
        *(col(VisitRow.entity_id), col(VisitRow.items), col(VisitRow.agency), col(VisitRow.visit_to)),
        col(VisitRow.state),
    )
    visits = select(*columns).join(Entity, col(Entity.id) == col(VisitRow.entity_id))
    visits = visits.where(col(VisitRow.state).in_(OPEN), col(VisitRow.draw_id).is_not(None))
    return visits if disclosed_by is None else visits.where(col(VisitRow.disclose_at) <= disclosed_by)


def changes() -> Query:
    """Ask for changes, the oldest first: the id of the registration, then what `change` takes."""
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


def cases() -> Query:
    """Ask for what the registrar keeps from duty: the id of the registration, then what `case` takes."""
    columns: Columns = (
        *(col(RegistrarCase.registration_id), col(RegistrarCase.code), col(RegistrarCase.opened_on)),
    )
    cases = select(*columns).join(Entity, col(Entity.id) == col(RegistrarCase.entity_id))
    return cases.where(col(RegistrarCase.state) == OPEN_CASE, col(RegistrarCase.ends_duty))


def event(
    kind: str,
    on: date,
    regime: str | None,
    substantiated: bool | None,  # noqa: FBT001 - a column
    remedied_on: date | None,
    until: date | None,
    source_no: str | None,
) -> RiskEvent:
    """Make a risk fact of its row."""
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
def visit(item: str, on: date, kind: str, agency: str, codes: str) -> Visit:
    """Make a past visit, its codes as the JSON text that the database keeps."""
    return Visit(item=item, on=on, kind=kind, agency=agency, codes=tuple(from_json(codes)))


def open_visit(items: list[str], agency: str, visit_to: date, state: str) -> OpenVisit:
    """Make a visit without an end of its row."""
    return OpenVisit(items=tuple(items), agency=agency, visit_to=visit_to, under_way=state in UNDER_WAY)


def change(on: date, status: str, level: int | None, subtype: str | None) -> Change:
    """Make a change of a registration of its row."""
    return Change(on=on, status_before=status, level_before=level, subtype_before=subtype)


def case(code: str, opened_on: date) -> tuple[str, date]:
    """Give the code that ended the duty, and since when."""
    return code, opened_on
