"""The county's source systems: the same premises as in its register files, each in a system's own form.

The forms are made up, as different from each other as such systems are: names of fields in pinyin initials,
English or Chinese; days as digits, milliseconds or Chinese text; regions of 6, 9 or 12 digits; pages by
number, offset, cursor or link, or none.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from random import Random
from typing import Any, Literal

from app.domain.days import SHANGHAI
from app.domain.registers import EntityRow, RiskEventRow
from samples.county.holders import made_up_uscc

Fields = dict[str, Any]
Auth = Literal["bearer", "key", "basic"]
Paging = Literal["page", "offset", "cursor", "link", "none"]

_SEED = 20261102
_LEVELS = {1: "一级", 2: "二级", 3: "三级"}
_HOTEL_STATES = {"operating": "1", "suspended": "2", "closed": "3", "moved": "4"}
_DIRECTORY_STATES = {"operating": "open", "suspended": "paused", "closed": "cancelled", "moved": "gone"}
_FIRE_STATES = {"operating": "在营", "suspended": "停业", "closed": "注销", "moved": "迁出"}
_CAFE_STATES = {"operating": "A", "suspended": "S", "closed": "C", "moved": "M"}
_MARKET_STATES = {"operating": "存续", "suspended": "存续", "closed": "注销", "moved": "迁出"}
_INDUSTRIES = {
    ("special_industry", "hotel"): "6110",
    ("entertainment", "ktv"): "9011",
    ("entertainment", "arcade"): "9012",
    ("internet_cafe", None): "9013",
    ("fire_unit", "key"): "5211",
    ("fire_unit", "general"): "5212",
}
_LISTS = {"abnormal": "1", "serious": "2"}


@dataclass(frozen=True, slots=True)
class System:
    """A source system: where it is served, how it knows who asks, how it pages, and its records by key.

    `key` names the field that holds a record's own key.
    """

    name: str
    zh: str
    auth: Auth
    secret: str
    paging: Paging
    key: str
    records: Sequence[Fields]


def systems(entities: Sequence[EntityRow], events: Iterable[RiskEventRow]) -> Mapping[str, System]:
    """The county's systems, by name."""
    found = (
        System(
            "hotel-system",
            "旅馆业治安管理信息系统",
            "bearer",
            "sample-hotel-token",
            "page",
            "lgbm",
            _numbered(_hotel, _of(entities, "special_industry", "hotel"), "HO"),
        ),
        System(
            "entertainment-directory",
            "娱乐场所名录",
            "key",
            "sample-directory-key",
            "cursor",
            "id",
            _numbered(_venue, _of(entities, "entertainment"), "YL"),
        ),
        System(
            "fire-system",
            "消防监督管理系统",
            "basic",
            "sample-fire-password",
            "offset",
            "dwbh",
            _numbered(_fire_unit, _of(entities, "fire_unit"), "XF"),
        ),
        System(
            "cafe-system",
            "网吧安全管理数据库",
            "key",
            "sample-cafe-key",
            "link",
            "cafe_id",
            _numbered(_cafe, _of(entities, "internet_cafe"), "IN"),
        ),
        System(
            "market-register",
            "市场监管登记库",
            "bearer",
            "sample-market-token",
            "none",
            "统一社会信用代码",
            _companies(entities),
        ),
        System(
            "market-lists",
            "经营异常名录和严重违法失信名单",
            "bearer",
            "sample-market-token",
            "none",
            "wh",
            [_listing(event) for event in events if event.kind in _LISTS],
        ),
    )
    return {one.name: one for one in found}


def _of(entities: Iterable[EntityRow], regime: str, subtype: str | None = None) -> list[EntityRow]:
    return [row for row in entities if row.regime == regime and subtype in {None, row.subtype}]


def _numbered(
    form: Callable[[EntityRow, str], Fields], rows: Sequence[EntityRow], letters: str
) -> list[Fields]:
    """Records under the keys that the register files have for them, or under new ones."""
    known = {row.source_key for row in rows}
    free = (f"{letters}{n:05d}" for n in range(1, 10 * len(rows) + 1) if f"{letters}{n:05d}" not in known)
    return [form(row, _own_key(row, letters) or next(free)) for row in rows]


def _own_key(row: EntityRow, letters: str) -> str | None:
    return row.source_key if row.source_key and row.source_key.startswith(letters) else None


