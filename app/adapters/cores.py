"""All cores of the machine behind the signature of `map`, for the long lists of a draw."""

import gc
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import chain, islice
from typing import Final, TypeVar

from app.domain.draw.basics.chunks import Mapper

_WORTH_A_POOL: Final = 24
"""Chunks (of 8,192 lines) from which on starting processes pays: below that, hashing here is done sooner."""
_AHEAD: Final = 2
"""Chunks per worker that are handed out before the first result is taken: bounds the memory in flight."""

Chunk = TypeVar("Chunk")
Result = TypeVar("Result")


class _PooledMap:
    """Maps in order over a pool's workers; short lists stay in this process."""

    __slots__ = ("_least", "_pool", "_window")

    def __init__(self, pool: ProcessPoolExecutor, *, workers: int, least: int) -> None:
        self._pool = pool
        self._least = least
        self._window = workers * (1 + _AHEAD)

    def __call__(self, function: Callable[[Chunk], Result], chunks: Iterable[Chunk], /) -> Iterator[Result]:
        remaining = iter(chunks)
        first = list(islice(remaining, self._least))
        if len(first) < self._least:
            return map(function, first)
        return self._in_order(function, chain(first, remaining))

    def _in_order(self, function: Callable[[Chunk], Result], chunks: Iterable[Chunk]) -> Iterator[Result]:
        waiting: deque[Future[Result]] = deque()
        try:
            for chunk in chunks:
                waiting.append(self._pool.submit(function, chunk))
                if len(waiting) >= self._window:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _usable_cores() -> int:
    # Containers and `taskset` narrow the affinity; systems without that notion count what is there.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def all_cores(workers: int | None = None, *, least: int = _WORTH_A_POOL) -> Iterator[Mapper]:
    """Give a mapper over all cores that this process may use; on one core it is `map` itself.

    Processes start when the first long list comes and end with the context. They start afresh and are never
    forked from this process, which may have threads. Functions and chunks must be picklable.

    Args:
        workers: how many processes; None: one for each core.
        least: shorter lists of chunks stay in this process.
    """
    count = _usable_cores() if workers is None else workers
    if count < 2:  # noqa: PLR2004 - one worker would only add the cost of handing over
        yield map
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, mp_context=context) as pool:
        yield _PooledMap(pool, workers=count, least=least)


def collect_rarely() -> None:
    """Let the garbage collector of this process look after 200,000 new objects instead of 700.

    Reading a province makes millions of objects and no cycles; by default the collector walks over them again
    and again, which doubles the time of a roster.
    """
    gc.set_threshold(200_000, 20, 100)
