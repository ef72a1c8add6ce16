"""A source's configuration on the wire: its parts, and the whole."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, ValidationError

from app.domain.merge_patch import merge_patch
from app.services.registers.importing import RegisterName

SourceKind = Literal[
    "hotel_security",
    "entertainment_directory",
    "fire_supervision",
    "cyber_police",
    "market_regulation",
    "other",
]
Token = Annotated[str, Field(min_length=1, max_length=32)]
Text = Annotated[str, Field(min_length=1, max_length=200)]
Pointer = Annotated[
    str, Field(max_length=200, description="JSON Pointer（RFC 6901）", examples=["/data/list"])
]
Share = Annotated[list[StrictInt], Field(min_length=2, max_length=2)]


class _Part(BaseModel):
    """A part of a configuration; unknown members are refused."""

    model_config = ConfigDict(extra="forbid")


class CredentialsForm(_Part):
    """How the source knows who asks; the secret itself is given apart."""

    kind: Literal["none", "bearer", "header", "basic"] = "none"
    header: Text | None = Field(default=None, description="kind=header：请求头名称 (name of the header)")
    user: Text | None = Field(default=None, description="kind=basic：用户名 (user)")


class PagingForm(_Part):
    """How the source gives its records in pages."""

    kind: Literal["none", "page", "offset", "cursor", "link"] = "none"
    parameter: str = Field(default="", max_length=64, description="页码、偏移或游标的查询参数")
    first: int = Field(default=1, ge=0, le=1, description="首页页码 (number of the first page)")
    size_parameter: Text | None = None
    size: int | None = Field(default=None, ge=1, le=10_000)
    cursor: Pointer | None = Field(
        default=None, description="下一游标所在 (where a page says the next cursor)"
    )
    total: Pointer | None = Field(default=None, description="总数所在 (where a page says how many there are)")


class AnswerShape(_Part):
    """What an answer looks like."""

    format: Literal["json", "ndjson", "csv"] = "json"
    items: Pointer = Field(default="", description="记录列表所在 (where the list of records stands)")
    told_at: Pointer | None = Field(default=None, description="成功标志所在 (where it says that all is well)")
    told: list[Text] = Field(default=[], max_length=10, description="表示成功的值 (what it says then)")
    validators: StrictBool = Field(
        default=False,
        description="ETag 或 Last-Modified 针对全部记录 (validators speak of all records, not of one page)",
    )


class ColumnForm(_Part):
    """What fills one column of the register."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, serialize_by_alias=True)

    places: list[Pointer] = Field(default=[], alias="from", max_length=5)
    separator: str = Field(default="", max_length=8)
    constant: str | StrictInt | StrictBool | None = None
    part: list[StrictInt] | None = Field(
        default=None, min_length=2, max_length=2, description="取第几至第几个字符 [起, 止) (which characters)"
    )
    values: dict[str, str] | None = Field(default=None, description="代码对照 (what the source's codes mean)")
    otherwise: str | None = Field(default=None, description="其他代码的取值 (what every other code means)")
    date: Text | None = Field(
        default=None,
        description="日期写法 (how days are written): YYYYMMDD, YYYY年M月D日*, instant, epoch_s, epoch_ms",
    )


class OnlyForm(_Part):
    """Which records are meant: those with one of these texts at a place."""

    place: Pointer
    texts: list[str] = Field(min_length=1, max_length=200)


class MappingForm(_Part):
    """How records are read: where their key stands, which are meant, what fills the columns."""

    key: list[Pointer] = Field(max_length=4, description="来源编号所在 (where a record's own key stands)")
    only: list[OnlyForm] = Field(default=[], max_length=10)
    columns: dict[str, ColumnForm] = Field(max_length=40)


class ScheduleForm(_Part):
    """When runs are due: every so many minutes, or daily at a time in Shanghai."""

    every_min: int | None = Field(default=None, ge=1, le=44_640)
    daily_at: str | None = Field(default=None, max_length=5, examples=["02:30"])
    overdue_min: int = Field(ge=1, le=44_640, description="到点后多久仍无成功拉取即告警 (minutes)")


class LimitsForm(_Part):
    """How long and how much; what is left out is the default."""

    wait_s: int = Field(ge=1, le=30, description="等待连接或数据的秒数")
    page_s: int = Field(ge=1, le=120, description="一页的最长秒数")
    retries: int = Field(ge=0, le=20)
    retry_after_s: int = Field(ge=1, le=3600)
    deadline_min: int = Field(ge=1, le=1440, description="取完全部数据的最长分钟数")
    page_mib: int = Field(ge=1, le=256)
    pages: int = Field(ge=1, le=100_000)


class ChecksForm(_Part):
    """What must hold before anything is believed; what is left out is the default."""

    least_rows: int = Field(ge=0, le=1_000_000_000)
    keep: Share = Field(
        description="不得少于上次成功记录数的几分之几 [分子, 分母] (share of the last good run)"
    )
    bad: Share = Field(description="不可读记录不得超过几分之几 (share of unreadable records)")


class SourceForm(_Part):
    """A source's configuration, whole."""

    code: Token = Field(description="来源代号，用于场所编号 (in the ids of premises without a USCC)")
    name: Text
    kind: SourceKind = "other"
    region: str = Field(pattern="^[0-9]{2,6}$", description="行政区划或其前缀 (GB/T 2260, or a prefix)")
    register_name: RegisterName = Field(default="entities", alias="register")
    rank: int = Field(default=100, ge=1, le=1000, description="一数一源：数字最小者为准 (the smallest leads)")
    url: str = Field(max_length=2000)
    credentials: CredentialsForm = CredentialsForm()
    paging: PagingForm = PagingForm()
    answer: AnswerShape = AnswerShape()
    mapping: MappingForm
    schedule: ScheduleForm
    limits: LimitsForm
    checks: ChecksForm

    model_config = ConfigDict(extra="forbid", populate_by_name=True, serialize_by_alias=True)

    def document(self) -> dict[str, Any]:
        """As it is kept, with nothing left out."""
        return self.model_dump(mode="json", by_alias=True)

    @classmethod
    def of_patch(cls, before: Mapping[str, Any], patch: Mapping[str, Any]) -> Self:
        """A configuration with a merge patch (RFC 7396) applied; one kind of schedule replaces the other.

        Raises:
            RequestValidationError: the result is no configuration; pointers are those of the whole.
        """
        given = patch.get("schedule")
        kinds = {"every_min", "daily_at"}
        if isinstance(given, dict) and kinds & given.keys():
            patch = {**patch, "schedule": {**dict.fromkeys(kinds), **given}}
        try:
            return cls.model_validate(merge_patch(before, patch))
        except ValidationError as error:
            raise RequestValidationError(
                [{**one, "loc": ("configuration", *one["loc"])} for one in error.errors(include_url=False)]
            ) from error
