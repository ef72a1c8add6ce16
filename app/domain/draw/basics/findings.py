"""What the verifier says when something is not as DR1 has it: the first difference, in plain words."""

import json
from dataclasses import dataclass
from typing import Final

from app.domain.draw.basics.text import Refused

_SHOWN: Final = 120
"""Characters of a value that are shown: a hostile value of 64 KiB must not flood the report."""


_REFUSALS_ZH: Final = {
    "bad-alg": "杂凑算法不是 sha256 或 sm3",
    "bad-amendment": "变更的形式不对",
    "bad-date": "不是日历中的日期",
    "bad-entity-id": "不是合法的检查对象编号",
    "bad-entropy": "随机值类别不对",
    "bad-hex": "不是规定长度的小写十六进制",
    "bad-integer": "不是规定范围内的整数",
    "bad-item": "抽查事项编号不对",
    "bad-json": "不是严格的 JSON",
    "bad-leaf": "不是名录行的叶子",
    "bad-members": "成员缺少或多余",
    "bad-path": "包含路径与树的大小不符",
    "bad-prev": "前一计划的承诺不对",
    "bad-rate": "比例不是 [p, q]",
    "bad-reason": "抽取理由不对",
    "bad-shape": "结构不对",
    "bad-signature": "随机信标的签名不成立",
    "bad-slots": "岗位过多",
    "bad-strata": "分层未按名称排序或有重复",
    "bad-tags": "标签未按字节排序或有重复",
    "bad-token": "不是合法标识",
    "bad-value": "不合规定的格式",
    "bad-version": "版本不是 dr1",
    "duplicate-source": "随机值来源重名",
    "few-outcomes": "随机值可能的结果不足 2^64 种",
    "known-inspector": "借调人员已在名单中",
    "not-drawn": "检查对象未被抽中",
    "note-mismatch": "说明与签数不符",
    "out-of-order": "未按字节排序或有重复",
    "owes-undrawable": "欠检的对象没有签",
    "repeated": "有重复",
    "size-mismatch": "名录行与编号数量不同",
    "started-shrinks": "已开始的检查对象减少",
    "unknown-chain": "不认识的随机信标",
    "unknown-entity": "检查对象不在名录中",
    "unknown-inspector": "检查人员不在名单中",
    "wrong-kind": "随机值不是计划声明的类别",
    "wrong-number": "变更编号不连续",
    "wrong-randomness": "随机值不是签名的 SHA-256",
    "wrong-round": "随机轮次不对",
    "wrong-sources": "随机值来源与计划不符",
    "wrong-strata": "计划的分层与名录行的分层不同",
}


class DifferenceError(ValueError):
    """The first difference between a record and DR1, in Chinese and English; `str()` gives both."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} | {en}")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a record: a file, a line of it (counted from 0, shown from 1), a member of that line."""

    file: str
    row: int | None = None
    member: str = ""

    @property
    def zh(self) -> str:
        """In Chinese."""
        row = "" if self.row is None else f" 第 {self.row + 1} 行"
        return f"{self.file}{row}{' ' if self.member else ''}{self.member}"

    @property
    def en(self) -> str:
        """In English."""
        row = "" if self.row is None else f" line {self.row + 1}"
        return f"{self.file}{row}{' ' if self.member else ''}{self.member}"

    def at(self, row: int) -> "Place":
        """A line of the same file."""
        return Place(self.file, row)

    def of(self, member: str) -> "Place":
        """The same line, one member of it."""
        return Place(self.file, self.row, member)

    def differs(self, *, expected: object, found: object) -> DifferenceError:
        """Found is not what was expected."""
        return DifferenceError(
            f"{self.zh}：应为 {show(expected)}，实为 {show(found)}",
            f"{self.en}: expected {show(expected)}, found {show(found)}",
        )

    def wrong(self, zh: str, en: str) -> DifferenceError:
        """Something else is wrong here."""
        return DifferenceError(f"{self.zh}：{zh}", f"{self.en}: {en}")

    def refused(self, refusal: Refused) -> DifferenceError:
        """DR1 refuses what stands here."""
        return self.wrong(_REFUSALS_ZH.get(refusal.code, "不合 DR1 的规定"), refusal.detail)


def show(value: object) -> str:
    """A value as JSON on one line, shortened, without characters that could disturb a terminal."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    text = "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text[: _SHOWN + 1])
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
