"""The line that an entity would have in a draw, today or on a past day."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query

from app.acts import ActRoute
from app.deps import LookDep, allow
from app.schemas.preflight import EntityTickets
from app.services.planning import reading

router = APIRouter(prefix="/v1/entities", tags=["计划 planning"], route_class=ActRoute)


@router.get(
    "/{entity_id}/tickets", dependencies=allow("registers.read"), summary="签数说明 Tickets of an entity"
)
def tickets(
    entity_id: Annotated[str, Path(description="检查对象编号或统一社会信用代码 (id or USCC)")],
    item: Annotated[str, Query(description="抽查事项编码 (code of an item)", examples=["psb.venues"])],
    look: LookDep,
    on: Annotated[date | None, Query(description="今天或过去的一日 (today or a past day)")] = None,
) -> EntityTickets:
    """How many tickets the entity has on the day, line by line: fact, basis, tickets, until when.

    A past day is answered from the registers as they stood at its end, and by the rules in force on it.
    """
    return EntityTickets.of(reading.entity_line(look, entity_id, item, on=on))
