"""The windows 频次窗口 of frequency duties (mission/rules.md, «Windows»).

«"Per n months" is read as *calendar windows* by default: month; Jan-Feb, Mar-Apr, …; quarter.» A year is
cut into 12 / n windows from 1 January on, so n divides 12, and no window reaches over a new year. «A policy
may choose *rolling* instead: due n months after the last counting visit (day clipped to the month's end), the
duty opening after half of that.»
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from app.domain.days import add_months

ONE_DAY: Final = timedelta(days=1)

_MOST_CACHED: Final = 4096


@dataclass(frozen=True, slots=True)
class Window:
    """The days, both included, in which one counting visit meets a duty; `months` is its «per n months»."""

    starts_on: date
    ends_on: date
    months: int


def window_of(months: int, day: date) -> Window:
    """Give the calendar window that contains a day.

    Args:
        months: how many months a window has; it divides 12.
        day: any day.
    """
    return _window(months, day.year, (day.month - 1) // months)


@lru_cache(maxsize=_MOST_CACHED)
def _window(months: int, year: int, number: int) -> Window:
    last = (number + 1) * months
    return Window(date(year, number * months + 1, 1), date(year, last, monthrange(year, last)[1]), months)


def window_before(window: Window) -> Window:
    """Give the calendar window that ends on the day before."""
    return window_of(window.months, window.starts_on - ONE_DAY)


def rolling_window(anchor: date, months: int, *, times: int, opens_p: int, opens_q: int) -> Window:
    """Give the rolling window that falls due `times` times `months` months after a day.

    The first opens after `opens_p` / `opens_q` of the time, in whole days and at least one; where it passed
    without a visit the next follows at once.

    Args:
        anchor: the day of the last counting visit.
        months: «per n months».
        times: 1 for the first, more for those that follow what was missed.
        opens_p: share of the time that passes before the duty opens.
        opens_q: see `opens_p`.
    """
    due = add_months(anchor, months * times)
    if times > 1:
        return Window(add_months(anchor, months * (times - 1)) + ONE_DAY, due, months)
    wait = max((due - anchor).days * opens_p // opens_q, 1)
    return Window(anchor + timedelta(days=wait), due, months)
