"""Requests for recusal on the wire."""

from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from app.domain.recusing import By, Decision
from app.schemas.instant import Instant
from app.schemas.registers_query import Relation
from app.services.drawing.recusing import Asked, Receipt

Reason = Annotated[str, Field(min_length=1, max_length=500)]


class AskRecusal(BaseModel):
    """Ask for a recusal 回避: for yourself, or for the party that told you so at the visit."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"by": "officer", "relation": "in_law", "reason": "经营者为本人妻弟"}]
        },
    )

    by: By = By.OFFICER
    inspector: Annotated[str, Field(max_length=64)] | None = Field(
        default=None, description="被申请回避的检查人员编号；本人申请可不填 (left out: yourself)"
    )
    relation: Relation = "other"
    reason: Reason

    def asked(self) -> Asked:
        """The same for the use case."""
        return Asked(by=self.by, inspector=self.inspector, relation=self.relation, reason=self.reason)


class AskAsParty(BaseModel):
    """What the inspected party asks, with the code that the officers show at the door."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "code": "7K3M-Q9TX",
                    "certificate_no": "豫J0928001",
                    "relation": "interest",
                    "reason": "该检查人员的配偶经营同类场所",
                }
            ]
        },
    )

    code: str = Field(max_length=40, description="检查码 (the code at the door)")
    certificate_no: str = Field(max_length=80, description="检查人员的执法证号 (the officer's certificate)")
    relation: Relation = "other"
    reason: Reason

    def asked(self) -> Asked:
        """The same for the use case."""
        return Asked(by=By.PARTY, inspector=None, relation=self.relation, reason=self.reason)


class DecideRecusal(BaseModel):
    """The reason of a decision."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "经核实，系近姻亲，应当回避"}]}
    )

    reason: Reason


class RecusalRequestRead(BaseModel):
    """A request for recusal 回避申请 and its decision."""

    id: str
    visit_id: str
    draw_id: str | None
    region: str
    inspector: str
    by: By
    relation: str
    reason: str
    requested_at: Instant
    decide_by: date | None = Field(description="决定期限 (the last day for the decision)")
    state: Decision
    decision: str | None = Field(description="决定理由 (why it was decided so)")
    decided_at: Instant | None
    amendment_n: int | None = Field(description="随之记载的变更 (the amendment of the draw that followed)")
    alarmed_at: Instant | None
    overdue_at: Instant | None

    @classmethod
    def of(cls, row: object) -> Self:
        """From a stored request or a row of one."""
        return cls.model_validate(row, from_attributes=True)


class RecusalReceipt(BaseModel):
    """That a party's request was received: keep the receipt, it finds the decision."""

    receipt: str
    decide_by: date | None

    @classmethod
    def of(cls, given: Receipt) -> Self:
        """The code in groups of four, as people read it out."""
        return cls(receipt=f"{given.code[:4]}-{given.code[4:]}", decide_by=given.request.decide_by)


class RecusalAnswer(BaseModel):
    """What a party finds by its receipt."""

    state: Decision
    requested_at: Instant
    decide_by: date | None
    decided_at: Instant | None
    decision: str | None

    @classmethod
    def of(cls, row: object) -> Self:
        """From a row of a request."""
        return cls.model_validate(row, from_attributes=True)
