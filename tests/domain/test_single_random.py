"""The share of single-random draws (clause M9): by hand, and that nothing is lost in adding up."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Malformed
from app.domain.single_random import CountedDraw, Share, check_year, quarter_of, shares

CAFES = "psb.internet-cafes"


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2026, 1, 1), "2026Q1"),
        (date(2026, 3, 31), "2026Q1"),
        (date(2026, 4, 1), "2026Q2"),
        (date(2028, 2, 29), "2028Q1"),
        (date(2026, 12, 31), "2026Q4"),
    ],
)
def test_quarters(day: date, quarter: str) -> None:
    """The calendar's quarters, leap day included."""
    assert quarter_of(day) == quarter


def test_three_draws_of_a_quarter_by_hand() -> None:
    """One of three single-random: 1/3 of the draws, 2 of 9 visits; rounded down to basis points."""
    draws = [
        CountedDraw(item=CAFES, committed_on=date(2026, 10, day), single=day == 1, visits=day + 1)
        for day in (1, 2, 3)
    ]
    other = CountedDraw(item="psb.venues", committed_on=date(2026, 7, 1), single=False, visits=0)
    assert shares([*draws, other]) == [
        Share(quarter="2026Q3", item="psb.venues", draws=1, single_draws=0, visits=0, single_visits=0),
        Share(quarter="2026Q4", item=CAFES, draws=3, single_draws=1, visits=9, single_visits=2),
    ]
    earlier, cafes = shares([*draws, other])
    assert (cafes.draws_bp, cafes.visits_bp) == (3333, 2222)
    assert (earlier.draws_bp, earlier.visits_bp) == (0, None)


def test_a_year_is_one_that_can_be() -> None:
    """A typing error is told."""
    assert check_year(2026) == 2026
    for year in (26, 20260):
        with pytest.raises(Malformed):
            check_year(year)


DRAWS = st.lists(
    st.builds(
        CountedDraw,
        item=st.sampled_from([CAFES, "psb.venues"]),
        committed_on=st.integers(0, 800).map(lambda n: date(2026, 1, 1) + timedelta(days=n)),
        single=st.booleans(),
        visits=st.integers(0, 50),
    )
)


@given(draws=DRAWS)
def test_every_draw_is_counted_once(draws: list[CountedDraw]) -> None:
    """Sums over quarters and items are the sums over the draws; no share is above the whole."""
    found = shares(draws)
    assert sum(one.draws for one in found) == len(draws)
    assert sum(one.single_draws for one in found) == sum(draw.single for draw in draws)
    assert sum(one.visits for one in found) == sum(draw.visits for draw in draws)
    assert sum(one.single_visits for one in found) == sum(d.visits for d in draws if d.single)
    assert all(0 <= one.draws_bp <= 10_000 for one in found)
