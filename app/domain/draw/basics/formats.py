"""The formats of a ceremony's values (DR1 section 4): dice, hex digits, published lottery results."""

import math
import operator
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise, repeat
from typing import Final

from app.domain.draw.basics.text import Refused, shown

_SIMPLE_FORMAT: Final = re.compile(r"(digits|hex):([1-9][0-9]?)")
_LOTTO_FORMAT: Final = re.compile(r"lotto:([1-9][0-9]?/[1-9][0-9]?(?:\+[1-9][0-9]?/[1-9][0-9]?)*)")
_ALPHABETS: Final = {"digits": "0123456789", "hex": "0123456789abcdef"}
_MAX_VALUE_DIGITS: Final = 64


@dataclass(frozen=True, slots=True)
class _Uniform:
    """`digits:n` and `hex:n`: so many independent digits."""

    alphabet: str
    length: int

    def factors(self) -> Iterator[int]:
        return repeat(len(self.alphabet), self.length)

    def fits(self, value: str) -> bool:
        return len(value) == self.length and all(digit in self.alphabet for digit in value)


@dataclass(frozen=True, slots=True)
class _Lotto:
    """`lotto:K1/M1+…`: groups of K ascending numbers of 01..M."""

    groups: tuple[tuple[int, int], ...]

    def factors(self) -> Iterator[int]:
        return (math.comb(most, count) for count, most in self.groups)

    def fits(self, value: str) -> bool:
        texts = value.split("+")
        return len(texts) == len(self.groups) and all(
            self._group_fits(text.split(","), count, most)
            for text, (count, most) in zip(texts, self.groups, strict=True)
        )

    @staticmethod
    def _group_fits(numbers: list[str], count: int, most: int) -> bool:
        if len(numbers) != count or not all(re.fullmatch("[0-9]{2}", number) for number in numbers):
            return False
        # Two digits each: the order of the texts is the order of the numbers.
        rising = all(left < right for left, right in pairwise(numbers))
        return rising and int(numbers[0]) >= 1 and int(numbers[-1]) <= most


def _format(text: object) -> _Uniform | _Lotto:
    if isinstance(text, str):
        if (simple := _SIMPLE_FORMAT.fullmatch(text)) and int(simple[2]) <= _MAX_VALUE_DIGITS:
            return _Uniform(_ALPHABETS[simple[1]], int(simple[2]))
        if lotto := _LOTTO_FORMAT.fullmatch(text):
            pairs = [group.split("/") for group in lotto[1].split("+")]
            groups = tuple((int(count), int(most)) for count, most in pairs)
            if all(count <= most for count, most in groups):
                return _Lotto(groups)
    raise Refused(
        "bad-format", f"format {shown(text)} is not digits:n, hex:n (n 1 to 64) or lotto:K1/M1+K2/M2..."
    )


def check_format(value: object) -> str:
    """Return a well-formed format of section 4.

    Raises:
        Refused: `bad-format`.
    """
    _format(value)
    return str(value)


def outcomes(value_format: str) -> int:
    """Count the values that a format allows.

    Raises:
        Refused: `bad-format`.
    """
    return math.prod(_format(value_format).factors())


def reach(value_formats: Iterable[str], least: int) -> bool:
    """Tell whether values in all these formats together have at least so many outcomes.

    It stops as soon as they have, so that no format, however long, makes it multiply huge numbers.

    Raises:
        Refused: `bad-format`.
    """
    factors = chain.from_iterable(_format(value_format).factors() for value_format in value_formats)
    return any(product >= least for product in accumulate(factors, operator.mul, initial=1))


def check_value(value_format: str, value: object) -> str:
    """Return a value that is exactly in its format.

    Raises:
        Refused: `bad-format`, `bad-value`.
    """
    if isinstance(value, str) and _format(value_format).fits(value):
        return value
    raise Refused("bad-value", f"value {shown(value)} is not exactly in the format {shown(value_format)}")
