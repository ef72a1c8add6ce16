"""Jobs 作业 as their callers follow them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from app.domain.errors import Missing
from app.services.context import Look
from app.services.registers.importing import MOST_ERRORS
from app.store import jobs as store
from app.store.tables.jobs import Job


@dataclass(frozen=True, slots=True)
class JobReport:
    """A job, the errors that are kept, and how many more there were."""

    job: Row[Any] | Job
    errors: Sequence[Row[int, str, str, dict[str, str]]]
    errors_left_out: int


def report(look: Look, job_id: str) -> JobReport:
    """How far a job is and what came of it.

    Raises:
        Missing: there is none in the caller's region.
    """
    job = store.job_row(look.connection, job_id)
    if job is None or not look.caller.sees(job.region):
        raise Missing("not-found")
    errors = store.job_errors(look.connection, job_id) if job.errors_found else []
    return JobReport(job, errors, max(0, job.errors_found - MOST_ERRORS))


def handed_in(job: Job) -> JobReport:
    """A job that has just been handed in."""
    return JobReport(job, [], 0)
