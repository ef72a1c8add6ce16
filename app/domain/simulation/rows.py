"""The rows of a simulation's tables, and the report that holds them all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.simulation.parts import Part
from app.domain.simulation.tally import TOO_LATE, Group


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRow:
    """Duties and visits of one group of registrations.

    Attributes:
        years: in operation, all registrations together.
        wanted: visits a year that the duty asks for; None: no frequency duty.
        visits: visits a year that were made; `parts`: what they are counted under, which adds up to them.
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
    parts: Mapping[Part, float]


def joined_rows(parts: Iterable[Sequence[DutyRow]]) -> tuple[DutyRow, ...]:
    """Add the duties of several regions up by group; what is a year's is weighed by the time in operation."""
    groups: dict[Group, list[DutyRow]] = {}
    for rows in parts:
        for row in rows:
            groups.setdefault(row.group, []).append(row)
    return tuple(_joined(rows) for _, rows in sorted(groups.items()))


def _joined(rows: Sequence[DutyRow]) -> DutyRow:
    years = sum(row.years for row in rows)
    dutiful = [(row.wanted, row.years) for row in rows if row.wanted is not None]
    return DutyRow(
        group=rows[0].group,
        years=years,
        wanted=sum(a * b for a, b in dutiful) / sum(b for _, b in dutiful) if dutiful else None,
        visits=sum(row.visits * row.years for row in rows) / years,
        due=sum(row.due for row in rows),
        met=sum(row.met for row in rows),
        missed=sum(row.missed for row in rows),
        announced=sum(row.announced for row in rows),
        unreachable=sum(row.unreachable for row in rows),
        ended=sum(row.ended for row in rows),
        parts={part: sum(row.parts[part] * row.years for row in rows) / years for part in Part},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedRow:
    """Duties that were missed for the same cause, and after the same became of their alarms."""

    cause: str
    answer: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AdhocRow:
    """Ad-hoc draws 临时抽查 of one item that answered alarms, and what they cost.

    Attributes:
        draws: held; `most`: premises drawn in one of them.
        visits: made; `duties` of them met a duty, the others are what the answers cost beside it.
    """

    item: str
    draws: int
    most: int
    visits: int
    duties: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRow:
    """Draws of one item that its calendar foresaw; ad-hoc draws are told apart.

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
    """Registrations that operated all the time, and how many were never visited."""

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
        causes: why duties were missed, and how many; none that nobody missed.
        adhoc: ad-hoc draws that answered alarms, by item; `answered`: duties that they were asked for.
        happened: what happened outside, and how often.
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
    causes: tuple[MissedRow, ...]
    adhoc: tuple[AdhocRow, ...]
    answered: int
    happened: Mapping[str, int]
    visits: int
    merged: int
    attempts: int
    unreachable: int
    not_made: int
    without_team: int
    load: tuple[tuple[date, str, int], ...]

    @property
    def due(self) -> int:
        """Windows of duties that ended in all."""
        return sum(row.due for row in self.duties)

    @property
    def too_late(self) -> int:
        """Duties missed because too few working days were left for an ad-hoc draw."""
        return sum(row.count for row in self.causes if row.answer == TOO_LATE)

    @property
    def missed(self) -> int:
        """Duties missed in all."""
        return sum(row.missed for row in self.duties)

    @property
    def announced(self) -> int:
        """Duties missed of which an alarm was raised before."""
        return sum(row.announced for row in self.duties)
