"""The worker's part of the calendar of draws: alarms before a draw is missed, and what was missed."""

from datetime import timedelta
from typing import ClassVar, Final

from app.deps import House
from app.services.planning import calendar_clock
from app.services.results.working_calendar import CLOCK

MOST_A_STEP: Final = 50


class CalendarClock:
    """A step of the worker: goes through the draws near their visits, piece by piece, each a transaction."""

    every: ClassVar[timedelta] = timedelta(hours=1)
    """The calendar counts in days, and each look goes through every draw that is near."""

    def __init__(self) -> None:
        self._after = ""

    def __call__(self, house: House) -> bool:
        """Look at the next piece; True when there is another."""
        with house.database.reading() as connection:
            ids = calendar_clock.due(house.look(connection, CLOCK), limit=MOST_A_STEP, after=self._after)
        if ids:
            with house.database.unit_of_work() as session:
                calendar_clock.look_at(house.act(session, CLOCK), ids)
        self._after = ids[-1] if len(ids) == MOST_A_STEP else ""
        return bool(self._after)
