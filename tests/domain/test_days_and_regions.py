"""Days, months and regions as the rules count them."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.days import SHANGHAI, add_months, rfc3339, shanghai_day
from app.domain.regions import Level, covers, district_tag, level_of, overlap, region_prefix, regions_above


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 11, 2), 12, date(2027, 11, 2)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2024, 2, 29), 24, date(2026, 2, 28)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
        (date(9999, 12, 31), 36, date.max),
    ],
)
def test_months_are_clipped_to_the_months_end(day: date, months: int, result: date) -> None:
    """mission/rules.md: day clipped to the month's end; an open end far away stays a day."""
    assert add_months(day, months) == result


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 240))
def test_adding_months_lands_in_the_month_that_many_later(day: date, months: int) -> None:
    """The month is exact, the day the same or the month's last."""
    later = add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day <= day.day


def test_a_day_is_a_day_in_shanghai() -> None:
    """Time is UTC inside, Asia/Shanghai for people."""
    assert shanghai_day(datetime(2026, 11, 1, 16, 0, tzinfo=UTC)) == date(2026, 11, 2)
    assert shanghai_day(datetime(2026, 11, 1, 15, 59, tzinfo=UTC)) == date(2026, 11, 1)


@pytest.mark.parametrize(
    ("code", "region", "inside"),
    [
        ("410928", "410928", True),
        ("4109", "410928", True),
        ("410900", "410928", True),
        ("410000", "410928", True),
        ("41", "410928", True),
        ("", "410928", True),
        ("410928", "410922", False),
        ("410928", "4109", False),
    ],
)
def test_a_region_covers_what_shares_its_prefix(code: str, region: str, *, inside: bool) -> None:
    """GB/T 2260: 410000 is the province, 410900 the city."""
    assert covers(code, region) is inside
    assert overlap(code, region) is (inside or covers(region, code))


def test_prefix_of_a_province() -> None:
    """A province keeps its two digits."""
    assert region_prefix("410000") == "41"
    assert region_prefix("100000") == "10"


def test_a_station_is_named_within_its_region() -> None:
    """Every county has a station 001."""
    assert district_tag(region="410928", station="001") == "district:410928001"
    assert district_tag(region="410928", station=None) == "district:410928"


def test_an_instant_is_written_in_utc() -> None:
    """RFC 3339 with `Z`, whatever zone it came in."""
    assert rfc3339(datetime(2026, 11, 2, 9, 30, tzinfo=SHANGHAI)) == "2026-11-02T01:30:00Z"


@pytest.mark.parametrize(
    ("code", "level", "above"),
    [
        ("41", Level.PROVINCE, ("410000",)),
        ("410900", Level.CITY, ("410000", "410900")),
        ("410928", Level.COUNTY, ("410000", "410900", "410928")),
    ],
)
def test_levels_of_government(code: str, level: Level, above: tuple[str, ...]) -> None:
    """GB/T 2260: two digits a province, four a city, six a county."""
    assert level_of(code) is level
    assert regions_above(code) == above
