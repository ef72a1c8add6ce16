"""Which committed draws wait for a drand round that must exist by now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from app.domain.draw.canonical import strict_json
from app.domain.draw.entropy import Chain, DrandEntropy, round_time
from app.domain.draw.plan import parse_plan
from app.store import drawing as store


@dataclass(frozen=True, slots=True)
class DueRound:
    """A round that a draw waits for."""

    draw_id: str
    chain: str
    number: int


def due_rounds(connection: Connection, *, now: datetime, chains: Sequence[Chain]) -> list[DueRound]:
    """The rounds of pinned chains whose time has come, oldest draw first."""
    pinned = {chain.hash: chain for chain in chains}
    due = []
    for row in store.waiting_for_drand(connection, before=now):
        declared = parse_plan(strict_json(row.plan)).entropy
        if isinstance(declared, DrandEntropy) and declared.chain in pinned:
            at = round_time(declared.round, pinned[declared.chain])
            if at <= now.timestamp():
                due.append(DueRound(row.id, declared.chain, declared.round))
    return due
