"""The share of single-random draws, on the wire."""

from typing import Self

from pydantic import BaseModel, Field

from app.domain.single_random import Share


class QuarterShare(BaseModel):
    """A quarter of an item."""

    quarter: str = Field(examples=["2026Q4"])
    item: str
    draws: int
    single_random_draws: int
    single_random_draws_bp: int = Field(
        description="单随机占抽取次数，万分之几 (share of draws, basis points)"
    )
    visits: int
    single_random_visits: int
    single_random_visits_bp: int | None = Field(
        description="单随机占检查次数，万分之几；没有检查为 null (share of visits, basis points)"
    )

    @classmethod
    def of(cls, share: Share) -> Self:
        """The wire form."""
        return cls(
            quarter=share.quarter,
            item=share.item,
            draws=share.draws,
            single_random_draws=share.single_draws,
            single_random_draws_bp=share.draws_bp,
            visits=share.visits,
            single_random_visits=share.single_visits,
            single_random_visits_bp=share.visits_bp,
        )


class SingleRandomReport(BaseModel):
    """How many draws and visits of a year were single-random 单随机: officers named by hand, not drawn."""

    year: int
    items: list[QuarterShare]
