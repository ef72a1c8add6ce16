"""A window's last draw is best committed after the visits of those before it (rules.md, «draws_left»)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.duties.windows import window_of
from app.domain.findings import Finding
from app.domain.freezing import roster_rules
from app.domain.policy import Policy
from app.domain.roster_rules import RosterRules
from app.domain.still_open import UnfinishedDraw, still_open_findings
from tests.domain.duties.cases import POLICY, ROLLING, day, days
from tests.domain.test_freezing import VENUES, Ask

WEEK_3 = UnfinishedDraw(region="410928", item="psb.venues", period="2026-11.3", visit_to=day("11-22"))


def rules(
    *ends: str, on: str = "11-20", policy: Policy = POLICY, visits: tuple[str, str] = ("11-23", "11-30")
) -> RosterRules:
    """Give the rules of a draw of November's last week, committed on Friday before it."""
    ask = Ask(visit_from=day(visits[0]), visit_to=day(visits[1]))
    return roster_rules(
        ask, item=VENUES, policy=policy, on=day(on), draw_ends=days(*(ends or ("11-30", "12-06", "12-13")))
    )


def test_the_reserve_of_november_waits_for_the_visits_of_the_third_week() -> None:
    """A visit that fails until 22 November has no draw left if the lists are frozen on the 20th."""
    [found] = still_open_findings(
        [WEEK_3, replace(WEEK_3, period="2026-11.2", visit_to=day("11-21"))], rules()
    )
    assert found == Finding(
        "visits-still-open",
        {
            "count": 2,
            "draws": ["410928:psb.venues 2026-11.2", "410928:psb.venues 2026-11.3"],
            "until": "2026-11-22",
        },
    )


@pytest.mark.parametrize(
    ("draw", "given"),
    [
        # committed when they are over; visits that last as long as those of this draw are not before it
        (WEEK_3, rules(on="11-23")),
        (replace(WEEK_3, visit_to=day("11-23")), rules()),
        # another item, another county
        (replace(WEEK_3, item="fire.units"), rules()),
        (replace(WEEK_3, region="410922"), rules()),
        # the third week's draw has the fourth's after it in every window
        (
            replace(WEEK_3, period="2026-11.2", visit_to=day("11-15")),
            rules("11-22", "11-30", "12-06", "12-13", on="11-13", visits=("11-16", "11-22")),
        ),
        # nothing is owed by a policy without duties, or without a frequency for the item
        (WEEK_3, rules(policy=replace(POLICY, duties=None))),
        (WEEK_3, rules(policy=replace(POLICY, frequency=()))),
    ],
)
def test_otherwise_nothing_is_said(draw: UnfinishedDraw, given: RosterRules) -> None:
    """No draw makes up for another without need."""
    assert still_open_findings([draw], given) == ()


def test_a_city_and_its_counties_are_told_of_each_other() -> None:
    """A county's draw of the item may have visited a premises of the city's, and the other way round."""
    assert still_open_findings([replace(WEEK_3, region="4109")], rules())


def test_windows_that_roll_end_on_any_day() -> None:
    """Some registration's window has no draw after this one, whatever draws are to come."""
    assert still_open_findings([WEEK_3], rules(policy=ROLLING))


@given(
    on=st.integers(1, 90),
    begins=st.integers(1, 90),
    lasts=st.integers(0, 13),
    before=st.lists(st.integers(1, 90), max_size=4),
    later=st.lists(st.integers(0, 60), max_size=4),
)
def test_said_exactly_where_a_failure_could_have_no_draw_left(
    on: int, begins: int, lasts: int, before: list[int], later: list[int]
) -> None:
    """Some visit may fail between freeze and visits, and some duty's window has no later draw: day by day."""
    first = date(2026, 1, 1)
    day_on, visit_from, visit_to = (first + timedelta(days=n) for n in (on, begins, begins + lasts))
    ends = sorted({visit_to, *(visit_to + timedelta(days=n) for n in later)})
    draws = [replace(WEEK_3, period=f"p{n}", visit_to=first + timedelta(days=n)) for n in before]
    ask = Ask(visit_from=visit_from, visit_to=visit_to)
    asked = roster_rules(ask, item=VENUES, policy=POLICY, on=day_on, draw_ends=tuple(ends))
    waits = {one.visit_to for one in draws if one.visit_to >= day_on} & {
        first + timedelta(days=n) for n in range(begins)
    }
    lonely = any(
        sum(window_of(months, end) == window_of(months, visit_from) for end in ends) <= 1
        for months in (1, 2, 3)
    )
    found = still_open_findings(draws, asked)
    assert [one.values["until"] for one in found] == ([max(waits).isoformat()] if waits and lonely else [])
