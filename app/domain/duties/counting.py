"""Which visits meet a duty (mission/rules.md, «What counts»).

«A visit that was drawn and completed with a result code that counts; the policy lists which kinds of visit
besides drawn ones count (*default* none). Code 04 (nobody found) is an attempt … 07 counts and goes to the
registrar. 11 to 15 end the duty.»
"""

from collections.abc import Iterable
from datetime import date

from app.domain.facts import Visit
from app.domain.policy import Counting


def counts(visit: Visit, counting: Counting, *, item: str) -> bool:
    """Tell whether a visit meets duties of an item."""
    return (
        visit.item == item
        and visit.kind in counting.kinds
        and counting.attempt not in visit.codes
        and not counting.codes.isdisjoint(visit.codes)
    )


def counting_days(visits: Iterable[Visit], counting: Counting, *, item: str, on: date) -> list[date]:
    """Give the days of the visits that count until a day, in order."""
    return sorted(visit.on for visit in visits if visit.on <= on and counts(visit, counting, item=item))


def last_counting_day(visits: Iterable[Visit], counting: Counting, *, item: str, on: date) -> date | None:
    """Give the day of the last visit that counts until a day; None without one."""
    return max(
        (visit.on for visit in visits if visit.on <= on and counts(visit, counting, item=item)), default=None
    )
