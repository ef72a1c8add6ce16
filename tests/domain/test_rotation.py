"""Rotation (mission/rules.md, «Teams»): not the same inspector at the same premises twice in a row."""

from collections.abc import Mapping, Sequence
from datetime import date

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.draw.basics.lines import Inspector, Recusal, RosterLine
from app.domain.facts import PlacedVisit, Premises, Visit
from app.domain.rotation import Rotation, Teams, last_teams, rotation, visits_at
from app.domain.staffing import Staffing, staffing

SLOTS = (("agency:psb", "role:lead"), ("agency:psb",))
LEADS = [Inspector(f"L{n}", 10, ("agency:psb", "d:1", "role:lead")) for n in range(2)]
MEMBERS = [Inspector(f"M{n}", 10, ("agency:psb", "d:1")) for n in range(2)]


def _line(identity: str, *, stratum: str = "s", needs: tuple[str, ...] = ("d:1",)) -> RosterLine:
    return RosterLine(identity, stratum, 2, 0, needs, None)


def _there(inspectors: Sequence[Inspector], slots: Sequence[tuple[str, ...]] = SLOTS) -> Staffing:
    return staffing(slots=slots, inspectors=inspectors, spare_times=2)


def _team(*codes: str) -> Teams:
    return (frozenset(codes),)


def _rotated(
    inspectors: Sequence[Inspector],
    teams: Mapping[str, Teams],
    *,
    lines: Sequence[RosterLine] = (_line("a"),),
    recusals: Sequence[Recusal] = (),
    drawn: int = 9,
    slots: Sequence[tuple[str, ...]] = SLOTS,
) -> Rotation:
    there = _there(inspectors, slots)
    return rotation(lines, teams=teams, recusals=recusals, there=there, drawn={"s": drawn, "t": drawn})


def _visit(entity: str, day: int, *inspectors: str, agency: str = "psb") -> PlacedVisit:
    return PlacedVisit(entity=entity, on=date(2026, 10, day), agency=agency, inspectors=inspectors)


def test_the_last_teams_are_those_of_the_last_days_of_each_agency() -> None:
    """Several items on one day are one visit; a fire visit between two of the police changes nothing."""
    visits = [
        _visit("a", 1, "x"),
        _visit("a", 20, "p"),
        _visit("a", 20, "q"),
        _visit("a", 25, "f", agency="fire"),
        _visit("b", 7, "y"),
    ]
    assert last_teams(visits, most=1) == {"a": _team("p", "q", "f"), "b": _team("y")}
    assert last_teams(visits, most=2)["a"] == (frozenset({"p", "q", "f"}), frozenset({"x"}))
    assert last_teams(visits, most=0) == {"a": (), "b": ()}


def test_the_visits_of_files_come_from_the_premises() -> None:
    """A draw without a server rotates by its visits file."""
    made = Visit(item="i", on=date(2026, 10, 1), kind="drawn", agency="psb", codes=("01",), inspectors=("x",))
    premises = Premises(id="a", region="410928", visits=(made,))
    assert list(visits_at([premises])) == [_visit("a", 1, "x")]


def test_who_made_the_last_visit_does_not_come_again() -> None:
    """Two leads and two members: the other two go; somebody who is not in this draw matters to nobody."""
    found = _rotated([*LEADS, *MEMBERS], {"a": _team("L0", "M0", "stranger")})
    assert found == Rotation(kept=(Recusal("L0", "a"), Recusal("M0", "a")))


@pytest.mark.parametrize(
    ("inspectors", "recused"),
    [
        # L0 is the only lead, or the only one whom recusals leave
        ([LEADS[0], *MEMBERS], []),
        ([*LEADS, *MEMBERS], ["L1"]),
        ([*LEADS, MEMBERS[0]], ["L1"]),
    ],
)
def test_rotation_gives_way_where_it_would_leave_no_team(
    inspectors: list[Inspector], recused: list[str]
) -> None:
    """A line with too few others keeps its last inspectors; the line and the pairs are named."""
    found = _rotated(inspectors, {"a": _team("L0")}, recusals=[Recusal(code, "a") for code in recused])
    assert found == Rotation(yielded=(Recusal("L0", "a"),), lines=("a",))


def test_of_several_visits_back_the_latest_counts_longest() -> None:
    """Three leads, two of them came lately: not the last one again, but the one before it may."""
    teams = {"a": (frozenset({"L0"}), frozenset({"L1"}))}
    found = _rotated([*LEADS, *MEMBERS], teams)
    assert found == Rotation(kept=(Recusal("L0", "a"),), yielded=(Recusal("L1", "a"),), lines=("a",))


def test_rotation_gives_way_where_the_caps_of_the_others_cannot_serve_what_may_be_drawn() -> None:
    """Three venues had L0 last, and L1 takes two: when two may be drawn L1 goes, of three one needs L0."""
    leads = [LEADS[0], Inspector("L1", 2, LEADS[1].tags)]
    lines = [_line(name) for name in "abc"]
    teams = {name: _team("L0") for name in "abc"}
    pairs = tuple(Recusal("L0", name) for name in "abc")
    assert _rotated([*leads, *MEMBERS], teams, lines=lines, drawn=2) == Rotation(kept=pairs)
    assert _rotated([*leads, *MEMBERS], teams, lines=lines, drawn=3) == Rotation(
        yielded=pairs, lines=("a", "b", "c")
    )


