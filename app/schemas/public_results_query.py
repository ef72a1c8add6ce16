"""What published results and statistics are narrowed to, as query parameters."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.schemas.registers_query import PageQuery
from app.store.results.public import ResultFilter
from app.store.results.public_standings import Counted

Text = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]+$")]
"""Text that both databases take: PostgreSQL knows no NUL."""
RegionPrefix = Annotated[str, Field(pattern=r"^\d{2,12}$")]


class ResultQuery(BaseModel):
    """What published results are narrowed to."""

    model_config = ConfigDict(populate_by_name=True)

    name: Text | None = Field(None, description="名称包含 (contained in the name)")
    uscc: Text | None = Field(None, description="统一社会信用代码")
    entity: Text | None = Field(None, description="DR1 检查对象编号 (DR1 entity id of one premises)")
    region: RegionPrefix | None = Field(None, description="行政区划前缀 (a region prefix)")
    item: Text | None = Field(None, description="抽查事项编码 (code of the item)")
    regime: Text | None = Field(None, description="监管类别")
    draw: Text | None = Field(None, description="抽取编号 (id of the draw)")
    kind: Text | None = Field(None, description="检查类别：drawn 为随机抽取 (drawn: from a draw)")
    code: str | None = Field(None, pattern=r"^\d{2}$", description="检查结果代码 (a result code)")
    found: bool | None = Field(None, description="发现问题")
    punished: bool | None = Field(None, description="已作处罚")
    since: date | None = Field(
        None, alias="from", description="检查结束日自 (visits that ended from this day on)"
    )
    until: date | None = Field(None, alias="to", description="检查结束日至 (and up to this day)")

    def where(self) -> ResultFilter:
        """The conditions."""
        return ResultFilter(**{name: getattr(self, name) for name in ResultQuery.model_fields})

    def asked(self) -> dict[str, str]:
        """The same as query parameters, in their order: equal questions are equal texts."""
        given = self.model_dump(
            mode="json", by_alias=True, exclude_none=True, include=set(ResultQuery.model_fields)
        )
        return {
            name: str(value).lower() if isinstance(value, bool) else value for name, value in given.items()
        }


class ResultPageQuery(ResultQuery, PageQuery):
    """Which of the results, and which page."""


class ResultExportQuery(ResultQuery):
    """Which of the results, and how they are written."""

    headers: Literal["zh", "en"] = Field("zh", description="CSV 表头语言 (language of the CSV's header)")


class StatisticsQuery(BaseModel):
    """What is counted, and by what."""

    model_config = ConfigDict(populate_by_name=True)

    region: RegionPrefix | None = Field(None, description="行政区划前缀 (a region prefix)")
    since: date | None = Field(None, alias="from", description="自 (from this day on)")
    until: date | None = Field(None, alias="to", description="至 (up to this day)")
    by: Literal["item", "month"] = Field("item", description="按事项或月份 (by item or by month)")

    def where(self) -> Counted:
        """The conditions."""
        return Counted(region=self.region or "", since=self.since, until=self.until)
