"""A draw of a simulation reads the annual cap as a real one: by year, and by the level that draws."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from app.domain.calendar.draws import PlannedDraw
from app.domain.calendar.spans import Span
from app.domain.draw.basics.lines import RosterLine
from app.domain.duties.collisions import Decisions, Yields
from app.domain.facts import Premises, Visit
from app.domain.policy import Policy
from app.domain.regions import Level
from app.domain.simulation.chance import Chance
from app.domain.simulation.course import simulate
from app.domain.simulation.drawing import Drawing, Law, hold
from app.domain.simulation.tally import MISSED, Tally
from tests.simulated_county import (
    POLICY,
    VENUES,
    WINDOWS,
    law,
    no_limits,
    officers,
    plain,
    registers,
    setting,
    venues,
)

MONDAY = date(2027, 1, 11)
SUNDAYS = (date(2027, 1, 17), date(2027, 1, 24), date(2027, 1, 31))
DUTY_YIELDS: Decisions = {"class:entertainment-3": Yields.DUTY}
CITY = "4109"


def capped(visits: int, policy: Policy = POLICY) -> Policy:
    """The policy with so many visits a year."""
    return replace(policy, annual_cap=replace(policy.annual_cap, visits=visits))


def visited(*days: date, level: Level | None = Level.COUNTY, count: int = 1) -> list[Premises]:
    """Venues of level 3, known since 2025, with visits of the police on these days."""
    return [
        one._replace(
            registrations=(replace(one.registrations[0], known_since=date(2025, 1, 1)),),
            visits=tuple(
                Visit(item=VENUES, on=on, kind="drawn", agency="psb", codes=("01",), level=level)
                for on in days
            ),
        )
        for one in venues(count)
    ]


def drawn(premises: list[Premises], found: Law, *, on: date = MONDAY) -> Drawing:
    """The draw of a week, with two more to come in its month."""
    span = Span(first=on, last=SUNDAYS[0] if on == MONDAY else on)
    return hold(
        PlannedDraw(
            item=VENUES,
            period="2027-01.2",
            kind="regular",
            visit_from=span.first,
            visit_to=span.last,
            rate=None,
            basis="test",
            window=span,
        ),
        registers(premises),
        law=found,
        item=found.items[0],
        draw_ends=SUNDAYS if on == MONDAY else (span.last,),
        chance=Chance("1"),
        seq=1,
        on=on,
    )


def line_of(premises: list[Premises], found: Law, *, on: date = MONDAY) -> RosterLine:
    """The line of the only premises."""
    (line,) = drawn(premises, found, on=on).lists.roster
    return line


@pytest.mark.parametrize(
    ("decisions", "draws_left"),
    [
        # January begins afresh: of its three draws to come one stays in reserve
        ({(VENUES, 2026): DUTY_YIELDS}, 2),
        # nobody decided about 2026, or somebody about another year or item: December was missed
        ({}, 1),
        ({(VENUES, 2027): DUTY_YIELDS}, 1),
        ({(VENUES, 2025): DUTY_YIELDS}, 1),
        ({("psb.special-industry", 2026): DUTY_YIELDS}, 1),
    ],
)
def test_what_yielded_last_year_is_not_overdue_in_january(
    decisions: Mapping[tuple[str, int], Decisions], draws_left: int
) -> None:
    """Two visits a year, both made by February 2026; the draw of 11 to 17 January 2027."""
    used = visited(date(2026, 1, 5), date(2026, 2, 5))
    found = replace(law(capped(2)), decisions=decisions)
    line = line_of(used, found)
    assert (line.draws_left, line.tickets > 0) == (draws_left, True)


@pytest.mark.parametrize(
    ("year", "draws_left", "note"),
    [(2027, 0, "annual-cap"), (2026, 1, None)],
)
def test_what_was_decided_of_one_year_does_not_hold_in_the_next(
    year: int, draws_left: int, note: str | None
) -> None:
    """Two visits in January and February 2027: in March the cap holds only where 2027 was decided."""
    used = visited(date(2027, 1, 5), date(2027, 2, 5))
    found = replace(law(capped(2)), decisions={(VENUES, year): DUTY_YIELDS})
    line = line_of(used, found, on=date(2027, 3, 26))
    assert (line.draws_left, line.note) == (draws_left, note)


@pytest.mark.parametrize(
    ("drawn_by", "level", "note"),
    [
        ({}, Level.COUNTY, "annual-cap"),
        ({}, Level.CITY, None),
        ({VENUES: CITY}, Level.COUNTY, None),
        ({VENUES: CITY}, Level.CITY, "annual-cap"),
        # what a register does not say counts at every level
        ({VENUES: CITY}, None, "annual-cap"),
        # another item's calendar says nothing of this one
        ({"fire.units": CITY}, Level.CITY, None),
    ],
)
def test_the_cap_counts_the_level_that_draws(
    drawn_by: Mapping[str, str], level: Level | None, note: str | None
) -> None:
    """One visit a year, made on 5 January; whoever keeps to a city's calendar is drawn by the city."""
    found = replace(law(capped(1)), drawn_by=drawn_by, decisions={(VENUES, 2027): DUTY_YIELDS})
    line = line_of(visited(date(2027, 1, 5), level=level), found, on=date(2027, 2, 26))
    assert (line.note, line.tickets > 0) == (note, note is None)


def simulated(premises: list[Premises], found: Law, *, first: date, last: date) -> Tally:
    """Weekly draws of twelve officers, from a day to another."""
    days = setting(first=first, last=last, law=found)
    return simulate(registers(premises, officers(12)), days, windows=WINDOWS)


def test_a_simulation_over_the_new_year_lets_go_what_yielded() -> None:
    """By hand, cap 2, used up by February 2026: nothing is drawn in November and December.

    In January four draws are to come: of four lines with `draws_left` 3 the first draw takes ceil(4/3) = 2
    and one by surprise, not all four as it would of what is overdue.
    """
    used = visited(date(2026, 1, 5), date(2026, 2, 5), count=4)
    both = {(VENUES, year): DUTY_YIELDS for year in (2026, 2027)}
    found = replace(law(capped(2, no_limits(plain()))), decisions=both)
    days = {"first": date(2026, 11, 2), "last": date(2027, 1, 31)}
    tally = simulated(used, found, **days)
    by_period = {draw.planned.period: draw for draw in tally.draws}
    assert not any(draw.drawn for period, draw in by_period.items() if period < "2027")
    assert [by_period[f"2027-01.{n}"].owed for n in (1, 2)] == [3, 1]
    assert sum(one[MISSED] for one in tally.duties.values()) == 0, "what yielded is not missed"
    assert not any(due < date(2027, 1, 1) for *_, due in tally.warned), "nor alarmed"
    of_2027 = simulated(used, replace(found, decisions={(VENUES, 2027): DUTY_YIELDS}), **days)
    assert of_2027.draws[0].owed == 4, "decided of 2027 alone: in November 2026 all four are overdue"


@pytest.mark.parametrize(("drawn_by", "visits"), [({}, 0), ({VENUES: CITY}, 3)])
def test_visits_of_a_city_use_up_its_own_cap(drawn_by: Mapping[str, str], visits: int) -> None:
    """One visit a year, which the county made of three venues on 1 January: the city makes its own."""
    used = visited(date(2027, 1, 1), count=3)
    found = replace(
        law(capped(1, no_limits(plain()))), drawn_by=drawn_by, decisions={(VENUES, 2027): DUTY_YIELDS}
    )
    tally = simulated(used, found, first=date(2027, 2, 1), last=date(2027, 4, 30))
    assert len(tally.visits) == visits
