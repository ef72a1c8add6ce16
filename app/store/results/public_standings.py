"""How it stands with drawn premises, for anybody: from `public_standings` and `public_results` alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, String, and_, case, cast, func, not_, select
from sqlalchemy.orm import Mapped
from sqlmodel import col

from app.store.paging import AnySelect, Rows, page
from app.store.tables.results import PublicResult
from app.store.tables.standings import PublicStanding, PublicUndrawn


def public_now(visit_id: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a column of ids
    """The condition that joins a visit to its result as it is public now, if it is."""
    return and_(
        col(PublicResult.id) == visit_id, col(PublicResult.current), not_(col(PublicResult.withdrawn))
    )


def standing_page(
    connection: Connection, draw_id: str, *, limit: int, cursor: str | None, count: bool
) -> Rows:
    """A page of a draw's premises in the order drawn, each with its result if that is public."""
    query: AnySelect = (
        select(
            *(col(PublicStanding.place), col(PublicStanding.entity_key), col(PublicStanding.entity_name)),
            *(col(PublicStanding.state), col(PublicStanding.publication), col(PublicStanding.due_on)),
            col(PublicStanding.reason),
            *(
                col(PublicStanding.decided_on),
                col(PublicStanding.until),
                col(PublicResult.id).label("result_id"),
            ),
            *(col(PublicResult.version), col(PublicResult.codes), col(PublicResult.found)),
            *(col(PublicResult.punished), col(PublicResult.published_at), col(PublicResult.in_time)),
            col(PublicResult.appeal),
        )
        .select_from(PublicStanding)
        .join(PublicResult, public_now(col(PublicStanding.visit_id)), isouter=True)
        .where(col(PublicStanding.draw_id) == draw_id)
    )
    return page(connection, query, by=[col(PublicStanding.place)], limit=limit, cursor=cursor, count=count)


By = Literal["item", "month"]
"""What statistics are broken down by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Which premises are counted: a region prefix, and days on which they count, both included.

    `within` is the region prefix outside which whoever asks sees nothing.
    """

    region: str = ""
    within: str = ""
    since: date | None = None
    until: date | None = None

    def of(self, region: Any, day: Any) -> list[ColumnElement[bool]]:  # noqa: ANN401 - columns
        """The conditions, on the columns of a table."""
        prefixes = {self.region, self.within}
        found: list[ColumnElement[bool]] = [region.startswith(one, autoescape=True) for one in prefixes]
        if self.since is not None:
            found.append(day >= self.since)
        if self.until is not None:
            found.append(day <= self.until)
        return found


def month_of(day: Any) -> ColumnElement[str]:  # noqa: ANN401 - a column of days
    """The month `YYYY-MM` of a column of days, the same on both databases."""
    return func.substr(cast(day, String), 1, 7)


def how_many(condition: ColumnElement[bool] | Mapped[bool], name: str) -> ColumnElement[int]:
    """How many rows of a group meet a condition."""
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0).label(name)


def how_results_stand(
    standing: Any,  # noqa: ANN401 - a column
    due_on: Any,  # noqa: ANN401 - a column of days
    today: date,
) -> tuple[ColumnElement[int], ...]:
    """What is counted of results that are public, or of which only the standing is."""
    pending = standing == "pending"
    return (
        how_many(col(PublicResult.id).is_not(None), "published"),
        how_many(col(PublicResult.in_time), "in_time"),
        how_many(pending, "pending"),
        how_many(and_(pending, due_on < today), "overdue"),
        how_many(standing == "withheld", "withheld"),
        how_many(standing == "withdrawn", "withdrawn"),
        how_many(col(PublicResult.found), "found"),
        how_many(col(PublicResult.punished), "punished"),
    )


def counts(connection: Connection, where: Counted, *, by: By, today: date) -> Sequence[dict[str, Any]]:
    """Numbers of the premises of revealed draws, by item or by month, in that order."""
    state = col(PublicStanding.state)
    group = col(PublicStanding.item) if by == "item" else month_of(col(PublicStanding.day))
    visited = state.in_(["pending", "published", "withheld", "withdrawn"])
    query = (
        select(
            group.label("group"),
            func.count().label("drawn"),
            how_many(visited, "visited"),
            how_many(state == "not_visited", "not_visited"),
            how_many(state == "unreachable", "unreachable"),
            *how_results_stand(col(PublicStanding.publication), col(PublicStanding.due_on), today),
        )
        .select_from(PublicStanding)
        .join(PublicResult, public_now(col(PublicStanding.visit_id)), isouter=True)
        .where(*where.of(col(PublicStanding.region), col(PublicStanding.day)))
        .group_by("group")
        .order_by("group")
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def undrawn_counts(connection: Connection, where: Counted, *, today: date) -> Sequence[dict[str, Any]]:
    """Numbers of the results of visits without a draw, by kind, in that order."""
    gone = col(PublicUndrawn.unreachable)
    query: AnySelect = (
        select(
            col(PublicUndrawn.kind).label("group"),
            how_many(not_(gone), "visited"),
            how_many(gone, "unreachable"),
            *how_results_stand(col(PublicUndrawn.publication), col(PublicUndrawn.due_on), today),
        )
        .select_from(PublicUndrawn)
        .join(PublicResult, public_now(col(PublicUndrawn.visit_id)), isouter=True)
        .where(*where.of(col(PublicUndrawn.region), col(PublicUndrawn.ended_on)))
        .group_by("group")
        .order_by("group")
    )
    return [dict(row) for row in connection.execute(query).mappings()]
