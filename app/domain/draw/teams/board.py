"""The seating at one moment of a deal: who holds which slot, and who still has room."""

from bisect import bisect_left, insort
from collections.abc import Mapping, Sequence
from typing import Final

EMPTY: Final = -1
"""Holder of a slot that nobody holds."""


class Board:
    """Holders of numbered slots; slots, entities and inspectors are numbered as in `Eligibility`.

    Attributes:
        size: slots in a team.
        holder: the inspector of each slot, or `EMPTY`.
        held: the slots of each inspector, rising; how many they are is his load.
        caps: the cap of each inspector.
        room: mask of the inspectors below their cap.
    """

    __slots__ = ("caps", "held", "holder", "room", "size")

    def __init__(self, *, size: int, entities: int, caps: Sequence[int]) -> None:
        self.size = size
        self.holder = [EMPTY] * (size * entities)
        self.held: list[list[int]] = []
        self.caps: list[int] = []
        self.room = 0
        self.join(caps)

    def join(self, caps: Sequence[int]) -> None:
        """Add inspectors behind the known ones."""
        first = len(self.caps)
        self.caps += caps
        self.held += [[] for _ in caps]
        has_room = "".join("1" if cap else "0" for cap in reversed(caps))
        self.room |= int(has_room or "0", 2) << first

    def team(self, slot: int) -> list[int]:
        """Give the holders of all slots of the team to which a slot belongs."""
        first = slot - slot % self.size
        return self.holder[first : first + self.size]

    def put(self, slot: int, inspector: int) -> None:
        """Give an empty slot to an inspector."""
        self.holder[slot] = inspector
        held = self.held[inspector]
        insort(held, slot)
        if len(held) >= self.caps[inspector]:
            self.room &= ~(1 << inspector)

    def vacate(self, slot: int) -> None:
        """Take a held slot from its holder."""
        inspector = self.holder[slot]
        self.holder[slot] = EMPTY
        held = self.held[inspector]
        del held[bisect_left(held, slot)]
        self.room |= 1 << inspector

    def close(self, inspector: int) -> None:
        """Give an inspector nothing more: his cap becomes what he holds."""
        self.caps[inspector] = len(self.held[inspector])
        self.room &= ~(1 << inspector)

    def shift(self, slot: int, inspector: int, queued_by: Mapping[int, int]) -> list[int]:
        """Shift everyone along a path: the inspector takes the slot, its holder the one that queued it.

        Args:
            slot: where the search found an inspector with room.
            inspector: who was found.
            queued_by: for each slot on the path the one that queued it; the empty start for itself.

        Returns:
            The slots on the path, from the one where the inspector was found to the start.
        """
        path = [slot]
        while queued_by[slot] != slot:
            slot = queued_by[slot]
            path.append(slot)
        holders = [self.holder[at] for at in path]
        for at in path[:-1]:
            self.vacate(at)
        for at, taker in zip(path, [inspector, *holders], strict=False):
            self.put(at, taker)
        return path
