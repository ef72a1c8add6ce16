"""Risk events 风险事件 of entities: listed, entered, decided, withdrawn."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection
from sqlmodel import col

from app.domain.access import Caller
from app.domain.errors import FieldError, Malformed, Missing, RuleBroken
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

_IDENTITY: Final = ("regime", "kind", "on", "source_no")
"""Besides the entity what says which fact it is."""
_STATE: Final = ("substantiated", "remedied_on", "until")


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


def decide(act: Act, event_id: str, patch: Mapping[str, object], *, reason: str | None = None) -> Record:
    """Say whether it holds, when it was remedied, until when it counts.

    Raises:
        Malformed: what is on file would change without a reason.
        RuleBroken: it was withdrawn.
    """
    found = _standing(act, event_id)
    if reason is None and any(found[name] not in {None, value} for name, value in patch.items()):
        raise Malformed("malformed", FieldError("/reason", "reason-needed"))
    amend(act, RISK_EVENT_SHELF, found, patch, reason=reason)
    return _find(act.session.connection(), act.caller, event_id)


def correct(act: Act, event_id: str, changes: Mapping[str, object], *, reason: str) -> Record:
    """Put an event in the place of one that was entered wrongly 更正.

    Entity, regime, kind, day and document number say which fact it is: a file that is imported again would
    bring the wrong one back, if it were not on file, withdrawn. What only became known later is `decide`'s.

    Raises:
        Malformed: nothing of what says which fact it is would change, or a field cannot be read.
        RuleBroken: it was withdrawn, or the right one is on file already.
    """
    found = _standing(act, event_id)
    if all(found[name] == changes.get(name, found[name]) for name in _IDENTITY):
        raise Malformed(
            "malformed", FieldError("", "nothing-to-correct", (("fields", ", ".join(_IDENTITY)),))
        )
    kept = {name: found[name] for name in (*_IDENTITY, *_STATE)}
    members = {name: value for name, value in {**kept, **changes}.items() if value is not None}
    made = enter(act, RISK_EVENTS, {"entity": found["entity"], **members})
    _withdraw(act, found, reason=reason, corrected_by=made["id"])
    return _find(act.session.connection(), act.caller, made["id"])


def withdraw(act: Act, event_id: str, *, reason: str) -> Record:
    """Let an event that was entered wrongly count for nothing; it stays on file.

    Raises:
        RuleBroken: it was withdrawn already.
    """
    bulk.lock(act.session, RISK_EVENTS.name)
    return _withdraw(act, _standing(act, event_id), reason=reason)


def _withdraw(act: Act, found: Record, *, reason: str, corrected_by: str | None = None) -> Record:
    after = {"withdrawn_at": act.now, "withdrawn_because": reason}
    bulk.update_records(act.session, RiskEvent, [{"id": found["id"], **after}])
    entry = change(
        act,
        RISK_EVENTS.name,
        "withdrawn" if corrected_by is None else "corrected",
        subject_id=found["subject_id"],
        record_id=found["id"],
        region=found["held_region"],
        before={"withdrawn_at": None, "withdrawn_because": None},
        after=after if corrected_by is None else {**after, "corrected_by": corrected_by},
        reason=reason,
    )
    bulk.add_changes(act.session, [entry])
    return {**found, **after}


def _standing(act: Act, event_id: str) -> Record:
    found = _find(act.session.connection(), act.caller, event_id)
    if found["withdrawn_at"] is not None:
        raise RuleBroken("risk-event-withdrawn")
    return found