def test_where_not_all_can_be_served_anyway_rotation_costs_no_further_line() -> None:
    """One lead of cap 2 for three lines serves two; without M0 there are still members for two."""
    inspectors = [Inspector("L0", 2, LEADS[0].tags), *MEMBERS]
    lines = [_line(name) for name in "abc"]
    found = _rotated(inspectors, {name: _team("M0") for name in "abc"}, lines=lines)
    assert [pair.inspector for pair in found.kept] == ["M0", "M0", "M0"]
    assert found.lines == ()


def test_lines_of_several_strata_count_as_often_as_each_draws_them() -> None:
    """One line of `s` and two of `t`, one draw each: two lines at most, which L1 can serve."""
    leads = [LEADS[0], Inspector("L1", 2, LEADS[1].tags)]
    lines = [_line("a"), _line("b", stratum="t"), _line("c", stratum="t")]
    teams = {name: _team("L0") for name in "abc"}
    assert _rotated([*leads, *MEMBERS], teams, lines=lines, drawn=1).lines == ()


def test_a_draw_without_inspectors_has_no_rotation() -> None:
    """Clause M9: single-random."""
    assert _rotated([*LEADS], {"a": _team("L0")}, slots=()) == Rotation()


def test_whoever_is_recused_anyway_is_not_named_again() -> None:
    """A pair has one reason."""
    found = _rotated([*LEADS, *MEMBERS], {"a": _team("L0")}, recusals=[Recusal("L0", "a")])
    assert found == Rotation()


TAGS = ["agency:psb", "role:lead", "d:1"]
CODES = [f"i{n}" for n in range(5)]
INSPECTORS = st.lists(
    st.tuples(st.sets(st.sampled_from(TAGS)), st.integers(0, 3)), min_size=1, max_size=5
).map(lambda made: [Inspector(f"i{n}", cap, tuple(sorted(tags))) for n, (tags, cap) in enumerate(made)])
TEAMS = st.lists(st.sets(st.sampled_from(TAGS), max_size=2).map(lambda s: tuple(sorted(s))), max_size=3)
PEOPLE = st.frozensets(st.sampled_from(CODES), max_size=3)


def _served(lines: int, inspectors: Sequence[Inspector], slots: Sequence[tuple[str, ...]]) -> bool:
    """Whether so many lines with need `d:1` can all be served, by max-flow; nobody twice at one."""
    graph = nx.DiGraph()
    graph.add_node("from")
    graph.add_node("to")
    for line in range(lines):
        for place, slot in enumerate(slots):
            graph.add_edge("from", ("seat", line, place), capacity=1)
            for one in inspectors:
                if {"d:1", *slot} <= {*one.tags}:
                    graph.add_edge(("seat", line, place), ("at", line, one.id), capacity=1)
                    graph.add_edge(("at", line, one.id), one.id, capacity=1)
                    graph.add_edge(one.id, "to", capacity=one.cap)
    return bool(nx.maximum_flow_value(graph, "from", "to") == lines * len(slots))


@given(INSPECTORS, TEAMS, PEOPLE, st.lists(PEOPLE, max_size=2), st.integers(1, 4))
def test_rotation_never_makes_a_line_infeasible_that_is_feasible_without_it(
    inspectors: list[Inspector],
    slots: list[tuple[str, ...]],
    recused: frozenset[str],
    teams: list[frozenset[str]],
    count: int,
) -> None:
    """And of several lines of one kind it costs none: checked by max-flow, line by line and cap by cap."""
    lines = [_line(f"e{n}") for n in range(count)]
    recusals = [Recusal(code, line.id) for line in lines for code in sorted(recused)]
    found = _rotated(
        inspectors,
        {line.id: tuple(teams) for line in lines},
        lines=lines,
        recusals=recusals,
        slots=slots,
    )
    away = {pair.inspector for pair in found.kept}
    able = [one for one in inspectors if one.id not in recused]
    left = [one for one in able if one.id not in away]
    for wanted in range(1, count + 1):
        if _served(wanted, able, slots):
            assert _served(wanted, left, slots)
    # every pair is decided one way or the other, once
    known = {one.id for one in inspectors if one.cap}
    rotating = frozenset().union(*teams) & known - recused if slots else frozenset()
    assert {pair.inspector for pair in (*found.kept, *found.yielded)} == rotating
    assert not {*found.kept} & {*found.yielded}


@given(INSPECTORS, st.permutations(range(4)), st.lists(PEOPLE, min_size=4, max_size=4))
def test_the_order_of_lines_does_not_matter(
    inspectors: list[Inspector], order: list[int], teams: list[frozenset[str]]
) -> None:
    """A pure, deterministic rule: the same pairs from the same facts."""
    lines = [_line(f"e{n}") for n in range(4)]
    last = {line.id: (team,) for line, team in zip(lines, teams, strict=True)}
    shuffled = [lines[n] for n in order]
    assert _rotated(inspectors, last, lines=lines) == _rotated(inspectors, last, lines=shuffled)
