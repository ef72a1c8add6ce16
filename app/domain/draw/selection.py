"""Which premises are drawn (DR1 section 5): a pure function of the frozen lines, the plan and the beacon."""

import math
from array import array
from binascii import hexlify
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from heapq import nsmallest
from itertools import chain
from struct import Struct
from typing import Final, Literal, get_args

from app.domain.draw.basics.chunks import Mapper, chunk_slices
from app.domain.draw.basics.digest import Alg, Hash, new_digest
from app.domain.draw.basics.lines import MAX_TICKETS
from app.domain.draw.packed import DIGEST, PackedLines, digests_at
from app.domain.draw.plan import Stratum

Reason = Literal["due", "coverage", "open"]
REASONS: Final[tuple[Reason, ...]] = get_args(Reason)

_UNDRAWABLE: Final = b"\xff" * DIGEST
_HEX: Final = 2 * DIGEST
_BEGINNING: Final = Struct(">Q24x")
"""The first 8 of a key's 32 bytes, as a number that compares as they do."""


@dataclass(frozen=True, slots=True)
class StratumResult:
    """What section 5 makes of a stratum: sizes before the draw, what was wanted, what was drawn."""

    stratum: str
    size: int
    drawable: int
    quota: int
    cover: int
    wanted: int
    drawn: int

    @property
    def short(self) -> bool:
        """Whether fewer lines were drawable than wanted."""
        return self.drawable < self.wanted


@dataclass(frozen=True, slots=True)
class Drawn:
    """A line that was drawn, why, and by which key; `line` is its number from 0 in K order."""

    stratum: str
    reason: Reason
    key: str
    line: int
    id: str


@dataclass(frozen=True, slots=True)
class Selection:
    """The strata in byte order of their names, and the lines in the order drawn."""

    strata: tuple[StratumResult, ...]
    drawn: tuple[Drawn, ...]


def draw_digest(commitment: str, beacon: str, digest: Hash) -> str:
    """Give D, what C and B become together."""
    return digest(f"dr1|draw|{commitment}|{beacon}")


