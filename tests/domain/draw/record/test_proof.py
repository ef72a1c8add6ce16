"""An entity's proof (section 12): every entity's holds, nobody else's does, and any change breaks it."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.draw.basics.canonical import canonical_json
from app.domain.draw.basics.findings import DifferenceError
from app.domain.draw.basics.lines import Inspector, RosterLine
from app.domain.draw.record.proof import (
    Fate,
    ProvenLine,
    Prover,
    fate_of,
    parse_proof,
    proof_object,
    verify_proof,
)
from app.domain.draw.record.recomputed import Recomputed
from app.domain.draw.record.record import public_record
from app.domain.draw.record.source import LIMITS
from app.domain.draw.verifier.verify import recompute
from tests.domain.draw.forgery import ZEROS, Files, MemoryRecord, bls, flipped
from tests.domain.draw.honest import Draw, held, joined, venues

DRAW = held(
    [*venues(13), RosterLine("歇业中", "ktv", 0, 0, ("regime:ktv",), "cooldown")],
    inspectors=[Inspector("P000", 3, ("regime:ktv",))],
)
PLAN = DRAW.prepared.plan_bytes


def proof(line: int, *, draw: Draw = DRAW, revealed: bool = True) -> dict[str, Any]:
    """Give the proof of a line as JSON has it."""
    prover = Prover(draw.prepared.frozen, commitment=draw.prepared.commitment)
    return proof_object(prover.prove(line, revealed=revealed))


def proven(value: object, *, plan: bytes = PLAN) -> ProvenLine:
    """Check a proof."""
    return verify_proof(json.dumps(value, ensure_ascii=False).encode(), plan=plan)


@pytest.mark.parametrize("revealed", [True, False])
@pytest.mark.parametrize("line", range(14))
def test_every_entity_can_prove_its_line(line: int, *, revealed: bool) -> None:
    """Before the reveal without E and draws_left, afterwards with them."""
    value = proof(line, revealed=revealed)
    found = proven(value)
    row = DRAW.prepared.frozen.lines.line(line)
    assert found == ProvenLine(DRAW.prepared.commitment, value["id"], line, 14, row.stratum, row.tickets)
    assert ("E" in value) is revealed
    assert ("draws_left" in value) is revealed


@given(st.integers(1, 40), st.data())
def test_proofs_hold_in_trees_of_any_size(size: int, data: st.DataObject) -> None:
    """RFC 9162: trees that are no power of two included."""
    draw = held(venues(size), rate=(0, 1))
    line = data.draw(st.integers(0, size - 1))
    assert proven(proof(line, draw=draw), plan=draw.prepared.plan_bytes).index == line


def test_what_is_written_is_read_back() -> None:
    """`parse_proof` and `proof_object` are inverses."""
    for value in (proof(3), proof(3, revealed=False)):
        assert proof_object(parse_proof(value)) == value


def changed(value: Mapping[str, Any], **members: object) -> dict[str, Any]:
    """Change members of a proof."""
    return {**value, **members}


@pytest.mark.parametrize(
    "change",
    [
        lambda v: changed(v, plan=ZEROS),
        lambda v: changed(v, plan="x"),
        lambda v: changed(v, id="店000099"),
        lambda v: changed(v, id=" "),
        lambda v: changed(v, needs=["a"]),
        lambda v: changed(v, needs=["b", "a"]),
        lambda v: changed(v, note="cooldown"),
        lambda v: changed(v, note=""),
        lambda v: changed(v, N=flipped(v["N"])),
        lambda v: changed(v, E=flipped(v["E"])),
        lambda v: changed(v, draws_left=v["draws_left"] + 1),
        lambda v: changed(v, draws_left=1000),
        lambda v: changed(v, index=v["index"] + 1),
        lambda v: changed(v, index=14),
        lambda v: changed(v, index=True),
        lambda v: changed(v, size=15),
        lambda v: changed(v, size=0),
        lambda v: changed(v, path=v["path"][:-1]),
        lambda v: changed(v, path=[*v["path"], ZEROS]),
        lambda v: changed(v, path=[ZEROS, *v["path"][1:]]),
        lambda v: changed(v, path=["x"]),
        lambda v: changed(v, leaf=v["leaf"].replace("|ktv|", "|ktv|6")),
        lambda v: changed(v, leaf="dr1|id|店000001"),
        lambda v: changed(v, leaf=1),
        lambda v: changed(v, leaf="dr1|line|ktv|" + "9" * 10_000 + f"|{ZEROS}|{ZEROS}"),
        lambda v: changed(v, more=1),
        lambda v: {name: member for name, member in v.items() if name != "E"},
        lambda v: {name: member for name, member in v.items() if name != "draws_left"},
        lambda v: {name: member for name, member in v.items() if name != "path"},
        lambda v: [v],
        lambda _: None,
    ],
)
def test_any_change_breaks_a_proof(change: Callable[[dict[str, Any]], object]) -> None:
    """A proof shows one line of one plan to one entity."""
    with pytest.raises(DifferenceError, match=r"proof\.json"):
        proven(change(proof(0)))


def test_a_leaf_of_another_list_proves_no_tickets() -> None:
    """A committed leaf that is no line's is refused by its form, though its path holds."""
    plan = json.loads(PLAN)
    leaf = "dr1|id|店000001"
    digest = hashlib.sha256(b"\x00" + leaf.encode()).hexdigest()
    plan["lines"] |= {"size": 1, "root": digest}
    plan["ids"]["size"] = 1
    committed = canonical_json(plan)
    value = changed(
        proof(0, revealed=False),
        leaf=leaf,
        path=[],
        size=1,
        index=0,
        plan=hashlib.sha256(committed).hexdigest(),
    )
    with pytest.raises(DifferenceError, match="the leaf is not"):
        proven(value, plan=committed)


