"""Published results on the wire."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, Field

from app.domain.appeals.appeal import Mark
from app.domain.results.states import Ground
from app.schemas.page import PageOf

Instant = Annotated[datetime, AfterValidator(lambda at: at if at.tzinfo else at.replace(tzinfo=UTC))]
"""RFC 3339 in UTC, which is what the database keeps without saying so."""


class PublicResultRead(BaseModel):
    """A published result 检查结果 in a list; its document and its history are at its own address."""

    id: str
    version: int
    published_at: Instant
    draw_id: str | None
    region: str
    item: str
    regime: str
    entity_key: str
    entity_name: str
    uscc: str | None
    ended_on: date = Field(description="检查结束日 (the day the visit ended)")
    kind: str = Field(description="检查类别，drawn 为随机抽取 (drawn: it comes from a draw)")
    codes: list[str] = Field(description="检查结果代码 (result codes)")
    found: bool = Field(description="发现问题 (a violation was found)")
    punished: bool = Field(description="已作处罚 (a penalty was imposed)")
    in_time: bool = Field(description="按期公开 (public by its due day)")
    sha256: str = Field(description="公开文书 RFC 8785 形式的 SHA-256 (of the document's canonical JSON)")
    appeal: Mark | None = Field(
        description="申诉：pending 办理中，upheld 成立待更正 (pending, or upheld and not met yet)"
    )

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Self:
        """From a record of the store."""
        return cls.model_validate(record)


class PublicVersion(BaseModel):
    """One version of a result; corrections and withdrawals are new versions with reasons."""

    version: int
    published_at: Instant
    withdrawn: bool
    reason: str | None
    ground: Ground | None = Field(description="撤回事由 (why it was withdrawn, as a code)")
    removed: bool = Field(description="内容已移除，仅留编号、摘要、日期和理由 (its content was removed)")
    sha256: str


class PublicResultWhole(PublicResultRead):
    """One version of a published result with its document, and the chain of versions, newest first.

    Where the content was removed to protect privacy, names are hidden, and codes and flags say nothing.
    """

    current: bool
    withdrawn: bool
    reason: str | None = Field(description="更正或撤回理由 (why it was corrected or withdrawn)")
    ground: Ground | None = Field(description="撤回事由 (why it was withdrawn, as a code)")
    removed: bool = Field(
        description="内容已移除，sha256 为原文书摘要 (removed; the digest is of what was there)"
    )
    document: dict[str, Any]
    versions: list[PublicVersion]


class EntityResults(PageOf[PublicResultRead]):
    """An entity's published results, newest first, under its USCC or the DR1 id of one premises."""

    named: str


ResultState = Literal["published", "pending", "withheld", "withdrawn"]


class StandingRead(BaseModel):
    """How it stands with one drawn premises of a revealed draw."""

    place: int = Field(description="抽取顺序 (its place in the selection, from 1)")
    entity_key: str
    entity_name: str | None
    state: Literal["published", "pending", "withheld", "withdrawn", "unreachable", "not_visited"]
    publication: ResultState | None = Field(
        description="其结果的公开情况，无法联系的也有 (how far its result is, that of an unreachable one too)"
    )
    due_on: date | None = Field(description="结果最迟公开日 (the day by which its result is due)")
    overdue: bool
    reason: str | None = Field(description="暂不公开或撤回的理由 (why it is withheld or withdrawn)")
    decided_on: date | None
    until: date | None = Field(description="暂不公开至 (withheld until this day)")
    owed_again: bool = Field(description="未检查，须重新安排 (not visited: the visit is owed again)")
    result: "StandingResult | None"

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Self:
        """From a record of the service."""
        return cls.model_validate(record)


class StandingResult(BaseModel):
    """What a drawn premises' published result says in short."""

    id: str
    version: int
    codes: list[str]
    found: bool
    punished: bool
    published_at: Instant
    in_time: bool
    appeal: Mark | None = Field(description="申诉情况 (as in the result)")


class StatisticsRow(BaseModel):
    """Numbers of drawn premises; each is in exactly one of visited, unreachable and not visited."""

    group: str = Field(description="事项或月份 (item or month), total 为合计")
    drawn: int = Field(description="抽取")
    visited: int = Field(description="已检查")
    unreachable: int = Field(description="无法联系")
    not_visited: int = Field(description="未检查，须重新安排")
    published: int = Field(description="结果已公开")
    in_time: int = Field(description="其中按期公开")
    pending: int = Field(description="待公开")
    overdue: int = Field(description="其中逾期")
    withheld: int = Field(description="暂不公开")
    withdrawn: int = Field(description="已撤回")
    found: int = Field(description="公开结果中发现问题")
    punished: int = Field(description="公开结果中已作处罚")


class UndrawnRow(BaseModel):
    """Numbers of results of visits without a draw; each is published, pending, withheld or withdrawn."""

    group: str = Field(description="检查类别 (kind of visit), total 为合计")
    visited: int = Field(description="已检查")
    unreachable: int = Field(description="无法联系")
    published: int = Field(description="结果已公开")
    in_time: int = Field(description="其中按期公开")
    pending: int = Field(description="待公开")
    overdue: int = Field(description="其中逾期")
    withheld: int = Field(description="暂不公开")
    withdrawn: int = Field(description="已撤回")
    found: int = Field(description="公开结果中发现问题")
    punished: int = Field(description="公开结果中已作处罚")


class UndrawnStatistics(BaseModel):
    """The same of visits without a draw 非抽取检查, by kind, and their sum."""

    items: list[UndrawnRow]
    total: UndrawnRow


class PublicStatistics(BaseModel):
    """Statistics of revealed draws 统计, by item or month, and their sum; other visits by themselves."""

    items: list[StatisticsRow]
    total: StatisticsRow
    undrawn: UndrawnStatistics


class OversightRow(StatisticsRow):
    """The same of every draw, with what is not public yet."""

    open: int = Field(description="检查未结束")
    found_unpublished: int = Field(description="未公开结果中发现问题")


class OversightStatistics(BaseModel):
    """Statistics of every draw within the caller's region."""

    items: list[OversightRow]
    total: OversightRow
    undrawn: UndrawnStatistics
