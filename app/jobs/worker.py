"""The worker: one thread that carries out what was asked for and answered with 202."""

import logging
import threading
from collections.abc import Callable

from app.crashes import told
from app.deps import House
from app.jobs.alarms import Alarms
from app.jobs.beacons import Beacons
from app.jobs.draw_calendar import CalendarClock
from app.jobs.duties import DutyWatch
from app.jobs.imports import Imports
from app.jobs.recusal_clocks import RecusalClocks
from app.jobs.sources import Sources
from app.jobs.staff import StaffWatch

Step = Callable[[House], bool]
"""One step of some work, each a transaction; True when there may be more at once."""

_log = logging.getLogger(__name__)


def new_steps() -> tuple[Step, ...]:
    """The steps of one worker; a step may keep what it is in the middle of, such as an opened file."""
    return (
        Imports(),
        Sources(),
        Beacons(),
        Alarms(),
        CalendarClock(),
        DutyWatch(),
        RecusalClocks(),
        StaffWatch(),
    )


class Worker:
    """Runs the steps until stopped; a step that fails is logged and tried again later."""

    def __init__(self, house: House, steps: tuple[Step, ...] | None = None) -> None:
        self._house = house
        self._steps = new_steps() if steps is None else steps
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="worker", daemon=True)

    def start(self) -> None:
        """Begin on a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the step at hand and end."""
        self._stopping.set()
        self._thread.join()

    def run_pending(self) -> None:
        """Work until nothing is left: what tests and the command line call."""
        while any([step(self._house) for step in self._steps]):  # noqa: C419 - every step gets its turn each round
            pass

    def _run(self) -> None:
        while not self._stopping.is_set():
            more = False
            for step in self._steps:
                try:
                    more = step(self._house) or more
                except Exception as error:  # noqa: BLE001 - one broken step must not stop the others
                    _log.error("a step of the worker failed; it is tried again\n%s", told(error))
            if not more:
                self._stopping.wait(self._house.settings.worker_poll_s)
