"""Working days 工作日 as the State Council's yearly notice sets them: days off, and weekend days made up.

The plain week has Monday to Friday working; a year's notice (国务院办公厅关于部分节假日安排的通知) moves days
both ways. Nothing is counted in a year whose notice is not known: a guess would move a legal deadline.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Self

from app.domain.errors import FieldError, Malformed, RuleBroken

_SATURDAY: Final = 5
FIXED_DAYS_OFF: Final = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))
"""Days off with a fixed date in every year since 2000 (全国年节及纪念日放假办法, art. 2)."""


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that differs from the plain week: `working` tells which way, `name` after which holiday."""

    day: date
    working: bool
    name: str


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """What is known of some years: their special days, and which years those are.

    Attributes:
        years: the years whose notice is known.
        off: days off, weekends only where the notice names them.
        made_up: weekend days that are worked 调休上班.
    """

    years: frozenset[int]
    off: frozenset[date]
    made_up: frozenset[date]

    @classmethod
    def of(cls, years: Iterable[int], days: Iterable[SpecialDay]) -> Self:
        """Build one from special days."""
        listed = tuple(days)
        return cls(
            years=frozenset(years),
            off=frozenset(special.day for special in listed if not special.working),
            made_up=frozenset(special.day for special in listed if special.working),
        )

    def works(self, day: date) -> bool:
        """Tell whether the day is a working day.

        Raises:
            RuleBroken: `calendar-year-missing`.
        """
        if day.year not in self.years:
            raise RuleBroken("calendar-year-missing", year=day.year)
        return day in self.made_up or (day.weekday() < _SATURDAY and day not in self.off)


def add_working_days(day: date, count: int, calendar: WorkingCalendar) -> date:
    """Give the working day so many after a day, which itself does not count (民法典 art. 201).

    Args:
        day: where the period begins.
        count: working days, 1 or more.
        calendar: must know every year from the day after `day` to the answer.

    Raises:
        RuleBroken: `calendar-year-missing`.
    """
    return _step(day, count, calendar, timedelta(days=1))


def working_days_before(day: date, count: int, calendar: WorkingCalendar) -> date:
    """Give the working day so many before a day, which itself does not count.

    Args:
        day: the end of a period.
        count: working days, 1 or more.
        calendar: must know every year from the answer to the day before `day`.

    Raises:
        RuleBroken: `calendar-year-missing`.
    """
    return _step(day, count, calendar, timedelta(days=-1))


def _step(day: date, count: int, calendar: WorkingCalendar, step: timedelta) -> date:
    if count < 1:
        raise ValueError(f"{count} working days")
    while count:
        day += step
        count -= calendar.works(day)
    return day


def check_year(
    year: int, days: Iterable[SpecialDay], *, places: Sequence[str] = ()
) -> tuple[SpecialDay, ...]:
    """Give the special days of a year in order, refusing what no notice says.

    Args:
        year: the year.
        days: its special days.
        places: where each was given, as a JSON Pointer; by default its place in the list.

    Raises:
        Malformed: `calendar-refused`, with a field error for each: a day of another year, a day named twice,
            a made-up day that is no weekend day, or a fixed holiday that is not off.
    """
    listed = tuple(days)
    faults = list(_faults(year, listed, places or [f"/days/{n}/day" for n in range(len(listed))]))
    if faults:
        raise Malformed("calendar-refused", *faults, year=year)
    return tuple(sorted(listed, key=lambda special: special.day))


def _faults(year: int, listed: tuple[SpecialDay, ...], places: Sequence[str]) -> Iterator[FieldError]:
    seen: set[date] = set()
    for where, special in zip(places, listed, strict=True):
        if special.day.year != year:
            yield FieldError(where, "other-year", (("year", str(year)),))
        if special.day in seen:
            yield FieldError(where, "day-twice")
        if special.working and special.day.weekday() < _SATURDAY:
            yield FieldError(where, "made-up-on-weekday")
        seen.add(special.day)
    off = {special.day for special in listed if not special.working}
    for month, day in FIXED_DAYS_OFF:
        if date(year, month, day) not in off:
            yield FieldError("/days", "holiday-missing", (("day", date(year, month, day).isoformat()),))
