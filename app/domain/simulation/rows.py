"""The rows of a simulation's tables, and the report that holds them all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.domain.simulation.tally import Group


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRow:
    """Duties and visits of one group of registrations.

    Attributes:
        years: in operation, all registrations together.
        wanted: visits a year that the duty asks for; None: no frequency duty.
        visits: visits a year that were made.
        due, met, missed, unreachable, ended: windows; `announced`: misses that an alarm came before.
    """

    group: Group
    years: float
    wanted: float | None
    visits: float
    due: int
    met: int
    missed: int
    announced: int
    unreachable: int
    ended: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRow:
    """Draws of one item.

    Attributes:
        draws: held; `skipped`: not held; `infeasible`: those in which a team stayed incomplete.
        mean, most: premises drawn.
        last_week: share of all drawn whose draw begins in the last seven days of a month.
        even: the share that the number of such draws alone would make: more than that is a pile-up.
    """

    item: str
    draws: int
    skipped: int
    infeasible: int
    mean: float
    most: int
    last_week: float
    even: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AgainRow:
    """How often a visit was followed by another of the item at the same premises within so many days."""

    item: str
    visits: int
    within: Mapping[int, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeverRow:
    """Registrations without a frequency duty that operated all the time, and how many were never visited."""

    group: Group
    premises: int
    never: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRow:
    """Lines of an item that owed nothing, by their tickets, and how often such a line is drawn in a year."""

    item: str
    least: int
    most: int
    lines: int
    drawn: int
    a_year: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliefRow:
    """Lines that owed nothing and had no additions, relieved after a clean visit or not."""

    item: str
    relieved: float | None
    others: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRow:
    """Visits a year of the inspectors of an agency and a set of regimes; `gini` 0 is even, 1 all on one."""

    agency: str
    regimes: tuple[str, ...]
    inspectors: int
    least: float
    middle: float
    most: float
    gini: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that is printed, in rows.

    Attributes:
        first, last: days of the simulation.
        alarms: duties of which an alarm was raised.
        causes: why duties were missed, and how many.
        visits: that met somebody; `merged`: those that served several items at once.
        attempts, unreachable, not_made, without_team: what became of drawn visits that met nobody.
        load: (first day, item, premises drawn) of each draw, for the plot.
    """

    first: date
    last: date
    years: float
    duties: tuple[DutyRow, ...]
    draws: tuple[LoadRow, ...]
    again: tuple[AgainRow, ...]
    never: tuple[NeverRow, ...]
    tickets: tuple[TicketRow, ...]
    relief: tuple[ReliefRow, ...]
    staff: tuple[StaffRow, ...]
    alarms: int
    causes: Mapping[str, int]
    visits: int
    merged: int
    attempts: int
    unreachable: int
    not_made: int
    without_team: int
    load: tuple[tuple[date, str, int], ...]

    @property
    def missed(self) -> int:
        """Duties missed in all."""
        return sum(row.missed for row in self.duties)

    @property
    def announced(self) -> int:
        """Duties missed of which an alarm was raised before."""
        return sum(row.announced for row in self.duties)
