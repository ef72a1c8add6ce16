"""Freezing the registers of a draw (DR1 section 2): blinded, ordered, and committed by four Merkle roots."""

from array import array
from binascii import hexlify
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from operator import attrgetter
from struct import Struct
from typing import Final

from app.domain.draw.basics.chunks import Mapper, in_chunks
from app.domain.draw.basics.digest import Alg, new_digest
from app.domain.draw.basics.lines import (
    Inspector,
    Recusal,
    RosterLine,
    check_counts,
    check_inspector,
    check_note,
    check_note_fits,
    check_recusal,
)
from app.domain.draw.basics.text import (
    Refused,
    check_entity_id,
    check_hex64,
    check_tags,
    check_token,
    note_text,
    shown,
    tag_text,
)
from app.domain.draw.packed import DIGEST, Opened, PackedIdentities, PackedLines, lines_root
from app.domain.draw.roots import Roots, ids_root, inspectors_root, recusals_root

_Facts = tuple[str, int, int, tuple[str, ...], str | None]
_facts: Final[Callable[[RosterLine], _Facts]] = attrgetter(
    "stratum", "tickets", "draws_left", "needs", "note"
)

_KIND: Final = Struct("=IIHBx")
"""Code of the stratum, code of needs and note, draws_left, tickets."""
_KIND_AT: Final = 4 * DIGEST
_ROW: Final = Struct(f"=32s32s32s32s{_KIND.size}sI")
"""K, E, X, N, the kind, the number in the roster: what a line is while it is brought into K order."""

_Common = tuple[bytes, bytes, bytes]
"""What follows E in the text of K, what stands between N and the id in the text of X, and the packed kind."""

