"""Draws of a year with what came of them, to see how many were single-random."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select
from sqlmodel import col

from app.store.paging import AnyRow
from app.store.tables.drawing import PublicDraw
from app.store.tables.fieldwork import Visit
from app.store.tables.standings import PublicStanding


def draws_between(
    connection: Connection, *, since: datetime, before: datetime, regions: Sequence[str], public: bool
) -> Sequence[AnyRow]:
    """`item`, `committed_at`, `copy` and `visits` of draws that were not voided.

    Args:
        connection: where to read.
        since: the first instant of a commitment.
        before: the instant from which on it is too late.
        regions: prefixes that a draw's region has all of.
        public: count only what the public sees of visits: those of draws that are revealed.
    """
    table = PublicStanding if public else Visit
    visits = (
        select(col(table.draw_id), func.count().label("visits"))
        .where(col(table.draw_id).is_not(None))
        .group_by(col(table.draw_id))
        .subquery()
    )
    return connection.execute(
        select(
            *(col(PublicDraw.item), col(PublicDraw.committed_at), col(PublicDraw.copy_).label("copy")),
            func.coalesce(visits.c.visits, 0).label("visits"),
        )
        .join(visits, visits.c.draw_id == col(PublicDraw.draw_id), isouter=True)
        .where(
            col(PublicDraw.state) != "voided",
            col(PublicDraw.committed_at) >= since,
            col(PublicDraw.committed_at) < before,
            *(col(PublicDraw.region).startswith(one, autoescape=True) for one in regions),
        )
    ).all()
