"""Years of draws: the guarantee of mission/rules.md, measured, and what becomes of duties beyond it."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.calendar.draws import PlannedDraw
from app.domain.calendar.spans import Span
from app.domain.facts import Premises, Registration
from app.domain.policy import Policy
from app.domain.simulation import world
from app.domain.simulation.course import Setting, simulate
from app.domain.simulation.foreseen import implied_draws
from app.domain.simulation.parts import Part
from app.domain.simulation.recipe import STILL
from app.domain.simulation.tally import Group, Tally
from app.domain.working_days import WorkingCalendar
from tests.simulated_county import (
    CAFES,
    FIRST,
    ITEMS,
    LIVELY,
    POLICY,
    REGION,
    VENUES,
    WINDOWS,
    law,
    no_limits,
    officers,
    outcomes,
    plain,
    registers,
    setting,
    venues,
    with_surprise,
    working,
)

WEEKLY = no_limits(plain())
LEVEL_3 = Group(VENUES, "entertainment", "3")


def _run(premises: list[Premises], given_setting: Setting, **staff: Any) -> Tally:
    return simulate(registers(premises, **staff), given_setting, windows=WINDOWS)


def test_four_venues_of_level_three_in_a_month() -> None:
    """By hand: four weekly draws in February 2027, draws_left 3, 2, 1, 1; surprise 1, quota 1.

    The first draw covers ceil(4/3) = 2 and 1 by surprise; at most one owes in the second and third; the
    fourth is the reserve, with one line by quota. All four duties are met, and nothing was alarming.
    """
    february = setting(WEEKLY, first=date(2027, 2, 1), last=date(2027, 2, 28))
    known = [
        one._replace(registrations=(replace(one.registrations[0], known_since=date(2027, 2, 1)),))
        for one in venues(4)
    ]
    tally = _run(known, february)
    assert [draw.planned.period for draw in tally.draws] == [f"2027-02.{n}" for n in range(1, 5)]
    assert (tally.draws[0].owed, tally.draws[0].drawn) == (3, 3)
    assert sum(draw.owed for draw in tally.draws) == 4
    assert tally.draws[3].drawn == 1
    assert outcomes(tally) == {"met": 4}
    assert not tally.warned
    assert tally.years[LEVEL_3] == pytest.approx(4 * 28 / 365.25)
    # two officers went to each of the visits
    assert sum(tally.load.values()) == 2 * len(tally.visits)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        # one surprise in each stratum gives the numbers of rules.md: 12.8, 6.6, 4.5
        (with_surprise(WEEKLY, 1), {"3": 12.8, "2": 6.6, "1": 4.5}),
        # the default, ceil(lines / 50): surprise falls on those who owe nothing, for of those who owe the
        # first in the drum are coverage already. Level 1 by hand: at most 4 + 4 x (12 x 3/140 + 0.05) = 5.2
        (WEEKLY, {"3": 13.2, "2": 7.1, "1": 5.0}),
    ],
)
def test_visits_a_year_by_level(policy: Policy, expected: dict[str, float]) -> None:
    """mission/rules.md, «Windows»: «about 12.8 / 6.6 / 4.5 visits a year for levels 3 / 2 / 1»."""
    county = [one for level in (1, 2, 3) for one in venues(140, level=level)]
    tally = _run(county, setting(policy, last=date(2027, 6, 30)), staff=officers(40, cap=200))
    made = Counter(visit.group.kind for visit in tally.visits)
    for level, visits in expected.items():
        assert made[level] / 70 == pytest.approx(visits, abs=0.15)
    assert outcomes(tally) == {"met": 70 * (12 + 6 + 4)}
    parts = Counter((visit.group.kind, visit.part) for visit in tally.visits)
    for level, wanted in (("3", 12), ("2", 6), ("1", 4)):
        # the duty to the visit, and beyond it nothing but what the ratio and the surprise open
        assert parts[level, Part.DUTY] == 70 * wanted
        beyond = parts[level, Part.QUOTA] + parts[level, Part.SURPRISE]
        assert beyond == made[level] - 70 * wanted > 0


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    seed=st.integers(0, 10**6),
    sizes=st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(1, 6)),
    not_made=st.integers(0, 400),
    extra=st.booleans(),
)
def test_no_duty_is_missed_while_failures_stay_within_the_reserve(
    seed: int,
    sizes: tuple[int, int, int],
    not_made: int,
    extra: bool,  # noqa: FBT001 - hypothesis gives it by name
) -> None:
    """«No duty is missed while its draws take place and no more visits fail than the reserve covers»."""
    county = [one for level, size in enumerate(sizes, start=1) for one in venues(size, level=level)]
    course = replace(STILL, not_made=not_made, nobody=not_made, still_nobody=300, registrar_keeps=500)
    policy = no_limits(POLICY if extra else plain())
    # holidays of three days from 3 April and 1 May: extra draws reach over the ends of windows
    calendar = working(off=(date(2027, 4, 5), date(2027, 5, 3)))
    given_setting = setting(policy, seed=str(seed), course=course, calendar=calendar, last=date(2027, 5, 31))
    tally = _run(county, given_setting)
    assert outcomes(tally).get("missed", 0) == 0, (tally.causes, tally.failures)


def test_what_fails_beyond_the_reserve_is_missed_and_was_alarming_before() -> None:
    """«Otherwise the alarm comes before the miss»: here no visit at all takes place."""
    course = replace(STILL, not_made=1000)
    tally = _run(venues(5), setting(WEEKLY, course=course, within_reserve=False))
    assert outcomes(tally) == {"missed": 15}
    assert tally.announced == {LEVEL_3: 15}
    assert tally.causes == {("failed", "unanswered"): 15}
    assert tally.visits == []
    assert tally.not_made == sum(draw.drawn for draw in tally.draws)


def test_a_skipped_draw_is_what_the_reserve_is_for_too_but_not_all_of_them() -> None:
    """Every draw voided and none replaced: every duty is missed, and each was alarming before."""
    tally = _run(venues(5), setting(WEEKLY, skipped=1000))
    assert not any(draw.held for draw in tally.draws)
    assert outcomes(tally) == {"missed": 15}
    assert tally.causes == {("lost", "unanswered"): 15}
    assert tally.announced == {LEVEL_3: 15}
    # each window has its own alarm, though the one before it was missed and is overdue
    ends = Counter(due_on for *_, due_on in tally.warned)
    assert ends == {date(2027, 1, 31): 5, date(2027, 2, 28): 5, date(2027, 3, 31): 5}


def test_without_a_lead_no_team_goes_and_the_tag_is_named() -> None:
    """B5: the binding constraint by name."""
    staff = [replace(officer, lead=False) for officer in officers(6)]
    tally = _run(venues(3), setting(WEEKLY, last=date(2027, 1, 31)), staff=staff)
    assert outcomes(tally) == {"missed": 3}
    assert tally.causes == {("no-team", "unanswered"): 3}
    assert tally.without_team == sum(draw.short for draw in tally.draws) > 0
    first = tally.draws[0]
    assert first.binds is not None
    assert (first.binds.name, first.binds.capacity) == ("role:lead", 0)
    assert "too-few-inspectors" in {error.code for error in first.errors}


@pytest.mark.parametrize(("keeps", "operating"), [(1000, 3), (0, 0)])
def test_nobody_twice_is_unreachable_and_the_registrar_decides(keeps: int, operating: int) -> None:
    """«Two attempts on different days inside the visit window, then it is unreachable», apart from missed."""
    course = replace(STILL, nobody=1000, still_nobody=1000, registrar_days=(1, 1), registrar_keeps=keeps)
    tally = _run(venues(3), setting(WEEKLY, course=course, last=date(2027, 2, 28), within_reserve=False))
    assert tally.unreachable >= 3
    assert tally.attempts == 2 * tally.unreachable
    assert outcomes(tally).get("missed", 0) == 0
    # who is kept starts with the next full window, who is closed with none
    assert (len(tally.stayed[LEVEL_3]) == 3) == bool(operating)


@pytest.mark.parametrize(("code", "what"), [("04", "unreachable"), ("12", "ended")])
def test_what_waits_for_the_registrar_at_the_end_of_a_window_is_reported_apart(code: str, what: str) -> None:
    """Neither met nor missed: the duty does not hold until he has decided."""
    hotel = venues(1)[0]
    fire = Registration(regime="fire_unit", subtype="general", known_since=FIRST)
    both = hotel._replace(registrations=(*hotel.registrations, fire))
    silent = {"nobody": 1000, "still_nobody": 1000} if code == "04" else {}
    course = replace(STILL, registrar_days=(60, 60), results=(((code,), 1),), **silent)  # type: ignore[arg-type]  # whole numbers
    january = setting(WEEKLY, course=course, last=date(2027, 1, 31), within_reserve=False)
    tally = _run([both], january)
    assert outcomes(tally) == {what: 1}


def test_a_single_day_leaves_no_day_for_a_second_attempt() -> None:
    """The visit is closed as not visited, and owed again."""
    one_day = (
        PlannedDraw(
            item=VENUES,
            period="2027-01.1",
            kind="regular",
            visit_from=date(2027, 1, 4),
            visit_to=date(2027, 1, 4),
            rate=None,
            basis="test",
            window=Span(first=date(2027, 1, 1), last=date(2027, 1, 31)),
        ),
    )
    course = replace(STILL, nobody=1000, still_nobody=1000)
    loose = setting(WEEKLY, course=course, draws=one_day, within_reserve=False, last=date(2027, 1, 31))
    tally = _run(venues(2), loose)
    assert (tally.attempts, tally.unreachable, len(tally.visits)) == (2, 0, 0)
    assert tally.causes == {("failed", "unanswered"): 2}
    # within the reserve such a visit meets somebody: no later draw could make up for it
    assert len(_run(venues(2), replace(loose, within_reserve=True)).visits) == 2


def test_a_visit_soon_after_a_visit_is_possible() -> None:
    """`surprise`: «else a venue visited this window is safe until the next»."""
    tally = _run(venues(40), setting(WEEKLY, last=date(2027, 3, 31)))
    days: dict[str, list[date]] = {}
    for visit in tally.visits:
        days.setdefault(visit.entity, []).append(visit.on)
    gaps = [(later - day).days for every in days.values() for day, later in pairwise(every)]
    assert min(gaps) <= 7
    # and in the same window: twice in one month
    months = Counter((visit.entity, visit.on.month) for visit in tally.visits)
    assert max(months.values()) >= 2


def test_a_stricter_level_after_the_last_draw_is_missed_with_an_alarm() -> None:
    """«Stricter level: due at the end of the window … that contains the change»."""
    tally = _run(venues(40, level=1), setting(WEEKLY, course=replace(STILL, stricter=12_000)))
    missed = outcomes(tally)["missed"]
    assert missed == sum(tally.announced.values())
    assert tally.causes == {("changed", "unanswered"): missed}


def test_what_owes_a_visit_is_visited_inside_its_window() -> None:
    """A calendar's draw may have visits from 20 March to 2 April: who lacks March is visited in March."""
    holiday = working(off=(date(2027, 4, 5),))
    policy, last = no_limits(), date(2027, 4, 30)
    draws = [
        replace(draw, visit_to=date(2027, 4, 2)) if draw.kind == "extra" else draw
        for draw in implied_draws(law(policy), first=FIRST, last=last, calendar=holiday)
        if draw.period != "2027.holiday-0501"
    ]
    tally = _run(venues(30), setting(policy, calendar=holiday, draws=tuple(draws), last=last))
    extra = next(draw for draw in tally.draws if draw.planned.kind == "extra")
    assert extra.planned.visit_from.month == 3
    assert extra.planned.visit_to.month == 4
    assert outcomes(tally) == {"met": 30 * 4}


