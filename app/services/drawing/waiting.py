"""Which committed draws, and which amendments of draws, wait for a drand round that must exist by now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from app.domain.draw.basics.canonical import strict_json
from app.domain.draw.entropy import Chain, DrandEntropy, round_time
from app.domain.draw.plan import parse_plan
from app.store import amendments
from app.store import drawing as store


@dataclass(frozen=True, slots=True)
class DueRound:
    """A round that a draw waits for, or its amendment of that number."""

    draw_id: str
    chain: str
    number: int
    amendment: int | None = None


def due_rounds(connection: Connection, *, now: datetime, chains: Sequence[Chain]) -> list[DueRound]:
    """The rounds of pinned chains whose time has come: of draws, then of amendments, the oldest first."""
    pinned = {chain.hash: chain for chain in chains}
    waiting = []
    for row in store.waiting_for_drand(connection, before=now):
        declared = parse_plan(strict_json(row.plan)).entropy
        if isinstance(declared, DrandEntropy):
            waiting.append(DueRound(row.id, declared.chain, declared.round))
    for row in amendments.waiting_for_drand(connection, before=now):
        declared = parse_plan(strict_json(row.plan)).entropy
        if isinstance(declared, DrandEntropy):
            waiting.append(DueRound(row.draw_id, declared.chain, row.round, row.n))
    return [
        one
        for one in waiting
        if one.chain in pinned and round_time(one.number, pinned[one.chain]) <= now.timestamp()
    ]
