"""Numbers of every draw's visits for supervisors, what is not public yet included."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, String, and_, case, cast, func, not_, or_, select
from sqlmodel import col

from app.store.agencies import visits_of
from app.store.results.public_standings import By, Counted, how_many, how_results_stand, month_of, public_now
from app.store.tables.fieldwork import Visit
from app.store.tables.results import Publication, PublicResult

_VISITED: Final = col(Visit.state).in_(["submitted", "closed"])


def counts(
    connection: Connection,
    where: Counted,
    *,
    sees: str,
    agency: str | None,
    by: By,
    today: date,
    violations: Sequence[str],
    open_states: Sequence[str],
) -> Sequence[dict[str, Any]]:
    """Numbers of the drawn visits within the region prefix `sees`, by item or by month, in that order.

    A visit counts under the day on which it ended, an open one under the last day of its window.
    Counted are those of an agency; None: of all.
    """
    last = col(Visit.visit_to)
    day = case((_VISITED, func.coalesce(col(Visit.ended_on), last)), else_=last)
    group = col(Visit.item) if by == "item" else month_of(day)
    query = (
        select(group.label("group"), *_numbers(today, violations, open_states))
        .select_from(Visit)
        .join(Publication, col(Publication.visit_id) == col(Visit.id), isouter=True)
        .join(PublicResult, public_now(col(Visit.id)), isouter=True)
        .where(col(Visit.kind) == "drawn", col(Visit.region).startswith(sees, autoescape=True))
        .where(visits_of(agency))
        .where(*where.of(col(Visit.region), day))
        .group_by("group")
        .order_by("group")
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def _numbers(
    today: date, violations: Sequence[str], open_states: Sequence[str]
) -> tuple[ColumnElement[int], ...]:
    """What is counted of a group of visits, each with its publication and its public result."""
    state, public, result = col(Visit.state), col(PublicResult.id).is_not(None), col(Publication.state)
    ended = or_(_VISITED, state == "unreachable")
    # Without a publication there is no state: a clock that waits for the year's calendar.
    standing = case(
        (not_(ended), "none"),
        (public, "public"),
        (result.in_(["withheld", "withdrawn"]), result),
        else_="pending",
    )
    violated = or_(*(cast(col(Visit.codes), String).contains(f'"{code}"') for code in violations))
    return (
        func.count().label("drawn"),
        how_many(_VISITED, "visited"),
        how_many(state == "not_visited", "not_visited"),
        how_many(state == "unreachable", "unreachable"),
        how_many(state.in_(open_states), "open"),
        *how_results_stand(standing, col(Publication.due_on), today),
        how_many(and_(_VISITED, not_(public), violated), "found_unpublished"),
    )
