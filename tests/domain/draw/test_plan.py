"""The plan of DR1 section 3: exactly these members, and one form for each value."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.draw.basics.canonical import strict_json
from app.domain.draw.basics.text import Refused
from app.domain.draw.entropy import CeremonyEntropy, DrandEntropy, Source
from app.domain.draw.plan import (
    Root,
    Stratum,
    check_item,
    check_strata,
    commitment,
    parse_plan,
    plan_bytes,
    plan_object,
    secret_commitment,
)
from tests.domain.draw.vector_cases import vector

HEX = "0f" * 32
STRATUM = {"name": "cafe", "rate": [1, 20], "min": 1, "surprise": 0}
CEREMONY = {"kind": "ceremony", "sources": [{"name": "dice-1", "format": "digits:20"}]}


def plan_json(**changes: object) -> dict[str, Any]:
    """Give the worked example's plan with some members changed."""
    plan: dict[str, Any] = json.loads(vector("worked-sha256")["plan_jcs"])
    return plan | changes


def root_of(size: object, digest: object = HEX) -> dict[str, object]:
    """Give the member of a committed list."""
    return {"size": size, "root": digest}


REFUSED: list[tuple[dict[str, object], str]] = [
    ({"extra": 1}, "bad-members"),
    ({"v": "dr2"}, "bad-version"),
    ({"v": 1}, "bad-version"),
    ({"alg": "SM3"}, "bad-alg"),
    ({"origin": "a b"}, "bad-token"),
    ({"seq": 0}, "bad-integer"),
    ({"seq": True}, "bad-integer"),
    ({"seq": 2**53}, "bad-integer"),
    ({"seq": 1, "prev": HEX}, "bad-prev"),
    ({"seq": 1, "prev": None}, "bad-prev"),
    ({"seq": 2, "prev": ""}, "bad-hex"),
    ({"item": "psb.check"}, "bad-item"),
    ({"item": ":psb.check"}, "bad-item"),
    ({"item": "410928:"}, "bad-item"),
    ({"item": "410928:网吧"}, "bad-token"),
    ({"period": "2026/11"}, "bad-token"),
    ({"period": ""}, "bad-token"),
    ({"policy": HEX.upper()}, "bad-hex"),
    ({"lines": root_of(12)}, "size-mismatch"),
    ({"ids": root_of(True)}, "bad-integer"),
    ({"inspectors": root_of(-1)}, "bad-integer"),
    ({"recusals": root_of(0, "")}, "bad-hex"),
    ({"recusals": root_of(0) | {"extra": 1}}, "bad-members"),
    ({"strata": [STRATUM, STRATUM]}, "bad-strata"),
    ({"strata": [STRATUM | {"name": "b"}, STRATUM | {"name": "a"}]}, "bad-strata"),
    ({"strata": [STRATUM | {"name": "a b"}]}, "bad-token"),
    ({"strata": [STRATUM | {"rate": [1, 0]}]}, "bad-integer"),
    ({"strata": [STRATUM | {"rate": [3, 2]}]}, "bad-integer"),
    ({"strata": [STRATUM | {"rate": [-1, 2]}]}, "bad-integer"),
    ({"strata": [STRATUM | {"rate": [1, 10001]}]}, "bad-integer"),
    ({"strata": [STRATUM | {"rate": [1]}]}, "bad-rate"),
    ({"strata": [STRATUM | {"rate": 1}]}, "bad-shape"),
    ({"strata": [STRATUM | {"min": 1_000_001}]}, "bad-integer"),
    ({"strata": [STRATUM | {"surprise": 1_000_001}]}, "bad-integer"),
    ({"strata": [STRATUM | {"surprise": 1.0}]}, "bad-integer"),
    ({"strata": {}}, "bad-shape"),
    ({"slots": [[]] * 17}, "bad-slots"),
    ({"slots": [["b", "a"]]}, "bad-tags"),
    ({"slots": ["a"]}, "bad-shape"),
    ({"slots": None}, "bad-shape"),
    ({"entropy": {"kind": "dice"}}, "bad-entropy"),
    ({"secret_commit": HEX[1:]}, "bad-hex"),
    ({"reveal_by": "2026-02-29"}, "bad-date"),
    ({"reveal_by": "2026-13-01"}, "bad-date"),
    ({"reveal_by": "0000-01-01"}, "bad-date"),
    ({"reveal_by": "20261231"}, "bad-date"),
    ({"reveal_by": "2026-W53-4"}, "bad-date"),
    ({"reveal_by": "２026-12-31"}, "bad-date"),
    ({"reveal_by": "2026-12-31\n"}, "bad-date"),
    ({"reveal_by": 20261231}, "bad-date"),
]


