"""The code 检查码 that officers show at the door: eight characters that nobody guesses or misreads.

40 random bits, asked about at a limited rate: with two thousand questions a minute for a whole day a guesser
meets one of a hundred codes in force with a chance of about one in four thousand.
"""

from datetime import datetime, timedelta
from typing import Final

from app.domain.days import SHANGHAI

ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Digits and capitals without 0, O, 1 and I: 32 characters."""

LENGTH: Final = 8


def code_from(secret: str) -> str:
    """Give the code of a random number; 32 divides a power of two, so every code is equally likely.

    Args:
        secret: hex digits of at least 40 random bits.
    """
    number = int(secret, 16)
    return "".join(ALPHABET[number >> (5 * place) & 31] for place in range(LENGTH))


def read_code(typed: str) -> str | None:
    """Give the code that somebody typed, in either case, with blanks or hyphens; None: it cannot be one."""
    code = "".join(typed.split()).replace("-", "").upper()
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None


def end_of_day(at: datetime) -> datetime:
    """Give the midnight in Asia/Shanghai that ends the day of an instant: a code's last moment."""
    return datetime.combine(at.astimezone(SHANGHAI).date() + timedelta(days=1), datetime.min.time(), SHANGHAI)
