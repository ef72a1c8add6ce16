"""What keeps a calendar from being approved: windows without draws or reserve, thirds, quarters, rates."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters import china_calendar
from app.domain.calendar.asked import as_rate, rate_faults, region_faults
from app.domain.calendar.checks import calendar_faults, low_rate, span_faults, year_rules
from app.domain.calendar.days_off import Week
from app.domain.calendar.draws import PlannedDraw, planned_draws
from app.domain.calendar.spans import Span
from app.domain.calendar.starting import still_ahead
from app.domain.policies.rhythms import Rhythms
from app.domain.policy import Policy, parse_policy
from app.domain.working_days import WorkingCalendar

POLICY = parse_policy(json.loads(Path("app/seeds/policies/default.2.json").read_text("utf-8")))
TABLE = WorkingCalendar.of(
    [2025, 2026], [*china_calendar.special_days(2025), *china_calendar.special_days(2026)]
)
REGIMES = {"psb.venues": "entertainment", "fire.units": "fire_unit", "psb.internet-cafes": "internet_cafe"}
NEW_YEAR = date(2026, 1, 1)


def year_of(item: str, policy: Policy = POLICY) -> list[PlannedDraw]:
    """The item's draws of 2026, without those whose visits are in 2025."""
    found = planned_draws(
        policy, item=item, regimes=[REGIMES[item]], region="410928", year=2026, working=TABLE
    )
    return [one for one in found if one.visit_from >= NEW_YEAR]


def faults(
    item: str,
    draws: list[PlannedDraw],
    *,
    policy: Policy = POLICY,
    since: date = NEW_YEAR,
    today: date = NEW_YEAR,
    settled: tuple[str, ...] = (),
) -> list[str]:
    """Pointers, codes and first values of what is wrong with a calendar."""
    rules = year_rules(policy, item=item, regimes=[REGIMES[item]], year=2026, since=since)
    found = calendar_faults(draws, rules, today=today, settled=settled)
    return [" ".join([one.pointer, one.code, *(value for _, value in one.values)]) for one in found]


@pytest.mark.parametrize("item", list(REGIMES))
def test_what_the_default_policy_plans_can_be_approved(item: str) -> None:
    """Nothing is missing in it."""
    assert faults(item, year_of(item)) == []


def test_a_third_without_a_draw_is_named() -> None:
    """实施方案三（三）: 3 draws a month, one in each third."""
    draws = [one for one in year_of("psb.internet-cafes") if one.period != "2026-10.1"]
    assert faults("psb.internet-cafes", draws) == ["/draws span-without-draw 2026-10-01 2026-10-10"]


def test_a_quarter_without_a_draw_is_named() -> None:
    """实施方案三（二）: at least one each quarter; an extra draw is none of them."""
    draws = [one for one in year_of("fire.units") if one.period != "2026Q3"]
    assert faults("fire.units", draws) == ["/draws span-without-draw 2026-07-01 2026-09-30"]


def test_what_ended_without_a_draw_nobody_can_mend() -> None:
    """Else no new version could be approved after a policy that asks for more than the one before it did."""
    thirds = [one for one in year_of("psb.internet-cafes") if one.visit_from > date(2026, 10, 10)]
    named = "/draws span-without-draw 2026-10-01 2026-10-10"
    october = date(2026, 10, 1)
    assert faults("psb.internet-cafes", thirds, since=october, today=date(2026, 10, 10)) == [named]
    assert faults("psb.internet-cafes", thirds, since=october, today=date(2026, 10, 11)) == []
    lacking = "/draws window-without-reserve 2026-07-01 2026-07-31 1 2 1"
    july = [one for one in without("1", "2", "3", "4") if one.visit_from >= date(2026, 7, 1)]
    assert faults("psb.venues", july, since=date(2026, 7, 1), today=date(2026, 7, 1)) == [lacking]
    settled = tuple(one.period for one in july)
    assert faults("psb.venues", july, since=date(2026, 7, 1), today=date(2026, 8, 1), settled=settled) == []


def without(*periods: str) -> list[PlannedDraw]:
    """The venues' year without these draws."""
    return [one for one in year_of("psb.venues") if one.period not in {f"2026-07.{n}" for n in periods}]


def test_a_window_with_one_draw_lacks_its_reserve() -> None:
    """«One draw stays in reserve»: July 2026 has five weekly draws; with one of them no visit may fail."""
    assert faults("psb.venues", without("1", "2", "3")) == []
    lacking = "/draws window-without-reserve 2026-07-01 2026-07-31"
    assert faults("psb.venues", without("1", "2", "3", "4")) == [f"{lacking} 1 2 1"]
    assert faults("psb.venues", without("1", "2", "3", "4", "5")) == [
        "/draws span-without-draw 2026-07-01 2026-07-31",
        f"{lacking} 0 2 1",
    ]


