"""Made-up chance: numbers that look random and follow from a seed by SHA-256, the same on every machine.

Each number is named by what it is for. So a number asked for in one place changes none in another, and two
simulations that differ in one assumption share everything else (common random numbers).
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import accumulate
from typing import Final, TypeVar

_BYTES: Final = 8
_RANGE: Final = 1 << (8 * _BYTES)

Choice = TypeVar("Choice")


@dataclass(frozen=True, slots=True)
class Chance:
    """The chance of one seed."""

    seed: str

    def digest(self, *what: object) -> str:
        """Give the 64 hex digits that belong to a name."""
        return sha256("|".join(map(str, (self.seed, *what))).encode()).hexdigest()

    def share(self, *what: object) -> float:
        """Give a number from 0 up to, not including, 1."""
        named = "|".join(map(str, (self.seed, *what))).encode()
        return int.from_bytes(sha256(named).digest()[:_BYTES], "big") / _RANGE

    def happens(self, probability: float, *what: object) -> bool:
        """Tell whether something of this probability happens."""
        return probability > 0 and self.share(*what) < probability

    def below(self, count: int, *what: object) -> int:
        """Give one of the numbers from 0 to `count - 1`."""
        return min(int(self.share(*what) * count), count - 1)

    def between(self, least: int, most: int, *what: object) -> int:
        """Give one of the numbers from `least` to `most`, both included."""
        return least + self.below(most - least + 1, *what)

    def times(self, expected: float, *what: object) -> int:
        """Give a whole number that is `expected` on average: it, rounded down or up."""
        whole = int(expected)
        return whole + self.happens(expected - whole, *what)

    def one_of(self, choices: Sequence[Choice], *what: object) -> Choice:
        """Give one of these, all alike."""
        return choices[self.below(len(choices), *what)]

    def weighted(self, choices: Sequence[tuple[Choice, int]], *what: object) -> Choice:
        """Give one of these by weight."""
        ends = list(accumulate(weight for _, weight in choices))
        return choices[bisect_right(ends, self.below(ends[-1], *what))][0]
