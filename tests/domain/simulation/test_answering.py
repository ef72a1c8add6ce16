"""Alarms answered with ad-hoc draws: when there is time for one, whom it is about, and what it costs."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.calendar.draws import ADHOC
from app.domain.duties.windows import Window, window_of
from app.domain.simulation.answering import Answering, Hanging
from app.domain.simulation.course import simulate
from app.domain.simulation.foreseen import DrawCalendar
from app.domain.simulation.recipe import STILL
from app.domain.simulation.tally import ASKED, TOO_LATE, UNANSWERED, Group, Tally
from app.domain.working_days import WorkingCalendar
from tests.simulated_county import (
    ANSWERS,
    CAFES,
    FIRST,
    POLICY,
    VENUES,
    WINDOWS,
    no_limits,
    outcomes,
    plain,
    registers,
    setting,
    venues,
    working,
)

JANUARY = window_of(1, FIRST)
PERIOD = "2027-01.adhoc-1"
WEEKLY = no_limits(plain())


def _alarm(entity: str = "a", *, level: int | None = 3, window: Window = JANUARY) -> Hanging:
    return Hanging((VENUES, entity, "entertainment", window.ends_on), level, window)


class _Planner:
    """A planner, the calendar that the answers go into, and what became of alarms."""

    def __init__(self, calendar: WorkingCalendar | None = None, **rules: Any) -> None:
        self.foreseen = DrawCalendar(WINDOWS)
        self.tally = Tally()
        self.answering = Answering(
            rules=replace(ANSWERS, **rules),
            rhythms=POLICY.rhythms,
            calendar=calendar or working(),
            tally=self.tally,
            taken=self.foreseen.periods,
            put=self.foreseen.add,
        )

    def answers(self, day: date, *alarms: Hanging, item: str = VENUES) -> list[tuple[str, date, date]]:
        """Period and visits of every ad-hoc draw there is after an evening."""
        self.answering.answer(item, alarms, day)
        draws = [one.planned for one in self.foreseen.entries.get(item, ())]
        assert {draw.kind for draw in draws} <= {ADHOC}
        return [(draw.period, draw.visit_from, draw.visit_to) for draw in draws]


END = date(2027, 1, 31)
HOLIDAY = working(off=(date(2027, 1, 28), date(2027, 1, 29)))
FRIDAY = date(2027, 1, 29)


# 2027-01-31 is a Sunday: Friday the 29th is the last working day
@pytest.mark.parametrize(
    ("day", "rules", "calendar", "first"),
    [
        # Monday: approved on Tuesday, visits from Wednesday on
        (date(2027, 1, 25), {}, working(), date(2027, 1, 27)),
        # Wednesday: approved on Thursday, Friday is left
        (date(2027, 1, 27), {}, working(), FRIDAY),
        # Thursday: approved on Friday, no working day is left
        (date(2027, 1, 28), {}, working(), None),
        # who needs no day for approval visits on Friday
        (date(2027, 1, 28), {"lead_days": 0}, working(), FRIDAY),
        # two days for approval: Tuesday's alarm is the last in time
        (date(2027, 1, 26), {"lead_days": 2}, working(), FRIDAY),
        (date(2027, 1, 27), {"lead_days": 2}, working(), None),
        # a second attempt wants a second day
        (date(2027, 1, 26), {"least_days": 2}, working(), date(2027, 1, 28)),
        (date(2027, 1, 27), {"least_days": 2}, working(), None),
        # days off are neither for approval nor for visits
        (date(2027, 1, 25), {}, HOLIDAY, date(2027, 1, 27)),
        (date(2027, 1, 26), {}, HOLIDAY, None),
    ],
)
def test_an_answer_needs_its_working_days_before_the_window_ends(
    day: date, rules: Mapping[str, int], calendar: WorkingCalendar, first: date | None
) -> None:
    """`app/seeds/simulation/answers.1.json`: one working day for approval and commitment, one for visits."""
    planner = _Planner(calendar, **rules)
    drawn = planner.answers(day, _alarm())
    assert drawn == ([] if first is None else [(PERIOD, first, END)])
    assert list(planner.tally.answers.values()) == [TOO_LATE if first is None else ASKED]


def test_one_draw_answers_all_alarms_of_an_evening_and_later_ones_join_until_it_is_held() -> None:
    """The lists are frozen on the first day of the visits: who is alarming on the evening before is drawn."""
    planner = _Planner()
    monday, both = date(2027, 1, 25), (_alarm("a"), _alarm("b", level=2, window=window_of(2, FIRST)))
    # level 2 has February too, and draws in it: here nothing else is to come, so one draw serves both
    assert planner.answers(monday, *both) == [(PERIOD, date(2027, 1, 27), END)]
    assert planner.foreseen.entries[VENUES][0].levels == (2, 3)
    # what was answered is not answered again, and another of level 3 joins
    later = planner.answers(monday + timedelta(days=1), *both, _alarm("c"))
    assert len(later) == 1
    # of level 1 no line would be in it; after it was held there is only another draw
    assert len(planner.answers(monday + timedelta(days=1), _alarm("d", level=1))) == 2
    (third,) = planner.answers(date(2027, 1, 27), _alarm("e"))[2:]
    assert third == ("2027-01.adhoc-3", FRIDAY, END)
    assert set(planner.tally.answers.values()) == {ASKED}
    assert len(planner.tally.answers) == 5


def test_a_draw_that_was_voided_is_no_answer() -> None:
    """It is asked for again, as long as there is time; then it was too late."""
    planner = _Planner()
    planner.answers(date(2027, 1, 25), _alarm())
    planner.foreseen.entries[VENUES][0].lost = True
    again = planner.answers(date(2027, 1, 27), _alarm())
    assert again[1] == ("2027-01.adhoc-2", FRIDAY, END)
    planner.foreseen.entries[VENUES][1].lost = True
    assert planner.answers(FRIDAY, _alarm()) == again
    assert list(planner.tally.answers.values()) == [TOO_LATE]
    # nor is it asked for once more
    assert planner.answers(FRIDAY, _alarm()) == again


def test_an_answer_for_what_has_no_level_leaves_nobody_out() -> None:
    """And so everybody may count on it; a draw of some levels nobody else does."""
    planner = _Planner()
    planner.answers(date(2027, 1, 25), _alarm("a"), _alarm("b", level=None))
    assert planner.foreseen.entries[VENUES][0].levels == ()
    assert planner.foreseen.to_come(VENUES, date(2027, 1, 25), None) == (END,)
    assert len(planner.answers(date(2027, 1, 26), _alarm("c", level=1))) == 1
    narrow = _Planner()
    narrow.answers(date(2027, 1, 25), _alarm("a"))
    assert narrow.foreseen.to_come(VENUES, date(2027, 1, 25), None) == ()
    assert not narrow.foreseen.followed(narrow.foreseen.entries[VENUES][0].planned, JANUARY)


def test_the_window_that_ends_first_decides_the_days() -> None:
    """Rolling windows end on any day: one that ends later may be served by the same draw."""
    soon = Window(date(2027, 1, 4), date(2027, 1, 15), 1)
    later = Window(date(2027, 1, 11), date(2027, 1, 29), 1)
    much_later = Window(date(2027, 1, 14), date(2027, 2, 3), 1)
    planner = _Planner()
    made = planner.answers(
        date(2027, 1, 11), _alarm("c", window=much_later), _alarm("b", window=later), _alarm("a", window=soon)
    )
    # visits from the 13th, before the third window opens
    assert [visits for _, *visits in made] == [
        [date(2027, 1, 13), date(2027, 1, 15)],
        [date(2027, 1, 13), date(2027, 2, 3)],
    ]


def test_an_item_without_a_rhythm_has_answers_too() -> None:
    """Its periods are months, and no plan of it is overdue."""
    planner = _Planner()
    unknown = Hanging(("else", "a", "entertainment", END), None, JANUARY)
    assert planner.answers(date(2027, 1, 25), unknown, item="else")[0][0] == PERIOD
    assert planner.foreseen.entries["else"][0].planned.alarm_days == 0
    assert planner.answers(date(2027, 1, 25), unknown, item=CAFES) == []


@settings(max_examples=60)
@given(day=st.dates(FIRST, END), lead=st.integers(0, 5), least=st.integers(1, 3))
def test_what_is_answered_is_in_time_and_what_is_not_could_not_be(day: date, lead: int, least: int) -> None:
    """Counted one by one: lead + least working days after the alarm, up to the window's end."""
    plan = working()
    left = [day + timedelta(days=n) for n in range(1, (END - day).days + 1)]
    worked = [one for one in left if plan.works(one)]
    drawn = _Planner(plan, lead_days=lead, least_days=least).answers(day, _alarm())
    assert bool(drawn) == (len(worked) >= lead + least)
    assert all((first, last) == (worked[lead], END) for _, first, last in drawn)


