"""The next piece of a long reading is fetched while this one is worked on: the database works meanwhile."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Piece = TypeVar("Piece")


def one_ahead(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Give what `pieces` gives, each fetched in a second thread while the one before is in use.

    Whoever takes from it asks the same connection nothing else until it is exhausted or closed; then no
    question is under way any more.

    Args:
        pieces: asks the database when it is advanced.
    """
    ended: Any = object()
    with ThreadPoolExecutor(1, thread_name_prefix="reading-ahead") as reader:
        coming = reader.submit(next, pieces, ended)
        while (piece := coming.result()) is not ended:
            coming = reader.submit(next, pieces, ended)
            yield piece
