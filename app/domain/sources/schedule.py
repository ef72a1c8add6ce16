"""When a source is asked again: every so many minutes, or once a day at a time in Shanghai."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from app.domain.days import SHANGHAI

_CLOCK_TIME: Final = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When runs are due 运行计划: `every_min` minutes after the last one, or daily at `daily_at` in Shanghai.

    Exactly one of the two is given. A source is overdue when `overdue_min` minutes after a run was due no run
    has come to a good end.
    """

    every_min: int | None
    daily_at: str | None
    overdue_min: int


def is_clock_time(text: str) -> bool:
    """Tell whether a text is a time of day such as `02:30`."""
    return _CLOCK_TIME.fullmatch(text) is not None


def next_due(schedule: Schedule, after: datetime) -> datetime:
    """Give the first instant after another at which a run is due.

    Args:
        schedule: the source's.
        after: an aware instant.
    """
    if schedule.every_min is not None:
        return after + timedelta(minutes=schedule.every_min)
    here = after.astimezone(SHANGHAI)
    at = datetime.combine(here.date(), time.fromisoformat(schedule.daily_at or ""), SHANGHAI)
    due = at if at > here else at + timedelta(days=1)
    return due.astimezone(after.tzinfo)


def overdue_from(schedule: Schedule, after: datetime) -> datetime:
    """Give the instant from which on it is an alarm that no run has ended well since another.

    Args:
        schedule: the source's.
        after: when the last good run ended, or when the source was entered.
    """
    return next_due(schedule, after) + timedelta(minutes=schedule.overdue_min)
