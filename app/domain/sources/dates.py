"""Days as source systems write them: a pattern of year, month and day, an instant, or seconds since 1970."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final

from app.domain.days import shanghai_day

_PARTS: Final = re.compile(r"YYYY|MM|DD|M|D|\*")
_DIGITS: Final = {
    "YYYY": "(?P<year>[0-9]{4})",
    "MM": "(?P<month>[0-9]{2})",
    "M": "(?P<month>[0-9]{1,2})",
    "DD": "(?P<day>[0-9]{2})",
    "D": "(?P<day>[0-9]{1,2})",
    "*": ".*",
}
_SECONDS: Final = {"epoch_s": 1, "epoch_ms": 1000}
_WHOLE: Final = re.compile(r"-?[0-9]{1,15}")
_INSTANT: Final = "instant"


def is_date_form(form: str) -> bool:
    """Tell whether a text says how days are written.

    `YYYY`, `MM` or `M`, `DD` or `D` once each, with anything between them and `*` for what is passed over; or
    `instant` (ISO 8601 with its zone), `epoch_s`, `epoch_ms`.
    """
    if form in _SECONDS or form == _INSTANT:
        return True
    parts = [part[0] for part in _PARTS.findall(form) if part != "*"]
    return sorted(parts) == ["D", "M", "Y"]


def read_day(form: str, text: str) -> date | None:
    """Read a day in Shanghai; None when the text is not written in this form or is no day.

    Args:
        form: one that `is_date_form` accepts.
        text: what the source says.
    """
    try:
        return _reader(form)(text)
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=64)
def _reader(form: str) -> Callable[[str], date | None]:
    if form in _SECONDS:
        return lambda text: _of_seconds(text, _SECONDS[form])
    if form == _INSTANT:
        return _of_instant
    pieces = _PARTS.split(form)
    parts = [*_PARTS.findall(form), ""]
    pattern = re.compile(
        "".join(re.escape(piece) + _DIGITS.get(part, "") for piece, part in zip(pieces, parts, strict=True))
    )
    return lambda text: _of_pattern(pattern, text)


def _of_pattern(pattern: re.Pattern[str], text: str) -> date | None:
    found = pattern.fullmatch(text)
    return found and date(int(found["year"]), int(found["month"]), int(found["day"]))


def _of_instant(text: str) -> date | None:
    at = datetime.fromisoformat(text)
    return None if at.tzinfo is None else shanghai_day(at)


def _of_seconds(text: str, unit: int) -> date | None:
    if not _WHOLE.fullmatch(text):
        return None
    return shanghai_day(datetime.fromtimestamp(int(text) / unit, UTC))
