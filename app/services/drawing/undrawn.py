"""Committed draws that wait for their random values: what they may bring is kept with them at the commit."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final

from app.adapters.vault import Vault
from app.domain.freezing import FreezeInput
from app.domain.waiting import WaitingDraw, due_lines, most_dealt
from app.services.context import Act
from app.services.drawing import files
from app.store import drawing as store
from app.store.drawing import Source
from app.store.fieldwork import disclosure
from app.store.paging import AnyRow
from app.store.tables.drawing import Draw

AUDIENCE: Final = "expected"
"""Files of their own: the next freeze reads them and needs no roster."""
_FILE: Final = "expected.json"
_COMMITTED: Final = "committed"


def keep(act: Act, draw: Draw, lists: FreezeInput, *, joint: Sequence[str] = ()) -> None:
    """Keep what a draw that is being committed may bring; sealed, since it tells who must be drawn.

    Args:
        act: the request.
        draw: the draw.
        lists: what is frozen.
        joint: codes of the items that each visit of a joint draw 联合抽查 carries besides the draw's own.
    """
    due = due_lines(lists.roster)
    merged = dict.fromkeys(due, tuple(joint)) if joint else lists.merged
    expected = {
        "due": sorted(due),
        "carried": {entity: list(items) for entity, items in merged.items() if entity in due},
        "most": most_dealt(
            lists.inspectors, drawn=sum(forecast.drawn for forecast in lists.preflight.by_stratum)
        ),
    }
    files.put(act, draw.id, AUDIENCE, {_FILE: [json.dumps(expected).encode()]})


def waiting_draws(
    source: Source, vault: Vault, *, on: date, seen_at: datetime | None = None
) -> tuple[WaitingDraw, ...]:
    """Give the committed draws, of any region, whose values are missing and whose visits can still be made.

    Args:
        source: where to read.
        vault: opens what was kept with them.
        on: the day; a draw whose visits are over brings none any more.
        seen_at: to a reader, draws of which a visit is not disclosed by then still wait, as before they had
            their values; None: for what the service itself works out.
    """
    sealed = () if seen_at is None else disclosure.undisclosed_draws(source, seen_at)
    return tuple(
        WaitingDraw(
            region=row.region,
            item=row.item,
            period=row.period,
            visit_from=row.visit_from,
            visit_to=row.visit_to,
            due=_still_due(source, row, kept["due"], seen_at),
            carried={entity: tuple(items) for entity, items in kept["carried"].items()},
            most=kept["most"],
            drawn=row.state != _COMMITTED,
        )
        for row in store.undrawn(source, visits_since=on, or_these=sealed)
        # A draw that was committed before this was kept has nothing to say.
        for content in files.opened(source, vault, row.id, AUDIENCE).values()
        for kept in (json.loads(content),)
    )


def _still_due(source: Source, row: AnyRow, due: Iterable[str], seen_at: datetime | None) -> frozenset[str]:
    """What must be drawn; of a draw that has its values what is left of it once visits are disclosed.

    That a premises must be drawn follows from its duty and is no secret: it tells nothing of chance.
    """
    if row.state == _COMMITTED or seen_at is None:
        return frozenset(due)
    return frozenset(due) & frozenset(disclosure.undisclosed_keys(source, row.id, seen_at))