def quota(size: int, stratum: Stratum) -> int:
    """Give how many lines the ratio demands of a stratum of this size, and at least the minimum."""
    return max((size * stratum.rate_p + stratum.rate_q - 1) // stratum.rate_q, stratum.minimum)


def cover(draws_left: Iterable[int]) -> int:
    """Give how many lines must be drawn now to miss no frequency duty: ceil of the sum of 1/draws_left."""
    owing = Counter(draws_left)
    owing.pop(0, None)
    return math.ceil(sum((Fraction(count, left) for left, count in owing.items()), Fraction(0)))


def keys(lines: PackedLines, *, draw: str, alg: Alg, mapper: Mapper = map) -> bytes:
    """Compute the key of each line, its smallest ticket: 32 bytes a line, all `ff` where it has none.

    Args:
        lines: the frozen lines.
        draw: D in hex.
        alg: hash algorithm.
        mapper: applies a picklable function to chunks, in order.
    """
    chunks = ((lines.seeds[digests_at(at)], lines.tickets[at]) for at in chunk_slices(len(lines)))
    return b"".join(mapper(partial(_chunk_keys, draw=draw, alg=alg), chunks))


def _chunk_keys(chunk: tuple[bytes, bytes], *, draw: str, alg: Alg) -> bytes:
    seeds, tickets = chunk
    start = new_digest(alg)(f"dr1|t|{draw}|".encode()).copy
    ends = [b"|%d" % number for number in range(1, MAX_TICKETS + 1)]
    ends_of = [ends[:count] for count in range(MAX_TICKETS + 1)]
    texts = hexlify(seeds)
    smallest = []
    for at, count in zip(range(0, len(texts), _HEX), tickets, strict=True):
        seed, key = texts[at : at + _HEX], _UNDRAWABLE
        for end in ends_of[count]:
            (ticket := start()).update(seed + end)
            # Bytes compare as their hex texts do. `min` would cost a call for each ticket.
            if (digest := ticket.digest()) < key:
                key = digest
        smallest.append(key)
    return b"".join(smallest)


def select(
    lines: PackedLines,
    strata: Iterable[Stratum],
    *,
    draw: str,
    alg: Alg,
    id_of: Callable[[int], str],
    mapper: Mapper = map,
) -> Selection:
    """Draw.

    Args:
        lines: the frozen lines; their order matters only for the line numbers in the result.
        strata: the plan's strata.
        draw: D in hex.
        alg: hash algorithm.
        id_of: gives the entity id of a drawn line by its number.
        mapper: applies a picklable function to chunks, in order.
    """
    drum = _Drum(lines, keys(lines, draw=draw, alg=alg, mapper=mapper))
    layers = dict(zip(lines.strata, _layers(lines), strict=True))
    results, drawn = [], []
    for stratum in sorted(strata, key=lambda stratum: stratum.name):
        result, picks = _draw_stratum(drum, stratum, layers.get(stratum.name) or _Layer())
        results.append(result)
        drawn += [Drawn(stratum.name, reason, drum.key(at), at, id_of(at)) for reason, at in picks]
    return Selection(tuple(results), tuple(drawn))


@dataclass(slots=True)
class _Layer:
    """The lines of a stratum by their numbers."""

    size: int = 0
    drawable: list[int] = field(default_factory=list)
    owing: list[int] = field(default_factory=list)


def _layers(lines: PackedLines) -> list[_Layer]:
    """Sort the lines into their strata."""
    layers = [_Layer() for _ in lines.strata]
    add_drawable = [layer.drawable.append for layer in layers]
    for index, (code, tickets) in enumerate(zip(lines.codes, lines.tickets, strict=True)):
        if tickets:
            add_drawable[code](index)
    for index, left in enumerate(lines.draws_left):
        if left:
            layers[lines.codes[index]].owing.append(index)
    for code, size in Counter(lines.codes).items():
        layers[code].size = size
    return layers


class _Drum:
    """The lines with their keys, ready to give those that come first."""

    __slots__ = ("_beginnings", "_keys", "lines")

    def __init__(self, lines: PackedLines, line_keys: bytes) -> None:
        self.lines = lines
        self._keys = line_keys
        self._beginnings = array("Q", chain.from_iterable(_BEGINNING.iter_unpack(line_keys)))

    def key(self, index: int) -> str:
        """Give the key of a line in hex."""
        return self._keys[index * DIGEST : (index + 1) * DIGEST].hex()

    def _rank(self, index: int) -> bytes:
        at = slice(index * DIGEST, (index + 1) * DIGEST)
        return self._keys[at] + self.lines.commitments[at]

    def first(self, count: int, indexes: Sequence[int]) -> list[int]:
        """Give so many of these lines in (key, K) order, or all when there are fewer."""
        if count <= 0:
            return []
        # The first 8 bytes tell who can be among the first; only those are compared as a whole.
        beginnings = self._beginnings
        if count < len(indexes):
            last = nsmallest(count, map(beginnings.__getitem__, indexes))[-1]
            indexes = [index for index in indexes if beginnings[index] <= last]
        return sorted(indexes, key=self._rank)[:count]


def _draw_stratum(
    drum: _Drum, stratum: Stratum, layer: _Layer
) -> tuple[StratumResult, list[tuple[Reason, int]]]:
    """Take the due, then cover the duties, then open the rest, each by (key, K)."""
    left = drum.lines.draws_left
    wanted_by_quota = quota(layer.size, stratum)
    wanted_by_duty = cover(left[index] for index in layer.owing)
    wanted = max(wanted_by_quota, wanted_by_duty + stratum.surprise)

    due = [index for index in layer.owing if left[index] == 1]
    later = [index for index in layer.owing if left[index] > 1]
    covering = drum.first(wanted_by_duty - len(due), later)
    taken = {*due, *covering}
    opened = drum.first(wanted - len(taken), [index for index in layer.drawable if index not in taken])

    picks: list[tuple[Reason, int]] = []
    for reason, indexes in zip(REASONS, (drum.first(len(due), due), covering, opened), strict=True):
        picks += [(reason, index) for index in indexes]
    result = StratumResult(
        stratum=stratum.name,
        size=layer.size,
        drawable=len(layer.drawable),
        quota=wanted_by_quota,
        cover=wanted_by_duty,
        wanted=wanted,
        drawn=len(picks),
    )
    return result, picks
