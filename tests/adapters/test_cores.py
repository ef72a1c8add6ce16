"""A pool of processes behind the signature of `map`."""

import os
from collections.abc import Iterator

import pytest

from app.adapters.cores import all_cores
from app.domain.draw.basics.text import Refused, check_token
from app.domain.draw.freeze import freeze
from tests.domain.draw.roster_cases import SECRET, line


def where(number: int) -> tuple[int, int]:
    """Tell in which process a number was seen."""
    return number, os.getpid()


def token(text: str) -> str:
    """Check a token in another process."""
    return check_token(text, what="note")


def test_long_lists_go_to_other_processes_and_come_back_in_order() -> None:
    """Fifty chunks, two workers."""
    with all_cores(2, least=4) as mapper:
        results = list(mapper(where, range(50)))
    assert [number for number, _ in results] == list(range(50))
    assert os.getpid() not in {process for _, process in results}


@pytest.mark.parametrize(("workers", "size"), [(1, 50), (2, 3)])
def test_short_lists_and_single_cores_start_no_process(workers: int, size: int) -> None:
    """Where starting one would cost more than the work."""
    with all_cores(workers, least=4) as mapper:
        assert list(mapper(where, range(size))) == [(number, os.getpid()) for number in range(size)]


def test_as_many_workers_as_usable_cores_by_default() -> None:
    """Whatever this machine has, the result is that of `map`."""
    with all_cores() as mapper:
        assert list(mapper(abs, range(-9, 0))) == list(range(9, 0, -1))


def test_chunks_are_taken_only_a_little_ahead() -> None:
    """The memory in flight stays bounded however long the list is."""
    taken = []

    def chunks() -> Iterator[int]:
        for number in range(1000):
            taken.append(number)
            yield number

    with all_cores(2, least=4) as mapper:
        results = iter(mapper(abs, chunks()))
        assert next(results) == 0
        assert len(taken) < 10
        assert next(results) == 1


def test_a_refusal_in_another_process_arrives_as_it_is() -> None:
    """Code and detail, not a broken pool."""
    with all_cores(2, least=4) as mapper, pytest.raises(Refused) as refusal:
        list(mapper(token, ["a", "b", "c", "d e", "f"]))
    assert refusal.value.code == "bad-token"


def test_a_draw_is_the_same_on_any_number_of_cores() -> None:
    """Five chunks, so that the pool serves."""
    roster = [line(f"e{number}", "s", 1 + number % 3, 0) for number in range(5 * 8192 - 7)]
    alone = freeze(alg="sha256", secret=SECRET, roster=roster, inspectors=(), recusals=())
    with all_cores(2, least=4) as mapper:
        together = freeze(
            alg="sha256", secret=SECRET, roster=roster, inspectors=(), recusals=(), mapper=mapper
        )
    assert together == alone
