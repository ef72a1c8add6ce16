"""The receipt 回执 under which whoever appealed finds the decision: sixteen characters, 80 bits.

A receipt holds for years, not for a day as the code at the door does: with two thousand questions a
minute for ten years a guesser meets one of a thousand receipts with a chance below one in 100,000 million.
"""

from typing import Final

from app.domain.readable_codes import code_of, read_typed

LENGTH: Final = 16
_GROUP: Final = 4


def receipt_from(secret: str) -> str:
    """Give the receipt of a random number.

    Args:
        secret: hex digits of at least 80 random bits.
    """
    return code_of(secret, length=LENGTH)


def read_receipt(typed: str) -> str | None:
    """Give the receipt that somebody typed, in either case, with blanks or hyphens; None: it is none."""
    return read_typed(typed, length=LENGTH)


def in_groups(receipt: str) -> str:
    """Give a receipt as people read it out: in groups of four."""
    return "-".join(receipt[at : at + _GROUP] for at in range(0, LENGTH, _GROUP))
