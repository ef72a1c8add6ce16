"""Ad-hoc draws in the database."""

from sqlalchemy import Connection, select
from sqlmodel import Session, col

from app.store.draw_calendar import CalendarFilter, Source
from app.store.paging import AnyRow, Rows, page
from app.store.tables.draw_calendar import AdhocDraw

_ADHOC = tuple(AdhocDraw.__table__.columns)  # type: ignore[attr-defined]  # SQLModel adds it to table classes


def add(session: Session, adhoc: AdhocDraw) -> None:
    """Keep a new request."""
    session.add(adhoc)
    session.flush()


def for_change(session: Session, adhoc_id: str) -> AdhocDraw | None:
    """An ad-hoc draw, locked until the transaction ends."""
    return session.scalars(
        select(AdhocDraw).where(col(AdhocDraw.id) == adhoc_id).with_for_update()
    ).one_or_none()


def row(source: Source, adhoc_id: str) -> AnyRow | None:
    """An ad-hoc draw, to read."""
    return source.execute(select(*_ADHOC).where(col(AdhocDraw.id) == adhoc_id)).one_or_none()


def rows(
    connection: Connection, where: CalendarFilter, *, sees: str, limit: int, cursor: str | None, count: bool
) -> Rows:
    """Ad-hoc draws within a region prefix, newest first."""
    query = select(*_ADHOC).where(*where.of(AdhocDraw, sees=sees))
    by = [col(AdhocDraw.id)]
    return page(connection, query, by=by, limit=limit, cursor=cursor, descending=True, count=count)


def reasons(source: Source, *, item: str, region: str, year: int) -> dict[str, str]:
    """The reason code of each approved ad-hoc draw of an item, region and year, by period."""
    ours = (col(AdhocDraw.item) == item, col(AdhocDraw.region) == region, col(AdhocDraw.year) == year)
    rows = source.execute(
        select(col(AdhocDraw.period), col(AdhocDraw.reason_code)).where(
            *ours, col(AdhocDraw.state) == "approved"
        )
    )
    return {row.period: row.reason_code for row in rows}
