"""An entity's proof that it is in the drum, with how many tickets (DR1 section 12)."""

import re
from dataclasses import dataclass
from typing import Final

from app.domain.draw.basics.canonical import canonical_json, strict_json
from app.domain.draw.basics.digest import hasher
from app.domain.draw.basics.findings import Place
from app.domain.draw.basics.lines import (
    MAX_DRAWS_LEFT,
    MAX_LINE_NUMBER,
    check_counts,
    check_note,
    check_note_fits,
)
from app.domain.draw.basics.merkle import Tree, leaf_hash, root_from_path
from app.domain.draw.basics.text import (
    Refused,
    check_entity_id,
    check_hex64,
    check_integer,
    check_list,
    check_members,
    check_tags,
    check_token,
    note_text,
    tag_text,
)
from app.domain.draw.freeze import Frozen
from app.domain.draw.plan import Plan, commitment, parse_plan
from app.domain.draw.record.recomputed import Recomputed
from app.domain.draw.selection import Drawn

_MEMBERS: Final = ("plan", "leaf", "index", "size", "path", "id", "needs", "note", "N")
_REVEALED: Final = ("E", "draws_left")
_PLACE: Final = Place("proof.json")
_LEAF: Final = re.compile(r"dr1\|line\|([0-9A-Za-z._:-]+)\|(0|[1-9][0-9]?)\|([0-9a-f]{64})\|([0-9a-f]{64})")
_MOST_SIZE: Final = MAX_LINE_NUMBER + 1


@dataclass(frozen=True, slots=True)
class Revealed:
    """What a proof also has after the reveal: E of section 2 as `seed`, and `draws_left`."""

    seed: str
    draws_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What an entity is given so that it can check its own line.

    Attributes:
        commitment: C of the plan.
        leaf: leaf text of its line.
        index: number of the line in K order, from 0.
        size: how many lines there are.
        path: inclusion path from the leaf upwards, hex.
        id, needs, note, opening: what X of the leaf commits to; `opening` is N of section 2.
        revealed: only after the reveal, because it tells when the next visit is owed.
    """

    commitment: str
    leaf: str
    index: int
    size: int
    path: tuple[str, ...]
    id: str
    needs: tuple[str, ...]
    note: str | None
    opening: str
    revealed: Revealed | None


@dataclass(frozen=True, slots=True)
class ProvenLine:
    """What a proof shows: an entity's line among `size` under a commitment, its stratum, its tickets 签."""

    commitment: str
    id: str
    index: int
    size: int
    stratum: str
    tickets: int


class Prover:
    """Makes the proofs of one draw's entities; the Merkle tree is built once."""

    def __init__(self, frozen: Frozen, *, commitment: str) -> None:
        """Build the tree over the frozen lines of the plan with this commitment."""
        self._frozen = frozen
        self._commitment = commitment
        lines = frozen.lines
        hashes = (leaf_hash(lines.leaf(at).encode(), alg=frozen.alg) for at in range(len(lines)))
        self._tree = Tree(b"".join(hashes), alg=frozen.alg)

    def prove(self, line: int, *, revealed: bool) -> Proof:
        """Give the proof for one line; `revealed` only when the record is public."""
        identity = self._frozen.identities.identity(line)
        row = self._frozen.lines.line(line)
        return Proof(
            commitment=self._commitment,
            leaf=self._frozen.lines.leaf(line),
            index=line,
            size=len(self._frozen.lines),
            path=tuple(self._tree.path(line)),
            id=identity.id,
            needs=identity.needs,
            note=identity.note,
            opening=identity.opening,
            revealed=Revealed(row.seed, row.draws_left) if revealed else None,
        )


def proof_object(proof: Proof) -> dict[str, object]:
    """Give the content of `proof.json`."""
    value: dict[str, object] = {
        "plan": proof.commitment,
        "leaf": proof.leaf,
        "index": proof.index,
        "size": proof.size,
        "path": list(proof.path),
        "id": proof.id,
        "needs": list(proof.needs),
        "note": proof.note,
        "N": proof.opening,
    }
    if proof.revealed is not None:
        value |= {"E": proof.revealed.seed, "draws_left": proof.revealed.draws_left}
    return value


