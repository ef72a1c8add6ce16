"""Working days follow the State Council's notices, made-up days included (mission/rules.md, «Clocks»)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters import china_calendar
from app.domain.errors import Malformed, RuleBroken
from app.domain.working_days import (
    SpecialDay,
    WorkingCalendar,
    add_working_days,
    check_year,
    working_days_before,
)

YEARS = china_calendar.known_years()
CALENDAR = WorkingCalendar.of(YEARS, (day for year in YEARS for day in china_calendar.special_days(year)))


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        # The notice for 2026: National Day is off 1 to 7 October; Sunday 20 September and Saturday
        # 10 October are worked.
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2026, 9, 30), 3, date(2026, 10, 10)),
        (date(2026, 9, 30), 4, date(2026, 10, 12)),
        (date(2026, 9, 18), 1, date(2026, 9, 20)),
        (date(2026, 9, 19), 1, date(2026, 9, 20)),
        # Mid-autumn 2026: Friday 25 to Sunday 27 September.
        (date(2026, 9, 24), 1, date(2026, 9, 28)),
        # Spring Festival 2026: 15 to 23 February off, Saturdays 14 and 28 worked.
        (date(2026, 2, 13), 1, date(2026, 2, 14)),
        (date(2026, 2, 14), 1, date(2026, 2, 24)),
        (date(2026, 2, 13), 6, date(2026, 2, 28)),
        (date(2026, 2, 13), 7, date(2026, 3, 2)),
        # The notice for 2025: Spring Festival is off 28 January to 4 February; Sunday 26 January and
        # Saturday 8 February are worked.
        (date(2025, 1, 25), 2, date(2025, 1, 27)),
        (date(2025, 1, 27), 1, date(2025, 2, 5)),
        (date(2025, 1, 27), 4, date(2025, 2, 8)),
        # No holiday at all: four plain weeks are twenty working days.
        (date(2026, 11, 10), 20, date(2026, 12, 8)),
        # Over the turn of the year: 1 January 2026 (Thursday) to 3 January off, Sunday 4 January worked.
        (date(2025, 12, 31), 1, date(2026, 1, 4)),
        (date(2025, 12, 31), 2, date(2026, 1, 5)),
    ],
)
def test_days_are_counted_by_the_notices(day: date, count: int, expected: date) -> None:
    """Counted off by hand on the notices of 2025 and 2026."""
    assert add_working_days(day, count, CALENDAR) == expected


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 10, 12), 1, date(2026, 10, 10)),
        (date(2026, 10, 8), 1, date(2026, 9, 30)),
        (date(2026, 12, 8), 5, date(2026, 12, 1)),
    ],
)
def test_days_are_counted_back_by_the_notices(day: date, count: int, expected: date) -> None:
    """An alarm lies so many working days before a deadline."""
    assert working_days_before(day, count, CALENDAR) == expected


def test_a_missing_year_is_named() -> None:
    """A guess would move a legal deadline."""
    with pytest.raises(RuleBroken) as broken:
        add_working_days(date(2026, 12, 30), 20, CALENDAR)
    assert (broken.value.slug, broken.value.values) == ("calendar-year-missing", {"year": 2027})


def test_a_period_has_at_least_one_day() -> None:
    """Zero days after a holiday has no answer that everybody would give."""
    with pytest.raises(ValueError, match="0 working days"):
        add_working_days(date(2026, 11, 10), 0, CALENDAR)


days = st.dates(date(2005, 1, 1), date(2025, 12, 31))


@given(days, st.integers(1, 60))
def test_so_many_working_days_lie_after_the_start_up_to_the_answer(day: date, count: int) -> None:
    """The definition, counted another way."""
    end = add_working_days(day, count, CALENDAR)
    after = [day + timedelta(n) for n in range(1, (end - day).days + 1)]
    assert CALENDAR.works(end)
    assert sum(map(CALENDAR.works, after)) == count


@given(days, st.integers(1, 30), st.integers(1, 30))
def test_counting_in_two_parts_is_counting_at_once(day: date, one: int, other: int) -> None:
    """Which makes it monotone too."""
    halfway = add_working_days(day, one, CALENDAR)
    assert add_working_days(halfway, other, CALENDAR) == add_working_days(day, one + other, CALENDAR)


@given(days, st.integers(1, 30))
def test_counting_back_undoes_counting(day: date, count: int) -> None:
    """From a working day there and back again."""
    start = add_working_days(day, 1, CALENDAR)
    assert working_days_before(add_working_days(start, count, CALENDAR), count, CALENDAR) == start


@pytest.mark.parametrize("year", YEARS)
def test_the_package_s_years_are_what_a_notice_says(year: int) -> None:
    """Every seeded year passes the check that entered years pass."""
    checked = check_year(year, china_calendar.special_days(year))
    assert [special.day for special in checked] == sorted({special.day for special in checked})


def notice(*more: SpecialDay) -> list[SpecialDay]:
    """The least that any year's notice says, and more."""
    fixed = [
        SpecialDay(date(2027, m, d), False, "法定") for m, d in ((10, 3), (1, 1), (5, 1), (10, 1), (10, 2))
    ]
    return [*fixed, *more]


def test_a_year_s_days_come_in_order() -> None:
    """However they were entered."""
    assert [special.day.month for special in check_year(2027, notice())] == [1, 5, 10, 10, 10]


def test_faults_are_named_where_the_days_were_given() -> None:
    """A file's rows are not the list's places."""
    days = notice(SpecialDay(date(2027, 10, 8), True, "国庆节"))
    with pytest.raises(Malformed) as refused:
        check_year(2027, days, places=[f"/rows/{n}/day" for n in (2, 3, 4, 5, 6, 9)])
    assert [fault.pointer for fault in refused.value.fields] == ["/rows/9/day"]


@pytest.mark.parametrize(
    ("days", "code", "pointer"),
    [
        (notice(SpecialDay(date(2026, 10, 4), False, "国庆节")), "other-year", "/days/5/day"),
        (notice(SpecialDay(date(2027, 10, 1), False, "国庆节")), "day-twice", "/days/5/day"),
        (notice(SpecialDay(date(2027, 10, 8), True, "国庆节")), "made-up-on-weekday", "/days/5/day"),
        (notice()[1:], "holiday-missing", "/days"),
        ([], "holiday-missing", "/days"),
    ],
)
def test_what_no_notice_says_is_refused(days: list[SpecialDay], code: str, pointer: str) -> None:
    """Each with the place of the first fault; 8 October 2027 is a Friday."""
    with pytest.raises(Malformed) as refused:
        check_year(2027, days)
    assert (refused.value.fields[0].code, refused.value.fields[0].pointer) == (code, pointer)
