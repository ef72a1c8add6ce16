"""Dispositions on the wire."""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from app.domain.fieldwork.dispositions import Kind, Terms
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

    @classmethod
    def of(cls, row: Any) -> Self:  # noqa: ANN401 - a stored disposition or a row of one
        """From a stored disposition."""
        return cls(
            visit=row.visit_id,
            finding=row.finding_ref,
            case=row.case_kind,
            reinspection=row.reinspection_visit_id,
            **{name: getattr(row, name) for name in _SAME},
        )


_SAME = tuple(
    name for name in DispositionRead.model_fields if name not in {"visit", "finding", "case", "reinspection"}
)


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
