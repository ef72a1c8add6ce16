"""The files that every record has, line by line, into columns (DR1 section 10)."""

import re
from typing import Final

from app.domain.draw.basics.canonical import strict_json
from app.domain.draw.basics.findings import Place
from app.domain.draw.basics.lines import MAX_LINE_NUMBER, parse_identity, parse_line
from app.domain.draw.basics.text import (
    MAX_INTEGER,
    Refused,
    check_entity_id,
    check_hex64,
    check_integer,
    check_members,
    check_token,
    is_entity_id,
    shown,
)
from app.domain.draw.record.columns import IdentityColumns, LineColumns, SelectionColumns
from app.domain.draw.record.ndjson import ascending_rows, check_unique, out_of_order, parsed_rows
from app.domain.draw.record.source import Reader
from app.domain.draw.selection import REASONS, Drawn, Reason, StratumResult

_COMMON_LINE: Final = re.compile(
    rb'\{"stratum": ?"([0-9A-Za-z._:-]{1,64})", ?"tickets": ?(0|[1-9][0-9]?), ?'
    rb'"draws_left": ?(0|[1-9][0-9]{0,2}), ?"E": ?"([0-9a-f]{64})", ?"X": ?"([0-9a-f]{64})"\}'
)
"""How lines are usually written; whatever else is valid JSON goes through the full parser."""

_PLAIN_TEXT: Final = re.compile(rb'"([^"\\]*)"')


def read_lines(reader: Reader) -> LineColumns:
    """Read `lines.ndjson`.

    Raises:
        DifferenceError: at the first line that is not well formed.
    """
    columns = LineColumns()
    for row, line in enumerate(reader.rows("lines.ndjson")):
        match = _COMMON_LINE.fullmatch(line)
        if match is not None and columns.append_common(*match.groups()):
            continue
        try:
            columns.append(parse_line(strict_json(line)))
        except Refused as refusal:
            raise Place("lines.ndjson", row).refused(refusal) from refusal
    return columns


def read_ids(reader: Reader) -> list[str]:
    """Read `ids.ndjson`: sorted by bytes, each once.

    Raises:
        DifferenceError: at the first line that is not well formed or out of order.
    """
    ids: list[str] = []
    last = ""
    for row, line in enumerate(reader.rows("ids.ndjson")):
        try:
            entity = _plain_text(line) or check_entity_id(strict_json(line))
        except Refused as refusal:
            raise Place("ids.ndjson", row).refused(refusal) from refusal
        # Code points compare as their UTF-8 bytes do.
        if entity <= last:
            raise out_of_order(Place("ids.ndjson", row), last, entity)
        ids.append(entity)
        last = entity
    return ids


def _plain_text(line: bytes) -> str | None:
    """Give the entity id in a JSON string without escapes, or None when the line needs the full parser."""
    match = _PLAIN_TEXT.fullmatch(line)
    if match is None:
        return None
    try:
        text = match[1].decode()
    except UnicodeDecodeError:
        return None
    return text if is_entity_id(text) else None


def read_identities(reader: Reader) -> IdentityColumns:
    """Read `identities.ndjson`: in line order, each id once.

    Raises:
        DifferenceError: at the first line that is not well formed, out of order or repeated.
    """
    columns = IdentityColumns()
    last = -1
    for row, identity in enumerate(parsed_rows(reader, "identities.ndjson", parse_identity)):
        if identity.line <= last:
            raise out_of_order(Place("identities.ndjson", row, "line"), last, identity.line)
        last = identity.line
        columns.append(identity)
    check_unique("identities.ndjson", "id", columns.ids)
    return columns


def read_strata(reader: Reader) -> list[StratumResult]:
    """Read `strata.ndjson`: sorted by name, each once.

    Raises:
        DifferenceError: at the first line that is not well formed or out of order.
    """
    return ascending_rows(reader, "strata.ndjson", _stratum, lambda result: (result.stratum,))


def _stratum(value: object) -> StratumResult:
    counts = ("size", "drawable", "quota", "cover", "wanted", "drawn")
    m = check_members(value, ("stratum", *counts), what="stratum")
    return StratumResult(
        check_token(m["stratum"], what="stratum"),
        *(check_integer(m[name], 0, MAX_INTEGER, what=name) for name in counts),
    )


def read_selection(reader: Reader) -> SelectionColumns:
    """Read `selection.ndjson`: each line and id once; its order is for the `selection` check.

    Raises:
        DifferenceError: at the first line that is not well formed or repeated.
    """
    columns = SelectionColumns()
    for row in parsed_rows(reader, "selection.ndjson", _selected):
        columns.append(row)
    check_unique("selection.ndjson", "line", columns.lines)
    check_unique("selection.ndjson", "id", columns.ids)
    return columns


def _selected(value: object) -> Drawn:
    m = check_members(value, ("stratum", "reason", "key", "line", "id"), what="selection")
    return Drawn(
        check_token(m["stratum"], what="stratum"),
        _reason(m["reason"]),
        check_hex64(m["key"], what="key"),
        check_integer(m["line"], 0, MAX_LINE_NUMBER, what="line"),
        check_entity_id(m["id"]),
    )


def _reason(value: object) -> Reason:
    for reason in REASONS:
        if value == reason:
            return reason
    raise Refused("bad-reason", f"reason {shown(value)} is none of {', '.join(REASONS)}")
