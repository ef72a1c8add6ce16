"""What anybody may read of draws: the public copies, as they were written."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.days import shanghai_day
from app.domain.errors import Missing, RuleBroken
from app.services.context import Look
from app.store import drawing as store


@dataclass(frozen=True, slots=True)
class PublicRows:
    """A page of public copies."""

    rows: Sequence[dict[str, Any]]
    next_cursor: str | None
    count: int | None


def draws(
    look: Look,
    *,
    region: str | None,
    item: str | None,
    state: str | None,
    limit: int,
    cursor: str | None,
    count: bool,
) -> PublicRows:
    """Public copies, newest first."""
    found = store.public_rows(
        look.connection, region=region, item=item, state=state, limit=limit, cursor=cursor, count=count
    )
    return PublicRows([_dated(look, row) for row in found.rows], found.next_cursor, found.count)


def draw(look: Look, draw_id: str) -> dict[str, Any]:
    """One public copy.

    Raises:
        Missing: no such draw.
    """
    row = store.public_row(look.connection, _name(look, draw_id))
    if row is None:
        raise Missing("not-found")
    return _dated(look, row)


def _name(look: Look, draw_id: str) -> store.DrawName:
    return store.DrawName(draw_id, look.settings.origin)


def _dated(look: Look, row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of the public copies
    """The copy with whether it is overdue today: the one thing that time changes by itself."""
    return {**row.copy, "overdue": store.overdue(row.reveal_by, row.state, shanghai_day(look.now))}


def plan(look: Look, draw_id: str) -> bytes:
    """The committed bytes of `plan.json`.

    Raises:
        Missing: no such draw.
    """
    content = store.public_plan(look.connection, _name(look, draw_id))
    if content is None:
        raise Missing("not-found")
    return content


def record(look: Look, draw_id: str) -> bytes:
    """The public record as a zip.

    Raises:
        Missing: no such draw, or its record is not public yet.
        RuleBroken: its lines know of visits of an earlier draw that are not disclosed yet: who owes nothing
            any more was drawn (clause B8).
    """
    found = store.public_record(look.connection, _name(look, draw_id))
    if found is None or found.record is None:
        raise Missing("no-public-record")
    if found.record_from is not None and found.record_from > look.now:
        raise RuleBroken("not-disclosed-yet")
    content: bytes = found.record
    return content
