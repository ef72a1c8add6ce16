"""Until when a result must be public and an order checked again: the clocks 期限 as a document says them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from app.domain.errors import Malformed
from app.domain.working_days import WorkingCalendar, add_working_days, working_days_before


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckRule:
    """Until when an order to correct 责令限期改正 is checked again: by its day, or a little later.

    Attributes:
        working_days: after the order's day, by regime; where a regime is not named, the order's day itself.
        alarm_days: how long before the last day the alarm is raised, in days.
    """

    working_days: Mapping[str, int]
    alarm_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """The numbers of a clocks document.

    Attributes:
        result_working_days: from the end of a visit until its result is public.
        penalty_working_days: from a penalty decision until it is public.
        penalty_kinds: kinds of dispositions 后续处置 that are penalties (行政处罚法 art. 9).
        alarm_working_days: how long before the last day the alarm is raised.
        withholding_days: the longest time for which one decision withholds a result, in days.
        wholly_public_regimes: regimes all of whose results become public (plan, R1).
        recheck: until when orders are checked again; None: the document sets no such clock.
        calendar_from: month and day from which on the next year's calendar must be there; None: any time.
    """

    result_working_days: int
    penalty_working_days: int
    penalty_kinds: frozenset[str]
    alarm_working_days: int
    withholding_days: int
    wholly_public_regimes: frozenset[str]
    recheck: RecheckRule | None = None
    calendar_from: tuple[int, int] | None = None

    def punishes(self, kinds: Iterable[str]) -> bool:
        """Tell whether one of these dispositions is a penalty."""
        return not self.penalty_kinds.isdisjoint(kinds)


@dataclass(frozen=True, slots=True)
class Count:
    """What a last day is counted from: so many working days after a day, which itself does not count."""

    start: date
    working_days: int


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day on which something is done in time, and the day of the alarm before it."""

    due_on: date
    alarm_on: date


def parse_clocks(document: Mapping[str, Any]) -> Clocks:
    """Read a clocks document; the sections `recheck` and `calendar` came with version 2.

    Raises:
        KeyError: the document lacks a member.
    """
    wanted = document.get("calendar")
    return Clocks(
        result_working_days=document["result"]["working_days"],
        penalty_working_days=document["penalty"]["working_days"],
        penalty_kinds=frozenset(document["penalty"]["kinds"]),
        alarm_working_days=document["alarm"]["working_days"],
        withholding_days=document["withholding"]["days"],
        wholly_public_regimes=frozenset(document["wholly_public_regimes"]),
        recheck=_recheck(document.get("recheck")),
        calendar_from=None if wanted is None else (wanted["month"], wanted["day"]),
    )


def _recheck(section: Mapping[str, Any] | None) -> RecheckRule | None:
    if section is None:
        return None
    later = {one["regime"]: one["working_days"] for one in section["later"]}
    return RecheckRule(working_days=MappingProxyType(later), alarm_days=section["alarm"]["days"])


def result_count(ended_on: date, clocks: Clocks) -> Count:
    """Give what a result's last day is counted from: the day on which the visit ended."""
    return Count(ended_on, clocks.result_working_days)


def penalty_count(decided_on: date, clocks: Clocks) -> Count:
    """Give what a penalty's last day is counted from: the day on which it was decided."""
    return Count(decided_on, clocks.penalty_working_days)


def deadline(counts: Collection[Count], clocks: Clocks, calendar: WorkingCalendar) -> Deadline:
    """Give the deadline of what is due on several counts, at least one: the first of them.

    The alarm lies before it, though not before the day from which it is counted.

    Raises:
        RuleBroken: `calendar-year-missing`.
    """
    due_on, start = min(
        (add_working_days(one.start, one.working_days, calendar), one.start) for one in counts
    )
    return Deadline(due_on, max(start, working_days_before(due_on, clocks.alarm_working_days, calendar)))


def recheck_by(due_on: date, regimes: Iterable[str], rule: RecheckRule, calendar: WorkingCalendar) -> date:
    """Give the last day on which an order that is due on a day is checked again in time.

    A visit of several regimes follows the one that leaves the least time.

    Args:
        due_on: the order's day.
        regimes: regimes 监管类别 of the visit.
        rule: from the clocks in force.
        calendar: is asked only where working days are counted.

    Raises:
        RuleBroken: `calendar-year-missing`.
    """
    later = min((rule.working_days.get(regime, 0) for regime in regimes), default=0)
    return add_working_days(due_on, later, calendar) if later else due_on


def wanted_year(today: date, clocks: Clocks) -> int:
    """Give the last year whose calendar must be there today: from its day in the year on, the next one's."""
    if clocks.calendar_from is not None and (today.month, today.day) >= clocks.calendar_from:
        return today.year + 1
    return today.year


def check_withholding(until: date, *, today: date, clocks: Clocks) -> None:
    """Refuse to withhold 暂缓公示 without end.

    Raises:
        Malformed: `withheld-too-long`: the day is not after today, or too far away.
    """
    latest = today + timedelta(days=clocks.withholding_days)
    if not today < until <= latest:
        raise Malformed("withheld-too-long", latest=latest.isoformat())
