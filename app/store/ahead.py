"""The next piece of a long reading is fetched while this one is worked on: the database works meanwhile."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from time import sleep
from typing import Any, Final, TypeVar

One = TypeVar("One")

_A_TURN: Final = 32


def one_ahead(pieces: Iterator[Iterable[One]]) -> Iterator[One]:
    """Give what is in the `pieces`, each fetched in a second thread while the one before is in use.

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
            for number, one in enumerate(piece):
                # The reader needs the interpreter for every few kilobytes that arrive; who works without
                # pause lets go of it every five milliseconds only, and the database would mostly wait.
                if not number % _A_TURN:
                    sleep(0)
                yield one
