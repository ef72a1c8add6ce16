"""Classes of credit risk 信用风险分类 of entities: listed, entered, corrected, withdrawn."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection
from sqlmodel import col

from app.domain.access import Caller
from app.domain.errors import FieldError, Malformed, Missing, RuleBroken
from app.domain.registers import CREDIT_CLASSES
from app.services.context import Act, Look
from app.services.registers import entities
from app.services.registers.entering import amend, enter
from app.services.registers.landing import change
from app.store.registers import bulk, lists
from app.store.registers.bulk import Record
from app.store.registers.credit_classes import CREDIT_CLASSES_QUERY
from app.store.registers.pages import Paging, Records
from app.store.registers.shelves import CREDIT_CLASS_SHELF
from app.store.tables.credit_classes import CreditClass

_FIELDS: Final = ("credit_class", "on", "until", "source", "basis")


def read(look: Look, rating_id: str) -> Record:
    """One class that was given."""
    return _find(look.connection, look.caller, rating_id)


def read_page(look: Look, named: str, paging: Paging) -> Records:
    """A page of the classes that an entity was given, withdrawn ones too."""
    entity = entities.read(look, named)
    return lists.shelf_page(
        look.connection,
        CREDIT_CLASSES_QUERY,
        CREDIT_CLASS_SHELF,
        [col(CreditClass.entity_id) == entity["id"]],
        region=look.caller.region,
        paging=paging,
    )


def report(act: Act, named: str, members: Mapping[str, object]) -> Record:
    """Enter a class that an authority gave to an entity."""
    entity = entities.find(act.session.connection(), act.caller, named)
    made = enter(act, CREDIT_CLASSES, {"entity": entity["key"], **members})
    return _find(act.session.connection(), act.caller, made["id"])


def correct(act: Act, rating_id: str, changes: Mapping[str, object], *, reason: str) -> Record:
    """Mend what was entered wrongly 更正; another day makes it another rating, the wrong one is withdrawn.

    Raises:
        Malformed: nothing would change, or a field cannot be read.
        RuleBroken: it was withdrawn, or one of that day is on file already.
    """
    found = _standing(act, rating_id)
    if all(found[name] == value for name, value in changes.items()):
        raise Malformed("malformed", FieldError("", "nothing-to-correct", (("fields", ", ".join(_FIELDS)),)))
    if changes.get("on", found["on"]) == found["on"]:
        amend(act, CREDIT_CLASS_SHELF, found, changes, reason=reason)
        return _find(act.session.connection(), act.caller, rating_id)
    members = {name: changes.get(name, found[name]) for name in _FIELDS}
    made = enter(act, CREDIT_CLASSES, {"entity": found["entity"], **members})
    _withdraw(act, found, reason=reason, corrected_by=made["id"])
    return _find(act.session.connection(), act.caller, made["id"])


def withdraw(act: Act, rating_id: str, *, reason: str) -> Record:
    """Let a class that was entered wrongly count for nothing; it stays on file.

    Raises:
        RuleBroken: it was withdrawn already.
    """
    bulk.lock(act.session, CREDIT_CLASSES.name)
    return _withdraw(act, _standing(act, rating_id), reason=reason)


def _withdraw(act: Act, found: Record, *, reason: str, corrected_by: str | None = None) -> Record:
    after = {"withdrawn_at": act.now, "withdrawn_because": reason}
    bulk.update_records(act.session, CreditClass, [{"id": found["id"], **after}])
    entry = change(
        act,
        CREDIT_CLASSES.name,
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


def _find(connection: Connection, caller: Caller, rating_id: str) -> Record:
    found = lists.shelf_row(connection, CREDIT_CLASSES_QUERY, col(CreditClass.id) == rating_id)
    if found is None or not caller.sees(found["held_region"]):
        raise Missing("not-found")
    return found


def _standing(act: Act, rating_id: str) -> Record:
    found = _find(act.session.connection(), act.caller, rating_id)
    if found["withdrawn_at"] is not None:
        raise RuleBroken("credit-class-withdrawn")
    return found
