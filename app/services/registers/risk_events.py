"""Risk events 风险事件 of entities: listed, entered, decided, withdrawn."""

from collections.abc import Mapping

from sqlalchemy import Connection
from sqlmodel import col

from app.domain.access import Caller
from app.domain.errors import Missing, RuleBroken
from app.domain.registers import RISK_EVENTS
from app.services.context import Act, Look
from app.services.registers import entities
from app.services.registers.entering import amend, enter
from app.services.registers.landing import change
from app.store.registers import bulk, lists
from app.store.registers.bulk import Record
from app.store.registers.lists import RiskEventFilter
from app.store.registers.pages import Paging, Records
from app.store.registers.shelves import RISK_EVENT_SHELF
from app.store.tables.registers import RiskEvent


def _find(connection: Connection, caller: Caller, event_id: str) -> Record:
    found = lists.shelf_row(connection, lists.RISK_EVENTS_QUERY, col(RiskEvent.id) == event_id)
    if found is None or not caller.sees(found["held_region"]):
        raise Missing("not-found")
    return found


def read(look: Look, event_id: str) -> Record:
    """One risk event."""
    return _find(look.connection, look.caller, event_id)


def read_page(look: Look, named: str, where: RiskEventFilter, paging: Paging) -> Records:
    """A page of an entity's risk events, withdrawn ones too."""
    entity = entities.read(look, named)
    conditions = [col(RiskEvent.entity_id) == entity["id"], *where.conditions()]
    return lists.shelf_page(
        look.connection,
        lists.RISK_EVENTS_QUERY,
        RISK_EVENT_SHELF,
        conditions,
        region=look.caller.region,
        paging=paging,
    )


def report(act: Act, named: str, members: Mapping[str, object]) -> Record:
    """Enter a risk event of an entity."""
    entity = entities.find(act.session.connection(), act.caller, named)
    made = enter(act, RISK_EVENTS, {"entity": entity["key"], **members})
    return _find(act.session.connection(), act.caller, made["id"])


def decide(act: Act, event_id: str, patch: Mapping[str, object]) -> Record:
    """Say whether it holds, when it was remedied, until when it counts.

    Raises:
        RuleBroken: it was withdrawn.
    """
    found = _standing(act, event_id)
    amend(act, RISK_EVENT_SHELF, found, patch)
    return _find(act.session.connection(), act.caller, event_id)


def withdraw(act: Act, event_id: str, *, reason: str) -> Record:
    """Let an event that was entered wrongly count for nothing; it stays on file.

    Raises:
        RuleBroken: it was withdrawn already.
    """
    bulk.lock(act.session, RISK_EVENTS.name)
    found = _standing(act, event_id)
    after = {"withdrawn_at": act.now, "withdrawn_because": reason}
    bulk.update_records(act.session, RiskEvent, [{"id": event_id, **after}])
    entry = change(
        act,
        RISK_EVENTS.name,
        "withdrawn",
        subject_id=found["subject_id"],
        record_id=event_id,
        region=found["held_region"],
        before={"withdrawn_at": None, "withdrawn_because": None},
        after=after,
    )
    bulk.add_changes(act.session, [entry])
    return {**found, **after}


def _standing(act: Act, event_id: str) -> Record:
    found = _find(act.session.connection(), act.caller, event_id)
    if found["withdrawn_at"] is not None:
        raise RuleBroken("risk-event-withdrawn")
    return found
