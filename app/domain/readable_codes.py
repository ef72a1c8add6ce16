"""Codes that people read out and type 可读码: thirty-two characters that nobody misreads, five bits each."""

from typing import Final

ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Digits and capitals without 0, O, 1 and I: 32 characters."""


def code_of(secret: str, *, length: int) -> str:
    """Give the code of a random number; 32 divides a power of two, so every code is equally likely.

    Args:
        secret: hex digits of at least five random bits a character.
        length: how many characters.
    """
    number = int(secret, 16)
    return "".join(ALPHABET[number >> (5 * place) & 31] for place in range(length))


def read_typed(typed: str, *, length: int) -> str | None:
    """Give the code that somebody typed, in either case, with blanks or hyphens; None: it cannot be one.

    Args:
        typed: by a person.
        length: how many characters it should have.
    """
    code = "".join(typed.split()).replace("-", "").upper()
    return code if len(code) == length and set(code) <= set(ALPHABET) else None
