"""How it stands with visits and their results, written for the public and kept up after every act.

Of drawn premises at the reveal; of visits without a draw, only to be counted, when their results begin their
way.
"""

import json
from datetime import date
from typing import Any

from app.domain.days import shanghai_day
from app.domain.fieldwork.visit import UNDER_WAY, Kind
from app.domain.fieldwork.visit import State as Visit
from app.domain.results.public_copy import public_key, public_name
from app.domain.results.redaction import redact
from app.domain.results.states import State as Publication
from app.services.context import Act
from app.services.drawing import files
from app.services.results.deadlines import result_due
from app.store.results import standings as store
from app.store.tables.drawing import Draw
from app.store.tables.standings import PublicStanding, PublicUndrawn

_TOOK_PLACE = frozenset({Visit.SUBMITTED, Visit.CLOSED})


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
            _restate(act, standing, visits[key], last_day=draw.visit_to)
        standings.append(standing)
    store.add_standings(act.session, standings)


def restate(act: Act, visit_id: str) -> None:
    """Write anew how it stands with a visit, after each act that changes what the public may know of it.

    Of a drawn one there is nothing to write before the reveal of its draw.
    """
    row = store.visit(act.session, visit_id)
    if row is None:
        return
    if row.kind != Kind.DRAWN:
        _restate_undrawn(act, row)
        return
    standing = store.standing_of(act.session, visit_id)
    if standing is not None:
        _restate(act, standing, row, last_day=standing.day)
        act.session.flush()


def _restate(act: Act, standing: PublicStanding, row: Any, *, last_day: date) -> None:  # noqa: ANN401 - a row of the store
    publication = _publication(row)
    decided = publication in {"withheld", "withdrawn"}
    visited = row.state in _TOOK_PLACE | UNDER_WAY
    standing.visit_id, standing.state = row.id, _state(row)
    standing.publication = publication
    standing.entity_name = public_name(row.entity_name)
    standing.day = row.ended_on if visited and row.ended_on is not None else last_day
    standing.due_on = _due_on(act, row) if publication == "pending" else None
    standing.reason = redact(row.reason) if decided and row.reason is not None else None
    standing.until = row.withheld_until if publication == "withheld" else None
    standing.decided_on = shanghai_day(row.changed_at) if decided else None


def _due_on(act: Act, row: Any) -> date | None:  # noqa: ANN401 - a row of the store
    """The last day in time; counted here while no clock runs, as before the record is submitted."""
    if row.publication is not None:
        found: date = row.due_on
        return found
    over = row.ended_on or shanghai_day(row.checked_in_at)
    return result_due(act.session.connection(), row.region, over)


def _restate_undrawn(act: Act, row: Any) -> None:  # noqa: ANN401 - a row of the store
    publication = _publication(row)
    if publication is None or row.publication is None:
        return
    found = store.undrawn(act.session, row.id) or PublicUndrawn(
        visit_id=row.id,
        region=row.region,
        item=row.item,
        kind=row.kind,
        publication=publication,
        unreachable=row.state == Visit.UNREACHABLE,
        ended_on=row.ended_on,
    )
    found.publication = publication
    found.due_on = row.due_on if publication == "pending" else None
    store.put_undrawn(act.session, found)


def _state(row: Any) -> str:  # noqa: ANN401 - a row of the store
    if row.state == Visit.UNREACHABLE:
        return "unreachable"
    return _publication(row) or "not_visited"


def _publication(row: Any) -> str | None:  # noqa: ANN401 - a row of the store
    """How far the result of a visit is for the public; None where none is to come."""
    if row.state not in _TOOK_PLACE | UNDER_WAY | {Visit.UNREACHABLE}:
        return None
    if row.public_version is not None:
        return "published"
    if row.publication in {Publication.WITHHELD, Publication.WITHDRAWN}:
        return str(row.publication)
    return "pending"
