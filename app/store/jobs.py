"""Jobs in the database: handed in, claimed, moved on, ended."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, exists, insert, or_, select, update
from sqlmodel import Session, col

from app.store.tables.jobs import Job, JobError, JobFile

_COLUMNS = (
    *(col(Job.id), col(Job.kind), col(Job.state), col(Job.region), col(Job.created_by), col(Job.caller_name)),
    *(col(Job.created_at), col(Job.heartbeat_at), col(Job.finished_at), col(Job.done), col(Job.total)),
    *(col(Job.options), col(Job.result), col(Job.errors_found)),
)


def add_job(session: Session, job: Job, *, filename: str, content: bytes) -> None:
    """Keep a job and its file until a worker claims it."""
    session.add(job)
    session.flush()
    session.add(JobFile(job_id=job.id, filename=filename, content=content))


def job_row(connection: Connection, job_id: str) -> Row[Any] | None:
    """What a caller may read of a job."""
    return connection.execute(select(*_COLUMNS).where(col(Job.id) == job_id)).one_or_none()


def job_errors(connection: Connection, job_id: str) -> Sequence[Row[int, str, str, dict[str, str]]]:
    """The kept errors of a job, in the order in which they were found: row, field, code, values."""
    return connection.execute(
        select(col(JobError.row), col(JobError.field), col(JobError.code), col(JobError.values))
        .where(col(JobError.job_id) == job_id)
        .order_by(col(JobError.n))
    ).all()


def job_file(session: Session, job_id: str) -> JobFile:
    """The file that a job works on."""
    return session.get_one(JobFile, job_id)


def is_waiting(connection: Connection, *, kind: str, lost_before: datetime) -> bool:
    """Whether there is a job to claim."""
    found = connection.scalar(select(exists().where(_waits(kind, lost_before))))
    return bool(found)


def claim(session: Session, *, kind: str, now: datetime, lost_before: datetime) -> Row[Any] | None:
    """Take the oldest job that waits, or that a dead worker left; no two workers get the same one.

    On PostgreSQL a row that another worker is looking at is skipped, on SQLite writers queue anyway.
    """
    found = session.execute(
        select(*_COLUMNS)
        .where(_waits(kind, lost_before))
        .order_by(col(Job.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if found is not None:
        session.execute(update(Job).where(col(Job.id) == found.id).values(state="running", heartbeat_at=now))
    return found


def _waits(kind: str, lost_before: datetime) -> ColumnElement[bool]:
    lost = and_(col(Job.state) == "running", col(Job.heartbeat_at) < lost_before)
    return and_(col(Job.kind) == kind, or_(col(Job.state) == "queued", lost))


def hold(session: Session, job_id: str, *, done: int) -> bool:
    """Lock a running job that still stands at `done`, until the transaction ends.

    False when another worker has moved it: whoever comes second waits, and then finds it elsewhere.
    """
    found = session.scalar(
        select(col(Job.id))
        .where(col(Job.id) == job_id, col(Job.state) == "running", col(Job.done) == done)
        .with_for_update()
    )
    return found is not None


def save(session: Session, job_id: str, **values: object) -> None:
    """Set a job's fields."""
    session.connection().execute(update(Job).where(col(Job.id) == job_id).values(**values))


def errors_found(session: Session, job_id: str) -> int:
    """How many errors a job has found so far."""
    return session.scalars(select(col(Job.errors_found)).where(col(Job.id) == job_id)).one()


def add_errors(session: Session, errors: Sequence[Mapping[str, Any]]) -> None:
    """Keep errors of a job."""
    if errors:
        session.connection().execute(insert(JobError), list(errors))


def drop_file(session: Session, job_id: str) -> None:
    """Forget the file of a job that has ended."""
    session.execute(delete(JobFile).where(col(JobFile.job_id) == job_id))
