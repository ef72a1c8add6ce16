"""The worker's part of imports: it takes a job up, carries it on, and lets go of one that others have."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, ClassVar

from sqlalchemy import Row
from sqlalchemy.exc import InterfaceError, OperationalError

from app.crashes import told
from app.deps import House
from app.domain.access import Caller
from app.jobs.step import IN_EVERY_ROUND
from app.services.registers import importing
from app.services.registers.importing import Overtaken, Refused, Run
from app.services.registers.landing import BadRow
from app.services.registers.reading import Unreadable, count_rows
from app.store import jobs

_log = logging.getLogger(__name__)
LOST_AFTER = timedelta(seconds=30)
"""A running job that has not moved for so long was left by a worker that died; another takes it over."""


class Imports:
    """A step of the worker; it keeps the file that it is in the middle of."""

    every: ClassVar[timedelta] = IN_EVERY_ROUND

    def __init__(self) -> None:
        self._run: Run | None = None

    def __call__(self, house: House) -> bool:
        """Take up a job, or carry on with the one in hand."""
        run, self._run = self._run, None
        if run is not None:
            with _failing(house, run.job_id, run.caller):
                self._run = run if _carry_on(house, run) else None
            return True
        job = _claimed(house)
        if job is None:
            return False
        with _failing(house, job.id, importing.caller_of(job)):
            self._run = _opened(house, job)
        return True


def _claimed(house: House) -> Row[Any] | None:
    """A job that waits, if any; a worker with nothing to do only reads, and holds up nobody who writes."""
    now = house.clock()
    with house.database.reading() as connection:
        if not jobs.is_waiting(connection, kind=importing.KIND, lost_before=now - LOST_AFTER):
            return None
    with house.database.unit_of_work() as session:
        return jobs.claim(session, kind=importing.KIND, now=now, lost_before=now - LOST_AFTER)


@contextmanager
def _failing(house: House, job_id: str, caller: Caller) -> Iterator[None]:
    """End the job when its file or the program is at fault; a database out of reach is tried again."""
    try:
        yield
    except Overtaken:
        _log.warning("import %s is in other hands", job_id)
        return
    except (InterfaceError, OperationalError):
        raise
    except Unreadable as unreadable:
        bad = unreadable.bad
    except Exception as error:  # noqa: BLE001 - whatever it is, the job must end, or it would block the others
        _log.error("import %s cannot be carried out\n%s", job_id, told(error))
        bad = [BadRow(1, "", "internal", {})]
    else:
        return
    with house.database.unit_of_work() as session:
        importing.fail(house.act(session, caller), job_id, bad)


def _opened(house: House, job: Row[Any]) -> Run:
    with house.database.unit_of_work() as session:
        file = jobs.job_file(session, job.id)
    total = count_rows(file.content, file.filename) if job.total is None else job.total
    return Run.open(job, file.content, file.filename, total)


def _carry_on(house: House, run: Run) -> bool:
    piece = run.file.next_piece(importing.STEP_ROWS)
    try:
        with house.database.unit_of_work() as session:
            return run.step(house.act(session, run.caller), piece)
    except Refused as refused:
        with house.database.unit_of_work() as session:
            run.refuse(house.act(session, run.caller), refused.bad)
        return False
