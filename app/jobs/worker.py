"""The worker: one thread that carries out what was answered with 202, and what the clock asks for."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.crashes import told
from app.deps import House
from app.jobs.alarms import Alarms
from app.jobs.beacons import Beacons
from app.jobs.deadlines import Deadlines
from app.jobs.draw_calendar import CalendarClock
from app.jobs.duties import DutyFollowing, DutyWatch
from app.jobs.imports import Imports
from app.jobs.sources import Sources, SourceSchedule
from app.jobs.staff import StaffWatch
from app.jobs.step import Step
from app.jobs.unvisited import Unvisited
from app.services.appeals import alarms as appeal_alarms
from app.services.drawing import recusal_requests

_log = logging.getLogger(__name__)


def new_steps() -> tuple[Step, ...]:
    """The steps of one worker; a step may keep what it is in the middle of, such as an opened file."""
    return (
        Imports(),
        SourceSchedule(),
        Sources(),
        Beacons(),
        Alarms(),
        CalendarClock(),
        DutyFollowing(),
        DutyWatch(),
        Deadlines(recusal_requests),
        Unvisited(),
        Deadlines(appeal_alarms),
        StaffWatch(),
    )


@dataclass(slots=True)
class _Turn:
    """A step, and since when it is left alone; None: it has never been asked, or has more to do."""

    step: Step
    idle_since: datetime | None = None

    def has_come(self, now: datetime) -> bool:
        """Whether the step was left alone for long enough; a clock that was set back does not silence it."""
        return self.idle_since is None or not timedelta(0) <= now - self.idle_since < self.step.every

    def take(self, house: House) -> bool:
        """Ask the step; one that fails keeps its turn."""
        now = house.clock()
        more = self.step(house)
        self.idle_since = None if more else now
        return more


class Worker:
    """Asks the steps whose turn has come until stopped; a step that fails is logged and tried again later."""

    def __init__(self, house: House, steps: Sequence[Step] | None = None) -> None:
        self._house = house
        self._turns = [_Turn(step) for step in (new_steps() if steps is None else steps)]
        self._worked = False
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
        """Work until nothing is left, whosever turn it is: what tests and the command line call.

        Raises:
            Exception: whatever a step fails with.
        """
        while self._ask(self._turns, _Turn.take):
            while self._ask(self._come(), _Turn.take):
                pass

    def poll(self) -> bool:
        """Ask the steps whose turn has come; True when there may be more at once.

        When work has come to its end, every step is asked: what was done may have made work for it.
        """
        worked = self._ask(self._come(), self._tried)
        if self._worked and not worked:
            worked = self._ask(self._turns, self._tried)
        self._worked = worked
        return worked

    def _come(self) -> list[_Turn]:
        now = self._house.clock()
        return [turn for turn in self._turns if turn.has_come(now)]

    def _ask(self, turns: Sequence[_Turn], ask: Callable[[_Turn, House], bool]) -> bool:
        return any([ask(turn, self._house) for turn in turns])  # noqa: C419 - each of them gets its turn

    def _tried(self, turn: _Turn, house: House) -> bool:
        try:
            return turn.take(house)
        except Exception as error:  # noqa: BLE001 - one broken step must not stop the others
            _log.error("a step of the worker failed; it is tried again\n%s", told(error))
            return False

    def _run(self) -> None:
        while not self._stopping.is_set():
            if not self.poll():
                self._stopping.wait(self._house.settings.worker_poll_s)
