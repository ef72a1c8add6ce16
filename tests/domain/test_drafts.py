"""What is wrong with a draft, field by field."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.drafts import Draft, broken, malformed
from app.domain.items import current_items
from app.domain.merge_patch import merge_patch
from app.domain.policy import parse_policy, policy_digest

POLICY_DOCUMENT = json.loads(Path("app/seeds/policies/default.1.json").read_text("utf-8"))
POLICY = parse_policy(POLICY_DOCUMENT)
ITEM_DOCUMENTS = [json.loads(p.read_text("utf-8")) for p in sorted(Path("app/seeds/items").glob("*.json"))]
ITEMS = current_items(ITEM_DOCUMENTS, date(2026, 11, 2))
REGIMES = ("entertainment", "special_industry", "fire_unit", "internet_cafe")
STRATUM: dict[str, Any] = {"name": "s", "match": {"level": 1}, "rate": [1, 5], "min": 0, "surprise": 0}
DRAFT = Draft(
    item="psb.venues",
    region="410928",
    period="2026-11.2",
    alg="sha256",
    scope={"regimes": ["entertainment"], "levels": [3], "stations": ["005"]},
    strata=[STRATUM],
    slots=[["agency:psb", "role:lead"], ["agency:psb"]],
    entropy={"kind": "ceremony", "sources": [{"name": "dice", "format": "digits:20"}]},
    visit_from=date(2026, 11, 10),
    visit_to=date(2026, 11, 20),
    reveal_by=date(2026, 12, 1),
)


def _malformed(**changes: Any) -> list[tuple[str, str]]:
    found = malformed(replace(DRAFT, **changes), regimes=REGIMES)
    return [(fault.pointer, fault.code) for fault in found]


def _broken(item: str = "psb.venues", **changes: Any) -> list[tuple[str, str]]:
    draft = replace(DRAFT, **changes)
    found = broken(draft, slots=draft.slots or (), item=ITEMS[item], policy=POLICY)
    return [(fault.pointer, fault.code) for fault in found]


def test_a_good_draft_has_no_faults() -> None:
    """So has one that leaves strata and slots to policy and item."""
    assert _malformed() == []
    assert _broken() == []
    assert _malformed(strata=None, slots=None, entropy={"kind": "drand"}) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"period": "a/b"}, ("/period", "bad-token")),
        ({"region": ""}, ("/region", "bad-region-code")),
        ({"region": "４１"}, ("/region", "bad-region-code")),
        ({"scope": {"regimes": ["x"], "levels": [], "stations": []}}, ("/scope/regimes/0", "unknown-value")),
        ({"scope": {"regimes": [], "levels": [0], "stations": []}}, ("/scope/levels/0", "unknown-value")),
        (
            {"scope": {"regimes": [], "levels": [], "stations": ["0a5"]}},
            ("/scope/stations/0", "bad-station-code"),
        ),
        ({"strata": [STRATUM | {"name": "-"}]}, ("/strata/0/name", "bad-token")),
        ({"strata": [STRATUM, STRATUM]}, ("/strata/1/name", "duplicate-name")),
        ({"strata": [STRATUM | {"rate": [1, 2, 3]}]}, ("/strata/0/rate", "bad-rate")),
        ({"strata": [STRATUM | {"rate": [-1, 2]}]}, ("/strata/0/rate", "bad-rate")),
        ({"strata": [STRATUM | {"min": 1_000_001}]}, ("/strata/0/min", "bad-count")),
        ({"strata": [STRATUM | {"match": {"regime": "x"}}]}, ("/strata/0/match/regime", "unknown-value")),
        ({"strata": [STRATUM | {"match": {"level": 4}}]}, ("/strata/0/match/level", "unknown-value")),
        (
            {"strata": [STRATUM | {"match": {"credit_class": "E"}}]},
            ("/strata/0/match/credit_class", "unknown-value"),
        ),
        ({"slots": [[]] * 17}, ("/slots", "too-many-slots")),
        ({"slots": [["-"]]}, ("/slots/0/0", "bad-token")),
        ({"entropy": {"kind": "ceremony"}}, ("/entropy/sources", "missing")),
        ({"entropy": {"kind": "ceremony", "sources": [], "round": 1}}, ("/entropy/round", "extra-forbidden")),
        ({"entropy": {"kind": "drand", "chain": "x"}}, ("/entropy/chain", "bad-chain-hash")),
        ({"entropy": {"kind": "drand", "round": 2**53}}, ("/entropy/round", "bad-round")),
    ],
)
def test_each_malformed_value_is_found_and_pointed_at(
    changes: dict[str, Any], fault: tuple[str, str]
) -> None:
    """DR1 sections 1, 3 and 4 (spec/registers.md for codes)."""
    assert fault in _malformed(**changes)


@pytest.mark.parametrize(
    ("sources", "faults"),
    [
        ([("dice", "digits:20")], []),
        ([("dice", "digits:19")], [("/entropy/sources", "few-outcomes")]),
        ([("dice", "hex:16")], []),
        ([("dice", "digits:13"), ("lottery", "lotto:6/33+1/16")], []),
        ([("dice", "digits:12"), ("lottery", "lotto:6/33+1/16")], [("/entropy/sources", "few-outcomes")]),
        ([("dice", "digits:0")], [("/entropy/sources/0/format", "bad-format")]),
        ([("", "digits:20")], [("/entropy/sources/0/name", "bad-token")]),
        ([("a", "hex:9"), ("a", "hex:9")], [("/entropy/sources/1/name", "duplicate-name")]),
    ],
)
def test_a_ceremony_has_at_least_2_to_the_64_outcomes(
    sources: list[tuple[str, str]], faults: list[tuple[str, str]]
) -> None:
    """10^20 > 2^64 > 10^19; 16^16 = 2^64; 双色球 has C(33,6) × 16 = 17,721,088, so 10^12 is too few."""
    described = [{"name": name, "format": form} for name, form in sources]
    assert _malformed(entropy={"kind": "ceremony", "sources": described}) == faults


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"visit_from": date(2026, 11, 20)}, []),
        ({"visit_from": date(2026, 11, 21)}, [("/visit_to", "visits-end-early")]),
        ({"reveal_by": date(2026, 11, 21)}, []),
        ({"reveal_by": date(2026, 11, 20)}, [("/reveal_by", "reveal-out-of-time")]),
        ({"reveal_by": date(2027, 5, 19)}, []),
        ({"reveal_by": date(2027, 5, 20)}, [("/reveal_by", "reveal-out-of-time")]),
        ({"visit_to": date.max, "reveal_by": date.max}, [("/reveal_by", "reveal-out-of-time")]),
        ({"slots": [["agency:psb"]]}, [("/slots", "too-few-places")]),
        ({"slots": []}, [("/slots", "single-random-refused")]),
    ],
)
def test_each_rule_of_planning_is_checked(changes: dict[str, Any], faults: list[tuple[str, str]]) -> None:
    """mission/rules.md, «Clocks» and «Teams»."""
    assert _broken(**changes) == faults


def test_only_cafes_may_be_single_random() -> None:
    """Clause M9."""
    scope: dict[str, list[str]] = {"regimes": [], "levels": [], "stations": []}
    assert _broken("psb.internet-cafes", slots=[], scope=scope) == []
    assert _broken("fire.units", slots=[], scope=scope) == [("/slots", "single-random-refused")]


def test_a_regime_belongs_to_its_item_or_to_the_same_clause() -> None:
    """Clause I1 covers venues and special industries alike; cafes are another clause."""
    scope: dict[str, list[Any]] = {
        "regimes": ["entertainment", "special_industry"],
        "levels": [],
        "stations": [],
    }
    assert _broken(scope=scope) == []
    scope["regimes"].append("internet_cafe")
    assert _broken(scope=scope) == [("/scope/regimes/2", "regime-of-other-item")]


def test_items_are_in_force_from_their_day_and_the_newest_version_wins() -> None:
    """A visit keeps the version it was made under; a plan takes the newest."""
    old, new, ended = (dict(ITEM_DOCUMENTS[0]) for _ in range(3))
    new |= {"version": 2, "valid_from": "2026-06-01"}
    ended |= {"version": 3, "valid_from": "2026-07-01", "valid_to": "2026-07-31"}
    documents = [new, ended, old]
    for day, version in [("2026-05-31", 1), ("2026-06-01", 2), ("2026-07-31", 3), ("2026-08-01", 2)]:
        [item] = current_items(documents, date.fromisoformat(day)).values()
        assert item.version == version
    assert current_items(documents, date(2025, 12, 31)) == {}


def test_a_policys_digest_depends_on_the_algorithm_and_the_document_only() -> None:
    """DR1 `policy`: H(JCS(document)); the order of members is nothing."""
    turned = dict(reversed(list(POLICY_DOCUMENT.items())))
    assert policy_digest(turned, "sha256") == policy_digest(POLICY_DOCUMENT, "sha256")
    assert policy_digest(POLICY_DOCUMENT, "sm3") != policy_digest(POLICY_DOCUMENT, "sha256")


def test_the_frequency_duties_are_those_of_the_plan() -> None:
    """M4: level 1 per 3 months, level 2 per 2, level 3 per month; key fire units once a year."""
    found = {(d.match.regime, d.match.level, d.match.subtype): d.months for d in POLICY.frequency}
    graded = {(regime, level, None): 4 - level for regime in REGIMES[:2] for level in (1, 2, 3)}
    assert found == graded | {("fire_unit", None, "key"): 12}
    assert [POLICY.is_graded(regime) for regime in REGIMES] == [True, True, False, False]


def test_the_policys_own_numbers() -> None:
    """Every number of mission/rules.md that the roster and its checks use."""
    assert (POLICY.base, POLICY.most, POLICY.cooldown.days, POLICY.annual_cap.visits) == (2, 64, 30, None)
    assert (POLICY.relief.days, POLICY.relief.keep_p, POLICY.relief.keep_q, POLICY.relief.least) == (
        90,
        1,
        2,
        1,
    )
    assert (POLICY.least_officers, POLICY.spare_times, POLICY.small_stratum_lines) == (2, 2, 10)
    assert (POLICY.reveal_within_days, POLICY.relations["former_employment"].months_after) == (180, 36)
    fire = [r for r in POLICY.strata if r.match.regime == "fire_unit"]
    assert [(r.name, r.rate_p, r.rate_q, r.minimum) for r in fire] == [
        ("fire_unit-key", 1, 20, 1),
        ("fire_unit-general", 1, 20, 1),
    ]
    cafes = [r for r in POLICY.strata if r.match.regime == "internet_cafe"]
    assert [(r.name, r.rate_p, r.rate_q) for r in cafes] == [("internet_cafe", 1, 20)]


@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_merge_patch_does_what_the_rfcs_examples_say(target: object, patch: object, result: object) -> None:
    """RFC 7396, appendix A."""
    assert merge_patch(target, patch) == result


@given(
    st.dictionaries(st.text(max_size=3), st.integers()), st.dictionaries(st.text(max_size=3), st.integers())
)
def test_a_merge_patch_leaves_the_target_alone(target: dict[str, int], patch: dict[str, int]) -> None:
    """A new document comes out."""
    before = dict(target)
    assert merge_patch(target, patch) == before | patch
    assert target == before
