"""The county's premises and their registrations."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from app.domain.registers import EntityRow
from samples.county.holders import made_up_uscc
from samples.county.words import REGION, STATIONS, address, firm, person


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of premises: its share of all, what it is called, and in which regimes it is registered besides.

    `source` names the system that the roster comes from; some of its premises have no USCC.
    """

    regime: str
    subtype: str | None
    per_thousand: int
    endings: tuple[str, ...]
    licence: str = ""
    also_fire: float = 0.0
    also_ktv: float = 0.0
    source: str = ""


_HOTEL = ("宾馆", "旅馆", "快捷酒店", "客栈", "大酒店")
_GENERAL = (
    "超市",
    "饭店",
    "面粉厂",
    "服装厂",
    "幼儿园",
    "药房",
    "洗浴中心",
    "家具城",
    "培训学校",
    "物流仓库",
    "影楼",
)

KINDS = (
    Kind("special_industry", "hotel", 140, _HOTEL, "特", also_fire=0.6, also_ktv=0.04, source="hotel-system"),
    Kind("special_industry", "pawn", 14, ("典当行",), "典"),
    Kind("special_industry", "seal", 18, ("印章社", "刻章部"), "印"),
    Kind("special_industry", "scrap", 58, ("废旧物资回收站", "再生资源站"), source="county-list"),
    Kind("special_industry", "repair", 132, ("汽车修理厂", "汽修服务部", "摩托修理铺"), source="county-list"),
    Kind("entertainment", "ktv", 54, ("歌舞厅", "量贩歌城", "音乐会所"), "娱", also_fire=0.8),
    Kind("entertainment", "arcade", 22, ("电玩城", "游艺厅"), "娱", also_fire=0.6),
    Kind("internet_cafe", None, 60, ("网吧", "网咖", "电竞馆"), "网", also_fire=0.5, source="cafe-system"),
    Kind("fire_unit", "key", 58, ("商场", "医院", "养老院", "影城", "批发市场", "客运站")),
    Kind("fire_unit", "general", 444, _GENERAL),
)

_STATION_WEIGHTS = (22, 16, 12, 9, 8, 7, 6, 5, 5, 4, 3, 3)
_NO_USCC = 0.2
_NEXT_PREMISES = 0.03
_STATUSES, _STATUS_WEIGHTS = ("operating", "suspended", "closed", "moved"), (910, 40, 30, 20)


def make_entities(rng: Random, *, count: int, today: date) -> list[EntityRow]:
    """Make about `count` premises, each with one to three registrations."""
    rows: list[EntityRow] = []
    for kind in KINDS:
        first_of_kind = len(rows)
        for number in range(round(count * kind.per_thousand / 1000)):
            siblings = [row for row in rows[first_of_kind:] if row.uscc and row.regime == kind.regime]
            premises = _premises(rng, kind, number=number, today=today)
            if siblings and rng.random() < _NEXT_PREMISES:
                premises = _of_same_holder(premises, rng.choice(siblings), siblings)
            rows += _registrations(rng, kind, premises)
    return rows


def _premises(rng: Random, kind: Kind, *, number: int, today: date) -> EntityRow:
    station = rng.choices(tuple(STATIONS), _STATION_WEIGHTS)[0]
    registered = today - timedelta(days=rng.randint(90, 6000))
    no_uscc = bool(kind.source) and rng.random() < _NO_USCC
    graded = kind.regime in {"entertainment", "special_industry"}
    return EntityRow(
        uscc=None
        if no_uscc
        else made_up_uscc(rng, company=kind.subtype in {"key", "pawn"} or rng.random() < 0.5),
        premises=1,
        source=kind.source or None,
        source_key=f"{(kind.subtype or kind.regime)[:2].upper()}{number + 1:05d}" if kind.source else None,
        name=firm(rng, rng.choice(kind.endings)),
        regime=kind.regime,
        subtype=kind.subtype,
        level=rng.choices((1, 2, 3), (60, 28, 12))[0] if graded else None,
        status=rng.choices(_STATUSES, _STATUS_WEIGHTS)[0],
        address=address(rng, station),
        region=REGION,
        station=station,
        legal_rep=person(rng),
        licence_no=f"{kind.licence}〔{registered.year}〕{rng.randint(1, 999):03d}号"
        if kind.licence
        else None,
        licence_to=today + timedelta(days=rng.randint(-60, 1800)) if kind.licence else None,
        registered_on=registered,
        key_area=rng.random() < (0.3 if station in {"001", "002"} else 0.06),
    )


def _of_same_holder(premises: EntityRow, sibling: EntityRow, siblings: list[EntityRow]) -> EntityRow:
    taken = max(row.premises for row in siblings if row.uscc == sibling.uscc)
    name = sibling.name.partition("（")[0]
    town = STATIONS[premises.station or "001"]
    return replace(
        premises,
        uscc=sibling.uscc,
        premises=taken + 1,
        name=f"{name}（{town}店）",
        legal_rep=sibling.legal_rep,
    )


def _registrations(rng: Random, kind: Kind, premises: EntityRow) -> Iterator[EntityRow]:
    yield premises
    if rng.random() < kind.also_ktv:
        yield replace(
            premises,
            regime="entertainment",
            subtype="ktv",
            level=rng.choice((1, 2)),
            status=_fewer(rng, premises),
        )
    if rng.random() < kind.also_fire:
        subtype = "key" if rng.random() < 0.15 else "general"
        yield replace(
            premises, regime="fire_unit", subtype=subtype, level=None, licence_no=None, licence_to=None
        )


def _fewer(rng: Random, premises: EntityRow) -> str:
    """A hotel that goes on may have stopped its singing rooms."""
    return "suspended" if premises.status == "operating" and rng.random() < 0.1 else premises.status
