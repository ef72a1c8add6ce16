"""What a registration owes a draw: DR1's `draws_left` (mission/rules.md, «draws_left»).

«`draws_left` of a line is 0 only if no duty applies, the window's duty is met, or a visit from an earlier
draw of the item is still open. Otherwise `max(1, d - 1)`, where d counts the item's draws, this one included,
whose visits end inside the window: one draw stays in reserve for visits that fail. Overdue is 1.»

The window is the earliest one that is not met among those on the days of the draw's visits. Overdue is what
a window that has ended leaves behind, until a visit that counts comes. What result code 04 or 11 to 15 took
out of its duties owes nothing until the registrar decides; what he keeps is reopened that day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.draw.basics.lines import MAX_DRAWS_LEFT
from app.domain.duties.counting import last_counting_day
from app.domain.duties.history import (
    OPERATING,
    calendar_windows,
    clipped,
    first_alarm,
    rolling_windows,
    run_of,
)
from app.domain.duties.terms import DutyTerms
from app.domain.duties.windows import ONE_DAY, Window, window_before, window_of
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


@dataclass(frozen=True, slots=True)
class _Frame:
    """The calendar windows around a draw's visits for one «per n months», where nothing changes meanwhile.

    Each is cut where the policy starts; the days beside them are where they would have started: what opened
    inside a window does not owe it.
    """

    before: Window | None
    before_full: date
    at_visits: tuple[tuple[Window, date], ...]


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
        *("_counting", "_draw_ends", "_frames", "_item", "_left", "_on", "_recent", "_rules"),
        *("_today", "_visit_from", "_visit_to", "terms"),
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
        self._frames: dict[int, _Frame] = {}
        self._left: dict[Window, int] = {}
        self._today = min(on, visit_from)
        # No window reaches over a new year: what changed before the last one but one is over and done with.
        self._recent = date(self._today.year - 1, 1, 1)

    def owed(
        self, registration: Registration, *, visits: Sequence[Visit], open_visits: Sequence[OpenVisit]
    ) -> Owed:
        """Say what a registration owes this draw.

        Args:
            registration: one of the item.
            visits: at the premises, for any item, of any kind and day.
            open_visits: drawn visits at the premises that are not finished.
        """
        rules = self._rules
        if rules is None or registration.status != OPERATING:
            return _NO_DUTY
        if registration.out_of_duty is not None:
            return _OUT_OF_DUTY
        if open_visits and any(self._item in one.items for one in open_visits):
            return _VISIT_OPEN
        last = None
        if visits:
            last = last_counting_day(visits, self._counting, item=self._item, on=self._on)
        changes = registration.changes
        if rules.rolling or (changes and changes[-1].on >= self._recent):
            return self._of_history(registration, rules, last)
        return self._unchanged(registration, rules, last)

    def _unchanged(self, registration: Registration, rules: DutyRules, last: date | None) -> Owed:
        """The common case: nothing changed since the new year before last."""
        months = self.terms.months(registration.regime, registration.level, registration.subtype)
        if months is None:
            return _NO_DUTY
        opened = registration.registered_on or date.min
        if registration.known_since is not None and registration.known_since > self._visit_to:
            return Owed(0, Why.NOT_YET, None, last)
        known = first_alarm(registration.known_since, rules)
        frame = self._frames.get(months) or self._frame(months, rules)
        before = frame.before
        if (
            before is not None
            and (last is None or last < before.starts_on)
            and known <= before.ends_on
            and opened <= frame.before_full
        ):
            return Owed(1, Why.OVERDUE, before, last)
        met = None
        for window, full in frame.at_visits:
            if known <= window.ends_on and opened <= full:
                if last is None or last < window.starts_on:
                    return Owed(self._draws_left(window), Why.OWED, window, last)
                met = window
        return Owed(0, Why.NOT_YET if met is None else Why.MET, met, last)

    def _frame(self, months: int, rules: DutyRules) -> _Frame:
        first = window_of(months, self._visit_from)
        windows = [first]
        while windows[-1].ends_on < self._visit_to:
            windows.append(window_of(months, windows[-1].ends_on + ONE_DAY))
        if rules.starts_on > self._visit_to:
            windows = []
        before = window_before(window_of(months, self._today))
        frame = self._frames[months] = _Frame(
            before=clipped(before, rules.starts_on) if before.ends_on >= rules.starts_on else None,
            before_full=before.starts_on,
            at_visits=tuple(
                (clipped(window, rules.starts_on), window.starts_on)
                for window in windows
                if window.ends_on >= rules.starts_on
            ),
        )
        return frame

    def _of_history(self, registration: Registration, rules: DutyRules, last: date | None) -> Owed:
        """The case of a registration that changed, or of windows that roll."""
        run = run_of(registration, self.terms.months)
        if rules.rolling:
            windows = list(rolling_windows(run, rules, last=last, until=self._visit_to))
        else:
            windows = list(calendar_windows(run, rules, since=self._recent, until=self._visit_to))
        unmet = [
            one
            for one in windows
            if one.starts_on <= self._visit_to and (last is None or last < one.starts_on)
        ]
        overdue = [one for one in unmet if one.ends_on < self._today]
        if overdue:
            return Owed(1, Why.OVERDUE, overdue[-1], last)
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
        frames = sorted(self._frames.items())
        return tuple(frame.at_visits[0][0] for _, frame in frames if len(frame.at_visits) > 1)

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
