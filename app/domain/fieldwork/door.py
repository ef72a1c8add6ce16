"""The code 检查码 that officers show at the door: eight characters that nobody guesses or misreads.

40 random bits, asked about at a limited rate: with two thousand questions a minute for a whole day a guesser
meets one of a hundred codes in force with a chance of about one in four thousand.
"""

from datetime import datetime, timedelta
from typing import Final

from app.domain.days import SHANGHAI
from app.domain.readable_codes import code_of, read_typed

LENGTH: Final = 8


def code_from(secret: str) -> str:
    """Give the code of a random number.

    Args:
        secret: hex digits of at least 40 random bits.
    """
    return code_of(secret, length=LENGTH)


def read_code(typed: str) -> str | None:
    """Give the code that somebody typed, in either case, with blanks or hyphens; None: it cannot be one."""
    return read_typed(typed, length=LENGTH)


def end_of_day(at: datetime) -> datetime:
    """Give the midnight in Asia/Shanghai that ends the day of an instant: a code's last moment."""
    return datetime.combine(at.astimezone(SHANGHAI).date() + timedelta(days=1), datetime.min.time(), SHANGHAI)
