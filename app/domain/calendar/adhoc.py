"""Ad-hoc draws 临时抽查: asked for with a reason, approved by another person, counted publicly."""

from collections.abc import Collection, Iterator
from datetime import date
from enum import StrEnum
from typing import Final

from app.domain.calendar.spans import QUARTER_MONTHS, Span
from app.domain.errors import FieldError
from app.domain.policies.rhythms import QUARTER, Rhythm

_MARK: Final = ".adhoc-"


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


def adhoc_faults(visits: Span, *, today: date) -> Iterator[FieldError]:
    """Find what is wrong with the days of an ad-hoc draw.

    Args:
        visits: the days of its visits.
        today: the day.
    """
    if visits.first > visits.last:
        yield FieldError("/visit_to", "visits-end-early", (("visit_from", visits.first.isoformat()),))
    if visits.first < today:
        yield FieldError("/visit_from", "in-the-past", (("today", today.isoformat()),))
