"""The league table on the wire."""

import calendar
from datetime import date
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field

from app.domain.oversight.league import Criticism, Obligation, Outcome, Owed, Standing
from app.domain.oversight.ranking import Total
from app.schemas.registers_query import PageQuery
from app.services.oversight.league import Asked, League, Named
from app.services.oversight.unit_names import UnitNames
from app.services.oversight.yardsticks import Yardstick

Month = Annotated[str, Field(pattern=r"^20\d{2}-(0[1-9]|1[0-2])$")]


class LeagueQuery(BaseModel):
    """Which months, whose, and by what."""

    model_config = ConfigDict(populate_by_name=True)

    since: Month = Field(alias="from", examples=["2026-11"], description="自该月 (from this month on)")
    until: Month = Field(alias="to", examples=["2026-11"], description="至该月 (up to this month)")
    region: str = Field("", pattern=r"^\d{0,6}$", description="行政区划前缀 (a region prefix)")
    by: Literal["region", "station"] = Field("region", description="按单位或派出所 (by bureau or by station)")

    def asked(self) -> Asked:
        """The same for the service."""
        year, month = int(self.until[:4]), int(self.until[5:])
        return Asked(
            region=self.region,
            since=date.fromisoformat(f"{self.since}-01"),
            until=date(year, month, calendar.monthrange(year, month)[1]),
            by_station=self.by == "station",
        )


class BehindQuery(LeagueQuery, PageQuery):
    """Which figure."""

    kind: Owed = Field(examples=["visit"], description="类别 (what was owed)")
    outcome: Outcome | None = Field(None, description="结果 (what became of it)")
    station: str | None = Field(None, pattern=r"^(\d{3})?$", description="派出所 (of one station)")


class UnitRead(BaseModel):
    """A unit: a region's bureau, or one of its stations."""

    region: str
    region_name: str | None = Field(description="单位名称 (name of the region, GB/T 2260)")
    station: str | None
    station_name: str | None = Field(
        description="派出所名称，取自本所人员的单位 (name of the station, as its own officers' unit says)"
    )


def _unit(region: str, station: str, names: UnitNames) -> dict[str, Any]:
    return {
        "region": region,
        "region_name": names.region(region),
        "station": station or None,
        "station_name": names.station(region, station) if station else None,
    }


_FIGURES = ("due", "met", "late", "missed", "open", "excused", "kept_bp")


class FiguresRead(UnitRead):
    """How many obligations of a unit are due, and what became of them."""

    due: int
    met: int
    late: int
    missed: int
    open: int = Field(description="未到期且尚未完成 (not due yet, and not done)")
    excused: int
    kept_bp: int | None = Field(description="按期率，万分之一 (share met of those judged, basis points)")


class StandingRead(FiguresRead):
    """A unit's obligations of one kind that fall due in a month."""

    month: str
    kind: Owed
    rank: int | None = Field(description="同月同类排名，并列者同名次 (among those of the month and kind)")

    @classmethod
    def of(cls, row: Standing, league: League) -> Self:
        """The wire form."""
        return cls(
            **_unit(row.region, row.station, league.names),
            **{name: getattr(row, name) for name in _FIGURES},
            month=row.month,
            kind=row.kind,
            rank=league.ranks[row],
        )


class RankedRead(FiguresRead):
    """A unit's obligations of every kind over the months asked for, and its rank among the units."""

    rank: int | None = Field(description="考核排名，没有可评价事项的不排名 (null: nothing is judged yet)")

    @classmethod
    def of(cls, unit: Total, rank: int | None, names: UnitNames) -> Self:
        """The wire form."""
        figures = {name: getattr(unit, name) for name in _FIGURES}
        return cls(**_unit(unit.region, unit.station, names), **figures, rank=rank)


class YardstickRead(BaseModel):
    """A document by which units are ranked or named, with all that it takes to check it.

    It comes with the application and is no policy: nobody approves it over HTTP.
    """

    code: str
    version: int
    valid_from: date
    valid_to: date | None
    name: str
    name_en: str
    digests: dict[str, str] = Field(description="按算法的文件摘要 (H(JCS(document)) by algorithm)")
    document: dict[str, Any] = Field(description="文件全文，含标准与依据 (thresholds and bases)")

    @classmethod
    def of(cls, one: Yardstick) -> Self:
        """The wire form."""
        own = {name: one.document[name] for name in ("code", "version", "valid_from", "valid_to")}
        names = {"name": one.document["name"]["zh"], "name_en": one.document["name"]["en"]}
        return cls(**own, **names, digests=dict(one.digests), document=dict(one.document))


class LeagueRead(BaseModel):
    """The league table."""

    items: list[StandingRead]
    ranking: list[RankedRead] = Field(description="各单位总排名 (each unit over all months and kinds)")
    rule: YardstickRead | None = Field(description="排名办法；null：当时尚无 (how units are ranked)")

    @classmethod
    def of(cls, league: League) -> Self:
        """The wire form."""
        return cls(
            items=[StandingRead.of(row, league) for row in league.rows],
            ranking=[RankedRead.of(unit, rank, league.names) for unit, rank in league.units],
            rule=None if league.rule is None else YardstickRead.of(league.rule),
        )


class CriticismRead(BaseModel):
    """A unit that is named, with its figures and where the rows behind them are."""

    standing: StandingRead
    grounds: list[str]
    basis: str
    criteria: str = Field(description="所依标准文件的 SHA-256 摘要 (digest of the document of criteria)")
    rows: str = Field(description="明细所在 (where the rows behind the figures are)")

    @classmethod
    def of(cls, one: Criticism, document: Yardstick, league: League) -> Self:
        """The wire form."""
        row = one.standing
        asked = {"kind": row.kind, "from": row.month, "to": row.month, "region": row.region}
        if row.station:
            asked["station"] = row.station
        return cls(
            standing=StandingRead.of(row, league),
            grounds=list(one.grounds),
            basis=one.basis,
            criteria=document.digests["sha256"],
            rows=f"/v1/league-table/rows?{urlencode(asked)}",
        )


class CriticismsRead(BaseModel):
    """The list for criticism by name, and the documents whose criteria were applied."""

    items: list[CriticismRead]
    documents: list[YardstickRead]

    @classmethod
    def of(cls, named: Named) -> Self:
        """The wire form."""
        return cls(
            items=[CriticismRead.of(one, document, named.league) for one, document in named.units],
            documents=[YardstickRead.of(one) for one in named.documents],
        )


class ObligationRead(UnitRead):
    """One thing owed, and what became of it."""

    kind: Owed
    due_on: date
    done_on: date | None
    outcome: Outcome
    excused: str | None
    subject: str = Field(
        description="所据记录的编号；未结束的频次义务为 检查对象/事项/类别 (id of the record behind it)"
    )
    name: str

    @classmethod
    def of(cls, row: tuple[Obligation, Outcome], names: UnitNames) -> Self:
        """The wire form."""
        owed, became = row
        return cls(
            **_unit(owed.region, owed.station, names),
            kind=owed.kind,
            due_on=owed.due_on,
            done_on=owed.done_on,
            outcome=became,
            excused=owed.excused,
            subject=owed.subject,
            name=owed.name,
        )
