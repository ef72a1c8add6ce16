"""Collisions of duty and annual cap 义务与上限冲突 on the wire."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from app.domain.duties.collisions import Collision, Yields
from app.schemas.instant import Instant
from app.services.planning.collisions import Found, Ruling


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
