"""What kept inspectors out of a draw, on the wire."""

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import BaseModel, Field

from app.domain.exclusions import RECUSAL
from app.messages import text
from app.services.drawing.excluding import ExclusionFilter

ExclusionKind = Literal["officer", "cap", "recusal", "rotation", "rotation-gave-way"]


class KeptExclusion(BaseModel):
    """One exclusion 排除: an officer left out, a lower cap, or a pair that is kept apart."""

    kind: ExclusionKind
    inspector: str
    entity: str | None = Field(description="DR1 检查对象编号；仅回避和轮换 (recusals and rotation only)")
    reason: str = Field(examples=["certificate-expired"])
    message: str
    message_en: str
    registered: int | None = Field(description="登记的每次上限 (the register's cap)")
    taken: int | None = Field(description="本周期已承担的抽查 (drawn visits in the period)")
    cap: int | None = Field(description="本次上限 (the cap in this draw)")

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """From a row as it was kept."""
        return cls(**row, message=_words(row, "zh"), message_en=_words(row, "en"))


def _words(row: Mapping[str, Any], lang: str) -> str:
    if row["kind"] == RECUSAL:
        return text("excluded.recusal", lang, relation=text(f"relation.{row['reason']}", lang))
    return text(f"excluded.{row['reason']}", lang, **row)


class ExclusionQuery(BaseModel):
    """Which exclusions, and which page."""

    kind: ExclusionKind | None = Field(None, description="类别")
    inspector: str | None = Field(None, description="检查人员编号")
    entity: str | None = Field(None, description="DR1 检查对象编号")
    reason: str | None = Field(None, description="原因")
    limit: int = Field(50, ge=1, le=200, description="每页条数 (rows a page)")
    cursor: str | None = Field(
        None, max_length=500, description="上一页给出的游标 (opaque, from the last page)"
    )
    count: bool = Field(default=False, description="是否给出总数 (say how many there are in all)")

    def where(self) -> ExclusionFilter:
        """The conditions."""
        return ExclusionFilter(
            kind=self.kind, inspector=self.inspector, entity=self.entity, reason=self.reason
        )
