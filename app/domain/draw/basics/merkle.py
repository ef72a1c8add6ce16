"""Merkle trees of RFC 6962 section 2.1 and proofs of inclusion of RFC 9162 section 2.1.3.

Levels are bytes, 32 for each node: a million leaves take 32 MB, and far less where only the root is wanted.
"""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Final

from app.domain.draw.basics.chunks import CHUNK, Mapper, in_chunks
from app.domain.draw.basics.digest import Alg, NewDigest, new_digest
from app.domain.draw.basics.text import Refused, check_hex64

_DIGEST: Final = 32
_PAIR: Final = 2 * _DIGEST


def leaf_hash(leaf: bytes, *, alg: Alg) -> bytes:
    """Hash a leaf: `00` stands before it."""
    return new_digest(alg)(b"\x00" + leaf).digest()


def _parents(level: bytes, new: NewDigest) -> bytes:
    # A last node without a neighbour moves up as it is: the same tree as RFC 6962's split at powers of two.
    paired = len(level) // _PAIR * _PAIR
    nodes = [new(b"\x01" + level[at : at + _PAIR]).digest() for at in range(0, paired, _PAIR)]
    return b"".join(nodes) + level[paired:]


def subtree(leaf_hashes: bytes, *, alg: Alg) -> bytes:
    """Give the root over leaf hashes, 32 bytes each, at least one."""
    new = new_digest(alg)
    level = leaf_hashes
    while len(level) > _DIGEST:
        level = _parents(level, new)
    return level


def join(subtrees: Iterable[bytes], *, alg: Alg) -> str:
    """Give the hex root over all leaves from the roots of their chunks, in order.

    Each chunk but the last has exactly `CHUNK` leaves; without any chunk it is the root of the empty tree.
    """
    roots = b"".join(subtrees)
    return (subtree(roots, alg=alg) if roots else new_digest(alg)(b"").digest()).hex()


def _leaves_subtree(leaves: Sequence[bytes], *, alg: Alg) -> bytes:
    new = new_digest(alg)
    return subtree(b"".join([new(b"\x00" + leaf).digest() for leaf in leaves]), alg=alg)


def root(leaves: Iterable[bytes], *, alg: Alg, mapper: Mapper = map) -> str:
    """Give the hex root over leaves of any number; only a chunk of them is held at a time."""
    return join(mapper(partial(_leaves_subtree, alg=alg), in_chunks(leaves, length=CHUNK)), alg=alg)


class Tree:
    """A tree with all its levels, for many proofs of inclusion."""

    __slots__ = ("_levels",)

    def __init__(self, leaf_hashes: bytes, *, alg: Alg) -> None:
        """Build the tree over leaf hashes, 32 bytes each, at least one."""
        new = new_digest(alg)
        self._levels = [leaf_hashes]
        while len(self._levels[-1]) > _DIGEST:
            self._levels.append(_parents(self._levels[-1], new))

    def root(self) -> str:
        """Give the root in hex."""
        return self._levels[-1].hex()

    def path(self, index: int) -> list[str]:
        """Give the inclusion path of the leaf with this number, from the leaf upwards, in hex."""
        path = []
        for level in self._levels:
            sibling = level[(index ^ 1) * _DIGEST :][:_DIGEST]
            if sibling and len(level) > _DIGEST:
                path.append(sibling.hex())
            index >>= 1
        return path


def inclusion_path(leaves: Iterable[bytes], index: int, *, alg: Alg) -> list[str]:
    """Give the inclusion path of one leaf among all, from the leaf upwards, in hex."""
    return Tree(b"".join(leaf_hash(leaf, alg=alg) for leaf in leaves), alg=alg).path(index)


def root_from_path(leaf: bytes, *, index: int, size: int, path: Sequence[str], alg: Alg) -> str:
    """Give the hex root that a leaf, its number and its path make in a tree of `size` (RFC 9162 2.1.3.2).

    Raises:
        Refused: `bad-path` when no tree of this size has such a path, `bad-hex` when a node is no digest.
    """
    if not 0 <= index < size:
        raise Refused("bad-path", f"index {index} is not below the tree's size {size}")
    new = new_digest(alg)
    node, last = leaf_hash(leaf, alg=alg), size - 1
    for text in path:
        sibling = bytes.fromhex(check_hex64(text, what="node of the path"))
        if last == 0:
            raise Refused("bad-path", "the path is longer than the tree is high")
        if index & 1 or index == last:
            node = new(b"\x01" + sibling + node).digest()
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            node = new(b"\x01" + node + sibling).digest()
        index, last = index >> 1, last >> 1
    if last:
        raise Refused("bad-path", "the path is shorter than the tree is high")
    return node.hex()
