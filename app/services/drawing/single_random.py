"""The share of single-random draws 单随机 in a year, by quarter and item: for supervisors and for anybody."""

from datetime import date, datetime, time

from app.domain.days import SHANGHAI, shanghai_day
from app.domain.regions import region_prefix
from app.domain.single_random import CountedDraw, Share, check_year, shares
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
    """
    first = check_year(year)
    rows = store.draws_between(
        look.connection,
        since=_new_year(first),
        before=_new_year(first + 1),
        regions=[look.caller.region, region_prefix(region)],
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
    )


def _new_year(year: int) -> datetime:
    return datetime.combine(date(year, 1, 1), time.min, SHANGHAI)
