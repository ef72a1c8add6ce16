"""Suspected grounds for recusal on the wire."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from app.schemas.registers import Instant
from app.schemas.registers_query import PageQuery, Relation
from app.services.registers.recusal_candidates import Confirmation
from app.store.registers.suspicions import CandidateFilter

Text = Annotated[str, Field(min_length=1, max_length=500)]
Ground = Literal["same-name", "station-officer"]
CandidateState = Literal["open", "confirmed", "rejected", "lapsed"]


class CandidateRead(BaseModel):
    """A suspected ground for recusal 疑似回避; it excludes nobody before somebody confirms it."""

    model_config = ConfigDict(extra="ignore", from_attributes=True)

    id: str
    inspector: str
    name: str
    ground: Ground = Field(
        description="same-name 与法定代表人同名；station-officer 派驻该所 (same name; posted there)"
    )
    entity: str | None = Field(description="DR1 检查对象编号；管片为 null (null: every premises there)")
    entity_name: str | None
    region: str
    station: str | None
    matched: str = Field(description="相符之处 (what agreed)")
    state: CandidateState
    found_at: Instant
    relation: str | None
    whole: bool = Field(description="整个派出所辖区，含以后新登记的对象 (the whole station, later ones too)")
    decided_by: str | None
    decided_at: Instant | None
    reason: str | None

    @classmethod
    def of(cls, row: Mapping[Any, Any] | object) -> Self:
        """From a row of the store."""
        return cls.model_validate(row)


class ConfirmCandidate(BaseModel):
    """Confirm a suspicion as a recusal."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"relation": "self", "reason": "经核对身份证件为同一人"}]},
    )

    relation: Relation | None = Field(None, description="关系；管片不填 (of a same name: which it is)")
    entities: Annotated[list[Text], Field(min_length=1, max_length=10000)] | None = Field(
        None, description="管片的对象；不填为整个派出所辖区 (of a station: which premises; absent: all)"
    )
    starts_on: date | None = Field(None, alias="from")
    ends_on: date | None = Field(None, alias="to")
    reason: Text

    def found(self) -> Confirmation:
        """What was found out."""
        return Confirmation(**self.model_dump())


class RejectCandidate(BaseModel):
    """Reject a suspicion."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "同名不同人，证件号码不符"}]}
    )

    reason: Text


class SearchRead(BaseModel):
    """What a search has brought."""

    model_config = ConfigDict(from_attributes=True)

    found: int = Field(description="新发现 (new findings)")
    lapsed: int = Field(description="不再成立的 (undecided ones that no longer hold)")


class CandidateQuery(PageQuery):
    """Which suspicions, and which page."""

    inspector: str | None = Field(None, description="检查人员编号")
    entity: str | None = Field(None, description="DR1 检查对象编号")
    ground: Ground | None = Field(None, description="依据")
    state: CandidateState | None = Field(None, description="状态")

    def where(self) -> CandidateFilter:
        """The conditions."""
        return CandidateFilter(
            inspector=self.inspector, entity=self.entity, ground=self.ground, state=self.state
        )
