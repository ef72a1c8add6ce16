"""Who inspects: the deal of teams to drawn entities (DR1 section 6)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from app.domain.draw.basics.digest import Hash
from app.domain.draw.basics.lines import Inspector, Recusal
from app.domain.draw.teams.board import EMPTY, Board
from app.domain.draw.teams.dealing import Dealer
from app.domain.draw.teams.eligibility import Eligibility

Slot = tuple[str, int]
"""(entity id, slot number); slot 0 is the lead 主办."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A filled slot: this inspector goes to this entity in this place of the team."""

    entity: str
    slot: int
    inspector: str


@dataclass(frozen=True, slots=True)
class Shortage:
    """The certificate that a deal could not fill more slots, checked by `certificate.check_certificate`.

    Attributes:
        short: the empty slots, in place order.
        slots: every slot queued in failed searches, in place order.
        inspectors: those whom these searches applied at their cap, in byte order.
    """

    short: tuple[Slot, ...]
    slots: tuple[Slot, ...]
    inspectors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deal:
    """The result of section 6.

    Attributes:
        place: ids of the drawn entities in the order in which they were served.
        teams: the filled slots in (place, slot) order.
        shortage: the certificate, when a slot stayed empty.
    """

    place: tuple[str, ...]
    teams: tuple[Seat, ...]
    shortage: Shortage | None


def deal_secret(draw_digest: str, secret: str, h: Hash) -> str:
    """Give A, which orders the deal: from D, and the secret s so that teams stay unknown after the reveal."""
    return h(f"dr1|as|{draw_digest}|{secret}")


def place_order(ids: Iterable[str], *, a: str, h: Hash) -> list[str]:
    """Sort drawn entities into the order in which they are served."""
    # Code point order is byte order, so the ids themselves break ties between hashes.
    return [entity for _, entity in sorted((h(f"dr1|ae|{a}|{entity}"), entity) for entity in ids)]


def seat_by_number(
    *,
    place: Sequence[str],
    drawn: Iterable[tuple[str, tuple[str, ...]]],
    slots: Sequence[tuple[str, ...]],
    inspectors: Sequence[Inspector],
    recusals: Iterable[Recusal],
) -> tuple[Eligibility, Board]:
    """Number entities by place and inspectors as given; give their eligibility and an empty board."""
    entity_number = {entity: number for number, entity in enumerate(place)}
    inspector_number = {inspector.id: number for number, inspector in enumerate(inspectors)}
    needs = dict(drawn)
    who = Eligibility(
        needs=[needs[entity] for entity in place],
        slots=slots,
        inspectors=inspectors,
        recused=(
            (inspector_number[recusal.inspector], entity_number[recusal.entity])
            for recusal in recusals
            if recusal.entity in entity_number
        ),
    )
    board = Board(size=len(slots), entities=len(place), caps=[inspector.cap for inspector in inspectors])
    return who, board


def seats(board: Board, *, place: Sequence[str], ids: Sequence[str]) -> tuple[Seat, ...]:
    """List the filled slots of a board in (place, slot) order."""
    size = board.size
    return tuple(
        Seat(place[slot // size], slot % size, ids[inspector])
        for slot, inspector in enumerate(board.holder)
        if inspector != EMPTY
    )


def deal(
    *,
    drawn: Sequence[tuple[str, tuple[str, ...]]],
    slots: Sequence[tuple[str, ...]],
    inspectors: Sequence[Inspector],
    recusals: Collection[Recusal],
    a: str,
    h: Hash,
) -> Deal:
    """Deal teams to the drawn entities, and prove the shortage when a slot stays empty.

    The order of no argument but `slots` changes the result.

    Args:
        drawn: (id, needs) of each drawn entity.
        slots: tags of each place in a team; none in a single-random draw.
        inspectors: all of the plan's.
        recusals: of known inspectors; those of entities that were not drawn are passed over.
        a: A of section 6, from `deal_secret`.
        h: the hash of the draw.
    """
    place = place_order((entity for entity, _ in drawn), a=a, h=h)
    who, board = seat_by_number(
        place=place, drawn=drawn, slots=slots, inspectors=inspectors, recusals=recusals
    )
    dealer = Dealer(board=board, who=who, order_secret=a, h=h)
    short = [slot for slot in range(len(board.holder)) if not dealer.fill(slot)]
    shortage = None
    if short:
        applied = dealer.applied()

        def named(numbers: Iterable[int]) -> tuple[Slot, ...]:
            return tuple((place[slot // board.size], slot % board.size) for slot in numbers)

        shortage = Shortage(
            short=named(short),
            slots=named(reached(board, who, short=short, applied=applied)),
            inspectors=tuple(sorted(who.ids[number] for number in applied)),
        )
    return Deal(tuple(place), seats(board, place=place, ids=who.ids), shortage)


def reached(board: Board, who: Eligibility, *, short: Iterable[int], applied: Iterable[int]) -> list[int]:
    """List the slots queued in failed searches, in (place, slot) order.

    What a failed search reached stays as it is until the end of the deal. So the union of all can be read off
    the final board: the empty slots, all that the applied inspectors hold, and what those queue in teams.
    """
    queued = {*short, *(slot for inspector in applied for slot in board.held[inspector])}
    waiting = list(queued)
    while waiting:
        slot = waiting.pop()
        eligible = who.eligible(slot)
        first = slot - slot % board.size
        for other, inspector in enumerate(board.team(slot), start=first):
            if inspector != EMPTY and other not in queued and eligible >> inspector & 1:
                queued.add(other)
                waiting.append(other)
    return sorted(queued)
