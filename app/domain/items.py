"""Inspection items 抽查事项: what may be inspected, by whom, on which legal basis, with which checklist."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.policy import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One version of an inspection item.

    Attributes:
        code: such as `psb.venues`.
        version: from 1.
        agency: code of the agency that has the power.
        regimes: regimes that the item inspects where a plan names none.
        joinable_regimes: further ones that a plan may name, since one clause covers both alike.
        slots: tags of the places in a team where a plan names none.
        document: everything, as published.
    """

    code: str
    version: int
    agency: str
    regimes: tuple[str, ...]
    joinable_regimes: tuple[str, ...]
    slots: tuple[tuple[str, ...], ...]
    document: dict[str, Any]

    @property
    def permitted_regimes(self) -> tuple[str, ...]:
        """Every regime that a plan for this item may name."""
        return *self.regimes, *self.joinable_regimes


def current_items(documents: Iterable[Document], on: date) -> dict[str, Item]:
    """Give the newest version in force of each item on a day, by code.

    Args:
        documents: every version of every item.
        on: the day.
    """
    day = on.isoformat()
    found: dict[str, Item] = {}
    for document in sorted(documents, key=lambda d: (d["code"], d["valid_from"], d["version"])):
        if document["valid_from"] <= day and (document["valid_to"] is None or day <= document["valid_to"]):
            found[document["code"]] = _item(document)
    return found


def _item(document: Document) -> Item:
    return Item(
        code=document["code"],
        version=document["version"],
        agency=document["agency"],
        regimes=tuple(document["regimes"]),
        joinable_regimes=tuple(document["joinable_regimes"]),
        slots=tuple(tuple(slot) for slot in document["slots"]),
        document=dict(document),
    )


def checklist_of(items: Sequence[Item]) -> list[dict[str, Any]]:
    """Give the checklist 检查单 of a visit that carries these items, a snapshot of the versions given.

    Of one item it is that item's own. Entries of several say whose they are, and their ids are told apart by
    the item's code: `fire.units:3`.
    """
    if len(items) == 1:
        return [dict(entry) for entry in items[0].document["checklist"]]
    return [
        {
            **entry,
            "id": f"{item.code}:{entry['id']}",
            "item": item.code,
            "item_version": item.version,
            "agency": item.agency,
        }
        for item in items
        for entry in item.document["checklist"]
    ]
