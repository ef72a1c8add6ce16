"""Joint inspections 联合抽查 (clause W3): one draw, teams with members of several agencies, one visit.

A plan names the lead agency 牵头部门 and the items of each. What an officer must be qualified for is asked of
the places of his own agency, not of the whole team: a fire inspector need not know entertainment venues.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.domain.draw.basics.lines import RosterLine
from app.domain.eligibility import AGENCY, REGIME
from app.domain.errors import FieldError
from app.domain.items import Item

Slots = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """Who inspects what together: codes of items by agency, the lead agency's first."""

    lead_agency: str
    items: Mapping[str, tuple[str, ...]]

    @property
    def agencies(self) -> tuple[str, ...]:
        """The agencies, the lead first, the others by code."""
        return self.lead_agency, *sorted(self.items.keys() - {self.lead_agency})

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all items, agency by agency."""
        return tuple(code for agency in self.agencies for code in self.items.get(agency, ()))


def joint_of(document: Mapping[str, Any]) -> Joint:
    """Read what a plan says: `{"lead_agency", "items": {agency: [code…]}}`."""
    items = {agency: tuple(codes) for agency, codes in document["items"].items()}
    return Joint(lead_agency=document["lead_agency"], items=items)


def unknown_items(joint: Joint, known: Mapping[str, Item]) -> Iterator[FieldError]:
    """Find codes that name no item in force."""
    for agency, codes in joint.items.items():
        for n, code in enumerate(codes):
            if code not in known:
                values = (("value", code), ("allowed", ", ".join(known)))
                yield FieldError(f"/joint/items/{agency}/{n}", "unknown-value", values)


def joint_faults(
    joint: Joint, *, item: Item, known: Mapping[str, Item], slots: Slots
) -> Iterator[FieldError]:
    """Find every rule that a joint plan breaks.

    At least two agencies, each with an item and a place; the plan's own item and the first place are the lead
    agency's; no agency inspects what another has the power for.

    Args:
        joint: what the plan says.
        item: the plan's own.
        known: the items in force, which hold all that are named.
        slots: tags of each place in a team.
    """
    if len(joint.items) < 2:  # noqa: PLR2004 - joint means two
        yield FieldError("/joint/items", "joint-needs-two")
    if item.code not in joint.items.get(joint.lead_agency, ()):
        values = (("agency", joint.lead_agency), ("item", item.code))
        yield FieldError("/joint/lead_agency", "joint-lead-item", values)
    for agency, codes in joint.items.items():
        if not codes:
            yield FieldError(f"/joint/items/{agency}", "missing")
        for n, code in enumerate(codes):
            if known[code].agency != agency or code in codes[:n]:
                values = (("item", code), ("agency", known[code].agency))
                yield FieldError(f"/joint/items/{agency}/{n}", "joint-item-agency", values)
    yield from _slot_faults(joint, slots)


def _slot_faults(joint: Joint, slots: Slots) -> Iterator[FieldError]:
    agencies = [agency_of_slot(slot) for slot in slots]
    for n, agency in enumerate(agencies):
        if agency not in joint.items:
            values = (("agencies", ", ".join(joint.agencies)),)
            yield FieldError(f"/slots/{n}", "joint-slot-agency", values)
    if agencies and agencies[0] != joint.lead_agency:
        yield FieldError("/slots/0", "joint-lead-slot", (("agency", joint.lead_agency),))
    for agency in joint.agencies:
        if agency not in agencies:
            yield FieldError("/slots", "joint-no-slot", (("agency", agency),))


def agency_of_slot(slot: Iterable[str]) -> str | None:
    """Give the one agency that a place asks for; None where it asks for none, or for several."""
    found = [tag.removeprefix(AGENCY) for tag in slot if tag.startswith(AGENCY)]
    return found[0] if len(set(found)) == 1 else None


def default_slots(joint: Joint, known: Mapping[str, Item]) -> list[tuple[str, ...]]:
    """Give the places of a team where a plan names none: those of each agency's first item."""
    return [
        slot
        for agency in joint.agencies
        for code in joint.items.get(agency, ())[:1]
        for slot in known[code].slots
    ]


def qualified_slots(
    joint: Joint, *, known: Mapping[str, Item], slots: Slots, regimes: Iterable[str]
) -> list[list[str]]:
    """Give the places with the qualifications that each agency's items ask of its own officers.

    Args:
        joint: who inspects what.
        known: the items in force.
        slots: tags of each place, each of one agency.
        regimes: those of the plan's scope, which the lead agency's officers all need.
    """
    wanted = {agency: _regimes(codes, known) for agency, codes in joint.items.items()}
    wanted[joint.lead_agency] = {
        *regimes,
        *_regimes(joint.items.get(joint.lead_agency, ())[1:], known),
    }
    return [
        sorted({*slot, *(REGIME + regime for regime in wanted.get(agency_of_slot(slot) or "", ()))})
        for slot in slots
    ]


def _regimes(codes: Iterable[str], known: Mapping[str, Item]) -> set[str]:
    return {regime for code in codes for regime in known[code].regimes}


def without_regimes(lines: Iterable[RosterLine]) -> tuple[RosterLine, ...]:
    """Give the lines of a joint draw: what officers must be qualified for is asked of the places instead."""
    return tuple(
        replace(line, needs=tuple(tag for tag in line.needs if not tag.startswith(REGIME))) for line in lines
    )
