"""What is short where a duty may be missed: the reason that an alarm 预警 names.

«An entity that no drawable line can serve in time is an alarm **before** the window ends … otherwise the
alarm comes before the miss» (mission/rules.md). It comes when no draw to come serves the window any more,
when nobody can make the visit, and `alarm_days` before the end of what is not met in any case. Where a window
was missed it is too late for its alarm, and time for that of the next one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.domain.draw.basics.lines import Inspector
from app.domain.duties.standing import DutyState, Standing


class Short(StrEnum):
    """What is short."""

    LEVEL = "level-missing"
    CALENDAR = "calendar-without-draws"
    DRAW = "no-draw-left"
    NOBODY = "no-inspectors-registered"
    INSPECTORS = "no-inspectors"
    CAPACITY = "capacity"
    VISIT = "visit-not-done"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Shortage:
    """What is short, and the tag that too few inspectors have."""

    short: Short
    tag: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Force:
    """Who could serve an item: the places of a team, the inspectors, and whether their caps hold what is due.

    Attributes:
        slots: tags of each place in a team.
        inspectors: those who may serve in the days to come, with their caps.
        due: how many premises have to be in the next draw.
        anybody: whether any inspector is registered for the region, or lent to it, whether able or not.
    """

    slots: Sequence[tuple[str, ...]]
    inspectors: Sequence[Inspector]
    due: int
    anybody: bool = True

    def lacking(self, needs: Collection[str]) -> Shortage | None:
        """Name the tag that fewer inspectors have than a team has places; None: a team can be made."""
        if not self.anybody:
            return Shortage(Short.NOBODY)
        able = [one for one in self.inspectors if one.cap]
        if sum(set(needs) <= set(one.tags) for one in able) >= len(self.slots):
            return None
        holders: Mapping[str, int] = {tag: sum(tag in one.tags for one in able) for tag in needs}
        return Shortage(Short.INSPECTORS, min(sorted(holders), key=holders.__getitem__))

    @property
    def overtaxed(self) -> bool:
        """Whether the due visits of the next draw have more places than all caps together."""
        return self.due * len(self.slots) > sum(one.cap for one in self.inspectors)


def shortage(
    found: Standing, *, needs: Collection[str], force: Force, draws_at_all: bool, alarm_days: int, on: date
) -> Shortage | None:
    """Say what is short for a duty; None where nothing is, or nothing is owed in the current window.

    Args:
        found: how the duty stands; of what was missed, in the window of today (`in_todays_window`).
        needs: tags that its visit's team must have.
        force: who could serve.
        draws_at_all: whether the item has any draw to come, in whatever window.
        alarm_days: how many days before its end an unmet window is alarming in any case.
        on: the day.
    """
    if found.window is None or found.state in _CALM:
        return None
    ends = found.window.ends_on
    if found.visit_open:
        late = ends - timedelta(days=alarm_days) <= on
        return Shortage(Short.VISIT) if found.hangs or late else None
    if found.hangs:
        return Shortage(Short.DRAW if draws_at_all else Short.CALENDAR)
    if (nobody := force.lacking(needs)) is not None:
        return nobody
    if found.draws_left == 1 and force.overtaxed:
        return Shortage(Short.CAPACITY)
    return Shortage(Short.TIME) if ends - timedelta(days=alarm_days) <= on else None


_CALM = frozenset(DutyState) - {
    *(DutyState.OPEN, DutyState.LAST_DRAW, DutyState.AT_RISK, DutyState.VISIT_OPEN)
}
