"""The load of inspectors over a period, which enters a draw as their `cap` (W4: deployed sensibly)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from app.domain.facts import Premises
from app.domain.policies.staffing import LoadRule

DRAWN: Final = "drawn"
"""The kind of the visits that count: chance deals them, and only their number can be capped beforehand."""


def cap_left(cap: int, *, taken: int, load: LoadRule | None) -> int:
    """Give how many entities an inspector takes in a draw: the register's cap, or less as the load asks.

    Args:
        cap: the register's, for each draw.
        taken: drawn visits that the period has brought already.
        load: how much a period may bring; None: as much as the draws bring.
    """
    return cap if load is None else min(cap, max(0, load.most - taken))


def visits_taken(premises: Iterable[Premises], period: tuple[date, date]) -> Mapping[str, int]:
    """Count the drawn visits of each inspector in a period, from what the facts of premises know.

    Those at one premises on one day are one visit, whatever items it served.

    Args:
        premises: with their visits.
        period: its first and last day.
    """
    first, last = period
    days = {
        (code, one.id, visit.on)
        for one in premises
        for visit in one.visits
        if visit.kind == DRAWN and first <= visit.on <= last
        for code in visit.inspectors
    }
    return Counter(code for code, _, _ in days)
