"""Which premises of different sources may be one 疑似同一场所: names and addresses compared by a stated rule.

Names and addresses are brought to their plain form: NFKC (full-width to half-width), letters and digits only,
small letters; a name loses the words for its legal form at its end. Likeness is Dice's coefficient over pairs
of neighbouring characters (Dice 1945), in whole percent rounded down, repeated pairs counted as often as both
have them. The score weighs both likenesses; where either premises has no address only the name counts, and
must then be more alike.
"""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

WHOLE: Final = 100
_LETTERS_AND_DIGITS: Final = frozenset("LN")

Pairs = frozenset[tuple[str, int]]
"""Pairs of neighbouring characters, each with how often it came before: a multiset as a set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LikenessRule:
    """The rule's numbers and words.

    Attributes:
        name_weight, address_weight: of 100 together.
        propose_from: a pair of this score or more is put before a person.
        name_only_from: the same, where an address is missing.
        most: of one premises at most so many pairs, the most alike first.
        legal_forms: words for the legal form, which a name's end loses.
    """

    name_weight: int
    address_weight: int
    propose_from: int
    name_only_from: int
    most: int
    legal_forms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A premises as far as it is compared; `ref` is whatever names it to the caller."""

    ref: str
    name: str
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How alike two premises are, in percent; `address` None: one of them has none."""

    ref: str
    score: int
    name: int
    address: int | None


def parse_rule(document: Mapping[str, Any]) -> LikenessRule:
    """Read the rule of a document."""
    return LikenessRule(**{**document, "legal_forms": tuple(document["legal_forms"])})


def plain_text(text: str) -> str:
    """Give a text's plain form: NFKC, small letters, letters and digits only."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(c for c in folded if unicodedata.category(c)[0] in _LETTERS_AND_DIGITS)


def plain_name(text: str, rule: LikenessRule) -> str:
    """Give a name's plain form without the words for its legal form at the end, if anything else is left."""
    name = plain_text(text)
    while name not in rule.legal_forms:
        ending = next((one for one in rule.legal_forms if name.endswith(one)), None)
        if ending is None:
            break
        name = name.removesuffix(ending)
    return name


def pairs_of(text: str) -> Pairs:
    """Give the pairs of neighbouring characters of a plain text; of a single character itself."""
    found: Counter[str] = Counter()
    numbered = set()
    for pair in map("".join, pairwise(text)) if len(text) > 1 else text:
        numbered.add((pair, found[pair]))
        found[pair] += 1
    return frozenset(numbered)


def dice(one: Pairs, other: Pairs) -> int:
    """Give Dice's coefficient in whole percent, rounded down; nothing is like an empty text."""
    together = len(one) + len(other)
    return 2 * WHOLE * len(one & other) // together if one and other else 0


@dataclass(frozen=True, slots=True)
class _Known:
    ref: str
    name: Pairs
    address: Pairs


class Lookout:
    """Finds premises that may be the same as a given one, without comparing it with every other."""

    def __init__(self, rule: LikenessRule, places: Iterable[Place]) -> None:
        self._rule = rule
        self._known = [self._plain(place) for place in places]
        self._with_pair: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
        for number, known in enumerate(self._known):
            for pair in known.name:
                self._with_pair[pair].append(number)

    def like(self, place: Place) -> Sequence[Likeness]:
        """Give the premises that are alike enough, the most alike first; never the given one itself.

        Args:
            place: the premises that the others are compared with.
        """
        mine = self._plain(place)
        common = Counter(number for pair in mine.name for number in self._with_pair.get(pair, ()))
        found = []
        for number, shared in common.items():
            other = self._known[number]
            name = 2 * WHOLE * shared // (len(mine.name) + len(other.name))
            if other.ref != place.ref and self._may_do(name):
                likeness = self._likeness(mine, other, name)
                if likeness.score >= self._least(likeness):
                    found.append(likeness)
        found.sort(key=lambda one: (-one.score, one.ref))
        return found[: self._rule.most]

    def _plain(self, place: Place) -> _Known:
        name = pairs_of(plain_name(place.name, self._rule))
        return _Known(place.ref, name, pairs_of(plain_text(place.address or "")))

    def _may_do(self, name: int) -> bool:
        """Whether a name as alike as this can reach a threshold at all, before addresses are compared."""
        rule = self._rule
        best = (name * rule.name_weight + WHOLE * rule.address_weight) // WHOLE
        return best >= rule.propose_from or name >= rule.name_only_from

    def _least(self, likeness: Likeness) -> int:
        return self._rule.name_only_from if likeness.address is None else self._rule.propose_from

    def _likeness(self, mine: _Known, other: _Known, name: int) -> Likeness:
        if not (mine.address and other.address):
            return Likeness(ref=other.ref, score=name, name=name, address=None)
        address = dice(mine.address, other.address)
        rule = self._rule
        score = (name * rule.name_weight + address * rule.address_weight) // WHOLE
        return Likeness(ref=other.ref, score=score, name=name, address=address)
