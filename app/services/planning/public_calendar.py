"""What anybody may read of calendars: the public copies, as they were written."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.regions import region_prefix
from app.services.context import Look
from app.store import public_calendar as store


@dataclass(frozen=True, slots=True)
class PublicCalendars:
    """A page of public copies."""

    rows: Sequence[dict[str, Any]]
    next_cursor: str | None
    count: int | None


def calendars(
    look: Look,
    *,
    year: int | None,
    region: str | None,
    item: str | None,
    limit: int,
    cursor: str | None,
    count: bool,
) -> PublicCalendars:
    """Public copies by year, region and item."""
    found = store.rows(
        look.connection,
        year=year,
        region=None if region is None else region_prefix(region),
        item=item,
        limit=limit,
        cursor=cursor,
        count=count,
    )
    return PublicCalendars([row.copy for row in found.rows], found.next_cursor, found.count)
