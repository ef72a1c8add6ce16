"""The two hash algorithms of a draw: SHA-256 and SM3 (国密, GB/T 32905-2016)."""

import hashlib
from collections.abc import Callable
from typing import Final, Literal, Protocol, Self, get_args

from app.domain.draw.basics.sm3 import Sm3
from app.domain.draw.basics.text import Refused, shown

Alg = Literal["sha256", "sm3"]
ALGS: Final[tuple[Alg, ...]] = get_args(Alg)

Hash = Callable[[str], str]
"""`H(x)` of section 1: text to the 64 lowercase hex digits of the digest of its UTF-8 bytes."""


class Digest(Protocol):
    """A hash under way, as hashlib has them; copies of one that was fed a prefix save hashing it again."""

    def update(self, data: bytes, /) -> None:
        """Feed more bytes."""

    def digest(self) -> bytes:
        """Give the 32 bytes of the digest of everything fed so far."""
        ...

    def hexdigest(self) -> str:
        """Give the digest as 64 lowercase hex digits."""
        ...

    def copy(self) -> Self:
        """Give an independent hash in the same state."""
        ...


NewDigest = Callable[[bytes], Digest]
"""Starts a hash with its first bytes."""


def check_alg(value: object) -> Alg:
    """Return the name of a hash algorithm of DR1.

    Raises:
        Refused: `bad-alg`.
    """
    for alg in ALGS:
        if value == alg:
            return alg
    raise Refused("bad-alg", f"alg {shown(value)} is neither sha256 nor sm3")


def new_digest(alg: Alg, *, library: Callable[[str, bytes], Digest] = hashlib.new) -> NewDigest:
    """Give the constructor of an algorithm: the library's, or pure Python for SM3 where OpenSSL lacks it."""
    if alg == "sha256":
        return hashlib.sha256
    try:
        library("sm3", b"")
    except ValueError:
        return Sm3
    return lambda data: library("sm3", data)


def hasher(alg: Alg) -> Hash:
    """Give `H` of section 1 for an algorithm."""
    new = new_digest(alg)
    return lambda text: new(text.encode()).hexdigest()


def sha256_hex(data: bytes) -> str:
    """Hash bytes with SHA-256 to hex, whatever the draw's own algorithm: drand and the log (section 1)."""
    return hashlib.sha256(data).hexdigest()
