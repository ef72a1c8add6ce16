"""The receipt 回执 under which whoever appealed finds the decision: sixteen characters, 80 bits.

A receipt holds for years, not for a day as the code at the door does: with two thousand questions a
minute for ten years a guesser meets one of a thousand receipts with a chance below one in 100,000 million.
"""

from typing import Final

from app.domain.fieldwork.door import ALPHABET

LENGTH: Final = 16
_GROUP: Final = 4


def receipt_from(secret: str) -> str:
    """Give the receipt of a random number; 32 divides a power of two, so every one is equally likely.

    Args:
        secret: hex digits of at least 80 random bits.
    """
    number = int(secret, 16)
    return "".join(ALPHABET[number >> (5 * place) & 31] for place in range(LENGTH))


def read_receipt(typed: str) -> str | None:
    """Give the receipt that somebody typed, in either case, with blanks or hyphens; None: it is none."""
    receipt = "".join(typed.split()).replace("-", "").upper()
    return receipt if len(receipt) == LENGTH and set(receipt) <= set(ALPHABET) else None


def in_groups(receipt: str) -> str:
    """Give a receipt as people read it out: in groups of four."""
    return "-".join(receipt[at : at + _GROUP] for at in range(0, LENGTH, _GROUP))
