"""The numbers of a policy about inspectors, and the periods of the load."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.policies.staffing import LoadRule, StaffingRules, parse_staffing

SEEDS = Path("app/seeds/policies")


def _rules(version: int) -> StaffingRules:
    return parse_staffing(json.loads((SEEDS / f"default.{version}.json").read_text("utf-8")))


def test_the_seeded_numbers() -> None:
    """mission/rules.md: rotation once; recusal decided within 2 days (K); load and reminders are ours."""
    load = LoadRule(months=3, most=90, basis="合理调配执法力量，避免畸轻畸重")
    assert _rules(2) == StaffingRules(
        rotation_visits=1, load=load, reminder_days=(60, 30, 7), decide_within_days=2
    )


def test_a_policy_without_these_sections_switches_them_off() -> None:
    """The first version knew none of them."""
    assert _rules(1) == StaffingRules()


@pytest.mark.parametrize(
    ("months", "day", "first", "last"),
    [
        (3, "2026-11-10", "2026-10-01", "2026-12-31"),
        (3, "2027-01-01", "2027-01-01", "2027-03-31"),
        (1, "2028-02-29", "2028-02-01", "2028-02-29"),
        (2, "2026-03-31", "2026-03-01", "2026-04-30"),
        (12, "2026-12-31", "2026-01-01", "2026-12-31"),
        # five months do not divide the year: November and December are what is left of it
        (5, "2026-11-10", "2026-11-01", "2026-12-31"),
    ],
)
def test_a_period_is_so_many_calendar_months(months: int, day: str, first: str, last: str) -> None:
    """The windows of the duties, so that both can be read from one calendar; month ends and a leap year."""
    load = LoadRule(months=months, most=1, basis="测试")
    found = load.period_of(date.fromisoformat(day))
    assert found == (date.fromisoformat(first), date.fromisoformat(last))


@given(st.integers(1, 12), st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_the_periods_cover_every_day_once(months: int, day: date) -> None:
    """Each day is in its own period, and the next day begins the next one when it is not."""
    load = LoadRule(months=months, most=1, basis="测试")
    first, last = load.period_of(day)
    assert first <= day <= last
    assert load.period_of(last) == (first, last)
    assert load.period_of(last + timedelta(days=1))[0] == last + timedelta(days=1)
