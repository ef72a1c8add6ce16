"""Until when an appeal may be filed and must be decided: 60 days, 20 working days, both our defaults.

The 60 days follow 行政复议法 art. 20.
"""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters import china_calendar
from app.domain.appeals.time_limits import AppealRule, appeal_rule, check_in_time, decision_count
from app.domain.errors import RuleBroken
from app.domain.policies.clocks_document import clocks_faults
from app.domain.policies.clocks_rules import clocks_rules
from app.domain.results.clocks import Count, Deadline, deadline, parse_clocks
from app.domain.working_days import WorkingCalendar
from tests.policy_documents import CLOCKS, put

NEWEST = json.loads(Path("app/seeds/clocks/default.3.json").read_text("utf-8"))
RULE = AppealRule(file_days=60, decide_working_days=20)
YEARS = china_calendar.known_years()
CALENDAR = WorkingCalendar.of(YEARS, (day for year in YEARS for day in china_calendar.special_days(year)))


def test_the_seeded_numbers_name_their_basis() -> None:
    """Version 3 of the clocks; both are marked as our choice, to be confirmed by the bureau."""
    assert appeal_rule(NEWEST) == RULE
    section = NEWEST["appeals"]
    assert section["source"] == "default"
    assert "行政复议法第二十条" in section["basis"]
    assert clocks_faults(NEWEST) == ()
    assert "clocks.appeals" in [line.code for line in clocks_rules(NEWEST)]


def test_clocks_without_the_section_take_no_appeals_and_mean_what_they_meant() -> None:
    """Version 2 is landed: it has no such rule, and the others are the same in version 3."""
    assert appeal_rule(CLOCKS) is None
    assert "clocks.appeals" not in [line.code for line in clocks_rules(CLOCKS)]
    assert parse_clocks(CLOCKS) == parse_clocks(NEWEST)


@pytest.mark.parametrize(
    ("pointer", "value"),
    [("/appeals/file_days", 0), ("/appeals/decide_working_days", 251), ("/appeals/basis", 3)],
)
def test_a_fault_of_the_section_is_found_where_it_is(pointer: str, value: object) -> None:
    """At least a day, at most what a calendar is known for."""
    assert [fault.pointer for fault in clocks_faults(put(NEWEST, pointer, value))] == [pointer]


@pytest.mark.parametrize(
    ("today", "in_time"),
    [
        (date(2026, 11, 2), True),  # the day of the publication
        (date(2027, 1, 1), True),  # 28 days of November, 31 of December, 1 of January: the 60th
        (date(2027, 1, 2), False),
    ],
)
def test_the_sixtieth_day_is_the_last(today: date, *, in_time: bool) -> None:
    """Published on 2 November 2026, counted off by hand; the day itself does not count (民法典 art. 201)."""
    if in_time:
        check_in_time(date(2026, 11, 2), today=today, rule=RULE)
        return
    with pytest.raises(RuleBroken, match="appeal-too-late") as told:
        check_in_time(date(2026, 11, 2), today=today, rule=RULE)
    assert told.value.values == {"until": "2027-01-01", "days": 60}


def test_a_decision_is_due_in_twenty_working_days() -> None:
    """Filed on Monday 23 November 2026: four plain weeks, 21 December; the alarm a week before."""
    count = decision_count(date(2026, 11, 23), RULE)
    assert count == Count(date(2026, 11, 23), 20)
    until = deadline([count], parse_clocks(NEWEST), CALENDAR)
    assert until == Deadline(date(2026, 12, 21), date(2026, 12, 14))


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 366), st.integers(-5, 400))
def test_an_appeal_is_in_time_exactly_for_so_many_days(published: date, days: int, later: int) -> None:
    """Whatever the policy's number is."""
    rule = AppealRule(file_days=days, decide_working_days=1)
    try:
        check_in_time(published, today=published + timedelta(days=later), rule=rule)
        assert later <= days
    except RuleBroken:
        assert later > days
