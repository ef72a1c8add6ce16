"""Runs, the rows that they have fetched, and their notes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, or_, select
from sqlmodel import Session, col

from app.store.paging import AnyRow, Rows, page
from app.store.registers.pages import Paging
from app.store.tables.sources import SourceRun, SourceRunNote, SourceStagedRow

LANDING: Final = ("landing", "marking", "matching")
"""The states in which a run changes registers."""
UNDER_WAY: Final = ("queued", "fetching", *LANDING)
_COLUMNS = tuple(SourceRun.__table__.columns)  # type: ignore[attr-defined]  # SQLModel adds it to table classes


def add_run(session: Session, run: SourceRun) -> None:
    """Queue a run."""
    session.add(run)
    session.flush()


def run_under_way(session: Session, source_id: str) -> str | None:
    """The id of the source's run that has not ended, if there is one."""
    return session.scalar(
        select(col(SourceRun.id)).where(
            col(SourceRun.source_id) == source_id, col(SourceRun.state).in_(UNDER_WAY)
        )
    )


def work_is_waiting(connection: Connection, *, now: datetime, lost_before: datetime) -> bool:
    """Whether a run has a step that somebody may take."""
    found = connection.scalar(select(col(SourceRun.id)).where(*_free(now, lost_before)).limit(1))
    return found is not None


def claim(session: Session, *, now: datetime, lost_before: datetime) -> SourceRun | None:
    """The run of the fewest steps whose next one is free, locked until the transaction ends.

    On PostgreSQL a run that another worker is at is passed over, on SQLite writers queue anyway.
    """
    return session.scalars(
        select(SourceRun)
        .where(*_free(now, lost_before))
        .order_by(col(SourceRun.steps), col(SourceRun.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()


def _free(now: datetime, lost_before: datetime) -> tuple[Any, ...]:
    held = col(SourceRun.held_since)
    return (
        col(SourceRun.state).in_(UNDER_WAY),
        or_(held.is_(None), held < lost_before),
        or_(col(SourceRun.not_before).is_(None), col(SourceRun.not_before) <= now),
    )


def run_at_step(session: Session, run_id: str, steps: int) -> SourceRun | None:
    """A run that still stands at a step, locked; None when another worker has moved it."""
    return session.scalars(
        select(SourceRun)
        .where(
            col(SourceRun.id) == run_id, col(SourceRun.steps) == steps, col(SourceRun.state).in_(UNDER_WAY)
        )
        .with_for_update()
    ).one_or_none()


def run_for_change(session: Session, *, source_id: str, run_id: str) -> SourceRun | None:
    """A run of a source, locked until the transaction ends."""
    return session.scalars(
        select(SourceRun)
        .where(col(SourceRun.id) == run_id, col(SourceRun.source_id) == source_id)
        .with_for_update()
    ).one_or_none()


def run_row(connection: Connection, *, source_id: str, run_id: str) -> Row[Any] | None:
    """A run of a source."""
    return connection.execute(
        select(*_COLUMNS).where(col(SourceRun.id) == run_id, col(SourceRun.source_id) == source_id)
    ).one_or_none()


def run_page(connection: Connection, *, source_id: str, paging: Paging) -> Rows:
    """The runs of a source, newest first."""
    return page(
        connection,
        select(*_COLUMNS).where(col(SourceRun.source_id) == source_id),
        by=(col(SourceRun.id),),
        limit=paging.limit,
        cursor=paging.cursor,
        count=paging.count,
        descending=True,
    )


def stage(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep rows until they land."""
    if rows:
        session.connection().execute(insert(SourceStagedRow), list(rows))


def staged_digests(session: Session, run_id: str, keys: Iterable[str]) -> dict[str, str]:
    """Of some source keys, those that the run has staged already, with their digests."""
    found = session.execute(
        select(col(SourceStagedRow.source_key), col(SourceStagedRow.digest)).where(
            col(SourceStagedRow.run_id) == run_id, col(SourceStagedRow.source_key).in_([*keys])
        )
    )
    return {key: digest for key, digest in found}  # noqa: C416 - rows are no pairs to mypy


def staged_rows(session: Session, run_id: str, *, after: int, limit: int) -> Sequence[Row[Any]]:
    """The next staged rows."""
    return session.execute(
        select(
            *(col(SourceStagedRow.n), col(SourceStagedRow.source_key)),
            *(col(SourceStagedRow.digest), col(SourceStagedRow.cells)),
        )
        .where(col(SourceStagedRow.run_id) == run_id, col(SourceStagedRow.n) > after)
        .order_by(col(SourceStagedRow.n))
        .limit(limit)
    ).all()


def drop_staged(session: Session, run_id: str) -> None:
    """Forget what a run has fetched."""
    session.execute(delete(SourceStagedRow).where(col(SourceStagedRow.run_id) == run_id))


def add_notes(session: Session, notes: Sequence[Mapping[str, Any]]) -> None:
    """Keep notes of a run."""
    if notes:
        session.connection().execute(insert(SourceRunNote), list(notes))


def notes_of(connection: Connection, run_id: str) -> Sequence[AnyRow]:
    """The kept notes of a run, in the order in which they were made."""
    return connection.execute(
        select(
            *(col(SourceRunNote.row), col(SourceRunNote.source_key), col(SourceRunNote.field)),
            *(col(SourceRunNote.code), col(SourceRunNote.values)),
        )
        .where(col(SourceRunNote.run_id) == run_id)
        .order_by(col(SourceRunNote.n))
    ).all()
