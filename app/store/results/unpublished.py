"""Results that are not public, in the database: visits that took place, and how far their results are."""

from typing import Any

from sqlalchemy import Connection, String, cast, or_, select
from sqlmodel import col

from app.domain.fieldwork.visit import State
from app.store.paging import Rows, page
from app.store.tables.fieldwork import Visit
from app.store.tables.results import Publication

_COLUMNS: tuple[Any, ...] = (
    *(col(Visit.id), col(Visit.region), col(Visit.kind), col(Visit.item), col(Visit.regimes)),
    *(col(Visit.entity_key), col(Visit.entity_name), col(Visit.state).label("visit_state")),
    *(col(Visit.checked_out_at), col(Publication.id).label("publication"), col(Publication.state)),
    *(col(Publication.due_on), col(Publication.reason), col(Publication.withheld_by)),
    *(col(Publication.withheld_until), col(Publication.version), col(Publication.ended_on)),
)
_TOOK_PLACE = (State.CHECKED_OUT, State.SUBMITTED, State.CLOSED)


def unpublished_rows(
    connection: Connection,
    *,
    region: str,
    regimes: frozenset[str],
    limit: int,
    cursor: str | None,
    count: bool,
) -> Rows:
    """Visits of these regimes within a region that took place and have no public result, oldest first."""
    regulated = or_(*(cast(col(Visit.regimes), String).contains(f'"{one}"') for one in sorted(regimes)))
    query = (
        select(*_COLUMNS)
        .outerjoin(Publication, col(Publication.visit_id) == col(Visit.id))
        .where(
            col(Visit.region).startswith(region, autoescape=True),
            col(Visit.state).in_(_TOOK_PLACE),
            col(Publication.public_version).is_(None),
            regulated,
        )
    )
    return page(connection, query, by=[col(Visit.id)], limit=limit, cursor=cursor, count=count)