def parse_proof(value: object) -> Proof:
    """Read the content of `proof.json`.

    Raises:
        Refused: on a wrong member or value.
    """
    after_reveal = isinstance(value, dict) and not value.keys().isdisjoint(_REVEALED)
    m = check_members(value, (*_MEMBERS, *_REVEALED) if after_reveal else _MEMBERS, what="proof")
    revealed = None
    if after_reveal:
        left = check_integer(m["draws_left"], 0, MAX_DRAWS_LEFT, what="draws_left")
        revealed = Revealed(check_hex64(m["E"], what="E"), left)
    leaf = m["leaf"]
    if not isinstance(leaf, str):
        raise Refused("bad-leaf", "leaf is not text")
    return Proof(
        commitment=check_hex64(m["plan"], what="plan"),
        leaf=leaf,
        index=check_integer(m["index"], 0, MAX_LINE_NUMBER, what="index"),
        size=check_integer(m["size"], 1, _MOST_SIZE, what="size"),
        path=tuple(check_hex64(node, what="node of the path") for node in check_list(m["path"], what="path")),
        id=check_entity_id(m["id"]),
        needs=check_tags(m["needs"], what="needs"),
        note=check_note(m["note"]),
        opening=check_hex64(m["N"], what="N"),
        revealed=revealed,
    )


def verify_proof(proof: bytes, *, plan: bytes) -> ProvenLine:
    """Check a proof against a plan: its bytes, the inclusion of its leaf, and what the leaf commits to.

    Args:
        proof: bytes of `proof.json`.
        plan: bytes of `plan.json`.

    Raises:
        DifferenceError: at the first thing that does not hold.
    """
    try:
        committed = _committed_plan(plan)
    except Refused as refusal:
        raise Place("plan.json").refused(refusal) from refusal
    try:
        given = parse_proof(strict_json(proof))
        return _check(given, committed, digest=commitment(plan, committed.alg))
    except Refused as refusal:
        raise _PLACE.refused(refusal) from refusal


def _committed_plan(plan: bytes) -> Plan:
    value = strict_json(plan)
    if canonical_json(value) != plan:
        raise Refused("bad-json", "the plan is not canonical JSON (RFC 8785)")
    return parse_plan(value)


def _check(proof: Proof, plan: Plan, *, digest: str) -> ProvenLine:
    h = hasher(plan.alg)
    if proof.commitment != digest:
        raise _PLACE.of("plan").differs(expected=digest, found=proof.commitment)
    if proof.size != plan.lines.size:
        raise _PLACE.of("size").differs(expected=plan.lines.size, found=proof.size)
    root = root_from_path(
        proof.leaf.encode(), index=proof.index, size=proof.size, path=proof.path, alg=plan.alg
    )
    if root != plan.lines.root:
        raise _PLACE.of("path").differs(expected=plan.lines.root, found=root)
    stratum, tickets, sealed_seed, seal = _leaf_fields(proof.leaf)
    check_note_fits(proof.note, tickets=tickets)
    found = h(f"dr1|ex|{proof.opening}|{tag_text(proof.needs)}|{note_text(proof.note)}|{proof.id}")
    if found != seal:
        raise _PLACE.of("X").differs(expected=seal, found=found)
    if proof.revealed is not None:
        check_counts(tickets=tickets, draws_left=proof.revealed.draws_left)
        found = h(f"dr1|ec|{proof.revealed.seed}|{proof.revealed.draws_left}")
        if found != sealed_seed:
            raise _PLACE.of("K").differs(expected=sealed_seed, found=found)
    return ProvenLine(digest, proof.id, proof.index, proof.size, stratum, tickets)


def _leaf_fields(leaf: str) -> tuple[str, int, str, str]:
    """Take a line's leaf apart; a leaf of another list must not pass for one."""
    match = _LEAF.fullmatch(leaf)
    if match is None:
        raise Refused("bad-leaf", "the leaf is not dr1|line|<stratum>|<tickets>|<K>|<X>")
    stratum, digits, commitment_of_seed, seal = match.groups()
    tickets, _ = check_counts(tickets=int(digits), draws_left=0)
    return check_token(stratum, what="stratum"), tickets, commitment_of_seed, seal


@dataclass(frozen=True, slots=True)
class Fate:
    """What a verified record says of a proven line.

    Attributes:
        stratum_tickets: tickets of all lines in its stratum.
        drawn: its line of the selection, or None when it was not drawn.
        voided: whether the draw was voided before its random value.
    """

    stratum_tickets: int
    drawn: Drawn | None
    voided: bool


def fate_of(line: ProvenLine, work: Recomputed) -> Fate:
    """Find a proven line in a record of the same plan, all of whose checks passed.

    Args:
        line: what `verify_proof` gave.
        work: after `verify.recompute` with the plan's commitment.
    """
    lines, selection = work.lines, work.record.selection
    tickets = sum(
        count
        for code, count in zip(lines.codes, lines.tickets, strict=True)
        if lines.strata[code] == line.stratum
    )
    drawn = next((row for row in selection if row.line == line.index), None)
    return Fate(tickets, drawn, not work.record.holdings.drawn)
