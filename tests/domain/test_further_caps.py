"""Caps besides the plan's own: of a joint draw's other agencies, of counties in a city's plan (rules.md)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.authorities import Authority
from app.domain.caps import YearCap
from app.domain.duties.collisions import Decisions, Yields, class_subject, entity_subject
from app.domain.facts import OpenVisit, Premises, Registration, Visit
from app.domain.policy import AnnualCap
from app.domain.regions import Level
from app.domain.roster import Roster, build_roster
from app.domain.roster_rules import RosterRules, Scope
from tests.domain.duties.cases import POLICY, VENUES, day, days, ktv, visit

CULTURE = YearCap(
    region="4109",
    authority=Authority("culture", Level.CITY, frozenset({"culture.venues"})),
    cap=AnnualCap(visits=2, exempt_kinds=("complaint",), basis="文旅公告"),
)
HOTEL_3 = next(
    duty for duty in POLICY.frequency if duty.match.level == 3 and duty.match.regime == "special_industry"
)
LEVEL_3 = next(duty for duty in POLICY.frequency if duty.match.level == 3)


def seen(on: str, kind: str = "drawn") -> Visit:
    """Give a visit by culture's officers."""
    return Visit(item="culture.venues", on=day(on), kind=kind, agency="culture", codes=("01",))


def place(*visits: Visit, level: int = 3, **facts: Any) -> Premises:
    """Give a KTV."""
    known: dict[str, Any] = {"id": "src:1", "region": "410928"} | facts
    return Premises(registrations=(ktv(level),), visits=visits, **known)


def first_week(decisions: Decisions | None = None) -> RosterRules:
    """A draw of November's first week, the last in the month."""
    return RosterRules(
        item=VENUES,
        agency="psb",
        scope=Scope(region="4109", regimes=("entertainment",)),
        rules=POLICY.strata,
        policy=POLICY,
        on=day("11-02"),
        visit_from=day("11-03"),
        visit_to=day("11-06"),
        draw_ends=days("11-06"),
        decisions=decisions or {},
    )


def capped(
    *premises: Premises, caps: tuple[YearCap, ...] = (CULTURE,), decisions: Decisions | None = None
) -> Roster:
    """Give the roster of a draw after further caps."""
    return build_roster(premises, replace(first_week(decisions), caps=caps))


MET = visit("11-01")
USED = seen("02-01"), seen("05-01")
OPEN = OpenVisit(items=("culture.venues",), agency="culture", visit_to=day("11-09"))


@pytest.mark.parametrize(
    ("visits", "facts", "tickets"),
    [
        # used up; one left; a complaint does not count; last year's and tomorrow's do not; another county
        (USED, {}, 0),
        ((seen("02-01"),), {}, 1),
        ((seen("02-01"), seen("05-01", "complaint")), {}, 1),
        ((seen("02-01"), seen("2025-12-01")), {}, 1),
        ((seen("02-01"), seen("11-03")), {}, 1),
        (USED, {"region": "410102"}, None),
        # a county's visits use up nothing of the city's cap, made or open
        ((USED[0], replace(USED[1], level=Level.COUNTY)), {}, 1),
        ((USED[0], replace(USED[1], level=Level.CITY)), {}, 0),
        ((USED[0],), {"open_visits": (replace(OPEN, level=Level.COUNTY),)}, 1),
        ((USED[0],), {"open_visits": (replace(OPEN, level=Level.CITY),)}, 0),
        # an open visit of culture's counts, by its agency or as a part of a joint one; one that is over not
        (
            (seen("02-01"),),
            {"open_visits": (OPEN,)},
            0,
        ),
        (
            (seen("02-01"),),
            {
                "open_visits": (
                    OpenVisit(items=("fire.units", "culture.venues"), agency="fire", visit_to=day("11-09")),
                )
            },
            0,
        ),
        (
            (seen("02-01"),),
            {"open_visits": (replace(OPEN, items=("fire.units", "culture.venues"), level=Level.COUNTY),)},
            1,
        ),
        (
            (seen("02-01"),),
            {"open_visits": (OpenVisit(items=("fire.units",), agency="fire", visit_to=day("11-09")),)},
            1,
        ),
        (
            (seen("02-01"),),
            {"open_visits": (OpenVisit(items=("culture.venues",), agency="culture", visit_to=day("11-01")),)},
            1,
        ),
    ],
)
def test_a_further_cap_takes_the_tickets_of_what_owes_nothing(
    visits: tuple[Visit, ...], facts: dict[str, Any], tickets: int | None
) -> None:
    """«Zero tickets: … annual cap reached»: two visits by culture this year."""
    found = capped(place(*visits, MET, **facts))
    lines = [(line.tickets, line.draws_left, line.note) for line in found.lines]
    note = "annual-cap" if tickets == 0 else None
    assert lines == ([] if tickets is None else [(tickets, 0, note)])
    assert found.undecided == ()


