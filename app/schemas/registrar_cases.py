"""The registrar's cases 登记部门待办 on the wire."""

from datetime import date
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from app.domain.duties.referring import Decision
from app.schemas.instant import Instant


class CaseRead(BaseModel):
    """What a visit found that the registrar has to look at."""

    id: str
    entity_id: str
    entity: str = Field(description="DR1 entity id")
    name: str
    region: str
    visit_id: str
    item: str
    regime: str
    code: str = Field(description="检查结果代码 (result code)", examples=["04"])
    ends_duty: bool = Field(description="处理之前是否没有频次义务 (it owes nothing until the decision)")
    state: str = Field(examples=["open", "decided", "dropped"])
    opened_on: date
    opened_at: Instant
    decision: Decision | None
    reason: str | None
    decided_by: str | None
    decided_at: Instant | None

    @classmethod
    def of(cls, row: Any) -> Self:  # noqa: ANN401 - a row of the store
        """From a row of the store."""
        return cls.model_validate(row, from_attributes=True)


class DecideCase(BaseModel):
    """What the registrar decides."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"decision": "keep", "reason": "经电话和实地核实，仍在正常营业"}]},
    )

    decision: Decision = Field(
        description="keep 保留 · suspended 停业 · closed 注销 · moved 迁出 (what becomes of the registration)"
    )
    reason: str = Field(min_length=2, max_length=500, description="理由 (why)")
