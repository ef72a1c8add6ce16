"""Reminders and alerts about inspectors on the wire."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from app.schemas.registers import Instant
from app.schemas.registers_query import PageQuery
from app.store.registers.reminders import ReminderFilter

ReminderKind = Literal["certificate", "training", "qualification", "assignment"]


class ReminderRead(BaseModel):
    """A reminder 到期提醒 of something that runs out after its last day."""

    model_config = ConfigDict(extra="ignore", from_attributes=True)

    id: str
    inspector: str
    name: str
    region: str
    kind: ReminderKind
    label: str | None = Field(description="监管类别或调往的行政区划 (regime, or region lent to)")
    runs_out_on: date
    stage: str = Field(
        description="提前天数；past 为已到期 (days before; past: it has run out)", examples=["30"]
    )
    raised_at: Instant
    settled_at: Instant | None = Field(
        description="不再成立之时，如已换证或已有更近的提醒 (renewed, or a later reminder took its place)"
    )

    @classmethod
    def of(cls, row: Mapping[Any, Any] | object) -> Self:
        """From a row of the store."""
        return cls.model_validate(row)


class ReminderQuery(PageQuery):
    """Which reminders, and which page."""

    inspector: str | None = Field(None, description="检查人员编号")
    kind: ReminderKind | None = Field(None, description="类别")
    before: date | None = Field(None, description="在此日之前到期 (runs out before that day)")
    settled: bool | None = Field(False, description="是否已不再成立 (default: what stands)")

    def where(self) -> ReminderFilter:
        """The conditions."""
        return ReminderFilter(
            inspector=self.inspector, kind=self.kind, before=self.before, settled=self.settled
        )


class KinAlertRead(BaseModel):
    """A declared relative of an officer at an entertainment venue (《娱乐场所管理条例》第四条)."""

    model_config = ConfigDict(extra="ignore", from_attributes=True)

    id: str
    inspector: str
    name: str
    entity: str
    entity_name: str
    region: str
    relation: str
    raised_at: Instant
    seen_by: str | None
    seen_at: Instant | None
    note: str | None

    @classmethod
    def of(cls, row: Mapping[Any, Any] | object) -> Self:
        """From a row of the store."""
        return cls.model_validate(row)


class KinAlertQuery(PageQuery):
    """Which alerts, and which page."""

    seen: bool | None = Field(None, description="是否已处理 (acknowledged)")


class AcknowledgeAlert(BaseModel):
    """What is done about an alert."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"note": "已移交纪检部门核查"}]}
    )

    note: Annotated[str, Field(min_length=1, max_length=500)]
