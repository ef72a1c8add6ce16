"""Dispositions on the wire."""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from app.domain.fieldwork.dispositions import Kind, Terms, checked_late
from app.domain.fieldwork.extensions import State
from app.schemas.instant import Instant

Note = Annotated[str, Field(min_length=1, max_length=2000)]
Amount = Annotated[int, Field(le=10_000_000_000, description="金额，元 (CNY)")]


class DispositionWrite(BaseModel):
    """What follows from a visit 后续处置."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"kind": "order_to_correct", "finding": "f1", "due_on": "2026-12-01"}]
        },
    )

    kind: Kind
    finding: str | None = Field(default=None, max_length=64, description="针对的问题 (ref of the finding)")
    due_on: date | None = Field(default=None, description="期限 (until when)")
    amount_cny: Amount | None = None
    months: int | None = Field(default=None, le=1200, description="停业整顿月数")
    recipient: str | None = Field(default=None, min_length=1, max_length=200, description="移送、抄告的机关")
    case: Literal["administrative", "criminal"] | None = Field(default=None, description="行政或刑事立案")
    done_on: date | None = Field(default=None, description="办结日期 (when it was carried out)")
    note: Note | None = None

    def terms(self) -> Terms:
        """The same as the rules take it."""
        return Terms(**self.model_dump(exclude={"note"}))


class CloseDisposition(BaseModel):
    """Close a disposition; the note stays unless one is given."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"done_on": "2026-12-01"}]})

    done_on: date
    note: Note | None = None

    def changes(self) -> dict[str, Any]:
        """The members that were given."""
        return self.model_dump(exclude_unset=True)


class OpenReinspection(BaseModel):
    """When the re-inspection 复查 takes place; who goes is dealt."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"visit_from": "2026-12-01", "visit_to": "2026-12-03"}]},
    )

    visit_from: date
    visit_to: date


class DispositionRead(BaseModel):
    """A disposition 后续处置 of a visit."""

    id: str
    visit: str
    finding: str | None
    kind: Kind
    due_on: date | None
    amount_cny: int | None
    months: int | None
    recipient: str | None
    case: str | None
    state: Literal["open", "done"]
    done_on: date | None
    note: str | None
    recorded_by: str
    recorded_at: Instant
    reinspection: str | None = Field(description="复查的检查编号 (id of the visit that re-inspects)")
    recheck_by: date | None = Field(
        description="复查期限，含当日；缺该年工作日历时为空 (the last day to check again in time)"
    )
    rechecked_on: date | None = Field(description="复查日 (when it was first checked again)")
    recheck_late: bool = Field(description="逾期复查 (checked again after that day)")
    alarmed_at: Instant | None = Field(description="复查到期提醒时间 (when its alarm was raised)")
    overdue_at: Instant | None = Field(description="复查逾期提醒时间 (when the alarm of its end was raised)")

    @classmethod
    def of(cls, row: Any) -> Self:  # noqa: ANN401 - a stored disposition or a row of one
        """From a stored disposition."""
        return cls(
            visit=row.visit_id,
            finding=row.finding_ref,
            case=row.case_kind,
            reinspection=row.reinspection_visit_id,
            recheck_late=checked_late(row.rechecked_on, row.recheck_by),
            **{name: getattr(row, name) for name in _SAME},
        )


_OWN = {"visit", "finding", "case", "reinspection", "recheck_late"}
_SAME = tuple(name for name in DispositionRead.model_fields if name not in _OWN)


class ReinspectionRead(BaseModel):
    """A re-inspection that was opened; its team sees it as any visit of its own."""

    visit: str
    kind: Literal["reinspection"]
    entries: list[str] = Field(description="只查未通过的检查项 (just the entries that failed)")
    visit_from: date
    visit_to: date

    @classmethod
    def of(cls, visit: Any) -> Self:  # noqa: ANN401 - a stored visit
        """From the visit."""
        return cls(
            visit=visit.id,
            kind="reinspection",
            entries=[entry["id"] for entry in visit.checklist],
            visit_from=visit.visit_from,
            visit_to=visit.visit_to,
        )


class DealRead(BaseModel):
    """How the team of a re-inspection was dealt: with seed and lists anybody gets the same team."""

    visit: str
    at: Instant
    seed: str
    seed_sha256: str
    lists: dict[str, Any]
    team: list[str]


class DealList(BaseModel):
    """The deals of a disposition's re-inspections, in the order opened."""

    items: list[DealRead]


class AskExtension(BaseModel):
    """Ask for a later day 延期."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"due_on": "2026-12-20", "reason": "消防设施改造需要订购设备"}]},
    )

    due_on: date
    reason: str = Field(min_length=2, max_length=500)


class ApproveExtension(BaseModel):
    """Let a later day hold."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"note": "同意延期"}]})

    note: Note | None = None


class DeclineExtension(BaseModel):
    """Let the day stand."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "理由不足"}]})

    reason: str = Field(min_length=2, max_length=500)


class ExtensionRead(BaseModel):
    """A request for a later day, and what became of it."""

    model_config = ConfigDict(from_attributes=True)

    n: int = Field(description="该项处置的第几次申请 (its number among those of the disposition)")
    due_before: date
    due_on: date
    reason: str
    state: State
    asked_by: str
    asked_by_name: str
    asked_at: Instant
    decided_by: str | None
    decided_by_name: str | None
    decided_at: Instant | None
    decision: str | None = Field(description="批准意见或不予批准的理由 (what was said with the decision)")

    @classmethod
    def of(cls, row: object) -> Self:
        """From a stored request."""
        return cls.model_validate(row)


class ExtensionList(BaseModel):
    """Every request of a disposition, in order."""

    items: list[ExtensionRead]
