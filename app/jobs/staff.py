"""The worker's part of inspectors: suspected recusals, alerts and reminders."""

from datetime import date, timedelta
from typing import ClassVar

from app.deps import House
from app.domain.days import shanghai_day
from app.jobs.step import FOLLOWING
from app.services.registers import reminding, watching
from app.services.results.working_calendar import CLOCK


class StaffWatch:
    """A step of the worker: follows what changes in the registers, and reminds once a day and after that.

    It keeps which regions are still to be reminded; a worker that starts anew reminds all of them again,
    which raises nothing twice.
    """

    every: ClassVar[timedelta] = FOLLOWING

    def __init__(self) -> None:
        self._day: date | None = None
        self._regions: list[str] = []

    def __call__(self, house: House) -> bool:
        """Do one thing in one transaction, if there is any; True when there may be more."""
        with house.database.reading() as connection:
            look = house.look(connection, CLOCK)
            register = watching.waiting(look)
            today = shanghai_day(look.now)
            if register is None and self._day != today:
                self._day, self._regions = today, reminding.regions(look)
        if register is not None:
            if register in watching.RUNNING_OUT:
                self._day = None
            with house.database.unit_of_work() as session:
                watching.follow(house.act(session, CLOCK), register)
            return True
        if not self._regions:
            return False
        with house.database.unit_of_work() as session:
            reminding.remind(house.act(session, CLOCK), self._regions[-1])
        self._regions.pop()
        return True
