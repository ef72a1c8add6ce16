"""A draw of the forecast 预测 on the wire, and what binds it."""

from datetime import date
from typing import Literal, Self

from pydantic import BaseModel, Field

from app.domain.simulation.binding import Binding
from app.domain.simulation.shortfall import Shortfall
from app.domain.simulation.tally import DrawMade
from app.messages import listed, text
from app.schemas.preflight import FindingRead

_MOST_INSPECTORS = 5
_DECIMALS = 3

Why = Literal[
    "not-assigned",
    "certificate-expired",
    "training-expired",
    "absent",
    "other-agency",
    "not-qualified",
    "other-district",
    "load-reached",
    "not-lead",
    "recusal",
    "rotation",
    "load-reduced",
]


class ShortfallWhyRead(BaseModel):
    """A reason why others cannot take the places, or those who can take fewer, and how many it holds for."""

    reason: Why
    count: int = Field(description="人数 (inspectors)")
    message: str
    message_en: str

    @classmethod
    def of(cls, reason: str, count: int) -> Self:
        """From what the rules found."""
        return cls(
            reason=reason,  # type: ignore[arg-type]  # checked by pydantic
            count=count,
            message=text(f"forecast.why.{reason}", "zh", count=count),
            message_en=text(f"forecast.why.{reason}", "en", count=count),
        )


class ShortfallRead(BaseModel):
    """Places that stay empty whoever is dealt, by the draw's own certificate."""

    lacking: int = Field(description="缺少的席位 (places that stay empty: asked less capacity)")
    tags: list[str] = Field(
        description="这些席位有别于其他席位的标签，缺得最多的在前；空：缺的是人，不是资格 "
        "(what tells these places from others, most lacking first; empty: people lack, not tags)"
    )
    inspectors: int = Field(description="可承担其中席位的人数 (who can take any of these places)")
    examples: list[str] = Field(description="其中前 5 人的编号 (codes of the first five of them)")
    why: list[ShortfallWhyRead] = Field(
        description="其他人员不能承担、或承担减少的原因，人数多的在前 "
        "(why others cannot, or these take fewer, most first)"
    )

    @classmethod
    def of(cls, found: Shortfall) -> Self:
        """From what the rules found."""
        return cls(
            lacking=found.lacking,
            tags=list(found.tags),
            inspectors=len(found.inspectors),
            examples=list(found.inspectors[:_MOST_INSPECTORS]),
            why=[ShortfallWhyRead.of(reason, count) for reason, count in found.why.items()],
        )


class BindingRead(BaseModel):
    """What comes nearest to its limit, or is beyond it: a tag by places, a person by visits, or people."""

    kind: Literal["tag", "inspector", "people"] = Field(
        description="people：席位不足，且没有哪个标签使其有别于其他席位 "
        "(places stay empty, and no tag tells them from others)"
    )
    name: str | None = Field(
        description="标签或人员编号；people 时为 null (tag or code; null: people)",
        examples=["district:410928003"],
    )
    asked: int = Field(
        description="需要席位或检查次数；组不成队时为短缺证明所列席位 "
        "(places or visits asked for; where teams lack, the places of the certificate)"
    )
    capacity: int = Field(
        description="可提供的席位或次数；组不成队时为能承担这些席位者合计最多可承担的 "
        "(places or visits that can be given; where teams lack, by all who can take any of these places)"
    )
    used: float | None = Field(
        description="占用比例，组不成队时大于 1，不能提供时为 null "
        "(share used, above 1 where teams lack; null: nothing to give)"
    )
    message: str
    message_en: str
    shortfall: ShortfallRead | None = Field(
        description="组不成队的席位；都能组队时为 null (places that stay empty; null: every team is complete)"
    )

    @classmethod
    def of(cls, binds: Binding) -> Self:
        """From what the rules found."""
        short = binds.shortfall
        return cls(
            kind=binds.kind,
            name=binds.name or None,
            asked=binds.asked,
            capacity=binds.capacity,
            used=round(float(binds.share), _DECIMALS) if binds.capacity else None,
            message=_told(binds, "zh"),
            message_en=_told(binds, "en"),
            shortfall=None if short is None else ShortfallRead.of(short),
        )


def _told(binds: Binding, lang: str) -> str:
    words: dict[str, object] = {"name": binds.name, "asked": binds.asked, "capacity": binds.capacity}
    short = binds.shortfall
    if short is None:
        return text(f"forecast.{binds.kind}", lang, **words)
    words |= {"lacking": short.lacking, "inspectors": len(short.inspectors), "tags": listed(short.tags, lang)}
    said = text(f"forecast.short.{binds.kind}", lang, **words)
    why = [text(f"forecast.why.{reason}", lang, count=count) for reason, count in short.why.items()]
    return said + text("forecast.short.why", lang, why=listed(why, lang)) if why else said


class ForecastDrawRead(BaseModel):
    """A draw as it would come out."""

    item: str
    region: str = Field(description="组织抽取的单位 (where it is held)")
    period: str
    kind: Literal["regular", "extra", "adhoc"]
    visit_from: date
    visit_to: date
    lines: int = Field(description="名录对象数 (lines of the roster)")
    drawn: int = Field(description="抽中数 (drawn)")
    owed: int = Field(description="其中为频次义务 (of these for a duty)")
    without_team: int = Field(description="无法组队数 (drawn, but no team)")
    inspectors: int = Field(description="可参加的执法人员 (who could take part)")
    capacity: int = Field(description="按每次上限可检查数 (visits that their caps allow)")
    binds: BindingRead | None
    errors: list[FindingRead]

    @classmethod
    def of(cls, draw: DrawMade) -> Self:
        """From what was simulated."""
        planned = draw.planned
        return cls.model_validate(
            {
                **{name: getattr(planned, name) for name in ("item", "period", "kind")},
                "visit_from": planned.visit_from,
                "visit_to": planned.visit_to,
                **{
                    name: getattr(draw, name)
                    for name in ("region", "lines", "drawn", "owed", "inspectors", "capacity")
                },
                "without_team": draw.short,
                "binds": draw.binds and BindingRead.of(draw.binds),
                "errors": [FindingRead.of(error) for error in draw.errors],
            }
        )
