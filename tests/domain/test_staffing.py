"""Whether teams can be made (mission/rules.md, «Teams»), against max-flow on random counties."""

from collections.abc import Sequence

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.draw.basics.lines import Inspector, Recusal, RosterLine
from app.domain.findings import Finding
from app.domain.staffing import capacity_findings, staffing, team_findings

SLOTS = (("agency:psb", "role:lead"), ("agency:psb",))


def _inspector(code: str, *tags: str, cap: int = 10) -> Inspector:
    return Inspector(code, cap, tuple(sorted(tags)))


def _line(identity: str, *needs: str, stratum: str = "s") -> RosterLine:
    return RosterLine(identity, stratum, 2, 0, tuple(sorted(needs)), None)


LEAD = _inspector("lead", "agency:psb", "role:lead", "d:1")
LEADS = [_inspector(f"lead{n}", "agency:psb", "role:lead", "d:1") for n in range(4)]
MEMBER = _inspector("member", "agency:psb", "d:1")
FIREMAN = _inspector("fireman", "agency:fire", "role:lead", "d:1")


def _found(
    inspectors: Sequence[Inspector],
    lines: Sequence[RosterLine] = (_line("a", "d:1"),),
    recusals: Sequence[Recusal] = (),
    slots: Sequence[tuple[str, ...]] = SLOTS,
) -> tuple[list[Finding], list[Finding]]:
    return team_findings(lines, recusals, staffing(slots=slots, inspectors=inspectors, spare_times=2))


def test_a_full_team_with_as_many_in_reserve_raises_nothing() -> None:
    """Twice the team size is enough."""
    assert _found(LEADS) == ([], [])


def test_fewer_than_twice_the_team_is_a_warning() -> None:
    """Preflight: fewer than 2 × is a warning; it counts distinct inspectors at the line."""
    few = {"tags": ["d:1"], "eligible": 3, "wanted": 4, "lines": 2, "binds": []}
    lines = [_line("a", "d:1"), _line("b", "d:1")]
    assert _found(LEADS[:3], lines) == ([], [Finding("few-inspectors", few)])


@pytest.mark.parametrize(
    ("inspectors", "slots", "missing", "eligible"),
    [
        # nobody at all is a lead
        ([MEMBER, _inspector("m2", "agency:psb", "d:1")], [0], ["role:lead"], 0),
        # nobody has the district
        ([_inspector("far", "agency:psb", "role:lead", "d:2")], [0], ["d:1"], 0),
        # a lead exists, of another agency: agency and lead are each held by someone, never together
        ([MEMBER, FIREMAN], [0], ["agency:psb"], 0),
        # one lead for a team of two: the member's place is missing, and any of its tags would do
        ([LEAD], [0, 1], ["agency:psb"], 1),
        # the only lead of the district takes nothing
        ([MEMBER, _inspector("idle", "agency:psb", "role:lead", "d:1", cap=0)], [0], ["role:lead"], 0),
    ],
)
def test_fewer_than_a_team_is_an_error_that_names_the_missing_tag(
    inspectors: list[Inspector], slots: list[int], missing: list[str], eligible: int
) -> None:
    """Preflight: fewer than team-size eligible inspectors for a line."""
    errors, warnings = _found(inspectors)
    assert warnings == []
    [error] = errors
    assert error.code == "too-few-inspectors"
    assert error.values == {
        "slots": slots,
        "places": [slot + 1 for slot in slots],
        "tags": [list(SLOTS[slot]) for slot in slots],
        "missing": missing,
        "eligible": eligible,
        "wanted": len(slots),
        "lines": 1,
    }


def test_the_tag_that_binds_is_the_one_whose_absence_would_admit_most() -> None:
    """Two members lack only the role, one lead lacks only the district: the role is what is missing."""
    inspectors = [
        _inspector("m1", "agency:psb", "d:1"),
        _inspector("m2", "agency:psb", "d:1"),
        _inspector("far", "agency:psb", "d:2", "role:lead"),
    ]
    [error] = _found(inspectors)[0]
    assert error.values["missing"] == ["role:lead"]


def test_lines_that_lack_the_same_are_one_error() -> None:
    """Three districts without a lead: one error with all their lines."""
    districts = [f"d:{n}" for n in range(3)]
    inspectors = [_inspector("m", "agency:psb", *districts), _inspector("n", "agency:psb", *districts)]
    [error] = _found(inspectors, [_line(f"e{d}", d) for d in districts])[0]
    assert error.values["lines"] == 3


def test_a_slot_that_asks_for_nothing_misses_nothing_but_people() -> None:
    """One inspector for two places without tags, at a premises without needs."""
    [error] = _found([MEMBER], [_line("a")], slots=[(), ()])[0]
    assert error.values["missing"] == []
    assert error.values["eligible"] == 1


def test_recusals_that_leave_too_few_are_an_error_of_their_own() -> None:
    """The tags are there; the people are recused (art. 43)."""
    lines = [_line("a", "d:1"), _line("b", "d:1")]
    errors, _ = _found([LEAD, MEMBER], lines, [Recusal("lead", "a")])
    named = {"inspectors": ["lead"], "wanted": 2, "lines": 1}
    assert errors == [Finding("recusals-leave-too-few", named)]


