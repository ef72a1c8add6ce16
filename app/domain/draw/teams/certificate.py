"""What teams show without a search: they keep the rules, no deal fills more, where choice was narrow.

Why the certificate proves the shortage: give the slots that it names to anybody. Its inspectors take at most
the sum of their caps of them, any other inspector at most one for each of its pairs, since nobody sits twice
on one team. So at least |slots| - caps - |pairs| of them stay empty in every deal: the easy half of max-flow
min-cut.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from app.domain.draw.basics.digest import Hash
from app.domain.draw.basics.lines import Inspector, Recusal
from app.domain.draw.basics.text import Refused, shown
from app.domain.draw.teams.board import EMPTY, Board
from app.domain.draw.teams.eligibility import Eligibility, members
from app.domain.draw.teams.teams import Seat, Shortage, Slot, place_order, seat_by_number

FEW_ELIGIBLE: Final = 3
"""With fewer eligible for a slot insiders can guess who comes (section 11, warnings)."""


@dataclass(frozen=True, slots=True)
class NarrowSlot:
    """A slot that few inspectors may take at all, whatever their load."""

    entity: str
    slot: int
    eligible: int


def narrow_slots(
    *,
    drawn: Sequence[tuple[str, tuple[str, ...]]],
    slots: Sequence[tuple[str, ...]],
    inspectors: Sequence[Inspector],
    recusals: Collection[Recusal],
) -> Iterator[NarrowSlot]:
    """Find the slots with fewer than 3 eligible inspectors, in the order of `drawn`."""
    place = [entity for entity, _ in drawn]
    who, board = seat_by_number(
        place=place, drawn=drawn, slots=slots, inspectors=inspectors, recusals=recusals
    )
    for slot in range(len(board.holder)):
        eligible = who.eligible(slot).bit_count()
        if eligible < FEW_ELIGIBLE:
            entity, k = divmod(slot, who.size)
            yield NarrowSlot(place[entity], k, eligible)


def check_certificate(
    *,
    drawn: Sequence[tuple[str, tuple[str, ...]]],
    slots: Sequence[tuple[str, ...]],
    inspectors: Sequence[Inspector],
    recusals: Collection[Recusal],
    teams: Sequence[Seat],
    shortage: Shortage | None,
    a: str,
    h: Hash,
) -> None:
    """Check that teams keep the rules of section 6, and that by the certificate no deal fills more slots.

    This says nothing about *who* was picked: only `teams.deal` shows that.

    Args:
        drawn: (id, needs) of each drawn entity.
        slots: tags of each place in a team.
        inspectors: all of the plan's.
        recusals: of known inspectors.
        teams: the filled slots in (place, slot) order.
        shortage: the certificate; None when every slot is filled.
        a: A of section 6, for the place order.
        h: the hash of the draw.

    Raises:
        Refused: `bad-teams`, or `bad-certificate`.
    """
    place = place_order((entity for entity, _ in drawn), a=a, h=h)
    who, board = seat_by_number(
        place=place, drawn=drawn, slots=slots, inspectors=inspectors, recusals=recusals
    )
    number = {(entity, k): at * who.size + k for at, entity in enumerate(place) for k in range(who.size)}
    _seat(teams, board=board, who=who, number=number)
    empty = [slot for slot, holder in enumerate(board.holder) if holder == EMPTY]
    if shortage is None:
        if empty:
            raise Refused("bad-certificate", f"{len(empty)} slots are empty and no certificate says why")
        return
    if not empty or _numbers(shortage.short, number, what="short") != empty:
        raise Refused("bad-certificate", "short is not exactly the empty slots in place order")
    covered = _numbers(shortage.slots, number, what="slots")
    if not set(covered).issuperset(empty):
        raise Refused("bad-certificate", "slots of the certificate lack an empty slot")
    bound = len(covered) - _capacity(shortage.inspectors, covered, board=board, who=who)
    if bound != len(empty):
        raise Refused("bad-certificate", f"it proves {bound} empty slots, but there are {len(empty)}")


def _seat(teams: Sequence[Seat], *, board: Board, who: Eligibility, number: dict[Slot, int]) -> None:
    """Put everyone on the board, refusing whatever no deal could give."""
    known = {code: inspector for inspector, code in enumerate(who.ids)}
    last = -1
    for seat in teams:
        slot = number.get((seat.entity, seat.slot), EMPTY)
        inspector = known.get(seat.inspector, EMPTY)
        if slot <= last or inspector == EMPTY:
            raise Refused("bad-teams", f"{_shown(seat)}: unknown, repeated or out of place order")
        last = slot
        if inspector in board.team(slot) or not who.eligible(slot) & board.room & 1 << inspector:
            raise Refused("bad-teams", f"{_shown(seat)}: not eligible, over the cap, or twice on one team")
        board.put(slot, inspector)


def _numbers(named: Sequence[Slot], number: dict[Slot, int], *, what: str) -> list[int]:
    numbers = [number.get(slot, EMPTY) for slot in named]
    if EMPTY in numbers or any(left >= right for left, right in pairwise(numbers)):
        raise Refused(
            "bad-certificate", f"{what} of the certificate: unknown, repeated or out of place order"
        )
    return numbers


def _capacity(names: Sequence[str], covered: Sequence[int], *, board: Board, who: Eligibility) -> int:
    """Count how many covered slots can be filled at most: the caps of the named inspectors, and the pairs."""
    known = {code: inspector for inspector, code in enumerate(who.ids)}
    if not known.keys() >= set(names) or any(left >= right for left, right in pairwise(names)):
        raise Refused(
            "bad-certificate", "inspectors of the certificate: unknown, repeated or out of byte order"
        )
    named = sum(1 << known[code] for code in names)
    outsiders: dict[int, int] = {}
    for slot in covered:
        entity = slot // who.size
        outsiders[entity] = outsiders.get(entity, 0) | who.eligible(slot) & ~named
    pairs = sum(mask.bit_count() for mask in outsiders.values())
    return sum(board.caps[inspector] for inspector in members(named)) + pairs


def _shown(seat: Seat) -> str:
    return f"seat {shown(seat.slot)} of {shown(seat.entity)} with {shown(seat.inspector)}"
