"""What happens outside the service, each at a rate that makes it certain."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from app.domain.facts import Change, Officer, Premises, Registration, RiskEvent
from app.domain.simulation.chance import Chance
from app.domain.simulation.happenings import Happenings
from app.domain.simulation.recipe import STILL, Course, EventRate
from app.domain.simulation.tally import Happening, Tally
from app.domain.simulation.world import MORNING, Agenda, World
from tests.simulated_county import FIRST, POLICY, REGION, officers, registers, venues

YEAR = date(2027, 12, 31)
RATE = 3000
"""Three a year for each registration."""


def _after(
    course: Course,
    premises: list[Premises] | None = None,
    *,
    until: date = YEAR,
    tally: Tally | None = None,
    **staff: Any,
) -> World:
    """The world after some time in which this happens."""
    facts = registers(venues(8, level=2) if premises is None else premises, **staff)
    world, agenda = World.of(facts, policy=POLICY, first=FIRST), Agenda()
    tally = tally or Tally()
    agenda.put(FIRST, MORNING, Happenings(world, agenda, Chance("1"), course, tally).month)
    agenda.work(until)
    return world


def _busy(what: str) -> Course:
    members: dict[str, Any] = {what: RATE * 10}
    return replace(STILL, **members)


def _registrations(world: World) -> list[Registration]:
    return [registration for one in world.premises.values() for registration in one.registrations]


def test_openings_are_like_existing_premises_but_without_their_history() -> None:
    """Known and registered from the day on which they open: the first window is the next full one."""
    world = _after(replace(STILL, openings=RATE))
    new = [one for one in world.premises.values() if one.id.startswith("sim:new-")]
    # 8 registrations and 3 a year each: 2 in January, more as there are more
    assert len(new) > 24
    assert len({one.id for one in new}) == len(new)
    for one in new:
        (registration,) = one.registrations
        assert (one.region, registration.level, registration.status) == (REGION, 2, "operating")
        assert registration.registered_on == registration.known_since
        assert registration.known_since is not None
        assert FIRST <= registration.known_since <= YEAR


@pytest.mark.parametrize(("what", "status"), [("closures", "closed"), ("removals", "moved")])
def test_what_leaves_leaves_once(what: str, status: str) -> None:
    """With the day and what it was before."""
    world = _after(_busy(what))
    assert {registration.status for registration in _registrations(world)} == {status}
    for registration in _registrations(world):
        (change,) = registration.changes
        assert (change.status_before, change.level_before) == ("operating", 2)


def test_a_pause_ends() -> None:
    """After as many days as the course says; what closed meanwhile stays closed."""
    world = _after(replace(STILL, suspensions=RATE * 10, suspension_days=(5, 5)))
    for registration in _registrations(world):
        stops = [change.on for change in registration.changes if change.status_before == "operating"]
        starts = [change.on for change in registration.changes if change.status_before == "suspended"]
        assert stops
        assert [(back - gone).days for gone, back in zip(stops, starts, strict=False)] == [5] * len(starts)


def test_who_closed_while_suspended_does_not_reopen() -> None:
    """A registration suspended, then closed by the registrar."""
    world = _after(STILL, venues(1))
    agenda = Agenda()
    happenings = Happenings(world, agenda, Chance("1"), replace(STILL, suspension_days=(3, 3)), Tally())
    place = "sim:v3-000", "entertainment"
    agenda.put(FIRST, MORNING, partial(happenings._pause, place, "name"))  # noqa: SLF001 - one happening by itself
    agenda.put(FIRST + timedelta(days=1), MORNING, lambda day: world.change(*place, day, status="closed"))
    agenda.put(FIRST + timedelta(days=2), MORNING, partial(happenings._pause, place, "again"))  # noqa: SLF001 - as above
    agenda.work(YEAR)
    assert world.registration(*place).status == "closed"
    assert [change.status_before for change in world.registration(*place).changes] == [
        "operating",
        "suspended",
    ]


@pytest.mark.parametrize(("what", "level"), [("stricter", 3), ("milder", 1)])
def test_levels_go_to_the_end_and_no_further(what: str, level: int) -> None:
    """From 2 to 3 or to 1; what has no level keeps none."""
    cafe = Premises(id="c", region=REGION, registrations=(Registration(regime="internet_cafe"),))
    world = _after(_busy(what), [*venues(4, level=2), cafe])
    assert {r.level for r in _registrations(world) if r.regime == "entertainment"} == {level}
    assert world.registration("c", "internet_cafe").level is None
    assert all(len(r.changes) == 1 for r in _registrations(world) if r.regime == "entertainment")


def test_risk_events_end_as_the_course_says() -> None:
    """Complaints found true or not, hazards remedied, listings removed, the others for good."""
    kinds = ("complaint", "hazard", "penalty", "abnormal", "serious", "fire")
    course = replace(
        STILL,
        events=tuple(
            EventRate(kind=kind, per_thousand=RATE, regimes=("fire_unit",) if kind == "fire" else ())
            for kind in kinds
        ),
        substantiated=500,
        remedied_days=(7, 7),
        removed_days=(40, 40),
    )
    events = [event for one in _after(course).premises.values() for event in one.events]
    by_kind = {kind: [event for event in events if event.kind == kind] for kind in kinds}
    assert by_kind["fire"] == []  # no fire unit is there
    assert all(len(by_kind[kind]) == 24 for kind in kinds if kind != "fire")
    assert {event.substantiated for event in by_kind["complaint"]} == {True, False}
    assert {event.remedied_on for event in by_kind["hazard"]} == {
        event.on + timedelta(days=7) for event in by_kind["hazard"]
    }
    assert all(event.until == event.on + timedelta(days=40) for event in by_kind["abnormal"])
    assert all(event.until is None and event.substantiated is None for event in by_kind["penalty"])


def test_events_that_ended_long_ago_are_forgotten() -> None:
    """After three years nothing counts any more; what never ended stays as long."""
    world = _after(STILL, venues(1))
    world.happen("sim:v3-000", RiskEvent(kind="penalty", on=date(2020, 1, 1)))
    world.happen("sim:v3-000", RiskEvent(kind="hazard", on=date(2020, 1, 1), remedied_on=date(2026, 1, 1)))
    world.happen("sim:v3-000", RiskEvent(kind="penalty", on=FIRST))
    assert [event.kind for event in world.premises["sim:v3-000"].events] == ["hazard", "penalty"]


def test_changes_of_long_ago_are_forgotten() -> None:
    """No window reaches back so far."""
    registration = Registration(
        regime="entertainment",
        level=3,
        changes=(Change(on=date(2020, 1, 1), status_before="suspended", level_before=3),),
    )
    world = _after(STILL, [Premises(id="v", region=REGION, registrations=(registration,))])
    world.change("v", "entertainment", FIRST, level=2)
    assert [change.on for change in world.registration("v", "entertainment").changes] == [FIRST]


def test_officers_are_away_as_often_as_the_course_says() -> None:
    """Twelve absences a year are one a month, of the length given; those that are over are forgotten."""
    course = replace(STILL, absences_a_year=12, absence_days=(3, 3))
    world = _after(course, until=FIRST + timedelta(days=30), staff=officers(5))
    for officer in world.officers.values():
        (away,) = officer.absences
        assert (away.ends_on - away.starts_on).days == 2
        assert away.starts_on.month == 1
    later = _after(course, staff=officers(5))
    assert all(len(officer.absences) <= 2 for officer in later.officers.values())


def _certified(until: date) -> list[Officer]:
    return [replace(officer, certificate_to=until) for officer in officers(40)]


def test_certificates_are_renewed_in_time_or_late() -> None:
    """A share of them only some days after they ended: those officers cannot take part meanwhile."""
    ends = date(2027, 3, 15)
    course = replace(STILL, certificate_years=5, renewed_days_before=120, renewed_late=500, late_days=30)
    then = {
        code: officer.certificate_to
        for code, officer in _after(course, until=ends, staff=_certified(ends)).officers.items()
    }
    late = {code for code, until in then.items() if until == ends}
    assert 5 < len(late) < 35
    assert {until for code, until in then.items() if code not in late} == {date(2032, 3, 15)}
    after = _after(course, until=ends + timedelta(days=31), staff=_certified(ends)).officers
    assert {officer.certificate_to for officer in after.values()} == {date(2032, 3, 15)}


def test_what_lapsed_before_the_first_day_stays_so() -> None:
    """Somebody left it so."""
    course = replace(STILL, certificate_years=5, renewed_days_before=120)
    world = _after(course, staff=_certified(date(2026, 6, 1)))
    assert Counter(officer.certificate_to for officer in world.officers.values()) == {date(2026, 6, 1): 40}


def test_what_happened_is_counted() -> None:
    """Each happening when it takes place, by what it is; what could not take place is not counted."""
    every: dict[str, Any] = dict.fromkeys(
        ("closures", "removals", "suspensions", "stricter", "milder"), RATE * 10
    )
    course = replace(
        STILL,
        openings=RATE,
        events=(EventRate(kind="penalty", per_thousand=RATE, regimes=()),),
        absences_a_year=12,
        certificate_years=5,
        renewed_days_before=120,
        renewed_late=1000,
        late_days=30,
        **every,
    )
    tally = Tally()
    staff = _certified(date(2027, 3, 15))
    world = _after(course, tally=tally, staff=staff)
    status = Counter(one.status for one in _registrations(world))
    assert tally.happened[Happening.CLOSURE] == status["closed"] > 0
    assert tally.happened[Happening.REMOVAL] == status["moved"] > 0
    assert tally.happened[Happening.OPENING] == len(world.premises) - 8 > 0
    assert tally.happened[Happening.LATE_RENEWAL] == len(staff)
    # one a month and officer
    assert tally.happened[Happening.ABSENCE] == 12 * len(staff)
    changes = [change for one in _registrations(world) for change in one.changes]
    levels = tally.happened[Happening.STRICTER] + tally.happened[Happening.MILDER]
    assert 0 < levels <= len(changes)
    assert tally.happened["penalty"] == sum(len(one.events) for one in world.premises.values()) > 0
    assert tally.happened[Happening.SUSPENSION] > 0
    in_time = Tally()
    _after(replace(course, renewed_late=0), tally=in_time, staff=staff)
    assert in_time.happened[Happening.LATE_RENEWAL] == 0
