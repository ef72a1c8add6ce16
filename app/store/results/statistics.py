"""Numbers of every draw's visits for supervisors, what is not public yet included."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, String, and_, case, cast, func, not_, or_, select
from sqlmodel import col

from app.store.results.public_standings import By, Counted, how_many, month_of
from app.store.tables.fieldwork import Visit
from app.store.tables.results import Publication, PublicResult


def counts(
    connection: Connection,
    where: Counted,
    *,
    sees: str,
    by: By,
    today: date,
    violations: Sequence[str],
    open_states: Sequence[str],
) -> Sequence[dict[str, Any]]:
    """Numbers of the drawn visits within the region prefix `sees`, by item or by month, in that order.

    A visit counts under the day on which it ended, an open one under the last day of its window.
    """
    state = col(Visit.state)
    visited = state.in_(["submitted", "closed"])
    day = case((visited, func.coalesce(col(Visit.ended_on), col(Visit.visit_to))), else_=col(Visit.visit_to))
    group = col(Visit.item) if by == "item" else month_of(day)
    public, result = col(PublicResult.id).is_not(None), col(Publication.state)
    ended = or_(visited, state == "unreachable")
    withheld = and_(ended, not_(public), result == "withheld")
    withdrawn = and_(ended, not_(public), result == "withdrawn")
    # Without a publication there is no state: a clock that waits for the year's calendar.
    held = func.coalesce(result, "").in_(["withheld", "withdrawn"])
    pending = and_(ended, not_(public), not_(held))
    violated = or_(*(cast(col(Visit.codes), String).contains(f'"{code}"') for code in violations))
    current = and_(
        *(col(PublicResult.id) == col(Visit.id), col(PublicResult.current), not_(col(PublicResult.withdrawn)))
    )
    query = (
        select(
            group.label("group"),
            func.count().label("drawn"),
            how_many(visited, "visited"),
            how_many(state == "not_visited", "not_visited"),
            how_many(state == "unreachable", "unreachable"),
            how_many(state.in_(open_states), "open"),
            how_many(public, "published"),
            how_many(col(PublicResult.in_time), "in_time"),
            how_many(pending, "pending"),
            how_many(and_(pending, col(Publication.due_on) < today), "overdue"),
            how_many(withheld, "withheld"),
            how_many(withdrawn, "withdrawn"),
            how_many(col(PublicResult.found), "found"),
            how_many(col(PublicResult.punished), "punished"),
            how_many(and_(visited, not_(public), violated), "found_unpublished"),
        )
        .select_from(Visit)
        .join(Publication, col(Publication.visit_id) == col(Visit.id), isouter=True)
        .join(PublicResult, current, isouter=True)
        .where(col(Visit.kind) == "drawn", col(Visit.region).startswith(sees, autoescape=True))
        .where(*where.of(col(Visit.region), day))
        .group_by("group")
        .order_by("group")
    )
    return [dict(row) for row in connection.execute(query).mappings()]
