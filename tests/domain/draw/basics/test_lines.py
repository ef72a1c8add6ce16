"""The records of DR1 section 2: what a line, an inspector and a recusal may say."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.domain.draw.basics import lines
from app.domain.draw.basics.lines import FrozenLine, Identity, Inspector, Recusal, RosterLine
from app.domain.draw.basics.text import Refused
from tests.domain.draw.vector_cases import vector

LINE = RosterLine(id="网吧:红树林", stratum="cafe", tickets=2, draws_left=3, needs=("a", "b"), note=None)
LINE_OBJECT = {
    "id": "网吧:红树林",
    "stratum": "cafe",
    "tickets": 2,
    "draws_left": 3,
    "needs": ["a", "b"],
    "note": None,
}
HEX = "0f" * 32


@pytest.mark.parametrize("case", vector("refusals")["lines"])
def test_counts_and_notes_are_accepted_as_the_vectors_say(case: dict[str, object]) -> None:
    """Both ways in: a record, and an object from JSON."""
    members = {name: case[name] for name in ("tickets", "draws_left", "note")}
    if case["accept"]:
        parsed = lines.parse_roster_line(LINE_OBJECT | members)
        assert lines.check_roster_line(parsed) is parsed
    else:
        with pytest.raises(Refused):
            lines.parse_roster_line(LINE_OBJECT | members)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (replace(LINE, id=" "), "bad-entity-id"),
        (replace(LINE, stratum="-"), "bad-token"),
        (replace(LINE, tickets=65), "bad-integer"),
        (replace(LINE, tickets=True), "bad-integer"),
        (replace(LINE, draws_left=1000), "bad-integer"),
        (replace(LINE, draws_left=False), "bad-integer"),
        (replace(LINE, tickets=0, note="cooldown"), "owes-undrawable"),
        (replace(LINE, needs=("b", "a")), "bad-tags"),
        (replace(LINE, note="cooldown"), "note-mismatch"),
        (replace(LINE, tickets=0, draws_left=0), "note-mismatch"),
        (replace(LINE, tickets=0, draws_left=0, note="cool down"), "bad-token"),
    ],
)
def test_a_roster_line_is_refused_with_the_code_of_its_fault(line: RosterLine, code: str) -> None:
    """Section 2: tickets 0 to 64, draws_left 0 to 999, a note exactly where there are no tickets."""
    with pytest.raises(Refused) as refusal:
        lines.check_roster_line(line)
    assert refusal.value.code == code


def test_an_unticketed_line_names_its_reason() -> None:
    """Drawable next time, in the base of every ratio now."""
    line = replace(LINE, tickets=0, draws_left=0, note="annual-cap")
    assert lines.check_roster_line(line) == line


def test_records_are_read_from_their_json() -> None:
    """Sections 2 and 10: exactly the members named."""
    assert lines.parse_roster_line(LINE_OBJECT) == LINE
    assert lines.parse_inspector({"id": "P1", "cap": 999, "tags": []}) == Inspector("P1", 999, ())
    assert lines.parse_recusal({"inspector": "P1", "entity": "a|b"}) == Recusal("P1", "a|b")
    line = {"stratum": "s", "tickets": 1, "draws_left": 0, "E": HEX, "X": HEX}
    assert lines.parse_line(line) == FrozenLine("s", 1, 0, seed=HEX, seal=HEX)
    identity = {"line": 0, "id": "e", "needs": ["a"], "note": "merged", "N": HEX}
    assert lines.parse_identity(identity) == Identity(0, "e", ("a",), "merged", opening=HEX)


@pytest.mark.parametrize(
    ("parse", "value", "code"),
    [
        (lines.parse_roster_line, LINE_OBJECT | {"extra": 1}, "bad-members"),
        (lines.parse_roster_line, LINE_OBJECT | {"tickets": True}, "bad-integer"),
        (lines.parse_inspector, {"id": "P1", "cap": 1000, "tags": []}, "bad-integer"),
        (lines.parse_inspector, {"id": "P 1", "cap": 1, "tags": []}, "bad-token"),
        (lines.parse_inspector, {"id": "P1", "cap": 1, "tags": ["b", "a"]}, "bad-tags"),
        (lines.parse_recusal, {"inspector": "P1", "entity": ""}, "bad-entity-id"),
        (lines.parse_recusal, ["P1", "e"], "bad-shape"),
        (
            lines.parse_line,
            {"stratum": "s", "tickets": 0, "draws_left": 1, "E": HEX, "X": HEX},
            "owes-undrawable",
        ),
        (
            lines.parse_line,
            {"stratum": "s", "tickets": 1, "draws_left": 0, "E": HEX.upper(), "X": HEX},
            "bad-hex",
        ),
        (lines.parse_identity, {"line": -1, "id": "e", "needs": [], "note": None, "N": HEX}, "bad-integer"),
        (lines.parse_identity, {"line": 0, "id": "e", "needs": [], "note": "-", "N": HEX}, "bad-token"),
    ],
)
def test_other_objects_are_refused(parse: Callable[[object], object], value: object, code: str) -> None:
    """Each with the code of its first fault."""
    with pytest.raises(Refused) as refusal:
        parse(value)
    assert refusal.value.code == code


def test_inspectors_and_recusals_are_checked_as_records_too() -> None:
    """Cap 0 to 999; ids well formed."""
    inspector, recusal = Inspector("P1", 0, ("a",)), Recusal("P1", "e")
    assert lines.check_inspector(inspector) is inspector
    assert lines.check_recusal(recusal) is recusal
    for bad in (Inspector("-", 0, ()), Inspector("P1", -1, ()), Inspector("P1", 1, ("b", "a"))):
        with pytest.raises(Refused):
            lines.check_inspector(bad)
    for pair in (Recusal("-", "e"), Recusal("P1", " e")):
        with pytest.raises(Refused):
            lines.check_recusal(pair)


def test_leaf_texts_are_those_of_the_table() -> None:
    """Section 2: the free text stands last."""
    assert lines.id_leaf("a|b") == "dr1|id|a|b"
    assert lines.line_leaf(stratum="s", tickets=2, commitment="K", seal="X") == "dr1|line|s|2|K|X"
    assert lines.inspector_leaf(Inspector("P1", 3, ("a", "b")), blind="f") == "dr1|inspector|f|3|a,b|P1"
    assert lines.inspector_leaf(Inspector("P1", 3, ()), blind="f") == "dr1|inspector|f|3|-|P1"
    assert lines.recusal_leaf(Recusal("P1", "a|b"), blind="f") == "dr1|recusal|f|P1|a|b"
