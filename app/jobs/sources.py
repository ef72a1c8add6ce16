"""The worker's part of sources: runs that are due are queued, and each call does one step of one run."""

import logging

from sqlalchemy.exc import InterfaceError, OperationalError

from app.adapters.source_answers import read_answer
from app.adapters.source_http import fetch
from app.crashes import told
from app.deps import House
from app.domain.sources.trouble import SourceTrouble
from app.services.sources import asking, stepping
from app.services.sources.asking import SCHEDULE
from app.services.sources.stepping import Fetch, Fetched, Taken

_log = logging.getLogger(__name__)


class Sources:
    """A step of the worker: a page of one source at a time, so that nothing else waits for long."""

    def __call__(self, house: House) -> bool:
        """Do what the schedule asks for, then one step of a run; True when there may be more."""
        with house.database.reading() as connection:
            look = house.look(connection, SCHEDULE)
            due, waiting = asking.due(look), stepping.is_waiting(look)
        if due:
            with house.database.unit_of_work() as session:
                asking.look_after(house.act(session, SCHEDULE), due)
        elif not waiting:
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
