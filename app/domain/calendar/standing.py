"""What became of a draw of the calendar, and the days on which a voided one is replaced.

«A voided draw is replaced inside the window» (mission/rules.md, «`draws_left`»).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from app.domain.calendar.days_off import Week
from app.domain.calendar.spans import DAY, Span, worked_days

VOIDED: Final = "voided"
_APPROVED: Final = "approved"


class Standing(StrEnum):
    """What became of a draw of the calendar."""

    PLANNED = "planned"
    DRAFTED = "drafted"
    APPROVED = "approved"
    COMMITTED = "committed"
    DRAWN = "drawn"
    INFEASIBLE = "infeasible"
    REVEALED = "revealed"
    VOIDED = "voided"
    MISSED = "missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A draw that was held: its id and state, and when it was voided if it was."""

    id: str
    state: str
    voided_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """A draw of the calendar with everything that happened to it.

    Attributes:
        visits: the days of its visits.
        window: the days within which it must be held.
        drawn: the draws of its period, the oldest first; at most the last of them stands.
        plans: states of the plans of its period that wait for their commitment.
        replaced_at: when its days were set anew after a void.
    """

    visits: Span
    window: Span
    drawn: Sequence[Drawn] = ()
    plans: Sequence[str] = ()
    replaced_at: datetime | None = None

    @property
    def held(self) -> bool:
        """Whether a draw of its period stands."""
        return bool(self.drawn) and self.drawn[-1].state != VOIDED

    @property
    def waits_for_replacement(self) -> bool:
        """Whether its draw was voided and its days were not set anew since."""
        if not self.drawn or self.held:
            return False
        voided_at = self.drawn[-1].voided_at
        return self.replaced_at is None or (voided_at is not None and self.replaced_at < voided_at)

    @property
    def has_approved_plan(self) -> bool:
        """Whether an approved plan waits for its commitment."""
        return _APPROVED in self.plans


def standing(one: Occasion, *, on: date, week: Week) -> Standing:
    """Say what became of a draw of the calendar.

    Args:
        one: the draw.
        on: the day.
        week: days off around it.
    """
    if one.held:
        return Standing(one.drawn[-1].state)
    if one.plans and one.visits.last >= on:
        return Standing.APPROVED if one.has_approved_plan else Standing.DRAFTED
    if one.waits_for_replacement:
        return Standing.MISSED if replacement(one, on=on, week=week) is None else Standing.VOIDED
    return Standing.MISSED if one.visits.last < on else Standing.PLANNED


def replacement(one: Occasion, *, on: date, week: Week) -> Span | None:
    """Propose days for the visits of a draw that replaces a voided one; None where its window has none left.

    What is left of its own days from tomorrow on; where these have no working day, as many days as it had,
    from tomorrow on; where these have none either, whatever the window has left.

    Args:
        one: the draw.
        on: the day.
        week: days off around it.
    """
    tomorrow = max(on + DAY, one.window.first)
    first = max(tomorrow, one.visits.first)
    for span in (
        Span(first=first, last=one.visits.last),
        Span(first=tomorrow, last=min(tomorrow + (one.visits.days - 1) * DAY, one.window.last)),
        Span(first=tomorrow, last=one.window.last),
    ):
        if span.days > 0 and worked_days(span, week):
            return span
    return None
