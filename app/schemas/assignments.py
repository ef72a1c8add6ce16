"""Assignments of inspectors to other regions, on the wire."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from app.schemas.registers import Instant
from app.schemas.registers_query import PageQuery
from app.services.registers.assignments import Wanted
from app.store.registers.assignments import AssignmentFilter

Text = Annotated[str, Field(min_length=1, max_length=500)]
AssignmentState = Literal["requested", "approved", "rejected"]


class AssignmentRead(BaseModel):
    """An inspector lent to a region 异地检查, both days included."""

    model_config = ConfigDict(extra="ignore", from_attributes=True, serialize_by_alias=True)

    id: str
    inspector: str
    name: str
    home: str = Field(description="人员登记的行政区划 (the region that lends)")
    region: str = Field(description="调往的行政区划 (the region that borrows)")
    starts_on: date = Field(serialization_alias="from")
    ends_on: date = Field(serialization_alias="to")
    document_no: str
    reason: str
    state: AssignmentState
    requested_by: str
    requested_at: Instant
    decided_by: str | None
    decided_at: Instant | None
    decided_because: str | None
    ended_on: date | None = Field(description="提前结束的最后一日 (the last day, if it ended early)")
    ended_by: str | None
    ended_at: Instant | None
    ended_because: str | None

    @classmethod
    def of(cls, row: Mapping[Any, Any] | object) -> Self:
        """From a row of the store."""
        return cls.model_validate(row)


class AssignmentWrite(BaseModel):
    """Ask that an inspector be lent to a region."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "inspector": "g468f5q",
                    "region": "410922",
                    "from": "2026-11-09",
                    "to": "2026-11-30",
                    "document_no": "濮公调〔2026〕17号",
                    "reason": "邻县专业人员不足，异地检查",
                }
            ]
        },
    )

    inspector: Text
    region: Text = Field(description="行政区划 2、4 或 6 位 (GB/T 2260)")
    starts_on: date = Field(alias="from")
    ends_on: date = Field(alias="to")
    document_no: Text
    reason: Text

    def wanted(self) -> Wanted:
        """What is asked for."""
        return Wanted(**self.model_dump())


class RejectAssignment(BaseModel):
    """Why an assignment is rejected."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "本单位同期任务已满"}]}
    )

    reason: Text


class EndAssignment(BaseModel):
    """End an assignment early."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"on": "2026-11-20", "reason": "任务提前完成"}]}
    )

    on: date = Field(description="最后一日 (the last day)")
    reason: Text


class AssignmentQuery(PageQuery):
    """Which assignments, and which page."""

    inspector: str | None = Field(None, description="检查人员编号")
    region: str | None = Field(None, description="调往的行政区划 (where to)")
    state: AssignmentState | None = Field(None, description="状态")
    on: date | None = Field(None, description="当日有效 (in force on that day)")

    def where(self) -> AssignmentFilter:
        """The conditions."""
        return AssignmentFilter(inspector=self.inspector, region=self.region, state=self.state, on=self.on)
