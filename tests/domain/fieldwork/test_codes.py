"""Result codes: the table and its exclusions (mission/rules.md, «Result codes»), worked out by hand."""

import json
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.fieldwork.codes import NOT_INSPECTED, RESULT_CODES, VIOLATIONS, Sort, conflict
from app.domain.registers.columns import RESULT_CODES as REGISTER_CODES

CODE_SETS = st.sets(st.sampled_from(sorted(RESULT_CODES)))


def test_the_table_is_that_of_the_rules() -> None:
    """Every code of the rules, in their order, each with both names."""
    assert " ".join(RESULT_CODES) == "01 02 03 04 05 06 07 08 11 12 13 14 15 21 22 23"
    assert RESULT_CODES["06"].zh == "不配合检查情节严重"
    assert all(one.zh and one.en for one in RESULT_CODES.values())
    assert [one.value for one in REGISTER_CODES] == list(RESULT_CODES)


def test_every_code_is_of_one_sort() -> None:
    """01 is clean; 04, 07 and 11 to 15 were no inspection; the rest are violations."""
    assert {"04", "07", "11", "12", "13", "14", "15"} == NOT_INSPECTED
    assert {"02", "03", "05", "06", "08", "21", "22", "23"} == VIOLATIONS
    assert [one.code for one in RESULT_CODES.values() if one.sort is Sort.CLEAN] == ["01"]


@pytest.mark.parametrize(
    ("codes", "excluded"),
    [
        ([], False),
        (["01"], False),
        (["01", "01"], False),
        (["01", "05"], True),
        (["01", "07"], True),
        (["04"], False),
        (["04", "05"], True),
        (["07", "23"], True),
        (["11", "12"], False),
        (["15", "06"], True),
        (["05", "21", "22"], False),
        (["02", "03", "05", "06", "08", "21", "22", "23"], False),
    ],
)
def test_codes_exclude_each_other_as_the_rules_say(codes: list[str], excluded: bool) -> None:  # noqa: FBT001 - the expected answer
    """01 excludes all others; 04, 07, 11 to 15 exclude the violation codes."""
    assert conflict(codes) is excluded


@given(CODE_SETS)
def test_codes_conflict_exactly_when_two_of_them_do(codes: set[str]) -> None:
    """The rule is about pairs, so a set conflicts when a pair in it does."""
    assert conflict(codes) == any(conflict(pair) for pair in combinations(sorted(codes), 2))


def test_the_policy_says_which_codes_count() -> None:
    """Counting is data: every code of the policy is in the table, the attempt does not count."""
    counting = json.loads(Path("app/seeds/policies/default.1.json").read_text("utf-8"))["counting"]
    assert set(counting["codes"]) <= set(RESULT_CODES)
    assert counting["attempt"] not in counting["codes"]