LATE = replace(STILL, stricter=12_000)
"""Every venue becomes stricter about once a month, on any day."""


def _years(**changes: Any) -> Tally:
    county = venues(40, level=1)
    return simulate(registers(county), setting(WEEKLY, course=LATE, **changes), windows=WINDOWS)


def test_answers_leave_only_misses_for_which_no_time_was_left() -> None:
    """«Otherwise the alarm comes before the miss»: what can be helped is helped, the rest is told apart."""
    alone, answered = _years(), _years(answers=ANSWERS)
    assert {answer for _, answer in alone.causes} == {UNANSWERED}
    assert set(answered.causes) <= {("changed", TOO_LATE)}
    assert outcomes(answered).get("missed", 0) < outcomes(alone)["missed"]
    adhoc = [draw for draw in answered.draws if draw.planned.kind == ADHOC]
    assert adhoc
    assert all(draw.held and draw.owed for draw in adhoc)
    # every alarm that was answered in time was met, and each of these visits is told from what it cost
    asked = [duty for duty, answer in answered.answers.items() if answer == ASKED]
    assert answered.adhoc[VENUES, True] >= len(asked) > 0
    assert sum(answered.adhoc.values()) == sum(draw.drawn for draw in adhoc)
    missed = {(on, group) for group, count in answered.duties.items() for on in range(count["missed"])}
    assert len(missed) == sum(answered.announced.values())


