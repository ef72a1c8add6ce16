"""Which visits meet a duty (mission/rules.md, «What counts»).

«A visit that was drawn and completed with a result code that counts; the policy lists which kinds of visit
besides drawn ones count (*default* none). Code 04 (nobody found) is an attempt … 07 counts and goes to the
registrar. 11 to 15 end the duty.»
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

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


class LastCounted(NamedTuple):
    """The day of the last visits that count, and whether all that counted on it found nothing."""

    on: date
    clean: bool


def last_counted(visits: Iterable[Visit], counting: Counting, *, item: str, on: date) -> LastCounted | None:
    """Give the last visits that count until a day; None without one."""
    last, clean = None, False
    for visit in visits:
        day = visit.on
        if (last is not None and day < last) or day > on or not counts(visit, counting, item=item):
            continue
        nothing = visit.codes == (counting.clean,)
        last, clean = day, nothing and (clean or day != last)
    return None if last is None else LastCounted(last, clean)
