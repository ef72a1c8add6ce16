"""Classes of credit risk on the wire."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from app.schemas.registers import Instant
from app.schemas.registers_write import Reason

Class = Literal["A", "B", "C", "D"]
Text = Annotated[str, Field(min_length=1, max_length=500)]

_EXAMPLE: dict[str, Any] = {
    "credit_class": "C",
    "on": "2026-10-01",
    "until": "2027-09-30",
    "source": "市场监督管理局",
    "basis": "2026年第三季度企业信用风险分类结果",
}


class CreditClassWrite(BaseModel):
    """A class that an authority gave to the holder of the entity in the path."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    credit_class: Class = Field(description="信用风险类别：A 低、B 一般、C 较高、D 高 (the class)")
    on: date = Field(description="评定日期 (the day on which it was given)")
    until: date | None = Field(default=None, description="有效期至，留空至下次评定 (last day)")
    source: Text = Field(description="来源，谁评定的 (who gave it)")
    basis: Text = Field(description="依据 (on which basis)")

    def members(self) -> dict[str, Any]:
        """The fields that were given."""
        return self.model_dump(exclude_unset=True)


class CreditClassCorrection(BaseModel):
    """What a class should have said from the beginning; what is not given was right."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"credit_class": "D", "reason": "录入有误"}]}
    )

    credit_class: Class | None = None
    on: date | None = None
    until: date | None = None
    source: Text | None = None
    basis: Text | None = None
    reason: Reason

    def members(self) -> dict[str, Any]:
        """The fields that were given, without the reason."""
        return self.model_dump(exclude_unset=True, exclude={"reason"})


class CreditClassRead(BaseModel):
    """A class of credit risk 信用风险分类; a withdrawn one counts for nothing."""

    model_config = ConfigDict(extra="ignore")

    id: str
    entity: str
    credit_class: str
    on: date
    until: date | None
    source: str
    basis: str
    withdrawn_at: Instant | None
    withdrawn_because: str | None
    not_seen_since: Instant | None

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Self:
        """From a record of the store."""
        return cls.model_validate(record)
