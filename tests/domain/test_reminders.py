"""When something that runs out is reminded of."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.reminders import Validity, lasting, stage

TODAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("left", "due"),
    [
        (61, None),
        (60, "60"),
        (31, "60"),
        (30, "30"),
        (8, "30"),
        (7, "7"),
        (0, "7"),
        (-1, "past"),
        (-400, "past"),
    ],
)
def test_the_last_reminder_whose_day_has_come_is_due(left: int, due: str | None) -> None:
    """Policy `teams.reminders`: 60, 30 and 7 days before; once it has run out it is past."""
    assert stage(TODAY + timedelta(days=left), today=TODAY, days=(60, 30, 7)) == due


def test_without_days_nothing_is_ever_reminded_of() -> None:
    """The policy can be silent."""
    assert stage(TODAY - timedelta(days=1), today=TODAY, days=()) is None


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.sets(st.integers(0, 90), min_size=1))
def test_each_reminder_is_due_for_a_while_in_the_order_of_the_days(ends: date, days: set[int]) -> None:
    """Day by day the stages go from the longest to the shortest, then past; none is left out."""
    told = [
        stage(ends, today=ends - timedelta(days=left), days=days) for left in range(max(days) + 1, -3, -1)
    ]
    stages = [one for n, one in enumerate(told) if n == 0 or told[n - 1] != one]
    assert stages == [None, *(str(day) for day in sorted(days, reverse=True)), "past"]


def _validity(record: str, runs_out_on: date, *, label: str | None = "fire_unit") -> Validity:
    return Validity(kind="qualification", inspector="i", record=record, label=label, runs_out_on=runs_out_on)


def test_what_something_else_outlasts_is_not_reminded_of() -> None:
    """A renewed qualification: the old record runs out and nothing is lost; another regime stands alone."""
    old, new = _validity("old", TODAY), _validity("new", date.max)
    other = _validity("other", TODAY, label="entertainment")
    assert lasting([old, new, other]) == lasting([new, other, old]) == [new, other]
