"""The worker's part of duties: a region at a time, each in one transaction."""

from datetime import timedelta
from typing import ClassVar

from app.deps import House
from app.jobs.step import BY_THE_CLOCK
from app.services.planning import duties_watch
from app.services.results.working_calendar import CLOCK


class DutyWatch:
    """A step of the worker: looks at the duties of the regions that were not looked at for a while."""

    every: ClassVar[timedelta] = BY_THE_CLOCK

    def __call__(self, house: House) -> bool:
        """Look at one region, if one waits; True when there may be another."""
        with house.database.reading() as connection:
            waiting = duties_watch.waiting(house.look(connection, CLOCK))
        if not waiting:
            return False
        with house.database.unit_of_work() as session:
            duties_watch.look_at(house.act(session, CLOCK), waiting[0])
        return True
