"""Visits on the wire."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from app.domain.fieldwork.visit import Kind, State
from app.schemas.hour import Hour
from app.schemas.instant import Instant
from app.services.fieldwork.reading import SeenVisit
from app.services.fieldwork.requesting import Wanted
from app.services.fieldwork.verifying import GenuineVisit
from app.services.fieldwork.working import GivenCode

Inspectors = Annotated[list[Annotated[str, Field(max_length=64)]], Field(min_length=1, max_length=20)]


class Officer(BaseModel):
    """An officer of a team."""

    slot: int
    inspector: str
    name: str
    certificate_no: str
    agency: str
    ground: str | None = Field(
        description="名录所载不能参加待检查的原因，仅派单员可见 (why the registers keep this officer"
        " from the days left of a planned visit: `certificate-expired`, `absent`, `recused` and so on;"
        " told to dispatchers alone)"
    )

    @classmethod
    def of(cls, one: Any, grounds: Mapping[str, str]) -> Self:  # noqa: ANN401 - a row of the store
        """An officer, with the ground there is for another to come."""
        own = {name: getattr(one, name) for name in cls.model_fields if name != "ground"}
        return cls(**own, ground=grounds.get(one.inspector))


class CheckInRead(BaseModel):
    """When an officer came and left."""

    inspector: str
    at: Instant
    out_at: Instant | None


class AttemptRead(BaseModel):
    """A day on which nobody was found."""

    on: date
    inspector: str


class SealedVisit(BaseModel):
    """What a team knows of its visit before the disclosure: that there is one."""

    id: str
    state: State
    disclosed: Literal[False]
    item: str
    visit_from: date
    visit_to: date
    visit_on: date | None
    disclose_at: Instant
    team_size: int


class VisitRead(BaseModel):
    """A visit 检查."""

    id: str
    kind: Kind
    state: State
    disclosed: bool = Field(description="已到告知时间 (the team may know the target)")
    draw: str | None
    seq_in_draw: int | None
    period: str | None
    item: str
    items: list[str]
    item_version: int
    checklist: list[dict[str, Any]]
    entity: str = Field(description="检查对象编号 (DR1 entity id)")
    entity_name: str
    address: str | None
    regimes: list[str]
    region: str
    agency: str
    agencies: list[str] | None = Field(description="联合抽查的部门，牵头部门在前 (of a joint inspection)")
    places: int | None = Field(description="应到检查人员数 (officers of a complete team)")
    visit_from: date
    visit_to: date
    visit_on: date | None
    disclose_at: Instant
    opened_at: Instant
    reason: str | None
    requested_by: str | None
    approve_by: Instant | None = Field(
        description="事后批准期限 (an emergency is approved afterwards by then)"
    )
    approved_by: str | None
    approved_at: Instant | None
    approval_alarmed_at: Instant | None = Field(
        description="事后批准逾期提醒时间 (when the alarm that nobody had approved it was raised)"
    )
    record_alarmed_at: Instant | None = Field(
        description="记录未提交、结果将到期的提醒时间 (when the alarm of its record was raised)"
    )
    record_overdue_at: Instant | None
    checked_in_at: Instant | None
    checked_out_at: Instant | None
    ended_on: date | None
    codes: list[str]
    submitted_at: Instant | None
    team: list[Officer]

    @classmethod
    def of(cls, seen: SeenVisit) -> Self | SealedVisit:
        """The visit, or before its disclosure what its team may know."""
        if seen.sealed:
            return SealedVisit(
                **{name: seen.visit[name] for name in SealedVisit.model_fields.keys() & seen.visit.keys()},
                disclosed=False,
                team_size=len(seen.team),
            )
        return cls(**cls._members(seen))

    @classmethod
    def _members(cls, seen: SeenVisit) -> Mapping[str, Any]:
        return {
            **{name: seen.visit[name] for name in cls.model_fields.keys() & seen.visit.keys()},
            "draw": seen.visit["draw_id"],
            "entity": seen.visit["entity_key"],
            "disclosed": seen.disclosed,
            "team": [Officer.of(one, seen.grounds) for one in seen.team],
        }


class OneVisit(VisitRead):
    """A visit with who came when."""

    check_ins: list[CheckInRead]
    attempts: list[AttemptRead]

    @classmethod
    def _members(cls, seen: SeenVisit) -> Mapping[str, Any]:
        return {
            **super()._members(seen),
            "check_ins": [CheckInRead.model_validate(one, from_attributes=True) for one in seen.check_ins],
            "attempts": [AttemptRead.model_validate(one, from_attributes=True) for one in seen.attempts],
        }


class RequestVisit(BaseModel):
    """Ask for a visit without a draw; its officers are named and counted apart from drawn ones."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "kind": "complaint",
                    "entity": "92410928MAEMWCAG3J",
                    "item": "psb.special-industry",
                    "reason": "群众举报未登记住宿",
                    "visit_from": "2026-11-23",
                    "visit_to": "2026-11-27",
                    "inspectors": ["g468f5q", "h2k9m4t"],
                }
            ]
        },
    )

    kind: Literal["complaint", "transfer", "emergency", "campaign", "case"]
    entity: str = Field(max_length=80)
    item: str = Field(max_length=80)
    reason: str = Field(min_length=1, max_length=500)
    visit_from: date
    visit_to: date
    inspectors: Inspectors

    def wanted(self) -> Wanted:
        """What is asked for."""
        return Wanted(**{**self.model_dump(), "kind": Kind(self.kind)})


class DeclineVisit(BaseModel):
    """Refuse a visit that was asked for."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "线索不足"}]})

    reason: str = Field(min_length=1, max_length=500)


class NameTeam(BaseModel):
    """The officers of a visit whose draw dealt none, the first leads; or who comes for some of them."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"inspectors": ["g468f5q", "h2k9m4t"]}]}
    )

    inspectors: Inspectors


class ScheduleVisit(BaseModel):
    """The day of the visit, and from what time of that day (Asia/Shanghai) the team sees where to go."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"visit_on": "2026-11-24", "disclose_from": "06:00"}]}
    )

    visit_on: date
    disclose_from: Hour | None = None


class VisitCodeRead(BaseModel):
    """The code to show at the door; it is given this once."""

    code: str
    address: str = Field(description="供扫码核验的地址 (where it is checked: what a QR code shows)")
    valid_from: Instant
    valid_to: Instant

    @classmethod
    def of(cls, given: GivenCode, *, base: str) -> Self:
        """The code in groups of four, as people read it out, and its address under the service's own."""
        code = f"{given.code[:4]}-{given.code[4:]}"
        return cls(
            code=code,
            address=f"{base.rstrip('/')}/verify/{code}",
            valid_from=given.valid_from,
            valid_to=given.valid_to,
        )


class GenuineOfficer(BaseModel):
    """An officer who may come; ask for this enforcement certificate 执法证."""

    name: str
    certificate_no: str
    agency: str


class GenuineVisitRead(BaseModel):
    """A genuine visit: who may come, for what, when."""

    genuine: Literal[True]
    agency: str
    officer_count: int
    officers: list[GenuineOfficer]
    item: str
    item_name: dict[str, str]
    on: date
    valid_to: Instant

    @classmethod
    def of(cls, found: GenuineVisit) -> Self:
        """The wire form."""
        return cls(
            genuine=True,
            agency=found.agency,
            officer_count=len(found.officers),
            officers=[GenuineOfficer.model_validate(one, from_attributes=True) for one in found.officers],
            item=found.item,
            item_name=found.item_name,
            on=found.on,
            valid_to=found.valid_to,
        )
