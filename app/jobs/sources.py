"""The worker's part of sources: runs that are due are queued, and those that are queued are carried out."""

import logging
from datetime import timedelta
from typing import ClassVar

from sqlalchemy.exc import InterfaceError, OperationalError

from app.adapters.source_answers import read_answer
from app.adapters.source_http import fetch
from app.crashes import told
from app.deps import House
from app.domain.sources.trouble import SourceTrouble
from app.jobs.step import BY_THE_CLOCK, IN_EVERY_ROUND
from app.services.sources import asking, stepping
from app.services.sources.asking import MOST_DUE, SCHEDULE
from app.services.sources.stepping import Fetch, Fetched, Taken

_log = logging.getLogger(__name__)


class SourceSchedule:
    """A step of the worker: queues the runs that are due, and raises alarms about overdue sources."""

    every: ClassVar[timedelta] = BY_THE_CLOCK

    def __call__(self, house: House) -> bool:
        """Do what the schedules ask for, if anything; True when there may be more."""
        with house.database.reading() as connection:
            due = asking.due(house.look(connection, SCHEDULE))
        if not due:
            return False
        with house.database.unit_of_work() as session:
            asking.look_after(house.act(session, SCHEDULE), due)
        return len(due) == MOST_DUE


class Sources:
    """A step of the worker: a page of one source at a time, so that nothing else waits for long."""

    every: ClassVar[timedelta] = IN_EVERY_ROUND

    def __call__(self, house: House) -> bool:
        """Do one step of a run, if one waits; True when there may be more."""
        with house.database.reading() as connection:
            if not stepping.is_waiting(house.look(connection, SCHEDULE)):
                return False
        with house.database.unit_of_work() as session:
            taken = stepping.take(house.act(session, SCHEDULE))
        if taken is not None:
            _do(house, taken)
        return taken is not None


def _do(house: House, taken: Taken) -> None:
    """Do a step; a run that the program cannot carry out ends, a database out of reach is tried again."""
    try:
        fetched = None if taken.fetch is None else _fetched(taken.fetch)
        with house.database.unit_of_work() as session:
            stepping.carry_on(house.act(session, SCHEDULE), taken, fetched)
    except (InterfaceError, OperationalError):
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the run must end, or it would block the source
        _log.error("run %s of a source cannot be carried out\n%s", taken.run_id, told(error))
        with house.database.unit_of_work() as session:
            stepping.give_up(house.act(session, SCHEDULE), taken)


def _fetched(wanted: Fetch) -> Fetched:
    try:
        answer = fetch(wanted.request, wanted.bounds)
        if answer.body is None:
            return Fetched(answer=answer)
        read = read_answer(wanted.configuration.answer, answer.body, answer.charset)
        return Fetched(answer=answer, read=read)
    except SourceTrouble as trouble:
        return Fetched(trouble=trouble)
