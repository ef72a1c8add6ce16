"""Header rows and whole files: what is bound, reported or refused before any cell is read."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.registers import (
    ENTITIES,
    RECUSALS,
    REGISTERS,
    Binding,
    Cell,
    EntityRow,
    bind_headers,
    headers,
    parse_row,
    parse_rows,
)
from tests.register_parsing import USCC, bound, faults, message


def test_headers_match_in_either_language_whatever_their_dress() -> None:
    """Case, space, full width, `*` and `-` do not matter; the same column twice does, in either language."""
    assert isinstance(bind_headers(["\ufeffInspector ", "来源：编号", "关系*"], RECUSALS), list)
    binding = bound(RECUSALS, ["*inspector", "统一社会信用代码或来源：编号", " 关系 *", "TO", None])
    assert binding.unknown == ()
    assert binding.width == 4
    twice = bind_headers(["编号", "inspector", "entity", "relation"], RECUSALS, row_number=3)
    assert [(e.row, e.field, e.code) for e in twice] == [(3, "inspector", "duplicate-column")]  # type: ignore[union-attr]  # errors expected


def test_unknown_headers_are_reported_and_their_cells_left_out() -> None:
    """Reported, not guessed: a header with a typing error is no column."""
    binding = bound(RECUSALS, ["inspector", "电话", "entity", "relation", "", "form"])
    assert [(error.field, error.code) for error in binding.unknown] == [
        ("电话", "unknown-column"),
        ("form", "unknown-column"),
    ]
    row = parse_row(RECUSALS, binding, 2, ["i1", "139", USCC, "self"])
    assert not isinstance(row, list)
    assert row.starts_on is None


def test_missing_required_headers_are_errors() -> None:
    """Entities need the USCC or both columns of a source."""
    missing = bind_headers(["名称", "地区", "source"], ENTITIES)
    assert isinstance(missing, list)
    assert [(error.field, error.code) for error in missing] == [
        ("uscc", "missing-column"),
        ("regime", "missing-column"),
        ("region", "missing-column"),
        ("地区", "unknown-column"),
    ]
    assert isinstance(bind_headers(["名称", "监管类别", "region", "source", "source_key"], ENTITIES), Binding)


@pytest.mark.parametrize("cells", [["i1", USCC, "", "self"], ["i1", USCC, None, "self", "", None, " "]])
def test_blank_cells_without_a_header_do_not_matter(cells: list[Cell]) -> None:
    """Spreadsheets drop blank cells at the end of a row, or add some."""
    binding = bound(RECUSALS, ["inspector", "entity", "", "relation", "to"])
    assert not isinstance(parse_row(RECUSALS, binding, 7, cells), list)
    assert faults(parse_row(RECUSALS, binding, 7, ["i1", USCC])) == [("relation", "required")]


@pytest.mark.parametrize("cells", [["i1", USCC, "甲", "self"], ["i1", USCC, "", "self", "", "甲"]])
def test_content_without_a_header_is_an_error(cells: list[Cell]) -> None:
    """A stray separator shifts cells: nothing is dropped in silence."""
    binding = bound(RECUSALS, ["inspector", "entity", "", "relation", "to"])
    assert faults(parse_row(RECUSALS, binding, 7, cells)) == [("甲", "extra-cells")]


def test_a_repeated_row_names_the_first() -> None:
    """One registration has one row."""
    binding = bound(ENTITIES, ["uscc", "name", "regime", "region"])
    rows = [
        (n, [USCC, "甲", regime, "410928"]) for n, regime in enumerate(["网吧", "消防单位", "网吧"], start=2)
    ]
    results = dict(parse_rows(ENTITIES, binding, [*rows, (5, ["x"])]))
    assert isinstance(results[3], EntityRow)
    assert isinstance(results[5], list)
    repeated = results[4]
    assert isinstance(repeated, list)
    assert [(e.row, e.field, e.code, dict(e.values)["first"]) for e in repeated] == [
        (4, "uscc", "duplicate-row", "2")
    ]


ANY_CELL = (
    st.none()
    | st.text(max_size=8)
    | st.text("0123456789;:#/-true是否", max_size=10)
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.dates()
    | st.datetimes()
    | st.sampled_from(["410928", "005", "消防单位", "fire", USCC, date(2026, 1, 1), "a:b#2", "01"])
)


@given(name=st.sampled_from(sorted(REGISTERS)), cells=st.lists(ANY_CELL, max_size=20))
def test_any_cells_give_a_record_or_errors_that_have_texts(name: str, cells: list[Cell]) -> None:
    """No cell of any type stops an import."""
    register = REGISTERS[name]
    parsed = parse_row(register, bound(register, headers(register, "en")), 2, cells)
    if isinstance(parsed, list):
        assert all(message(error, language) for error in parsed for language in ("zh", "en"))
    else:
        assert isinstance(parsed, register.record)


@given(header=st.lists(ANY_CELL | st.sampled_from([*headers(RECUSALS, "zh"), *headers(RECUSALS, "en")])))
def test_any_header_row_binds_or_says_why_not(header: list[Cell]) -> None:
    """A binding has each column at most once; otherwise each error has its texts."""
    binding = bind_headers(header, RECUSALS)
    if isinstance(binding, Binding):
        places = [column.index for column in binding.columns if column.index is not None]
        assert len(places) == len(set(places))
    else:
        assert all(message(error, language) for error in binding for language in ("zh", "en"))
