"""Clocks by hand (mission/rules.md, «Clocks»): 20 working days for a result, 7 for a penalty."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters import china_calendar
from app.domain.errors import Malformed, RuleBroken
from app.domain.results.clocks import (
    Clocks,
    Count,
    Deadline,
    check_withholding,
    deadline,
    parse_clocks,
    penalty_count,
    recheck_by,
    result_count,
    wanted_year,
)
from app.domain.working_days import SpecialDay, WorkingCalendar


def clocks_of(version: int) -> Clocks:
    """A version of the clocks that come with the application."""
    return parse_clocks(json.loads(Path(f"app/seeds/clocks/default.{version}.json").read_text("utf-8")))


OLD, CLOCKS = clocks_of(1), clocks_of(2)
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
    assert deadline([result_count(ended_on, CLOCKS)], CLOCKS, CALENDAR) == Deadline(due_on, alarm_on)


def test_a_penalty_is_due_seven_working_days_after_its_decision() -> None:
    """国办发〔2018〕118号; 28 September 2026: 29, 30 (2), 8 to 10 October (5), 12, 13 (7)."""
    assert deadline([penalty_count(date(2026, 9, 28), CLOCKS)], CLOCKS, CALENDAR) == Deadline(
        date(2026, 10, 13), date(2026, 9, 30)
    )


@given(st.dates(date(2005, 1, 1), date(2026, 10, 1)), st.integers(0, 30))
def test_what_is_due_twice_is_due_at_the_sooner_day(day: date, later: int) -> None:
    """The alarm comes between the start and the end; a penalty moves a result's day only forwards."""
    result = result_count(day, CLOCKS)
    penalty = penalty_count(day + timedelta(days=later), CLOCKS)
    alone = [deadline([one], CLOCKS, CALENDAR) for one in (result, penalty)]
    both = deadline([penalty, result], CLOCKS, CALENDAR)
    assert both == min(alone, key=lambda one: one.due_on)
    assert day <= both.alarm_on < both.due_on <= alone[0].due_on


def test_a_day_off_more_moves_every_day_that_is_counted_through_it() -> None:
    """2 November 2026 and 20 working days: the 30th; with the 27th off, 1 December."""
    more = WorkingCalendar.of(YEARS, [SpecialDay(date(2026, 11, 27), False, "临时放假")])
    counts = [Count(date(2026, 11, 2), 20)]
    assert deadline(counts, CLOCKS, CALENDAR) == Deadline(date(2026, 11, 30), date(2026, 11, 23))
    assert deadline(counts, CLOCKS, more) == Deadline(date(2026, 12, 1), date(2026, 11, 23))


@pytest.mark.parametrize(
    ("due_on", "regimes", "expected"),
    [
        # By the order's date.
        (date(2026, 11, 13), ["entertainment"], date(2026, 11, 13)),
        (date(2026, 11, 14), ["special_industry", "entertainment"], date(2026, 11, 14)),
        # 消防监督检查规定: within three working days; Friday 13 November and Monday to Wednesday.
        (date(2026, 11, 13), ["fire_unit"], date(2026, 11, 18)),
        # Over the National Day holidays of 2026: 8, 9 and Saturday 10 October are worked.
        (date(2026, 9, 30), ["fire_unit"], date(2026, 10, 10)),
        # One visit of two regimes: the shorter time.
        (date(2026, 11, 13), ["fire_unit", "entertainment"], date(2026, 11, 13)),
        (date(2026, 11, 13), [], date(2026, 11, 13)),
    ],
)
def test_an_order_is_checked_again_by_its_day_or_in_three_working_days(
    due_on: date, regimes: list[str], expected: date
) -> None:
    """Mission/rules.md, «Clocks»: re-check; counted off by hand."""
    assert CLOCKS.recheck is not None
    assert recheck_by(due_on, regimes, CLOCKS.recheck, CALENDAR) == expected


def test_only_a_counted_recheck_needs_the_calendar() -> None:
    """By the order's day is by the order's day in every year; working days are never guessed."""
    assert CLOCKS.recheck is not None
    nothing = WorkingCalendar.of([], [])
    day = date(2031, 5, 2)
    assert recheck_by(day, ["internet_cafe"], CLOCKS.recheck, nothing) == day
    with pytest.raises(RuleBroken, match="calendar-year-missing"):
        recheck_by(day, ["fire_unit"], CLOCKS.recheck, nothing)


@given(st.dates(date(2005, 1, 1), date(2026, 10, 1)), st.lists(st.sampled_from(["fire_unit", "other"])))
def test_a_recheck_is_never_due_before_its_order(day: date, regimes: list[str]) -> None:
    """And more regimes never give more time."""
    assert CLOCKS.recheck is not None
    alone = recheck_by(day, regimes, CLOCKS.recheck, CALENDAR)
    assert day <= recheck_by(day, [*regimes, "entertainment"], CLOCKS.recheck, CALENDAR) <= alone


def test_clocks_without_a_section_set_no_such_clock() -> None:
    """Version 1 knew neither the re-check nor when the next year's calendar is wanted."""
    assert (OLD.recheck, OLD.calendar_from) == (None, None)
    assert wanted_year(date(2026, 12, 31), OLD) == 2026


@pytest.mark.parametrize(
    ("today", "year"),
    [
        (date(2026, 1, 1), 2026),
        (date(2026, 11, 30), 2026),
        (date(2026, 12, 1), 2027),
        (date(2026, 12, 31), 2027),
    ],
)
def test_the_next_year_s_calendar_is_wanted_from_december_on(today: date, year: int) -> None:
    """A clock of 20 working days that begins in December ends in January."""
    assert wanted_year(today, CLOCKS) == year


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
