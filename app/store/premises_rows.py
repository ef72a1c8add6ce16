"""The rows behind a premises 场所: the questions that find them, and what each row becomes."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache, reduce
from typing import Any, Final

from pydantic_core import from_json
from sqlalchemy import Select, SQLColumnExpression, String, case, cast, func, select
from sqlmodel import col

from app.domain.facts import Change, OpenVisit, Registration, RiskEvent, Visit
from app.domain.fieldwork.visit import OPEN, UNDER_WAY
from app.domain.regions import Level
from app.store.tables.duties import RegistrarCase, RegistrationChange
from app.store.tables.fieldwork import Visit as VisitRow
from app.store.tables.registers import Entity, PastVisit
from app.store.tables.registers import Registration as RegistrationRow
from app.store.tables.registers import RiskEvent as RiskEventRow

Columns = tuple[SQLColumnExpression[Any], ...]
Query = Select[*tuple[Any, ...]]

OPEN_CASE: Final = "open"
_BETWEEN: Final = "\n"
_MOST_SHARED: Final = 1 << 16
"""Visits and registrations that say the same are one object: a million premises have few different ones."""


@lru_cache(maxsize=_MOST_SHARED)
def registration(said: str) -> Registration:
    """Make a registration of its row in one text, without history; rows that say the same give one object."""
    regime, subtype, level, status, unseen, registered_on, known_since = said.split(_BETWEEN)
    return Registration(
        regime=regime,
        subtype=subtype or None,
        level=int(level) if level else None,
        status=status,
        not_seen=bool(unseen),
        registered_on=date.fromisoformat(registered_on) if registered_on else None,
        known_since=date.fromisoformat(known_since),
    )


def _in_one_text(*parts: SQLColumnExpression[Any]) -> SQLColumnExpression[str]:
    """Say several columns as one text, NULL as nothing: one object a row instead of one a column."""
    texts = [func.coalesce(cast(part, String), "") for part in parts]
    return reduce(lambda said, text: said + _BETWEEN + text, texts)


def with_history(
    one: Registration, *, changes: Iterable[Change], cases: Iterable[tuple[str, date]]
) -> Registration:
    """Give a registration with its changes and what the registrar keeps from duty."""
    code, since = min(cases, key=lambda case: case[1], default=(None, None))
    return replace(one, changes=tuple(changes), out_of_duty=code, out_since=since)


def registrations() -> Query:
    """Ask for registrations: five columns of the premises, own id, then what `registration` takes."""
    row = RegistrationRow
    said = _in_one_text(
        col(row.regime),
        col(row.subtype),
        col(row.level),
        col(row.status),
        case((col(row.not_seen_since).is_not(None), "x")),
        col(row.registered_on),
        col(row.known_since),
    )
    columns: Columns = (
        *(col(Entity.id), col(Entity.key), col(Entity.region), col(Entity.station), col(Entity.key_area)),
        *(col(row.id), said),
    )
    return select(*columns).join(row, col(row.entity_id) == col(Entity.id))


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
    row = PastVisit
    said = _in_one_text(
        *(col(row.item), col(row.visited_on), col(row.kind), col(row.agency), col(row.level), col(row.codes))
    )
    columns: Columns = (col(row.entity_id), said)
    visits = select(*columns).join(Entity, col(Entity.id) == col(PastVisit.entity_id))
    return visits.where(col(PastVisit.visited_on) >= since)


def open_visits(disclosed_by: datetime | None) -> Query:
    """Ask for drawn visits without an end: the id of the premises, then what `open_visit` takes.

    Args:
        disclosed_by: only those that their teams knew of by then; None: all.
    """
    columns: Columns = (
        *(col(VisitRow.entity_id), col(VisitRow.items), col(VisitRow.agency), col(VisitRow.visit_to)),
        *(col(VisitRow.state), col(VisitRow.level)),
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
    """Ask for what the registrar keeps from duty: the id of the registration, then what `kept_out` takes."""
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
def visit(said: str) -> Visit:
    """Make a past visit of its row in one text: a million premises have few that differ."""
    item, on, kind, agency, level, codes = said.split(_BETWEEN, 5)
    return Visit(
        item=item,
        on=date.fromisoformat(on),
        kind=kind,
        agency=agency,
        codes=tuple(from_json(codes)),
        level=Level(level) if level else None,
    )


def open_visit(items: list[str], agency: str, visit_to: date, state: str, level: str | None) -> OpenVisit:
    """Make a visit without an end of its row."""
    return OpenVisit(
        items=tuple(items),
        agency=agency,
        visit_to=visit_to,
        under_way=state in UNDER_WAY,
        level=Level(level) if level else None,
    )


def change(on: date, status: str, level: int | None, subtype: str | None) -> Change:
    """Make a change of a registration of its row."""
    return Change(on=on, status_before=status, level_before=level, subtype_before=subtype)


def kept_out(code: str, opened_on: date) -> tuple[str, date]:
    """Give the code that ended the duty, and since when."""
    return code, opened_on
