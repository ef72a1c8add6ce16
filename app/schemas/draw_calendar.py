"""Calendars of draws on the wire."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, StrictInt, StringConstraints, ValidationError

from app.domain.calendar.adhoc import AdhocReason
from app.domain.calendar.spans import Span
from app.domain.merge_patch import merge_patch
from app.schemas.instant import Instant
from app.schemas.preflight import FindingRead
from app.services.planning import adhoc_draws, calendar_approving, calendar_drafting
from app.services.planning.calendar_reading import CalendarFound, DrawStanding
from app.services.planning.calendar_rows import rate_of

CalendarState = Literal["draft", "approved", "superseded"]
AdhocState = Literal["requested", "approved", "rejected"]
DrawKind = Literal["regular", "extra", "adhoc"]
DrawStands = Literal[
    "planned",
    "drafted",
    "approved",
    "committed",
    "drawn",
    "infeasible",
    "revealed",
    "voided",
    "missed",
]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
_RATE = "抽取比例 p/q (the ratio [p, q])"


class CalendarWrite(BaseModel):
    """A year's calendar to draft."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"item": "psb.internet-cafes", "region": "410928", "year": 2026}]},
    )

    item: str = Field(description="抽查事项编码 (code of the inspection item)")
    region: str = Field(description="行政区划 GB/T 2260 (region)")
    year: StrictInt = Field(ge=2000, le=2100, description="年份 (year)")
    reason: Words | None = Field(
        default=None, description="更改已批准日历的理由 (why the approved calendar is replaced)"
    )
    start: Literal["policy", "current"] = Field(
        default="policy",
        description="policy：按现行规则重排；current：以已批准的日历为底稿 (policy, or the approved one)",
    )

    def asked(self) -> calendar_drafting.Asked:
        """The same as the rules take it."""
        return calendar_drafting.Asked(
            item=self.item, region=self.region, year=self.year, reason=self.reason, start=self.start
        )


class Days(BaseModel):
    """Days of visits, both included."""

    visit_from: date
    visit_to: date

    def span(self) -> Span:
        """The same as the rules take it."""
        return Span(first=self.visit_from, last=self.visit_to)


class CalendarDrawRead(BaseModel):
    """A draw of a calendar, with its days: never for the public."""

    id: str
    period: str = Field(description="抽查期次 (canonical period)")
    kind: DrawKind = Field(description="定期、加抽、临时 (regular, extra, ad hoc)")
    visit_from: date
    visit_to: date
    window_from: date = Field(description="可调整的日期范围 (days within which it may be moved)")
    window_to: date
    rate: list[int] | None = Field(description=_RATE)
    basis: str
    occasion: str | None = Field(description="节假日名称 (what the holiday is called)")
    state: DrawStands
    draw_plan: str | None = Field(description="待承诺的计划 (the plan that waits for its commitment)")
    draw: str | None = Field(description="最近一次抽取 (the newest draw of the period)")
    replacement: Days | None = Field(description="作废后建议的补抽日期 (days proposed after a void)")
    replaced_at: Instant | None
    alarmed_at: Instant | None
    missed_at: Instant | None

    @classmethod
    def of(cls, found: DrawStanding) -> Self:
        """From a stored draw and how it stands with it."""
        row, stands = found.row, found.stands
        rate, other = rate_of(row), stands.replacement
        return cls.model_construct(
            **{name: getattr(row, name) for name in _STORED_DRAW},
            rate=None if rate is None else list(rate),
            state=stands.state.value,
            draw_plan=stands.draw_plan,
            draw=stands.draw,
            replacement=None if other is None else Days(visit_from=other.first, visit_to=other.last),
        )


_STORED_DRAW = tuple(
    name
    for name in CalendarDrawRead.model_fields
    if name not in {"rate", "state", "draw_plan", "draw", "replacement"}
)


class CalendarRead(BaseModel):
    """A year's calendar 抽查日历 with its draws in order of their visits."""

    id: str
    item: str
    region: str = Field(description="行政区划前缀 (prefix of the region)")
    year: int
    version: int
    state: CalendarState
    starts_on: date = Field(description="自该日起安排 (the first day for which draws were planned)")
    reason: str | None
    policy: str = Field(description="规则文件摘要 (SHA-256 digest of the policy)")
    drafted_by: str
    drafted_at: Instant
    edited_by: str
    edited_at: Instant
    approved_by: str | None
    approved_at: Instant | None
    outdated: list[FindingRead] = Field(
        description="已批准的日历按当前规则和工作日历还缺什么 (what an approved one lacks by today's policy"
        " and working days; only what is still to come)"
    )
    draws: list[CalendarDrawRead]

    @classmethod
    def of(cls, found: CalendarFound) -> Self:
        """From a stored calendar with its draws."""
        stored = cls.model_fields.keys() - {"outdated", "draws"}
        return cls.model_construct(
            **{name: getattr(found.row, name) for name in stored},
            outdated=[FindingRead.of(one) for one in found.outdated],
            draws=[CalendarDrawRead.of(one) for one in found.draws],
        )


