"""Writing a draw's record (DR1 section 10): its files, public or for audit, as pieces of bytes."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from app.domain.draw.basics.chunks import in_chunks
from app.domain.draw.basics.lines import FrozenLine, Identity, Inspector, Recusal
from app.domain.draw.entropy import Given, given_object
from app.domain.draw.freeze import Frozen
from app.domain.draw.selection import Drawn, Selection, StratumResult
from app.domain.draw.teams.amendments import Amendment, amendment_object
from app.domain.draw.teams.teams import Deal, Seat, Shortage

Files = dict[str, Iterable[bytes]]
"""Names of files to their bytes in pieces; each iterable can be read once."""

_T = TypeVar("_T")
_PIECE_LINES: Final = 1_000


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the random value made of the frozen lines: the value as it was given, and the selection."""

    given: Given
    selection: Selection


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendedTeams:
    """What happened to the teams after the deal: at least one amendment, and the teams after the last."""

    amendments: Sequence[Amendment]
    teams: Sequence[Seat]


def public_record(*, plan: bytes, frozen: Frozen, drawing: Drawing | None) -> Files:
    """Give the files of the public record.

    Args:
        plan: the committed bytes.
        frozen: the frozen registers.
        drawing: None for a draw voided before its random value.
    """
    drawn = () if drawing is None else drawing.selection.drawn
    opened = sorted(row.line for row in drawn)
    return _files(plan, frozen, (frozen.identities.identity(line) for line in opened), drawing)


def audit_record(
    *,
    plan: bytes,
    frozen: Frozen,
    drawing: Drawing | None,
    secret: str,
    deal: Deal | None,
    amended: AmendedTeams | None = None,
) -> Files:
    """Give the files of the audit record.

    Args:
        plan: the committed bytes.
        frozen: the frozen registers.
        drawing: None for a draw voided before its random value.
        secret: `s`, 64 hex digits.
        deal: the teams; None for a draw voided before its random value.
        amended: None without amendments.
    """
    files = _files(plan, frozen, frozen.identities, drawing)
    files["secret.json"] = [_json({"secret": secret})]
    files["inspectors.ndjson"] = _ndjson(frozen.inspectors, _inspector)
    files["recusals.ndjson"] = _ndjson(frozen.recusals, _recusal)
    files["teams.ndjson"] = _ndjson(() if deal is None else deal.teams, seat_object)
    if deal is not None and deal.shortage is not None:
        files["shortage.json"] = [_json(shortage_object(deal.shortage))]
    if amended is not None:
        files["amendments.ndjson"] = _ndjson(amended.amendments, amendment_object)
        files["teams-final.ndjson"] = _ndjson(amended.teams, seat_object)
    return files


def _files(plan: bytes, frozen: Frozen, opened: Iterable[Identity], drawing: Drawing | None) -> Files:
    files: Files = {
        "plan.json": [plan],
        "lines.ndjson": _pieces(map(_line, frozen.lines)),
        "ids.ndjson": _ndjson(frozen.ids, lambda entity: entity),
        "identities.ndjson": _ndjson(opened, _identity),
    }
    if drawing is not None:
        files["entropy.json"] = [_json(given_object(drawing.given))]
        files["strata.ndjson"] = _ndjson(drawing.selection.strata, stratum_object)
        files["selection.ndjson"] = _ndjson(drawing.selection.drawn, drawn_object)
    return files


def stratum_object(result: StratumResult) -> dict[str, object]:
    """Give a line of `strata.ndjson`."""
    return {
        "stratum": result.stratum,
        "size": result.size,
        "drawable": result.drawable,
        "quota": result.quota,
        "cover": result.cover,
        "wanted": result.wanted,
        "drawn": result.drawn,
    }


def drawn_object(drawn: Drawn) -> dict[str, object]:
    """Give a line of `selection.ndjson`."""
    return {
        "stratum": drawn.stratum,
        "reason": drawn.reason,
        "key": drawn.key,
        "line": drawn.line,
        "id": drawn.id,
    }


def shortage_object(shortage: Shortage) -> dict[str, object]:
    """Give the content of `shortage.json`."""
    return {
        "short": [list(slot) for slot in shortage.short],
        "slots": [list(slot) for slot in shortage.slots],
        "inspectors": list(shortage.inspectors),
    }


def seat_object(seat: Seat) -> dict[str, object]:
    """Give a line of `teams.ndjson`."""
    return {"entity": seat.entity, "slot": seat.slot, "inspector": seat.inspector}


def _line(line: FrozenLine) -> str:
    # Tokens and digests need no escapes, and this is the longest file.
    return (
        f'{{"stratum":"{line.stratum}","tickets":{line.tickets},"draws_left":{line.draws_left},'
        f'"E":"{line.seed}","X":"{line.seal}"}}'
    )


def _identity(identity: Identity) -> object:
    return {
        "line": identity.line,
        "id": identity.id,
        "needs": list(identity.needs),
        "note": identity.note,
        "N": identity.opening,
    }


def _inspector(inspector: Inspector) -> object:
    return {"id": inspector.id, "cap": inspector.cap, "tags": list(inspector.tags)}


def _recusal(recusal: Recusal) -> object:
    return {"inspector": recusal.inspector, "entity": recusal.entity}


def _ndjson(rows: Iterable[_T], value: Callable[[_T], object]) -> Iterator[bytes]:
    return _pieces(_text(value(row)) for row in rows)


def _pieces(lines: Iterable[str]) -> Iterator[bytes]:
    for chunk in in_chunks(lines, length=_PIECE_LINES):
        yield ("\n".join(chunk) + "\n").encode()


def _json(value: object) -> bytes:
    return _text(value).encode()


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
