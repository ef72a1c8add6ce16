"""Result codes 检查结果 and which of them exclude each other; several may hold for one visit.

Which of them count for a duty is the policy's to say (`counting` in its document), not this table's.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Sort(StrEnum):
    """What a code says of a visit."""

    CLEAN = "clean"
    VIOLATION = "violation"
    NOT_INSPECTED = "not_inspected"


@dataclass(frozen=True, slots=True)
class ResultCode:
    """One code with its names."""

    code: str
    zh: str
    en: str
    sort: Sort


_CLEAN, _VIOLATION, _NOT_INSPECTED = Sort.CLEAN, Sort.VIOLATION, Sort.NOT_INSPECTED
RESULT_CODES: Final = MappingProxyType(
    {
        one.code: one
        for one in (
            ResultCode("01", "未发现问题", "nothing found", _CLEAN),
            ResultCode("02", "未按规定公示应当公示的信息", "required disclosures not made", _VIOLATION),
            ResultCode("03", "公示信息隐瞒真实情况弄虚作假", "disclosures conceal or falsify", _VIOLATION),
            ResultCode(
                "04",
                "通过登记的住所（经营场所）无法联系",
                "out of reach at the registered premises",
                _NOT_INSPECTED,
            ),
            ResultCode("05", "发现问题已责令改正", "problems found, ordered to correct", _VIOLATION),
            ResultCode("06", "不配合检查情节严重", "seriously obstructed the inspection", _VIOLATION),
            ResultCode(
                "07",
                "未发现开展本次抽查涉及的经营活动",
                "does not carry on the business inspected",
                _NOT_INSPECTED,
            ),
            ResultCode("08", "发现问题待后续处理", "problems found, to be dealt with", _VIOLATION),
            ResultCode("11", "停业或清算", "out of business or in liquidation", _NOT_INSPECTED),
            ResultCode("12", "注销", "deregistered", _NOT_INSPECTED),
            ResultCode("13", "被吊销", "licence revoked", _NOT_INSPECTED),
            ResultCode("14", "被撤销", "registration rescinded", _NOT_INSPECTED),
            ResultCode("15", "迁出", "moved away", _NOT_INSPECTED),
            ResultCode("21", "违反公安管理规定", "breach of public security rules", _VIOLATION),
            ResultCode("22", "违反消防管理规定", "breach of fire safety rules", _VIOLATION),
            ResultCode("23", "违反其他规定", "breach of other rules", _VIOLATION),
        )
    }
)
"""Every code, in order; 04, 07 and 11 to 15 say why there was nothing to inspect."""

CLEAN: Final = "01"
ATTEMPT: Final = "04"
OBSTRUCTED: Final = "06"
VIOLATIONS: Final = frozenset(c.code for c in RESULT_CODES.values() if c.sort is Sort.VIOLATION)
NOT_INSPECTED: Final = frozenset(c.code for c in RESULT_CODES.values() if c.sort is Sort.NOT_INSPECTED)


def conflict(codes: Collection[str]) -> bool:
    """Tell whether codes exclude each other.

    01 stands alone; who could not be inspected cannot have been found in violation.
    """
    held = set(codes)
    alone = CLEAN in held and len(held) > 1
    return alone or not (held.isdisjoint(NOT_INSPECTED) or held.isdisjoint(VIOLATIONS))
