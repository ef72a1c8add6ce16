"""The rhythm of draws 抽查频率: what a policy says of the draws of a year, in `calendar` and `extra_draws`.

A policy without these sections plans no draws of itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

WEEK: Final = "week"
THIRD: Final = "third-of-month"
MONTH: Final = "month"
QUARTER: Final = "quarter"
EVERY: Final = (WEEK, THIRD, MONTH, QUARTER)
"""How often regular draws come."""

HOLIDAY: Final = "holiday"
SEASON: Final = "season"
OCCASIONS: Final = (HOLIDAY, SEASON)
"""What extra draws are held for."""

Rate = tuple[int, int]
"""A ratio p/q of the lines of each stratum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """The regular draws of some items.

    Attributes:
        items: codes of inspection items.
        every: `week`, `third-of-month`, `month` or `quarter`.
        rate: at which they draw, as the public calendar says; None: the least rate, else each plan's own.
        least_rate: below which no draw may be; None: any.
        least_working_days: a week of a month with fewer joins its neighbour.
        lead_days: days of a span that pass before its visits begin.
        spare_days: days that are left of a span when its visits end.
        reserve: draws that each duty's window has beyond the one that is needed.
        alarm_days: a draw that has no approved plan so many days before its visits raises an alarm.
        basis: why.
    """

    items: tuple[str, ...]
    every: str
    rate: Rate | None
    least_rate: Rate | None
    least_working_days: int
    lead_days: int
    spare_days: int
    reserve: int
    alarm_days: int
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraDraws:
    """Draws beyond the regular ones: before long holidays, or in the months of a season.

    Attributes:
        items: codes of inspection items.
        occasion: `holiday` or `season`.
        least_days: length of the shortest holiday that counts, in days off in a row.
        visit_days: the visits are in so many days before the holiday.
        months: of the season, 1 to 12.
        rate: at which they draw.
        alarm_days: as for regular draws.
        basis: why.
    """

    items: tuple[str, ...]
    occasion: str
    least_days: int
    visit_days: int
    months: tuple[int, ...]
    rate: Rate
    alarm_days: int
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythms:
    """Every regular and extra draw that a policy foresees."""

    regular: tuple[Rhythm, ...] = ()
    extra: tuple[ExtraDraws, ...] = ()

    def regular_of(self, item: str) -> Rhythm | None:
        """Give the rhythm of an item's regular draws, the first that names it."""
        return next((rhythm for rhythm in self.regular if item in rhythm.items), None)

    def extra_of(self, item: str) -> tuple[ExtraDraws, ...]:
        """Give every kind of extra draws of an item."""
        return tuple(extra for extra in self.extra if item in extra.items)


def parse_rhythms(document: Mapping[str, Any]) -> Rhythms:
    """Read the sections `calendar` and `extra_draws` of a policy document; either may be missing.

    Raises:
        KeyError: an entry lacks a member.
    """
    return Rhythms(
        regular=tuple(_rhythm(entry) for entry in document.get("calendar", ())),
        extra=tuple(_extra(entry) for entry in document.get("extra_draws", ())),
    )


def _rhythm(entry: Mapping[str, Any]) -> Rhythm:
    return Rhythm(
        items=tuple(entry["items"]),
        every=entry["every"],
        rate=_rate(entry.get("rate")),
        least_rate=_rate(entry.get("least_rate")),
        least_working_days=entry.get("least_working_days", 0),
        lead_days=entry.get("lead_days", 0),
        spare_days=entry.get("spare_days", 0),
        reserve=entry.get("reserve", 0),
        alarm_days=entry.get("alarm_days", 0),
        basis=entry["basis"],
    )


def _extra(entry: Mapping[str, Any]) -> ExtraDraws:
    p, q = entry["rate"]
    return ExtraDraws(
        items=tuple(entry["items"]),
        occasion=entry["before"],
        least_days=entry.get("least_days", 0),
        visit_days=entry.get("visit_days", 0),
        months=tuple(entry.get("months", ())),
        rate=(p, q),
        alarm_days=entry.get("alarm_days", 0),
        basis=entry["basis"],
    )


def _rate(terms: list[int] | None) -> Rate | None:
    return None if terms is None else (terms[0], terms[1])
