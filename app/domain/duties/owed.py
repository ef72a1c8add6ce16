"""What a registration owes a draw: DR1's `draws_left` (mission/rules.md, «draws_left»).

«`draws_left` of a line is 0 only if no duty applies, the window's duty is met, or a visit from an earlier
draw of the item is still open. Otherwise `max(1, d - 1)`, where d counts the item's draws, this one included,
whose visits end inside the window: one draw stays in reserve for visits that fail. Overdue is 1.» A visit
that nobody made until its last day has failed, although it is closed only when the draw is revealed.

The window is the earliest one that is not met among those on the days of the draw's visits. Overdue is what
a window that has ended leaves behind, until a visit that counts comes. What result code 04 or 11 to 15 took
out of its duties owes nothing until the registrar decides; what he keeps is reopened that day. A window that
ended is judged by the policy that was in force on its last day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.draw.basics.lines import MAX_DRAWS_LEFT
from app.domain.duties.counting import LastCounted, last_counted
from app.domain.duties.ended import missed_before
from app.domain.duties.frames import Frames
from app.domain.duties.history import (
    OPERATING,
    calendar_windows,
    rolling_windows,
    run_of,
)
from app.domain.duties.terms import DutyTerms
from app.domain.duties.windows import Window
from app.domain.facts import OpenVisit, Registration, Visit
from app.domain.policies.duties import DutyRules
from app.domain.policy import Policy


class Why(StrEnum):
    """Why a registration owes a draw something, or nothing."""

    NO_DUTY = "no-duty"
    OUT_OF_DUTY = "out-of-duty"
    VISIT_OPEN = "visit-open"
    NOT_YET = "not-yet"
    MET = "met"
    OWED = "owed"
    OVERDUE = "overdue"
    CAP_HOLDS = "cap-holds"


@dataclass(frozen=True, slots=True)
class Owed:
    """What a registration owes a draw, and why.

    Attributes:
        draws_left: as DR1 takes it.
        why: which sentence of the rule applies.
        window: the window that is owed, overdue or met last; None where none matters.
        last: the day of the last visit that counts.
    """

    draws_left: int
    why: Why
    window: Window | None = None
    last: date | None = None


_NO_DUTY = Owed(0, Why.NO_DUTY)
_OUT_OF_DUTY = Owed(0, Why.OUT_OF_DUTY)
_VISIT_OPEN = Owed(0, Why.VISIT_OPEN)


class DrawDuties:
    """The duties as one draw meets them: asked for each line of a roster, so what lines share is kept.

    Args:
        policy: the numbers; one without duties owes nothing.
        item: code of the inspection item.
        on: the day up to which visits are known.
        visit_from: first day of the draw's visits.
        visit_to: last day of the draw's visits.
        draw_ends: last days of the visits of the item's draws still to come, this one included.
    """

    __slots__ = (
        *("_by_history", "_counting", "_draw_ends", "_frames", "_item", "_left", "_on", "_recent"),
        *("_rules", "_today", "_visit_from", "_visit_to", "terms"),
    )

    def __init__(
        self,
        policy: Policy,
        *,
        item: str,
        on: date,
        visit_from: date,
        visit_to: date,
        draw_ends: Iterable[date],
    ) -> None:
        self.terms = DutyTerms(policy)
        self._rules = policy.duties
        self._counting = policy.counting
        self._item = item
        self._on = on
        self._visit_from = visit_from
        self._visit_to = visit_to
        self._draw_ends = tuple(draw_ends)
        self._left: dict[Window, int] = {}
        self._today = min(on, visit_from)
        # No window reaches over a new year: what changed before the last one but one is over and done with.
        self._recent = date(self._today.year - 1, 1, 1)
        self._by_history = self.terms.rolling_since(self._recent)
        self._frames = Frames(
            self.terms, today=self._today, recent=self._recent, visit_from=visit_from, visit_to=visit_to
        )

    def owed(
        self, registration: Registration, *, visits: Sequence[Visit], open_visits: Sequence[OpenVisit]
    ) -> Owed:
        """Say what a registration owes this draw.

        Args:
            registration: one of the item.
            visits: at the premises, for any item, of any kind and day.
            open_visits: drawn visits at the premises that are not finished.
        """
        last = self.last(visits) if visits else None
        return self.owed_since(None if last is None else last.on, registration, open_visits=open_visits)

    def last(self, visits: Sequence[Visit]) -> LastCounted | None:
        """Give the last visits that meet duties of the item."""
        return last_counted(visits, self._counting, item=self._item, on=self._on)

    def owed_since(
        self, last: date | None, registration: Registration, *, open_visits: Sequence[OpenVisit]
    ) -> Owed:
        """Say the same where the day of the last visit that counts is known already."""
        rules = self._rules
        if rules is None or registration.status != OPERATING:
            return _NO_DUTY
        if registration.out_of_duty is not None:
            return _OUT_OF_DUTY
        if open_visits and any(self._item in one.items and one.open_on(self._on) for one in open_visits):
            return _VISIT_OPEN
        changes = registration.changes
        if self._by_history or (changes and changes[-1].on >= self._recent):
            return self._of_history(registration, rules, last)
        return self._unchanged(registration, last)

    def _unchanged(self, registration: Registration, last: date | None) -> Owed:
        """The common case: nothing changed since the new year before last."""
        sort = registration.regime, registration.level, registration.subtype
        frame = self._frames[sort]
        if frame is None:
            return _NO_DUTY
        opened = registration.registered_on or date.min
        if registration.known_since is not None and registration.known_since > self._visit_to:
            return Owed(0, Why.NOT_YET, None, last)
        known = registration.known_since or date.min
        if frame.before is not None:
            before, full, early = frame.before
            if (last is None or last < before.starts_on) and known <= early and opened <= full:
                return Owed(1, Why.OVERDUE, before, last)
        met = None
        for window, full, early in frame.at_visits:
            if known <= early and opened <= full:
                if last is None or last < window.starts_on:
                    return Owed(self._draws_left(window), Why.OWED, window, last)
                met = window
        return Owed(0, Why.NOT_YET if met is None else Why.MET, met, last)

    def _of_history(self, registration: Registration, rules: DutyRules, last: date | None) -> Owed:
        """The case of a registration that changed, or of windows that roll."""
        run = run_of(registration, self.terms.months, self.terms.begun)
        if rules.rolling:
            windows = list(rolling_windows(run, rules, last=last, until=self._visit_to))
        else:
            windows = list(calendar_windows(run, rules, since=self._recent, until=self._visit_to))
        unmet = [
            one
            for one in windows
            if one.starts_on <= self._visit_to and (last is None or last < one.starts_on)
        ]
        overdue = next((one for one in reversed(unmet) if one.ends_on < self._today), None)
        if overdue is None and run.months_on(self._today) is not None:
            overdue = missed_before(registration, last=last, terms=self.terms, since=self._recent)
        if overdue is not None:
            return Owed(1, Why.OVERDUE, overdue, last)
        owed = [one for one in unmet if one.ends_on >= self._visit_from]
        if owed:
            return Owed(self._draws_left(owed[0]), Why.OWED, owed[0], last)
        if run.months_on(self._visit_from) is None:
            return _NO_DUTY
        met = windows[-1] if windows and windows[-1].ends_on >= self._visit_from else None
        return Owed(0, Why.NOT_YET if met is None or last is None else Why.MET, met, last)

    @property
    def attempt(self) -> str:
        """The code of an attempt that found nobody."""
        return self._counting.attempt

    @property
    def any_draw(self) -> bool:
        """Whether any draw is to come."""
        return bool(self._draw_ends)

    def straddled(self) -> tuple[Window, ...]:
        """Give the calendar windows that the draw's visits leave for the next one, the shortest first.

        «The draws that serve a window have their visits inside it.»
        """
        return self._frames.straddled()

    def draws_in(self, window: Window) -> int:
        """Say how many of the item's draws still to come have visits that end inside a window."""
        return sum(window.starts_on <= end <= window.ends_on for end in self._draw_ends)

    def _draws_left(self, window: Window) -> int:
        left = self._left.get(window)
        if left is None:
            left = self._left[window] = min(max(1, self.draws_in(window) - 1), MAX_DRAWS_LEFT)
        return left


def draws_left(
    registration: Registration,
    *,
    visits: Sequence[Visit],
    open_visits: Sequence[OpenVisit],
    policy: Policy,
    item: str,
    on: date,
    visit_from: date,
    visit_to: date,
    draw_ends: Iterable[date],
) -> Owed:
    """Say what one registration owes one draw; `DrawDuties` does it for many.

    Args:
        registration: one of the item.
        visits: at the premises, for any item, of any kind and day.
        open_visits: drawn visits at the premises that are not finished.
        policy: the numbers.
        item: code of the inspection item.
        on: the day up to which visits are known.
        visit_from: first day of the draw's visits.
        visit_to: last day of the draw's visits.
        draw_ends: last days of the visits of the item's draws still to come, this one included.
    """
    duties = DrawDuties(
        policy, item=item, on=on, visit_from=visit_from, visit_to=visit_to, draw_ends=draw_ends
    )
    return duties.owed(registration, visits=visits, open_visits=open_visits)