@pytest.mark.parametrize(("changes", "code"), REFUSED, ids=ascii)
def test_a_plan_is_refused_with_the_code_of_its_fault(changes: dict[str, object], code: str) -> None:
    """Section 3, member by member."""
    with pytest.raises(Refused) as refusal:
        parse_plan(plan_json(**changes))
    assert refusal.value.code == code


@pytest.mark.parametrize("name", sorted(plan_json()))
def test_every_member_must_be_there(name: str) -> None:
    """Exactly these members."""
    plan = plan_json()
    del plan[name]
    with pytest.raises(Refused, match=f"bad-members: plan: members missing: {name}"):
        parse_plan(plan)


def test_what_is_no_object_is_no_plan() -> None:
    """JSON files hold one object."""
    with pytest.raises(Refused, match="bad-shape"):
        parse_plan([])


@pytest.mark.parametrize(
    "changes",
    [
        {"seq": 2, "prev": HEX},
        {"seq": 2**53 - 1, "prev": HEX},
        {"slots": []},
        {"slots": [[]] * 16},
        {"strata": []},
        {"strata": [STRATUM | {"rate": [0, 1], "min": 1_000_000, "surprise": 1_000_000}]},
        {"strata": [STRATUM | {"rate": [10_000, 10_000]}]},
        {"strata": [STRATUM | {"name": "B"}, STRATUM | {"name": "a"}]},
        {"item": "410928:psb:venues", "period": "2026Q4.adhoc-1"},
        {"reveal_by": "2028-02-29"},
        {"lines": root_of(0), "ids": root_of(0)},
        {"entropy": CEREMONY, "alg": "sm3"},
    ],
    ids=ascii,
)
def test_the_ends_of_each_range_are_accepted_and_kept(changes: dict[str, object]) -> None:
    """What is read is written back as it was."""
    plan = plan_json(**changes)
    assert plan_object(parse_plan(plan)) == plan


def test_a_plan_is_read_into_its_record() -> None:
    """The worked example, member by member."""
    plan = parse_plan(plan_json())
    assert (plan.alg, plan.origin, plan.seq, plan.prev) == ("sha256", "draws.example", 1, "")
    assert plan.lines.size == plan.ids.size == 13
    assert plan.recusals == Root(2, "f1b6d33d2455560763feecbfa3c9a3a9c084ad5fb3a4039f2b3f85c832c011d7")
    assert plan.strata == (
        Stratum("cafe", rate_p=1, rate_q=20, minimum=1, surprise=0),
        Stratum("hotel-1", rate_p=1, rate_q=10, minimum=0, surprise=1),
    )
    assert plan.slots == (("agency:psb", "role:lead"), ("agency:psb",))
    assert isinstance(plan.entropy, DrandEntropy)
    assert plan.entropy.round == 657413
    assert plan.reveal_by.isoformat() == "2026-12-31"
    ceremony = parse_plan(plan_json(entropy=CEREMONY)).entropy
    assert ceremony == CeremonyEntropy((Source("dice-1", "digits:20"),))


@given(st.permutations(sorted(plan_json())))
def test_the_order_of_members_changes_no_byte(order: list[str]) -> None:
    """The commitment is over RFC 8785 bytes."""
    plan = plan_json()
    shuffled = parse_plan({name: plan[name] for name in order})
    assert plan_bytes(shuffled) == vector("worked-sha256")["plan_jcs"].encode()
    assert commitment(plan_bytes(shuffled), "sha256") == vector("worked-sha256")["C"]


def test_the_strata_are_exactly_those_of_the_lines() -> None:
    """Neither one without lines nor lines without one."""
    plan = parse_plan(plan_json())
    check_strata(plan, ["hotel-1", "cafe", "cafe"])
    with pytest.raises(Refused, match="wrong-strata: stratum 'cafe' has no line"):
        check_strata(plan, ["hotel-1"])
    with pytest.raises(Refused, match="wrong-strata: stratum 'ktv' is not in the plan"):
        check_strata(plan, ["hotel-1", "cafe", "ktv"])


def test_an_item_names_its_region_and_code() -> None:
    """`<region>:<code>`."""
    assert check_item("410928:psb.venues") == "410928:psb.venues"


def test_a_secret_that_is_no_secret_is_not_committed() -> None:
    """64 lowercase hex digits."""
    with pytest.raises(Refused, match="bad-hex: secret"):
        secret_commitment("s", "sha256")


def test_a_chain_that_nobody_pinned_is_a_matter_of_the_beacon() -> None:
    """Sections 4 and 11: the plan's shape is right, its entropy fails later."""
    plan = plan_json(entropy={"kind": "drand", "chain": HEX, "round": 1})
    assert parse_plan(strict_json(json.dumps(plan))).entropy == DrandEntropy(HEX, 1)
