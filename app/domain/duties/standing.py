"""How a duty stands today, for the list of duties and its alarms.

«Guarantee. No duty is missed while its draws take place and no more visits fail than the reserve covers;
otherwise the alarm comes before the miss» (mission/rules.md). So it comes when no draw to come can serve the
window any more: at once where there never was one, else while the visit of the last one is under way.

A window that was missed leaves an overdue duty, and does not end the next ones: each of them is missed in its
turn until a visit comes, and has its own alarm before (`in_todays_window`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from app.domain.duties.history import calendar_windows, rolling_windows, run_of
from app.domain.duties.owed import DrawDuties, Owed, Why
from app.domain.duties.terms import DutyTerms
from app.domain.duties.windows import Window
from app.domain.facts import OpenVisit, Registration, Visit


class DutyState(StrEnum):
    """How a duty 频次义务 stands in its current window."""

    MET = "met"
    NOT_YET = "not-yet"
    VISIT_OPEN = "visit-open"
    OPEN = "open"
    LAST_DRAW = "due-in-last-draw"
    AT_RISK = "at-risk"
    MISSED = "missed"
    UNREACHABLE = "unreachable"
    OUT_OF_DUTY = "out-of-duty"
    YIELDS = "yields-to-cap"


_BY_DRAWS: Final = (DutyState.AT_RISK, DutyState.LAST_DRAW, DutyState.OPEN)
_OWES_NOTHING: Final = frozenset(
    {DutyState.MET, DutyState.NOT_YET, DutyState.UNREACHABLE, DutyState.OUT_OF_DUTY, DutyState.YIELDS}
)
_PLAIN: Final = {
    Why.MET: DutyState.MET,
    Why.NOT_YET: DutyState.NOT_YET,
    Why.OVERDUE: DutyState.MISSED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a duty stands.

    Attributes:
        state: of its current window.
        window: that window; of a missed duty the one that was missed last, None where none matters.
        draws: how many draws to come have visits that end inside the window.
        draws_left: as a draw today would have it.
        last: the day of the last visit that counts.
        visit_open: whether a visit of the item is under way.
    """

    state: DutyState
    window: Window | None
    draws: int
    draws_left: int
    last: date | None
    visit_open: bool

    @property
    def owing(self) -> bool:
        """Whether a visit is owed still, be it in this window or for one that was missed."""
        return self.state not in _OWES_NOTHING

    def yielding(self) -> "Standing":
        """The same where it was decided that the duty yields to the annual cap, and the cap is reached."""
        return replace(self, state=DutyState.YIELDS, draws_left=0)

    @property
    def hangs(self) -> bool:
        """Whether an unmet window has no draw to come: all hangs on a visit under way, if there is one."""
        return self.state in {DutyState.AT_RISK, DutyState.VISIT_OPEN} and not self.draws


def _as_it_is(owed: Owed) -> Owed:
    return owed


def standing(
    duties: DrawDuties,
    registration: Registration,
    *,
    visits: Sequence[Visit],
    open_visits: Sequence[OpenVisit],
    anew: Callable[[Owed], Owed] = _as_it_is,
) -> Standing | None:
    """Say how a duty stands; None where none applies.

    Args:
        duties: as a draw with its visits today would meet them, with the draws to come.
        registration: whose duty.
        visits: at the premises, of any item.
        open_visits: drawn visits at the premises that are not finished.
        anew: says what is owed where a year that is over let something go.
    """
    owed = anew(duties.owed(registration, visits=visits, open_visits=open_visits))
    if owed.why == Why.NO_DUTY:
        return None
    visit_open = owed.why == Why.VISIT_OPEN
    # What the open visit would meet is asked as if there were none.
    told = anew(duties.owed(registration, visits=visits, open_visits=())) if visit_open else owed
    if told.why == Why.NO_DUTY:
        return None
    draws = 0 if told.window is None else duties.draws_in(told.window)
    return Standing(
        state=_state(told, registration, duties, draws=draws, visit_open=visit_open),
        window=told.window,
        draws=draws,
        draws_left=owed.draws_left,
        last=told.last,
        visit_open=visit_open,
    )


def _state(
    told: Owed, registration: Registration, duties: DrawDuties, *, draws: int, visit_open: bool
) -> DutyState:
    if told.why == Why.OUT_OF_DUTY:
        found_nobody = registration.out_of_duty == duties.attempt
        return DutyState.UNREACHABLE if found_nobody else DutyState.OUT_OF_DUTY
    if told.why == Why.OWED:
        return DutyState.VISIT_OPEN if visit_open else _by_draws(draws)
    return _PLAIN[told.why]


def in_todays_window(
    found: Standing, duties: DrawDuties, registration: Registration, *, on: date
) -> Standing:
    """Say how a missed duty stands in the window of today, which is missed next if no visit comes.

    What was not missed stands as it did, and so does what has no unmet window today.

    Args:
        found: how the duty stands.
        duties: those that it was asked of.
        registration: whose duty.
        on: the day.
    """
    if found.state != DutyState.MISSED:
        return found
    window = unmet_today(registration, last=found.last, terms=duties.terms, on=on)
    if window is None:
        return found
    draws = duties.draws_in(window)
    state = DutyState.VISIT_OPEN if found.visit_open else _by_draws(draws)
    return replace(found, state=state, window=window, draws=draws)


def unmet_today(
    registration: Registration, *, last: date | None, terms: DutyTerms, on: date
) -> Window | None:
    """Give the window that runs on a day and that no visit met, whatever was missed before; None: none is.

    Args:
        registration: that operates.
        last: the day of the last visit that counts.
        terms: of the policy in force.
        on: the day.
    """
    rules = terms.rules
    if rules is None:
        return None
    run = run_of(registration, terms.months, terms.begun)
    windows = (
        rolling_windows(run, rules, last=last, until=on)
        if rules.rolling
        else calendar_windows(run, rules, since=on, until=on)
    )
    return next(
        (
            one
            for one in windows
            if one.starts_on <= on <= one.ends_on and (last is None or last < one.starts_on)
        ),
        None,
    )


def _by_draws(draws: int) -> DutyState:
    return _BY_DRAWS[min(draws, 2)]
