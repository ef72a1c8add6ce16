"""The calendar windows around a draw's visits, where nothing changed of a registration: the common case.

A province has a million premises and few sorts of registration, so what is alike of them is found once.
"""

from dataclasses import dataclass
from datetime import date

from app.domain.duties.ended import missed_before
from app.domain.duties.history import clipped, last_known
from app.domain.duties.terms import DutyTerms, Sort
from app.domain.duties.windows import ONE_DAY, Window, window_before, window_of
from app.domain.facts import Registration
from app.domain.policies.duties import DutyRules

Placed = tuple[Window, date, date]
"""A window, the day on which it would have started, and the last day to become known on.

It is cut where its frequency begins: what opened inside a window does not owe it, whatever is left of it.
What became known later than that other day cannot have missed it, for no alarm came before its end.
"""


@dataclass(frozen=True, slots=True)
class Frame:
    """The window that ended last before a draw, and those on the days of its visits."""

    before: Placed | None
    at_visits: tuple[Placed, ...]


class Frames(dict[Sort, Frame | None]):
    """The frame of each sort of registration, found when it is first asked for; None: no duty applies.

    Args:
        terms: of the policy in force, which has duties; none of its windows roll.
        today: the day of the draw.
        recent: nothing that ended before matters.
        visit_from: first day of the draw's visits.
        visit_to: last day of the draw's visits.
    """

    def __init__(
        self, terms: DutyTerms, *, today: date, recent: date, visit_from: date, visit_to: date
    ) -> None:
        super().__init__()
        self._terms = terms
        self._today = today
        self._recent = recent
        self._visit_from = visit_from
        self._visit_to = visit_to

    def __missing__(self, sort: Sort) -> Frame | None:
        """Find the frame of a sort of registration."""
        months, rules = self._terms.months(*sort), self._terms.rules
        self[sort] = found = None if months is None or rules is None else self._frame(sort, months, rules)
        return found

    def straddled(self) -> tuple[Window, ...]:
        """Give the windows that the visits leave for the next one, the shortest first."""
        windows = {frame.at_visits[0][0] for frame in self.values() if frame and len(frame.at_visits) > 1}
        return tuple(sorted(windows, key=lambda window: window.months))

    def _frame(self, sort: Sort, months: int, rules: DutyRules) -> Frame:
        begins = max(rules.starts_on, self._terms.begun(*sort))
        windows = [window_of(months, self._visit_from)]
        while windows[-1].ends_on < self._visit_to:
            windows.append(window_of(months, windows[-1].ends_on + ONE_DAY))
        if begins > self._visit_to:
            windows = []
        before = self._ended(sort, window_before(window_of(months, self._today)), begins)
        return Frame(
            None if before is None else _placed(before, rules),
            tuple(_placed(clipped(one, begins), rules) for one in windows if begins <= one.ends_on),
        )

    def _ended(self, sort: Sort, window: Window, begins: date) -> Window | None:
        """The window that ended last: one of this policy's, or of those before that it replaced."""
        if window.ends_on >= begins:
            return clipped(window, begins)
        regime, level, subtype = sort
        alike = Registration(regime=regime, level=level, subtype=subtype)
        return missed_before(alike, last=None, terms=self._terms, since=self._recent)


def _placed(window: Window, rules: DutyRules) -> Placed:
    return window, window_of(window.months, window.ends_on).starts_on, last_known(window, rules)
