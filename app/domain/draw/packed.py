"""The lines of a draw in packed columns: 32 bytes for a digest, no object for a line, a million in 110 MB."""

from array import array
from binascii import hexlify
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from app.domain.draw.basics import merkle
from app.domain.draw.basics.chunks import Mapper, chunk_slices
from app.domain.draw.basics.digest import Alg, new_digest
from app.domain.draw.basics.lines import MAX_TICKETS, FrozenLine, Identity, line_leaf
from app.domain.draw.plan import Root

DIGEST: Final = 32
_HEX: Final = 2 * DIGEST


@dataclass(frozen=True, slots=True)
class PackedLines:
    """The lines of a draw, in K order once frozen; index i is line i in every column.

    Attributes:
        strata: names of the strata, each once.
        codes: index into `strata` for each line (type code I).
        tickets: for each line.
        draws_left: for each line (type code H).
        seeds: E of section 2, 32 bytes a line.
        commitments: K of section 2, 32 bytes a line.
        seals: X of section 2, 32 bytes a line.
    """

    strata: tuple[str, ...]
    codes: "array[int]"
    tickets: bytes
    draws_left: "array[int]"
    seeds: bytes
    commitments: bytes
    seals: bytes

    def __len__(self) -> int:
        return len(self.codes)

    def line(self, index: int) -> FrozenLine:
        """Give one line as the record publishes it."""
        at = slice(index * DIGEST, (index + 1) * DIGEST)
        return FrozenLine(
            stratum=self.strata[self.codes[index]],
            tickets=self.tickets[index],
            draws_left=self.draws_left[index],
            seed=self.seeds[at].hex(),
            seal=self.seals[at].hex(),
        )

    def __iter__(self) -> Iterator[FrozenLine]:
        return (self.line(index) for index in range(len(self)))

    def leaf(self, index: int) -> str:
        """Give the leaf text of one line."""
        at = slice(index * DIGEST, (index + 1) * DIGEST)
        return line_leaf(
            stratum=self.strata[self.codes[index]],
            tickets=self.tickets[index],
            commitment=self.commitments[at].hex(),
            seal=self.seals[at].hex(),
        )


Opened = tuple[tuple[str, ...], str | None]
"""Needs and note of a line, which many lines share."""


@dataclass(frozen=True, slots=True)
class PackedIdentities:
    """What opens the lines, in the order of the lines.

    Attributes:
        ids: entity id of each line.
        codes: index into `distinct` for each line (type code I).
        distinct: each pair of needs and note that occurs, once.
        openings: N of section 2, 32 bytes a line.
    """

    ids: Sequence[str]
    codes: "array[int]"
    distinct: tuple[Opened, ...]
    openings: bytes

    def __len__(self) -> int:
        return len(self.ids)

    def identity(self, line: int) -> Identity:
        """Give what opens one line."""
        needs, note = self.distinct[self.codes[line]]
        opening = self.openings[line * DIGEST : (line + 1) * DIGEST].hex()
        return Identity(line=line, id=self.ids[line], needs=needs, note=note, opening=opening)

    def __iter__(self) -> Iterator[Identity]:
        return (self.identity(line) for line in range(len(self)))


def digests_at(chunk: slice) -> slice:
    """Give the bytes of a column of digests that belong to a slice of lines."""
    return slice(chunk.start * DIGEST, chunk.stop * DIGEST)


def pack_lines(lines: Iterable[FrozenLine], *, alg: Alg, mapper: Mapper = map) -> PackedLines:
    """Pack published lines in the order given and compute K of each."""
    names: dict[str, int] = {}
    codes, draws_left = array("I"), array("H")
    tickets, seeds, seals = bytearray(), bytearray(), bytearray()
    for line in lines:
        codes.append(names.setdefault(line.stratum, len(names)))
        tickets.append(line.tickets)
        draws_left.append(line.draws_left)
        seeds += bytes.fromhex(line.seed)
        seals += bytes.fromhex(line.seal)
    packed = bytes(seeds)
    return PackedLines(
        strata=tuple(names),
        codes=codes,
        tickets=bytes(tickets),
        draws_left=draws_left,
        seeds=packed,
        commitments=line_commitments(packed, draws_left, alg=alg, mapper=mapper),
        seals=bytes(seals),
    )


def line_commitments(seeds: bytes, draws_left: "array[int]", *, alg: Alg, mapper: Mapper = map) -> bytes:
    """Compute K of section 2 for columns of E and draws_left, 32 bytes a line."""
    chunks = ((seeds[digests_at(at)], draws_left[at]) for at in chunk_slices(len(draws_left)))
    return b"".join(mapper(partial(_commitments, alg=alg), chunks))


def _commitments(chunk: "tuple[bytes, array[int]]", *, alg: Alg) -> bytes:
    seeds, draws_left = chunk
    new = new_digest(alg)
    texts = hexlify(seeds)
    return b"".join(
        [
            new(b"dr1|ec|%b|%d" % (texts[at : at + _HEX], left)).digest()
            for at, left in zip(range(0, len(texts), _HEX), draws_left, strict=True)
        ]
    )


def lines_root(lines: PackedLines, *, alg: Alg, mapper: Mapper = map) -> Root:
    """Compute the committed root over the lines, in the order they stand."""
    chunks = (
        (lines.codes[at], lines.tickets[at], lines.commitments[digests_at(at)], lines.seals[digests_at(at)])
        for at in chunk_slices(len(lines))
    )
    worker = partial(_lines_subtree, strata=lines.strata, alg=alg)
    return Root(len(lines), merkle.join(mapper(worker, chunks), alg=alg))


def _lines_subtree(
    chunk: "tuple[array[int], bytes, bytes, bytes]", *, strata: tuple[str, ...], alg: Alg
) -> bytes:
    codes, tickets, commitments, seals = chunk
    commitment_texts, seal_texts = hexlify(commitments), hexlify(seals)
    new = new_digest(alg)
    starts = [f"\0dr1|line|{stratum}|".encode() for stratum in strata]
    counts = [b"%d|" % count for count in range(MAX_TICKETS + 1)]
    hashes = [
        new(
            starts[code]
            + counts[count]
            + commitment_texts[at : at + _HEX]
            + b"|"
            + seal_texts[at : at + _HEX]
        ).digest()
        for code, count, at in zip(codes, tickets, range(0, len(seal_texts), _HEX), strict=True)
    ]
    return merkle.subtree(b"".join(hashes), alg=alg)
