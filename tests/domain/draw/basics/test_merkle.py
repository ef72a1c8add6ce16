"""Merkle trees against RFC 6962's recursive definition."""

import hashlib
from contextlib import suppress
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.draw.basics.chunks import CHUNK, chunk_slices, in_chunks
from app.domain.draw.basics.digest import Alg, new_digest
from app.domain.draw.basics.merkle import Tree, inclusion_path, leaf_hash, root, root_from_path
from app.domain.draw.basics.text import Refused

LEAVES = st.lists(st.binary(max_size=3), min_size=1, max_size=40)
sha256_root = partial(root, alg="sha256")


def literal_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1, as it stands there."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + literal_root(leaves[:split]) + literal_root(leaves[split:])).digest()


def test_two_and_three_leaves_worked_by_hand() -> None:
    """The third leaf moves up beside the first node."""
    a, b, c = (hashlib.sha256(b"\x00" + leaf).digest() for leaf in (b"a", b"b", b"c"))
    ab = hashlib.sha256(b"\x01" + a + b).digest()
    abc = hashlib.sha256(b"\x01" + ab + c).hexdigest()
    assert sha256_root([b"a"]) == a.hex()
    assert sha256_root([b"a", b"b"]) == ab.hex()
    assert sha256_root([b"a", b"b", b"c"]) == abc
    assert inclusion_path([b"a", b"b", b"c"], 2, alg="sha256") == [ab.hex()]
    assert inclusion_path([b"a", b"b", b"c"], 0, alg="sha256") == [b.hex(), c.hex()]


@given(LEAVES)
def test_the_root_is_the_recursive_definition_s(leaves: list[bytes]) -> None:
    """Level by level gives the same tree as splitting at powers of two."""
    assert sha256_root(leaves) == literal_root(leaves).hex()


@pytest.mark.parametrize("size", [CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 5])
def test_a_tree_of_many_chunks_is_one_tree(size: int) -> None:
    """Chunks are whole subtrees, so their roots join to the same root."""
    leaves = [str(number).encode() for number in range(size)]
    tree = Tree(b"".join(leaf_hash(leaf, alg="sha256") for leaf in leaves), alg="sha256")
    assert sha256_root(iter(leaves)) == tree.root() == literal_root(leaves).hex()


@given(LEAVES, st.data(), st.sampled_from(["sha256", "sm3"]))
def test_each_path_leads_to_the_root(leaves: list[bytes], data: st.DataObject, alg: Alg) -> None:
    """RFC 9162 section 2.1.3."""
    index = data.draw(st.integers(0, len(leaves) - 1))
    path = inclusion_path(leaves, index, alg=alg)
    assert root_from_path(leaves[index], index=index, size=len(leaves), path=path, alg=alg) == root(
        leaves, alg=alg
    )


@given(LEAVES, st.data())
def test_a_path_proves_no_other_leaf_place_or_size(leaves: list[bytes], data: st.DataObject) -> None:
    """Whatever is changed, the root differs or the path is refused."""
    index = data.draw(st.integers(0, len(leaves) - 1))
    path = inclusion_path(leaves, index, alg="sha256")
    flipped = [format(int(node, 16) ^ 1, "064x") for node in path]
    attempts = [
        (leaves[index] + b"x", index, len(leaves), path),
        (leaves[index], index, len(leaves), [*path, "0" * 64]),
        (leaves[index], index, len(leaves), path[:-1] if path else ["0" * 64]),
        (leaves[index], index, 2 * len(leaves) + 1, path),
        (leaves[index], index, len(leaves), flipped or ["0" * 64]),
        (leaves[index], len(leaves), len(leaves), path),
    ]
    for leaf, place, size, nodes in attempts:
        with suppress(Refused):
            found = root_from_path(leaf, index=place, size=size, path=nodes, alg="sha256")
            assert found != sha256_root(leaves)


def test_a_node_that_is_no_digest_is_refused() -> None:
    """Paths come from strangers."""
    with pytest.raises(Refused, match="bad-hex: node of the path"):
        root_from_path(b"a", index=0, size=2, path=["xyz"], alg="sha256")


@pytest.mark.parametrize(("index", "size"), [(-1, 1), (1, 1), (0, 0)])
def test_an_index_outside_the_tree_is_refused(index: int, size: int) -> None:
    """There is no such leaf."""
    with pytest.raises(Refused, match="bad-path"):
        root_from_path(b"a", index=index, size=size, path=[], alg="sha256")


def test_sm3_trees_hash_leaves_and_nodes_with_sm3() -> None:
    """The algorithm is the draw's."""
    new = new_digest("sm3")
    left, right = new(b"\x00a").digest(), new(b"\x00b").digest()
    assert root([b"a", b"b"], alg="sm3") == new(b"\x01" + left + right).hexdigest()


@given(st.integers(0, 50), st.integers(1, 7))
def test_chunks_hold_everything_in_order(size: int, length: int) -> None:
    """None is empty, and only the last is short."""
    chunks = list(in_chunks(range(size), length=length))
    assert [item for chunk in chunks for item in chunk] == list(range(size))
    assert all(len(chunk) == length for chunk in chunks[:-1])
    assert all(chunks)


def test_slices_cut_at_whole_chunks() -> None:
    """The same cuts as `in_chunks` makes."""
    assert list(chunk_slices(0)) == []
    assert list(chunk_slices(CHUNK + 1)) == [slice(0, CHUNK), slice(CHUNK, CHUNK + 1)]
