"""Pages of inspectors, recusals, risk events, past visits and of the history; and single ones of them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, delete, or_, select
from sqlmodel import Session, col

from app.store.paging import Rows, page
from app.store.registers.bulk import Record
from app.store.registers.pages import Paging, Records
from app.store.registers.shelves import INSPECTOR_SHELF, RECUSAL_SHELF, RISK_EVENT_SHELF, Shelf
from app.store.tables.registers import (
    Entity,
    InspectorAbsence,
    PastVisit,
    RegisterChange,
    RegisteredInspector,
    RegisteredRecusal,
    RiskEvent,
)
from app.store.tables.sources import JoinedEntity

Conditions = list[ColumnElement[bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectorFilter:
    """What a list of inspectors is narrowed to."""

    agency: str | None = None
    kind: str | None = None
    station: str | None = None
    name: str | None = None
    lead: bool | None = None
    not_seen: bool | None = None

    def conditions(self) -> Conditions:
        """As SQL."""
        table = RegisteredInspector
        found = _equal(
            (col(table.agency), self.agency),
            (col(table.kind), self.kind),
            (col(table.station), self.station),
            (col(table.lead), self.lead),
        )
        if self.name is not None:
            found.append(col(table.name).contains(self.name, autoescape=True))
        return found + _seen(INSPECTOR_SHELF, not_seen=self.not_seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecusalFilter:
    """What a list of recusals is narrowed to: an inspector's code, an entity's DR1 id."""

    inspector: str | None = None
    entity: str | None = None
    relation: str | None = None
    not_seen: bool | None = None

    def conditions(self) -> Conditions:
        """As SQL."""
        return _equal(
            (col(RegisteredInspector.code), self.inspector),
            (col(Entity.key), self.entity),
            (col(RegisteredRecusal.relation), self.relation),
        ) + _seen(RECUSAL_SHELF, not_seen=self.not_seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskEventFilter:
    """What a list of risk events is narrowed to."""

    entity: str | None = None
    kind: str | None = None
    regime: str | None = None

    def conditions(self) -> Conditions:
        """As SQL."""
        return _equal(
            (col(Entity.key), self.entity),
            (col(RiskEvent.kind), self.kind),
            (col(RiskEvent.regime), self.regime),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitFilter:
    """What a list of past visits is narrowed to."""

    entity: str | None = None
    item: str | None = None
    kind: str | None = None

    def conditions(self) -> Conditions:
        """As SQL."""
        return _equal(
            (col(Entity.key), self.entity), (col(PastVisit.item), self.item), (col(PastVisit.kind), self.kind)
        )


def _equal(*pairs: tuple[Any, object]) -> Conditions:
    return [column == value for column, value in pairs if value is not None]


def _seen(shelf: Shelf, *, not_seen: bool | None) -> Conditions:
    if not_seen is None:
        return []
    seen = shelf.not_seen_since.is_(None)
    return [~seen if not_seen else seen]


WITHDRAWN = (col(RiskEvent.withdrawn_at), col(RiskEvent.withdrawn_because))


def shelf_page(
    connection: Connection,
    query: Select[Any],
    shelf: Shelf,
    conditions: Conditions,
    *,
    region: str,
    paging: Paging,
) -> Records:
    """A page of a shelf's rows in a region prefix."""
    query = query.where(shelf.region.startswith(region, autoescape=True), *conditions)
    rows = page(
        connection, query, by=shelf.order, limit=paging.limit, cursor=paging.cursor, count=paging.count
    )
    records = [dict(row._mapping) for row in rows.rows]  # noqa: SLF001 - SQLAlchemy's public name for it
    return Records(records, rows.next_cursor, rows.count)


def shelf_row(connection: Connection, query: Select[Any], *conditions: Any) -> Record | None:  # noqa: ANN401 - SQL conditions
    """The one row that the conditions name."""
    found = connection.execute(query.where(*conditions)).mappings().one_or_none()
    return None if found is None else dict(found)


def changes_page(connection: Connection, subject_id: str, paging: Paging) -> Rows:
    """The history of an entity, with those that have gone into it, or of an inspector; newest first."""
    joined = select(col(JoinedEntity.entity_id)).where(col(JoinedEntity.into_id) == subject_id)
    its_own = or_(col(RegisterChange.subject_id) == subject_id, col(RegisterChange.subject_id).in_(joined))
    query = select(
        *(col(RegisterChange.id), col(RegisterChange.register_name), col(RegisterChange.record_id)),
        *(col(RegisterChange.at), col(RegisterChange.caller_id), col(RegisterChange.caller_name)),
        *(col(RegisterChange.act), col(RegisterChange.before), col(RegisterChange.after)),
        col(RegisterChange.reason),
    ).where(its_own)
    return page(
        connection,
        query,
        by=(col(RegisterChange.id),),
        limit=paging.limit,
        cursor=paging.cursor,
        count=paging.count,
        descending=True,
    )


ABSENCES: Any = select(
    *(col(InspectorAbsence.id), col(InspectorAbsence.starts_on), col(InspectorAbsence.ends_on)),
    col(InspectorAbsence.reason),
)


def absences_page(connection: Connection, inspector_id: str, paging: Paging) -> Rows:
    """An inspector's absences, by first day."""
    return page(
        connection,
        ABSENCES.where(col(InspectorAbsence.inspector_id) == inspector_id),
        by=(col(InspectorAbsence.starts_on), col(InspectorAbsence.id)),
        limit=paging.limit,
        cursor=paging.cursor,
        count=paging.count,
    )


def absence(connection: Connection, *, inspector_id: str, absence_id: str) -> Record | None:
    """One absence of an inspector."""
    return shelf_row(
        connection,
        ABSENCES,
        col(InspectorAbsence.id) == absence_id,
        col(InspectorAbsence.inspector_id) == inspector_id,
    )


def drop_absence(session: Session, absence_id: str) -> None:
    """Take an absence out."""
    session.execute(delete(InspectorAbsence).where(col(InspectorAbsence.id) == absence_id))


RISK_EVENTS_QUERY = RISK_EVENT_SHELF.query.add_columns(*WITHDRAWN)
