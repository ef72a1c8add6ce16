"""A drawn visit carried out, and what it leaves in the registers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.calendar.draws import ADHOC, REGULAR
from app.domain.facts import OpenVisit, PlacedVisit, Visit
from app.domain.policies.staffing import LoadRule
from app.domain.policy import Policy
from app.domain.regions import Level
from app.domain.simulation.chance import Chance
from app.domain.simulation.parts import Part
from app.domain.simulation.recipe import STILL, Course
from app.domain.simulation.tally import Group, Tally
from app.domain.simulation.visiting import Errand, Visiting
from app.domain.simulation.world import DAY, Agenda, World
from tests.simulated_county import FIRST, ITEMS, POLICY, VENUES, registers, venues

MONDAY = date(2027, 1, 4)
DAYS = tuple(MONDAY + timedelta(days=n) for n in range(5))
ENTITY = "sim:v3-000"


def _sent(
    course: Course = STILL,
    *,
    policy: Policy = POLICY,
    days: Sequence[date] = DAYS,
    status: str = "operating",
    until: date = date(2027, 3, 1),
    kind: str = REGULAR,
) -> tuple[World, Tally]:
    """The world and the sums after one visit."""
    world = World.of(registers(venues(1)), policy=policy, first=FIRST)
    agenda, tally = Agenda(), Tally()
    visiting = Visiting(world, agenda, Chance("1"), course, policy, tally)
    if status != "operating":
        world.change(ENTITY, "entertainment", FIRST, status=status)
    visiting.send(
        Errand(
            name="one",
            items=(ITEMS[VENUES],),
            entity=ENTITY,
            team=("p00", "p01"),
            days=days,
            ends=days[-1] + timedelta(days=1),
            kind=kind,
            level=Level.CITY,
            surplus=Part.SURPRISE,
        )
    )
    opened = OpenVisit(items=(VENUES,), agency="psb", visit_to=days[-1], level=Level.CITY)
    assert world.premises[ENTITY].open_visits == (opened,)
    agenda.work(until)
    return world, tally


def test_a_visit_is_made_by_its_team_and_closed() -> None:
    """On a day of its span that leaves another for a second attempt."""
    world, tally = _sent()
    premises = world.premises[ENTITY]
    (visit,) = premises.visits
    assert premises.open_visits == ()
    assert (visit.item, visit.kind, visit.agency, visit.codes) == (VENUES, "drawn", "psb", ("01",))
    assert (visit.inspectors, visit.level) == (("p00", "p01"), Level.CITY)
    assert visit.on in DAYS[:-1]
    (made,) = tally.visits
    assert (made.group, made.part) == (Group(VENUES, "entertainment", "3"), Part.DUTY)
    assert tally.load == {"p00": 1, "p01": 1}
    assert tally.last[VENUES, ENTITY] == (visit.on, True)
    assert world.placed[ENTITY, "psb"] == [
        PlacedVisit(entity=ENTITY, on=visit.on, agency="psb", inspectors=("p00", "p01"))
    ]


@pytest.mark.parametrize(("duties", "part"), [(True, Part.DUTY), (False, Part.SURPRISE)])
def test_a_visit_of_an_ad_hoc_draw_is_counted_apart(duties: bool, part: Part) -> None:  # noqa: FBT001 - a case
    """What answers to alarms cost: whether it met a duty or came on top."""
    _, tally = _sent(policy=POLICY if duties else replace(POLICY, frequency=()), kind=ADHOC)
    assert tally.adhoc == {(VENUES, duties): 1}
    assert [made.part for made in tally.visits] == [part]
    assert _sent()[1].adhoc == {}


@pytest.mark.parametrize(("status", "code"), [("suspended", "11"), ("closed", "12"), ("moved", "15")])
def test_what_does_not_operate_any_more_is_found_so(status: str, code: str) -> None:
    """Codes 11 to 15 end the duty, until the registrar decides; nothing operates that could be kept."""
    slow = replace(STILL, registrar_days=(10, 10))
    world, tally = _sent(slow, status=status, until=DAYS[-1])
    (visit,) = world.premises[ENTITY].visits
    assert visit.codes == (code,)
    assert tally.visits == []
    registration = world.registration(ENTITY, "entertainment")
    assert (registration.out_of_duty, registration.out_since) == (code, visit.on)
    later, _ = _sent(slow, status=status)
    assert later.registration(ENTITY, "entertainment").out_of_duty is None
    assert later.registration(ENTITY, "entertainment").status == status


def test_a_visit_that_is_not_made_is_open_to_the_end_of_its_span() -> None:
    """Then it is closed as not visited, and owed again; what was visited before stays known."""
    during, _ = _sent(replace(STILL, not_made=1000), until=DAYS[-1])
    assert during.premises[ENTITY].open_visits
    after, tally = _sent(replace(STILL, not_made=1000))
    assert after.premises[ENTITY].open_visits == ()
    assert (tally.not_made, tally.visits) == (1, [])
    assert tally.failures[VENUES, ENTITY] == [(DAYS[-1], "failed")]


def test_the_second_attempt_may_meet_somebody() -> None:
    """On a later day."""
    world, tally = _sent(replace(STILL, nobody=1000, still_nobody=0))
    (visit,) = world.premises[ENTITY].visits
    assert (tally.attempts, tally.unreachable) == (1, 0)
    assert visit.codes == ("01",)
    assert visit.on > DAYS[0]


def test_a_policy_without_duties_knows_no_unreachable_duty() -> None:
    """The visit is recorded as an attempt; nothing is taken out of any duty."""
    world, tally = _sent(replace(STILL, nobody=1000, still_nobody=1000), policy=replace(POLICY, duties=None))
    assert tally.unreachable == 1
    assert world.premises[ENTITY].visits[0].codes == ("04",)
    assert world.registration(ENTITY, "entertainment").out_of_duty is None


def test_things_of_a_day_are_done_in_their_order() -> None:
    """Morning before draws before visits, and in the order in which they were put."""
    agenda, done = Agenda(), []
    agenda.put(FIRST, DAY, lambda _: done.append("visit"))
    agenda.put(FIRST, 0, lambda _: done.append("first"))
    agenda.put(FIRST, 0, lambda _: done.append("second"))
    agenda.put(FIRST + timedelta(days=2), 0, lambda _: done.append("too late"))
    agenda.work(FIRST + timedelta(days=1))
    assert done == ["first", "second", "visit"]


def test_the_load_is_counted_by_the_policys_period() -> None:
    """A quarter of the year; without a load rule there is one period for ever."""
    facts = replace(registers(venues(1)), taken={"p00": 7})
    world = World.of(facts, policy=POLICY, first=FIRST)
    world.take(("p00", "p01"), date(2027, 2, 1))
    assert world.facts(["entertainment"], date(2027, 3, 31)).taken == {"p00": 8, "p01": 1}
    assert world.facts(["entertainment"], date(2027, 4, 1)).taken == {}
    endless = replace(POLICY, staffing=replace(POLICY.staffing, load=None))
    world = World.of(facts, policy=endless, first=FIRST)
    assert world.facts(["entertainment"], date(2029, 4, 1)).taken == {"p00": 7}
    assert isinstance(POLICY.staffing.load, LoadRule)


def test_rotation_looks_back_as_far_as_the_policy_says() -> None:
    """The last visits of each agency at each premises, those of the registers first."""
    placed = [
        PlacedVisit(entity=ENTITY, on=FIRST - timedelta(days=n), agency="psb", inspectors=(f"p{n:02}",))
        for n in (1, 2, 3)
    ]
    facts = replace(registers(venues(1)), last_visits=placed)
    for most, expected in ((1, ["p01"]), (2, ["p02", "p01"]), (0, [])):
        policy = replace(POLICY, staffing=replace(POLICY.staffing, rotation_visits=most))
        world = World.of(facts, policy=policy, first=FIRST)
        found = world.facts(["entertainment"], FIRST).last_visits or ()
        assert [code for visit in found for code in visit.inspectors] == expected
    before = Visit(item=VENUES, on=FIRST, kind="drawn", agency="psb", codes=("01",), inspectors=("p09",))
    known = registers([one._replace(visits=(before,)) for one in venues(1)])
    world = World.of(known, policy=POLICY, first=FIRST)
    assert world.placed[ENTITY, "psb"][0].inspectors == ("p09",)


def test_what_is_kept_of_visits() -> None:
    """The recent ones, the last that counts of each item, where a cap counts those of this year and the last.

    Last year's say whether what was overdue had yielded to its cap.
    """

    def visit(on: date, *codes: str) -> Visit:
        return Visit(item=VENUES, on=on, kind="drawn", agency="psb", codes=codes or ("01",))

    old, attempt = visit(date(2026, 1, 5)), visit(date(2026, 2, 1), "04")
    older = visit(date(2025, 12, 5))
    past = venues(1)[0]._replace(visits=(older, old, attempt), open_visits=(OpenVisit(items=(VENUES,)),))
    capped = replace(POLICY, annual_cap=replace(POLICY.annual_cap, visits=3))
    assert POLICY.duties is not None
    rolling = replace(POLICY, duties=replace(POLICY.duties, rolling=True))
    for policy, on, kept in (
        (POLICY, MONDAY, [old]),
        (capped, MONDAY, [old, attempt]),
        (capped, date(2026, 12, 31), [older, old, attempt]),
        (capped, date(2028, 1, 3), [old]),
        (rolling, MONDAY, [older, old, attempt]),
    ):
        world = World.of(registers([past]), policy=policy, first=FIRST)
        world.close_visit(ENTITY, past.open_visits[0], [visit(on)])
        assert list(world.premises[ENTITY].visits) == [*kept, visit(on)]
