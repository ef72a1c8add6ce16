"""Classes of credit risk (rules.md «Frequency duties», other items; provincial practice 2021)."""

import copy
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import seeds
from app.domain.credit_classes import CreditClasses, Rating, class_on, credit_classes
from app.domain.draw.selection import quota
from app.domain.facts import Premises, Registration
from app.domain.items import Item, current_items
from app.domain.policies.document import completed, policy_faults
from app.domain.policies.explained import Subject
from app.domain.policies.policy_rules import policy_rules
from app.domain.policies.ready_made import adopting
from app.domain.policy import Match, StratumRule, parse_policy
from app.domain.preflight import forecast_strata
from app.domain.roster import build_roster
from app.domain.roster_lines import premises_line
from app.domain.roster_rules import RosterRules, Scope
from app.domain.strata import policy_strata
from tests.policy_documents import ITEMS, POLICY, put

TODAY = date(2026, 11, 2)
ITEM = "psb.internet-cafes"
KNOWN: dict[str, Item] = current_items(seeds.documents("items"), TODAY)
READY: dict[str, Any] = json.loads(Path("app/seeds/ready_made/credit-classes.1.json").read_text("utf-8"))
RATIOS = {"A": (1, 100), "B": (2, 100), "C": (10, 100), "D": (30, 100)}
"""The table of rules.md."""


def _adopted(*items: str, base: dict[str, Any] = POLICY) -> dict[str, Any]:
    changes = adopting(READY, base, [KNOWN[item] for item in items])
    return {**base, **changes}


def _cafe(n: int, status: str = "operating") -> Premises:
    registration = Registration(regime="internet_cafe", status=status)
    return Premises(id=f"src:{n:04}", region="410928", registrations=(registration,))


def _rules(document: dict[str, Any], given: dict[str, str], *, item: str = ITEM) -> RosterRules:
    policy = parse_policy(document)
    scope = Scope(region="410928", regimes=("internet_cafe",))
    strata = policy_strata(policy, scope, item=item)
    return RosterRules(
        item=item,
        agency="psb",
        scope=scope,
        rules=strata,
        policy=policy,
        on=TODAY,
        visit_from=TODAY,
        visit_to=TODAY,
        draw_ends=(TODAY,),
        credit=credit_classes(strata, given, default=policy.default_credit_class),
    )


def test_the_ready_made_policy_has_the_ratios_of_the_table() -> None:
    """1 / 2 / 10 / 30 %, and what it makes of the policy in force is a policy without faults."""
    assert {one["credit_class"]: tuple(one["rate"]) for one in READY["strata"]} == RATIOS
    made = _adopted(ITEM)
    assert policy_faults(made, items=ITEMS) == ()
    strata = {one.match.credit_class: one for one in parse_policy(made).strata if one.items}
    assert {name: (one.rate_p, one.rate_q) for name, one in strata.items()} == RATIOS
    assert {one.items for one in strata.values()} == {(ITEM,)}


def test_adopting_twice_adds_items_and_keeps_numbers() -> None:
    """A bureau that has changed a ratio keeps it; strata of other items stay behind the new ones."""
    first = _adopted("fire.units")
    first["strata"][0]["rate"] = [3, 100]
    first["credit_classes"]["default_class"] = "C"
    made = _adopted("fire.units", ITEM, base=first)
    assert policy_faults(made, items=ITEMS) == ()
    by_name = {one["name"]: one for one in made["strata"]}
    assert by_name["fire_unit-credit-A"]["rate"] == [3, 100]
    assert by_name["internet_cafe-credit-A"]["items"] == [ITEM]
    assert made["credit_classes"]["default_class"] == "C"
    assert len(made["strata"]) == len(POLICY["strata"]) + 8
    again = _adopted(ITEM, base=made)
    assert again["strata"] == made["strata"]


