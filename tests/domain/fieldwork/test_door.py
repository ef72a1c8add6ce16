"""The code for the door: its alphabet, how it is read, when it ends."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.fieldwork.door import LENGTH, code_from, end_of_day, read_code
from app.domain.readable_codes import ALPHABET


def test_the_alphabet_has_32_characters_that_nobody_confuses() -> None:
    """Five bits each, without 0, O, 1 and I."""
    assert len(set(ALPHABET)) == 32
    assert set(ALPHABET).isdisjoint("01OI")


def test_a_code_worked_out_by_hand() -> None:
    """0x43 is 2 * 32 + 3: the fourth character, then the third, then six zeros, which are 2s."""
    assert code_from("43") == "54222222"


@given(st.integers(0, 2**256 - 1), st.sampled_from([str.lower, str.upper]))
def test_a_code_is_read_back_however_it_is_typed(number: int, case: object) -> None:
    """In either case, with a hyphen, with blanks."""
    code = code_from(f"{number:064x}")
    assert callable(case)
    assert read_code(case(f" {code[:4]}-{code[4:]}\n")) == code


@given(st.integers(0, 2**256 - 1))
def test_every_code_stands_for_its_own_forty_bits(number: int) -> None:
    """So the chance of a guess is 2^-40."""
    code = code_from(f"{number:064x}")
    assert sum(ALPHABET.index(c) << (5 * n) for n, c in enumerate(code)) == number % 2 ** (5 * LENGTH)


@pytest.mark.parametrize("typed", ["", "ABCDEFG", "ABCDEFGHJ", "ABCDEFG0", "ABCDEFGÄ", "检查码检查码检查"])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    """Wrong length or other characters."""
    assert read_code(typed) is None


def test_a_code_ends_with_its_day_in_shanghai() -> None:
    """23:59 in Shanghai is 15:59 UTC; midnight is 16:00."""
    assert end_of_day(datetime(2026, 11, 3, 15, 59, tzinfo=UTC)) == datetime(2026, 11, 3, 16, 0, tzinfo=UTC)
    assert end_of_day(datetime(2026, 11, 3, 16, 0, tzinfo=UTC)) == datetime(2026, 11, 4, 16, 0, tzinfo=UTC)
