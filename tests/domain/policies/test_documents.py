"""What a policy or clocks document may say: each fault by its pointer; what has none makes rosters."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.draw.basics.canonical import canonical_json
from app.domain.draw.freeze import freeze
from app.domain.errors import FieldError
from app.domain.facts import Premises, Registration, RiskEvent, Visit
from app.domain.policies.clocks_document import clocks_faults
from app.domain.policies.document import completed, policy_faults
from app.domain.policy import parse_policy
from app.domain.results.clocks import parse_clocks
from app.domain.roster import build_roster
from app.domain.roster_lines import premises_line
from app.domain.roster_rules import RosterRules, Scope
from app.messages import LANGUAGES, text
from tests.policy_documents import CLOCKS, DROP, ITEMS, POLICY, SEEDS, leaves, put

CAP = {
    "visits": 2,
    "published": True,
    "document_no": "文1",
    "exempt_kinds": [],
    "basis": "依据",
    "source": "law",
}
LONG = "长" * 501


def _policy(document: object) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.code) for fault in policy_faults(document, items=ITEMS)]


def _clocks(document: object) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.code) for fault in clocks_faults(document)]


@pytest.mark.parametrize("kind", ["policies", "clocks"])
def test_every_seed_is_without_fault(kind: str) -> None:
    """Old versions too: a digest in a public plan resolves for ever."""
    for path in sorted((SEEDS / kind).glob("*.json")):
        document = json.loads(Path(path).read_text("utf-8"))
        assert (_policy if kind == "policies" else _clocks)(document) == [], path


def test_every_number_has_its_basis_and_its_source() -> None:
    """Clause P1: without them, each place that holds a number is refused."""
    checked = 0
    for document, faults in ((POLICY, _policy), (CLOCKS, _clocks)):
        for pointer, value in leaves(document):
            if type(value) is not int or pointer == "/version":
                continue
            holder = _lawful_holder(document, pointer)
            for name in ("basis", "source"):
                assert faults(put(document, f"{holder}/{name}", DROP)) == [(f"{holder}/{name}", "no-basis")]
            checked += 1
    assert checked > 60


def _lawful_holder(document: Any, pointer: str) -> str:
    """The nearest object around a number that names a basis."""
    steps = pointer.split("/")[1:]
    for length in range(len(steps) - 1, 0, -1):
        place: Any = document
        for step in steps[:length]:
            place = place[int(step)] if isinstance(place, list) else place[step]
        if isinstance(place, dict) and "basis" in place:
            return "/" + "/".join(steps[:length])
    raise AssertionError(pointer)


@pytest.mark.parametrize(
    ("pointer", "value", "at", "code"),
    [
        # shapes
        ("/surprise", 1, "/surprise", "extra-forbidden"),
        ("/a~1b", 1, "/a~1b", "extra-forbidden"),
        ("/teams", DROP, "/teams", "missing"),
        ("/teams", [], "/teams", "model-attributes-type"),
        ("/strata", {}, "/strata", "list-type"),
        ("/strata", [], "/strata", "bad-length"),
        ("/name/zh", 3, "/name/zh", "string-type"),
        ("/name/zh", " ", "/name/zh", "blank-text"),
        ("/name/zh", LONG, "/name/zh", "long-text"),
        ("/code", "clocks", "/code", "unknown-value"),
        ("/version", 0, "/version", "not-in-range"),
        ("/version", True, "/version", "not-in-range"),
        ("/sources", [], "/sources", "model-attributes-type"),
        ("/sources/我", "x", "/sources/我", "bad-name"),
        ("/sources/a b", "x", "/sources/a b", "bad-name"),
        ("/sources/dr1", DROP, "/tickets/most/source", "unknown-value"),
        # header
        ("/region", "41092", "/region", "bad-region-code"),
        ("/region", "41092８", "/region", "bad-region-code"),
        ("/region", 410928, "/region", "bad-region-code"),
        ("/region", None, "/region", "bad-region-code"),
        ("/valid_from", "20261101", "/valid_from", "date-parsing"),
        ("/valid_from", "2026-02-30", "/valid_from", "date-parsing"),
        ("/valid_from", 20261101, "/valid_from", "date-parsing"),
        ("/valid_to", "2026-10-31", "/valid_to", "ends-before-start"),
        # tickets
        ("/tickets/base/tickets", 0, "/tickets/base/tickets", "not-in-range"),
        ("/tickets/most/tickets", 65, "/tickets/most/tickets", "not-in-range"),
        ("/tickets/most/tickets", 1, "/tickets/base/tickets", "above-most"),
        ("/tickets/relief/least", 3, "/tickets/relief/least", "above-most"),
        ("/tickets/relief/keep", [2, 1], "/tickets/relief/keep", "bad-rate"),
        ("/tickets/relief/keep", [1, True], "/tickets/relief/keep", "bad-rate"),
        ("/tickets/relief/keep", "1/2", "/tickets/relief/keep", "bad-rate"),
        ("/tickets/additions/0/fact", "rumour", "/tickets/additions/0/fact", "unknown-value"),
        ("/tickets/additions/0/counts", "open", "/tickets/additions/0/counts", "unknown-value"),
        ("/tickets/additions/0/months", DROP, "/tickets/additions/0/months", "missing"),
        ("/tickets/additions/1/months", 3, "/tickets/additions/1/months", "extra-forbidden"),
        ("/tickets/additions/1/substantiated", True, "/tickets/additions/1/substantiated", "extra-forbidden"),
        ("/tickets/additions/0/substantiated", 1, "/tickets/additions/0/substantiated", "bool-parsing"),
        ("/tickets/additions/0/each", 5, "/tickets/additions/0/each", "above-most"),
        ("/tickets/additions/1/fact", "complaint", "/tickets/additions/1", "given-twice"),
        # counting and the cap
        ("/counting/kinds", ["case"], "/counting/kinds", "drawn-must-count"),
        ("/counting/kinds", ["holiday"], "/counting/kinds/0", "unknown-value"),
        ("/counting/codes/-", "04", "/counting/attempt", "attempt-counts"),
        ("/counting/codes/-", "01", "/counting/codes/10", "given-twice"),
        ("/counting/clean", "11", "/counting/clean", "clean-must-count"),
        ("/zero_tickets/annual_cap/visits", 2, "/zero_tickets/annual_cap/visits", "cap-and-published"),
        ("/zero_tickets/annual_cap/published", True, "/zero_tickets/annual_cap/visits", "cap-and-published"),
        (
            "/zero_tickets/annual_cap",
            {name: CAP[name] for name in CAP if name != "document_no"},
            "/zero_tickets/annual_cap/document_no",
            "cap-without-document",
        ),
        # duties and strata
        ("/frequency/0/subtype", "hotel", "/frequency/0/subtype", "unknown-value"),
        ("/frequency/0/months", 5, "/frequency/0/months", "no-calendar-window"),
        ("/frequency/0/window", "rolling", "/frequency/0/window", "other-reading"),
        ("/frequency/1/level", 1, "/frequency/1", "given-twice"),
        ("/duties/registrar_codes", ["07"], "/duties/registrar_codes", "registrar-must-see"),
        ("/duties/default_level", 4, "/duties/default_level", "not-in-range"),
        ("/strata/0/name", "三级", "/strata/0/name", "bad-token"),
        ("/strata/0/match/subtype", "key", "/strata/0/match/subtype", "unknown-value"),
        ("/strata/0/match/level", DROP, "/strata/1/match", "never-reached"),
        # teams
        ("/teams/officers/least", 1, "/teams/officers/least", "not-in-range"),
        ("/teams/single_random/regimes/-", "fire_unit", "/teams/single_random/regimes/1", "unknown-value"),
        ("/teams/recusal/relations/1", DROP, "/teams/recusal/relations", "cannot-be-off"),
        (
            "/teams/recusal/relations/1/in_force",
            False,
            "/teams/recusal/relations/1/in_force",
            "cannot-be-off",
        ),
        # draws
        ("/calendar/0/items/-", "no.such", "/calendar/0/items/2", "unknown-value"),
        ("/calendar/1/items/0", "psb.venues", "/calendar/1/items/0", "given-twice"),
        ("/extra_draws/0/least_days", DROP, "/extra_draws/0/least_days", "missing"),
        ("/extra_draws/0/months", [12], "/extra_draws/0/months", "extra-forbidden"),
        ("/clocks/reveal/days", 181, "/clocks/reveal/days", "not-in-range"),
    ],
)
def test_a_fault_of_a_policy_is_found_where_it_is(pointer: str, value: object, at: str, code: str) -> None:
    """One change, and the faults begin at the place that must be mended, in both languages."""
    document = put(POLICY, pointer, value)
    found = policy_faults(document, items=ITEMS)
    assert (at, code) in [(fault.pointer, fault.code) for fault in found]
    for fault in found:
        assert len({_said(fault, lang) for lang in LANGUAGES}) == 2


def _said(fault: FieldError, lang: str) -> str:
    return text(f"field.{fault.code}", lang, **dict(fault.values))


@pytest.mark.parametrize(
    ("pointer", "value", "at", "code"),
    [
        ("/code", "default", "/code", "unknown-value"),
        ("/result/working_days", 0, "/result/working_days", "not-in-range"),
        ("/penalty/kinds/-", "reproof", "/penalty/kinds/5", "unknown-value"),
        ("/calendar/day", 29, "/calendar/day", "not-in-range"),
        ("/recheck/later/-", {"regime": "fire_unit", "working_days": 5}, "/recheck/later/1", "given-twice"),
        (
            "/serious_listing/early_removal_months",
            37,
            "/serious_listing/early_removal_months",
            "above-most",
        ),
        ("/publicity_repair/months", 13, "/publicity_repair/months", "above-most"),
        ("/sources/law", DROP, "/abnormal_listing/source", "unknown-value"),
    ],
)
def test_a_fault_of_clocks_is_found_where_it_is(pointer: str, value: object, at: str, code: str) -> None:
    """As above."""
    assert (at, code) in _clocks(put(CLOCKS, pointer, value))


@pytest.mark.parametrize("value", [None, [], "policy", 3, True])
def test_what_is_no_object_is_no_document(value: object) -> None:
    """Said at the root."""
    assert _policy(value) == _clocks(value) == [("", "model-attributes-type")]


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/zero_tickets/annual_cap", CAP),
        ("/zero_tickets/annual_cap", DROP),  # no plan is approved then, but it is a policy
        ("/duties", DROP),
        ("/calendar", DROP),
        ("/extra_draws", DROP),
        ("/merging", DROP),
        ("/teams/rotation", DROP),
        ("/teams/recusal/relations/8", DROP),  # `other` is no statutory relation
        ("/teams/recusal/relations/7/in_force", False),  # nor is the station officer
        ("/region", "410928"),
        ("/valid_to", "2027-10-31"),
        ("/tickets/additions", []),
        ("/tickets/additions/0/substantiated", DROP),
        ("/frequency", []),
    ],
)
def test_what_a_policy_may_leave_out_or_switch_off(pointer: str, value: object) -> None:
    """What is left out is off; what the law demands stays."""
    document = put(POLICY, pointer, value)
    assert _policy(document) == []
    parse_policy(document)


def test_rolling_windows_may_have_any_length() -> None:
    """Only calendar windows must divide a year."""
    rolling = put(put(POLICY, "/duties/reading", "rolling"), "/frequency/0/months", 5)
    assert _policy(rolling) == []
    assert _policy(put(rolling, "/frequency/0/window", "calendar")) == [
        ("/frequency/0/window", "other-reading")
    ]


def test_the_clocks_of_credit_may_be_left_out() -> None:
    """As version 1 left them out."""
    small = put(put(CLOCKS, "/serious_listing", DROP), "/publicity_repair", DROP)
    assert _clocks(small) == []


def test_a_merge_patch_may_empty_what_may_be_null() -> None:
    """RFC 7396 takes a member out where it says null; the document says null again."""
    document = put(put(POLICY, "/zero_tickets/annual_cap/visits", DROP), "/duties/default_level", DROP)
    assert completed(put(document, "/valid_to", DROP)) == POLICY
    bare = {"code": "default", "zero_tickets": 3, "duties": []}
    assert completed(bare) == bare | {"valid_to": None}


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5000) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)


def _all_faults(document: object) -> tuple[FieldError, ...]:
    return (*policy_faults(document, items=ITEMS), *clocks_faults(document))


@given(st.sampled_from([POLICY, CLOCKS]), st.data())
def test_anything_is_judged_and_every_fault_can_be_said(
    document: dict[str, Any], data: st.DataObject
) -> None:
    """Some value anywhere in a document, or in place of it: no crash, and a text for what is wrong."""
    pointer = data.draw(st.sampled_from([pointer for pointer, _ in leaves(document)]))
    shorter = pointer.rsplit("/", data.draw(st.integers(0, 2)))[0] or pointer
    changed, other = put(document, shorter, data.draw(_JSON)), data.draw(_JSON)
    for fault in (*_all_faults(changed), *_all_faults(other)):
        assert fault.pointer == "" or fault.pointer.startswith("/")
        assert all(_said(fault, lang) for lang in LANGUAGES)
    assert _all_faults(other) != ()


EVENTS = tuple(
    RiskEvent(kind=kind, on=date(2026, 9, n + 1), substantiated=True)
    for n, kind in enumerate(("complaint", "hazard", "penalty", "fire", "abnormal", "serious"))
)
VISITED = Visit(item="psb.venues", on=date(2026, 10, 20), kind="drawn", agency="psb", codes=("01",))
KNOWN = date(2026, 1, 1)
COUNTY = [
    Premises(
        id=f"src:{n}",
        region="410928",
        station="101",
        key_area=n % 2 == 0,
        registrations=(registration,),
        events=EVENTS[: n + 1],
        visits=(VISITED,) * (n % 3 == 0),
    )
    for n, registration in enumerate(
        (
            Registration(regime="entertainment", subtype="ktv", level=1, known_since=KNOWN),
            Registration(regime="entertainment", subtype="arcade", level=3, known_since=KNOWN),
            Registration(regime="entertainment", subtype="ktv", level=None, known_since=KNOWN),
            Registration(regime="special_industry", subtype="hotel", level=2, known_since=KNOWN),
            Registration(regime="fire_unit", subtype="key", known_since=KNOWN),
            Registration(regime="internet_cafe", known_since=KNOWN),
        )
    )
]
ALL_REGIMES = ("entertainment", "special_industry", "fire_unit", "internet_cafe")


@given(st.data())
def test_whatever_has_no_fault_is_read_and_makes_rosters_that_dr1_freezes(data: st.DataObject) -> None:
    """Other numbers wherever there are numbers, sections left out, rolling windows or calendar ones."""
    document = put(POLICY, "/duties/reading", data.draw(st.sampled_from(["calendar", "rolling"])))
    numbers = [(pointer, value) for pointer, value in leaves(POLICY) if type(value) is int]
    for pointer, value in data.draw(st.lists(st.sampled_from(numbers), max_size=8)):
        document = put(document, pointer, data.draw(st.integers(0, 2 * value + 3)))
    for name in data.draw(st.sets(st.sampled_from(["duties", "calendar", "extra_draws", "merging"]))):
        document = put(document, f"/{name}", DROP)
    assume(_policy(document) == [])
    canonical_json(document)
    policy = parse_policy(document)
    rules = RosterRules(
        item="psb.venues",
        agency="psb",
        scope=Scope(region="410928", regimes=ALL_REGIMES),
        rules=policy.strata,
        policy=policy,
        on=date(2026, 11, 2),
        visit_from=date(2026, 11, 3),
        visit_to=date(2026, 11, 6),
        draw_ends=(date(2026, 11, 6), date(2026, 11, 20)),
    )
    for one in COUNTY:
        count = premises_line(one, rules).counted
        if count is not None:
            assert 0 <= count.tickets <= policy.most <= 64
            assert (count.tickets == 0) == (count.note is not None)
            assert sum(line.tickets for line in count.lines) == count.tickets
    roster = build_roster(COUNTY, rules)
    frozen = freeze(alg="sha256", secret="0" * 64, roster=roster.lines, inspectors=(), recusals=())
    assert list(frozen.ids) == [line.id for line in roster.lines]


@given(st.data())
def test_whatever_clocks_have_no_fault_are_read(data: st.DataObject) -> None:
    """Other numbers wherever there are numbers."""
    document = CLOCKS
    numbers = [(pointer, value) for pointer, value in leaves(CLOCKS) if type(value) is int]
    for pointer, value in data.draw(st.lists(st.sampled_from(numbers), max_size=5)):
        document = put(document, pointer, data.draw(st.integers(0, 2 * value + 3)))
    assume(_clocks(document) == [])
    assert parse_clocks(document).result_working_days == document["result"]["working_days"]
