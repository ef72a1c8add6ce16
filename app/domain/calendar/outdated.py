"""What an approved calendar lacks by now: a policy or a year's notice may have come after its approval.

Neither changes a calendar, only a new version does, with a reason. Until then it is told what would keep a
draft with the same draws from being approved, and which «extra draw before each statutory holiday»
(mission/rules.md, «Frequency duties») the calendar does not have. What is over nobody can mend, and what has
begun stays as it was.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from app.domain.calendar.checks import YearRules, calendar_faults
from app.domain.calendar.draws import EXTRA, PlannedDraw
from app.domain.findings import Finding

_NAMED: Final[Mapping[str, str]] = MappingProxyType({"rate-too-low": "draw-rate-too-low"})
"""Of a draft the pointer names the draw; a finding has none, so its text does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """What one policy wants of the year while it holds.

    Attributes:
        rules: of the year, `since` and `until` the first and the last day on which it is asked about by them.
        foreseen: the draws that the policy foresees by the table of working days and that are still ahead.
    """

    rules: YearRules
    foreseen: Sequence[PlannedDraw]


def lacks(
    draws: Sequence[PlannedDraw],
    terms: Iterable[Term],
    *,
    today: date,
    held: Collection[str],
    beside: Sequence[PlannedDraw],
) -> Iterator[Finding]:
    """Find what a calendar lacks of what is still to come, each draw by the policy of its own days.

    Args:
        draws: the calendar's, without ad-hoc ones.
        terms: the policies that hold from today on, one after another.
        today: the day.
        held: periods of which there was a draw, voided or not.
        beside: draws in force of the years before and after.
    """
    for term in terms:
        begun = {one.period for one in draws if one.visit_from < today or not _asked(one, term.rules)}
        settled = begun | {*held}
        for fault in calendar_faults(draws, term.rules, today=today, settled=settled, beside=beside):
            yield Finding(_NAMED.get(fault.code, fault.code), dict(fault.values))
        yield from _extra_missing(draws, term, held)


def _asked(draw: PlannedDraw, rules: YearRules) -> bool:
    """Tell whether the policy of a draw's days is this one; what comes before the year has the year's."""
    return rules.asks_about(max(draw.visit_from, date(rules.year, 1, 1)))


def _extra_missing(draws: Sequence[PlannedDraw], term: Term, held: Collection[str]) -> Iterator[Finding]:
    """Name the extra draws that the calendar has neither by period nor, where the holiday moved, by days."""
    foreseen = [one for one in term.foreseen if one.kind == EXTRA]
    named = {one.period for one in foreseen}
    others = [one for one in draws if one.holiday is not None and one.period not in named]
    ours = {*held, *(one.period for one in draws)}
    for one in foreseen:
        moved = one.holiday is not None and any(one.visits.holds(other.visits) for other in others)
        if one.period not in ours and not moved and _asked(one, term.rules):
            days = {"first": one.visit_from.isoformat(), "last": one.visit_to.isoformat()}
            yield Finding("extra-draw-missing", {"period": one.period, **days})
