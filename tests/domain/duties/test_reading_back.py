"""Visits that no reader needs change nothing; those of long rolling windows are read (rules.md)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.duties.owed import DrawDuties, Why
from app.domain.facts import Registration, Visit
from app.domain.freezing import visits_that_matter
from app.domain.policy import Policy
from tests.domain.duties.cases import POLICY, with_duties

FIRE = "fire.units"
KEY = Registration(regime="fire_unit", subtype="key", known_since=date(2018, 1, 1))
ON = date(2026, 2, 2)


def rolling(months: int) -> Policy:
    """Give the policy with rolling windows since 2018, key units once in so many months."""
    policy = with_duties(rolling=True, starts_on=date(2018, 1, 1))
    key = tuple(replace(duty, months=months) for duty in policy.frequency if duty.match.regime == "fire_unit")
    return replace(policy, frequency=key)


def visited(day: date) -> Visit:
    """Give a visit that counts."""
    return Visit(item=FIRE, on=day, kind="drawn", agency="fire", codes=("01",))


def duties(policy: Policy, on: date) -> DrawDuties:
    """Give the duties of a draw with visits until the end of the month."""
    last = on + timedelta(days=26)
    return DrawDuties(policy, item=FIRE, on=on, visit_from=on, visit_to=last, draw_ends=(last,))


@pytest.mark.parametrize(
    ("policy", "first"),
    [
        (rolling(24), date(2022, 2, 2)),
        (rolling(18), date(2023, 2, 2)),
        (rolling(6), date(2025, 1, 1)),
        # what rolled until last summer is judged by that policy still; what ended before last year is not
        (replace(POLICY, since=date(2025, 7, 1), before=rolling(24)), date(2022, 2, 2)),
        (replace(POLICY, since=date(2024, 7, 1), before=rolling(24)), date(2025, 1, 1)),
        (replace(POLICY, duties=None), date(2025, 11, 4)),
    ],
)
def test_visits_are_read_back_twice_the_longest_rolling_window(policy: Policy, first: date) -> None:
    """«Due n months after the last counting visit»: a window that was missed is followed by another."""
    assert visits_that_matter(policy, ON) == first


def test_a_visit_sixteen_months_ago_meets_a_duty_of_two_years() -> None:
    """1 October 2024 and 24 months: due on 1 October 2026, not overdue in February."""
    policy = rolling(24)
    visit = visited(date(2024, 10, 1))
    assert visit.on >= visits_that_matter(policy, ON)
    assert duties(policy, ON).owed(KEY, visits=(visit,), open_visits=()).why == Why.OWED


@given(
    months=st.integers(1, 36),
    on=st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    back=st.lists(st.integers(0, 2800), max_size=4),
)
def test_what_is_not_read_makes_nothing_overdue(months: int, on: date, back: list[int]) -> None:
    """Whether a duty is overdue is the same with all visits and with those that are read."""
    policy, made = rolling(months), [visited(on - timedelta(days=days)) for days in back]
    read = [visit for visit in made if visit.on >= visits_that_matter(policy, on)]
    found, of_all = (duties(policy, on).owed(KEY, visits=some, open_visits=()) for some in (read, made))
    assert (found.why == Why.OVERDUE, found.draws_left) == (of_all.why == Why.OVERDUE, of_all.draws_left)
