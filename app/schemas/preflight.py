"""Preflights and the line of an entity on the wire."""

from datetime import date
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from app.domain.findings import Finding
from app.domain.freezing import FreezeInput
from app.domain.preflight import StratumForecast
from app.domain.tickets import TicketLine
from app.messages import text
from app.services.planning.reading import EntityLine


class FindingRead(BaseModel):
    """One finding: its code, what it says, and the values behind it."""

    model_config = ConfigDict(extra="allow")

    code: str = Field(examples=["too-few-inspectors"])
    message: str = Field(
        examples=["第 1 席（标签 agency:psb+role:lead）缺少具备 role:lead 的检查人员：合格 0 人"]
    )
    message_en: str

    @classmethod
    def of(cls, finding: Finding) -> Self:
        """From a finding of the rules."""
        words = dict(finding.words())
        return cls(
            code=finding.code,
            message=text(f"field.{finding.code}", "zh", **words),
            message_en=text(f"field.{finding.code}", "en", **words),
            **finding.values,
        )


class StratumRead(BaseModel):
    """What DR1 section 5 would want of a stratum."""

    name: str
    rate: list[int]
    min: int
    surprise: int
    size: int = Field(description="对象数 (lines)")
    drawable: int = Field(description="可抽对象数 (lines with tickets)")
    quota: int
    cover: int
    wanted: int = Field(description="应抽数 (wanted)")
    drawn: int = Field(description="可抽出数 (would be drawn)")

    @classmethod
    def of(cls, forecast: StratumForecast) -> Self:
        """From a forecast."""
        stratum = forecast.stratum
        return cls(
            name=stratum.name,
            rate=[stratum.rate_p, stratum.rate_q],
            min=stratum.minimum,
            surprise=stratum.surprise,
            size=forecast.size,
            drawable=forecast.drawable,
            quota=forecast.quota,
            cover=forecast.cover,
            wanted=forecast.wanted,
            drawn=forecast.drawn,
        )


class ExclusionRead(BaseModel):
    """An officer who cannot take part, and why."""

    inspector: str
    reason: str
    message: str
    message_en: str


class ReducedCapRead(BaseModel):
    """An inspector who takes less in this draw than registered, for the load of the period."""

    model_config = ConfigDict(from_attributes=True)

    inspector: str
    registered: int = Field(description="登记的每次上限 (the register's cap)")
    taken: int = Field(description="本周期已承担的抽查 (drawn visits in the period)")
    cap: int = Field(description="本次上限 (the cap in this draw)")


class PreflightRead(BaseModel):
    """A preflight 预检: errors keep the plan from approval, warnings are to be weighed."""

    lines: int
    inspectors: int
    recusals: int
    by_stratum: list[StratumRead]
    errors: list[FindingRead]
    warnings: list[FindingRead]
    excluded: list[ExclusionRead]
    reduced: list[ReducedCapRead]
    rotated: int = Field(description="因轮换而分开的人员与对象 (pairs that rotation keeps apart)")

    @classmethod
    def of(cls, found: FreezeInput) -> Self:
        """From what the registers give now."""
        ahead = found.preflight
        return cls(
            lines=ahead.lines,
            inspectors=len(found.inspectors),
            recusals=len(found.recusals),
            by_stratum=[StratumRead.of(one) for one in ahead.by_stratum],
            errors=[FindingRead.of(one) for one in ahead.errors],
            warnings=[FindingRead.of(one) for one in ahead.warnings],
            excluded=[
                ExclusionRead(
                    inspector=one.inspector,
                    reason=one.reason,
                    message=text(f"excluded.{one.reason}", "zh"),
                    message_en=text(f"excluded.{one.reason}", "en"),
                )
                for one in found.excluded
            ],
            reduced=[ReducedCapRead.model_validate(one) for one in found.exclusions.caps],
            rotated=len(found.exclusions.rotation.kept),
        )


class TicketLineRead(BaseModel):
    """One line of the explanation; the tickets of all lines add up."""

    fact: str
    tickets: int
    basis: str
    on: date | None
    until: date | None = Field(description="计至（含当日）；null 为持续有效 (the last day; null: open)")
    source_no: str | None
    text: str
    text_en: str

    @classmethod
    def of(cls, line: TicketLine) -> Self:
        """From a line of the rules."""
        return cls(
            fact=line.fact,
            tickets=line.tickets,
            basis=line.basis,
            on=line.on,
            until=line.until,
            source_no=line.source_no,
            text=_explained(line, "zh"),
            text_en=_explained(line, "en"),
        )


def _explained(line: TicketLine, lang: str) -> str:
    said = text(f"ticket.{line.fact}", lang, tickets=abs(line.tickets), on=line.on)
    return said if line.until is None else said + text("ticket.until", lang, until=line.until)


class EntityTickets(BaseModel):
    """The line that an entity would have on a day."""

    entity: str = Field(description="DR1 entity id")
    item: str
    on: date
    policy: str
    in_roster: bool
    absent: str | None = Field(description="不在名录的原因 (why it is not in the roster)")
    absent_text: str | None
    absent_text_en: str | None
    stratum: str | None
    tickets: int | None
    draws_left: int | None
    needs: list[str]
    note: str | None
    lines: list[TicketLineRead]
    unmatched: list[str]
    ungraded: list[str]
    unclassed: list[str] = Field(description="缺少信用风险分类的监管类别 (regimes that lack a credit class)")
    not_seen: bool

    @classmethod
    def of(cls, given: EntityLine) -> Self:
        """From what the registers give now."""
        found = given.found
        line, count, absent = found.line, found.counted, found.absent
        drawn: dict[str, Any] = {
            "stratum": None,
            "tickets": None,
            "draws_left": None,
            "needs": [],
            "note": None,
        }
        if line is not None:
            drawn = {name: getattr(line, name) for name in drawn} | {"needs": list(line.needs)}
        return cls(
            entity=given.entity,
            item=given.item,
            on=given.on,
            policy=given.policy,
            in_roster=line is not None,
            absent=absent,
            absent_text=absent and text(f"absent.{absent}", "zh"),
            absent_text_en=absent and text(f"absent.{absent}", "en"),
            **drawn,
            lines=[] if count is None else [TicketLineRead.of(one) for one in count.lines],
            unmatched=list(found.unmatched),
            ungraded=list(found.ungraded),
            unclassed=list(found.unclassed),
            not_seen=found.not_seen,
        )
