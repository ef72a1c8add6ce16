"""The worker's part of duties: it follows changes, and looks at a region at a time in one transaction."""

from datetime import timedelta
from typing import ClassVar

from app.deps import House
from app.jobs.step import BY_THE_CLOCK, FOLLOWING
from app.services.planning import duties_again, duties_watch
from app.services.results.working_calendar import CLOCK


class DutyFollowing:
    """A step of the worker: asks for looks where registers have changed; `DutyWatch` comes after it."""

    every: ClassVar[timedelta] = FOLLOWING

    def __call__(self, house: House) -> bool:
        """Follow the changes of one register, if there are any; True when there may be more."""
        with house.database.reading() as connection:
            if not duties_again.waiting(house.look(connection, CLOCK)):
                return False
        with house.database.unit_of_work() as session:
            duties_again.follow(house.act(session, CLOCK))
        return True


class DutyWatch:
    """A step of the worker: looks at duties of regions that were not looked at for a while, or changed."""

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
