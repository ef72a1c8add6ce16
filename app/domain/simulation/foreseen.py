"""The calendar of draws while a simulation goes on: what is foreseen, held, voided, and added ad hoc."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from app.domain.calendar.coming import Slot, ends_to_come
from app.domain.calendar.draws import PlannedDraw, planned_draws
from app.domain.duties.windows import Window
from app.domain.simulation.drawing import Law
from app.domain.working_days import WorkingCalendar

_AHEAD_DAYS: Final = 400
"""A window has a year at the most, so draws that lie further ahead serve none of today's."""


@dataclass(slots=True)
class Foreseen:
    """A draw of the calendar, and what became of it so far.

    Attributes:
        planned: the calendar's entry.
        levels: the only levels 治安等级 that its plan is about; none: the whole item.
        done: it was held.
        lost: it was voided and not replaced.
    """

    planned: PlannedDraw
    levels: tuple[int, ...] = ()
    done: bool = False
    lost: bool = False


@dataclass(slots=True)
class DrawCalendar:
    """The draws of every item.

    Attributes:
        months: lengths of the calendar windows of each item's duties; none: visits may reach over any day.
        entries: draws by item, in the order in which they were foreseen.
    """

    months: Mapping[str, Collection[int]]
    entries: dict[str, list[Foreseen]] = field(default_factory=dict)

    def add(self, planned: PlannedDraw, levels: tuple[int, ...] = ()) -> Foreseen:
        """Foresee one more draw."""
        entry = Foreseen(planned, levels)
        self.entries.setdefault(planned.item, []).append(entry)
        return entry

    def periods(self, item: str) -> frozenset[str]:
        """Give the periods of an item's draws."""
        return frozenset(one.planned.period for one in self.entries.get(item, ()))

    def to_come(self, item: str, on: date, this: PlannedDraw | None) -> tuple[date, ...]:
        """Give the last visit days of the item's draws to come, as the service counts them.

        A plan that leaves premises out is not one that everybody can count on.
        """
        slots = [
            _slot(one.planned, held=one.done, lost=one.lost or bool(one.levels))
            for one in self.entries.get(item, ())
            if on <= one.planned.visit_to and one.planned.visit_from <= on + timedelta(days=_AHEAD_DAYS)
        ]
        return ends_to_come(
            slots, this=None if this is None else _slot(this), on=on, months=self.months[item]
        )

    def followed(self, planned: PlannedDraw, window: Window) -> bool:
        """Tell whether another draw of the whole item comes after a draw's visits, inside a window."""
        return any(
            planned.visit_to < other.planned.visit_from and other.planned.visit_to <= window.ends_on
            for other in self.entries[planned.item]
            if not other.levels
        )


def _slot(planned: PlannedDraw, *, held: bool = False, lost: bool = False) -> Slot:
    return Slot(period=planned.period, visits=planned.visits, held=held, lost=lost)


def implied_draws(law: Law, *, first: date, last: date, calendar: WorkingCalendar) -> tuple[PlannedDraw, ...]:
    """Give the draws that the policy implies for every item, from the first year to the one after the last.

    The year after belongs to it, for the draw before New Year's Day has its visits in the year before.

    Raises:
        RuleBroken: `calendar-year-missing`.
    """
    return tuple(
        draw
        for item in law.items
        for year in range(first.year, last.year + 2)
        for draw in planned_draws(
            law.policy,
            item=item.code,
            regimes=item.regimes,
            region=law.region,
            year=year,
            working=calendar,
        )
    )
