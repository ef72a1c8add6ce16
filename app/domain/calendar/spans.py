"""Spans of days 起止日期: months, thirds of months, quarters, and the weeks into which a month is cut."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.domain.calendar.days_off import Week

DAY: Final = timedelta(days=1)
MONTHS: Final = 12
QUARTER_MONTHS: Final = 3
THIRDS: Final = ((1, 10), (11, 20), (21, 31))
"""First and last days of the thirds of a month 上旬、中旬、下旬."""
_SUNDAY: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Days in a row, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    def holds(self, other: "Span") -> bool:
        """Tell whether another span lies inside."""
        return self.first <= other.first and other.last <= self.last

    def __iter__(self) -> Iterator[date]:
        """Go through the days."""
        return (self.first + n * DAY for n in range(self.days))


def months_span(year: int, month: int, months: int) -> Span:
    """Give the days of so many months from one on, all in the same year."""
    last = month + months - 1
    return Span(first=date(year, month, 1), last=date(year, last, monthrange(year, last)[1]))


def windows_of(year: int, months: int) -> tuple[Span, ...]:
    """Give a year's calendar windows of so many months: for 2, January and February, March and April, and on.

    Args:
        year: the year.
        months: a divisor of 12.
    """
    return tuple(months_span(year, first, months) for first in range(1, MONTHS + 1, months))


def thirds_of(year: int, month: int) -> tuple[Span, ...]:
    """Give the thirds of a month: 1st to 10th, 11th to 20th, 21st to the end."""
    end = monthrange(year, month)[1]
    return tuple(
        Span(first=date(year, month, first), last=date(year, month, min(last, end))) for first, last in THIRDS
    )


def worked_days(span: Span, week: Week) -> int:
    """Count the working days of a span."""
    return sum(week.works(day) for day in span)


def weeks_of(year: int, month: int, week: Week, *, least_working_days: int) -> tuple[Span, ...]:
    """Cut a month into ISO weeks, Monday to Sunday, so that each piece lies inside the month.

    A piece with fewer working days than `least_working_days` joins the piece after it, the last one the piece
    before: no draw is left without days to visit on.
    """
    whole = months_span(year, month, 1)
    pieces: list[Span] = []
    first = whole.first
    while first <= whole.last:
        last = min(first + (_SUNDAY - first.weekday()) * DAY, whole.last)
        pieces.append(Span(first=first, last=last))
        first = last + DAY
    while len(pieces) > 1:
        short = next((n for n, one in enumerate(pieces) if worked_days(one, week) < least_working_days), None)
        if short is None:
            break
        left = min(short, len(pieces) - 2)
        pieces[left : left + 2] = [Span(first=pieces[left].first, last=pieces[left + 1].last)]
    return tuple(pieces)
