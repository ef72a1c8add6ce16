"""Duties, alarms, cases for the registrar, collisions with the annual cap, and the burden, on the wire."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from app.adapters.region_names import region_name
from app.domain.duties.collisions import Collision, Yields
from app.domain.duties.referring import Decision
from app.domain.duties.shortage import Short
from app.domain.duties.standing import DutyState
from app.messages import text
from app.schemas.instant import Instant
from app.services.planning.burden import Burden
from app.services.planning.collisions import Found, Ruling
from app.services.planning.duties import Duty
from app.services.planning.duties_record import LATE, MET, MISSED


class WindowRead(BaseModel):
    """The days, both included, in which one visit meets the duty."""

    starts_on: date
    ends_on: date
    months: int = Field(description="每几个月至少一次 (per so many months)")


class DutyRead(BaseModel):
    """One duty 频次义务 of an entity in its current window."""

    entity_id: str
    entity: str = Field(description="DR1 entity id")
    name: str
    region: str
    station: str | None
    item: str
    regime: str
    level: int | None
    state: DutyState
    text: str
    text_en: str
    window: WindowRead | None = Field(
        description="当前窗口；漏查时为最近漏查的窗口 (the current window; the last one that was missed)"
    )
    draws: int = Field(description="窗口内尚可用的抽取次数 (draws to come that serve the window)")
    draws_left: int = Field(description="今日冻结时的 draws_left (what a freeze today would give)")
    last_visit: date | None = Field(description="最近一次计入的检查 (the last visit that counts)")
    visit_open: bool = Field(description="是否有检查正在进行 (a visit is under way)")
    result_code: str | None = Field(
        description="使义务中止的结果代码 (the code that took it out of its duties)"
    )

    @classmethod
    def of(cls, duty: Duty) -> Self:
        """From a duty as it stands."""
        found, registration = duty.standing, duty.registration
        window = found.window
        return cls(
            entity_id=duty.entity_id,
            entity=duty.entity,
            name=duty.name,
            region=duty.region,
            station=duty.station,
            item=duty.item,
            regime=registration.regime,
            level=registration.level,
            state=found.state,
            text=text(f"duty.{found.state}", "zh"),
            text_en=text(f"duty.{found.state}", "en"),
            window=None
            if window is None
            else WindowRead(starts_on=window.starts_on, ends_on=window.ends_on, months=window.months),
            draws=found.draws,
            draws_left=found.draws_left,
            last_visit=found.last,
            visit_open=found.visit_open,
            result_code=registration.out_of_duty,
        )


class _OfDuty(BaseModel):
    """A record about one duty: of which entity, for what."""

    id: str
    entity_id: str
    entity: str = Field(description="DR1 entity id")
    name: str
    region: str
    station: str | None
    item: str
    regime: str
    level: int | None


class AlarmRead(BaseModel):
    """An alarm before a duty is missed: what is short. Without an entity it is about a whole region."""

    id: str
    entity_id: str | None = Field(description="全区域预警为 null (null: about the whole region)")
    entity: str | None = Field(description="DR1 entity id")
    name: str | None
    region: str
    station: str | None
    item: str | None
    regime: str | None
    level: int | None
    duties: int | None = Field(
        description="全区域预警涉及的频次义务数 (of an alarm about a region: how many duties it is about)"
    )
    due_on: date = Field(description="窗口最后一日 (the last day of the window)")
    short: Short
    tag: str | None = Field(description="缺少的标签 (the tag that too few inspectors have)")
    text: str
    text_en: str
    raised_at: Instant
    cleared_at: Instant | None

    @classmethod
    def of(cls, row: Any) -> Self:  # noqa: ANN401 - a row of the store
        """From a row of the store."""
        found = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
        said = {
            "due_on": found["due_on"],
            "tag": found["tag"] or "",
            "region": f"{region_name(found['region']) or ''}{found['region']}",
            "duties": str(found["duties"]),
        }
        return cls.model_validate(
            {
                **found,
                "text": text(f"duty-alarm.{found['short']}", "zh", **said),
                "text_en": text(f"duty-alarm.{found['short']}", "en", **said),
            }
        )


class EndedRead(_OfDuty):
    """A window that is over."""

    window_from: date
    window_to: date
    done_on: date | None = Field(description="窗口内或其后首次计入的检查 (the first visit since it began)")
    excused: str | None = Field(
        description="不计漏查的原因：结果代码，或 annual-cap (why it is no miss: a result code, or the cap)"
    )
    outcome: str = Field(examples=[MET, LATE, MISSED, "excused"])

    @classmethod
    def of(cls, row: Any) -> Self:  # noqa: ANN401 - a row of the store
        """From a row of the store."""
        found = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
        return cls.model_validate(found | {"outcome": outcome_of(found)})


def outcome_of(ended: Mapping[str, Any]) -> str:
    """Tell met, late, missed and excused windows apart."""
    if ended["done_on"] is not None:
        return MET if ended["done_on"] <= ended["window_to"] else LATE
    return "excused" if ended["excused"] is not None else MISSED


class CaseRead(BaseModel):
    """What a visit found that the registrar has to look at."""

    id: str
    entity_id: str
    entity: str = Field(description="DR1 entity id")
    name: str
    region: str
    visit_id: str
    item: str
    regime: str
    code: str = Field(description="检查结果代码 (result code)", examples=["04"])
    ends_duty: bool = Field(description="处理之前是否没有频次义务 (it owes nothing until the decision)")
    state: str = Field(examples=["open", "decided", "dropped"])
    opened_on: date
    opened_at: Instant
    decision: Decision | None
    reason: str | None
    decided_by: str | None
    decided_at: Instant | None

    @classmethod
    def of(cls, row: Any) -> Self:  # noqa: ANN401 - a row of the store
        """From a row of the store."""
        return cls.model_validate(row, from_attributes=True)


class DecideCase(BaseModel):
    """What the registrar decides."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"decision": "keep", "reason": "经电话和实地核实，仍在正常营业"}]},
    )

    decision: Decision = Field(
        description="keep 保留 · suspended 停业 · closed 注销 · moved 迁出 (what becomes of the registration)"
    )
    reason: str = Field(min_length=2, max_length=500, description="理由 (why)")


