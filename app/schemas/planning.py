"""Draw plans on the wire."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, Self

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, StrictInt, ValidationError

from app.domain.drafts import Draft
from app.domain.draw.basics.digest import Alg
from app.domain.merge_patch import merge_patch
from app.schemas.hour import Hour
from app.schemas.instant import Instant

PlanState = Literal["draft", "approved", "committed"]

_EXAMPLE: dict[str, Any] = {
    "item": "psb.venues",
    "region": "410928",
    "period": "2026-11.2",
    "scope": {"regimes": ["entertainment"], "levels": [], "stations": []},
    "strata": [
        {
            "name": "level-3",
            "match": {"regime": "entertainment", "level": 3},
            "rate": [1, 5],
            "min": 2,
            "surprise": 1,
        },
        {"name": "others", "match": {"regime": "entertainment"}, "rate": [1, 10], "min": 1, "surprise": 1},
    ],
    "slots": [["agency:psb", "role:lead"], ["agency:psb"]],
    "entropy": {
        "kind": "ceremony",
        "sources": [
            {"name": "dice", "format": "digits:20"},
            {"name": "lottery", "format": "lotto:6/33+1/16"},
        ],
    },
    "visit_from": "2026-12-01",
    "visit_to": "2026-12-10",
    "reveal_by": "2026-12-31",
}


class Scope(BaseModel):
    """Which registrations are meant; an empty list restricts nothing, empty `regimes` are the item's own."""

    model_config = ConfigDict(extra="forbid")

    regimes: list[str] = Field(default=[], description="监管类别 (regimes)")
    levels: list[StrictInt] = Field(default=[], description="治安等级 1–3 (levels)")
    stations: list[str] = Field(default=[], description="派出所三位代码 (stations, three digits)")


class Match(BaseModel):
    """Which registrations belong to a stratum; what is left out restricts nothing."""

    model_config = ConfigDict(extra="forbid")

    regime: str | None = None
    level: StrictInt | None = None
    subtype: str | None = None
    credit_class: str | None = Field(
        default=None, description="信用风险类别 A–D (class of credit risk)", examples=["D"]
    )


class PlannedStratum(BaseModel):
    """A stratum 分层; registrations belong to the first one, in the order given, that they match."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(examples=["level-3"])
    match: Match = Match()
    rate: list[StrictInt] = Field(description="抽取比例 p/q (the ratio [p, q])", examples=[[1, 20]])
    min: StrictInt = Field(default=0, description="至少抽取数 (at least so many)")
    surprise: StrictInt = Field(default=0, description="频次义务之外的抽取数 (beyond what duties demand)")


class EntropySource(BaseModel):
    """A source of a ceremony."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(examples=["dice"])
    format: str = Field(examples=["digits:20", "hex:16", "lotto:6/33+1/16"])


class PlannedEntropy(BaseModel):
    """Where the public randomness will come from: a ceremony's sources, or a round of drand."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["ceremony", "drand"]
    sources: list[EntropySource] | None = None
    chain: str | None = None
    round: StrictInt | None = None


class JointPlan(BaseModel):
    """A joint inspection 联合抽查: the lead agency, and the items of each agency."""

    model_config = ConfigDict(extra="forbid")

    lead_agency: str = Field(description="牵头部门 (the lead agency)", examples=["psb"])
    items: dict[str, list[str]] = Field(
        description="各部门的抽查事项 (items by agency)",
        examples=[{"psb": ["psb.venues"], "fire": ["fire.units"]}],
    )


class PlanWrite(BaseModel):
    """What is to be drawn."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    item: str = Field(description="抽查事项编码 (code of the inspection item)")
    region: str = Field(description="行政区划 GB/T 2260 (region)")
    period: str = Field(description="抽查期次 (canonical period)", examples=["2026-11.2", "2026Q4"])
    alg: Alg = Field(default="sha256", description="哈希算法 (hash algorithm of the draw)")
    scope: Scope = Scope()
    strata: list[PlannedStratum] | None = Field(
        default=None, description="留空则按规则分层 (left out: from the policy)"
    )
    slots: list[list[str]] | None = Field(
        default=None,
        description="每个检查席位的标签；空列表为单随机，留空按事项默认 "
        "(tags of each place; an empty list is a single-random draw; left out: the item's)",
    )
    joint: JointPlan | None = Field(
        default=None, description="联合抽查；留空为本部门单独检查 (left out: one agency inspects)"
    )
    entropy: PlannedEntropy
    visit_from: date
    visit_to: date
    reveal_by: date
    disclose_from: Hour | None = Field(
        default=None,
        description="检查当日告知检查对象的时刻，北京时间；留空为早晨 (when a team learns where to go)",
    )

    def draft(self) -> Draft:
        """The same as the rules take it."""
        strata = self.strata
        return Draft(
            item=self.item,
            region=self.region,
            period=self.period,
            alg=self.alg,
            scope=self.scope.model_dump(),
            strata=None if strata is None else [one.model_dump(exclude_none=True) for one in strata],
            slots=self.slots,
            entropy=self.entropy.model_dump(exclude_none=True),
            visit_from=self.visit_from,
            visit_to=self.visit_to,
            reveal_by=self.reveal_by,
            joint=None if self.joint is None else self.joint.model_dump(),
            disclose_from=self.disclose_from,
        )

    @classmethod
    def patched(cls, plan: "PlanRead", patch: Mapping[str, Any]) -> Self:
        """A plan with a merge patch (RFC 7396) applied.

        Raises:
            RequestValidationError: the result is no plan; its pointers are those of the whole plan.
        """
        before = plan.model_dump(mode="json", include=set(cls.model_fields), exclude_none=True)
        try:
            return cls.model_validate(merge_patch(before, patch))
        except ValidationError as error:
            raise RequestValidationError(error.errors()) from error


class PlanRead(BaseModel):
    """A draw plan 抽查计划."""

    id: str
    state: PlanState
    item: str
    region: str
    period: str
    alg: Alg
    scope: dict[str, list[Any]]
    strata: list[dict[str, Any]] | None = Field(description="null：按规则分层 (from the policy)")
    slots: list[list[str]]
    joint: dict[str, Any] | None = Field(description="联合抽查 (a joint inspection)")
    entropy: dict[str, Any]
    visit_from: date
    visit_to: date
    reveal_by: date
    disclose_from: Hour | None = Field(description="告知检查对象的时刻 (when a team learns where to go)")
    policy: str = Field(description="规则文件摘要 (SHA-256 digest of the policy)")
    drafted_by: str
    drafted_at: Instant
    edited_by: str
    edited_at: Instant
    approved_by: str | None
    approved_at: Instant | None

    @classmethod
    def of(cls, plan: object) -> Self:
        """From a stored plan or a row of one."""
        return cls.model_construct(**{name: _ordered(getattr(plan, name)) for name in cls.model_fields})


def _ordered(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """JSON with its members by name: PostgreSQL keeps no order, and an ETag must not depend on it."""
    if isinstance(value, dict):
        return {name: _ordered(value[name]) for name in sorted(value)}
    return [_ordered(one) for one in value] if isinstance(value, list) else value
