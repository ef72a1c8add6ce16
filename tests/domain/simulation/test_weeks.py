"""A forecast by week, and the collisions of duty and cap."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from app.domain.calendar.draws import PlannedDraw
from app.domain.calendar.spans import Span
from app.domain.duties.collisions import Yields
from app.domain.facts import Premises, Registration, Visit
from app.domain.findings import Finding
from app.domain.regions import Level
from app.domain.simulation.binding import Binding
from app.domain.simulation.drawing import Law
from app.domain.simulation.parts import Part
from app.domain.simulation.tally import DrawMade, Group, Made, Tally
from app.domain.simulation.weeks import ItemCollision, collisions, forecast_weeks
from tests.simulated_county import FIRST, POLICY, VENUES, law, venues

INDUSTRY = "psb.special-industry"
MONDAY = date(2027, 1, 4)
TIGHT = Binding(kind="tag", name="role:lead", asked=9, capacity=10)
LOOSE = Binding(kind="inspector", name="p00", asked=1, capacity=10)


def _draw(on: date, *, item: str = VENUES, **members: Any) -> DrawMade:
    span = Span(first=on, last=on + timedelta(days=6))
    return DrawMade(
        planned=PlannedDraw(
            item=item,
            period="2027-01.2",
            kind="regular",
            visit_from=span.first,
            visit_to=span.last,
            rate=None,
            basis="test",
            window=span,
        ),
        held=True,
        **members,
    )


def _made(item: str, entity: str, on: date, *team: str) -> Made:
    return Made(item, entity, on, team, Group(item, "entertainment", "3"), Part.DUTY)


def test_weeks_run_from_monday_to_sunday() -> None:
    """1 January 2027 is a Friday: the first week is the last one of 2026 by ISO 8601."""
    weeks = forecast_weeks(Tally(), units={}, first=FIRST, last=date(2027, 1, 18))
    assert [week.name for week in weeks] == ["2026-W53", "2027-W01", "2027-W02", "2027-W03"]
    assert all(week.visits == 0 and week.capacity is None and not week.infeasible for week in weeks)


def test_where_nobody_is_registered_nothing_is_impossible() -> None:
    """No lines, nothing owed; what stands in the registers and cannot be drawn is another matter."""
    empty = _draw(MONDAY, errors=(Finding("no-lines"),))
    ungraded = _draw(MONDAY + timedelta(days=7), errors=(Finding("no-lines"), Finding("no-level")))
    weeks = forecast_weeks(Tally(draws=[empty, ungraded]), units={}, first=MONDAY, last=date(2027, 1, 18))
    assert [week.infeasible for week in weeks] == [False, True, False]


def test_a_visit_is_counted_once_for_each_who_made_it() -> None:
    """One for two items by p00 of unit A and p01 of unit B, one by p00 alone, one by nobody of a unit."""
    tally = Tally(
        visits=[
            _made(VENUES, "hotel", MONDAY, "p00", "p01"),
            _made(INDUSTRY, "hotel", MONDAY, "p00", "p01"),
            _made(VENUES, "bar", MONDAY + timedelta(days=6), "p00"),
            _made(VENUES, "bar", MONDAY + timedelta(days=7), "p02"),
        ]
    )
    units = {"p00": "A", "p01": "B"}
    _, week, after = forecast_weeks(tally, units=units, first=FIRST, last=date(2027, 1, 11))
    assert week.visits == 2
    assert week.by_item == {VENUES: 2, INDUSTRY: 1}
    assert week.by_unit == {"A": 2, "B": 1}
    assert week.by_inspector == {"p00": 2, "p01": 1}
    assert (after.visits, after.by_unit, after.by_inspector) == (1, {}, {"p02": 1})
    alone = week.only(INDUSTRY)
    assert (alone.visits, alone.by_item, alone.by_unit) == (1, {INDUSTRY: 1}, {"A": 2, "B": 1})
    assert week.only("fire.units").by_item == {}


def test_a_week_is_bound_by_the_tightest_of_its_draws() -> None:
    """Capacities add up; one draw that is short, or impossible, makes the week infeasible."""
    tally = Tally(
        draws=[
            _draw(MONDAY, capacity=20, binds=LOOSE),
            _draw(MONDAY, item=INDUSTRY, capacity=30, binds=TIGHT, short=1),
            _draw(MONDAY + timedelta(days=7), capacity=5, errors=(Finding("no-level"),)),
        ]
    )
    _, week, after = forecast_weeks(tally, units={}, first=FIRST, last=date(2027, 1, 11))
    assert (week.capacity, week.binds, week.infeasible) == (50, TIGHT, True)
    assert (after.capacity, after.binds, after.infeasible) == (5, None, True)
    alone = week.only(VENUES)
    assert (alone.capacity, alone.binds, alone.infeasible) == (20, LOOSE, False)


def test_a_draw_under_way_on_the_first_day_belongs_to_its_week() -> None:
    """It is held on that day."""
    tally = Tally(draws=[_draw(MONDAY - timedelta(days=14), capacity=1)])
    week = forecast_weeks(tally, units={}, first=MONDAY, last=MONDAY)[0]
    assert week.capacity == 1


def test_no_cap_collides_with_nothing() -> None:
    """«None published» is on record."""
    assert _collisions(law(), venues(3)) == ()


def _collisions(found: Law, premises: list[Premises]) -> tuple[ItemCollision, ...]:
    """The collisions of 2027, as its first day sees them."""
    return collisions(found, premises, on=FIRST, year=2027)


def test_items_of_an_agency_share_the_cap_of_an_entity() -> None:
    """Cap 15: twelve visits as a venue and twelve as a hotel are 24, though either duty alone would do.

    Both items have the collision; what was decided of the class holds for its entities.
    """
    capped = replace(POLICY, annual_cap=replace(POLICY.annual_cap, visits=15))
    (alone,) = venues(1)
    hotel = Registration(regime="special_industry", level=3, known_since=FIRST)
    both = alone._replace(id="sim:both", registrations=(*alone.registrations, hotel))
    found = _collisions(law(capped, VENUES, INDUSTRY), [alone, both])
    assert [(one.item, one.found.subject, one.found.wanted) for one in found] == [
        (VENUES, "entity:sim:both", 24),
        (INDUSTRY, "entity:sim:both", 24),
    ]
    decided = {
        (VENUES, 2027): {"class:entertainment-3": Yields.CAP},
        (INDUSTRY, 2027): {"entity:sim:both": Yields.DUTY},
    }
    settled = _collisions(replace(law(capped, VENUES, INDUSTRY), decisions=decided), [alone, both])
    assert [one.yields for one in settled] == [Yields.CAP, Yields.DUTY]
    assert _collisions(law(capped), [alone, both]) == (), "one item alone"


def test_a_collision_counts_the_visits_of_the_level_that_draws() -> None:
    """Cap 12, two visits in the first week: eleven more are wanted, so the county's are one too many."""
    capped = replace(POLICY, annual_cap=replace(POLICY.annual_cap, visits=12))
    visits = tuple(
        Visit(item=VENUES, on=on, kind="drawn", agency="psb", codes=("01",), level=Level.COUNTY)
        for on in (FIRST, date(2027, 1, 5))
    )
    one = venues(1)[0]._replace(visits=visits)
    for drawn_by, wanted in (({}, [13]), ({VENUES: "4109"}, [])):
        drawn = replace(law(capped), drawn_by=drawn_by)
        found = collisions(drawn, [one], on=date(2027, 1, 8), year=2027)
        assert [collision.found.wanted for collision in found] == wanted


def test_a_cap_below_the_duty_is_a_collision_until_one_yields() -> None:
    """Cap 10: level 3 wants twelve visits a year, level 2 six. Only where somebody has that duty."""
    capped = replace(POLICY, annual_cap=replace(POLICY.annual_cap, visits=10))
    closed = venues(1, prefix="sim:x")[0]
    gone = closed._replace(
        registrations=(Registration(regime="entertainment", level=3, status="closed"),),
    )
    (collision,) = _collisions(law(capped), [*venues(3), *venues(2, level=2), gone])
    found = collision.found
    assert (collision.item, found.subject) == (VENUES, "class:entertainment-3")
    assert (found.wanted, found.cap, found.registrations) == (12, 10, 3)
    assert collision.yields is None
    decided = replace(law(capped), decisions={(VENUES, 2027): {found.subject: Yields.CAP}})
    assert _collisions(decided, venues(3))[0].yields == Yields.CAP
    last_year = replace(law(capped), decisions={(VENUES, 2026): {found.subject: Yields.CAP}})
    assert _collisions(last_year, venues(3))[0].yields is None
    assert _collisions(law(capped), venues(2, level=2)) == ()