def test_a_note_must_fit_the_tickets() -> None:
    """The line without tickets proves its note; the note cannot be left out."""
    at = next(line for line in range(14) if proof(line)["note"])
    assert proven(proof(at)).tickets == 0
    with pytest.raises(DifferenceError, match="note"):
        proven(changed(proof(at), note=None))


@pytest.mark.parametrize("plan", [b"", b"[]", b"{}", PLAN + b"\n", PLAN.replace(b"dr1", b"dr2")])
def test_a_plan_that_is_none_is_refused(plan: bytes) -> None:
    """The plan's bytes must be canonical and its shape right, or there is no commitment to check against."""
    with pytest.raises(DifferenceError, match=r"plan\.json"):
        proven(proof(0), plan=plan)


def test_a_proof_of_bytes_that_are_no_json_is_refused() -> None:
    """Bad input ends in a refusal."""
    with pytest.raises(DifferenceError, match=r"proof\.json"):
        verify_proof(b"\xff", plan=PLAN)


def fates(files: Files) -> list[Fate]:
    """Ask a record for the fate of every line of the draw."""
    work = Recomputed(source=MemoryRecord(files), limits=LIMITS, bls=bls, chains=(), mapper=map)
    assert recompute(work, commitment=DRAW.prepared.commitment).ok
    return [fate_of(proven(proof(line)), work) for line in range(14)]


def test_a_record_tells_whether_and_why_a_line_was_drawn() -> None:
    """13 venues with 1, 2, 3, 1, … tickets have 25; ceil(14/5) = 3 are drawn, all open."""
    found = fates(DRAW.public())
    assert {fate.stratum_tickets for fate in found} == {25}
    drawn = [(at, fate.drawn.reason) for at, fate in enumerate(found) if fate.drawn]
    selected = sorted(row.line for row in DRAW.held.drawing.selection.drawn)
    assert drawn == [(line, "open") for line in selected]
    assert len(drawn) == 3
    assert not any(fate.voided for fate in found)


def test_a_voided_record_tells_of_tickets_alone() -> None:
    """Nothing was drawn, and the record says so."""
    ready = DRAW.prepared
    found = fates(joined(public_record(plan=ready.plan_bytes, frozen=ready.frozen, drawing=None)))
    assert all(fate.voided and fate.drawn is None for fate in found)
