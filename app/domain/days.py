"""Days and months as the rules count them, in China's one time zone."""

from calendar import monthrange
from datetime import MAXYEAR, UTC, date, datetime, timedelta, timezone
from typing import Final

SHANGHAI: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has had no summer time since 1991."""

_MONTHS: Final = 12


def shanghai_day(at: datetime) -> date:
    """Give the day of an instant in Asia/Shanghai.

    Args:
        at: an aware instant.
    """
    return at.astimezone(SHANGHAI).date()


def rfc3339(at: datetime) -> str:
    """Write an instant as RFC 3339 in UTC, with `Z`.

    Args:
        at: an aware instant.
    """
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def add_months(day: date, months: int) -> date:
    """Give the same day so many months later, or that month's last day where it has no such day.

    Args:
        day: where to start.
        months: less than 0 for so many months earlier.
    """
    years, month = divmod(day.month - 1 + months, _MONTHS)
    year, month = day.year + years, month + 1
    if year > MAXYEAR:
        return date.max
    return date(year, month, min(day.day, monthrange(year, month)[1]))
