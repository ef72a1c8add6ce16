"""Ad-hoc draws 临时抽查: asked for with a reason, approved by another person, counted publicly."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.domain.calendar.spans import DAY, QUARTER_MONTHS, Span
from app.domain.errors import FieldError
from app.domain.policies.rhythms import MONTH, QUARTER, THIRD, WEEK, Rhythm, Rhythms

_MARK: Final = ".adhoc-"
_LAST_DAY: Final = (12, 31)
_LONGEST: Final[Mapping[str, int]] = MappingProxyType({WEEK: 13, THIRD: 11, MONTH: 31, QUARTER: 92})
"""Days of the longest span of each rhythm; a week may join a piece of one that the month's end cuts."""


class AdhocReason(StrEnum):
    """Why a draw is held that no calendar foresees (实施方案三（一）至（三）)."""

    FIRE_SITUATION = "fire-situation"
    SEASON = "season"
    KEY_AREA = "key-area"
    MAJOR_EVENT = "major-event"
    COMPLAINTS = "complaints"
    INCIDENTS = "incidents"
    SUPERIOR_ORDER = "superior-order"
    OTHER = "other"


def base_period(visit_from: date, rhythm: Rhythm | None) -> str:
    """Give the period in which an ad-hoc draw counts: the month of its first visits, or the quarter.

    Items that are drawn quarterly count by quarters.

    Args:
        visit_from: the first day of its visits.
        rhythm: the item's regular draws.
    """
    if rhythm is not None and rhythm.every == QUARTER:
        return f"{visit_from.year}Q{(visit_from.month - 1) // QUARTER_MONTHS + 1}"
    return f"{visit_from:%Y-%m}"


def adhoc_period(base: str, *, taken: Collection[str]) -> str:
    """Give the next `<period>.adhoc-<n>` of a period, n from 1.

    Args:
        base: the period.
        taken: ad-hoc periods that were given or drawn before.
    """
    n = 1
    while f"{base}{_MARK}{n}" in taken:
        n += 1
    return f"{base}{_MARK}{n}"


def longest_visits(rhythms: Rhythms) -> int | None:
    """Give the days of the longest visits that a policy's own draws have; None: it plans none.

    Args:
        rhythms: of the policy, of all its items.
    """
    spans = [_LONGEST[rhythm.every] for rhythm in rhythms.regular]
    spans += [_LONGEST[MONTH] if extra.months else extra.visit_days for extra in rhythms.extra]
    return max(spans, default=None)


def adhoc_faults(visits: Span, *, today: date, longest: int | None = None) -> Iterator[FieldError]:
    """Find what is wrong with the days of an ad-hoc draw.

    They lie in one year, this or the next: no calendar and no window reaches over a new year.

    Args:
        visits: the days of its visits.
        today: the day.
        longest: how many days they may be; None: as many as the year has.
    """
    if visits.first > visits.last:
        yield FieldError("/visit_to", "visits-end-early", (("visit_from", visits.first.isoformat()),))
    if visits.first < today:
        yield FieldError("/visit_from", "in-the-past", (("today", today.isoformat()),))
    elif visits.first.year > today.year + 1:
        yield _outside("/visit_from", today, date(today.year + 1, *_LAST_DAY))
    else:
        last = date(visits.first.year, *_LAST_DAY)
        if longest is not None:
            last = min(last, visits.first + (longest - 1) * DAY)
        if visits.last > last:
            yield _outside("/visit_to", visits.first, last)


def _outside(at: str, first: date, last: date) -> FieldError:
    return FieldError(at, "outside-window", (("first", first.isoformat()), ("last", last.isoformat())))
