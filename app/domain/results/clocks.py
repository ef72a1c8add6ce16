"""Until when a result must be public: the clocks 公示期限 as a versioned document says them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.domain.errors import Malformed
from app.domain.working_days import WorkingCalendar, add_working_days, working_days_before


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
    """

    result_working_days: int
    penalty_working_days: int
    penalty_kinds: frozenset[str]
    alarm_working_days: int
    withholding_days: int
    wholly_public_regimes: frozenset[str]

    def punishes(self, kinds: Iterable[str]) -> bool:
        """Tell whether one of these dispositions is a penalty."""
        return not self.penalty_kinds.isdisjoint(kinds)


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day on which a result becomes public in time, and the day of the alarm before it."""

    due_on: date
    alarm_on: date


def parse_clocks(document: Mapping[str, Any]) -> Clocks:
    """Read a clocks document.

    Raises:
        KeyError: the document lacks a member.
    """
    return Clocks(
        result_working_days=document["result"]["working_days"],
        penalty_working_days=document["penalty"]["working_days"],
        penalty_kinds=frozenset(document["penalty"]["kinds"]),
        alarm_working_days=document["alarm"]["working_days"],
        withholding_days=document["withholding"]["days"],
        wholly_public_regimes=frozenset(document["wholly_public_regimes"]),
    )


def result_deadline(ended_on: date, clocks: Clocks, calendar: WorkingCalendar) -> Deadline:
    """Give the deadline of a result: so many working days after the day on which the visit ended.

    Raises:
        RuleBroken: `calendar-year-missing`.
    """
    return _deadline(ended_on, clocks.result_working_days, clocks, calendar)


def penalty_deadline(decided_on: date, clocks: Clocks, calendar: WorkingCalendar) -> Deadline:
    """Give the deadline of a penalty: so many working days after the day on which it was decided.

    Raises:
        RuleBroken: `calendar-year-missing`.
    """
    return _deadline(decided_on, clocks.penalty_working_days, clocks, calendar)


def _deadline(start: date, days: int, clocks: Clocks, calendar: WorkingCalendar) -> Deadline:
    due_on = add_working_days(start, days, calendar)
    return Deadline(due_on, max(start, working_days_before(due_on, clocks.alarm_working_days, calendar)))


def sooner(one: Deadline, other: Deadline) -> Deadline:
    """Give the deadline that comes first: what is due twice is due at once."""
    return min(one, other, key=lambda deadline: deadline.due_on)


def check_withholding(until: date, *, today: date, clocks: Clocks) -> None:
    """Refuse to withhold 暂缓公示 without end.

    Raises:
        Malformed: `withheld-too-long`: the day is not after today, or too far away.
    """
    latest = today + timedelta(days=clocks.withholding_days)
    if not today < until <= latest:
        raise Malformed("withheld-too-long", latest=latest.isoformat())
