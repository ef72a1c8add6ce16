"""Seats 席位 in teams: how many lines that need the same tags those who are there can serve.

Whether d lines of a kind can be served follows from Hall's theorem: nobody serves one line twice, so for
every set of slots the d lines have no more places than the caps of all who fit one of them, each cap counted
up to d. That is enough: a bipartite graph of degree d falls apart into d matchings (König 1916).
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import chain, combinations

from app.domain.staffing import Staffing

Tags = tuple[str, ...]


class Seats:
    """How many lines of a kind those who are there can serve, with some of them away.

    Args:
        there: slots, at least one, and inspectors.
    """

    def __init__(self, there: Staffing) -> None:
        places = Counter(there.slots)
        self._there = there
        self._sets: Sequence[tuple[frozenset[Tags], int]] = [
            (frozenset(some), sum(places[slot] for slot in some))
            for some in chain.from_iterable(combinations(places, n) for n in range(1, len(places) + 1))
        ]
        self._caps: dict[Tags, list[dict[str, int]]] = {}
        self._spare: dict[tuple[Tags, int], list[int]] = {}

    def _caps_for(self, needs: Tags) -> list[dict[str, int]]:
        """Give the caps of those who fit any slot of each set, at lines with such needs."""
        if needs not in self._caps:
            fit = [one for one in self._there.inspectors if {*needs} <= {*one.tags}]
            self._caps[needs] = [
                {one.id: one.cap for one in fit if any({*slot} <= {*one.tags} for slot in some)}
                for some, _ in self._sets
            ]
        return self._caps[needs]

    def able(self, needs: Tags) -> Mapping[str, int]:
        """Give those who fit a slot at lines with such needs, and their caps."""
        return self._caps_for(needs)[-1]

    def enough(self, needs: Tags, away: frozenset[str], lines: int) -> bool:
        """Tell whether so many lines can be served without those who are away."""
        caps = self._caps_for(needs)
        if (needs, lines) not in self._spare:
            self._spare[needs, lines] = [
                sum(min(cap, lines) for cap in of.values()) - lines * places
                for (_, places), of in zip(self._sets, caps, strict=True)
            ]
        spare = self._spare[needs, lines]
        if lines * len(away) <= min(spare):
            return True
        return all(
            sum(min(of.get(code, 0), lines) for code in away) <= left
            for of, left in zip(caps, spare, strict=True)
        )

    def most(self, needs: Tags, away: frozenset[str], lines: int) -> int:
        """Give how many of so many lines can be served; whoever can serve some can serve fewer."""
        return _largest(lines, lambda served: self.enough(needs, away, served))

    def most_of(self, needs: Tags, more: Tags, lines: int) -> int:
        """Give how many of so many lines may need more tags than the others, so that all can be served.

        Of the lines with fewer needs some slots are looked at, of those with more the same or others besides:
        who fits one of these has at most so many visits as lines where he fits, and not more than his cap.

        Args:
            needs: tags that all of the lines need.
            more: those and others.
            lines: how many there are.
        """
        every, some = ([{}, *self._caps_for(tags)] for tags in (needs, more))
        sets = [(frozenset[Tags](), 0), *self._sets]

        def lacking(few: int, many: int, special: int) -> int:
            places, at_special = sets[few][1], sets[many][1]
            seats = (lines - special) * places + special * at_special
            here = (
                (cap, lines if code in some[few] else lines - special) for code, cap in every[few].items()
            )
            only = ((cap, special) for code, cap in some[many].items() if code not in every[few])
            return seats - sum(min(pair) for pair in chain(here, only))

        pairs = [
            (few, many)
            for few, (slots, _) in enumerate(sets)
            for many, (others, _) in enumerate(sets)
            if slots <= others
        ]
        return _largest(lines, lambda special: all(lacking(*pair, special) <= 0 for pair in pairs))


def _largest(lines: int, fits: Callable[[int], bool]) -> int:
    """Give the largest number, not above `lines`, that fits; what fits less than one is 0."""
    if fits(lines):
        return lines
    fitting, too_many = 0, lines
    while too_many - fitting > 1:
        middle = (fitting + too_many) // 2
        if fits(middle):
            fitting = middle
        else:
            too_many = middle
    return fitting
