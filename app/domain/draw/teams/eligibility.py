"""Who may take which slot (DR1 section 6, *eligible*), as bit masks over numbered inspectors.

Bit i of every mask stands for inspector number i. Slots whose entities need the same share one mask: a city
has hundreds of thousands of slots but only districts x regimes x roles kinds of them. Memory is one mask of
inspectors / 8 bytes for each asked tag and each distinct kind; a question of eligibility is one `and`.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from itertools import compress
from operator import and_, or_
from typing import Final

from app.domain.draw.basics.lines import Inspector

_DIGIT_BITS: Final = bytes.maketrans(b"01", b"\x00\x01")


def members(mask: int) -> list[int]:
    """List the bits that are set in a mask, from the lowest."""
    if mask.bit_count() * 8 > mask.bit_length():
        flags = f"{mask:b}"[::-1].encode().translate(_DIGIT_BITS)
        return list(compress(range(len(flags)), flags))
    found = []
    while mask:
        lowest = mask & -mask
        found.append(lowest.bit_length() - 1)
        mask ^= lowest
    return found


class Eligibility:
    """Tells for every slot which inspectors' tags contain its tags and whom no recusal keeps out.

    Entities are numbered by place; slot number `entity * size + k` is slot k of an entity.

    Attributes:
        size: slots in a team.
        ids: the ids of the inspectors, by number.
        classes: the distinct masks of inspectors by tags alone.
        kind: the kind of each entity: those of one kind need the same tags.
        reach: for each kind the inspectors whose tags fit any of its slots, recused ones included.
    """

    __slots__ = ("_class_of", "_needs", "_recused", "_slots", "classes", "ids", "kind", "reach", "size")

    def __init__(
        self,
        *,
        needs: Sequence[tuple[str, ...]],
        slots: Sequence[tuple[str, ...]],
        inspectors: Sequence[Inspector],
        recused: Iterable[tuple[int, int]],
    ) -> None:
        """Number the kinds of entities and match them.

        Args:
            needs: tags that each entity needs, by place.
            slots: tags of each place in a team.
            inspectors: in the order of their numbers.
            recused: (inspector number, entity number).
        """
        self.size = len(slots)
        self._slots = slots
        kinds: dict[tuple[str, ...], int] = {}
        self.kind = [kinds.setdefault(tags, len(kinds)) for tags in needs]
        self._needs = list(kinds)
        self._recused: dict[int, int] = {}
        for inspector, entity in recused:
            self.recuse(inspector, entity)
        self.match(inspectors)

    def match(self, inspectors: Sequence[Inspector]) -> None:
        """Compute every mask by tags; again after inspectors were added behind the known ones."""
        asked = {tag for tags in (*self._needs, *self._slots) for tag in tags}
        masks = _masks_by_tag(asked, inspectors)
        everyone = (1 << len(inspectors)) - 1
        self.ids = [inspector.id for inspector in inspectors]
        numbers: dict[int, int] = {}
        self._class_of: list[int] = []
        self.reach: list[int] = []
        for needs in self._needs:
            fit = reduce(and_, (masks.get(tag, 0) for tag in needs), everyone)
            row = [reduce(and_, (masks.get(tag, 0) for tag in tags), fit) for tags in self._slots]
            self._class_of += [numbers.setdefault(mask, len(numbers)) for mask in row]
            self.reach.append(reduce(or_, row, 0))
        self.classes: list[int] = list(numbers)

    def recuse(self, inspector: int, entity: int) -> None:
        """Keep an inspector away from an entity."""
        self._recused[entity] = self._recused.get(entity, 0) | 1 << inspector

    def recused(self, entity: int) -> int:
        """Give the mask of those whom a recusal keeps away from an entity."""
        return self._recused.get(entity, 0)

    def class_of(self, slot: int) -> int:
        """Give the index in `classes` of a slot's mask by tags alone."""
        entity, k = divmod(slot, self.size)
        return self._class_of[self.kind[entity] * self.size + k]

    def eligible(self, slot: int) -> int:
        """Give the mask of those eligible for a slot."""
        return self.classes[self.class_of(slot)] & ~self.recused(slot // self.size)


def _masks_by_tag(asked: set[str], inspectors: Sequence[Inspector]) -> Mapping[str, int]:
    rows: dict[str, bytearray] = {}
    width = len(inspectors) // 8 + 1
    for number, inspector in enumerate(inspectors):
        for tag in inspector.tags:
            if tag in asked:
                row = rows.get(tag)
                if row is None:
                    row = rows[tag] = bytearray(width)
                row[number >> 3] |= 1 << (number & 7)
    return {tag: int.from_bytes(row, "little") for tag, row in rows.items()}
