"""The forecast of a year on the wire."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field

from app.adapters.region_names import region_name
from app.domain.simulation.rows import DutyRow
from app.domain.simulation.weeks import ForecastWeek, ItemCollision
from app.schemas.forecast_draws import BindingRead, ForecastDrawRead
from app.services.planning.forecast import Forecast, Part
from app.services.planning.forecast_draws import ItemDraws

_MOST_INSPECTORS = 10
_DECIMALS = 3


class ForecastQuery(BaseModel):
    """Which year, whose, and of what."""

    year: Annotated[int, Field(ge=2000, le=2100, description="年份 (year)", examples=[2026])]
    region: str | None = Field(
        None, pattern=r"^\d{2,6}$", description="行政区划前缀，缺省为本单位 (a region prefix, else your own)"
    )
    item: str | None = Field(
        None, max_length=64, description="抽查事项编码 (only this item)", examples=["psb.venues"]
    )
    assume_plain_weeks: bool = Field(
        default=False,
        description="放假安排未录入时按周一至周五推算 (take plain weeks where the holidays are not known)",
    )


class UnitVisits(BaseModel):
    """Visits of a unit; one by two units counts for both."""

    unit: str
    visits: int


class InspectorVisits(BaseModel):
    """Visits of an inspector."""

    inspector: str
    visits: int


class ItemVisits(BaseModel):
    """Visits that serve an item."""

    item: str
    visits: int


class ForecastWeekRead(BaseModel):
    """An ISO week."""

    week: str = Field(examples=["2026-W45"])
    starts_on: date
    draws: list[ForecastDrawRead] = Field(description="检查从本周开始的抽取 (draws whose visits begin in it)")
    visits: int
    by_item: list[ItemVisits]
    by_unit: list[UnitVisits]
    by_inspector: list[InspectorVisits] = Field(description="本周最忙的 10 人 (the busiest ten)")
    capacity: int | None = Field(
        description="这些抽取可检查数，没有抽取时为 null (of these draws; null: none)"
    )
    binds: BindingRead | None
    infeasible: bool

    @classmethod
    def of(cls, week: ForecastWeek) -> Self:
        """From what was simulated."""
        return cls(
            week=week.name,
            starts_on=week.starts_on,
            draws=[ForecastDrawRead.of(draw) for draw in week.draws],
            visits=week.visits,
            by_item=[ItemVisits(item=item, visits=n) for item, n in week.by_item.items()],
            by_unit=[UnitVisits(unit=unit, visits=n) for unit, n in week.by_unit.items()],
            by_inspector=[
                InspectorVisits(inspector=code, visits=n)
                for code, n in list(week.by_inspector.items())[:_MOST_INSPECTORS]
            ],
            capacity=week.capacity,
            binds=None if week.binds is None else BindingRead.of(week.binds),
            infeasible=week.infeasible,
        )


class ForecastDutyRead(BaseModel):
    """Duties of registrations that one rule treats alike."""

    item: str
    regime: str
    level: int | None
    subtype: str | None
    registrations: float = Field(description="平均户数 (registrations, on average)")
    duty_a_year: float | None = Field(description="每户每年应查；null 为没有频次义务 (null: no duty)")
    visits_a_year: float = Field(description="每户每年将查 (visits a year and registration)")
    due: int = Field(description="到期的频次窗口 (windows that end)")
    met: int
    missed: int

    @classmethod
    def of(cls, row: DutyRow, *, years: float) -> Self:
        """From what was simulated."""
        return cls(
            item=row.group.item,
            regime=row.group.regime,
            level=row.group.level,
            subtype=row.group.subtype,
            registrations=round(row.years / years, 1),
            duty_a_year=row.wanted,
            visits_a_year=round(row.visits, 2),
            due=row.due,
            met=row.met,
            missed=row.missed,
        )


class ForecastCollisionRead(BaseModel):
    """A frequency duty that the annual cap makes impossible: of a class, or of one entity."""

    item: str
    subject: str = Field(description="决定所用的标识 (what a decision is filed under)")
    duty: str = Field(description="义务所属类别 (the class whose duty it is)", examples=["entertainment-3"])
    wanted: int = Field(
        description="当年共需检查次数，含已检查和同一部门其他事项所需 "
        "(visits of the year in all: those made, and those that duties of the agency's items want)"
    )
    cap: int = Field(description="年度上限 (visits a year that the cap allows)")
    registrations: int
    yields: Literal["duty", "cap"] | None = Field(description="已决定让步的一方 (decided; null: undecided)")

    @classmethod
    def of(cls, one: ItemCollision) -> Self:
        """From what was found."""
        return cls(
            item=one.item,
            subject=one.found.subject,
            duty=one.found.duty,
            wanted=one.found.wanted,
            cap=one.found.cap,
            registrations=one.found.registrations,
            yields=None if one.yields is None else one.yields.value,
        )


class ForecastPartRead(BaseModel):
    """A region that is looked at by itself: of a city, each of its counties."""

    region: str
    region_name: str | None = Field(description="单位名称 (name of the region, GB/T 2260)")
    policy: str = Field(description="规则摘要 (digest of the policy)")
    seed: str = Field(description="模拟抽取的种子，一次推算 (what the one run's chance follows from)")

    @classmethod
    def of(cls, part: Part) -> Self:
        """From the forecast."""
        name = region_name(part.region)
        return cls(region=part.region, region_name=name, policy=part.policy, seed=part.seed)


class ForecastCalendarRead(BaseModel):
    """Where the draws of an item in a region come from."""

    item: str
    region: str
    region_name: str | None
    source: Literal["calendar", "policy"] = Field(
        description="calendar 已批准的日历，policy 按规则推算 (approved, or implied by the policy)"
    )
    calendar_of: str | None = Field(
        description="日历所属区划前缀，本级或上级 (prefix of the region whose calendar it is)"
    )
    draws: int

    @classmethod
    def of(cls, one: ItemDraws) -> Self:
        """From the forecast."""
        return cls(
            item=one.item,
            region=one.region,
            region_name=region_name(one.region),
            source=one.source,  # type: ignore[arg-type]  # checked by pydantic
            calendar_of=one.calendar_of,
            draws=len(one.draws),
        )


class ForecastTotals(BaseModel):
    """All of it."""

    draws: int
    visits: int
    duties_missed: int
    infeasible_weeks: int
    collisions_undecided: int


class ForecastRead(BaseModel):
    """A year ahead on the registers as they stand."""

    year: int
    region: str
    first: date
    last: date
    parts: list[ForecastPartRead] = Field(
        description="分别推算的单位：本县，或所辖各县 (what is looked at by itself: of a city its counties)"
    )
    plain_weeks: bool = Field(description="按周一至周五推算 (holidays not known, plain weeks assumed)")
    calendars: list[ForecastCalendarRead]
    totals: ForecastTotals
    infeasible_weeks: list[str]
    collisions: list[ForecastCollisionRead]
    duties: list[ForecastDutyRead]
    weeks: list[ForecastWeekRead]

    @classmethod
    def of(cls, found: Forecast) -> Self:
        """From the forecast."""
        return cls(
            year=found.year,
            region=found.region,
            first=found.first,
            last=found.last,
            parts=[ForecastPartRead.of(part) for part in found.parts],
            plain_weeks=found.plain_weeks,
            calendars=[ForecastCalendarRead.of(one) for one in found.draws],
            totals=ForecastTotals(
                draws=sum(len(week.draws) for week in found.weeks),
                visits=sum(week.visits for week in found.weeks),
                duties_missed=sum(row.missed for row in found.duties),
                infeasible_weeks=len(found.infeasible),
                collisions_undecided=sum(one.yields is None for one in found.collisions),
            ),
            infeasible_weeks=[week.name for week in found.infeasible],
            collisions=[ForecastCollisionRead.of(one) for one in found.collisions],
            duties=[ForecastDutyRead.of(row, years=found.years) for row in found.duties],
            weeks=[ForecastWeekRead.of(week) for week in found.weeks],
        )
