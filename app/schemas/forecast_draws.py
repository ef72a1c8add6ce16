"""A draw of the forecast 预测 on the wire, and what binds it."""

from datetime import date
from typing import Literal, Self

from pydantic import BaseModel, Field

from app.domain.simulation.binding import Binding
from app.domain.simulation.tally import DrawMade
from app.messages import text
from app.schemas.preflight import FindingRead

_MOST_INSPECTORS = 10
_DECIMALS = 3


class BindingRead(BaseModel):
    """What comes nearest to its limit: a tag by places, an inspector by visits."""

    kind: Literal["tag", "inspector"]
    name: str = Field(examples=["district:410928003"])
    asked: int = Field(description="需要席位或检查次数 (places or visits asked for)")
    capacity: int = Field(description="可提供的席位或次数 (places or visits that can be given)")
    used: float | None = Field(description="占用比例，不能提供时为 null (share used; null: nothing to give)")
    message: str
    message_en: str

    @classmethod
    def of(cls, binds: Binding) -> Self:
        """From what the rules found."""
        words = {"name": binds.name, "asked": binds.asked, "capacity": binds.capacity}
        return cls(
            kind=binds.kind,
            name=binds.name,
            asked=binds.asked,
            capacity=binds.capacity,
            used=round(float(binds.share), _DECIMALS) if binds.capacity else None,
            message=text(f"forecast.{binds.kind}", "zh", **words),
            message_en=text(f"forecast.{binds.kind}", "en", **words),
        )


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