class CalendarDrawWrite(BaseModel):
    """A draw of a draft: other days inside its window, another rate."""

    model_config = ConfigDict(extra="forbid")

    visit_from: date
    visit_to: date
    rate: list[StrictInt] | None = Field(default=None, description=_RATE)

    @classmethod
    def patched(cls, before: CalendarDrawRead, patch: Mapping[str, Any]) -> Self:
        """The draw with a merge patch (RFC 7396) applied.

        Raises:
            RequestValidationError: the result is none.
        """
        whole = before.model_dump(mode="json", include=set(cls.model_fields), exclude_none=True)
        try:
            return cls.model_validate(merge_patch(whole, patch))
        except ValidationError as error:
            raise RequestValidationError(error.errors()) from error

    def change(self) -> calendar_approving.Change:
        """The same as the rules take it."""
        return calendar_approving.Change(visit_from=self.visit_from, visit_to=self.visit_to, rate=self.rate)


class ReplacementWrite(BaseModel):
    """Other days for a voided draw; both left out: the days that are proposed."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"visit_from": "2026-11-12", "visit_to": "2026-11-18"}]},
    )

    visit_from: date | None = None
    visit_to: date | None = None

    def visits(self) -> Span | None:
        """The days asked for.

        Raises:
            RequestValidationError: only one of them.
        """
        if self.visit_from is None and self.visit_to is None:
            return None
        for name in ("visit_from", "visit_to"):
            if getattr(self, name) is None:
                raise RequestValidationError([{"loc": ("body", name), "type": "missing", "msg": "missing"}])
        return Days.model_validate(self.model_dump()).span()


class AdhocWrite(BaseModel):
    """An ad-hoc draw 临时抽查 to ask for."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "item": "psb.internet-cafes",
                    "region": "410928",
                    "visit_from": "2026-11-18",
                    "visit_to": "2026-11-25",
                    "rate": [1, 10],
                    "reason_code": "complaints",
                    "reason": "近期投诉集中",
                }
            ]
        },
    )

    item: str = Field(description="抽查事项编码 (code of the inspection item)")
    region: str = Field(description="行政区划 GB/T 2260 (region)")
    visit_from: date
    visit_to: date
    rate: list[StrictInt] = Field(description=_RATE)
    reason_code: AdhocReason = Field(description="理由代码，公开 (public)")
    reason: Words = Field(description="理由，不公开 (not public)")

    def asked(self) -> adhoc_draws.Asked:
        """The same as the rules take it."""
        return adhoc_draws.Asked(**{name: getattr(self, name) for name in type(self).model_fields})


class AdhocRejection(BaseModel):
    """Why an ad-hoc draw is not held."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "人员不足"}]})

    reason: Words


class AdhocRead(BaseModel):
    """An ad-hoc draw that was asked for."""

    id: str
    state: AdhocState
    item: str
    region: str
    year: int
    period: str | None = Field(description="批准时编号：<期次>.adhoc-<n> (given at the approval)")
    visit_from: date
    visit_to: date
    rate: list[int] = Field(description=_RATE)
    reason_code: AdhocReason
    reason: str
    requested_by: str
    requested_at: Instant
    decided_by: str | None
    decided_at: Instant | None
    decision: str | None

    @classmethod
    def of(cls, row: Any) -> Self:  # noqa: ANN401 - a stored one or a row of it
        """From a stored ad-hoc draw."""
        kept = {name: getattr(row, name) for name in cls.model_fields if name not in {"rate", "reason_code"}}
        code = AdhocReason(row.reason_code)
        return cls.model_construct(**kept, reason_code=code, rate=[row.rate_p, row.rate_q])


class PublicMonth(BaseModel):
    """How many draws of a kind a month has at a rate."""

    month: str = Field(examples=["2026-11"])
    kind: DrawKind
    rate: list[int] | None = Field(description=_RATE)
    reason: AdhocReason | None = Field(description="临时抽查的理由 (why an ad-hoc draw is held)")
    draws: int


class PublicCalendarRead(BaseModel):
    """The public copy of a year's calendar: never a day."""

    item: str
    region: str
    year: int
    version: int | None = Field(description="null：尚无批准的日历，只有临时抽查 (only ad-hoc draws so far)")
    policy: str | None
    months: list[PublicMonth]
