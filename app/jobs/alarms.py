"""The worker's part of clocks: the working calendar, alarms around a deadline, the end of withholdings."""

from app.deps import House
from app.services.results import alarms, working_calendar
from app.services.results.working_calendar import CLOCK

MOST_A_STEP = 100


class Alarms:
    """A step of the worker: seeds the calendar when it starts, then looks what the clock has to do."""

    def __init__(self) -> None:
        self._seeded = False

    def __call__(self, house: House) -> bool:
        """Do what is due in one transaction, if anything is; True when there may be more."""
        if not self._seeded:
            with house.database.unit_of_work() as session:
                working_calendar.seed(house.act(session, CLOCK))
            self._seeded = True
        with house.database.reading() as connection:
            due = alarms.due(house.look(connection, CLOCK), limit=MOST_A_STEP)
        if not due:
            return False
        with house.database.unit_of_work() as session:
            alarms.raise_for(house.act(session, CLOCK), due)
        return True
