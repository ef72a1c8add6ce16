"""Rows of register files: the column specification as tables, errors that can be mended, round trips."""

from datetime import date, datetime
from typing import Any

import pytest

from app.domain.registers import (
    ENTITIES,
    INSPECTORS,
    RECUSALS,
    RISK_EVENTS,
    VISITS,
    Cell,
    EntityRow,
    InspectorRow,
    Register,
    RowErrorCode,
    parse_row,
)
from app.messages import text
from tests.register_parsing import USCC, bound, entity, faults, inspector, message, parsed


def test_a_full_row_of_chinese_headers_and_labels_is_read_as_worked_out_by_hand() -> None:
    """Every column of the entities register, in another order than the template's."""
    header = "名称,统一社会信用代码,场所序号,监管类别,行业细类,治安等级,状态,地址,行政区划,派出所,法定代表人"
    more = "许可证号,有效期至,登记日期,重点区域,来源系统,来源编号"
    cells = (
        f"云栖 旅馆,{USCC.lower()},2,特种行业,旅馆,3,停业,某路1号,410928,005,张某,特〔2024〕1号,2027/3/5,"
        "2020-01-31,是,hotel-system,H-01"
    ).split(",")
    binding = bound(ENTITIES, f"{header},{more}".split(","))
    assert parse_row(ENTITIES, binding, 2, cells) == EntityRow(
        uscc=USCC,
        premises=2,
        source="hotel-system",
        source_key="H-01",
        name="云栖 旅馆",
        regime="special_industry",
        subtype="hotel",
        level=3,
        status="suspended",
        address="某路1号",
        region="410928",
        station="005",
        legal_rep="张某",
        licence_no="特〔2024〕1号",
        licence_to=date(2027, 3, 5),
        registered_on=date(2020, 1, 31),
        key_area=True,
    )


def test_blank_cells_take_the_defaults_of_the_specification() -> None:
    """Premises 1, operating, not in a key area; officer, no lead, cap 10; everything else is absent."""
    row = entity(status="", premises=None, key_area="  ")
    assert (row.premises, row.status, row.key_area, row.level, row.address) == (
        1,
        "operating",
        False,
        None,
        None,
    )
    other = inspector()
    assert (other.kind, other.lead, other.cap) == ("officer", False, 10)
    assert (other.regimes, other.districts, other.training_to) == ((), (), None)


@pytest.mark.parametrize(
    ("cells", "identity"),
    [
        ({}, USCC),
        ({"premises": "1"}, USCC),
        ({"premises": 3.0}, f"{USCC}#3"),
        ({"uscc": "", "source": "hotel", "source_key": "H:1"}, "hotel:H:1"),
        ({"uscc": "", "source": "hotel", "source_key": "H1", "premises": "2"}, "hotel:H1#2"),
        ({"source": "hotel", "source_key": "H1"}, USCC),
        ({"uscc": " 9111 0000 6000 3734 1l "}, USCC),
        ({"uscc": "９１１１００００６０００３７３４１Ｌ"}, USCC),
    ],
)
def test_rows_of_one_premises_share_one_entity_id(cells: dict[str, Cell], identity: str) -> None:
    """DR1 section 1: `<USCC>` or `<source>:<key>`, with `#n` for further premises of the same holder."""
    row = entity(**cells)
    assert row.entity_id == identity
    assert row.key == (identity, "fire_unit")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-03-05", date(2026, 3, 5)),
        ("2026/3/5", date(2026, 3, 5)),
        ("２０２６／３／５", date(2026, 3, 5)),
        (date(2026, 3, 5), date(2026, 3, 5)),
        (datetime(2026, 3, 5, 13, 30), date(2026, 3, 5)),  # noqa: DTZ001 -- spreadsheets know no time zone
        (46086.0, date(2026, 3, 5)),  # 46086 days after 1899-12-30
        (46086.75, date(2026, 3, 5)),
        (46086, date(2026, 3, 5)),
        ("46086", date(2026, 3, 5)),
        (18264, date(1950, 1, 1)),
    ],
)
def test_days_are_read_in_every_form_that_the_specification_names(written: Cell, day: date) -> None:
    """`YYYY-MM-DD`, `YYYY/M/D`, Excel dates as dates and as serial numbers."""
    assert entity(licence_to=written).licence_to == day


@pytest.mark.parametrize(
    "written",
    ["2026-02-29", "2026-13-01", "2026", "20260305", "5/3/2026", "2026-3/5", "长期", 3.0, True, "99999"],
)
def test_days_that_do_not_exist_or_could_mean_another_are_refused(written: Cell) -> None:
    """Nothing is guessed: a bare year is no serial number, 5/3/2026 is no day."""
    assert faults(entity(licence_to=written)) == [("licence_to", "bad-date")]


