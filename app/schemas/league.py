"""The league table on the wire."""

import calendar
from datetime import date
from typing import Annotated, Literal, Self
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field

from app.domain.oversight.league import Criticism, Obligation, Outcome, Owed, Standing
from app.schemas.registers_query import PageQuery
from app.services.oversight.league import Asked

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


class StandingRead(BaseModel):
    """A unit's obligations of one kind that fell due in a month."""

    region: str
    station: str | None
    month: str
    kind: Owed
    due: int
    met: int
    late: int
    missed: int
    open: int
    excused: int
    kept_bp: int | None = Field(description="按期率，万分之一 (share met of those judged, basis points)")

    @classmethod
    def of(cls, row: Standing) -> Self:
        """The wire form."""
        return cls(
            region=row.region,
            station=row.station or None,
            month=row.month,
            kind=row.kind,
            due=row.due,
            met=row.met,
            late=row.late,
            missed=row.missed,
            open=row.open,
            excused=row.excused,
            kept_bp=row.kept_bp,
        )


class LeagueRead(BaseModel):
    """The league table."""

    items: list[StandingRead]


class CriticismRead(BaseModel):
    """A unit that is named, with its figures and where the rows behind them are."""

    standing: StandingRead
    grounds: list[str]
    basis: str
    rows: str = Field(description="明细所在 (where the rows behind the figures are)")

    @classmethod
    def of(cls, one: Criticism) -> Self:
        """The wire form."""
        row = one.standing
        asked = {"kind": row.kind, "from": row.month, "to": row.month, "region": row.region}
        if row.station:
            asked["station"] = row.station
        rows = f"/v1/league-table/rows?{urlencode(asked)}"
        return cls(standing=StandingRead.of(row), grounds=list(one.grounds), basis=one.basis, rows=rows)


class CriticismsRead(BaseModel):
    """The list for criticism by name."""

    items: list[CriticismRead]


class ObligationRead(BaseModel):
    """One thing owed, and what became of it."""

    kind: Owed
    region: str
    station: str | None
    due_on: date
    done_on: date | None
    outcome: Outcome
    excused: str | None
    subject: str
    name: str

    @classmethod
    def of(cls, row: tuple[Obligation, Outcome]) -> Self:
        """The wire form."""
        owed, became = row
        return cls(
            kind=owed.kind,
            region=owed.region,
            station=owed.station or None,
            due_on=owed.due_on,
            done_on=owed.done_on,
            outcome=became,
            excused=owed.excused,
            subject=owed.subject,
            name=owed.name,
        )
