"""Who was kept out of a draw or away from a premises and why: kept sealed with the draw, shown after it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.domain.exclusions import Exclusions
from app.services.access import log
from app.services.agencies import leads
from app.services.context import Act
from app.services.drawing import files
from app.services.drawing.finding import draw_for, refuse_before_disclosure
from app.store.paging import cursor_of, cursor_values
from app.store.registers import staff
from app.store.tables.drawing import Draw

AUDIENCE: Final = "exclusions"
"""Files of their own: whoever reads them needs no roster."""
_FILE: Final = "exclusions.ndjson"


@dataclass(frozen=True, slots=True)
class Excluded:
    """A page of rows, the cursor of the next one, and how many there are in all if that was asked."""

    rows: Sequence[dict[str, Any]]
    next_cursor: str | None
    count: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExclusionFilter:
    """What the rows are narrowed to."""

    kind: str | None = None
    inspector: str | None = None
    entity: str | None = None
    reason: str | None = None

    def takes(self, row: dict[str, Any]) -> bool:
        """Whether a row is wanted."""
        return all(getattr(self, name) in {None, row[name]} for name in self.__slots__)


def keep(act: Act, draw: Draw, exclusions: Exclusions) -> None:
    """Keep every exclusion with a draw that is being committed."""
    lines = (json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in exclusions.rows())
    files.put(act, draw.id, AUDIENCE, {_FILE: lines})


def exclusions(
    act: Act, draw_id: str, where: ExclusionFilter, *, limit: int, cursor: str | None, count: bool
) -> Excluded:
    """A page of what was kept with a draw, in the order kept; each view is logged.

    Of a joint draw that another agency leads a caller of an agency sees what was kept of its own officers.

    Raises:
        Missing: no such draw in the caller's region.
        Malformed: the cursor is not one that this list gave.
        RuleBroken: the loads of its inspectors tell of visits of an earlier draw that are not disclosed yet.
    """
    draw = draw_for(act, draw_id)
    refuse_before_disclosure(act, draw, region="")
    kept = files.get(act, draw.id, AUDIENCE).get(_FILE, b"").splitlines()
    [after] = [0] if cursor is None else cursor_values(cursor, [int])
    rows = [row for row in map(json.loads, kept) if where.takes(row)]
    if not leads(act, draw):
        own = staff.codes_of(act.session, act.caller.agency or "")
        rows = [row for row in rows if row["inspector"] in own]
    log(act, what="draws.exclusions", region=draw.region, subject=draw.id)
    start = after if isinstance(after, int) and after > 0 else 0
    page, more = rows[start : start + limit], len(rows) > start + limit
    return Excluded(page, cursor_of([start + limit]) if more else None, len(rows) if count else None)
