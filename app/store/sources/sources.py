"""Sources and their alarms."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, exists, or_, select, update
from sqlmodel import Session, col

from app.store.paging import Rows, page
from app.store.registers.pages import Paging
from app.store.tables.sources import Source, SourceAlarm

_COLUMNS = tuple(Source.__table__.columns)  # type: ignore[attr-defined]  # SQLModel adds it to table classes
_ALARM_COLUMNS = tuple(SourceAlarm.__table__.columns)  # type: ignore[attr-defined]  # as above
_UUID_LENGTH = 36

_ALARMED = exists().where(col(SourceAlarm.source_id) == col(Source.id), col(SourceAlarm.cleared_at).is_(None))


def add_source(session: Session, source: Source) -> None:
    """Keep a new source."""
    session.add(source)
    session.flush()


def code_is_taken(session: Session, code: str) -> bool:
    """Whether a source of this installation has the code."""
    return session.scalar(select(col(Source.id)).where(col(Source.code) == code)) is not None


def source_row(connection: Connection, named: str) -> Row[Any] | None:
    """A source, by its id or code."""
    column = col(Source.id) if len(named) == _UUID_LENGTH else col(Source.code)
    return connection.execute(select(*_COLUMNS).where(column == named)).one_or_none()


def source_for_change(session: Session, source_id: str) -> Source | None:
    """A source, locked until the transaction ends."""
    return session.scalars(select(Source).where(col(Source.id) == source_id).with_for_update()).one_or_none()


def source_page(
    connection: Connection, *, region: str, state: str | None, alarmed: bool | None, paging: Paging
) -> Rows:
    """The sources of a region prefix, by code."""
    query = select(*_COLUMNS).where(col(Source.region).startswith(region, autoescape=True))
    if state is not None:
        query = query.where(col(Source.state) == state)
    if alarmed is not None:
        query = query.where(_ALARMED if alarmed else ~_ALARMED)
    return page(
        connection,
        query,
        by=(col(Source.code),),
        limit=paging.limit,
        cursor=paging.cursor,
        count=paging.count,
    )


def due_sources(connection: Connection, *, now: datetime, limit: int) -> Sequence[str]:
    """Ids of the sources whose schedule asks for a run, or that are overdue without an alarm that says so."""
    told = exists().where(
        col(SourceAlarm.source_id) == col(Source.id),
        col(SourceAlarm.kind) == "overdue",
        col(SourceAlarm.cleared_at).is_(None),
    )
    overdue = (col(Source.overdue_at) <= now) & ~told
    return connection.scalars(
        select(col(Source.id))
        .where(col(Source.state) == "active", or_(col(Source.due_at) <= now, overdue))
        .order_by(col(Source.due_at), col(Source.id))
        .limit(limit)
    ).all()


def standing_alarms(connection: Connection, source_ids: Sequence[str]) -> Sequence[Row[Any]]:
    """The alarms of some sources that nothing has cleared yet, oldest first."""
    return connection.execute(
        select(*_ALARM_COLUMNS)
        .where(col(SourceAlarm.source_id).in_(source_ids), col(SourceAlarm.cleared_at).is_(None))
        .order_by(col(SourceAlarm.id))
    ).all()


def alarm_page(connection: Connection, *, region: str, standing: bool | None, paging: Paging) -> Rows:
    """The alarms of a region prefix with the codes of their sources, newest first."""
    query = (
        select(*_ALARM_COLUMNS, col(Source.code).label("source"))
        .join(Source, col(Source.id) == col(SourceAlarm.source_id))
        .where(col(SourceAlarm.region).startswith(region, autoescape=True))
    )
    if standing is not None:
        cleared = col(SourceAlarm.cleared_at)
        query = query.where(cleared.is_(None) if standing else cleared.is_not(None))
    return page(
        connection,
        query,
        by=(col(SourceAlarm.id),),
        limit=paging.limit,
        cursor=paging.cursor,
        count=paging.count,
        descending=True,
    )


def standing_alarm(session: Session, *, source_id: str, kind: str) -> SourceAlarm | None:
    """The alarm of a kind that stands, to be raised once more."""
    return session.scalars(
        select(SourceAlarm)
        .where(
            col(SourceAlarm.source_id) == source_id,
            col(SourceAlarm.kind) == kind,
            col(SourceAlarm.cleared_at).is_(None),
        )
        .with_for_update()
    ).one_or_none()


def add_alarm(session: Session, alarm: SourceAlarm) -> None:
    """Raise a new alarm."""
    session.add(alarm)
    session.flush()


def clear_alarms(session: Session, source_id: str, now: datetime) -> int:
    """Clear every alarm of a source; gives how many there were."""
    cleared = session.connection().execute(
        update(SourceAlarm)
        .where(col(SourceAlarm.source_id) == source_id, col(SourceAlarm.cleared_at).is_(None))
        .values(cleared_at=now)
    )
    return cleared.rowcount
