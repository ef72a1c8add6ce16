"""The worker's part of clocks: the working calendar, alarms around a deadline, the end of withholdings."""

from datetime import date, timedelta
from typing import ClassVar, Final

from app.deps import House
from app.domain.days import shanghai_day
from app.jobs.step import BY_THE_CLOCK
from app.services.fieldwork import alarms as fieldwork
from app.services.results import alarms, recounting, working_calendar
from app.services.results.working_calendar import CLOCK

MOST_A_STEP: Final = 100


class Alarms:
    """A step of the worker: when it starts it catches up, then it looks what the clock has to do."""

    every: ClassVar[timedelta] = BY_THE_CLOCK

    def __init__(self) -> None:
        self._caught_up = False
        self._day: date | None = None

    def __call__(self, house: House) -> bool:
        """Do what is due in one transaction, if anything is; True when there may be more."""
        if not self._caught_up:
            self._caught_up = not self._catch_up(house)
            return True
        today = shanghai_day(house.clock())
        with house.database.reading() as connection:
            look = house.look(connection, CLOCK)
            due = alarms.due(look, limit=MOST_A_STEP)
            at_work = fieldwork.due(look, limit=MOST_A_STEP)
            records = [] if today == self._day else fieldwork.unrecorded(look)
            missing = [one for one in working_calendar.missing_years(look) if one.alarmed_at is None]
        if not records:
            self._day = today
        if not (due or at_work or records or missing):
            return False
        with house.database.unit_of_work() as session:
            act = house.act(session, CLOCK)
            working_calendar.raise_alarms(act, missing)
            alarms.raise_for(act, due)
            fieldwork.raise_for(act, at_work)
            fieldwork.raise_for_records(act, records[:MOST_A_STEP])
        return True

    def _catch_up(self, house: House) -> bool:
        """Seed the calendar and begin some clocks that waited for it; True when there may be more."""
        with house.database.unit_of_work() as session:
            act = house.act(session, CLOCK)
            working_calendar.seed(act)
            return recounting.start_waiting(act, most=MOST_A_STEP) > 0