class CollisionRead(BaseModel):
    """A duty that the annual cap makes impossible within the year."""

    subject: str = Field(description="裁定对象 (what a decision names)", examples=["class:entertainment-3"])
    kind: str = Field(description="class 一类对象 · entity 单个对象", examples=["class", "entity"])
    name: str
    duty: str = Field(description="义务所属类别 (the class whose duty it is)")
    cap: int
    used: int = Field(description="本年已计入次数 (visits of the year that count already)")
    needed: int = Field(description="本年尚需次数 (visits that the duty still wants)")
    of_others: int = Field(
        description="同一部门其他事项本年尚需次数 (visits that duties of the agency's other items still want)"
    )
    registrations: int
    yields: Yields | None = Field(
        description="已裁定让步的一方；未裁定为 null (which yields; null: undecided)"
    )

    @classmethod
    def of(cls, collision: Collision, found: Found) -> Self:
        """From a collision and what was decided."""
        members = {name: getattr(collision, name) for name in cls.model_fields if name != "yields"}
        own = found.standing.get(collision.subject)
        return cls(**members, yields=own or found.standing.get(f"class:{collision.duty}"))


class CapDecisionRead(BaseModel):
    """A decision about a collision: which yields, why, on which basis, by whom."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    region: str
    item: str
    year: int
    subject: str
    yields: Yields
    why: str
    basis: str
    decided_by: str
    decided_by_name: str
    decided_at: Instant


class CollisionsRead(BaseModel):
    """The collisions of a plan, and every decision about its item in that year."""

    year: int
    undecided: int = Field(description="未裁定数；不为 0 时不能批准 (a plan with any is not approved)")
    items: list[CollisionRead]
    decisions: list[CapDecisionRead]

    @classmethod
    def of(cls, found: Found) -> Self:
        """From what was found."""
        return cls(
            year=found.year,
            undecided=len(found.undecided),
            items=[CollisionRead.of(one, found) for one in found.collisions],
            decisions=[CapDecisionRead.model_validate(one) for one in found.decisions],
        )


class DecideCollisions(BaseModel):
    """Which yields at some collisions."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "subjects": ["class:entertainment-3"],
                    "yields": "cap",
                    "why": "治安管理需要，三级场所每月检查不宜减少",
                    "basis": "实施方案三（一）；国办发〔2024〕54号",
                }
            ]
        },
    )

    subjects: list[str] = Field(min_length=1, max_length=200, description="裁定对象 (subjects of collisions)")
    yields: Yields = Field(description="cap 上限让步，照常抽查 · duty 义务让步，达到上限后不抽")
    why: str = Field(min_length=2, max_length=500, description="理由 (why)")
    basis: str = Field(min_length=2, max_length=300, description="依据 (legal basis)")

    def ruling(self) -> Ruling:
        """As the service takes it."""
        return Ruling(subjects=tuple(self.subjects), yields=self.yields, why=self.why, basis=self.basis)


class BurdenRead(BaseModel):
    """What an entity bore of an agency in a year."""

    model_config = ConfigDict(from_attributes=True)

    entity: str = Field(description="DR1 entity id")
    name: str
    region: str
    station: str | None
    agency: str
    year: int
    visits: int = Field(description="检查次数；综合查一次算一次 (visits; a merged one is one)")
    counted: int = Field(description="计入年度上限的次数 (those that the annual cap counts)")
    cap: int | None = Field(description="年度上限；未公布为 null (null: none published)")
    over: bool
    by_kind: dict[str, int]

    @classmethod
    def of(cls, row: Burden) -> Self:
        """From a row of the report."""
        return cls.model_validate(row, from_attributes=True)
