"""Which draws are still to come 待组织的抽查: what the duties of a draw may count on."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from app.domain.calendar.fitting import in_one_window
from app.domain.calendar.spans import Span
from app.domain.duties.windows import window_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A place for a draw in the calendar, and whether it can still be counted on.

    Attributes:
        period: its canonical period.
        visits: the days of its visits.
        held: a draw of this period stands: committed, and not voided.
        lost: its draw was voided and no other days were set, or what is planned for it leaves premises out.
    """

    period: str
    visits: Span
    held: bool = False
    lost: bool = False


def ends_to_come(
    slots: Iterable[Slot], *, this: Slot | None, on: date, months: Collection[int]
) -> tuple[date, ...]:
    """Give the last visit days of the draws to come, this one included, in order.

    Beside this draw only what surely comes after it counts: no draw that stands already, none whose visits
    begin before those of this draw or are over, and none whose visits reach over the end of a window, since
    nobody knows in which of the two its visits will be. Nor one whose visits are not over when the window's
    reserve begins, such as an ad-hoc draw makes of the last regular one: of the two only one can make up for
    a visit of the other that fails.

    Args:
        slots: the calendar, each period once.
        this: the draw that is being planned or frozen; None: none is.
        on: the day.
        months: lengths of the calendar windows of the item's duties; none: visits may reach over any day.
    """
    coming = [
        slot.visits
        for slot in slots
        if not (slot.held or slot.lost or (this is not None and slot.period == this.period))
        and slot.visits.last >= on
        and (this is None or slot.visits.first >= this.visits.first)
        and in_one_window(slot.visits, months)
    ]
    ends = [visits.last for visits in _clear_of_reserves(coming, months)]
    return tuple(sorted(ends if this is None else [*ends, this.visits.last]))


def _clear_of_reserves(coming: Iterable[Span], months: Collection[int]) -> list[Span]:
    """Leave out what is not over when its window's last draw begins, which is the reserve."""
    clear = sorted(coming, key=lambda one: (one.first, one.last))
    for each in months:
        windows = [window_of(each, one.first) for one in clear]
        reserves = dict(zip(windows, clear, strict=True))  # the last of each window stays
        clear = [
            one
            for one, window in zip(clear, windows, strict=True)
            if one is reserves[window] or one.last < reserves[window].first
        ]
    return clear
