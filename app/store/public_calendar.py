"""The public copies of calendars in the database."""

from sqlalchemy import Connection, select
from sqlmodel import Session, col

from app.store.paging import AnySelect, Rows, page
from app.store.tables.draw_calendar import PublicCalendar


def put(session: Session, copy: PublicCalendar) -> None:
    """Write a public copy anew."""
    session.merge(copy)


def rows(
    connection: Connection,
    *,
    year: int | None,
    region: str | None,
    item: str | None,
    limit: int,
    cursor: str | None,
    count: bool,
) -> Rows:
    """Public copies, by year, region and item."""
    query: AnySelect = select(
        col(PublicCalendar.copy_).label("copy"),
        col(PublicCalendar.year),
        col(PublicCalendar.region),
        col(PublicCalendar.item),
    )
    if region is not None:
        query = query.where(col(PublicCalendar.region).startswith(region, autoescape=True))
    wanted = ((col(PublicCalendar.year), year), (col(PublicCalendar.item), item))
    query = query.where(*(column == value for column, value in wanted if value is not None))
    by = [col(PublicCalendar.year), col(PublicCalendar.region), col(PublicCalendar.item)]
    return page(connection, query, by=by, limit=limit, cursor=cursor, count=count)
