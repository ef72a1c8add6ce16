"""Receipts of appeals: 80 bits that people can read out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.appeals.receipt import in_groups, read_receipt, receipt_from


def test_a_receipt_by_hand() -> None:
    """Five bits a character, the lowest first: 0 is 2, 1 is 3, 31 is Z."""
    assert receipt_from(f"{1 + (31 << 5):x}") == "3Z" + "2" * 14
    assert in_groups("3Z" + "2" * 14) == "3Z22-2222-2222-2222"


@pytest.mark.parametrize(
    "typed", ["", "3Z22-2222-2222-222", "3Z22-2222-2222-22220", "0" * 16, "ＡＢＣＤ" * 4]
)
def test_what_cannot_be_a_receipt(typed: str) -> None:
    """Too short, too long, with a character that no receipt has."""
    assert read_receipt(typed) is None


@given(st.integers(0, 2**256 - 1))
def test_a_receipt_is_read_however_it_is_typed(secret: int) -> None:
    """In groups, in small letters, with blanks; and it holds 80 bits of the secret."""
    receipt = receipt_from(f"{secret:064x}")
    for typed in (receipt, in_groups(receipt), in_groups(receipt).lower(), f" {receipt[:7]} {receipt[7:]}\n"):
        assert read_receipt(typed) == receipt
    alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    assert sum(alphabet.index(one) << (5 * n) for n, one in enumerate(receipt)) == secret % 2**80
