"""The files that only an audit record has, and the log's, line by line (DR1 section 10)."""

from itertools import pairwise
from sys import intern

from app.domain.draw.basics.findings import Place
from app.domain.draw.basics.lines import Inspector, Recusal, parse_inspector, parse_recusal
from app.domain.draw.basics.text import (
    Refused,
    check_entity_id,
    check_hex64,
    check_integer,
    check_list,
    check_members,
    check_token,
)
from app.domain.draw.plan import MAX_SLOTS
from app.domain.draw.record.ndjson import ascending_rows, check_unique, parsed_rows
from app.domain.draw.record.source import Reader
from app.domain.draw.teams.amendments import Amendment, check_follows, parse_amendment
from app.domain.draw.teams.teams import Seat, Shortage


def parse_secret(value: object) -> str:
    """Read `secret.json`.

    Raises:
        Refused: on a wrong member or value.
    """
    return check_hex64(check_members(value, ("secret",), what="secret.json")["secret"], what="secret")


def read_inspectors(reader: Reader) -> list[Inspector]:
    """Read `inspectors.ndjson`: sorted by id, each once.

    Raises:
        DifferenceError: at the first line that is not well formed or out of order.
    """
    return ascending_rows(reader, "inspectors.ndjson", parse_inspector, lambda inspector: (inspector.id,))


def read_recusals(reader: Reader) -> list[Recusal]:
    """Read `recusals.ndjson`: sorted by (inspector, entity), each pair once.

    Raises:
        DifferenceError: at the first line that is not well formed or out of order.
    """
    return ascending_rows(
        reader, "recusals.ndjson", parse_recusal, lambda recusal: (recusal.inspector, recusal.entity)
    )


def read_teams(reader: Reader, name: str) -> list[Seat]:
    """Read `teams.ndjson` or `teams-final.ndjson`: each place once; their order is for later checks.

    Raises:
        DifferenceError: at the first line that is not well formed or repeated.
    """
    seats = list(parsed_rows(reader, name, _seat))
    check_unique(name, "entity, slot", [(seat.entity, seat.slot) for seat in seats])
    return seats


def _seat(value: object) -> Seat:
    m = check_members(value, ("entity", "slot", "inspector"), what="team place")
    return Seat(
        entity=intern(check_entity_id(m["entity"])),
        slot=_slot(m["slot"]),
        inspector=intern(check_token(m["inspector"], what="inspector")),
    )


def _slot(value: object) -> int:
    return check_integer(value, 0, MAX_SLOTS - 1, what="slot")


def parse_shortage(value: object) -> Shortage:
    """Read `shortage.json`: each slot once, inspectors in byte order; place order is for the `teams` check.

    Raises:
        Refused: on a wrong member or value.
    """
    m = check_members(value, ("short", "slots", "inspectors"), what="shortage.json")
    names = [check_token(name, what="inspector") for name in check_list(m["inspectors"], what="inspectors")]
    if any(left >= right for left, right in pairwise(names)):
        raise Refused("out-of-order", "inspectors of the shortage are not sorted by bytes without duplicates")
    return Shortage(
        short=_slots(m["short"], what="short"),
        slots=_slots(m["slots"], what="slots"),
        inspectors=tuple(names),
    )


def _slots(value: object, *, what: str) -> tuple[tuple[str, int], ...]:
    slots = []
    for pair in check_list(value, what=what):
        members = check_list(pair, what=what)
        if len(members) != len(("entity", "slot")):
            raise Refused("bad-shape", f"{what} holds something other than [entity, slot]")
        slots.append((check_entity_id(members[0]), _slot(members[1])))
    if len(set(slots)) != len(slots):
        raise Refused("repeated", f"{what} names a slot twice")
    return tuple(slots)


def read_amendments(reader: Reader, *, most: int) -> list[Amendment]:
    """Read `amendments.ndjson`: at least one, numbered from 1 without gaps, `started` never shrinking.

    Raises:
        DifferenceError: at the first line that is not well formed or misnumbered.
    """
    amendments: list[Amendment] = []
    for row, amendment in enumerate(parsed_rows(reader, "amendments.ndjson", parse_amendment, most=most)):
        try:
            check_follows(amendments[-1] if amendments else None, amendment)
        except Refused as refusal:
            raise Place("amendments.ndjson", row).refused(refusal) from refusal
        amendments.append(amendment)
    if not amendments:
        raise Place("amendments.ndjson").wrong("没有任何变更，不应有此文件", "is there without an amendment")
    return amendments


def check_log(value: object) -> None:
    """See that `log.json` has the shape of section 10; this version recomputes nothing of it.

    Raises:
        Refused: on a wrong member or value.
    """
    m = check_members(value, ("before", "after", "consistency"), what="log.json")
    _check_log_state(m["before"], what="before")
    if m["after"] is not None:
        _check_log_state(m["after"], what="after")
    _check_path(m["consistency"], what="consistency")


def _check_log_state(value: object, *, what: str) -> None:
    m = check_members(value, ("checkpoint", "cosignatures", "entries"), what=what)
    for entry in check_list(m["entries"], what="entries"):
        members = check_members(entry, ("leaf", "path", "body", "salt"), what="entry")
        _check_path(members["path"], what="path")
        if members["salt"] is not None:
            check_hex64(members["salt"], what="salt")


def _check_path(value: object, *, what: str) -> None:
    for node in check_list(value, what=what):
        check_hex64(node, what=what)
