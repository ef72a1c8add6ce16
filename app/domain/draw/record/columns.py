"""A record's long files in packed columns: 2,000,000 lines must fit into bounded memory."""

from array import array
from binascii import unhexlify
from collections.abc import Iterator
from sys import intern
from typing import Final

from app.domain.draw.basics.chunks import Mapper
from app.domain.draw.basics.digest import Alg
from app.domain.draw.basics.lines import MAX_TICKETS, FrozenLine, Identity
from app.domain.draw.packed import DIGEST, PackedLines, line_commitments
from app.domain.draw.selection import REASONS, Drawn

_BLOCK: Final = 1024


class Digests:
    """A column of 256-bit digests, written and read as 64 hex digits."""

    __slots__ = ("packed",)

    def __init__(self) -> None:
        self.packed = bytearray()

    def append(self, digest: str) -> None:
        """Add one."""
        self.packed += bytes.fromhex(digest)

    def __iter__(self) -> Iterator[str]:
        """Each as hex text, unpacked in blocks: one at a time costs as much as the hash that it is for."""
        for start in range(0, len(self.packed), _BLOCK * DIGEST):
            text = self.packed[start : start + _BLOCK * DIGEST].hex()
            yield from (text[at : at + 2 * DIGEST] for at in range(0, len(text), 2 * DIGEST))


class Names:
    """A column of names of which few differ: each name kept once."""

    __slots__ = ("codes", "index")

    def __init__(self) -> None:
        self.index: dict[str, int] = {}
        self.codes = array("I")

    def append(self, name: str) -> None:
        """Add one."""
        self.codes.append(self.index.setdefault(name, len(self.index)))

    def __iter__(self) -> Iterator[str]:
        names = list(self.index)
        return (names[code] for code in self.codes)


class LineColumns:
    """`lines.ndjson`."""

    __slots__ = ("draws_left", "seals", "seeds", "strata", "tickets")

    def __init__(self) -> None:
        self.strata = Names()
        self.tickets = bytearray()
        self.draws_left = array("H")
        self.seeds = Digests()
        """E of each line."""
        self.seals = Digests()
        """X of each line."""

    def __len__(self) -> int:
        return len(self.tickets)

    def append(self, line: FrozenLine) -> None:
        """Add one."""
        self.strata.append(line.stratum)
        self.tickets.append(line.tickets)
        self.draws_left.append(line.draws_left)
        self.seeds.append(line.seed)
        self.seals.append(line.seal)

    def append_common(
        self, stratum: bytes, tickets: bytes, draws_left: bytes, seed: bytes, seal: bytes
    ) -> bool:
        """Add one from well-formed fields as they stand in the file, or leave it to the full parser."""
        count = int(tickets)
        if not 0 < count <= MAX_TICKETS or stratum == b"-":
            return False
        self.strata.append(stratum.decode())
        self.tickets.append(count)
        self.draws_left.append(int(draws_left))
        self.seeds.packed += unhexlify(seed)
        self.seals.packed += unhexlify(seal)
        return True

    def pack(self, *, alg: Alg, mapper: Mapper) -> PackedLines:
        """Compute K of each line, and give the lines as the draw itself works on them."""
        seeds = bytes(self.seeds.packed)
        return PackedLines(
            strata=tuple(self.strata.index),
            codes=self.strata.codes,
            tickets=bytes(self.tickets),
            draws_left=self.draws_left,
            seeds=seeds,
            commitments=line_commitments(seeds, self.draws_left, alg=alg, mapper=mapper),
            seals=bytes(self.seals.packed),
        )


class IdentityColumns:
    """`identities.ndjson`; needs and notes are shared between lines that have the same."""

    __slots__ = ("_shared", "ids", "lines", "needs", "notes", "openings")

    def __init__(self) -> None:
        self._shared: dict[tuple[str, ...], tuple[str, ...]] = {}
        self.lines = array("Q")
        self.ids: list[str] = []
        self.needs: list[tuple[str, ...]] = []
        self.notes: list[str | None] = []
        self.openings = Digests()
        """N of each identity."""

    def append(self, identity: Identity) -> None:
        """Add one."""
        self.lines.append(identity.line)
        self.ids.append(identity.id)
        self.needs.append(self._shared.setdefault(identity.needs, identity.needs))
        self.notes.append(identity.note if identity.note is None else intern(identity.note))
        self.openings.append(identity.opening)

    def __iter__(self) -> Iterator[Identity]:
        columns = zip(self.lines, self.ids, self.needs, self.notes, self.openings, strict=True)
        return (Identity(*row) for row in columns)


class SelectionColumns:
    """`selection.ndjson`."""

    __slots__ = ("ids", "keys", "lines", "reasons", "strata")

    def __init__(self) -> None:
        self.strata = Names()
        self.reasons = bytearray()
        self.keys = Digests()
        self.lines = array("Q")
        self.ids: list[str] = []

    def append(self, row: Drawn) -> None:
        """Add one."""
        self.strata.append(row.stratum)
        self.reasons.append(REASONS.index(row.reason))
        self.keys.append(row.key)
        self.lines.append(row.line)
        self.ids.append(row.id)

    def __iter__(self) -> Iterator[Drawn]:
        reasons = map(REASONS.__getitem__, self.reasons)
        columns = zip(self.strata, reasons, self.keys, self.lines, self.ids, strict=True)
        return (Drawn(*row) for row in columns)