@pytest.mark.parametrize(
    ("written", "truth"),
    [
        *[(yes, True) for yes in ("true", "TRUE", "是", "1", "１", 1.0, 1, True)],
        *[(no, False) for no in ("false", "False", "否", "0", 0.0, 0, False, "", None)],
    ],
)
def test_booleans_are_read_in_every_form_that_the_specification_names(written: Cell, *, truth: bool) -> None:
    """`true/false`, `是/否`, `1/0`."""
    assert entity(key_area=written).key_area is truth


@pytest.mark.parametrize(
    ("column", "written", "value"),
    [
        ("regimes", "娱乐场所；internet_cafe;娱乐场所;", ("entertainment", "internet_cafe")),
        ("districts", "005; 410928；012;410928005", ("005", "012", "410928", "410928005")),
        ("districts", "410928001", ("410928001",)),
        ("districts", 5.0, ("005",)),
        ("station", 5.0, "005"),
        ("station", "012", "012"),
        ("cap", "0", 0),
        ("cap", 999.0, 999),
        ("name", "欧阳　某\n某", "欧阳 某 某"),
        ("name", "e\u0301", "\u00e9"),
        ("certificate_no", 41092800001.0, "41092800001"),
        ("certificate_no", 1.5, "1.5"),
        ("certificate_no", 12345678901234567890, "12345678901234567890"),
        ("unit", True, "true"),
        ("unit", False, "false"),
        ("unit", date(2026, 3, 5), "2026-03-05"),
        ("unit", "\ue000", "\ue000"),
        ("code", "ｉ７", "i7"),
    ],
)
def test_other_cells_are_brought_to_one_form(column: str, written: Cell, value: object) -> None:
    """Lists by `;` or `；` without repeats; zeros that a numeric cell dropped; NFC; folded white space."""
    assert getattr(inspector(**{column: written}), column) == value


def test_result_codes_may_have_lost_their_leading_zero() -> None:
    """A spreadsheet makes 1 of 01; no other code is meant by it."""
    row = parsed(
        VISITS, entity=USCC, item="fire.units", on="2026-01-01", kind="双随机", agency="消防救援", codes=5.0
    )
    assert row.codes == ("05",)
    assert row.key == (USCC, "fire.units", date(2026, 1, 1), "drawn", "fire")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"name": " "}, [("name", "required")]),
        ({"name": "", "regime": None}, [("name", "required"), ("regime", "required")]),
        ({"regime": "酒店"}, [("regime", "unknown-code")]),
        ({"subtype": "ktv"}, [("subtype", "subtype-of-other-regime")]),
        ({"regime": "internet_cafe", "subtype": "hotel"}, [("subtype", "subtype-of-other-regime")]),
        ({"uscc": "91110000600037341M"}, [("uscc", "bad-uscc")]),
        ({"uscc": "9111"}, [("uscc", "bad-uscc")]),
        ({"uscc": "9.1110000600037E+17"}, [("uscc", "lost-digits")]),
        ({"uscc": 911100006000373412.0}, [("uscc", "lost-digits")]),
        ({"uscc": ""}, [("uscc", "uscc-or-source")]),
        ({"uscc": "", "source": "hotel"}, [("source_key", "required")]),
        ({"source_key": "H1"}, [("source", "required")]),
        ({"source": "a:b", "source_key": "c"}, [("source", "bad-source")]),
        ({"source": "旅馆", "source_key": "c"}, [("source", "bad-token")]),
        ({"source": "-", "source_key": "c"}, [("source", "bad-token")]),
        ({"source": "a", "source_key": "c#2"}, [("source_key", "bad-source-key")]),
        ({"uscc": "", "source": "a", "source_key": "键" * 50}, [("source_key", "too-long")]),
        ({"premises": "0"}, [("premises", "out-of-range")]),
        ({"premises": "1.5"}, [("premises", "bad-integer")]),
        ({"premises": True}, [("premises", "bad-integer")]),
        ({"level": "4"}, [("level", "out-of-range")]),
        ({"level": "一"}, [("level", "bad-integer")]),
        ({"key_area": "也许"}, [("key_area", "bad-boolean")]),
        ({"region": "41092"}, [("region", "bad-region")]),
        ({"station": "12"}, [("station", "bad-station")]),
        ({"address": "门\u200b牌"}, [("address", "bad-character")]),
        ({"address": "长" * 501}, [("address", "too-long")]),
        ({"legal_rep": "#N/A"}, [("legal_rep", "spreadsheet-error")]),
        ({"licence_to": "无", "level": "9"}, [("level", "out-of-range"), ("licence_to", "bad-date")]),
    ],
)
def test_each_bad_entity_cell_has_its_code(cells: dict[str, Cell], expected: list[tuple[str, str]]) -> None:
    """All errors of a row are told at once, each with the English header of its column."""
    assert faults(entity(**cells)) == expected