def test_a_warning_names_the_tag_that_binds() -> None:
    """Two are of the district, three of another: with d:1 waived five would qualify (B5)."""
    far = [_inspector(f"far{n}", "agency:psb", "role:lead", "d:2") for n in range(3)]
    [warning] = _found([*LEADS[:2], *far])[1]
    assert (warning.code, warning.values["eligible"], warning.values["binds"]) == (
        "few-inspectors",
        2,
        ["d:1"],
    )


def test_recusals_that_leave_few_are_a_warning_that_names_the_persons() -> None:
    """Four could serve, three are left at two lines: 2 × the team is missed for the recusals alone."""
    lines = [_line("a", "d:1"), _line("b", "d:1"), _line("c", "d:1")]
    recusals = [Recusal("lead0", "a"), Recusal("lead3", "b"), Recusal("stranger", "c")]
    named = {"inspectors": ["lead0", "lead3"], "wanted": 4, "lines": 2}
    assert _found(LEADS, lines, recusals) == ([], [Finding("recusals-leave-few", named)])


def test_where_tags_leave_few_anyway_the_tag_is_named_not_the_recusals() -> None:
    """Three could serve at all, two are left: d:1 has few either way."""
    few = {"tags": ["d:1"], "eligible": 2, "wanted": 4, "lines": 1, "binds": []}
    found = _found(LEADS[:3], recusals=[Recusal("lead0", "a")])
    assert found == ([], [Finding("few-inspectors", few)])


def test_nobody_at_all_is_said_once() -> None:
    """Not once for each tag."""
    assert _found([]) == ([Finding("no-inspectors", {"lines": 1})], [])


def test_a_single_random_draw_asks_for_nobody() -> None:
    """Clause M9: no slots, no teams."""
    assert _found([], slots=()) == ([], [])
    assert list(capacity_findings([], {}, staffing(slots=(), inspectors=(), spare_times=2))) == []


def _capacity(inspectors: Sequence[Inspector], drawn: int, lines: Sequence[RosterLine]) -> list[Finding]:
    there = staffing(slots=SLOTS, inspectors=inspectors, spare_times=2)
    return list(capacity_findings(lines, {"s": drawn}, there))


def test_caps_that_cannot_fill_the_seats_name_the_slot_that_binds() -> None:
    """Five entities need five leads; one lead takes 3, members take plenty."""
    inspectors = [
        _inspector("lead", "agency:psb", "role:lead", cap=3),
        *(_inspector(f"m{n}", "agency:psb") for n in range(3)),
    ]
    lines = [_line(f"e{n}") for n in range(5)]
    values = {"tags": [["agency:psb", "role:lead"]], "seats": 5, "capacity": 3}
    assert _capacity(inspectors, 5, lines) == [Finding("capacity", values)]


def test_nobody_serves_one_entity_twice_so_a_cap_counts_up_to_the_entities() -> None:
    """One draw of 2 entities: two inspectors of cap 10 fill 4 seats, one fills 2 of 4."""
    lines = [_line(f"e{n}") for n in range(9)]
    assert _capacity(LEADS[:2], 2, lines) == []
    values = {"tags": [["agency:psb", "role:lead"], ["agency:psb"]], "seats": 4, "capacity": 2}
    assert _capacity(LEADS[:1], 2, lines) == [Finding("capacity", values)]


def test_a_district_with_too_little_capacity_is_expected_to_fall_short() -> None:
    """6 of 10 lines are drawn, half of them in d:2: 3 entities, 6 seats, caps of 2 + 2 there."""
    lines = [_line(f"e{n}", f"d:{1 + n % 2}") for n in range(10)]
    inspectors = [
        *(_inspector(f"a{n}", "agency:psb", "role:lead", "d:1") for n in range(4)),
        *(_inspector(f"b{n}", "agency:psb", "role:lead", "d:2", cap=2) for n in range(2)),
    ]
    values = {"tags": [["d:2"]], "seats": 6, "capacity": 4}
    assert _capacity(inspectors, 6, lines) == [Finding("capacity-expected", values)]


TAGS = ["agency:psb", "role:lead", "d:1"]
INSPECTORS = st.lists(st.sets(st.sampled_from(TAGS)), max_size=5).map(
    lambda sets: [_inspector(f"i{n}", *tags) for n, tags in enumerate(sets)]
)
TEAMS = st.lists(st.sets(st.sampled_from(TAGS), max_size=2).map(lambda s: tuple(sorted(s))), max_size=4)


@given(INSPECTORS, TEAMS, st.sets(st.sampled_from(["i0", "i1", "i2"])))
def test_an_error_stands_exactly_where_no_matching_fills_the_team(
    inspectors: list[Inspector], slots: list[tuple[str, ...]], recused: set[str]
) -> None:
    """Hall's theorem, checked by Hopcroft and Karp's matching of networkx."""
    line = _line("a", "d:1")
    errors, _ = _found(inspectors, [line], [Recusal(code, "a") for code in sorted(recused)], slots)
    graph = nx.Graph()
    graph.add_nodes_from(range(len(slots)))
    for n, slot in enumerate(slots):
        for inspector in inspectors:
            if inspector.id not in recused and {*line.needs, *slot} <= {*inspector.tags}:
                graph.add_edge(n, inspector.id)
    matching = nx.bipartite.maximum_matching(graph, top_nodes=range(len(slots)))
    full = sum(isinstance(node, int) for node in matching) == len(slots)
    assert bool(errors) is not full
    for error in errors:
        if error.code == "too-few-inspectors":
            named = error.values["slots"]
            assert isinstance(named, list)
            reach = {code for n in named for code in graph.neighbors(n)}
            assert len(reach) < len(named)