def test_visits_over_the_end_of_a_window_serve_neither() -> None:
    """«The draws that serve a window have their visits inside it» (mission/rules.md, «Windows»).

    A draw of which that was so when it was held stands, whatever is approved after it.
    """
    draws = without("1", "2", "3")
    assert draws[[one.period for one in draws].index("2026-07.5")].visit_to == date(2026, 7, 31)
    late = [replace(one, visit_to=date(2026, 8, 1)) if one.period == "2026-07.5" else one for one in draws]
    lacking = "/draws window-without-reserve 2026-07-01 2026-07-31 1 2 1"
    n = [one.period for one in late].index("2026-07.5")
    assert faults("psb.venues", late) == [
        lacking,
        f"/draws/{n}/visit_to over-window-end 2026-07.5 2026-07-31",
    ]
    assert faults("psb.venues", late, settled=("2026-07.5",)) == [lacking]


def moved(period: str, first: tuple[int, int], last: tuple[int, int]) -> list[PlannedDraw]:
    """The venues' year with other days for one draw."""
    return [
        replace(one, visit_from=date(2026, *first), visit_to=date(2026, *last))
        if one.period == period
        else one
        for one in year_of("psb.venues")
    ]


def test_visits_that_are_not_over_when_the_reserve_begins_are_named() -> None:
    """«One draw stays in reserve for visits that fail» (mission/rules.md, «`draws_left`»).

    The last draw of September 2026 begins on Monday the 28th: what the draw before National Day leaves on the
    30th it cannot make up for. Nor can an extra draw that begins with it. What was held stands.
    """
    late = moved("2026.holiday-1001", (9, 17), (9, 30))
    n = [one.period for one in late].index("2026.holiday-1001")
    assert faults("psb.venues", late) == [f"/draws/{n}/visit_to into-reserve 2026.holiday-1001 2026-09-27"]
    assert faults("psb.venues", late, settled=("2026.holiday-1001",)) == []
    assert faults("psb.venues", late, since=date(2026, 9, 2)) == [], "that window is not asked about"
    assert faults("psb.venues", moved("2026.holiday-1001", (9, 17), (9, 28)))[0].endswith("1001 2026-09-27")
    together = moved("2026.holiday-1001", (9, 28), (9, 30))
    assert [one.split()[2] for one in faults("psb.venues", together)] == ["2026-09.5"]
    assert POLICY.rhythms.regular[0].reserve == 1
    bold = replace(POLICY, rhythms=Rhythms(regular=(replace(POLICY.rhythms.regular[0], reserve=0),)))
    assert faults("psb.venues", late, policy=bold) == []
    assert faults("psb.venues", late, policy=replace(POLICY, rhythms=Rhythms())) == []


def test_the_draw_before_new_years_day_leaves_the_old_year_its_reserve() -> None:
    """It belongs to the new year's calendar, and its visits to the old year's windows."""
    year = list(
        planned_draws(
            POLICY, item="psb.venues", regimes=["entertainment"], region="4109", year=2026, working=TABLE
        )
    )
    rules = year_rules(
        POLICY, item="psb.venues", regimes=["entertainment"], year=2026, since=date(2025, 11, 30)
    )
    moved_early = PlannedDraw(
        item="psb.venues",
        period="2025-12.5",
        kind="regular",
        visit_from=date(2025, 12, 28),
        visit_to=date(2025, 12, 31),
        rate=None,
        basis="—",
        window=Span(first=date(2025, 12, 1), last=date(2025, 12, 31)),
    )
    today = date(2025, 12, 1)
    assert calendar_faults(year, rules, today=today, settled=()) == ()
    (found,) = calendar_faults(year, rules, today=today, settled=(), beside=[moved_early])
    assert (found.pointer, found.code) == ("/draws/0/visit_to", "into-reserve")
    assert dict(found.values)["last"] == "2025-12-27"


def test_a_rate_below_one_in_twenty_is_refused() -> None:
    """实施方案三（三）: each at least 5%; no rate at all is each plan's own, which the plan is asked for."""
    draws = year_of("psb.internet-cafes")
    draws[3] = replace(draws[3], rate=(1, 21))
    draws[4] = replace(draws[4], rate=(1, 19))
    assert faults("psb.internet-cafes", draws) == ["/draws/3/rate rate-too-low 2026-02.1 1/21 1/20"]
    assert faults("psb.internet-cafes", draws, settled=("2026-02.1",)) == [], "what was held stays as it was"
    rhythm = POLICY.rhythms.regular_of("psb.internet-cafes")
    assert [*low_rate(None, rhythm, at="/rate"), *low_rate((1, 99), None, at="/rate")] == []


def test_a_draw_whose_days_are_over_is_named_unless_it_was_held() -> None:
    """Approving it would miss it at once."""
    draws = year_of("psb.internet-cafes")
    today = date(2026, 1, 12)
    assert faults("psb.internet-cafes", draws, today=today) == [
        "/draws/0/visit_to visits-over 2026-01.1 2026-01-10"
    ]
    assert faults("psb.internet-cafes", draws, today=today, settled=("2026-01.1",)) == []


