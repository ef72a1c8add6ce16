"""A year's notice as a table: the columns of the registers' house, and every fault by row and column."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Malformed
from app.domain.registers import Cell, Fault, RowErrorCode
from app.domain.results.notice_file import notice_days
from app.domain.working_days import SpecialDay

HEAD: list[Cell] = ["日期", "上班", "节日"]


def faults(rows: list[tuple[int, Any]], header: list[Cell] | None = None) -> list[tuple[str, str]]:
    """Pointer and code of each fault."""
    with pytest.raises(Malformed) as refused:
        notice_days(2027, header or HEAD, rows)
    assert (refused.value.slug, refused.value.values) == ("calendar-refused", {"year": 2027})
    return [(one.pointer, one.code) for one in refused.value.fields]


@pytest.mark.parametrize(
    "header", [HEAD, ["Day", "WORKING", "name"], ["日期*", "是否上班", "名称"], ["日期", "调休上班", "节日"]]
)
def test_a_notice_is_read_under_chinese_and_english_headers(header: list[Cell]) -> None:
    """Days as text and as dates, truths in every way of the registers."""
    rows: list[tuple[int, list[Cell]]] = [
        (2, ["2027-01-01", "否", "元旦"]),
        (4, [date(2027, 10, 9), "1", "国庆节调休"]),
        (5, ["2027/5/1", "false", "劳动节"]),
    ]
    assert notice_days(2027, header, rows) == [
        (2, SpecialDay(date(2027, 1, 1), False, "元旦")),
        (4, SpecialDay(date(2027, 10, 9), True, "国庆节调休")),
        (5, SpecialDay(date(2027, 5, 1), False, "劳动节")),
    ]


def test_every_fault_is_named_by_row_and_column() -> None:
    """All that can be told at once, so that one pass mends the file."""
    rows: list[tuple[int, Any]] = [
        (2, ["2027-02-30", "否", "春节"]),
        (3, ["2027-01-01", "或许", ""]),
        (4, ["2027-05-01", "否", "劳动节"]),
        (5, ["2027-05-01", "否", "劳动节"]),
        (6, Fault(RowErrorCode.BROKEN_JSON)),
    ]
    assert faults(rows) == [
        ("/rows/2/day", "bad-date"),
        ("/rows/3/working", "bad-boolean"),
        ("/rows/3/name", "required"),
        ("/rows/5/day", "duplicate-row"),
        ("/rows/6/", "broken-json"),
    ]


def test_columns_are_neither_guessed_nor_left_out() -> None:
    """A column that nobody reads may hold what matters."""
    assert faults([], ["日期", "节日"]) == [("/rows/1/working", "missing-column")]
    assert faults([], [*HEAD, "备注"]) == [("/rows/1/备注", "unknown-column")]


def test_a_year_has_no_more_days_than_a_year() -> None:
    """However long the file is, it is read no further."""
    first = date(2026, 1, 1)

    def endless() -> Any:
        for n in range(100_000):
            assert n < 1000
            yield n + 2, [first + timedelta(days=n), "否", "假"]

    with pytest.raises(Malformed) as refused:
        notice_days(2027, HEAD, endless())
    assert [(one.pointer, one.code) for one in refused.value.fields] == [("/rows", "too-many-days")]


special = st.builds(
    SpecialDay,
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    st.booleans(),
    st.sampled_from(["春节", "国庆节"]),
)


@given(st.lists(special, max_size=30, unique_by=lambda one: one.day))
def test_what_is_written_is_what_is_read(days: list[SpecialDay]) -> None:
    """A round trip through cells."""
    rows: list[tuple[int, list[Cell]]] = [
        (n, [one.day.isoformat(), "是" if one.working else "否", one.name])
        for n, one in enumerate(days, start=2)
    ]
    assert [one for _, one in notice_days(2027, HEAD, rows)] == days
