"""Appeals on the wire."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field

from app.domain.appeals.appeal import Capacity, Outcome, State
from app.schemas.instant import Instant
from app.services.appeals.filing import Filing, Receipt

Words = Annotated[str, Field(min_length=2, max_length=4000)]


class FileAppeal(BaseModel):
    """An appeal 申诉 against a published result; name, contact and grounds are encrypted, never public."""

    model_config = ConfigDict(
        extra="forbid",
        str_strip_whitespace=True,
        json_schema_extra={
            "examples": [
                {
                    "result": "0199d1c2-0000-7000-8000-000000000000",
                    "capacity": "party",
                    "name": "样例大酒店",
                    "contact": "前台转负责人",
                    "grounds": "第2项问题已当场改正，公示内容与现场笔录不符",
                }
            ]
        },
    )

    result: str = Field(
        min_length=1,
        max_length=64,
        description="公示结果编号 (id of a result, as GET /v1/public/results gives)",
    )
    capacity: Capacity = Field(
        default=Capacity.PARTY,
        description="申诉人身份：party 被检查人，concerned 利害关系人 (the inspected party, or another)",
    )
    name: str = Field(min_length=1, max_length=100, description="申诉人 (who appeals)")
    contact: str = Field(min_length=3, max_length=200, description="联系方式 (how to reach them)")
    grounds: Words = Field(description="申诉理由 (why)")

    def filing(self) -> Filing:
        """The same for the use case."""
        return Filing(
            result=self.result,
            capacity=self.capacity,
            name=self.name,
            contact=self.contact,
            grounds=self.grounds,
        )


class AppealReceipt(BaseModel):
    """That an appeal was received: the receipt is shown this once, and finds the decision."""

    receipt: str = Field(examples=["7K3M-Q9TX-2B4D-HJ6P"])
    filed_at: Instant
    due_on: date | None = Field(description="决定期限 (the last day for the decision)")

    @classmethod
    def of(cls, given: Receipt) -> Self:
        """From what was filed."""
        return cls(receipt=given.code, filed_at=given.appeal.filed_at, due_on=given.appeal.due_on)


class AppealAnswer(BaseModel):
    """What is found by a receipt."""

    state: State
    filed_at: Instant
    due_on: date | None
    accepted_at: Instant | None
    decided_at: Instant | None
    outcome: Outcome | None = Field(description="决定：upheld 成立，partly 部分成立，rejected 不成立")
    decision: str | None = Field(description="决定书正文 (what was decided, and why)")

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Self:
        """From a record of the service."""
        return cls.model_validate({name: record[name] for name in cls.model_fields})


class ProposeAppeal(BaseModel):
    """What the handler proposes 办理意见."""

    model_config = ConfigDict(
        extra="forbid",
        str_strip_whitespace=True,
        json_schema_extra={
            "examples": [{"outcome": "upheld", "reasons": "经核对现场笔录，该问题已当场改正，公示有误"}]
        },
    )

    outcome: Outcome
    reasons: Words


class DecideAppeal(BaseModel):
    """The decision 决定, which the appellant reads by the receipt."""

    model_config = ConfigDict(
        extra="forbid",
        str_strip_whitespace=True,
        json_schema_extra={
            "examples": [{"outcome": "upheld", "decision": "申诉成立。由检查机关更正公示内容后重新公开。"}]
        },
    )

    outcome: Outcome
    decision: Words


class AppealRead(BaseModel):
    """Where an appeal stands, without what anybody wrote."""

    id: str
    result: str = Field(description="公示结果编号 (the result, its visit's id)")
    version: int = Field(description="申诉时公开的版本 (the version that was public when it was filed)")
    region: str
    entity_name: str
    capacity: Capacity
    state: State
    filed_at: Instant
    due_on: date | None = Field(
        description="决定期限，缺工作日历时为空 (the last day to decide; null while a calendar is missing)"
    )
    overdue: bool
    handler: str | None
    handler_name: str | None
    accepted_at: Instant | None
    proposal: Outcome | None
    proposed_at: Instant | None
    decider: str | None
    decider_name: str | None
    outcome: Outcome | None
    decided_at: Instant | None
    alarmed_at: Instant | None
    overdue_at: Instant | None

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Self:
        """From a record of the service."""
        return cls.model_validate({name: record.get(name) for name in cls.model_fields})


class AppealWhole(AppealRead):
    """One appeal with what people wrote; each view is logged."""

    name: str
    contact: str
    grounds: str
    reasons: str | None = Field(description="办理意见的理由 (why the handler proposes so)")
    decision: str | None
