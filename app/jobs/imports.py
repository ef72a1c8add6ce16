"""The worker's part of imports: it takes a job up, carries it on, and lets go of one that others have."""

import logging
from datetime import timedelta

from sqlalchemy.exc import DBAPIError

from app.deps import House
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

    def __init__(self) -> None:
        self._run: Run | None = None

    def __call__(self, house: House) -> bool:
        """Take up a job, or carry on with the one in hand."""
        run, self._run = self._run, None
        if run is None:
            return self._take_up(house)
        try:
            self._run = run if _carry_on(house, run) else None
        except Overtaken:
            _log.warning("import %s is in other hands", run.job_id)
        except DBAPIError:
            raise
        except Exception:  # noqa: BLE001 - whatever it is, the job must end and say so
            _log.exception("import %s cannot be carried out", run.job_id)
            with house.database.unit_of_work() as session:
                importing.fail(house.act(session, run.caller), run.job_id, [BadRow(1, "", "internal", {})])
        return True

    def _take_up(self, house: House) -> bool:
        now = house.clock()
        with house.database.unit_of_work() as session:
            job = jobs.claim(session, kind=importing.KIND, now=now, lost_before=now - LOST_AFTER)
            if job is None:
                return False
            file = jobs.job_file(session, job.id)
            content, filename = file.content, file.filename
        try:
            total = count_rows(content, filename) if job.total is None else job.total
            self._run = Run.open(job, content, filename, total)
        except Unreadable as unreadable:
            with house.database.unit_of_work() as session:
                importing.fail(house.act(session, importing.caller_of(job)), job.id, unreadable.bad)
        return True


def _carry_on(house: House, run: Run) -> bool:
    piece = run.file.next_piece(importing.STEP_ROWS)
    try:
        with house.database.unit_of_work() as session:
            return run.step(house.act(session, run.caller), piece)
    except Refused as refused:
        with house.database.unit_of_work() as session:
            run.refuse(house.act(session, run.caller), refused.bad)
        return False
