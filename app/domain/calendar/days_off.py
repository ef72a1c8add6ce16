"""Days off 休息日 as the calendar of draws sees them, and the long holidays among them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.domain.working_days import SpecialDay, WorkingCalendar

_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Week:
    """Which days are worked around a year: by the table where it is known, else Monday to Friday.

    Attributes:
        table: the working days of some years; None: the plain week always.
        year: the year that the table must know; of others, of all without it, the plain week will do.
    """

    table: WorkingCalendar | None
    year: int | None = None

    def works(self, day: date) -> bool:
        """Tell whether a day is worked.

        Raises:
            RuleBroken: `calendar-year-missing`, for the one year that must be known.
        """
        if self.table is not None and (day.year == self.year or day.year in self.table.years):
            return self.table.works(day)
        return day.weekday() < _SATURDAY

    def is_holiday(self, day: date) -> bool:
        """Tell whether the State Council's notice names a day as off."""
        return self.table is not None and day in self.table.off


def holidays(week: Week, year: int, *, least_days: int) -> Iterator[tuple[date, date]]:
    """Give first and last days of the holidays 法定节假日 that end in a year.

    A holiday is a run of days off, weekends included, at least one of them by the State Council's notice. One
    that reaches the last day of December goes on to New Year's Day, and ends in the next year.

    Args:
        week: days off around the year.
        year: the year.
        least_days: shorter runs are left out.
    """
    day, end = date(year, 1, 1), date(year, 12, 31)
    while day <= end:
        if week.works(day):
            day += _DAY
            continue
        first = _run_start(week, day)
        last = _run_end(week, day, end)
        long_enough = (last - first).days + 1 >= least_days
        if last < end and long_enough and any(week.is_holiday(one) for one in _days(first, last)):
            yield first, last
        day = last + _DAY


def holiday_names(week: Week, first: date, special: Iterable[SpecialDay]) -> str:
    """Give what the notice calls a holiday, each name once, such as `国庆节、中秋节`.

    Args:
        week: days off around it.
        first: its first day.
        special: the days that the notice names.
    """
    names = {one.day: one.name for one in special if not one.working}
    day, found = first, {}
    while not week.works(day):
        if day in names:
            found[names[day]] = day
        day += _DAY
    return "、".join(found)


def _run_start(week: Week, day: date) -> date:
    while not week.works(day - _DAY):
        day -= _DAY
    return day


def _run_end(week: Week, day: date, end: date) -> date:
    while day < end and not week.works(day + _DAY):
        day += _DAY
    return day


def _days(first: date, last: date) -> Iterator[date]:
    return (first + n * _DAY for n in range((last - first).days + 1))
