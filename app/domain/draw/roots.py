"""The Merkle roots that a plan commits to, besides the lines' own (DR1 section 2)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from app.domain.draw.basics import merkle
from app.domain.draw.basics.chunks import Mapper, chunk_slices
from app.domain.draw.basics.digest import Alg, Hash, hasher, new_digest
from app.domain.draw.basics.lines import Inspector, Recusal, id_leaf, inspector_leaf, recusal_leaf
from app.domain.draw.plan import Root


@dataclass(frozen=True, slots=True)
class Roots:
    """The four lists that a plan commits to."""

    lines: Root
    ids: Root
    inspectors: Root
    recusals: Root


def ids_root(ids: Sequence[str], *, alg: Alg, mapper: Mapper = map) -> Root:
    """Compute the committed root over the entity ids, in the order they stand."""
    chunks = (ids[at] for at in chunk_slices(len(ids)))
    return Root(len(ids), merkle.join(mapper(partial(_ids_subtree, alg=alg), chunks), alg=alg))


def _ids_subtree(ids: Sequence[str], *, alg: Alg) -> bytes:
    new = new_digest(alg)
    start = b"\x00" + id_leaf("").encode()
    return merkle.subtree(b"".join([new(start + entity.encode()).digest() for entity in ids]), alg=alg)


def inspectors_root(inspectors: Sequence[Inspector], *, secret: str, alg: Alg) -> Root:
    """Compute the committed root over the inspectors, in the order they stand."""
    leaves = (leaf.encode() for leaf in inspector_leaves(inspectors, secret=secret, digest=hasher(alg)))
    return Root(len(inspectors), merkle.root(leaves, alg=alg))


def recusals_root(recusals: Sequence[Recusal], *, secret: str, alg: Alg) -> Root:
    """Compute the committed root over the recusals, in the order they stand."""
    leaves = (leaf.encode() for leaf in recusal_leaves(recusals, secret=secret, digest=hasher(alg)))
    return Root(len(recusals), merkle.root(leaves, alg=alg))


def inspector_leaves(inspectors: Iterable[Inspector], *, secret: str, digest: Hash) -> Iterator[str]:
    """Give the leaf texts of inspectors, each under its own blind."""
    for inspector in inspectors:
        yield inspector_leaf(inspector, blind=digest(f"dr1|ib|{secret}|{inspector.id}"))


def recusal_leaves(recusals: Iterable[Recusal], *, secret: str, digest: Hash) -> Iterator[str]:
    """Give the leaf texts of recusals, each under its own blind."""
    for recusal in recusals:
        blind = digest(f"dr1|rb|{secret}|{recusal.inspector}|{recusal.entity}")
        yield recusal_leaf(recusal, blind=blind)
