"""What a step of the worker is, and how long it may be left alone when it has nothing to do."""

from datetime import timedelta
from typing import ClassVar, Final, Protocol

from app.deps import House

IN_EVERY_ROUND: Final = timedelta(0)
"""For queues: somebody waits for what lies in them."""
FOLLOWING: Final = timedelta(seconds=5)
"""For what follows the changes of a register: so late it may notice them."""
BY_THE_CLOCK: Final = timedelta(seconds=30)
"""For alarms, reminders and schedules, which count in minutes and days: so late they may be."""


class Step(Protocol):
    """One kind of work, done a piece at a time, each piece in one transaction."""

    every: ClassVar[timedelta]
    """How long the step is left alone after it had nothing to do, unless others did something meanwhile."""

    def __call__(self, house: House) -> bool:
        """Do a piece of it, if there is any; True when there may be more at once."""
