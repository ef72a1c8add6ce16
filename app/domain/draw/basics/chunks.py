"""Long lists in chunks, so that a caller can hand in a process pool and nothing here needs to know."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Final, Protocol, TypeVar

CHUNK: Final = 1 << 13
"""Items in a chunk: a power of two, so that each chunk of leaves is a whole subtree of a Merkle tree."""

Item = TypeVar("Item")
Chunk = TypeVar("Chunk")
Result = TypeVar("Result")


class Mapper(Protocol):
    """What `map` does: apply a picklable function to each chunk and give the results in order."""

    def __call__(self, function: Callable[[Chunk], Result], chunks: Iterable[Chunk], /) -> Iterable[Result]:
        """Apply the function to each chunk."""
        ...


def in_chunks(items: Iterable[Item], *, length: int = CHUNK) -> Iterator[list[Item]]:
    """Cut an iterable into lists of `length`; only the last may be shorter, and none is empty."""
    iterator = iter(items)
    while chunk := list(islice(iterator, length)):
        yield chunk


def chunk_slices(size: int) -> Iterator[slice]:
    """Give the slices that cut `size` items into chunks."""
    return (slice(start, min(start + CHUNK, size)) for start in range(0, size, CHUNK))
