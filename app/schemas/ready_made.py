"""Ready-made policies on the wire."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from app.schemas.policies import Reason
from app.services.planning.ready_made import Adoption


class ReadyMadeRead(BaseModel):
    """A ready-made policy 现成规则: strata to be adopted for items of one's own."""

    code: str = Field(examples=["credit-classes"])
    version: int
    name: str
    name_en: str
    note: str
    note_en: str
    document: dict[str, Any]

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        """From its document."""
        return cls(
            code=document["code"],
            version=document["version"],
            name=document["name"]["zh"],
            name_en=document["name"]["en"],
            note=document["note"]["zh"],
            note_en=document["note"]["en"],
            document=dict(document),
        )


class ReadyMadeList(BaseModel):
    """Every ready-made policy, of which there are few."""

    items: list[ReadyMadeRead]


class AdoptionWrite(BaseModel):
    """For which items a ready-made policy is adopted, where and from which day on."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "items": ["fire.units"],
                    "region": "410928",
                    "valid_from": "2027-01-01",
                    "reason": "本县对该事项按信用风险分类抽查",
                }
            ]
        },
    )

    items: list[str] = Field(min_length=1, max_length=100, description="抽查事项编码 (codes of items)")
    region: str = Field(description="适用区划 (region in which it holds)")
    valid_from: date = Field(description="自何日起 (first day, from tomorrow on)")
    valid_to: date | None = Field(default=None, description="至何日止，留空为长期 (last day)")
    reason: Reason = Field(description="为何采用 (why)")

    def wanted(self) -> Adoption:
        """What the rules take."""
        return Adoption(**dict(self))