@pytest.mark.parametrize(
    ("sizes", "quotas"),
    [
        ({"A": 100, "B": 100, "C": 100, "D": 100}, {"A": 1, "B": 2, "C": 10, "D": 30}),
        ({"A": 101, "B": 1, "C": 11, "D": 4}, {"A": 2, "B": 1, "C": 2, "D": 2}),
        ({"D": 10}, {"D": 3}),
    ],
)
def test_quotas_by_hand(sizes: dict[str, int], quotas: dict[str, int]) -> None:
    """Rounded up as DR1 section 5 does: 1 % of 101 is 2, 10 % of 11 is 2, 30 % of 4 is 2."""
    names = [name for name, size in sizes.items() for _ in range(size)]
    held = {f"src:{n:04}": name for n, name in enumerate(names)}
    rules = _rules(_adopted(ITEM), held)
    roster = build_roster([_cafe(n) for n in range(len(names))], rules)
    found = {one.stratum.name[-1]: one.wanted for one in forecast_strata(roster)}
    assert (found, roster.unclassed) == (quotas, ())


@given(st.lists(st.sampled_from(["A", "B", "C", "D", None]), max_size=60), st.sampled_from([None, "A", "D"]))
def test_every_class_is_drawn_at_its_ratio_and_nobody_without_one_unseen(
    classes: list[str | None], default: str | None
) -> None:
    """Whoever has a class, or is treated as having one, is in its stratum; everybody else is named."""
    document = put(_adopted(ITEM), "/credit_classes/default_class", default)
    held = {f"src:{n:04}": name for n, name in enumerate(classes) if name is not None}
    roster = build_roster([_cafe(n) for n in range(len(classes))], _rules(document, held))
    treated = {f"src:{n:04}": name or default for n, name in enumerate(classes)}
    assert set(roster.unclassed) == {key for key, name in treated.items() if name is None}
    named = {line.id: line.stratum for line in roster.lines}
    for key, name in treated.items():
        assert named[key] == ("internet_cafe" if name is None else f"internet_cafe-credit-{name}")
    for stratum in roster.strata:
        size = list(named.values()).count(stratum.name)
        if stratum.name != "internet_cafe":
            p, q = RATIOS[stratum.name[-1]]
            assert quota(size, stratum) == -(-size * p // q)


def test_who_lacks_a_class_and_fits_nothing_else_has_no_line() -> None:
    """It is named once, as lacking a class; who is closed or elsewhere lacks nothing."""
    made = _adopted(ITEM)
    made["strata"] = [one for one in made["strata"] if "items" in one]
    rules = _rules(made, {})
    found = premises_line(_cafe(1), rules)
    assert (found.absent, found.unclassed, found.unmatched) == ("unmatched", ("internet_cafe",), ())
    assert premises_line(_cafe(1, status="closed"), rules).unclassed == ()
    away = Premises(id="src:9", region="410922", registrations=_cafe(1).registrations)
    assert premises_line(away, rules).unclassed == ()


def test_other_items_ask_for_no_class() -> None:
    """Nothing is read of classes where no stratum of the item asks for one."""
    document = _adopted("fire.units")
    rules = _rules(document, {})
    assert rules.credit is None
    assert premises_line(_cafe(1), rules).unclassed == ()
    any_regime = StratumRule(name="d", match=Match(credit_class="D"), rate_p=1, rate_q=2, minimum=0)
    asked = credit_classes([any_regime], {}, default=None)
    assert asked == CreditClasses(given={}, default=None, regimes=frozenset({None}))
    assert asked is not None
    assert asked.asked_of("fire_unit")


@pytest.mark.parametrize(
    ("ratings", "held"),
    [
        ([], None),
        ([("A", -10, None)], "A"),
        ([("A", 0, None)], "A"),
        ([("A", 1, None)], None),
        ([("C", -300, None), ("A", -10, None)], "A"),
        ([("C", -300, None), ("A", -10, -1)], None),
        ([("C", -300, None), ("A", -10, 0)], "A"),
        ([("B", -10, None), ("D", -10, None)], "D"),
        ([("B", -10, None), ("D", 3, None)], "B"),
    ],
)
def test_the_latest_class_that_has_not_ended_holds(
    ratings: list[tuple[str, int, int | None]], held: str | None
) -> None:
    """From its day through its last one; a later one takes its place for good; of one day the strictest."""
    day = timedelta(days=1)
    given = [
        Rating(credit_class=name, on=TODAY + on * day, until=None if until is None else TODAY + until * day)
        for name, on, until in ratings
    ]
    assert class_on(given, TODAY) == held
    assert class_on(reversed(given), TODAY) == held


@pytest.mark.parametrize(
    ("pointer", "value", "fault"),
    [
        ("/strata/0/match/credit_class", "E", ("/strata/0/match/credit_class", "unknown-value")),
        ("/strata/0/items", ["none"], ("/strata/0/items/0", "unknown-value")),
        ("/strata/0/items", [], ("/strata/0/items", "bad-length")),
        ("/credit_classes/default_class", "E", ("/credit_classes/default_class", "unknown-value")),
        ("/credit_classes/basis", "", ("/credit_classes/basis", "blank-text")),
    ],
)
def test_what_a_policy_may_not_say_of_classes(pointer: str, value: object, fault: tuple[str, str]) -> None:
    """Each with its place in the document."""
    found = policy_faults(put(_adopted(ITEM), pointer, value), items=ITEMS)
    assert [(one.pointer, one.code) for one in found] == [fault]


def test_a_stratum_of_some_items_leaves_the_others_theirs() -> None:
    """It is never reached only behind one that takes all registrations of all its items."""
    document = copy.deepcopy(_adopted(ITEM))
    cafes = next(one for one in document["strata"] if one["name"] == "internet_cafe")
    mine, both = ({**cafes, "name": name} for name in ("mine", "both"))
    mine["items"], both["items"] = [ITEM], [ITEM, "fire.units"]

    def faults(*strata: dict[str, Any]) -> list[str]:
        made = {**document, "strata": list(strata)}
        return [one.code for one in policy_faults(made, items=ITEMS)]

    assert faults(mine, cafes) == []
    assert faults(mine, both, cafes) == []
    assert faults(both, mine) == ["never-reached"]
    assert faults(cafes, mine) == ["never-reached"]


def test_a_default_class_that_was_taken_out_is_none() -> None:
    """A merge patch cannot say null (RFC 7396)."""
    document = _adopted(ITEM)
    del document["credit_classes"]["default_class"]
    assert completed(document)["credit_classes"]["default_class"] is None


def test_the_rules_say_what_a_class_means() -> None:
    """For everybody every stratum; for a cafe its own one, and what becomes of who has none."""
    document = _adopted(ITEM)
    document["strata"][1]["surprise_per"] = 50

    def told(subject: Subject | None) -> list[tuple[str, object]]:
        lines = (line for line in policy_rules(document, subject) if line.section == "stratum")
        return [(line.code, line.values.get("name")) for line in lines]

    def cafe(credit_class: str | None, *items: str) -> Subject:
        return Subject(
            regime="internet_cafe", level=None, subtype=None, items=items, credit_class=credit_class
        )

    whole = told(None)
    assert whole[:2] == [
        ("stratum.items", "internet_cafe-credit-A"),
        ("stratum.items.surprise", "internet_cafe-credit-B"),
    ]
    assert whole[-1] == ("credit-class.none", None)
    assert told(cafe("D", ITEM)) == [("stratum.items", "internet_cafe-credit-D")]
    assert told(cafe(None, ITEM)) == [("stratum", "internet_cafe"), ("credit-class.none", None)]
    assert told(cafe("D", ITEM, "fire.units")) == [
        ("stratum.items", "internet_cafe-credit-D"),
        ("stratum", "internet_cafe"),
    ]
    assert told(cafe("D", "fire.units")) == [("stratum", "internet_cafe")]
    document["credit_classes"]["default_class"] = "D"
    assert ("credit-class.default", None) in told(cafe("D", ITEM))
    assert ("credit-class.default", None) not in told(cafe("A", ITEM))
    assert ("credit-class.default", None) not in told(cafe(None, "fire.units"))
