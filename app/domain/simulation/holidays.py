"""Days off in years for which the State Council has not spoken yet: an assumption, and only for simulations.

A holiday of one day that falls beside a weekend, or on one, is joined with it, as the notices do; nothing is
assumed of days that are worked in exchange 调休上班.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final

from app.domain.errors import RuleBroken
from app.domain.working_days import SpecialDay

_DAY: Final = timedelta(days=1)
_FRIDAY, _SATURDAY, _SUNDAY, _MONDAY = 4, 5, 6, 0
_AROUND: Final[Mapping[int, tuple[int, int]]] = {
    _FRIDAY: (0, 2),
    _SATURDAY: (0, 2),
    _SUNDAY: (-1, 1),
    _MONDAY: (-2, 0),
}
"""First and last day of a single holiday with its weekend, as days from it; on other days it stands alone."""


def assumed_days_off(years: Iterable[int], document: Mapping[str, Any]) -> Iterator[SpecialDay]:
    """Give the days off to assume in some years, each once, in order of the years.

    Args:
        years: which.
        document: the holidays with their dates, as `app/seeds/simulation/holidays.1.json` has them.

    Raises:
        RuleBroken: `calendar-year-missing`, for a year beyond the table of lunar dates.
    """
    for year in years:
        off: dict[date, str] = {}
        for holiday in document["holidays"]:
            for day in _span(year, holiday):
                # 国庆 and 中秋 meet in some years: the day off is one.
                off.setdefault(day, holiday["name"])
        yield from (SpecialDay(day, False, name) for day, name in sorted(off.items()) if day.year == year)


def _span(year: int, holiday: Mapping[str, Any]) -> Iterator[date]:
    on = holiday["on"] if "on" in holiday else holiday["by_year"].get(str(year))
    if on is None:
        raise RuleBroken("calendar-year-missing", year=year)
    first = date.fromisoformat(f"{year}-{on}") - holiday["starts_before"] * _DAY
    days = holiday["days"]
    if days == 1:
        before, after = _AROUND.get(first.weekday(), (0, 0))
        first, days = first + before * _DAY, after - before + 1
    return (first + n * _DAY for n in range(days))
