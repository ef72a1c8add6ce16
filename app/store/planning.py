"""Draw plans in the database."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, select
from sqlmodel import Session, col

from app.store.paging import AnyRow, Rows, page
from app.store.tables.drawing import Draw
from app.store.tables.planning import DrawPlan

_COLUMNS = tuple(DrawPlan.__table__.columns)  # type: ignore[attr-defined]  # SQLModel adds it to table classes

Source = Session | Connection


def add_plan(session: Session, plan: DrawPlan) -> None:
    """Keep a new plan."""
    session.add(plan)
    session.flush()


def plan_for_change(session: Session, plan_id: str) -> DrawPlan | None:
    """The plan, locked until the transaction ends."""
    return session.scalars(
        select(DrawPlan).where(col(DrawPlan.id) == plan_id).with_for_update()
    ).one_or_none()


def plans_of_draws(source: Source, draw_ids: Collection[str]) -> dict[str, AnyRow]:
    """`region`, `slots` and `policy` of the plans of draws, by ids of the draws."""
    columns: tuple[Any, ...] = (col(DrawPlan.region), col(DrawPlan.slots), col(DrawPlan.policy))
    rows = source.execute(
        select(col(Draw.id).label("draw_id"), *columns)
        .join(DrawPlan, col(DrawPlan.id) == col(Draw.draw_plan_id))
        .where(col(Draw.id).in_(draw_ids))
    )
    return {row.draw_id: row for row in rows}


def plan_read(connection: Connection, plan_id: str) -> DrawPlan | None:
    """The plan as it stands, detached: changing it changes nothing."""
    row = connection.execute(select(*_COLUMNS).where(col(DrawPlan.id) == plan_id)).one_or_none()
    return None if row is None else DrawPlan(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it


def plan_rows(
    connection: Connection,
    *,
    region: str,
    whose: ColumnElement[bool],
    item: str | None,
    period: str | None,
    state: str | None,
    limit: int,
    cursor: str | None,
    count: bool,
) -> Rows:
    """Plans within a region prefix that meet the condition `whose`, newest first."""
    query = select(*_COLUMNS).where(col(DrawPlan.region).startswith(region, autoescape=True), whose)
    for column, wanted in (
        (col(DrawPlan.item), item),
        (col(DrawPlan.period), period),
        (col(DrawPlan.state), state),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    return page(
        connection, query, by=[col(DrawPlan.id)], limit=limit, cursor=cursor, descending=True, count=count
    )
