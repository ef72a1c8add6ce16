"""Work that outlives its request."""

from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel

from app.store.columns import ByteText, Document, Instant


class Job(SQLModel, table=True):
    """A job 作业: its input, how far it is, what came of it. A step is one transaction that moves `done`."""

    __tablename__ = "jobs"

    id: str = Field(primary_key=True)
    kind: str
    state: str = Field(index=True)
    region: str = Field(sa_type=ByteText)
    created_by: str
    caller_name: str
    created_at: datetime = Field(sa_type=Instant)
    heartbeat_at: datetime | None = Field(default=None, sa_type=Instant)
    finished_at: datetime | None = Field(default=None, sa_type=Instant)
    done: int = 0
    total: int | None = None
    options: dict[str, Any] = Field(sa_type=Document)
    result: dict[str, int] = Field(default_factory=dict, sa_type=Document)
    errors_found: int = 0
    """How many row errors there were in all; only the first thousands are kept."""


class JobFile(SQLModel, table=True):
    """The uploaded file of a job, deleted when the job has ended."""

    __tablename__ = "job_files"

    job_id: str = Field(primary_key=True, foreign_key="jobs.id")
    filename: str
    content: bytes = Field(sa_type=LargeBinary)


class JobError(SQLModel, table=True):
    """One bad row of a job: where, which rule, and the values that its message needs."""

    __tablename__ = "job_errors"

    job_id: str = Field(primary_key=True, foreign_key="jobs.id")
    n: int = Field(primary_key=True)
    row: int
    field: str
    code: str
    values: dict[str, str] = Field(sa_type=Document)
