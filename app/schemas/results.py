"""Publications and the working calendar on the wire."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from app.domain.results.states import Ground
from app.domain.working_days import SpecialDay
from app.schemas.instant import Instant

PublicationState = Literal[
    "draft", "submitted", "reviewed", "approved", "published", "sent_back", "withheld", "withdrawn"
]
Reason = Annotated[
    str,
    Field(
        min_length=2, max_length=500, description="理由 (why)", examples=["现场笔录页码有误，请更正后重报"]
    ),
]


class WithReason(BaseModel):
    """A step that needs a reason."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason


class SendBack(WithReason):
    """Send a result back to its officers."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "问题描述与条款不符，请核对"}]})


class Withhold(WithReason):
    """Withhold a result until a day."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "案件侦查中，公开可能妨碍调查", "until": "2026-12-31"}]}
    )

    until: date = Field(description="暂缓至该日，含当日 (until this day, included)")


class Correct(WithReason):
    """Begin a corrected version."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "复核发现结果代码有误"}]})


class Withdraw(WithReason):
    """Withdraw a public result; on the ground of privacy its content is removed from the public register."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "行政复议决定撤销该检查结果", "ground": "decision"}]}
    )

    ground: Ground = Field(
        default=Ground.OTHER,
        description="事由：privacy 隐私（移除公开内容）、decision 复议诉讼决定、mistake 有误、other 其他",
    )


class PublicationRead(BaseModel):
    """How far a result is on its way to the public 公示."""

    id: str
    visit_id: str
    region: str
    item: str
    entity_key: str
    entity_name: str
    regimes: list[str]
    ended_on: date
    state: PublicationState
    version: int = Field(description="办理中的公开版本 (the public version being worked on)")
    public_version: int | None = Field(description="公众所见版本 (the version the public sees)")
    revision: int = Field(description="提交次数 (how often it was submitted)")
    due_on: date = Field(description="公示期限，含当日 (the last day to be public in time)")
    overdue: bool
    submitted_by: str | None
    reviewed_by: str | None
    approved_by: str | None
    published_by: str | None
    reason: str | None
    withheld_by: str | None
    withheld_until: date | None
    started_at: Instant
    changed_at: Instant
    published_at: Instant | None = Field(description="首次公开时间 (when it first became public)")
    alarmed_at: Instant | None = Field(description="到期提醒时间 (when its alarm was raised)")
    overdue_at: Instant | None = Field(description="逾期提醒时间 (when the alarm of its end was raised)")

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Self:
        """From a record of the service."""
        return cls.model_validate({name: record[name] for name in cls.model_fields})


class PublicationWhole(PublicationRead):
    """One publication, with what would be public of what was submitted last."""

    preview: dict[str, Any] | None = Field(description="公示文书预览 (the public copy it would become)")


class StepRead(BaseModel):
    """One step of a publication; a submission shows what was submitted."""

    n: int
    act: str
    state: PublicationState
    version: int
    revision: int
    caller_id: str
    caller_name: str
    at: Instant
    reason: str | None
    ground: Ground | None
    until: date | None
    body: dict[str, Any] | None

    @classmethod
    def of(cls, row: Any) -> Self:  # noqa: ANN401 - a row of the store
        """From a row of the store."""
        return cls.model_validate(row, from_attributes=True)


class StepsRead(BaseModel):
    """The history of a publication, in order."""

    items: list[StepRead]


class VersionRead(BaseModel):
    """A public version of a result; `previous` in its document is the digest of the one before."""

    version: int
    current: bool
    withdrawn: bool
    reason: str | None
    ground: Ground | None
    removed: bool = Field(description="内容已不公开，此处仍可查 (no longer public, but readable here)")
    published_at: Instant
    in_time: bool
    sha256: str
    document: dict[str, Any]

    @classmethod
    def of(cls, row: Any) -> Self:  # noqa: ANN401 - a row of the store
        """From a row of the store."""
        found = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
        removed = found["removed"]
        document = found["copy_"] if removed is None else removed
        return cls.model_validate({**found, "document": document, "removed": removed is not None})


class VersionsRead(BaseModel):
    """The chain of public versions, in order."""

    items: list[VersionRead]


class UnpublishedRead(BaseModel):
    """A visit whose result is not public, and why: the state of its publication, or what it waits for."""

    visit_id: str
    publication: str | None
    region: str
    kind: str
    item: str
    regimes: list[str]
    entity_key: str
    entity_name: str
    ended_on: date
    why: PublicationState | Literal["not_checked_out", "record_not_submitted", "calendar_missing"]
    reason: str | None
    withheld_by: str | None
    withheld_until: date | None
    due_on: date | None = Field(
        description="公示期限；缺该年工作日历时为空 (null while the year's calendar is missing)"
    )
    overdue: bool

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Self:
        """From a record of the service."""
        return cls.model_validate({**record, "visit_id": record["id"]})


class CalendarDay(BaseModel):
    """A day that differs from the plain week."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    day: date
    working: bool = Field(description="调休上班为 true，放假为 false (true: made up; false: off)")
    name: str = Field(min_length=1, max_length=40, description="节日 (the holiday)")

    def special(self) -> SpecialDay:
        """As the rules take it."""
        return SpecialDay(self.day, self.working, self.name)


_NOTICE: dict[str, Any] = {
    "source": "国务院办公厅关于2027年部分节假日安排的通知",
    "days": [
        {"day": "2027-01-01", "working": False, "name": "元旦"},
        {"day": "2027-05-01", "working": False, "name": "劳动节"},
        {"day": "2027-10-01", "working": False, "name": "国庆节"},
        {"day": "2027-10-02", "working": False, "name": "国庆节"},
        {"day": "2027-10-03", "working": False, "name": "国庆节"},
        {"day": "2027-10-09", "working": True, "name": "国庆节调休"},
    ],
}


class CalendarYearWrite(BaseModel):
    """A year's days off and made-up working days, as the notice lists them."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_NOTICE]})

    source: str = Field(min_length=2, max_length=200, description="依据的通知 (the notice)")
    days: list[CalendarDay] = Field(max_length=120)


class CalendarYearRead(BaseModel):
    """What is known of a year; without a source nothing is, and no deadline can be counted in it."""

    model_config = ConfigDict(from_attributes=True)

    year: int
    source: str | None
    entered_by: str | None
    entered_at: Instant | None
    days: list[CalendarDay]

    @classmethod
    def of(cls, year: object) -> Self:
        """From what the service knows."""
        return cls.model_validate(year)


class CalendarYearLine(BaseModel):
    """A known year."""

    model_config = ConfigDict(from_attributes=True)

    year: int
    source: str
    entered_by: str
    entered_at: Instant
    days: int = Field(description="特殊日期数 (how many special days it has)")


class MissingYear(BaseModel):
    """A year whose calendar should be there by now: no deadline can be counted in it."""

    model_config = ConfigDict(from_attributes=True)

    year: int
    alarmed_at: Instant | None = Field(description="提醒时间 (when the alarm was raised)")


class CalendarYears(BaseModel):
    """The known years, in order, and those that are missing."""

    items: list[CalendarYearLine]
    missing: list[MissingYear] = Field(description="应录入而未录入的年份 (years that are to be entered)")
