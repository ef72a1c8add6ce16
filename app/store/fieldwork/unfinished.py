"""Draws of which a visit is not finished: what a later draw of the item is better committed after."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import exists, select
from sqlmodel import col

from app.domain.fieldwork.visit import OPEN
from app.store.paging import AnyRow
from app.store.premises import Source
from app.store.tables.drawing import Draw
from app.store.tables.fieldwork import Visit
from app.store.tables.planning import DrawPlan


def unfinished_draws(source: Source, *, item: str, first: date, before: date) -> Sequence[AnyRow]:
    """`region`, `item`, `period`, `visit_to` of draws with an unfinished visit, in order of their commitment.

    Args:
        source: where to read.
        item: code of the inspection item.
        first: their visits end on this day or later.
        before: and earlier than this day.
    """
    unfinished = exists().where(col(Visit.draw_id) == col(Draw.id), col(Visit.state).in_(OPEN))
    return source.execute(
        select(col(DrawPlan.region), col(DrawPlan.item), col(Draw.period), col(Draw.visit_to))
        .join(DrawPlan, col(DrawPlan.id) == col(Draw.draw_plan_id))
        .where(col(DrawPlan.item) == item, col(Draw.visit_to) >= first, col(Draw.visit_to) < before)
        .where(unfinished)
        .order_by(col(Draw.committed_at), col(Draw.id))
    ).all()