def _hotel(row: EntityRow, key: str) -> Fields:
    return {
        "lgbm": key,
        "lgmc": row.name,
        "tyshxydm": row.uscc or "",
        "csxh": row.premises,
        "dz": row.address or "",
        "xzqh": f"{row.region}{row.station}000",
        "frdb": row.legal_rep or "",
        "zadj": _LEVELS[row.level or 1],
        "yyzt": _HOTEL_STATES[row.status],
        "xkzh": row.licence_no or "",
        "xkzyxq": _digits(row.licence_to),
        "djrq": _digits(row.registered_on),
        "zdqy": "Y" if row.key_area else "N",
        "kfs": 20 + len(row.name),
    }


def _venue(row: EntityRow, key: str) -> Fields:
    return {
        "id": key,
        "title": row.name,
        "kind": "song_and_dance" if row.subtype == "ktv" else "games",
        "holder": {"creditCode": row.uscc, "premises": row.premises, "person": row.legal_rep},
        "place": {"region": row.region, "station": row.station, "address": row.address},
        "grade": row.level,
        "state": _DIRECTORY_STATES[row.status],
        "licence": {"no": row.licence_no, "until": _milliseconds(row.licence_to)},
        "since": _milliseconds(row.registered_on),
    }


def _fire_unit(row: EntityRow, key: str) -> Fields:
    return {
        "dwbh": key,
        "dwmc": _with_spaces(row.name),
        "xydm": row.uscc,
        "xh": row.premises,
        "zddw": row.subtype == "key",
        "dwdz": row.address,
        "qx": row.region,
        "pcs": row.station,
        "xfaqzrr": row.legal_rep,
        "zt": _FIRE_STATES[row.status],
        "djsj": _chinese(row.registered_on),
    }


def _cafe(row: EntityRow, key: str) -> Fields:
    return {
        "cafe_id": key,
        "cafe_name": row.name,
        "uscc": row.uscc or "",
        "serial": row.premises,
        "address": row.address or "",
        "area": f"{row.region}{row.station}",
        "owner": row.legal_rep or "",
        "status": _CAFE_STATES[row.status],
        "licence": row.licence_no or "",
        "licence_to": row.licence_to.isoformat() if row.licence_to else "",
        "registered_at": _instant(row.registered_on),
        "seats": 40 + len(row.name),
    }


def _companies(entities: Sequence[EntityRow]) -> list[Fields]:
    """Every holder once; those of which the other systems do not know the code have one here."""
    rng = Random(_SEED)
    codes: dict[tuple[str | None, str | None], str] = {}
    found: dict[str, Fields] = {}
    for row in entities:
        code = row.uscc
        if code is None and (row.regime, row.subtype) in _INDUSTRIES:
            made = made_up_uscc(rng, company=False)
            code = codes.setdefault((row.source, row.source_key), made)
        if code is not None and row.premises == 1:
            found.setdefault(code, _company(row, code))
    return list(found.values())


def _company(row: EntityRow, code: str) -> Fields:
    return {
        "统一社会信用代码": code,
        "名称": f"{row.name}（个体工商户）" if code.startswith("92") else f"{row.name}有限公司",
        "经营场所": row.address or "",
        "登记机关": row.region,
        "法定代表人": row.legal_rep or "",
        "登记状态": _MARKET_STATES[row.status],
        "成立日期": row.registered_on.isoformat() if row.registered_on else "",
        "行业代码": _INDUSTRIES.get((row.regime, row.subtype), "8190"),
    }


def _listing(event: RiskEventRow) -> Fields:
    return {
        "wh": event.source_no,
        "zt": event.entity,
        "mdlx": _LISTS[event.kind],
        "lrrq": event.on.isoformat(),
        "ycrq": event.until.isoformat() if event.until else None,
    }


def _digits(day: date | None) -> str:
    return day.strftime("%Y%m%d") if day else ""


def _chinese(day: date | None) -> str | None:
    return f"{day.year}年{day.month}月{day.day}日" if day else None


def _milliseconds(day: date | None) -> int | None:
    return None if day is None else int(datetime.combine(day, time(), SHANGHAI).timestamp()) * 1000


def _instant(day: date | None) -> str:
    at = datetime.combine(day, time(), SHANGHAI) if day else None
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else ""


def _with_spaces(name: str) -> str:
    """A name as it was typed in once: full-width brackets and a space."""
    return name.replace("（", " (").replace("）", ")")
