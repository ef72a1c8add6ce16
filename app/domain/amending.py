"""Amending teams (DR1 section 7): what may be amended for which reason, and which visits must wait meanwhile.

Each amendment deals anew, so it follows from something on record, never from a dispatcher's wish: a request
for recusal that somebody else granted, or what the registers say by now.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from app.domain.draw.basics.lines import Inspector
from app.domain.draw.entropy import CeremonyValues
from app.domain.draw.teams.amendments import Amendment, Lend, Recuse
from app.domain.draw.teams.teams import Seat, Slot

NOT_YET: Final = CeremonyValues(())
"""The randomness of an amendment that is logged and waits for it."""

OFFICER_REQUEST: Final = "officer-request"
PARTY_REQUEST: Final = "party-request"
CONFLICT_FOUND: Final = "conflict-found"
ASSIGNMENT: Final = "assignment"

WITHDRAWALS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "absent": "leave",
        "certificate-expired": "certificate-expired",
        "training-expired": "training-expired",
        "not-assigned": "assignment-ended",
    }
)
"""Why an officer who cannot take part any more is withdrawn, by the reason that excludes him from a draw."""

TRANSFERRED: Final = "transferred"
"""The reason where the register has him elsewhere by now, no longer as an officer, or not at all."""

REASONS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "recuse": (OFFICER_REQUEST, PARTY_REQUEST, CONFLICT_FOUND),
        "withdraw": (*WITHDRAWALS.values(), TRANSFERRED),
        "lend": (ASSIGNMENT,),
    }
)
"""Every reason of an amendment, by its kind; two of `recuse` come from requests that were granted."""


def withdrawal_reason(exclusion: str) -> str:
    """Give the reason of a withdrawal for what would exclude the officer from a draw today."""
    return WITHDRAWALS.get(exclusion, TRANSFERRED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Teams:
    """The teams of a draw as they stand between two amendments.

    Attributes:
        slots: tags of each place in a team.
        needs: tags that each drawn premises needs, by id.
        inspectors: everybody of the draw by code, the lent included.
        recused: (inspector, premises).
        left: codes of those who were withdrawn.
        seats: who holds which place.
        short: the places that nobody holds.
    """

    slots: Sequence[tuple[str, ...]]
    needs: Mapping[str, tuple[str, ...]]
    inspectors: Mapping[str, Inspector]
    recused: frozenset[tuple[str, str]]
    left: frozenset[str]
    seats: tuple[Seat, ...]
    short: tuple[Slot, ...]

    def free(self, slot: Slot) -> int:
        """Count those free for a place (section 6): eligible, below their cap, not on its team."""
        entity, number = slot
        wanted = {*self.needs[entity], *self.slots[number]}
        load = Counter(seat.inspector for seat in self.seats)
        team = {seat.inspector for seat in self.seats if seat.entity == entity}
        return sum(
            wanted.issubset(one.tags)
            and load[one.id] < one.cap
            and one.id not in team | self.left
            and (one.id, entity) not in self.recused
            for one in self.inspectors.values()
        )


def may_change(teams: Teams, amendment: Amendment) -> tuple[str, ...] | None:
    """Give the premises whose teams an amendment can change, whatever its random value; None: any not begun.

    Each place that is filled makes at most one more inspector busy. So where every empty place has as many
    free inspectors as there are empty places, each is filled by dealing, and nobody else is moved.

    Args:
        teams: before the amendment.
        amendment: logged, its randomness is not there yet.
    """
    after = _after(teams, amendment)
    waiting = [slot for slot in after.short if slot[0] not in amendment.started]
    if any(after.free(slot) < len(waiting) for slot in waiting):
        return None
    return tuple(sorted({entity for entity, _ in waiting}))


def _after(teams: Teams, amendment: Amendment) -> Teams:
    """Let an amendment take effect, up to where its random value is needed."""
    if isinstance(amendment, Lend):
        return replace(
            teams, inspectors={**teams.inspectors, **{one.id: one for one in amendment.inspectors}}
        )
    code, only = amendment.inspector, amendment.entity if isinstance(amendment, Recuse) else None
    vacated = [
        seat
        for seat in teams.seats
        if seat.inspector == code and seat.entity not in amendment.started and only in {None, seat.entity}
    ]
    return replace(
        teams,
        recused=teams.recused if only is None else teams.recused | {(code, only)},
        left=teams.left | {code} if only is None else teams.left,
        seats=tuple(seat for seat in teams.seats if seat not in vacated),
        short=(*teams.short, *((seat.entity, seat.slot) for seat in vacated)),
    )
