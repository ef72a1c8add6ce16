"""The worker's part of a draw's last day: what nobody visited is closed, revealed or not."""

from datetime import timedelta
from typing import ClassVar

from app.deps import House
from app.jobs.step import BY_THE_CLOCK
from app.services.fieldwork import closing
from app.services.results.working_calendar import CLOCK


class Unvisited:
    """A step of the worker: closes the visits that nobody made of one draw in one transaction."""

    every: ClassVar[timedelta] = BY_THE_CLOCK

    def __call__(self, house: House) -> bool:
        """Do one draw, if there is one whose `reveal_by` has come; True when there may be more."""
        with house.database.reading() as connection:
            draw_id = closing.draw_with_unmade_visits(house.look(connection, CLOCK))
        if draw_id is None:
            return False
        with house.database.unit_of_work() as session:
            closing.give_up_open_visits(house.act(session, CLOCK), draw_id)
        return True
