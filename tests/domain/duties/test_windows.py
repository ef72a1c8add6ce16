"""Windows (mission/rules.md, «Windows»)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.duties.owed import Why
from app.domain.duties.windows import rolling_window, window_before, window_of
from tests.domain.duties.cases import ROLLING, day, ktv, owed, visit, with_duties

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))


@pytest.mark.parametrize(
    ("months", "at", "first", "last"),
    [
        # level 3: once a month; February of a leap year, of a century that is none, of one that is
        (1, "2026-11-30", "2026-11-01", "2026-11-30"),
        (1, "2028-02-10", "2028-02-01", "2028-02-29"),
        (1, "2026-02-28", "2026-02-01", "2026-02-28"),
        (1, "2100-02-28", "2100-02-01", "2100-02-28"),
        # level 2: Jan-Feb, Mar-Apr, …
        (2, "2026-01-31", "2026-01-01", "2026-02-28"),
        (2, "2028-02-29", "2028-01-01", "2028-02-29"),
        (2, "2026-03-01", "2026-03-01", "2026-04-30"),
        (2, "2026-12-31", "2026-11-01", "2026-12-31"),
        # level 1: quarters
        (3, "2026-11-02", "2026-10-01", "2026-12-31"),
        (3, "2027-01-01", "2027-01-01", "2027-03-31"),
        # key fire units: the year; and whatever else divides it
        (12, "2026-06-15", "2026-01-01", "2026-12-31"),
        (4, "2026-05-01", "2026-05-01", "2026-08-31"),
        (6, "2026-07-01", "2026-07-01", "2026-12-31"),
        # the calendar's last year has no next
        (1, "9999-12-31", "9999-12-01", "9999-12-31"),
    ],
)
def test_per_n_months_is_read_as_calendar_windows(months: int, at: str, first: str, last: str) -> None:
    """«month; Jan-Feb, Mar-Apr, …; quarter»."""
    window = window_of(months, day(at))
    assert (window.starts_on, window.ends_on, window.months) == (day(first), day(last), months)


@given(DAYS, st.sampled_from([1, 2, 3, 4, 6, 12]))
def test_windows_follow_each_other_without_gap_or_overlap(at: date, months: int) -> None:
    """Each day lies in one window, and no window reaches over a new year."""
    window = window_of(months, at)
    assert window.starts_on <= at <= window.ends_on
    assert window.starts_on.year == window.ends_on.year
    assert window_before(window).ends_on + timedelta(days=1) == window.starts_on
    assert window_of(months, window.ends_on) == window


@pytest.mark.parametrize(
    ("anchor", "months", "opens", "due"),
    [
        # from 31 January to 28 February: clipped to the month's end; half of 28 days is 14
        ("2026-01-31", 1, "2026-02-14", "2026-02-28"),
        ("2028-01-31", 1, "2028-02-14", "2028-02-29"),
        ("2026-11-10", 1, "2026-11-25", "2026-12-10"),
        # from 30 November three months to 28 February: half of 90 days is 45
        ("2026-11-30", 3, "2027-01-14", "2027-02-28"),
        ("2026-12-15", 2, "2027-01-15", "2027-02-15"),
    ],
)
def test_rolling_is_due_n_months_after_the_visit_and_opens_after_half(
    anchor: str, months: int, opens: str, due: str
) -> None:
    """«due n months after the last counting visit (day clipped to the month's end), … opening after half»."""
    window = rolling_window(day(anchor), months, times=1, opens_p=1, opens_q=2)
    assert (window.starts_on, window.ends_on) == (day(opens), day(due))


def test_what_rolls_on_unmet_follows_at_once() -> None:
    """The second window after a visit begins on the day after the first was missed."""
    window = rolling_window(day("2026-01-31"), 1, times=2, opens_p=1, opens_q=2)
    assert (window.starts_on, window.ends_on) == (day("2026-03-01"), day("2026-03-31"))


def test_a_policy_may_choose_rolling() -> None:
    """Visited on 20 October: due on 20 November, open from 4 November on; visited on 1 November: from 16."""
    due = owed(ktv(3), visits=[visit("10-20")], policy=ROLLING)
    assert (due.draws_left, due.window and due.window.starts_on) == (2, day("11-04"))
    fresh = [visit("11-01")]
    assert owed(ktv(3), visits=fresh, policy=ROLLING).why == Why.MET
    later = owed(ktv(3), visits=fresh, visit_from="11-16", visit_to="11-20", policy=ROLLING)
    assert (later.draws_left, later.why) == (1, Why.OWED)


def test_how_much_passes_before_a_rolling_duty_opens_is_policy() -> None:
    """A policy that opens it at once has it open on the day after the visit."""
    at_once = with_duties(rolling=True, opens_p=0)
    assert owed(ktv(3), visits=[visit("11-01")], policy=at_once).draws_left == 3