@pytest.mark.parametrize(
    ("decisions", "line", "undecided"),
    [
        ({}, (2, 1, None), ("src:1",)),
        ({class_subject(LEVEL_3): Yields.CAP}, (2, 1, None), ()),
        ({class_subject(LEVEL_3): Yields.DUTY}, (0, 0, "annual-cap"), ()),
        # an entity's own decision goes before that of its class
        ({class_subject(LEVEL_3): Yields.DUTY, entity_subject("src:1"): Yields.CAP}, (2, 1, None), ()),
    ],
)
def test_where_a_visit_is_owed_somebody_decides(
    decisions: Decisions, line: tuple[int, int, str | None], undecided: tuple[str, ...]
) -> None:
    """«A duty that the cap makes impossible is a collision … decided before approval.»."""
    found = capped(place(*USED), decisions=decisions)
    assert [(one.tickets, one.draws_left, one.note) for one in found.lines] == [line]
    assert found.undecided == undecided


def test_a_county_in_a_citys_plan_has_its_own_cap() -> None:
    """The county allows one visit a year by the police, its neighbour says nothing."""
    own = YearCap(
        region="410928",
        authority=Authority("psb", Level.CITY),
        cap=AnnualCap(visits=1, exempt_kinds=(), basis="县公告"),
    )
    here, there = place(MET), place(MET, id="src:2", region="410922")
    found = capped(here, there, caps=(own,))
    assert [(line.id, line.tickets > 0) for line in found.lines] == [("src:1", False), ("src:2", True)]


def test_without_further_caps_nothing_is_looked_at() -> None:
    """The premises pass as they are; a cap of «none published» is none; what has no tickets stays so."""
    none = replace(CULTURE, cap=replace(CULTURE.cap, visits=None))
    plain = capped(place(*USED, MET), caps=())
    assert capped(place(*USED, MET), caps=(none,)) == plain
    police = replace(CULTURE, authority=Authority("psb", Level.CITY), cap=replace(CULTURE.cap, visits=1))
    once = capped(place(*USED, MET), caps=(CULTURE, police))
    assert [line.note for line in once.lines] == ["annual-cap"]


def test_each_duty_of_a_premises_is_judged_by_its_own_decision() -> None:
    """The venue's duty yields, the hotel's does not: the premises stays drawable for the hotel's."""
    hotel = Registration(regime="special_industry", subtype="hotel", level=3, known_since=date(2025, 1, 1))
    one = place(*USED)._replace(registrations=(ktv(3), hotel))
    rules = replace(
        first_week({class_subject(LEVEL_3): Yields.DUTY, class_subject(HOTEL_3): Yields.CAP}),
        scope=Scope(region="4109", regimes=("entertainment", "special_industry")),
        caps=(CULTURE,),
    )
    found = build_roster([one], rules)
    assert [(line.tickets, line.draws_left, line.note) for line in found.lines] == [(2, 1, None)]
    assert found.undecided == ()
    yielding = replace(rules, decisions={class_subject(one): Yields.DUTY for one in (LEVEL_3, HOTEL_3)})
    assert [line.note for line in build_roster([one], yielding).lines] == ["annual-cap"]


def test_where_no_visit_is_allowed_nobody_is_drawn() -> None:
    """A cap of 0 holds for who was never visited too."""
    none = replace(CULTURE, cap=replace(CULTURE.cap, visits=0))
    yields = {class_subject(LEVEL_3): Yields.DUTY}
    assert [line.note for line in capped(place(), caps=(none,), decisions=yields).lines] == ["annual-cap"]
    assert [line.note for line in capped(place(), decisions=yields).lines] == [None]
    assert capped(place(), caps=(none,)).undecided == ("src:1",)


@given(
    visits=st.lists(st.tuples(st.integers(1, 300), st.sampled_from(["psb", "culture", "fire"])), max_size=6),
    cap=st.integers(1, 4),
    owes=st.booleans(),
)
def test_nobody_is_drawn_beyond_any_cap_unless_somebody_decides(
    visits: list[tuple[int, str]],
    cap: int,
    owes: bool,  # noqa: FBT001 - hypothesis
) -> None:
    """A line with tickets has a visit left of every agency's cap, or waits for a decision."""
    made = {
        Visit(
            item=f"{agency}.x",
            on=date.fromordinal(date(2026, 1, 1).toordinal() + n),
            kind="drawn",
            agency=agency,
            codes=("05",),
        )
        for n, agency in visits
    }
    agencies = ("culture", "fire")
    caps = tuple(
        YearCap(
            region="4109",
            authority=Authority(agency, Level.CITY),
            cap=AnnualCap(visits=cap, exempt_kinds=(), basis="x"),
        )
        for agency in agencies
    )
    found = capped(place(*made, *(() if owes else (MET,))), caps=caps)
    [line] = found.lines
    full = any(
        len({one.on for one in made if one.agency == agency and one.on <= day("11-02")}) >= cap
        for agency in agencies
    )
    assert (line.tickets == 0) == (full and not owes)
    assert bool(found.undecided) == (full and owes)
