"""Classes of credit risk 信用风险分类 of entities: listed, entered, corrected, withdrawn."""

from collections.abc import Mapping
from typing import Final

from sqlmodel import col

from app.domain.errors import FieldError, Malformed
from app.domain.registers import CREDIT_CLASSES
from app.services.context import Act, Look
from app.services.registers import entities
from app.services.registers.entering import amend, enter
from app.services.registers.withdrawable import Withdrawable
from app.store.registers import lists
from app.store.registers.bulk import Record
from app.store.registers.credit_classes import CREDIT_CLASSES_QUERY
from app.store.registers.pages import Paging, Records
from app.store.registers.shelves import CREDIT_CLASS_SHELF
from app.store.tables.credit_classes import CreditClass

_FACTS: Final = Withdrawable(
    shelf=CREDIT_CLASS_SHELF,
    query=CREDIT_CLASSES_QUERY,
    row_id=col(CreditClass.id),
    refusal="credit-class-withdrawn",
)
_FIELDS: Final = ("credit_class", "on", "until", "source", "basis")


def read(look: Look, rating_id: str) -> Record:
    """One class that was given."""
    return _FACTS.find(look.connection, look.caller, rating_id)


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
    return _FACTS.find(act.session.connection(), act.caller, made["id"])


def correct(act: Act, rating_id: str, changes: Mapping[str, object], *, reason: str) -> Record:
    """Mend what was entered wrongly 更正; another day makes it another rating, the wrong one is withdrawn.

    Raises:
        Malformed: nothing would change, or a field cannot be read.
        RuleBroken: it was withdrawn, or one of that day is on file already.
    """
    found = _FACTS.standing(act, rating_id)
    if all(found[name] == value for name, value in changes.items()):
        raise Malformed("malformed", FieldError("", "nothing-to-correct", (("fields", ", ".join(_FIELDS)),)))
    if changes.get("on", found["on"]) == found["on"]:
        amend(act, CREDIT_CLASS_SHELF, found, changes, reason=reason)
        return _FACTS.find(act.session.connection(), act.caller, rating_id)
    members = {name: changes.get(name, found[name]) for name in _FIELDS}
    made = enter(act, CREDIT_CLASSES, {"entity": found["entity"], **members})
    _FACTS.give_way(act, found, to=made["id"], reason=reason)
    return _FACTS.find(act.session.connection(), act.caller, made["id"])


def withdraw(act: Act, rating_id: str, *, reason: str) -> Record:
    """Let a class that was entered wrongly count for nothing; it stays on file.

    Raises:
        RuleBroken: it was withdrawn already.
    """
    return _FACTS.withdraw(act, rating_id, reason=reason)
