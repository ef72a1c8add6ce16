"""The worker's part of deadlines that somebody has to keep: the alarms around the last day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Final, Protocol

from app.deps import House
from app.jobs.step import BY_THE_CLOCK
from app.services.context import Act, Look
from app.services.results.working_calendar import CLOCK

MOST_A_STEP: Final = 100


class Alarming(Protocol):
    """A service whose records have a last day, with the alarms around it."""

    def due(self, look: Look, *, limit: int) -> Sequence[str]:
        """Ids of what an alarm is due for."""

    def raise_for(self, act: Act, ids: Iterable[str]) -> None:
        """Raise the alarms that are due of these, each once."""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """A step of the worker: raises what is due of one service in one transaction."""

    every: ClassVar[timedelta] = BY_THE_CLOCK

    of: Alarming

    def __call__(self, house: House) -> bool:
        """Do what is due, if anything is; True when there may be more."""
        with house.database.reading() as connection:
            ids = self.of.due(house.look(connection, CLOCK), limit=MOST_A_STEP)
        if not ids:
            return False
        with house.database.unit_of_work() as session:
            self.of.raise_for(house.act(session, CLOCK), ids)
        return True
