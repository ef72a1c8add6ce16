"""What lists and exports of the registers are narrowed to, as query parameters."""

from typing import Literal, TypeVar

from pydantic import BaseModel, Field

from app.store.registers.credit_classes import CreditClassFilter
from app.store.registers.entities import EntityFilter
from app.store.registers.lists import InspectorFilter, RecusalFilter, RiskEventFilter, VisitFilter
from app.store.registers.pages import Paging

Regime = Literal["entertainment", "special_industry", "fire_unit", "internet_cafe"]
Status = Literal["operating", "suspended", "closed", "moved"]
Agency = Literal["psb", "fire", "culture", "samr", "health"]
InspectorKind = Literal["officer", "auxiliary"]
Relation = Literal[
    "self",
    "spouse",
    "lineal",
    "collateral",
    "in_law",
    "interest",
    "former_employment",
    "station_officer",
    "other",
]
RiskKind = Literal["complaint", "hazard", "penalty", "fire", "abnormal", "serious"]
VisitKind = Literal["drawn", "complaint", "transfer", "emergency", "campaign", "case", "reinspection"]

Filter = TypeVar(
    "Filter",
    bound=EntityFilter | InspectorFilter | RecusalFilter | RiskEventFilter | VisitFilter | CreditClassFilter,
)


class PageQuery(BaseModel):
    """Which page of a list."""

    limit: int = Field(50, ge=1, le=200, description="每页条数 (rows a page)")
    cursor: str | None = Field(
        None, max_length=500, description="上一页给出的游标 (opaque, from the last page)"
    )
    count: bool = Field(default=False, description="是否给出总数 (say how many there are in all)")

    def paging(self) -> Paging:
        """The page."""
        return Paging(self.limit, self.cursor, self.count)


class ExportQuery(BaseModel):
    """How an export is written."""

    headers: Literal["zh", "en"] = Field("zh", description="表头语言 (language of headers and codes)")


def _filter(kind: type[Filter], query: BaseModel) -> Filter:
    return kind(**{name: getattr(query, name) for name in kind.__slots__})


class EntityQuery(BaseModel):
    """What entities are narrowed to."""

    uscc: str | None = Field(None, description="统一社会信用代码")
    key: str | None = Field(None, description="DR1 检查对象编号 (DR1 entity id)")
    name: str | None = Field(None, min_length=1, description="名称包含 (contained in the name)")
    region: str | None = Field(None, description="行政区划前缀 (prefix of the region)")
    station: str | None = Field(None, description="派出所")
    regime: Regime | None = Field(None, description="监管类别")
    level: int | None = Field(None, ge=1, le=3, description="治安等级")
    status: Status | None = Field(None, description="状态")
    not_seen: bool | None = Field(None, description="全量导入未见 (left out by the latest full import)")

    def where(self) -> EntityFilter:
        """The conditions."""
        return _filter(EntityFilter, self)


class InspectorQuery(BaseModel):
    """What inspectors are narrowed to."""

    agency: Agency | None = Field(None, description="部门")
    kind: InspectorKind | None = Field(None, description="类别")
    station: str | None = Field(None, description="派出所")
    name: str | None = Field(None, min_length=1, description="姓名包含 (contained in the name)")
    lead: bool | None = Field(None, description="主办")
    not_seen: bool | None = Field(None, description="全量导入未见")

    def where(self) -> InspectorFilter:
        """The conditions."""
        return _filter(InspectorFilter, self)


class RecusalQuery(BaseModel):
    """What recusals are narrowed to."""

    inspector: str | None = Field(None, description="检查人员编号")
    entity: str | None = Field(None, description="DR1 检查对象编号")
    relation: Relation | None = Field(None, description="关系")
    not_seen: bool | None = Field(None, description="全量导入未见")

    def where(self) -> RecusalFilter:
        """The conditions."""
        return _filter(RecusalFilter, self)


class RiskEventQuery(BaseModel):
    """What risk events are narrowed to."""

    entity: str | None = Field(None, description="DR1 检查对象编号")
    kind: RiskKind | None = Field(None, description="类别")
    regime: Regime | None = Field(None, description="监管类别")

    def where(self) -> RiskEventFilter:
        """The conditions."""
        return _filter(RiskEventFilter, self)


class VisitQuery(BaseModel):
    """What past visits are narrowed to."""

    entity: str | None = Field(None, description="DR1 检查对象编号")
    item: str | None = Field(None, description="抽查事项")
    kind: VisitKind | None = Field(None, description="类别")

    def where(self) -> VisitFilter:
        """The conditions."""
        return _filter(VisitFilter, self)


class CreditClassQuery(BaseModel):
    """What classes of credit risk are narrowed to."""

    entity: str | None = Field(None, description="DR1 检查对象编号")
    credit_class: Literal["A", "B", "C", "D"] | None = Field(None, description="信用风险类别")

    def where(self) -> CreditClassFilter:
        """The conditions."""
        return _filter(CreditClassFilter, self)


class CreditClassExportQuery(CreditClassQuery, ExportQuery):
    """Which of the classes of credit risk, and how they are written."""


class EntityPageQuery(EntityQuery, PageQuery):
    """Which of the entities, and which page."""


class InspectorPageQuery(InspectorQuery, PageQuery):
    """Which of the inspectors, and which page."""


class RecusalPageQuery(RecusalQuery, PageQuery):
    """Which of the recusals, and which page."""


class RiskEventPageQuery(RiskEventQuery, PageQuery):
    """Which of the risk events, and which page."""


class EntityExportQuery(EntityQuery, ExportQuery):
    """Which of the entities, and how they are written."""


class InspectorExportQuery(InspectorQuery, ExportQuery):
    """Which of the inspectors, and how they are written."""


class RecusalExportQuery(RecusalQuery, ExportQuery):
    """Which of the recusals, and how they are written."""


class RiskEventExportQuery(RiskEventQuery, ExportQuery):
    """Which of the risk events, and how they are written."""


class VisitExportQuery(VisitQuery, ExportQuery):
    """Which of the past visits, and how they are written."""