def test_windows_that_began_before_the_calendar_are_not_asked_about() -> None:
    """A calendar may begin inside its year; its first window is the next full one."""
    since = date(2026, 11, 2)
    draws = [one for one in year_of("psb.venues") if one.visit_from >= date(2026, 11, 23)]
    assert faults("psb.venues", draws, since=since, today=since) == []
    assert faults("psb.venues", draws, since=date(2026, 11, 1), today=since)[0].startswith(
        "/draws window-without-reserve 2026-11-01 2026-11-30 1 2"
    )


def test_rolling_windows_are_asked_about_by_their_open_half() -> None:
    """«Due n months after the last counting visit, the duty opening after half of that».

    The week of the Spring Festival has no draw of its own: after 15 February visits end on the 28th and then
    on 8 March. Level 3 visited on the 2nd is due on 2 March and owed from the 16th: one draw. A bureau that
    reads so must do without the reserve, or draw more often.
    """
    assert POLICY.duties is not None
    weekly = POLICY.rhythms.regular[0]
    rolling = replace(POLICY, duties=replace(POLICY.duties, rolling=True))
    assert faults("psb.venues", year_of("psb.venues"), policy=rolling) == [
        "/draws window-without-reserve 2026-02-16 2026-03-02 1 2 1"
    ]
    bold = replace(rolling, rhythms=Rhythms(regular=(replace(weekly, reserve=0),)))
    assert faults("psb.venues", year_of("psb.venues"), policy=bold) == []


def test_a_policy_without_duties_or_rhythm_asks_for_less() -> None:
    """Version 1 of the default policy owes nothing; an item without a rhythm has only what it has."""
    bare = replace(POLICY, duties=None, rhythms=Rhythms())
    assert faults("psb.venues", [], policy=bare) == []
    owed = replace(POLICY, rhythms=Rhythms())
    assert len(faults("psb.venues", [], policy=owed)) == 12 + 6 + 4


@pytest.mark.parametrize(
    ("first", "last", "codes"),
    [
        ((11, 9), (11, 15), []),
        ((10, 31), (11, 5), ["outside-window"]),
        ((11, 20), (12, 1), ["outside-window"]),
        ((11, 9), (11, 8), ["visits-end-early"]),
        ((11, 1), (11, 4), ["in-the-past"]),
    ],
)
def test_a_draw_moves_inside_its_window(
    first: tuple[int, int], last: tuple[int, int], codes: list[str]
) -> None:
    """And not into the past."""
    visits = Span(first=date(2026, *first), last=date(2026, *last))
    window = Span(first=date(2026, 11, 1), last=date(2026, 11, 30))
    assert [one.code for one in span_faults(visits, window=window, today=date(2026, 11, 5))] == codes


@pytest.mark.parametrize(
    ("rate", "good"),
    [([1, 20], True), ([1, 1], True), ([0, 20], False), ([2, 1], False), ([1], False), ([1, 2, 3], False)],
)
def test_a_rate_draws_somebody(rate: list[int], good: bool) -> None:  # noqa: FBT001 - a table's column
    """DR1: p of q; an extra draw of nobody is none."""
    assert (list(rate_faults(rate)) == []) is good
    if good:
        assert as_rate(rate) == tuple(rate)


@pytest.mark.parametrize(
    ("region", "good"),
    [
        ("41", True),
        ("4109", True),
        ("410900", True),
        ("410928", True),
        ("4", False),
        ("41092８", False),
        ("", False),
    ],
)
def test_a_region_is_a_province_a_city_or_a_county(region: str, good: bool) -> None:  # noqa: FBT001 - as above
    """GB/T 2260."""
    assert (list(region_faults(region)) == []) is good


def test_a_calendar_that_begins_inside_its_year_has_what_is_ahead() -> None:
    """On Thursday 5 November 2026 the draw of the 1st to the 8th has two working days left."""
    since = date(2026, 11, 5)
    ahead = list(still_ahead(year_of("psb.venues"), since=since, week=Week(TABLE), least_working_days=2))
    assert (ahead[0].period, ahead[0].visit_from, ahead[0].visit_to) == (
        "2026-11.1",
        since,
        date(2026, 11, 8),
    )
    fewer = list(still_ahead(year_of("psb.venues"), since=since, week=Week(TABLE), least_working_days=3))
    assert fewer == ahead[1:]
    sunday = date(2026, 11, 8)
    assert (
        list(still_ahead(year_of("psb.venues"), since=sunday, week=Week(TABLE), least_working_days=0))
        == fewer
    )


@given(st.dates(NEW_YEAR, date(2026, 12, 31)), st.sampled_from(list(REGIMES)))
def test_what_is_ahead_can_be_approved_on_the_same_day(since: date, item: str) -> None:
    """Whenever a calendar is begun, every full window after that has its draws and its reserve."""
    draws = list(still_ahead(year_of(item), since=since, week=Week(TABLE), least_working_days=3))
    assert faults(item, draws, since=since, today=since) == []
