"""Risk events 风险事件 of entities: listed, entered, decided, withdrawn."""

from collections.abc import Mapping
from typing import Final

from sqlmodel import col

from app.domain.errors import FieldError, Malformed
from app.domain.registers import RISK_EVENTS
from app.services.context import Act, Look
from app.services.registers import entities
from app.services.registers.entering import amend, enter
from app.services.registers.withdrawable import Withdrawable
from app.store.registers import lists
from app.store.registers.bulk import Record
from app.store.registers.lists import RiskEventFilter
from app.store.registers.pages import Paging, Records
from app.store.registers.shelves import RISK_EVENT_SHELF
from app.store.tables.registers import RiskEvent

_FACTS: Final = Withdrawable(
    shelf=RISK_EVENT_SHELF,
    query=lists.RISK_EVENTS_QUERY,
    row_id=col(RiskEvent.id),
    refusal="risk-event-withdrawn",
)
_IDENTITY: Final = ("regime", "kind", "on", "source_no")
"""Besides the entity what says which fact it is."""
_STATE: Final = ("substantiated", "remedied_on", "until")


def read(look: Look, event_id: str) -> Record:
    """One risk event."""
    return _FACTS.find(look.connection, look.caller, event_id)


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
    return _FACTS.find(act.session.connection(), act.caller, made["id"])


def decide(act: Act, event_id: str, patch: Mapping[str, object], *, reason: str | None = None) -> Record:
    """Say whether it holds, when it was remedied, until when it counts.

    Raises:
        Malformed: what is on file would change without a reason.
        RuleBroken: it was withdrawn.
    """
    found = _FACTS.standing(act, event_id)
    if reason is None and any(found[name] not in {None, value} for name, value in patch.items()):
        raise Malformed("malformed", FieldError("/reason", "reason-needed"))
    amend(act, RISK_EVENT_SHELF, found, patch, reason=reason)
    return _FACTS.find(act.session.connection(), act.caller, event_id)


def correct(act: Act, event_id: str, changes: Mapping[str, object], *, reason: str) -> Record:
    """Put an event in the place of one that was entered wrongly 更正.

    Entity, regime, kind, day and document number say which fact it is: a file that is imported again would
    bring the wrong one back, if it were not on file, withdrawn. What only became known later is `decide`'s.

    Raises:
        Malformed: nothing of what says which fact it is would change, or a field cannot be read.
        RuleBroken: it was withdrawn, or the right one is on file already.
    """
    found = _FACTS.standing(act, event_id)
    if all(found[name] == changes.get(name, found[name]) for name in _IDENTITY):
        raise Malformed(
            "malformed", FieldError("", "nothing-to-correct", (("fields", ", ".join(_IDENTITY)),))
        )
    kept = {name: found[name] for name in (*_IDENTITY, *_STATE)}
    members = {name: value for name, value in {**kept, **changes}.items() if value is not None}
    made = enter(act, RISK_EVENTS, {"entity": found["entity"], **members})
    _FACTS.give_way(act, found, to=made["id"], reason=reason)
    return _FACTS.find(act.session.connection(), act.caller, made["id"])


def withdraw(act: Act, event_id: str, *, reason: str) -> Record:
    """Let an event that was entered wrongly count for nothing; it stays on file.

    Raises:
        RuleBroken: it was withdrawn already.
    """
    return _FACTS.withdraw(act, event_id, reason=reason)
