"""Every value of the vectors that sections 1 to 5 produce, and A of section 6."""

import dataclasses
from typing import Any

import pytest

from app.domain.draw.basics.canonical import strict_json
from app.domain.draw.basics.digest import Alg, hasher, new_digest
from app.domain.draw.basics.lines import Recusal, parse_inspector, parse_roster_line
from app.domain.draw.basics.merkle import Tree, inclusion_path, leaf_hash, root, root_from_path
from app.domain.draw.entropy import beacon, parse_given
from app.domain.draw.freeze import Frozen, freeze
from app.domain.draw.plan import Plan, check_strata, commitment, parse_plan, plan_bytes, secret_commitment
from app.domain.draw.roots import Roots, inspector_leaves, recusal_leaves
from app.domain.draw.selection import draw_digest, keys, select
from tests.domain.draw.vector_cases import Case, draws, vector

CASES = [pytest.param(case, id=name) for name, case in draws()]
WORKED = [pytest.param(vector(f"worked-{alg}"), id=alg) for alg in ("sha256", "sm3")]


def alg_of(case: Case) -> Alg:
    """Read the algorithm of a case."""
    alg: Alg = case["alg"]
    return alg


def plan_of(case: Case) -> Plan:
    """Read the plan of a case."""
    return parse_plan(strict_json(case["plan_jcs"]))


def frozen(case: Case) -> Frozen:
    """Freeze the registers of a case."""
    return freeze(
        alg=alg_of(case),
        secret=case["secret"],
        roster=map(parse_roster_line, case["roster"]),
        inspectors=map(parse_inspector, case["inspectors"]),
        recusals=[Recusal(*pair) for pair in case["recusals"]],
    )


def accept_signature(key: bytes, message: bytes, signature: bytes) -> bool:
    """Stand in for the BLS check, which `tests/adapters/test_drand_bls.py` makes on the same signature."""
    return (len(key), len(message), len(signature)) == (96, 32, 48)


@pytest.mark.parametrize("case", CASES)
def test_freezing_gives_the_four_roots_of_the_plan(case: Case) -> None:
    """Section 2 from the registers alone."""
    plan = plan_of(case)
    assert frozen(case).roots == Roots(plan.lines, plan.ids, plan.inspectors, plan.recusals)


@pytest.mark.parametrize("case", CASES)
def test_a_plan_survives_reading_and_writing_and_has_its_commitments(case: Case) -> None:
    """Section 3: the bytes, C, the secret's commitment, and the strata of the lines."""
    plan = plan_of(case)
    assert plan_bytes(plan) == case["plan_jcs"].encode()
    assert commitment(plan_bytes(plan), plan.alg) == case["C"]
    assert secret_commitment(case["secret"], plan.alg) == plan.secret_commit
    check_strata(plan, {line["stratum"] for line in case["roster"]})


@pytest.mark.parametrize("case", CASES)
def test_beacon_and_digests_are_those_of_the_vector(case: Case) -> None:
    """B of section 4, D of section 5, A of section 6."""
    h = hasher(alg_of(case))
    given = parse_given(case["entropy"])
    assert beacon(plan_of(case).entropy, given, alg=alg_of(case), bls=accept_signature) == case["B"]
    assert draw_digest(case["C"], case["B"], h) == case["D"]
    assert h(f"dr1|as|{case['D']}|{case['secret']}") == case["A"]


@pytest.mark.parametrize("case", CASES)
def test_the_selection_and_its_strata_are_those_of_the_vector(case: Case) -> None:
    """Section 5: order, reasons, keys, line numbers, ids, and the figures of each stratum."""
    lists = frozen(case)
    ids = lists.identities.ids
    found = select(lists.lines, plan_of(case).strata, draw=case["D"], alg=lists.alg, id_of=ids.__getitem__)
    assert [dataclasses.asdict(stratum) for stratum in found.strata] == case["strata"]
    assert [dataclasses.asdict(drawn) for drawn in found.drawn] == case["selection"]
    assert [stratum.short for stratum in found.strata] == [s["wanted"] > s["drawn"] for s in case["strata"]]


@pytest.mark.parametrize("case", WORKED)
def test_leaves_are_those_of_the_worked_example(case: Case) -> None:
    """Section 2's table, text by text."""
    lists, h = frozen(case), hasher(alg_of(case))
    secret = case["secret"]
    assert [lists.lines.leaf(index) for index in range(len(lists.lines))] == case["line_leaves"]
    staff = inspector_leaves(lists.inspectors, secret=secret, digest=h)
    assert list(staff) == case["inspector_leaves"]
    assert list(recusal_leaves(lists.recusals, secret=secret, digest=h)) == case["recusal_leaves"]
    assert list(lists.ids) == sorted((line["id"] for line in case["roster"]), key=str.encode)


@pytest.mark.parametrize("case", WORKED)
def test_each_line_of_the_worked_example_has_its_hashes_key_and_path(case: Case) -> None:
    """E, N, K, X, key, and the inclusion path, which leads back to the root."""
    lists, alg = frozen(case), alg_of(case)
    all_keys = keys(lists.lines, draw=case["D"], alg=alg)
    leaves = [leaf.encode() for leaf in case["line_leaves"]]
    tree = Tree(b"".join(leaf_hash(leaf, alg=alg) for leaf in leaves), alg=alg)
    assert tree.root() == root(leaves, alg=alg) == lists.roots.lines.root
    for entity, wanted in case["lines"].items():
        index = wanted["line"]
        identity, line = lists.identities.identity(index), lists.lines.line(index)
        at = slice(32 * index, 32 * index + 32)
        assert identity.id == entity
        assert (line.seed, identity.opening, line.seal) == (wanted["E"], wanted["N"], wanted["X"])
        assert lists.lines.commitments[at].hex() == wanted["K"]
        assert all_keys[at].hex() == (wanted["key"] or "ff" * 32)
        assert inclusion_path(leaves, index, alg=alg) == tree.path(index) == wanted["path"]
        found = root_from_path(leaves[index], index=index, size=len(leaves), path=wanted["path"], alg=alg)
        assert found == lists.roots.lines.root


def test_the_merkle_vector_of_certificate_transparency_is_reproduced() -> None:
    """Eight leaves of bytes, and the empty tree."""
    case: dict[str, Any] = vector("merkle")
    leaves = [bytes.fromhex(leaf) for leaf in case["leaves_hex"]]
    assert root(leaves, alg="sha256") == case["root"]
    assert root([], alg="sha256") == case["empty_root"] == new_digest("sha256")(b"").hexdigest()