def test_an_extra_draw_draws_at_its_own_rate() -> None:
    """M5: 1/20 before a holiday; the surprise of the policy's strata stays."""
    none_owed = replace(POLICY, frequency=())
    holiday = working(off=(date(2027, 4, 5),))
    draws = implied_draws(law(none_owed), first=FIRST, last=date(2027, 4, 30), calendar=holiday)
    fuller = tuple(replace(draw, rate=(1, 2)) if draw.kind == "extra" else draw for draw in draws)
    tally = _run(venues(20), setting(none_owed, calendar=holiday, draws=fuller, last=date(2027, 4, 30)))
    drawn = {draw.planned.kind: draw.drawn for draw in tally.draws}
    assert drawn == {"regular": 1, "extra": 10}


def test_the_same_seed_gives_the_same_years_and_another_others() -> None:
    """With everything that can happen happening."""

    def years(seed: str) -> Tally:
        return _run(venues(12), setting(WEEKLY, course=LIVELY, seed=seed, last=date(2027, 6, 30)))

    assert years("1") == years("1")
    assert years("1").visits != years("2").visits


def test_forgetting_old_visits_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what can influence something is kept of a premises; keeping all gives the same."""

    def years() -> Tally:
        county = [one for level in (1, 2, 3) for one in venues(6, level=level)]
        return _run(county, setting(WEEKLY, course=LIVELY, last=date(2028, 3, 31)))

    kept = years()
    monkeypatch.setattr(world, "_KEPT_VISIT_DAYS", 10_000)
    assert years() == kept


def test_rolling_windows_are_met_as_well() -> None:
    """The other reading of «per n months»: due a month after the last visit, opening after half of it."""
    assert POLICY.duties is not None
    rolling = replace(WEEKLY, duties=replace(POLICY.duties, rolling=True))
    tally = simulate(registers(venues(6)), setting(rolling, last=date(2027, 6, 30)), windows={VENUES: ()})
    found = outcomes(tally)
    assert found["met"] > 6 * 5
    assert found.get("missed", 0) == 0


def test_rolling_duties_that_no_draw_serves_are_alarming_and_missed() -> None:
    """Every draw is skipped: one window after the other passes."""
    assert POLICY.duties is not None
    rolling = replace(WEEKLY, duties=replace(POLICY.duties, rolling=True))
    tally = simulate(registers(venues(2)), setting(rolling, skipped=1000), windows={VENUES: ()})
    assert outcomes(tally)["missed"] >= 4
    assert sum(tally.announced.values()) == outcomes(tally)["missed"]


def test_a_policy_without_duties_owes_nothing() -> None:
    """Only quota and surprise draw."""
    tally = _run(venues(20), setting(replace(WEEKLY, duties=None), last=date(2027, 1, 31)))
    assert outcomes(tally) == {}
    assert {draw.drawn for draw in tally.draws} == {1}


def test_an_annual_cap_keeps_what_it_counts() -> None:
    """A published cap counts the visits of the year."""
    cap = replace(POLICY.annual_cap, visits=3)
    no_duty = replace(WEEKLY, annual_cap=cap, frequency=())
    tally = _run(venues(2), setting(no_duty, last=date(2027, 12, 31)))
    assert max(Counter(visit.entity for visit in tally.visits).values()) == 3


def test_two_items_at_one_premises_are_one_visit() -> None:
    """综合查一次: a hotel with singing rooms, both of level 3, is visited once for both."""
    hotel = [
        Premises(
            id=f"sim:h{n}",
            region=REGION,
            station="001",
            registrations=tuple(
                Registration(regime=regime, subtype=subtype, level=3, known_since=FIRST)
                for regime, subtype in (("special_industry", "hotel"), ("entertainment", "ktv"))
            ),
        )
        for n in range(4)
    ]
    both = setting(WEEKLY, VENUES, "psb.special-industry", last=date(2027, 2, 28))
    tally = _run(hotel, both)
    assert tally.merged > 0
    assert outcomes(tally) == {"met": 4 * 2 * 2}
    together = [visit for visit in tally.visits if visit.item == VENUES]
    also = {(visit.entity, visit.on) for visit in tally.visits if visit.item == "psb.special-industry"}
    # Each merged visit is one of both items on one day; two draws may also meet on a day by chance.
    assert tally.merged <= sum((visit.entity, visit.on) in also for visit in together)


def test_a_single_random_draw_has_no_team_and_is_visited_all_the_same() -> None:
    """M9: cafes may be drawn without inspectors; who goes is recorded by hand."""
    cafe = replace(ITEMS[CAFES], slots=())
    cafes = [
        Premises(id=f"sim:c{n}", region=REGION, registrations=(Registration(regime="internet_cafe"),))
        for n in range(5)
    ]
    alone = replace(law(WEEKLY, CAFES), items=(cafe,))
    tally = _run(cafes, setting(WEEKLY, last=date(2027, 1, 31), law=alone))
    assert len(tally.draws) == 3
    assert tally.without_team == 0
    assert len(tally.visits) == sum(draw.drawn for draw in tally.draws) > 0
    assert tally.load == {}


def test_an_empty_roster_is_no_draw() -> None:
    """No venue operates."""
    tally = _run([], setting(WEEKLY, last=date(2027, 1, 31)))
    assert tally.draws
    assert not any(draw.held for draw in tally.draws)


def test_a_span_without_a_working_day_is_worked_on_its_last() -> None:
    """A holiday that fills a draw's days."""
    every_day_off = WorkingCalendar(
        years=frozenset({2027, 2028}),
        off=frozenset(FIRST + timedelta(days=n) for n in range(365)),
        made_up=frozenset(),
    )
    draws = implied_draws(law(WEEKLY), first=FIRST, last=date(2027, 1, 31), calendar=working())
    tally = _run(venues(3), setting(WEEKLY, calendar=every_day_off, draws=draws, last=date(2027, 1, 31)))
    ends = {draw.planned.visit_to for draw in tally.draws}
    assert {visit.on for visit in tally.visits} <= ends


