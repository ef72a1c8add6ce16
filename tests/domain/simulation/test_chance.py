"""Made-up chance: the same from the same seed, even, and independent of what else is asked."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.simulation.chance import Chance

CHANCE = Chance("seed")


def test_numbers_follow_from_seed_and_name() -> None:
    """SHA-256 of `seed|name`, worked out with `printf 'seed|visit|1' | sha256sum`."""
    digest = "8456fe248fd90849a685b96ed3ba9ea0ca273c264f44483b8dffda4398233775"
    assert CHANCE.digest("visit", 1) == digest
    assert CHANCE.share("visit", 1) == int(digest[:16], 16) / 2**64
    assert Chance("other").digest("visit", 1) != digest


@given(st.text(max_size=20), st.integers(1, 1000), st.integers())
def test_below_stays_below(seed: str, count: int, name: int) -> None:
    """A number from 0 to count - 1, and `between` from the least to the most."""
    chance = Chance(seed)
    assert 0 <= chance.below(count, name) < count
    assert 5 <= chance.between(5, 5 + count, name) <= 5 + count
    assert 0 <= chance.share(name) < 1


def test_a_die_is_even() -> None:
    """6,000 throws: each face about 1,000 times (five standard deviations are 144)."""
    faces = Counter(CHANCE.between(1, 6, "die", n) for n in range(6000))
    assert set(faces) == {1, 2, 3, 4, 5, 6}
    assert all(abs(count - 1000) < 144 for count in faces.values())


@pytest.mark.parametrize(("probability", "least", "most"), [(0.0, 0, 0), (1.0, 2000, 2000), (0.25, 400, 600)])
def test_what_happens_happens_as_often_as_it_should(probability: float, least: int, most: int) -> None:
    """Of 2,000."""
    assert least <= sum(CHANCE.happens(probability, "event", n) for n in range(2000)) <= most


def test_times_are_the_expected_number_on_average() -> None:
    """2.3 is 2 or 3, and 2.3 on average."""
    times = [CHANCE.times(2.3, n) for n in range(2000)]
    assert set(times) == {2, 3}
    assert sum(times) / len(times) == pytest.approx(2.3, abs=0.06)


def test_choices_go_by_weight() -> None:
    """1 to 3, and what weighs nothing never."""
    chosen = Counter(CHANCE.weighted((("a", 1), ("never", 0), ("b", 3)), n) for n in range(2000))
    assert set(chosen) == {"a", "b"}
    assert chosen["b"] / chosen["a"] == pytest.approx(3, rel=0.2)
    assert {CHANCE.one_of("xyz", n) for n in range(50)} == {"x", "y", "z"}
