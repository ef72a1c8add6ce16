"""Pages from templates: every value is escaped, and codes are shown in words."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from fastapi import Request, Response
from fastapi.templating import Jinja2Templates

from app.domain.days import SHANGHAI
from app.domain.fieldwork.codes import RESULT_CODES
from app.domain.registers.columns import AGENCIES
from app.services.planning import law

templates = Jinja2Templates(directory=Path(__file__).parent / "templates")

_KINDS = MappingProxyType(
    {
        "drawn": "随机抽取",
        "complaint": "投诉举报核查",
        "transfer": "移送核查",
        "emergency": "紧急检查",
        "campaign": "专项检查",
        "case": "案件检查",
        "reinspection": "复查",
    }
)
_SEVERITIES = MappingProxyType({"minor": "轻微", "serious": "严重", "grave": "特别严重"})
_DISPOSITIONS = MappingProxyType(
    {
        "none": "无",
        "corrected_on_spot": "当场改正",
        "order_to_correct": "责令限期改正",
        "warning": "警告",
        "fine": "罚款",
        "confiscation": "没收",
        "suspension": "责令停业整顿",
        "temporary_seal": "临时查封",
        "revocation": "吊销许可证",
        "transfer": "移送",
        "notice": "抄告",
        "case_opened": "立案",
        "listing_proposed": "建议列入名单",
    }
)


_AGENCIES = MappingProxyType({agency.value: agency.label for agency in AGENCIES})


def in_china(instant: str | datetime | None) -> str:
    """An RFC 3339 instant as people in China read it."""
    if instant is None:
        return "—"
    at = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def sources(entropy: dict[str, Any]) -> str:
    """The plan's source of randomness in a line."""
    if entropy["kind"] == "drand":
        return f"drand 公共信标第 {entropy['round']} 轮"
    return "、".join(f"{source['name']}（{source['format']}）" for source in entropy["sources"])


def item_name(item: str) -> str:
    """The Chinese name of an item, `<region>:<code>` or its code alone, by its newest version."""
    code = item.rpartition(":")[2]
    found = law.items(date.max).get(code)
    return code if found is None else str(found.document["name"]["zh"])


def code_names(codes: list[str]) -> str:
    """Result codes in words."""
    return "、".join(RESULT_CODES[code].zh if code in RESULT_CODES else code for code in codes)


def _named(names: Mapping[str, str], code: str) -> str:
    """A code in words; one that is not known here as it is."""
    return names.get(code, code)


def kind_name(kind: str) -> str:
    """A kind of visit in words."""
    return _named(_KINDS, kind)


templates.env.filters |= {
    "agency_name": partial(_named, _AGENCIES),
    "in_china": in_china,
    "sources": sources,
    "item_name": item_name,
    "code_names": code_names,
    **{
        f"{what}_name": partial(_named, names)
        for what, names in (("kind", _KINDS), ("severity", _SEVERITIES), ("disposition", _DISPOSITIONS))
    },
}


def rendered(request: Request, template: str, **values: object) -> Response:
    """A page."""
    return templates.TemplateResponse(request, template, values)
