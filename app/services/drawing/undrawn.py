"""Committed draws that wait for their random values: what they may bring is kept with them at the commit."""

import json
from datetime import date
from typing import Final

from app.adapters.vault import Vault
from app.domain.freezing import FreezeInput
from app.domain.waiting import WaitingDraw, due_lines, most_dealt
from app.services.context import Act
from app.services.drawing import files
from app.store import drawing as store
from app.store.drawing import Source
from app.store.tables.drawing import Draw

AUDIENCE: Final = "expected"
"""Files of their own: the next freeze reads them and needs no roster."""
_FILE: Final = "expected.json"


def keep(act: Act, draw: Draw, lists: FreezeInput) -> None:
    """Keep what a draw that is being committed may bring; sealed, since it tells who must be drawn."""
    due = due_lines(lists.roster)
    expected = {
        "due": sorted(due),
        "carried": {entity: list(items) for entity, items in lists.merged.items() if entity in due},
        "most": most_dealt(
            lists.inspectors, drawn=sum(forecast.drawn for forecast in lists.preflight.by_stratum)
        ),
    }
    files.put(act, draw.id, AUDIENCE, {_FILE: [json.dumps(expected).encode()]})


def waiting_draws(source: Source, vault: Vault, *, on: date) -> tuple[WaitingDraw, ...]:
    """Give the committed draws, of any region, whose values are missing and whose visits can still be made.

    Args:
        source: where to read.
        vault: opens what was kept with them.
        on: the day; a draw whose visits are over brings none any more.
    """
    return tuple(
        WaitingDraw(
            region=row.region,
            item=row.item,
            period=row.period,
            visit_from=row.visit_from,
            due=frozenset(kept["due"]),
            carried={entity: tuple(items) for entity, items in kept["carried"].items()},
            most=kept["most"],
        )
        for row in store.undrawn(source, visits_since=on)
        # A draw that was committed before this was kept has nothing to say.
        for content in files.opened(source, vault, row.id, AUDIENCE).values()
        for kept in (json.loads(content),)
    )
