"""Freezing the registers (DR1 section 2): worked by hand, order, refusals, long lists."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.draw.basics.chunks import CHUNK, Chunk, Result
from app.domain.draw.basics.lines import FrozenLine, Identity, Inspector, Recusal, RosterLine
from app.domain.draw.basics.merkle import root
from app.domain.draw.basics.text import Refused
from app.domain.draw.freeze import Frozen, freeze
from app.domain.draw.packed import lines_root, pack_lines
from tests.domain.draw.roster_cases import SECRET, h, line, rosters

VENUE = RosterLine("网吧:红树林", "cafe", 2, 3, ("district:d1", "regime:cafe"), None)
RESTING = RosterLine("a|b", "cafe", 0, 0, (), "cooldown")
STAFF = [Inspector("P2", 1, ()), Inspector("P1", 3, ("agency:psb", "role:lead"))]
PAIRS = [Recusal("P2", "a|b"), Recusal("P1", "网吧:红树林"), Recusal("P1", "a|b")]


def frozen(
    roster: Iterable[RosterLine] = (VENUE, RESTING),
    inspectors: Iterable[Inspector] = STAFF,
    recusals: Iterable[Recusal] = PAIRS,
    **others: Any,
) -> Frozen:
    """Freeze two venues, two inspectors and three recusals, or others."""
    given_arguments = {"alg": "sha256", "secret": SECRET} | others
    return freeze(roster=roster, inspectors=inspectors, recusals=recusals, **given_arguments)


def contents(lists: Frozen) -> tuple[object, ...]:
    """Give everything that freezing decides, apart from how it is packed."""
    return (
        *lists.lines,
        lists.lines.commitments,
        *lists.identities,
        *lists.ids,
        *lists.inspectors,
        *lists.recusals,
        lists.roots,
    )


def test_two_lines_worked_by_hand() -> None:
    """E, N, K, X written out; K decides the order."""
    e = {entity: h(f"dr1|es|{SECRET}|{entity}") for entity in ("a|b", "网吧:红树林")}
    n = {entity: h(f"dr1|en|{SECRET}|{entity}") for entity in e}
    k = {"a|b": h(f"dr1|ec|{e['a|b']}|0"), "网吧:红树林": h(f"dr1|ec|{e['网吧:红树林']}|3")}
    x = {
        "a|b": h(f"dr1|ex|{n['a|b']}|-|cooldown|a|b"),
        "网吧:红树林": h(f"dr1|ex|{n['网吧:红树林']}|district:d1,regime:cafe|-|网吧:红树林"),
    }
    order = sorted(e, key=k.__getitem__)
    lines = {
        "a|b": FrozenLine("cafe", 0, 0, seed=e["a|b"], seal=x["a|b"]),
        "网吧:红树林": FrozenLine("cafe", 2, 3, seed=e["网吧:红树林"], seal=x["网吧:红树林"]),
    }
    opened = {"a|b": ((), "cooldown"), "网吧:红树林": (("district:d1", "regime:cafe"), None)}
    lists = frozen()
    assert list(lists.lines) == [lines[entity] for entity in order]
    assert list(lists.identities) == [
        Identity(number, entity, *opened[entity], opening=n[entity]) for number, entity in enumerate(order)
    ]
    assert len(lists.identities) == len(lists.lines) == 2
    assert lists.lines.commitments.hex() == "".join(k[entity] for entity in order)
    assert lists.ids == ["a|b", "网吧:红树林"]
    leaves = [f"dr1|line|cafe|{lines[i].tickets}|{k[i]}|{x[i]}".encode() for i in order]
    assert lists.roots.lines.root == root(leaves, alg="sha256")


def test_staff_and_recusals_worked_by_hand() -> None:
    """Each leaf under its own blind; pairs in the order of (inspector, entity)."""
    lists = frozen()
    assert [inspector.id for inspector in lists.inspectors] == ["P1", "P2"]
    assert lists.recusals == (PAIRS[2], PAIRS[1], PAIRS[0])
    leaves = [
        f"dr1|inspector|{h(f'dr1|ib|{SECRET}|P1')}|3|agency:psb,role:lead|P1".encode(),
        f"dr1|inspector|{h(f'dr1|ib|{SECRET}|P2')}|1|-|P2".encode(),
    ]
    assert (lists.roots.inspectors.size, lists.roots.inspectors.root) == (2, root(leaves, alg="sha256"))
    pairs = [("P1", "a|b"), ("P1", "网吧:红树林"), ("P2", "a|b")]
    leaves = [f"dr1|recusal|{h(f'dr1|rb|{SECRET}|{i}|{e}')}|{i}|{e}".encode() for i, e in pairs]
    assert (lists.roots.recusals.size, lists.roots.recusals.root) == (3, root(leaves, alg="sha256"))


def test_ids_are_ordered_by_their_bytes() -> None:
    """𠮷 after Ａ, capitals before small letters."""
    names = ["𠮷", "Ａ", "a", "Z", "é"]
    lists = frozen([line(name, "s", 1, 0) for name in names], (), ())
    assert lists.ids == ["Z", "a", "é", "Ａ", "𠮷"] == sorted(names, key=str.encode)
    assert lists.roots.ids.root == root([f"dr1|id|{name}".encode() for name in lists.ids], alg="sha256")


def test_empty_registers_have_the_empty_tree_s_root() -> None:
    """RFC 6962: the hash of nothing."""
    roots = frozen((), (), ()).roots
    assert {part.root for part in (roots.lines, roots.ids, roots.inspectors, roots.recusals)} == {h("")}


def test_the_secret_is_not_among_what_is_frozen() -> None:
    """Not in any field, so no log or error page can show it."""
    assert SECRET not in repr(frozen())


@given(rosters(), st.randoms())
def test_input_order_never_matters(roster: list[RosterLine], chance: Random) -> None:
    """Lines, inspectors and recusals in whatever order a database gives them."""
    staff, pairs = STAFF[:], [Recusal(who.id, made.id) for who in STAFF for made in roster]
    wanted = contents(frozen(roster, staff, pairs))
    for part in (roster, staff, pairs):
        chance.shuffle(part)
    assert contents(frozen(roster, staff, pairs)) == wanted


@given(rosters())
def test_published_lines_give_the_same_columns_and_root(roster: list[RosterLine]) -> None:
    """A verifier packs what it reads and computes K itself."""
    lists = frozen(roster, (), ())
    packed = pack_lines(lists.lines, alg="sha256")
    assert list(packed) == list(lists.lines)
    assert packed.commitments == lists.lines.commitments
    assert lines_root(packed, alg="sha256") == lists.roots.lines


def test_a_long_roster_is_frozen_alike_whatever_maps_its_chunks() -> None:
    """Three chunks; the second mapper runs ahead of what is asked for."""

    def eager(function: Callable[[Chunk], Result], chunks: Iterable[Chunk]) -> Iterable[Result]:
        return [function(chunk) for chunk in list(chunks)]

    size = 2 * CHUNK + 3
    roster = [line(f"e{number}", f"s{number % 7}", number % 5, number % 3) for number in range(size)]
    lists = frozen(iter(roster), (), ())
    assert contents(frozen(reversed(roster), (), (), mapper=eager)) == contents(lists)
    found = {identity.id: item for identity, item in zip(lists.identities, lists.lines, strict=True)}
    assert all((found[r.id].stratum, found[r.id].tickets) == (r.stratum, r.tickets) for r in roster)
    k = [lists.lines.commitments[at : at + 32] for at in range(0, 32 * size, 32)]
    assert k == sorted(k)
    leaves = [lists.lines.leaf(number).encode() for number in range(size)]
    assert lists.roots.lines.root == root(leaves, alg="sha256")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"secret": "S" * 64}, "bad-hex"),
        ({"roster": [VENUE, VENUE]}, "duplicate-entity"),
        ({"roster": [replace(VENUE, id=" ")]}, "bad-entity-id"),
        ({"roster": [replace(VENUE, stratum="a b")]}, "bad-token"),
        ({"roster": [replace(VENUE, tickets=65)]}, "bad-integer"),
        ({"roster": [replace(VENUE, tickets=0)]}, "owes-undrawable"),
        ({"roster": [replace(VENUE, needs=("b", "a"))]}, "bad-tags"),
        ({"roster": [replace(VENUE, note="cooldown")]}, "note-mismatch"),
        ({"roster": [replace(RESTING, note="cool down")]}, "bad-token"),
        ({"inspectors": [*STAFF, STAFF[0]]}, "duplicate-inspector"),
        ({"inspectors": [replace(STAFF[0], cap=1000)]}, "bad-integer"),
        ({"recusals": [PAIRS[0], PAIRS[0]]}, "duplicate-recusal"),
        ({"recusals": [Recusal("P9", "a|b")]}, "unknown-inspector"),
        ({"recusals": [Recusal("P1", "a")]}, "unknown-entity"),
        ({"recusals": [Recusal("P1", "龙")]}, "unknown-entity"),
        ({"recusals": [Recusal("P1", " ")]}, "bad-entity-id"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_registers_are_refused_with_the_code_of_their_fault(changes: dict[str, Any], code: str) -> None:
    """Section 2: every value, no duplicates, recusals of known inspectors and entities."""
    with pytest.raises(Refused) as refusal:
        frozen(**changes)
    assert refusal.value.code == code
