"""Results that are not public, in the database: visits that took place, and how far their results are."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, String, and_, cast, or_, select
from sqlmodel import col

from app.domain.fieldwork.visit import State
from app.store.agencies import visits_of
from app.store.paging import Rows, page
from app.store.tables.fieldwork import Visit
from app.store.tables.results import Publication

_COLUMNS: tuple[Any, ...] = (
    *(col(Visit.id), col(Visit.region), col(Visit.kind), col(Visit.item), col(Visit.regimes)),
    *(col(Visit.entity_key), col(Visit.entity_name), col(Visit.state).label("visit_state")),
    *(
        col(Visit.visit_to),
        col(Visit.ended_on).label("visit_ended_on"),
        col(Publication.id).label("publication"),
        col(Publication.state),
    ),
    *(col(Publication.due_on), col(Publication.reason), col(Publication.withheld_by)),
    *(col(Publication.withheld_until), col(Publication.version), col(Publication.ended_on)),
)
_TOOK_PLACE = (State.CHECKED_OUT, State.SUBMITTED, State.CLOSED, State.UNREACHABLE)


def unpublished_rows(
    connection: Connection,
    *,
    region: str,
    agency: str | None,
    regimes: frozenset[str],
    today: date,
    limit: int,
    cursor: str | None,
    count: bool,
) -> Rows:
    """Visits of these regimes within a region that took place, or found nobody, without a public result.

    One that nobody checked out of by the end of its window took place, too. Of an agency, or None: of all.
    """
    never_left = and_(col(Visit.state) == State.CHECKED_IN, col(Visit.visit_to) < today)
    regulated = or_(*(cast(col(Visit.regimes), String).contains(f'"{one}"') for one in sorted(regimes)))
    query = (
        select(*_COLUMNS)
        .outerjoin(Publication, col(Publication.visit_id) == col(Visit.id))
        .where(
            col(Visit.region).startswith(region, autoescape=True),
            visits_of(agency),
            or_(col(Visit.state).in_(_TOOK_PLACE), never_left),
            col(Publication.public_version).is_(None),
            regulated,
        )
    )
    return page(connection, query, by=[col(Visit.id)], limit=limit, cursor=cursor, count=count)
