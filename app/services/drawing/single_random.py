"""The share of single-random draws 单随机 in a year, by quarter and item: for supervisors and for anybody."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from app.domain.days import SHANGHAI, shanghai_day
from app.domain.single_random import CountedDraw, Share, check_year, shares
from app.services.agencies import own_items
from app.services.context import Look
from app.store import single_random as store


def report(look: Look, *, year: int, region: str, public: bool) -> list[Share]:
    """Draws and visits of a year, and how many of them were single-random.

    Args:
        look: whose; nothing outside the caller's region is counted.
        year: in which the draws were committed, in Asia/Shanghai.
        region: narrows to a region prefix.
        public: whether only the visits of revealed draws count, as for the public.

    Raises:
        Malformed: no year of this service.
        Missing: the region lies outside the caller's.
    """
    first = check_year(year)
    rows = store.draws_between(
        look.connection,
        since=_new_year(first),
        before=_new_year(first + 1),
        regions=[look.caller.within(region)],
        public=public,
    )
    return shares(
        CountedDraw(
            item=row.item.partition(":")[2],
            committed_on=shanghai_day(row.committed_at),
            single=row.copy["single_random"],
            visits=row.visits,
        )
        for row in rows
        if _concerns(look, row.item.partition(":")[2], row.copy.get("joint"))
    )


def _concerns(look: Look, item: str, joint: Mapping[str, Any] | None) -> bool:
    """Whether a draw is one of the caller's agency, or a joint one that it takes part in."""
    own = own_items(look)
    return own is None or item in own or (joint is not None and look.caller.agency in joint["items"])


def _new_year(year: int) -> datetime:
    return datetime.combine(date(year, 1, 1), time.min, SHANGHAI)
