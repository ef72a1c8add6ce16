"""Which drand round a plan may name: one that nobody can know yet when it is committed (DR1 section 4)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from app.domain.days import SHANGHAI
from app.domain.draw.entropy import Chain, DrandEntropy, Entropy, parse_entropy, round_at
from app.domain.errors import RuleBroken


def committed_entropy(
    declared: Mapping[str, Any], *, chains: Iterable[Chain], now: datetime, lead_s: int, reveal_by: date
) -> Entropy:
    """Give the source that a plan commits to; a drand chain or round that it does not name is chosen here.

    Args:
        declared: the plan's `entropy`, as `Draft` has it.
        chains: the pinned chains; the first is the default.
        now: the instant of the commitment.
        lead_s: how far ahead of it the round must lie, in seconds.
        reveal_by: the day at whose end the record is due.

    Raises:
        RuleBroken: `unknown-chain`, `round-too-early` or `round-too-late`.
        Refused: a ceremony that DR1 refuses.
    """
    if declared["kind"] != "drand":
        return parse_entropy({"kind": declared["kind"], "sources": declared["sources"]})
    pinned = {chain.hash: chain for chain in chains}
    name = declared.get("chain") or next(iter(pinned))
    if name not in pinned:
        raise RuleBroken("unknown-chain", chain=name, chains=", ".join(pinned))
    earliest = round_at(int(now.timestamp()) + lead_s + 1, pinned[name])
    wanted = declared.get("round") or earliest
    if wanted < earliest:
        raise RuleBroken("round-too-early", lead_s=lead_s, earliest=earliest)
    last_moment = datetime.combine(reveal_by, time.max, SHANGHAI)
    latest = round_at(int(last_moment.timestamp()), pinned[name])
    if wanted > latest:
        raise RuleBroken("round-too-late", latest=latest, reveal_by=reveal_by.isoformat())
    return DrandEntropy(name, wanted)
