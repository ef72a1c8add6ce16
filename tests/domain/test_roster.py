"""The roster: one line for each operating premises in scope (mission/rules.md, «Roster»)."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.draw.basics.lines import RosterLine, check_roster_line
from app.domain.draw.plan import Stratum
from app.domain.facts import Premises, Registration, RiskEvent, Visit
from app.domain.policy import Match, StratumRule, parse_policy
from app.domain.roster import build_roster
from app.domain.roster_lines import match_stratum, premises_line
from app.domain.roster_rules import RosterRules, Scope

POLICY = parse_policy(json.loads(Path("app/seeds/policies/default.1.json").read_text("utf-8")))
BOTH = ("entertainment", "special_industry")
RULES = RosterRules(
    item="psb.venues",
    agency="psb",
    scope=Scope(region="410928", regimes=BOTH),
    rules=POLICY.strata,
    policy=POLICY,
    on=date(2026, 11, 2),
    visit_from=date(2026, 11, 3),
    visit_to=date(2026, 11, 6),
    draw_ends=(date(2026, 11, 6), date(2026, 11, 13)),
)


def _rule(name: str, *, p: int = 1, q: int = 20, surprise_per: int = 0, **match: object) -> StratumRule:
    members = Match(**match)  # type: ignore[arg-type]  # names of Match's own members
    return StratumRule(name=name, match=members, rate_p=p, rate_q=q, minimum=1, surprise_per=surprise_per)


def _ktv(level: int | None = 1, **members: object) -> Registration:
    return Registration(regime="entertainment", subtype="ktv", level=level, **members)  # type: ignore[arg-type]  # as above


def _premises(identity: str, *registrations: Registration, **members: object) -> Premises:
    return Premises(id=identity, region="410928", registrations=registrations, **members)  # type: ignore[arg-type]  # as above


def test_a_worked_line() -> None:
    """A level-3 KTV in a key area at station 005 with an open hazard: 2 + 6 + 2 tickets, nothing owed yet."""
    one = _premises(
        "src:1", _ktv(3), station="005", key_area=True, events=(RiskEvent(kind="hazard", on=RULES.on),)
    )
    roster = build_roster([one], RULES)
    line = RosterLine(
        id="src:1",
        stratum="entertainment-3",
        tickets=10,
        draws_left=0,
        needs=("district:410928005", "regime:entertainment"),
        note=None,
    )
    assert roster.lines == (line,)
    assert roster.strata == (Stratum("entertainment-3", 1, 20, 1, 1),)
    assert roster.places == {("410928", "005")}


@pytest.mark.parametrize("status", ["suspended", "closed", "moved"])
def test_what_does_not_operate_is_not_in_the_roster(status: str) -> None:
    """Closed or suspended is not in the roster (DR1 section 2)."""
    found = premises_line(_premises("src:1", _ktv(status=status)), RULES)
    assert found.line is None
    assert found.absent == "status"


def test_what_was_not_seen_stays_and_is_named() -> None:
    """A full import closes nothing."""
    roster = build_roster([_premises("src:1", _ktv(not_seen=True)), _premises("src:2", _ktv())], RULES)
    assert [line.id for line in roster.lines] == ["src:1", "src:2"]
    assert roster.not_seen == ("src:1",)


@pytest.mark.parametrize(
    ("scope", "there"),
    [
        (Scope(region="410928", regimes=BOTH), True),
        (Scope(region="4109", regimes=BOTH), True),
        (Scope(region="410922", regimes=BOTH), False),
        (Scope(region="410928", regimes=("internet_cafe",)), False),
        (Scope(region="410928", regimes=BOTH, levels=(1, 3)), True),
        (Scope(region="410928", regimes=BOTH, levels=(2,)), False),
        (Scope(region="410928", regimes=BOTH, stations=("005",)), True),
        (Scope(region="410928", regimes=BOTH, stations=("006",)), False),
    ],
)
def test_scope_filters_by_region_regime_level_and_station(scope: Scope, there: bool) -> None:  # noqa: FBT001 - a table
    """An empty list restricts nothing."""
    found = premises_line(_premises("src:1", _ktv(1), station="005"), replace(RULES, scope=scope))
    assert (found.line is not None) is there
    assert found.absent == (None if there else "scope")


def test_the_first_stratum_that_fits_takes_a_registration() -> None:
    """Strata match in declared order; what is left out of a match restricts nothing."""
    rules = (
        _rule("hotels", regime="special_industry", subtype="hotel"),
        _rule("level-2", level=2),
        _rule("rest"),
    )
    hotel = Registration(regime="special_industry", subtype="hotel", level=2)
    matched = [match_stratum(one, rules) for one in (hotel, _ktv(2), _ktv(1))]
    assert [one.name for one in matched if one] == ["hotels", "level-2", "rest"]
    assert match_stratum(_ktv(1), rules[:2]) is None


@pytest.mark.parametrize(
    ("rules", "stratum"),
    [
        # the highest level wins against a higher rate
        ((_rule("a", regime="entertainment"), _rule("b", p=1, q=2, regime="special_industry")), "a"),
        # equal levels: the higher rate, 1/19 > 1/20
        ((_rule("a", level=3), _rule("b", q=19, level=2)), "a"),
    ],
)
def test_several_registrations_take_the_strictest_stratum(
    rules: tuple[StratumRule, ...], stratum: str
) -> None:
    """Strictest: highest level, then higher rate, then first name."""
    hotel = Registration(regime="special_industry", subtype="hotel", level=2)
    roster = build_roster([_premises("src:1", hotel, _ktv(3))], replace(RULES, rules=rules))
    assert [line.stratum for line in roster.lines] == [stratum]


@pytest.mark.parametrize(("q", "stratum"), [(19, "z"), (20, "y"), (21, "y")])
def test_of_equal_levels_the_higher_rate_wins_then_the_first_name(q: int, stratum: str) -> None:
    """1/19 beats 1/20, 1/20 ties and `y` comes before `z`, 1/21 loses."""
    rules = (_rule("z", q=q, regime="special_industry"), _rule("y", regime="entertainment"))
    hotel = Registration(regime="special_industry", subtype="hotel", level=2)
    found = premises_line(_premises("src:1", hotel, _ktv(2)), replace(RULES, rules=rules))
    assert found.line is not None
    assert found.line.stratum == stratum


def test_several_registrations_take_the_most_tickets_and_every_need() -> None:
    """A penalty as a hotel (+3) makes 5 tickets of the line, though the KTV alone would have 2."""
    hotel = Registration(regime="special_industry", subtype="hotel", level=2)
    penalty = RiskEvent(kind="penalty", on=RULES.on, regime="special_industry")
    found = premises_line(_premises("src:1", _ktv(3), hotel, events=(penalty,)), RULES)
    assert found.line is not None
    assert found.line.tickets == 5
    assert found.line.needs == ("district:410928", "regime:entertainment", "regime:special_industry")


def test_what_fits_no_stratum_is_named_and_what_has_lines_has_its_strata() -> None:
    """DR1 section 3: exactly the strata of the lines; unmatched registrations are for the preflight."""
    rules = (_rule("one", level=1), _rule("three", level=3))
    roster = build_roster(
        [_premises("src:1", _ktv(1)), _premises("src:2", _ktv(2))], replace(RULES, rules=rules)
    )
    assert roster.unmatched == ("src:2",)
    assert [stratum.name for stratum in roster.strata] == ["one"]
    assert roster.empty_strata == ("three",)


def test_a_graded_regime_without_a_level_is_named() -> None:
    """No level: preflight error; it is no unmatched registration besides."""
    roster = build_roster([_premises("src:1", _ktv(None))], RULES)
    assert roster.ungraded == ("src:1",)
    assert roster.unmatched == ()
    assert roster.lines == ()
    levels = replace(RULES, scope=replace(RULES.scope, levels=(1,)))
    assert build_roster([_premises("src:1", _ktv(None))], levels).ungraded == ("src:1",)


def test_a_premises_of_which_no_registration_fits_a_stratum_has_no_line() -> None:
    """Both are named, for the preflight."""
    hotel = Registration(regime="special_industry", subtype="hotel", level=1)
    rules = replace(RULES, rules=(_rule("three", level=3),))
    found = premises_line(_premises("src:1", _ktv(1), hotel), rules)
    assert (found.line, found.absent) == (None, "unmatched")
    assert found.unmatched == ("entertainment", "special_industry")


def test_an_unmatched_registration_does_not_lose_the_premises() -> None:
    """The other registration still has its line, and the fault is named."""
    rules = replace(RULES, rules=(_rule("ktv", regime="entertainment"),))
    hotel = Registration(regime="special_industry", level=1)
    found = premises_line(_premises("src:1", _ktv(1), hotel), rules)
    assert found.line is not None
    assert found.unmatched == ("special_industry",)


@pytest.mark.parametrize(("lines", "surprise"), [(1, 1), (50, 1), (51, 2), (100, 2), (101, 3)])
def test_the_policys_surprise_is_one_for_every_fifty_lines_begun(lines: int, surprise: int) -> None:
    """`surprise`: ceil(lines / 50) in each graded stratum."""
    roster = build_roster([_premises(f"src:{n}", _ktv(1)) for n in range(lines)], RULES)
    assert [stratum.surprise for stratum in roster.strata] == [surprise]


REGISTRATIONS = st.builds(
    Registration,
    regime=st.sampled_from([*BOTH, "internet_cafe"]),
    level=st.sampled_from([None, 1, 2, 3]),
    status=st.sampled_from(["operating", "closed"]),
    not_seen=st.booleans(),
)
PREMISES = st.builds(
    Premises,
    id=st.integers(1, 30).map(lambda n: f"src:{n}"),
    region=st.sampled_from(["410928", "410922"]),
    station=st.sampled_from([None, "001", "002"]),
    key_area=st.booleans(),
    registrations=st.lists(REGISTRATIONS, max_size=3).map(tuple),
    visits=st.lists(
        st.builds(
            Visit,
            item=st.just("psb.venues"),
            on=st.dates(date(2026, 9, 1), date(2026, 11, 2)),
            kind=st.just("drawn"),
            agency=st.just("psb"),
            codes=st.sampled_from([("01",), ("05",)]),
        ),
        max_size=2,
    ).map(tuple),
)
COUNTIES = st.lists(PREMISES, max_size=12, unique_by=lambda one: one.id)


@given(COUNTIES, st.randoms())
def test_the_roster_does_not_depend_on_the_order_of_rows(county: list[Premises], random: Random) -> None:
    """No database order reaches a draw."""
    shuffled = list(county)
    random.shuffle(shuffled)
    assert build_roster(shuffled, RULES) == build_roster(county, RULES)


@given(COUNTIES)
def test_each_premises_has_at_most_one_line_that_dr1_accepts(county: list[Premises]) -> None:
    """One line per premises, every value in DR1's bounds, strata exactly those of the lines, sorted."""
    roster = build_roster(county, RULES)
    ids = [line.id for line in roster.lines]
    assert ids == sorted(set(ids))
    assert {check_roster_line(line).stratum for line in roster.lines} == {s.name for s in roster.strata}
    assert [s.name for s in roster.strata] == sorted(s.name for s in roster.strata)
