"""Workbooks to fill in: the register's columns with drop-downs, and a sheet that explains them."""

import io
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from app.adapters.tabular.writing import CREATED
from app.domain.registers import Column, ColumnType, Register

_PREPARED_ROWS = 20_000
_YES_NO = ("是", "否")

_TYPES_ZH = {
    ColumnType.TEXT: "文本",
    ColumnType.TOKEN: "字母、数字和 . _ : -，最长 64 位",
    ColumnType.TOKENS: "编号，多个用分号隔开",
    ColumnType.INTEGER: "整数",
    ColumnType.BOOLEAN: "是/否",
    ColumnType.DATE: "日期，如 2026-03-05",
    ColumnType.CODE: "从下拉列表选择",
    ColumnType.CODES: "可多选，用分号隔开",
    ColumnType.USCC: "18 位统一社会信用代码，文本格式",
    ColumnType.REGION: "六位行政区划代码，如 410928",
    ColumnType.STATION: "三位派出所代码，如 005",
    ColumnType.PLACES: "派出所、行政区划代码或二者相连，多个用分号隔开",
    ColumnType.ENTITY: "统一社会信用代码，或“来源:编号”；第二处场所加“#2”",
}


def template_xlsx(register: Register[Any]) -> bytes:
    """Give a template of a register: Chinese headers, text cells that keep zeros, drop-downs, 填写说明."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.set_properties({"created": CREATED})
        page = book.add_worksheet(register.zh)
        page.freeze_panes(1, 0)
        required = book.add_format({"bold": True, "bg_color": "#FCE4D6", "border": 1})
        optional = book.add_format({"bold": True, "bg_color": "#E2EFDA", "border": 1})
        as_text = book.add_format({"num_format": "@"})
        as_day = book.add_format({"num_format": "yyyy-mm-dd"})
        for index, column in enumerate(register.columns):
            page.write_string(0, index, column.zh, required if column.required else optional)
            form = {ColumnType.DATE: as_day, ColumnType.INTEGER: None}.get(column.type, as_text)
            page.set_column(index, index, max(12, 2 * len(column.zh) + 4), form)
            _restrict(page, index, column)
        _explain(book.add_worksheet("填写说明"), register, heading=required)
    return target.getvalue()


def _restrict(page: Worksheet, index: int, column: Column) -> None:
    """Let the spreadsheet itself refuse what the import would refuse."""
    words = _YES_NO if column.type is ColumnType.BOOLEAN else tuple(code.label for code in column.codes)
    if column.type is ColumnType.INTEGER:
        rule = {
            "validate": "integer",
            "criteria": "between",
            "minimum": column.minimum,
            "maximum": column.maximum,
            "error_message": f"请填 {column.minimum} 至 {column.maximum} 的整数",
        }
    elif column.type in {ColumnType.CODE, ColumnType.BOOLEAN}:
        rule = {"validate": "list", "source": list(words), "error_message": "请从下拉列表中选择"}
    else:
        return
    page.data_validation(1, index, _PREPARED_ROWS, index, {**rule, "error_title": column.zh})


def _explain(page: Worksheet, register: Register[Any], *, heading: Format) -> None:
    table = [("列名", "英文列名", "必填", "类型", "可填内容", "默认")]
    for column in register.columns:
        values = "；".join(f"{code.label}（{code.value}）" for code in column.codes)
        if column.type is ColumnType.INTEGER:
            values = f"{column.minimum} 至 {column.maximum}"
        default = next((c.label for c in column.codes if c.value == column.default), column.default or "")
        needed = "是" if column.required else ""
        table.append((column.zh, column.name, needed, _TYPES_ZH[column.type], values, default))
    for row, cells in enumerate(table):
        for index, text in enumerate(cells):
            page.write_string(row, index, text, None if row else heading)
    for index, width in enumerate((28, 16, 6, 40, 80, 10)):
        page.set_column(index, index, width)
    page.freeze_panes(1, 0)
