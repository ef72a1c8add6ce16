"""The records of DR1 section 2: roster lines, inspectors, recusals, and what of them is published."""

from dataclasses import dataclass
from typing import Final

from app.domain.draw.basics.text import (
    Refused,
    check_entity_id,
    check_hex64,
    check_integer,
    check_members,
    check_tags,
    check_token,
    shown,
    tag_text,
)

MAX_TICKETS: Final = 64
MAX_DRAWS_LEFT: Final = 999
MAX_CAP: Final = 999
MAX_LINE_NUMBER: Final = 2_000_000 - 1


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One premises 检查对象 in the roster 名录库 of a draw.

    Attributes:
        id: entity id.
        stratum: token of its stratum 分层.
        tickets: 签, 0 to 64; 0: counted in every ratio but not drawable this time.
        draws_left: draws, this one included, that can still meet its frequency duty in time; 0: owes nothing.
        needs: tags that every member of its team must have.
        note: why it has no tickets, and only then.
    """

    id: str
    stratum: str
    tickets: int
    draws_left: int
    needs: tuple[str, ...]
    note: str | None


@dataclass(frozen=True, slots=True)
class Inspector:
    """One inspector 执法检查人员 under a random code.

    Attributes:
        id: token.
        cap: the most entities that this inspector takes in this draw, 0 to 999.
        tags: agency, role, qualification, district; sorted by bytes.
    """

    id: str
    cap: int
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Recusal:
    """A recusal 回避: this inspector never visits this entity."""

    inspector: str
    entity: str


@dataclass(frozen=True, slots=True)
class FrozenLine:
    """A line as the record publishes it, pseudonymous: `seed` is E and `seal` is X of section 2, in hex."""

    stratum: str
    tickets: int
    draws_left: int
    seed: str
    seal: str


@dataclass(frozen=True, slots=True)
class Identity:
    """What opens a line: its number from 0 in K order, what X commits to, and `opening`, N in hex."""

    line: int
    id: str
    needs: tuple[str, ...]
    note: str | None
    opening: str


def check_counts(*, tickets: object, draws_left: object) -> tuple[int, int]:
    """Return tickets and draws left of a line.

    Raises:
        Refused: `bad-integer` out of range; `owes-undrawable` when a line without tickets owes a visit.
    """
    checked = check_integer(tickets, 0, MAX_TICKETS, what="tickets")
    left = check_integer(draws_left, 0, MAX_DRAWS_LEFT, what="draws_left")
    if left and not checked:
        raise Refused(
            "owes-undrawable", f"draws_left {left} needs tickets: what owes a visit must be drawable"
        )
    return checked, left


def check_note(note: object) -> str | None:
    """Return a note: a token or none.

    Raises:
        Refused: `bad-token`.
    """
    return None if note is None else check_token(note, what="note")


def check_note_fits(note: str | None, *, tickets: int) -> None:
    """See that a note stands exactly where there are no tickets.

    Raises:
        Refused: `note-mismatch`.
    """
    if (note is None) != (tickets > 0):
        mend = "name the reason" if note is None else "remove it"
        raise Refused("note-mismatch", f"note {shown(note)} with {tickets} tickets: {mend}")


def check_roster_line(line: RosterLine) -> RosterLine:
    """Return a roster line whose every value and combination section 2 allows.

    Raises:
        Refused: with the code of the first fault.
    """
    check_entity_id(line.id)
    check_token(line.stratum, what="stratum")
    check_counts(tickets=line.tickets, draws_left=line.draws_left)
    check_tags(line.needs, what="needs")
    check_note_fits(check_note(line.note), tickets=line.tickets)
    return line


def check_inspector(inspector: Inspector) -> Inspector:
    """Return an inspector with a token as id, a cap in range and a sorted tag list.

    Raises:
        Refused: with the code of the first fault.
    """
    check_token(inspector.id, what="inspector id")
    check_integer(inspector.cap, 0, MAX_CAP, what="cap")
    check_tags(inspector.tags, what="inspector tags")
    return inspector


def check_recusal(recusal: Recusal) -> Recusal:
    """Return a recusal that names an inspector and an entity by well-formed ids, known or not.

    Raises:
        Refused: with the code of the first fault.
    """
    check_token(recusal.inspector, what="recused inspector")
    check_entity_id(recusal.entity)
    return recusal


def parse_roster_line(value: object) -> RosterLine:
    """Read `{"id","stratum","tickets","draws_left","needs","note"}`.

    Raises:
        Refused: with the code of the first fault.
    """
    m = check_members(value, ("id", "stratum", "tickets", "draws_left", "needs", "note"), what="roster line")
    tickets, draws_left = check_counts(tickets=m["tickets"], draws_left=m["draws_left"])
    note = check_note(m["note"])
    check_note_fits(note, tickets=tickets)
    return RosterLine(
        id=check_entity_id(m["id"]),
        stratum=check_token(m["stratum"], what="stratum"),
        tickets=tickets,
        draws_left=draws_left,
        needs=check_tags(m["needs"], what="needs"),
        note=note,
    )


def parse_inspector(value: object) -> Inspector:
    """Read `{"id","cap","tags"}`.

    Raises:
        Refused: with the code of the first fault.
    """
    m = check_members(value, ("id", "cap", "tags"), what="inspector")
    return Inspector(
        id=check_token(m["id"], what="inspector id"),
        cap=check_integer(m["cap"], 0, MAX_CAP, what="cap"),
        tags=check_tags(m["tags"], what="inspector tags"),
    )


def parse_recusal(value: object) -> Recusal:
    """Read `{"inspector","entity"}`.

    Raises:
        Refused: with the code of the first fault.
    """
    m = check_members(value, ("inspector", "entity"), what="recusal")
    return Recusal(check_token(m["inspector"], what="recused inspector"), check_entity_id(m["entity"]))


def parse_line(value: object) -> FrozenLine:
    """Read a line of `lines.ndjson`: `{"stratum","tickets","draws_left","E","X"}`.

    Raises:
        Refused: with the code of the first fault.
    """
    m = check_members(value, ("stratum", "tickets", "draws_left", "E", "X"), what="line")
    tickets, draws_left = check_counts(tickets=m["tickets"], draws_left=m["draws_left"])
    return FrozenLine(
        stratum=check_token(m["stratum"], what="stratum"),
        tickets=tickets,
        draws_left=draws_left,
        seed=check_hex64(m["E"], what="E"),
        seal=check_hex64(m["X"], what="X"),
    )


def parse_identity(value: object) -> Identity:
    """Read a line of `identities.ndjson`: `{"line","id","needs","note","N"}`.

    Raises:
        Refused: with the code of the first fault.
    """
    m = check_members(value, ("line", "id", "needs", "note", "N"), what="identity")
    return Identity(
        line=check_integer(m["line"], 0, MAX_LINE_NUMBER, what="line"),
        id=check_entity_id(m["id"]),
        needs=check_tags(m["needs"], what="needs"),
        note=check_note(m["note"]),
        opening=check_hex64(m["N"], what="N"),
    )


def inspector_leaf(inspector: Inspector, *, blind: str) -> str:
    """Give the leaf text of an inspector (section 2)."""
    return f"dr1|inspector|{blind}|{inspector.cap}|{tag_text(inspector.tags)}|{inspector.id}"


def recusal_leaf(recusal: Recusal, *, blind: str) -> str:
    """Give the leaf text of a recusal (section 2)."""
    return f"dr1|recusal|{blind}|{recusal.inspector}|{recusal.entity}"


def id_leaf(entity: str) -> str:
    """Give the leaf text of an entity id (section 2)."""
    return f"dr1|id|{entity}"


def line_leaf(*, stratum: str, tickets: int, commitment: str, seal: str) -> str:
    """Give the leaf text of a line (section 2): `commitment` is K, `seal` is X."""
    return f"dr1|line|{stratum}|{tickets}|{commitment}|{seal}"
