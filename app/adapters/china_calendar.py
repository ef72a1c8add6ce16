"""The years whose holidays the package chinesecalendar knows: what the calendar table is seeded from."""

from collections.abc import Iterator

import chinese_calendar

from app.domain.working_days import SpecialDay

SOURCE = "chinesecalendar"


def known_years() -> list[int]:
    """Years with a known notice, in order."""
    return sorted({day.year for day in chinese_calendar.holidays})


def special_days(year: int) -> Iterator[SpecialDay]:
    """The days off and made-up working days of a known year, in order."""
    named = [
        *(SpecialDay(day, False, _chinese(name)) for day, name in chinese_calendar.holidays.items()),
        *(SpecialDay(day, True, f"{_chinese(name)}调休") for day, name in chinese_calendar.workdays.items()),
    ]
    yield from sorted((special for special in named if special.day.year == year), key=lambda s: s.day)


def _chinese(name: str) -> str:
    chinese: str = chinese_calendar.Holiday(name).chinese
    return chinese
