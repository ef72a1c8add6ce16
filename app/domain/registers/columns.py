"""The columns of the six registers as data: headers in English and Chinese, types, codes, defaults.

A code is written in a file either as its value (`special_industry`) or as its Chinese label (特种行业).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from types import MappingProxyType

from app.domain.fieldwork import codes as result_codes


class ColumnType(StrEnum):
    """How a cell is read; the plural ones are lists separated by `;` or `；`."""

    TEXT = auto()
    TOKEN = auto()
    TOKENS = auto()
    INTEGER = auto()
    BOOLEAN = auto()
    DATE = auto()
    CODE = auto()
    CODES = auto()
    USCC = auto()
    REGION = auto()
    STATION = auto()
    PLACES = auto()
    ENTITY = auto()


@dataclass(frozen=True, slots=True)
class Code:
    """One permitted value of a coded column and its Chinese label."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a register file.

    `default` is written as it would stand in a file. `minimum` and `maximum` bound integers. `aliases` are
    further Chinese headers that mean this column. `attribute` names the record's field where the header is no
    good name. `past` marks the day of something that has happened when it is registered.
    """

    name: str
    zh: str
    type: ColumnType = ColumnType.TEXT
    required: bool = False
    codes: tuple[Code, ...] = ()
    default: str | None = None
    minimum: int = 0
    maximum: int = 0
    aliases: tuple[str, ...] = ()
    attribute: str = ""
    past: bool = False

    @property
    def field(self) -> str:
        """The name of the record's field that this column fills."""
        return self.attribute or self.name


def _codes(text: str) -> tuple[Code, ...]:
    """Read a compact table `value label · value label`."""
    return tuple(Code(*pair.split()) for pair in text.split("·"))


REGIMES = _codes(
    "entertainment 娱乐场所 · special_industry 特种行业 · fire_unit 消防单位 · internet_cafe 网吧"
)
"""Regimes 监管类别."""

_SUBTYPES_BY_REGIME = {
    "entertainment": _codes("ktv 歌舞 · arcade 游艺"),
    "special_industry": _codes(
        "hotel 旅馆 · pawn 典当 · seal 公章刻制 · scrap 废旧金属收购 · repair 机动车修理"
    ),
    "fire_unit": _codes("key 重点单位 · general 一般单位"),
    "internet_cafe": (),
}
SUBTYPES: Mapping[str, tuple[Code, ...]] = MappingProxyType(_SUBTYPES_BY_REGIME)
"""Subtypes 行业细类 by regime; a subtype of another regime is refused."""

STATUSES = _codes("operating 营业 · suspended 停业 · closed 注销 · moved 迁出")
AGENCIES = _codes("psb 公安 · fire 消防救援 · culture 文化 · samr 市场监管 · health 卫健")
INSPECTOR_KINDS = _codes("officer 执法人员 · auxiliary 辅助人员")
RELATIONS = _codes(
    "self 本人 · spouse 配偶 · lineal 直系 · collateral 三代以内旁系 · in_law 近姻亲 · interest 利害关系 · "
    "former_employment 曾任职 · station_officer 管片 · other 其他"
)
RISK_KINDS = _codes(
    "complaint 投诉举报 · hazard 重大隐患 · penalty 行政处罚 · fire 火灾 · "
    "abnormal 经营异常 · serious 严重违法"
)
CREDIT_CLASSES = _codes("A 信用风险低 · B 信用风险一般 · C 信用风险较高 · D 信用风险高")
"""Classes of credit risk 信用风险分类, the mildest first."""

VISIT_KINDS = _codes(
    "drawn 双随机 · complaint 投诉举报核查 · transfer 转办交办 · emergency 突发事件 · "
    "campaign 专项行动 · case 案件调查 · reinspection 复查"
)
RESULT_CODES = tuple(Code(one.code, one.zh) for one in result_codes.RESULT_CODES.values())
"""Inspection result codes 检查结果; several may hold for one visit."""

_T = ColumnType
_ENTITY_ZH = "统一社会信用代码或来源:编号"


def _entity_column() -> Column:
    return Column("entity", _ENTITY_ZH, _T.ENTITY, required=True, aliases=("检查对象", "统一社会信用代码"))


