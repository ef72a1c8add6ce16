"""Carrying out amendments on dealt teams (DR1 section 7)."""

from collections.abc import Collection, Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.draw.basics.digest import Hash
from app.domain.draw.basics.lines import Inspector, Recusal
from app.domain.draw.basics.text import Refused, shown
from app.domain.draw.teams.amendments import Amendment, Lend, Recuse, check_follows
from app.domain.draw.teams.board import EMPTY
from app.domain.draw.teams.dealing import Dealer
from app.domain.draw.teams.teams import Seat, Slot, place_order, seat_by_number, seats

FEW_FREE: Final = 3
"""With fewer to choose from, whoever lent them chose the person (section 11, warnings)."""


@dataclass(frozen=True, slots=True)
class Filling:
    """A slot that an amendment filled, and how many were free for it just then (0: others had to move)."""

    entity: str
    slot: int
    free: int


@dataclass(frozen=True, slots=True)
class Amended:
    """What one amendment did.

    Attributes:
        amendment: the amendment.
        vacated: the seats it took away.
        filled: the slots it filled, in (place, slot) order.
    """

    amendment: Amendment
    vacated: tuple[Seat, ...]
    filled: tuple[Filling, ...]

    def narrow_lending(self) -> tuple[Filling, ...]:
        """Give the slots for which inspectors were lent so sparingly that the lender named the person."""
        if not isinstance(self.amendment, Lend):
            return ()
        return tuple(filling for filling in self.filled if filling.free < FEW_FREE)


class Replay:
    """The teams of a draw, and the amendments carried out on them one after the other."""

    def __init__(
        self,
        *,
        drawn: Sequence[tuple[str, tuple[str, ...]]],
        slots: Sequence[tuple[str, ...]],
        inspectors: Sequence[Inspector],
        recusals: Collection[Recusal],
        dealt: Iterable[Seat],
        entities: Container[str],
        a: str,
        h: Hash,
    ) -> None:
        """Seat the dealt teams.

        Args:
            drawn: (id, needs) of each drawn entity.
            slots: tags of each place in a team.
            inspectors: all of the plan's.
            recusals: of known inspectors.
            dealt: the teams after the deal; whoever calls has checked them.
            entities: every entity id of the lines, drawn or not.
            a: A of section 6.
            h: the hash of the draw.
        """
        self._a, self._h, self._entities = a, h, entities
        self._place = place_order((entity for entity, _ in drawn), a=a, h=h)
        self._number = {entity: number for number, entity in enumerate(self._place)}
        self._inspectors = list(inspectors)
        self._who, self._board = seat_by_number(
            place=self._place, drawn=drawn, slots=slots, inspectors=inspectors, recusals=recusals
        )
        self._known = {inspector.id: number for number, inspector in enumerate(inspectors)}
        for seat in dealt:
            self._board.put(self._number[seat.entity] * len(slots) + seat.slot, self._known[seat.inspector])
        self._empty = [slot for slot, holder in enumerate(self._board.holder) if holder == EMPTY]
        self._last: Amendment | None = None

    def teams(self) -> tuple[Seat, ...]:
        """List the seats as they stand, in (place, slot) order."""
        return seats(self._board, place=self._place, ids=self._who.ids)

    def short(self) -> tuple[Slot, ...]:
        """List the empty slots as they stand, in (place, slot) order."""
        return tuple(self._named(slot) for slot in self._empty)

    def amend(self, amendment: Amendment, *, beacon: str) -> Amended:
        """Carry out the next amendment.

        Args:
            amendment: its number follows the last one's.
            beacon: B_n, from `amendments.amendment_beacons`.

        Raises:
            Refused: `wrong-number`, `started-shrinks`, `not-drawn`, `unknown-inspector`, `unknown-entity`,
                `known-inspector`; the teams are then as before.
        """
        check_follows(self._last, amendment)
        self._check_names(amendment)
        self._last = amendment
        closed = frozenset(self._number[entity] for entity in amendment.started)
        vacated = self._take_effect(amendment, closed)
        order_secret = self._h(f"dr1|aa|{self._a}|{amendment.n}|{beacon}")
        filled = self._fill(order_secret, closed)
        return Amended(amendment=amendment, vacated=tuple(vacated), filled=tuple(filled))

    def _check_names(self, amendment: Amendment) -> None:
        for entity in amendment.started:
            if entity not in self._number:
                raise Refused("not-drawn", f"started names {shown(entity)}, which was not drawn")
        if isinstance(amendment, Lend):
            for inspector in amendment.inspectors:
                if inspector.id in self._known:
                    raise Refused("known-inspector", f"lent inspector {shown(inspector.id)} is there already")
            return
        if amendment.inspector not in self._known:
            raise Refused("unknown-inspector", f"inspector {shown(amendment.inspector)} is not of this draw")
        if isinstance(amendment, Recuse) and amendment.entity not in self._entities:
            raise Refused("unknown-entity", f"entity {shown(amendment.entity)} is not in the lines")

    def _take_effect(self, amendment: Amendment, closed: frozenset[int]) -> list[Seat]:
        """Apply the table of section 7; give the seats that became empty."""
        if isinstance(amendment, Lend):
            self._known |= {i.id: len(self._known) + k for k, i in enumerate(amendment.inspectors)}
            self._inspectors += amendment.inspectors
            self._board.join([inspector.cap for inspector in amendment.inspectors])
            self._who.match(self._inspectors)
            return []
        inspector = self._known[amendment.inspector]
        held = [slot for slot in self._board.held[inspector] if slot // self._board.size not in closed]
        if isinstance(amendment, Recuse):
            entity = self._number.get(amendment.entity, EMPTY)
            if entity != EMPTY:
                self._who.recuse(inspector, entity)
            held = [slot for slot in held if slot // self._board.size == entity]
        for slot in held:
            self._board.vacate(slot)
        if not isinstance(amendment, Recuse):
            self._board.close(inspector)
        self._empty = sorted([*self._empty, *held])
        return [Seat(*self._named(slot), amendment.inspector) for slot in held]

    def _fill(self, order_secret: str, closed: frozenset[int]) -> list[Filling]:
        size = self._board.size
        waiting = [slot for slot in self._empty if slot // size not in closed]
        if not waiting:
            return []
        dealer = Dealer(board=self._board, who=self._who, order_secret=order_secret, h=self._h, closed=closed)
        filled = []
        for slot in waiting:
            if dealer.hopeless(slot):
                continue
            free = dealer.free(slot).bit_count()
            if dealer.fill(slot):
                filled.append(Filling(*self._named(slot), free))
        self._empty = [slot for slot in self._empty if self._board.holder[slot] == EMPTY]
        return filled

    def _named(self, slot: int) -> Slot:
        entity, k = divmod(slot, self._board.size)
        return self._place[entity], k
