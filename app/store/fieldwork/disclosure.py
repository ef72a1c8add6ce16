"""Which drawn visits nobody but the dispatcher may know of yet (clause B8)."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, select
from sqlmodel import Session, col

from app.domain.fieldwork.visit import OPEN
from app.store.tables.drawing import Draw
from app.store.tables.fieldwork import Visit

Source = Session | Connection


def undisclosed(now: datetime) -> ColumnElement[bool]:
    """The condition that a visit was drawn, can still be made, and is not disclosed."""
    return and_(col(Visit.draw_id).is_not(None), col(Visit.state).in_(OPEN), col(Visit.disclose_at) > now)


def undisclosed_duties(source: Source, region: str, now: datetime) -> Collection[tuple[str, str]]:
    """Ids of entities with the codes of the items that their undisclosed visits carry, in a region prefix."""
    here = col(Visit.region).startswith(region, autoescape=True)
    rows = source.execute(select(col(Visit.entity_id), col(Visit.items)).where(here, undisclosed(now)))
    return {(entity, item) for entity, items in rows for item in items}


def undisclosed_draws(source: Source, now: datetime) -> Collection[str]:
    """Ids of the draws of which a visit is not disclosed, wherever they draw."""
    return {*source.scalars(select(col(Visit.draw_id)).where(undisclosed(now)).distinct())}


def undisclosed_keys(source: Source, draw_id: str, now: datetime) -> Collection[str]:
    """DR1 entity ids of a draw's undisclosed visits."""
    own = col(Visit.draw_id) == draw_id
    return {*source.scalars(select(col(Visit.entity_key)).where(own, undisclosed(now)))}


def undisclosed_until(source: Source, draw: Draw, *, region: str, now: datetime) -> datetime | None:
    """Until when visits of other draws that a draw's lists know of, in a region, are not disclosed."""
    others = and_(col(Visit.draw_id) != draw.id, col(Visit.opened_at) <= draw.committed_at)
    here = col(Visit.region).startswith(region, autoescape=True)
    return source.scalar(select(func.max(col(Visit.disclose_at))).where(here, others, undisclosed(now)))
