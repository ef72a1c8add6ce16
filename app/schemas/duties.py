"""Duties, alarms, windows that are over, and the burden, on the wire."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from app.adapters.region_names import region_name
from app.domain.duties.shortage import Short
from app.domain.duties.standing import DutyState
from app.domain.regions import Level
from app.messages import text
from app.schemas.instant import Instant
from app.services.planning.burden import Burden
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
    by_level: dict[str, int] = Field(
        description="计入上限的次数，按检查部门的层级；`unknown` 为未注明层级 "
        "(those that a cap counts, by level of government; `unknown`: the register does not say)"
    )
    level: Level = Field(description="最接近上限的层级 (the level nearest to its cap)")
    counted: int = Field(
        description="该层级与未注明层级的计次 (visits of that level and of unknown level that its cap counts)"
    )
    cap: int | None = Field(description="该层级的年度上限；未公布为 null (null: none published)")
    over: bool
    by_kind: dict[str, int]

    @classmethod
    def of(cls, row: Burden) -> Self:
        """From a row of the report."""
        return cls.model_validate(row, from_attributes=True)
