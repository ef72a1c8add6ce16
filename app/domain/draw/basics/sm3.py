"""SM3 in pure Python (GB/T 32905-2016, ISO/IEC 10118-3:2018), for machines whose OpenSSL lacks it."""

import struct
from copy import copy
from typing import Final, Self

_BLOCK_BYTES: Final = 64
_MASK: Final = 0xFFFFFFFF
_FIRST_ROUNDS: Final = 16
_INITIAL: Final = (
    0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E,
)  # fmt: skip


def _rotate(word: int, bits: int) -> int:
    bits %= 32
    return ((word << bits) | (word >> (32 - bits))) & _MASK


_ROUND_CONSTANTS: Final = tuple(
    _rotate(0x79CC4519 if j < _FIRST_ROUNDS else 0x7A879D8A, j) for j in range(64)
)


def _expand(block: bytes) -> list[int]:
    """Expand a block of 64 bytes to the 68 words of section 5.3.2."""
    words = list(struct.unpack(">16I", block))
    for j in range(16, 68):
        mixed = words[j - 16] ^ words[j - 9] ^ _rotate(words[j - 3], 15)
        permuted = mixed ^ _rotate(mixed, 15) ^ _rotate(mixed, 23)
        words.append(permuted ^ _rotate(words[j - 13], 7) ^ words[j - 6])
    return words


def _compress(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    """Apply the compression function of section 5.3.3 to one block."""
    words = _expand(block)
    a, b, c, d, e, f, g, h = state
    for j, constant in enumerate(_ROUND_CONSTANTS):
        turned = _rotate(a, 12)
        ss1 = _rotate((turned + e + constant) & _MASK, 7)
        ff = a ^ b ^ c if j < _FIRST_ROUNDS else (a & b) | (a & c) | (b & c)
        gg = e ^ f ^ g if j < _FIRST_ROUNDS else (e & f) | (~e & g)
        tt1 = (ff + d + (ss1 ^ turned) + (words[j] ^ words[j + 4])) & _MASK
        tt2 = (gg + h + ss1 + words[j]) & _MASK
        a, b, c, d = tt1, a, _rotate(b, 9), c
        e, f, g, h = tt2 ^ _rotate(tt2, 9) ^ _rotate(tt2, 17), e, _rotate(f, 19), g
    return tuple(old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h), strict=True))


def _compress_all(state: tuple[int, ...], blocks: bytes) -> tuple[int, ...]:
    for start in range(0, len(blocks), _BLOCK_BYTES):
        state = _compress(state, blocks[start : start + _BLOCK_BYTES])
    return state


class Sm3:
    """An SM3 hash under way, with the methods that hashlib's objects have."""

    __slots__ = ("_length", "_rest", "_state")

    def __init__(self, data: bytes = b"") -> None:
        self._state: tuple[int, ...] = _INITIAL
        self._rest = b""
        self._length = 0
        self.update(data)

    def update(self, data: bytes) -> None:
        """Feed more bytes."""
        self._length += len(data)
        waiting = self._rest + data
        whole = len(waiting) - len(waiting) % _BLOCK_BYTES
        self._state = _compress_all(self._state, waiting[:whole])
        self._rest = waiting[whole:]

    def copy(self) -> Self:
        """Give an independent hash in the same state."""
        return copy(self)

    def digest(self) -> bytes:
        """Give the 32 bytes of the digest of everything fed so far."""
        zeros = (55 - self._length) % _BLOCK_BYTES
        padded = self._rest + b"\x80" + bytes(zeros) + struct.pack(">Q", 8 * self._length)
        return struct.pack(">8I", *_compress_all(self._state, padded))

    def hexdigest(self) -> str:
        """Give the digest as 64 lowercase hex digits."""
        return self.digest().hex()
