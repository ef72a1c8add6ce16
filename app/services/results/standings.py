"""How it stands with each drawn premises, written for the public at the reveal and kept up after it."""

import json
from datetime import date
from typing import Any

from app.domain.days import shanghai_day
from app.domain.fieldwork.visit import State as Visit
from app.domain.results.public_copy import public_key, public_name
from app.domain.results.publication import State as Publication
from app.domain.results.redaction import redact
from app.services.context import Act
from app.services.drawing import files
from app.store.results import standings as store
from app.store.tables.drawing import Draw
from app.store.tables.standings import PublicStanding


def show(act: Act, draw: Draw) -> None:
    """Write the standing of every premises in the public record's selection, in the order drawn.

    Called when the draw is revealed, after its visits are closed: what has no visit is not visited.
    """
    visits = {row.entity_key: row for row in store.visits_of_draw(act.session, draw.id)}
    selection = files.get(act, draw.id, "public").get("selection.ndjson", b"")
    standings = []
    for place, line in enumerate(selection.splitlines(), start=1):
        key = json.loads(line)["id"]
        standing = PublicStanding(
            draw_id=draw.id,
            place=place,
            region=draw.region,
            item=draw.item.partition(":")[2],
            entity_key=public_key(key),
            state="not_visited",
            day=draw.visit_to,
        )
        if key in visits:
            _restate(standing, visits[key], last_day=draw.visit_to)
        standings.append(standing)
    store.add_standings(act.session, standings)


def restate(act: Act, visit_id: str) -> None:
    """Write anew how it stands with a visit, after each act that changes what the public may know of it.

    Before the reveal of its draw, and for a visit of another kind, there is nothing to write.
    """
    standing = store.standing_of(act.session, visit_id)
    row = store.visit(act.session, visit_id)
    if standing is not None and row is not None:
        _restate(standing, row, last_day=standing.day)
        act.session.flush()


def _restate(standing: PublicStanding, row: Any, *, last_day: date) -> None:  # noqa: ANN401 - a row of the store
    state = _state(row)
    decided = state in {"withheld", "withdrawn"}
    visited = state not in {"unreachable", "not_visited"}
    standing.visit_id, standing.state = row.id, state
    standing.entity_name = public_name(row.entity_name)
    standing.day = row.ended_on if visited and row.ended_on is not None else last_day
    standing.due_on = row.due_on if state == "pending" else None
    standing.reason = redact(row.reason) if decided and row.reason is not None else None
    standing.until = row.withheld_until if state == "withheld" else None
    standing.decided_on = shanghai_day(row.changed_at) if decided else None


def _state(row: Any) -> str:  # noqa: ANN401 - a row of the store
    if row.state == Visit.UNREACHABLE:
        return "unreachable"
    if row.state not in {Visit.SUBMITTED, Visit.CLOSED}:
        return "not_visited"
    if row.public_version is not None:
        return "published"
    return (
        str(row.publication)
        if row.publication in {Publication.WITHHELD, Publication.WITHDRAWN}
        else "pending"
    )
