"""What holds for an entity, rule by rule, today or on a past day."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query

from app.acts import ActRoute
from app.deps import LookDep, allow
from app.schemas.holding import EntityRules
from app.services.planning import holding

router = APIRouter(prefix="/v1/entities", tags=["计划 planning"], route_class=ActRoute)


@router.get(
    "/{entity_id}/rules",
    dependencies=allow("registers.read"),
    summary="适用规则说明 What holds for an entity",
)
def rules(
    entity_id: Annotated[str, Path(description="检查对象编号或统一社会信用代码 (id or USCC)")],
    look: LookDep,
    on: Annotated[date | None, Query(description="今天或过去的一日 (today or a past day)")] = None,
    item: Annotated[
        str | None, Query(description="只看此抽查事项 (only this item)", examples=["psb.special-industry"])
    ] = None,
) -> EntityRules:
    """Frequency, stratum, tickets, relief, cool-down, cap, teams, recusal and clocks, each with its basis."""
    return EntityRules.of(holding.entity_rules(look, entity_id, on=on, item=item))
