"""Task sheets 任务单 for people: a workbook to work on, and a page for each team to print on A4."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import xlsxwriter
from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from app.adapters.tabular.writing import CREATED
from app.domain.registers.columns import RESULT_CODES
from app.domain.task_sheets import Place, TaskSheet

MOST_TEAM_PAGES: Final = 255
"""Worksheets beside the overview; a workbook with thousands opens slowly or not at all."""
LEAST_OFFICERS: Final = 2
"""行政处罚法 art. 42."""

REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {"due": "到期必查", "coverage": "频次覆盖", "open": "随机抽取"}
)
VACANT: Final = "空缺"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What stands on every sheet.

    Attributes:
        item: the inspection item's name, or its code where nothing is known of it.
        period: the period of the draw.
        commitment: C.
        checklist: what is to be looked at.
    """

    item: str
    period: str
    commitment: str
    checklist: tuple[str, ...]


def write_html(path: Path, heading: Heading, sheets: Sequence[TaskSheet]) -> None:
    """Write a page for each team; it needs nothing from elsewhere."""
    stream = _template().stream(
        heading=heading,
        sheets=map(_shown, sheets),
        result_codes=RESULT_CODES,
        least=LEAST_OFFICERS,
    )
    stream.dump(str(path), encoding="utf-8")


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("app.adapters"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template("task_sheets.html")


def _shown(sheet: TaskSheet) -> dict[str, Any]:
    """Give a sheet in the words of its readers."""
    first = sheet.rows[0] if sheet.rows else None
    return {
        "number": sheet.number,
        "entity": sheet.entity,
        "name": first.name if first else "",
        "address": (first.address or "") if first else "",
        "station": (first.station or "") if first else "",
        "licences": "；".join(row.licence_no for row in sheet.rows if row.licence_no),
        "stratum": sheet.stratum,
        "reason": REASONS.get(sheet.reason, sheet.reason),
        "places": [_shown_place(place) for place in sheet.places],
        "too_few": bool(sheet.places) and sheet.filled < LEAST_OFFICERS,
    }


def _shown_place(place: Place) -> dict[str, str]:
    officer = place.officer
    return {
        "role": "主办" if place.lead else "协办",
        "name": officer.name if officer else (place.inspector or VACANT),
        "code": place.inspector or "",
        "certificate": officer.certificate_no if officer else "",
        "unit": (officer.unit or "") if officer else "",
        "vacant": "" if place.inspector else VACANT,
    }


def write_workbook(path: Path, heading: Heading, sheets: Sequence[TaskSheet]) -> None:
    """Write an overview, a row for each premises, and a worksheet for each of the first teams."""
    shown = [_shown(sheet) for sheet in sheets]
    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"created": CREATED})
        formats = {
            "title": book.add_format({"bold": True, "font_size": 16, "align": "center"}),
            "head": book.add_format({"bold": True, "bg_color": "#E2EFDA", "border": 1, "text_wrap": True}),
            "cell": book.add_format({"border": 1, "text_wrap": True, "valign": "top"}),
            "sign": book.add_format({"border": 1}),
        }
        _overview(book.add_worksheet("任务总表"), heading, shown, formats)
        for sheet in shown[:MOST_TEAM_PAGES]:
            _team_page(book.add_worksheet(f"{sheet['number']:03d}"), heading, sheet, formats)


def _overview(
    page: Worksheet, heading: Heading, sheets: Sequence[dict[str, Any]], formats: Mapping[str, Format]
) -> None:
    places = max((len(sheet["places"]) for sheet in sheets), default=0)
    header = ["序号", "检查对象", "统一社会信用代码或编号", "地址", "派出所", "抽查事项", "分层", "抽取方式"]
    for n in range(1, places + 1):
        header += [f"检查人员{n}", f"执法证号{n}"]
    header += ["检查日期", "结果代码", "检查人员签名", "被检查单位签名"]
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.freeze_panes(1, 2)
    for column, name in enumerate(header):
        page.write_string(0, column, name, formats["head"])
        page.set_column(column, column, 24 if column in {1, 2, 3} else 14)
    for row, sheet in enumerate(sheets, start=1):
        page.set_row(row, 32)
        page.write_number(row, 0, sheet["number"], formats["cell"])
        cells = [sheet["name"], sheet["entity"], sheet["address"], sheet["station"], heading.item]
        cells += [sheet["stratum"], sheet["reason"]]
        for place in sheet["places"]:
            cells += [f"{place['role']} {place['name']}", place["certificate"]]
        for column, text in enumerate([*cells, "", "", "", ""], start=1):
            page.write_string(row, column, text, formats["cell"])


def _team_page(
    page: Worksheet, heading: Heading, sheet: dict[str, Any], formats: Mapping[str, Format]
) -> None:
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_column(0, 0, 16)
    page.set_column(1, 4, 22)
    page.merge_range(0, 0, 0, 4, "双随机抽查任务单", formats["title"])
    facts = [
        ("编号", f"{heading.commitment[:12]}-{sheet['number']:03d}"),
        ("抽查事项", f"{heading.item}（{heading.period}）"),
        ("检查对象", sheet["name"]),
        ("代码或编号", sheet["entity"]),
        ("地址", sheet["address"]),
        ("派出所", sheet["station"]),
        ("抽取方式", f"{sheet['reason']}（{sheet['stratum']}）"),
    ]
    for row, (label, text) in enumerate(facts, start=1):
        page.write_string(row, 0, label, formats["head"])
        page.merge_range(row, 1, row, 4, "", formats["cell"])
        page.write_string(row, 1, text, formats["cell"])
    row = _officers(page, len(facts) + 2, sheet, formats)
    row = _checklist(page, row + 1, heading.checklist, formats)
    for label in ("检查日期", "结果代码", "检查人员签名", "被检查单位签名"):
        page.set_row(row, 36)
        page.write_string(row, 0, label, formats["head"])
        page.merge_range(row, 1, row, 4, "", formats["sign"])
        row += 1


def _officers(page: Worksheet, top: int, sheet: dict[str, Any], formats: Mapping[str, Format]) -> int:
    """Write the team from row `top` on; give the row after it."""
    for column, name in enumerate(("席位", "检查人员", "执法证号", "单位", "签名")):
        page.write_string(top, column, name, formats["head"])
    for row, place in enumerate(sheet["places"], start=top + 1):
        page.set_row(row, 28)
        for column, name in enumerate(("role", "name", "certificate", "unit")):
            page.write_string(row, column, place[name], formats["cell"])
        page.write_string(row, 4, "", formats["sign"])
    return top + 1 + len(sheet["places"])


def _checklist(page: Worksheet, row: int, checklist: Sequence[str], formats: Mapping[str, Format]) -> int:
    """Write the checklist from a row on; give the row after a blank one."""
    page.write_string(row, 0, "序号", formats["head"])
    page.merge_range(row, 1, row, 3, "检查内容", formats["head"])
    page.write_string(row, 4, "情况", formats["head"])
    for number, text in enumerate(checklist, start=1):
        page.write_number(row + number, 0, number, formats["cell"])
        page.merge_range(row + number, 1, row + number, 3, "", formats["cell"])
        page.write_string(row + number, 1, text, formats["cell"])
        page.write_string(row + number, 4, "", formats["sign"])
    return row + len(checklist) + 2