def test_without_time_for_approval_every_day_but_the_last_ones_can_be_answered() -> None:
    """The shorter an answer takes, the fewer duties are missed."""
    missed = [
        outcomes(_years(answers=replace(ANSWERS, lead_days=lead))).get("missed", 0) for lead in (0, 2, 9)
    ]
    assert missed == sorted(missed)
    assert missed[0] < missed[-1]


def test_an_answer_is_about_the_levels_that_need_it() -> None:
    """Level 3 in its last week: the ad-hoc draw has no line of another level."""
    answered = _years(answers=ANSWERS)
    groups = {visit.group for visit in answered.visits}
    assert Group(VENUES, "entertainment", "1") in groups
    for draw in answered.draws:
        if draw.planned.kind == ADHOC:
            assert draw.lines < 40


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**6), skipped=st.integers(0, 1000))
def test_a_miss_that_was_not_too_late_had_its_answer_or_its_visit(seed: int, skipped: int) -> None:
    """Whatever is voided: nothing is missed unanswered while days are left for an answer."""
    years = setting(
        WEEKLY, course=LATE, seed=str(seed), skipped=skipped, answers=ANSWERS, last=date(2027, 2, 28)
    )
    tally = simulate(registers(venues(8)), years, windows=WINDOWS)
    assert {answer for _, answer in tally.causes} <= {TOO_LATE}
