"""What became of a draw, how a voided one is replaced, and what duties may count on."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar.coming import Slot, ends_to_come
from app.domain.calendar.days_off import Week
from app.domain.calendar.spans import DAY, Span, worked_days
from app.domain.calendar.standing import Drawn, Occasion, Standing, replacement, standing

WEEK = Week(None)
VISITS = Span(first=date(2026, 11, 9), last=date(2026, 11, 15))
MONTH = Span(first=date(2026, 11, 1), last=date(2026, 11, 30))
VOIDED_AT = datetime(2026, 11, 10, 2, tzinfo=UTC)
VOIDED = Drawn(id="1", state="voided", voided_at=VOIDED_AT)


def occasion(**given: object) -> Occasion:
    """The draw of the second week of November 2026."""
    return Occasion(**{"visits": VISITS, "window": MONTH, **given})  # type: ignore[arg-type]  # a test's shorthand


@pytest.mark.parametrize(
    ("one", "on", "wanted"),
    [
        (occasion(), (11, 2), "planned"),
        (occasion(), (11, 15), "planned"),
        (occasion(), (11, 16), "missed"),
        (occasion(plans=["draft"]), (11, 2), "drafted"),
        (occasion(plans=["draft", "approved"]), (11, 2), "approved"),
        (occasion(plans=["approved"]), (11, 16), "missed"),
        (occasion(drawn=[Drawn(id="1", state="committed")]), (11, 16), "committed"),
        (occasion(drawn=[Drawn(id="1", state="drawn")]), (11, 16), "drawn"),
        (occasion(drawn=[Drawn(id="1", state="infeasible")]), (11, 16), "infeasible"),
        (occasion(drawn=[VOIDED, Drawn(id="2", state="revealed")]), (12, 9), "revealed"),
        (occasion(drawn=[VOIDED]), (11, 11), "voided"),
        (occasion(drawn=[VOIDED]), (11, 29), "voided"),
        # 30 November is the window's last day: nothing can begin the day after.
        (occasion(drawn=[VOIDED]), (11, 30), "missed"),
        (occasion(drawn=[VOIDED], plans=["draft"]), (11, 11), "drafted"),
        (occasion(drawn=[VOIDED], plans=["draft"]), (11, 16), "voided"),
        (occasion(drawn=[VOIDED], replaced_at=VOIDED_AT + timedelta(hours=1)), (11, 11), "planned"),
        (occasion(drawn=[VOIDED], replaced_at=VOIDED_AT + timedelta(hours=1)), (11, 16), "missed"),
        # Voided a second time after its days were set anew.
        (occasion(drawn=[VOIDED], replaced_at=VOIDED_AT - timedelta(hours=1)), (11, 11), "voided"),
    ],
)
def test_a_draw_of_the_calendar_stands_so(one: Occasion, on: tuple[int, int], wanted: str) -> None:
    """From planned to revealed; missed when its days passed, or no day is left to replace it."""
    assert standing(one, on=date(2026, *on), week=WEEK) is Standing(wanted)


@pytest.mark.parametrize(
    ("on", "wanted"),
    [
        # Its own days are ahead or partly so.
        ((11, 2), ((11, 9), (11, 15))),
        ((11, 11), ((11, 12), (11, 15))),
        # Friday: only the weekend is left, so seven days from tomorrow on.
        ((11, 13), ((11, 14), (11, 20))),
        ((11, 18), ((11, 19), (11, 25))),
        # Seven days would leave the month.
        ((11, 26), ((11, 27), (11, 30))),
        ((11, 29), ((11, 30), (11, 30))),
        ((11, 30), None),
    ],
)
def test_a_voided_draw_is_replaced_inside_the_window(
    on: tuple[int, int], wanted: tuple[tuple[int, int], tuple[int, int]] | None
) -> None:
    """«A voided draw is replaced inside the window» (mission/rules.md, «`draws_left`»)."""
    found = replacement(occasion(drawn=[VOIDED]), on=date(2026, *on), week=WEEK)
    days = (
        None if found is None else ((found.first.month, found.first.day), (found.last.month, found.last.day))
    )
    assert days == wanted


def test_a_short_draw_is_replaced_by_longer_days_where_its_own_length_has_no_working_day() -> None:
    """A draw of one Friday, voided that day: one day on is a Saturday, so what the window has left."""
    one = occasion(visits=Span(first=date(2026, 11, 13), last=date(2026, 11, 13)), drawn=[VOIDED])
    found = replacement(one, on=date(2026, 11, 13), week=WEEK)
    assert found == Span(first=date(2026, 11, 14), last=MONTH.last)


@given(
    st.dates(date(2026, 10, 1), date(2026, 12, 31)),
    st.integers(0, 29),
    st.integers(0, 29),
)
def test_a_replacement_lies_ahead_inside_the_window_and_has_a_working_day(
    on: date, first: int, length: int
) -> None:
    """Whenever it is asked for; and there is one while the window has a working day after today."""
    start = MONTH.first + first * DAY
    visits = Span(first=start, last=min(start + length * DAY, MONTH.last))
    found = replacement(occasion(visits=visits, drawn=[VOIDED]), on=on, week=WEEK)
    left = Span(first=max(on + DAY, MONTH.first), last=MONTH.last)
    assert (found is not None) == (left.days > 0 and worked_days(left, WEEK) > 0)
    if found is not None:
        assert left.holds(found)
        assert worked_days(found, WEEK)


def slot(period: str, first: tuple[int, int, int], last: tuple[int, int, int], **given: bool) -> Slot:
    """A place in the calendar."""
    return Slot(period=period, visits=Span(first=date(*first), last=date(*last)), **given)


NOVEMBER = (
    slot("2026-11.1", (2026, 11, 1), (2026, 11, 8)),
    slot("2026-11.2", (2026, 11, 9), (2026, 11, 15)),
    slot("2026-11.3", (2026, 11, 16), (2026, 11, 22)),
    slot("2026-11.4", (2026, 11, 23), (2026, 11, 30)),
    slot("2027.holiday-0101", (2026, 12, 18), (2026, 12, 31)),
    slot("2027-01.1", (2027, 1, 1), (2027, 1, 10)),
)


def ends(*slots: Slot, this: Slot | None, on: tuple[int, int], months: tuple[int, ...] = (1,)) -> list[str]:
    """Last days of the draws to come."""
    found = ends_to_come(slots, this=this, on=date(2026, *on), months=months)
    return [day.isoformat()[2:] for day in found]


def test_draws_to_come_end_in_order_over_the_new_year() -> None:
    """Without a draw at hand: all whose visits are not over."""
    assert ends(*NOVEMBER, this=None, on=(11, 16)) == ["26-11-22", "26-11-30", "26-12-31", "27-01-10"]


def test_the_draw_at_hand_is_counted_once_with_its_own_days() -> None:
    """It is the calendar's 2026-11.2 under other days; what began before it is not to come."""
    this = slot("2026-11.2", (2026, 11, 10), (2026, 11, 13))
    assert ends(*NOVEMBER, this=this, on=(11, 2))[:3] == ["26-11-13", "26-11-22", "26-11-30"]
    other = slot("2026-11.adhoc-1", (2026, 11, 10), (2026, 11, 13))
    assert ends(*NOVEMBER, this=other, on=(11, 2))[:3] == ["26-11-13", "26-11-22", "26-11-30"]


def test_held_and_lost_draws_are_not_to_come() -> None:
    """Committed, or voided and not replaced."""
    held = slot("2026-11.3", (2026, 11, 16), (2026, 11, 22), held=True)
    lost = slot("2026-11.4", (2026, 11, 23), (2026, 11, 30), lost=True)
    assert ends(*NOVEMBER[:2], held, lost, this=None, on=(11, 2)) == ["26-11-08", "26-11-15"]


def test_visits_over_the_end_of_a_window_are_nothing_to_count_on() -> None:
    """Nobody knows on which side they will be; without calendar windows it does not matter."""
    across = slot("2026.holiday-0404", (2026, 11, 21), (2026, 12, 3))
    assert ends(across, this=None, on=(11, 2)) == []
    assert ends(across, this=None, on=(11, 2), months=(2,)) == ["26-12-03"]
    new_year = slot("2027.holiday-0101", (2026, 12, 20), (2027, 1, 2))
    assert ends(new_year, this=None, on=(11, 2), months=(3,)) == []
    assert ends(across, this=None, on=(11, 2), months=()) == ["26-12-03"]
    assert ends(this=across, on=(11, 2)) == ["26-12-03"], "the draw at hand counts always"