@pytest.mark.parametrize(
    ("register", "cells", "expected"),
    [
        (RECUSALS, {"relation": "朋友"}, [("relation", "unknown-code")]),
        (RECUSALS, {"from": "2026-02-02", "to": "2026-02-01"}, [("to", "date-order")]),
        (RECUSALS, {"entity": "某店"}, [("entity", "bad-uscc")]),
        (RECUSALS, {"entity": "hotel:"}, [("entity", "bad-entity")]),
        (RECUSALS, {"entity": "旅馆:1"}, [("entity", "bad-entity")]),
        (RECUSALS, {"entity": "hotel:H1#01"}, [("entity", "bad-entity")]),
        (RISK_EVENTS, {"on": "2026-02-02", "remedied_on": "2026-02-01"}, [("remedied_on", "date-order")]),
        (RISK_EVENTS, {"on": "2026-02-02", "until": "2026/2/1"}, [("until", "date-order")]),
        (VISITS, {"codes": "01;05"}, [("codes", "conflicting-codes")]),
        (VISITS, {"codes": "04；21"}, [("codes", "conflicting-codes")]),
        (VISITS, {"codes": "09"}, [("codes", "unknown-code")]),
        (VISITS, {"codes": ";；"}, [("codes", "required")]),
        (VISITS, {"inspectors": "i1;王"}, [("inspectors", "bad-token")]),
        (INSPECTORS, {"districts": "5"}, [("districts", "bad-place")]),
        (INSPECTORS, {"cap": "1000"}, [("cap", "out-of-range")]),
    ],
)
def test_each_bad_cell_of_the_other_registers_has_its_code(
    register: Register[Any], cells: dict[str, Cell], expected: list[tuple[str, str]]
) -> None:
    """Result codes exclude each other as mission rules say; nothing ends before it starts."""
    complete: dict[str, Cell] = {
        "inspector": "i1",
        "entity": USCC,
        "relation": "配偶",
        "kind": {"risk-events": "火灾", "visits": "专项行动"}.get(register.name, "officer"),
        "on": "2026-01-01",
        "item": "fire.units",
        "agency": "公安",
        "codes": "01",
        "code": "i1",
        "name": "王某",
        "certificate_no": "1",
        "certificate_to": "2030-01-01",
    }
    names = {column.name for column in register.columns}
    row = {name: cell for name, cell in {**complete, **cells}.items() if name in names}
    assert faults(parsed(register, **row)) == expected


@pytest.mark.parametrize(
    ("written", "identity"),
    [
        (f"{USCC.lower()}#1", USCC),
        ("９１１１００００６０００３７３４１Ｌ", USCC),
        (f"{USCC}#2", f"{USCC}#2"),
        ("hotel：H：1", "hotel:H：1"),
        ("hotel:H:1#12", "hotel:H:1#12"),
    ],
)
def test_references_to_entities_are_read_to_the_one_entity_id(written: str, identity: str) -> None:
    """However people write it, the id is the one that the entities register gives."""
    row = parsed(RECUSALS, inspector="i1", entity=written, relation="other")
    assert row.entity == identity
    assert row.key == ("i1", identity, "other", None)


def test_errors_in_people_language_name_column_value_and_remedy() -> None:
    """The worked text of one error in both languages."""
    (error,) = entity(station="12")
    assert message(error, "zh") == (
        "“派出所”应为三位数字，如 005，现为“12”。请将该列设为文本格式并补足前面的零。"
    )
    assert message(error, "en") == (
        '"station" must be three digits, such as 005, not "12". '
        "Format the column as text and restore leading zeros."
    )


@pytest.mark.parametrize("code", RowErrorCode)
def test_every_code_has_a_text_in_both_languages(code: str) -> None:
    """No code without an explanation, whatever values it carries."""
    values = dict.fromkeys(("column", "column_zh", "value", "allowed", "regime", "character"), "x")
    values |= dict.fromkeys(("minimum", "maximum", "earlier", "earliest", "first", "limit", "today"), "1")
    assert text(f"row.{code}", "zh", **values) != text(f"row.{code}", "en", **values)


def test_columns_are_found_by_their_english_header() -> None:
    """An unknown one is the caller's mistake."""
    assert INSPECTORS.column("cap").zh == "每次上限"
    with pytest.raises(KeyError):
        INSPECTORS.column("rank")
    assert isinstance(inspector(), InspectorRow)
    assert inspector().key == ("i1",)
