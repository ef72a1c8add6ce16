"""What a year leaves behind whose annual cap was reached (mission/rules.md, «Tickets»).

«A duty that the cap makes impossible is a *collision*: … decided (which yields, why, by whom).» Where the
duty was decided to yield, nothing of it is owed while its year lasts, and a new year does not claim what it
had to let go: the year begins with its own windows.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Final

from app.domain.duties.collisions import CapThere, gives_way
from app.domain.duties.owed import DrawDuties, Owed, Why
from app.domain.facts import Premises, Registration

_LAST_DAY: Final = (12, 31)


class LetGo:
    """The windows of a year that yielded to its cap.

    Args:
        duties: as a draw after that year meets them.
        caps: those of the regions whose draws served them, with what was decided in that year.
        year: the year that is over.
    """

    __slots__ = ("_caps", "_duties", "_ends_on")

    def __init__(self, duties: DrawDuties, caps: Collection[CapThere], *, year: int) -> None:
        self._duties = duties
        self._caps = caps
        self._ends_on = date(year, *_LAST_DAY)

    def owed(self, found: Owed, premises: Premises, registration: Registration) -> Owed:
        """Say what a registration owes where nothing is overdue of what the year let go.

        Args:
            found: what it would owe.
            premises: with the visits of that year.
            registration: whose duty.
        """
        window = found.window
        if found.why != Why.OVERDUE or window is None or window.ends_on.year != self._ends_on.year:
            return found
        if not gives_way(
            premises,
            self._duties.terms.duty(registration.regime, registration.level, registration.subtype),
            caps=self._caps,
            on=self._ends_on,
        ):
            return found
        # As if a visit had met the last of them: no visit is open, else nothing would be overdue.
        anew = self._duties.owed_since(window.ends_on, registration, open_visits=())
        return replace(anew, last=found.last)