ENTITY_COLUMNS = (
    Column("uscc", "统一社会信用代码", _T.USCC),
    Column("premises", "场所序号", _T.INTEGER, default="1", minimum=1, maximum=9999),
    Column("source", "来源系统", _T.TOKEN),
    Column("source_key", "来源编号"),
    Column("name", "名称", required=True),
    Column("regime", "监管类别", _T.CODE, required=True, codes=REGIMES),
    Column("subtype", "行业细类", _T.CODE, codes=tuple(c for codes in SUBTYPES.values() for c in codes)),
    Column("level", "治安等级", _T.INTEGER, minimum=1, maximum=3),
    Column("status", "状态", _T.CODE, codes=STATUSES, default="operating"),
    Column("address", "地址"),
    Column("region", "行政区划", _T.REGION, required=True),
    Column("station", "派出所", _T.STATION),
    Column("legal_rep", "法定代表人"),
    Column("licence_no", "许可证号"),
    Column("licence_to", "有效期至", _T.DATE),
    Column("registered_on", "登记日期", _T.DATE, past=True),
    Column("key_area", "重点区域", _T.BOOLEAN, default="false"),
)

INSPECTOR_COLUMNS = (
    Column("code", "编号", _T.TOKEN, required=True),
    Column("name", "姓名", required=True),
    Column("certificate_no", "执法证号", required=True),
    Column("certificate_to", "有效期至", _T.DATE, required=True),
    Column("kind", "类别", _T.CODE, codes=INSPECTOR_KINDS, default="officer"),
    Column("agency", "部门", _T.CODE, required=True, codes=AGENCIES),
    Column("unit", "单位"),
    Column("station", "派出所", _T.STATION),
    Column("lead", "主办", _T.BOOLEAN, default="false"),
    Column("regimes", "业务资格", _T.CODES, codes=REGIMES),
    Column("districts", "执法区域", _T.PLACES),
    Column("cap", "每次上限", _T.INTEGER, default="10", maximum=999),
    Column("training_to", "培训有效期至", _T.DATE),
)

RECUSAL_COLUMNS = (
    Column("inspector", "编号", _T.TOKEN, required=True, aliases=("检查人员编号",)),
    _entity_column(),
    Column("relation", "关系", _T.CODE, required=True, codes=RELATIONS),
    Column("from", "起", _T.DATE, attribute="starts_on"),
    Column("to", "止", _T.DATE, attribute="ends_on"),
)

RISK_EVENT_COLUMNS = (
    _entity_column(),
    Column("regime", "监管类别", _T.CODE, codes=REGIMES),
    Column("kind", "类别", _T.CODE, required=True, codes=RISK_KINDS),
    Column("on", "日期", _T.DATE, required=True, past=True),
    Column("substantiated", "属实", _T.BOOLEAN),
    Column("remedied_on", "整改日期", _T.DATE, past=True),
    Column("until", "移出日期", _T.DATE),
    Column("source_no", "文号"),
)

VISIT_COLUMNS = (
    _entity_column(),
    Column("item", "抽查事项", _T.TOKEN, required=True, aliases=("事项",)),
    Column("on", "日期", _T.DATE, required=True, past=True),
    Column("kind", "类别", _T.CODE, required=True, codes=VISIT_KINDS, aliases=("检查类别",)),
    Column("agency", "部门", _T.CODE, required=True, codes=AGENCIES),
    Column("codes", "结果代码", _T.CODES, required=True, codes=RESULT_CODES),
    Column("inspectors", "编号", _T.TOKENS, aliases=("检查人员编号",)),
)

CREDIT_CLASS_COLUMNS = (
    _entity_column(),
    Column("credit_class", "信用风险类别", _T.CODE, required=True, codes=CREDIT_CLASSES, aliases=("类别",)),
    Column("on", "评定日期", _T.DATE, required=True, aliases=("日期",), past=True),
    Column("until", "有效期至", _T.DATE),
    Column("source", "来源", required=True, aliases=("评定单位",)),
    Column("basis", "依据", required=True),
)