_Unsealed = tuple[int, list[str], "array[int]", dict[int, _Common]]
"""Number of the first line in the roster; ids; numbers of their kinds; what these kinds have in common."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """The frozen registers; the secret is not among them.

    Attributes:
        alg: hash algorithm.
        lines: in K order.
        identities: in K order.
        ids: all entity ids, in byte order.
        inspectors: in byte order of their ids.
        recusals: in order of (inspector, entity).
        roots: what the plan commits to.
    """

    alg: Alg
    lines: PackedLines
    identities: PackedIdentities
    ids: Sequence[str]
    inspectors: tuple[Inspector, ...]
    recusals: tuple[Recusal, ...]
    roots: Roots


def freeze(
    *,
    alg: Alg,
    secret: str,
    roster: Iterable[RosterLine],
    inspectors: Iterable[Inspector],
    recusals: Iterable[Recusal],
    mapper: Mapper = map,
) -> Frozen:
    """Freeze the registers, in whatever order they come.

    Args:
        alg: hash algorithm.
        secret: `s`, 64 lowercase hex digits from the operating system's CSPRNG.
        roster: every premises once; consumed line by line.
        inspectors: every inspector once.
        recusals: each pair once, of known inspectors and entities.
        mapper: applies a picklable function to chunks, in order: `map`, or that of a process pool.

    Raises:
        Refused: with the code of the first fault; `duplicate-entity`, `duplicate-inspector`,
            `duplicate-recusal`, `unknown-inspector`, `unknown-entity` across lines.
    """
    check_hex64(secret, what="secret")
    incoming = _Roster(roster)
    rows = _sealed_rows(incoming, alg=alg, secret=secret, mapper=mapper)
    lines, identities = _columns(rows, incoming)
    entities = incoming.sorted_runs
    entities.sort()
    _refuse_repeated(entities, code="duplicate-entity", what="entity id")
    staff = tuple(sorted(map(check_inspector, inspectors), key=lambda inspector: inspector.id))
    _refuse_repeated([i.id for i in staff], code="duplicate-inspector", what="inspector id")
    pairs = tuple(sorted(map(check_recusal, recusals)))
    _check_pairs(pairs, staff, entities)
    roots = Roots(
        lines=lines_root(lines, alg=alg, mapper=mapper),
        ids=ids_root(entities, alg=alg, mapper=mapper),
        inspectors=inspectors_root(staff, secret=secret, alg=alg),
        recusals=recusals_root(pairs, secret=secret, alg=alg),
    )
    return Frozen(alg, lines, identities, entities, staff, pairs, roots)


def _refuse_repeated(ordered: Sequence[str], *, code: str, what: str) -> None:
    for left, right in pairwise(ordered):
        if left == right:
            raise Refused(code, f"{what} {shown(left)} occurs twice")


def _check_pairs(pairs: Sequence[Recusal], staff: Sequence[Inspector], entities: Sequence[str]) -> None:
    for left, right in pairwise(pairs):
        if left == right:
            raise Refused("duplicate-recusal", f"{shown(left.inspector)}, {shown(left.entity)} occurs twice")
    known = {inspector.id for inspector in staff}
    for pair in pairs:
        if pair.inspector not in known:
            raise Refused(
                "unknown-inspector", f"recused inspector {shown(pair.inspector)} is not in the list"
            )
        at = bisect_left(entities, pair.entity)
        if at == len(entities) or entities[at] != pair.entity:
            raise Refused("unknown-entity", f"recused entity {shown(pair.entity)} is not in the roster")


class _Kinds(dict[_Facts, int]):
    """Numbers the kinds of lines, a kind being all but the id, and checks each when it first occurs."""

    def __init__(self) -> None:
        super().__init__()
        self.strata: dict[str, int] = {}
        self.opened: dict[Opened, int] = {}
        self.common: list[_Common] = []

    def __missing__(self, facts: _Facts) -> int:
        stratum, tickets, draws_left, needs, note = facts
        check_token(stratum, what="stratum")
        check_counts(tickets=tickets, draws_left=draws_left)
        check_tags(needs, what="needs")
        check_note_fits(check_note(note), tickets=tickets)
        stratum_code = self.strata.setdefault(stratum, len(self.strata))
        opened_code = self.opened.setdefault((needs, note), len(self.opened))
        after_seed, after_opening = f"|{draws_left}", f"|{tag_text(needs)}|{note_text(note)}|"
        kind = _KIND.pack(stratum_code, opened_code, draws_left, tickets)
        self.common.append((after_seed.encode(), after_opening.encode(), kind))
        return self.setdefault(facts, len(self))


class _Roster:
    """The roster as it comes, read once."""

    __slots__ = ("_lines", "ids", "kinds", "sorted_runs")

    def __init__(self, lines: Iterable[RosterLine]) -> None:
        self._lines = lines
        self.kinds = _Kinds()
        self.ids: list[str] = []
        self.sorted_runs: list[str] = []

    def chunks(self) -> Iterator[_Unsealed]:
        """Give the lines in chunks, collecting on the way what is needed of all of them."""
        for lines in in_chunks(self._lines):
            start = len(self.ids)
            ids = [check_entity_id(line.id) for line in lines]
            self.ids += ids
            # Sorting runs now, while others seal, leaves only the merging for later.
            self.sorted_runs += sorted(ids)
            codes = array("I", map(self.kinds.__getitem__, map(_facts, lines)))
            yield start, ids, codes, {code: self.kinds.common[code] for code in set(codes)}


def _seal_chunk(chunk: _Unsealed, *, alg: Alg, secret: str) -> bytes:
    """Compute E, N, K and X of each line and give the rows of the chunk, sorted."""
    start, ids, codes, common = chunk
    new = new_digest(alg)
    seed_start, opening_start = (new(f"dr1|{tag}|{secret}|".encode()).copy for tag in ("es", "en"))
    commitment_start, seal_start = new(b"dr1|ec|").copy, new(b"dr1|ex|").copy
    rows = []
    for number, (entity, code) in enumerate(zip(ids, codes, strict=True), start):
        after_seed, after_opening, kind = common[code]
        name = entity.encode()
        (seed_hash := seed_start()).update(name)
        seed = seed_hash.digest()
        (opening_hash := opening_start()).update(name)
        opening = opening_hash.digest()
        (commitment_hash := commitment_start()).update(hexlify(seed) + after_seed)
        (seal_hash := seal_start()).update(hexlify(opening) + after_opening + name)
        rows.append(_ROW.pack(commitment_hash.digest(), seed, seal_hash.digest(), opening, kind, number))
    rows.sort()
    return b"".join(rows)


def _sealed_rows(roster: _Roster, *, alg: Alg, secret: str, mapper: Mapper) -> list[bytes]:
    """Give the rows of all lines in K order."""
    rows: list[bytes] = []
    for chunk in mapper(partial(_seal_chunk, alg=alg, secret=secret), roster.chunks()):
        rows += [chunk[at : at + _ROW.size] for at in range(0, len(chunk), _ROW.size)]
    rows.sort()
    return rows


def _columns(rows: list[bytes], roster: _Roster) -> tuple[PackedLines, PackedIdentities]:
    """Turn rows into columns by strided copies, no Python object for a line, and empty the list of rows."""
    digests: list[list[bytes]] = [[] for _ in range(4)]
    codes, opened, numbers, draws_left = array("I"), array("I"), array("I"), array("H")
    tickets = bytearray()
    for chunk in in_chunks(rows):
        packed = b"".join(chunk)
        quads, words, halves = array("Q", packed), array("I", packed), array("H", packed)
        for place, column in enumerate(digests):
            column.append(_digest_column(quads, place))
        codes += words[_KIND_AT // 4 :: _ROW.size // 4]
        opened += words[(_KIND_AT + 4) // 4 :: _ROW.size // 4]
        draws_left += halves[(_KIND_AT + 8) // 2 :: _ROW.size // 2]
        tickets += packed[_KIND_AT + 10 :: _ROW.size]
        numbers += words[(_KIND_AT + _KIND.size) // 4 :: _ROW.size // 4]
    # A million rows weigh 200 MB: they go before the columns are joined.
    rows.clear()
    commitments, seeds, seals, openings = (b"".join(digests.pop(0)) for _ in range(4))
    strata = tuple(roster.kinds.strata)
    lines = PackedLines(strata, codes, bytes(tickets), draws_left, seeds, commitments, seals)
    ids = list(map(roster.ids.__getitem__, numbers))
    return lines, PackedIdentities(ids, opened, tuple(roster.kinds.opened), openings)


def _digest_column(rows: "array[int]", place: int) -> bytes:
    """Give the digests at one of the four places of the rows, 32 bytes each."""
    step = _ROW.size // rows.itemsize
    column = array("Q", bytes(len(rows) // step * DIGEST))
    for word in range(4):
        column[word::4] = rows[4 * place + word :: step]
    return column.tobytes()
