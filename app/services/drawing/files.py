"""A draw's files at rest: compressed, sealed under the vault, bound to their draw and name."""

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence

from app.adapters.vault import Vault
from app.domain.draw.basics.canonical import strict_json
from app.domain.draw.basics.lines import (
    Inspector,
    Recusal,
    RosterLine,
    parse_inspector,
    parse_recusal,
    parse_roster_line,
)
from app.domain.draw.record.record import seat_object
from app.domain.draw.teams.amendments import Amendment, amendment_object
from app.domain.draw.teams.teams import Seat
from app.services.context import Act
from app.store import drawing as store

FROZEN = "frozen"
"""The lists as they stood when the draw was committed."""

MERGED = "merged"
"""Which items the visit of a premises carries besides the draw's own, as decided at the freeze."""


def put(act: Act, draw_id: str, audience: str, files: Mapping[str, Iterable[bytes]]) -> None:
    """Keep files for an audience; one that is there already is replaced."""
    sealed = (
        (
            name,
            act.vault.seal(zlib.compress(b"".join(pieces)), context=_context(draw_id, audience, name)),
        )
        for name, pieces in files.items()
    )
    store.put_files(act.session, draw_id, audience, sealed)


def get(act: Act, draw_id: str, audience: str) -> dict[str, bytes]:
    """The files kept for an audience, by name."""
    return opened(act.session, act.vault, draw_id, audience)


def opened(source: store.Source, vault: Vault, draw_id: str, audience: str) -> dict[str, bytes]:
    """The same for whoever only reads."""
    return {
        row.name: zlib.decompress(vault.open(row.sealed, context=_context(draw_id, audience, row.name)))
        for row in store.sealed_files(source, draw_id, audience)
    }


def _context(draw_id: str, audience: str, name: str) -> str:
    return f"draw_files/{draw_id}/{audience}/{name}"


def frozen_lists(
    roster: Iterable[RosterLine], inspectors: Iterable[Inspector], recusals: Iterable[Recusal]
) -> dict[str, list[bytes]]:
    """The lists as files."""
    return {
        "roster.ndjson": [
            _json(
                {
                    "id": line.id,
                    "stratum": line.stratum,
                    "tickets": line.tickets,
                    "draws_left": line.draws_left,
                    "needs": list(line.needs),
                    "note": line.note,
                }
            )
            for line in roster
        ],
        "inspectors.ndjson": [_json({"id": i.id, "cap": i.cap, "tags": list(i.tags)}) for i in inspectors],
        "recusals.ndjson": [_json({"inspector": r.inspector, "entity": r.entity}) for r in recusals],
    }


def merged_items(merged: Mapping[str, Sequence[str]]) -> dict[str, list[bytes]]:
    """What was merged 综合查一次 as a file; sealed, since it tells whose duties are due."""
    return {
        "merged.ndjson": [
            _json({"id": entity, "items": list(items)}) for entity, items in sorted(merged.items())
        ]
    }


def merged_of(act: Act, draw_id: str) -> dict[str, tuple[str, ...]]:
    """The items merged into the visits of a draw, by DR1 entity id; a draw of before has none."""
    content = get(act, draw_id, MERGED).get("merged.ndjson", b"")
    rows = [json.loads(line) for line in content.splitlines()]
    return {row["id"]: tuple(row["items"]) for row in rows}


def amended_teams(amendments: Iterable[Amendment], teams: Iterable[Seat]) -> dict[str, list[bytes]]:
    """The two files that an audit record has once its teams were amended (DR1 section 10)."""
    return {
        "amendments.ndjson": [_json(amendment_object(one)) for one in amendments],
        "teams-final.ndjson": [_json(seat_object(seat)) for seat in teams],
    }


def read_frozen_lists(
    files: Mapping[str, bytes],
) -> tuple[list[RosterLine], list[Inspector], list[Recusal]]:
    """The lists back from their files."""
    return (
        [parse_roster_line(strict_json(line)) for line in files["roster.ndjson"].splitlines()],
        [parse_inspector(strict_json(line)) for line in files["inspectors.ndjson"].splitlines()],
        [parse_recusal(strict_json(line)) for line in files["recusals.ndjson"].splitlines()],
    )


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
