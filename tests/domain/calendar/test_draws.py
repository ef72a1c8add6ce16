"""The draws of a year by hand (mission/rules.md, «Frequency duties»): months, leap years, holidays."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters import china_calendar
from app.domain.calendar.days_off import Week, holiday_names
from app.domain.calendar.draws import EXTRA, REGULAR, PlannedDraw, planned_draws
from app.domain.calendar.spans import Span, months_span, weeks_of, windows_of
from app.domain.draw.basics.text import is_token
from app.domain.errors import RuleBroken
from app.domain.policies.rhythms import MONTH, Rhythms, parse_rhythms
from app.domain.policy import Policy, parse_policy
from app.domain.working_days import FIXED_DAYS_OFF, SpecialDay, WorkingCalendar

POLICY = parse_policy(json.loads(Path("app/seeds/policies/default.2.json").read_text("utf-8")))
YEARS = china_calendar.known_years()
TABLE = WorkingCalendar.of(YEARS, (day for year in YEARS for day in china_calendar.special_days(year)))
VENUES, FIRE, CAFES = "psb.venues", "fire.units", "psb.internet-cafes"
REGIMES = {VENUES: "entertainment", FIRE: "fire_unit", CAFES: "internet_cafe"}


def draws(
    item: str, year: int, working: WorkingCalendar | None = TABLE, policy: Policy = POLICY
) -> tuple[PlannedDraw, ...]:
    """The draws of a year, under the default policy unless another is given."""
    regimes = [REGIMES[item]] if item in REGIMES else []
    return planned_draws(policy, item=item, regimes=regimes, region="410928", year=year, working=working)


def shown(found: Iterable[PlannedDraw]) -> list[str]:
    """Period and days, as a calendar on the wall has them."""
    return [f"{one.period} {one.visit_from:%m-%d}..{one.visit_to:%m-%d}" for one in found]


def in_month(item: str, month: str, working: WorkingCalendar | None = TABLE) -> list[str]:
    """The regular draws of a month."""
    year = int(month[:4])
    return shown(one for one in draws(item, year, working) if one.period.startswith(f"{month}."))


@pytest.mark.parametrize(
    ("month", "working", "wanted"),
    [
        # 1 November 2026 is a Sunday: alone it has no working day, so it joins the week after; the 30th is a
        # Monday, one working day, and joins the week before.
        ("2026-11", TABLE, ["1 11-01..11-08", "2 11-09..11-15", "3 11-16..11-22", "4 11-23..11-30"]),
        # Golden Week: 1 to 7 October are off, Saturday the 10th is made up: 8, 9 and 10 are three days.
        ("2026-10", TABLE, ["1 10-01..10-11", "2 10-12..10-18", "3 10-19..10-25", "4 10-26..10-31"]),
        # Spring Festival, 15 to 23 February, with both Saturdays beside it made up: a week without a working
        # day joins the one after.
        ("2026-02", TABLE, ["1 02-01..02-08", "2 02-09..02-15", "3 02-16..02-28"]),
        # No notice yet: the plain week. February 2027 is four whole weeks.
        ("2027-02", None, ["1 02-01..02-07", "2 02-08..02-14", "3 02-15..02-21", "4 02-22..02-28"]),
        # A leap February from a Tuesday to a Tuesday: the 28th and 29th join the week before.
        ("2028-02", None, ["1 02-01..02-06", "2 02-07..02-13", "3 02-14..02-20", "4 02-21..02-29"]),
        # May 2026: 1 to 5 off, Saturday the 9th made up: 6 to 9 are four days.
        (
            "2026-05",
            TABLE,
            ["1 05-01..05-10", "2 05-11..05-17", "3 05-18..05-24", "4 05-25..05-31"],
        ),
        # The year changes inside a week: 31 December 2026 is a Thursday, so the last piece has four days.
        (
            "2026-12",
            TABLE,
            ["1 12-01..12-06", "2 12-07..12-13", "3 12-14..12-20", "4 12-21..12-27", "5 12-28..12-31"],
        ),
    ],
)
def test_graded_venues_are_drawn_weekly_inside_the_month(
    month: str, working: WorkingCalendar | None, wanted: list[str]
) -> None:
    """实施方案三（一）: every window of months has several draws whose visits lie inside it."""
    assert in_month(VENUES, month, working) == [f"{month}.{one}" for one in wanted]


@pytest.mark.parametrize(
    ("month", "last"), [("2026-02", 28), ("2024-02", 29), ("2026-10", 31), ("2026-11", 30)]
)
def test_cafes_are_drawn_once_in_each_third_of_the_month(month: str, last: int) -> None:
    """实施方案三（三）: three draws a month, each at least 5%; a holiday changes nothing of it."""
    m = month[5:]
    assert in_month(CAFES, month) == [
        f"{month}.1 {m}-01..{m}-10",
        f"{month}.2 {m}-11..{m}-20",
        f"{month}.3 {m}-21..{m}-{last}",
    ]
    assert {one.rate for one in draws(CAFES, int(month[:4]))} == {(1, 20)}


def test_fire_units_are_drawn_each_quarter_before_long_holidays_and_in_the_fire_season() -> None:
    """实施方案三（二）; ten days to prepare, fifteen kept for a draw that replaces a voided one; K the rest.

    2026 has three holidays of five days or more: Spring Festival (9), Labour Day (5), National Day (7). A key
    unit is owed one visit a year: December's draw is the year's reserve and begins when all others are over.
    """
    assert shown(draws(FIRE, 2026)) == [
        "2026-01.season 01-01..01-31",
        "2026Q1 01-11..03-16",
        "2026.holiday-0215 02-01..02-14",
        "2026-02.season 02-01..02-28",
        "2026Q2 04-11..06-15",
        "2026.holiday-0501 04-17..04-30",
        "2026Q3 07-11..09-15",
        "2026.holiday-1001 09-17..09-30",
        "2026Q4 10-11..12-16",
        "2026-12.season 12-17..12-31",
    ]


def test_venues_have_an_extra_draw_before_each_holiday_of_three_days_or_more() -> None:
    """实施方案三（一）, *default*: rate 1/20, visits in the 14 days before; seven holidays in 2026.

    Of the 14 days those that leave each month its reserve, the month's last weekly draw. New Year's Day, 1 to
    3 January, belongs to 2026: 18 to 28 December 2025, since the reserve begins on Monday the 29th. Of 21
    March to 3 April, before Qingming, March has a weekend before its reserve begins on the 23rd, April three
    days that are worked. April's reserve begins on the 27th, that of September on the 28th.
    """
    extra = [one for one in draws(VENUES, 2026) if one.kind == EXTRA]
    assert [f"{one.visit_from} {one.visit_to} {one.holiday}" for one in extra] == [
        "2025-12-18 2025-12-28 2026-01-01",
        "2026-02-01 2026-02-14 2026-02-15",
        "2026-04-01 2026-04-03 2026-04-04",
        "2026-04-17 2026-04-26 2026-05-01",
        "2026-06-05 2026-06-18 2026-06-19",
        "2026-09-11 2026-09-24 2026-09-25",
        "2026-09-17 2026-09-27 2026-10-01",
    ]
    assert {one.rate for one in extra} == {(1, 20)}


def test_a_holiday_over_the_new_year_belongs_to_the_year_in_which_it_ends() -> None:
    """The notice for 2024 made Saturday 30 December 2023 to Monday 1 January 2024 off."""
    assert next(one.period for one in draws(VENUES, 2024) if one.kind == EXTRA) == "2024.holiday-1230"
    assert not [one for one in draws(VENUES, 2023) if one.period == "2023.holiday-1230"]


def test_one_day_off_is_no_holiday_that_counts_and_neither_is_a_weekend() -> None:
    """Qingming 2023 was one Wednesday; without a notice nothing is known, so no extra draw is implied."""
    assert "2023.holiday-0405" not in {one.period for one in draws(VENUES, 2023)}
    assert {one.kind for one in draws(VENUES, 2027, None)} == {REGULAR}
    lax = replace(POLICY.rhythms.extra[0], least_days=1)
    policy = replace(POLICY, rhythms=Rhythms(extra=(lax,)))
    found = draws(VENUES, 2023, policy=policy)
    assert "2023.holiday-0405" in {one.period for one in found}
    assert len(found) == 6, "Mid-Autumn and National Day were one holiday"


def test_holidays_are_called_what_the_notice_calls_them() -> None:
    """国庆节 and 中秋 fell together in 2025; a day made up after it ends it."""
    days = [*china_calendar.special_days(2025)]
    assert holiday_names(Week(TABLE), date(2025, 10, 1), days) == "国庆节、中秋"


def test_a_weekend_beside_a_day_off_makes_it_a_holiday() -> None:
    """1 January 2027 is a Friday: with the weekend three days, though a notice may name only the first."""
    fixed = [SpecialDay(date(2027, month, day), False, "法定节假日") for month, day in FIXED_DAYS_OFF]
    table = WorkingCalendar.of([2027], fixed)
    found = [one for one in draws(VENUES, 2027, table) if one.kind == EXTRA]
    assert [one.holiday for one in found] == [date(2027, 1, 1), date(2027, 10, 1)]
    assert holiday_names(Week(table), date(2027, 1, 1), fixed) == "法定节假日"


def test_a_year_without_notice_is_a_clear_error() -> None:
    """Nothing is guessed where the working days decide."""
    with pytest.raises(RuleBroken) as caught:
        draws(VENUES, 2099)
    assert (caught.value.slug, caught.value.values) == ("calendar-year-missing", {"year": 2099})


def test_a_policy_without_rhythms_plans_nothing() -> None:
    """Version 1 of the default policy has no calendar; nor has an item that none names."""
    old = parse_policy(json.loads(Path("app/seeds/policies/default.1.json").read_text("utf-8")))
    assert old.rhythms == Rhythms()
    assert draws(VENUES, 2026, policy=old) == ()
    assert draws("psb.unheard-of", 2026) == ()


def test_monthly_draws_and_the_least_rate() -> None:
    """A rhythm of months; a policy that names only the least rate draws at it."""
    entry = {"items": [FIRE], "every": MONTH, "least_rate": [1, 10], "basis": "—"}
    policy = replace(POLICY, rhythms=parse_rhythms({"calendar": [entry]}))
    found = draws(FIRE, 2026, None, policy)
    assert shown(found)[1] == "2026-02 02-01..02-28"
    assert (len(found), {one.rate for one in found}) == (12, {(1, 10)})


@st.composite
def tables(draw: st.DrawFn) -> WorkingCalendar:
    """A notice for 2027: the fixed days, up to six holidays of up to nine days, some weekend days made up."""
    fixed = {date(2027, month, day) for month, day in FIXED_DAYS_OFF}
    starts = draw(st.lists(st.dates(date(2027, 1, 1), date(2027, 12, 20)), max_size=6))
    off = fixed | {start + timedelta(days=n) for start in starts for n in range(draw(st.integers(1, 9)))}
    weekend = [date(2027, 1, 2) + timedelta(days=n) for n in range(0, 364, 7)]
    made_up = draw(st.sets(st.sampled_from(weekend), max_size=10)) - off
    days = [SpecialDay(day, False, "放假") for day in off] + [
        SpecialDay(day, True, "调休") for day in made_up
    ]
    return WorkingCalendar.of([2027], days)


@given(st.one_of(st.none(), tables()))
def test_weekly_draws_tile_each_month_and_every_window_has_at_least_three(
    working: WorkingCalendar | None,
) -> None:
    """Whatever the notice says: no day is left out or has two draws, and no piece lacks its working days."""
    found = [one for one in draws(VENUES, 2027, working) if one.kind == REGULAR]
    week = Week(working)
    for month in windows_of(2027, 1):
        pieces = [one.visits for one in found if month.holds(one.visits)]
        assert [day for piece in pieces for day in piece] == list(month)
        assert len(pieces) == 1 or all(sum(map(week.works, piece)) >= 3 for piece in pieces)
    assert all(is_token(one.period) for one in found)
    assert len({one.period for one in found}) == len(found)


@given(st.sampled_from(YEARS) | st.integers(2027, 2100))
def test_every_window_of_one_two_and_three_months_has_three_weekly_draws(year: int) -> None:
    """With every known notice and in every plain year: one for the duty, one in reserve, one more."""
    found = [
        one.visits for one in draws(VENUES, year, TABLE if year in YEARS else None) if one.kind == REGULAR
    ]
    for months in (1, 2, 3):
        for window in windows_of(year, months):
            assert sum(window.holds(visits) for visits in found) >= 3 * months


@given(st.sampled_from(YEARS))
def test_cafes_have_exactly_three_draws_a_month(year: int) -> None:
    """One in each third, and nothing else."""
    found = draws(CAFES, year)
    assert [one.period for one in found] == [
        f"{year}-{month:02d}.{third}" for month in range(1, 13) for third in (1, 2, 3)
    ]
    for one in found:
        assert one.visits == one.window
        assert (one.visit_from.day, one.period[-1]) in {(1, "1"), (11, "2"), (21, "3")}


@given(st.sampled_from(YEARS), st.sampled_from([VENUES, FIRE, CAFES]))
def test_visits_lie_in_their_window_and_alarms_before_them(year: int, item: str) -> None:
    """And draws come in the order of their days, each period once."""
    found = draws(item, year)
    assert list(found) == sorted(found, key=lambda one: (one.visit_from, one.visit_to, one.period))
    assert len({one.period for one in found}) == len(found)
    for one in found:
        assert one.window.holds(one.visits)
        assert one.visits.days > 0
        assert one.alarm_on < one.visit_from


def test_a_month_with_too_few_working_days_is_one_piece() -> None:
    """However many a policy asks for, there is a draw."""
    (piece,) = weeks_of(2026, 11, Week(TABLE), least_working_days=12)
    assert piece == months_span(2026, 11, 1)


def test_spans_say_how_long_they_are() -> None:
    """Both ends count."""
    span = Span(first=date(2026, 2, 27), last=date(2026, 3, 2))
    assert (span.days, len(list(span))) == (4, 4)
