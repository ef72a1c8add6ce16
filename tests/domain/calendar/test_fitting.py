"""Where an extra draw fits: in one window of each duty, and clear of the reserve of each."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar.coming import Slot, ends_to_come
from app.domain.calendar.days_off import Week
from app.domain.calendar.draws import planned_draws
from app.domain.calendar.fitting import WindowRules, fitted, in_one_window, window_rules
from app.domain.calendar.spans import Span, worked_days
from app.domain.duties.windows import window_of
from app.domain.working_days import SpecialDay, WorkingCalendar
from tests.domain.duties.cases import POLICY, ROLLING, VENUES

MONTHLY = WindowRules(months=(1,), reserve=True)
WEEK = Week(None)


def span(first: str, last: str) -> Span:
    """Days of 2026, as `MM-DD`."""
    return Span(first=date.fromisoformat(f"2026-{first}"), last=date.fromisoformat(f"2026-{last}"))


@pytest.mark.parametrize(
    ("wanted", "beside", "rules", "found"),
    [
        # Nothing is beside it: only the windows' ends cut. June has twelve working days of it, May three.
        (("05-27", "06-16"), (), MONTHLY, ("06-01", "06-16")),
        # Without calendar windows nothing is cut.
        (("05-27", "06-16"), (("06-01", "06-30"),), WindowRules(), ("05-27", "06-16")),
        # Windows of two months end with June, not with May; those of three do too.
        (("05-27", "06-16"), (), WindowRules(months=(2, 3), reserve=True), ("05-27", "06-16")),
        # 31 March ends a quarter inside March and April: the shortest window alone is not enough.
        (("03-20", "04-03"), (), WindowRules(months=(2, 3)), ("03-20", "03-31")),
        # The last draw that stands begins on the 22nd: over before it, or after it and all others.
        (("06-15", "06-28"), (("06-01", "06-10"), ("06-22", "06-30")), MONTHLY, ("06-15", "06-21")),
        (("06-05", "06-30"), (("06-08", "06-12"), ("06-09", "06-14")), MONTHLY, ("06-15", "06-30")),
        # Three working days on either side: the later is nearer to the holiday.
        (("06-03", "06-17"), (("06-06", "06-14"),), MONTHLY, ("06-15", "06-17")),
        # No reserve is asked for: it may overlap.
        (("06-15", "06-28"), (("06-22", "06-30"),), WindowRules(months=(1,)), ("06-15", "06-28")),
        # Nothing fits: the last part, so that the approval names it.
        (("06-22", "06-26"), (("06-20", "06-30"),), MONTHLY, ("06-22", "06-26")),
        # A weekend would fit, but nobody works then.
        (("06-20", "06-26"), (("06-22", "06-30"),), MONTHLY, ("06-20", "06-26")),
    ],
)
def test_an_extra_draw_takes_the_days_that_fit(
    wanted: tuple[str, str],
    beside: tuple[tuple[str, str], ...],
    rules: WindowRules,
    found: tuple[str, str],
) -> None:
    """By hand, in June 2026, whose first day is a Monday."""
    others = [span(*one) for one in beside]
    assert fitted(span(*wanted), beside=others, rules=rules, week=WEEK) == span(*found)


def test_what_an_items_windows_ask_comes_from_the_policy() -> None:
    """Levels 1, 2, 3 are quarter, two months, month; the weekly rhythm keeps one draw in reserve."""
    rules = window_rules(POLICY, item=VENUES, regimes=["entertainment"])
    assert rules == WindowRules(months=(1, 2, 3), reserve=True)
    assert window_rules(POLICY, item="psb.unheard-of", regimes=["internet_cafe"]) == WindowRules()
    assert window_rules(ROLLING, item=VENUES, regimes=["entertainment"]).months == ()


@st.composite
def notices(draw: st.DrawFn) -> WorkingCalendar:
    """A notice for 2026 with holidays of three to nine days, three weeks or more after one another."""
    off, day = [], date(2026, 1, 1) + timedelta(days=draw(st.integers(0, 40)))
    while day.year == date(2026, 1, 1).year:
        length = draw(st.integers(3, 9))
        off += [day + timedelta(days=n) for n in range(length)]
        day += timedelta(days=length + draw(st.integers(21, 120)))
    return WorkingCalendar.of([2026], [SpecialDay(day, False, "放假") for day in off])


@given(notices())
def test_whatever_the_notice_says_the_windows_keep_their_reserve(working: WorkingCalendar) -> None:
    """Each draw lies in one window of each duty, and all others are over when its last draw begins.

    And an extra draw has a working day among the fourteen before its holiday.
    """
    draws = planned_draws(
        POLICY, item=VENUES, regimes=["entertainment"], region="410928", year=2026, working=working
    )
    assert all(in_one_window(one.visits, (1, 2, 3)) for one in draws)
    assert all(worked_days(one.visits, Week(working)) for one in draws)
    for months in (1, 2, 3):
        for first in range(1, 13, months):
            window = window_of(months, date(2026, first, 1))
            ours = [one for one in draws if window == window_of(months, one.visit_from)]
            *others, reserve = sorted(ours, key=lambda one: one.visit_from)
            assert [one for one in others if one.visit_to >= reserve.visit_from] == []
    for one in draws:
        if one.holiday is not None:
            assert one.holiday - timedelta(days=14) <= one.visit_from <= one.visit_to < one.holiday


@given(st.lists(st.tuples(st.integers(0, 29), st.integers(1, 14)), max_size=12), st.integers(0, 29))
def test_draws_to_come_are_those_that_one_can_count_on_one_after_another(
    draws: list[tuple[int, int]], on: int
) -> None:
    """Where two draws are to come, the one that begins last begins after the other's visits.

    So whoever is not in the draw at hand is in one that leaves another, the reserve, for a failed visit.
    """
    first = date(2026, 6, 1)
    slots = [
        Slot(
            period=f"2026-06.adhoc-{n}",
            visits=Span(
                first=first + timedelta(days=begins), last=first + timedelta(days=min(begins + length, 29))
            ),
        )
        for n, (begins, length) in enumerate(draws, start=1)
    ]
    today = first + timedelta(days=on)
    ends = ends_to_come(slots, this=None, on=today, months=(1, 2, 3))
    ahead = [one.visits for one in slots if one.visits.last >= today]
    assert bool(ends) == bool(ahead)
    if ahead:
        begins_last = max(one.first for one in ahead)
        assert all(end < begins_last for end in ends[:-1])
        assert len(ends) == 1 + sum(one.last < begins_last for one in ahead)