def test_a_draw_under_way_on_the_first_day_is_held_on_it() -> None:
    """A simulation may begin in the middle of a week; what ended before it is left out."""
    draws = implied_draws(law(WEEKLY), first=FIRST, last=date(2027, 1, 31), calendar=working())
    thursday = date(2027, 1, 14)
    tally = _run(venues(3), setting(WEEKLY, first=thursday, draws=draws, last=date(2027, 1, 31)))
    assert tally.draws[0].planned.visit_from == date(2027, 1, 11)
    assert min(visit.on for visit in tally.visits) >= thursday


def test_counting_can_begin_later() -> None:
    """What was before only leads up to it: the second month alone is counted."""
    later = setting(WEEKLY, last=date(2027, 2, 28), counted=date(2027, 2, 1))
    tally = _run(venues(4), later)
    assert outcomes(tally) == {"met": 4}
    assert {draw.planned.visit_from.month for draw in tally.draws} == {2}
    assert min(visit.on for visit in tally.visits) >= date(2027, 2, 1)


def test_who_follows_is_told_after_each_draw() -> None:
    """For a bar on a terminal."""
    told: list[tuple[int, int]] = []
    january = setting(WEEKLY, last=date(2027, 1, 31))
    simulate(registers(venues(2)), january, windows=WINDOWS, follow=lambda done, of: told.append((done, of)))
    total = len(told)
    assert told == [(n, total) for n in range(1, total + 1)]
