"""Clocks by hand (mission/rules.md, «Clocks»): 20 working days for a result, 7 for a penalty."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters import china_calendar
from app.domain.errors import Malformed
from app.domain.results.clocks import (
    Deadline,
    check_withholding,
    parse_clocks,
    penalty_deadline,
    result_deadline,
    sooner,
)
from app.domain.working_days import WorkingCalendar

CLOCKS = parse_clocks(json.loads(Path("app/seeds/clocks/default.1.json").read_text("utf-8")))
YEARS = china_calendar.known_years()
CALENDAR = WorkingCalendar.of(YEARS, (day for year in YEARS for day in china_calendar.special_days(year)))


@pytest.mark.parametrize(
    ("ended_on", "due_on", "alarm_on"),
    [
        # Four plain weeks; the alarm a week before.
        (date(2026, 11, 10), date(2026, 12, 8), date(2026, 12, 1)),
        # 14 September: 15-18 (4), 20-24 (9, Sunday made up), 28-30 (12), 8-10 October (15), 12-16 (20).
        (date(2026, 9, 14), date(2026, 10, 16), date(2026, 10, 10)),
    ],
)
def test_a_result_is_due_twenty_working_days_after_the_visit(
    ended_on: date, due_on: date, alarm_on: date
) -> None:
    """Counted off by hand."""
    assert result_deadline(ended_on, CLOCKS, CALENDAR) == Deadline(due_on, alarm_on)


def test_a_penalty_is_due_seven_working_days_after_its_decision() -> None:
    """国办发〔2018〕118号; 28 September 2026: 29, 30 (2), 8 to 10 October (5), 12, 13 (7)."""
    assert penalty_deadline(date(2026, 9, 28), CLOCKS, CALENDAR) == Deadline(
        date(2026, 10, 13), date(2026, 9, 30)
    )


@given(st.dates(date(2005, 1, 1), date(2026, 10, 1)))
def test_an_alarm_comes_between_the_start_and_the_end(day: date) -> None:
    """And a penalty is due before a result."""
    penalty, result = penalty_deadline(day, CLOCKS, CALENDAR), result_deadline(day, CLOCKS, CALENDAR)
    assert day <= penalty.alarm_on < penalty.due_on < result.due_on
    assert sooner(result, penalty) == sooner(penalty, result) == penalty


@pytest.mark.parametrize(
    ("kinds", "punishes"),
    [
        ([], False),
        (["order_to_correct", "temporary_seal"], False),
        (["none", "fine"], True),
        (["warning"], True),
    ],
)
def test_only_penalties_punish(kinds: list[str], punishes: bool) -> None:  # noqa: FBT001 - a table's column
    """行政处罚法 art. 9; a temporary seal is a coercive measure, an order to correct neither."""
    assert CLOCKS.punishes(kinds) is punishes


@pytest.mark.parametrize("until", [date(2026, 11, 2), date(2026, 10, 1), date(2027, 2, 1), date.max])
def test_nothing_is_withheld_without_end(until: date) -> None:
    """From tomorrow to 90 days on: 31 January 2027 is the last day."""
    with pytest.raises(Malformed):
        check_withholding(until, today=date(2026, 11, 2), clocks=CLOCKS)


@pytest.mark.parametrize("until", [date(2026, 11, 3), date(2027, 1, 31)])
def test_a_result_is_withheld_until_a_day(until: date) -> None:
    """The first and the last day that one decision reaches."""
    check_withholding(until, today=date(2026, 11, 2), clocks=CLOCKS)
