"""The league table 考核排名 of units, and the list for criticism by name 通报批评 (clause W7).

Whatever a unit owes is an obligation with a day: a frequency duty ends with its window, a draw of the
calendar with its last day of visits, a drawn visit with the last day of its window, a publication, the
reveal of a record and the decision of an appeal with their clocks. A month counts what falls due in it, met
already or open still while it lasts. Every figure is the number of its rows, so that each can be shown.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final


class Owed(StrEnum):
    """What a unit can owe."""

    DUTY = "duty"
    DRAW = "draw"
    VISIT = "visit"
    PUBLICATION = "publication"
    REVEAL = "reveal"
    APPEAL = "appeal"


class Outcome(StrEnum):
    """What became of it: done by its day, done afterwards, not done, not due yet, or excused."""

    MET = "met"
    LATE = "late"
    MISSED = "missed"
    OPEN = "open"
    EXCUSED = "excused"


NO_STATION: Final = ""
"""The unit of what belongs to no station 派出所: the bureau itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """One thing owed.

    Attributes:
        kind: what.
        region: whose, six digits.
        station: the station's three digits, `NO_STATION` where the bureau itself owes it.
        due_on: the last day on which it is in time.
        done_on: when it was done.
        subject: id of the record behind it: a visit, a draw, a publication, a duty, an appeal.
        name: what people call it.
        excused: why it is not counted as missed, such as `unreachable`, `withheld` or `voided`.
        given_up: it can no longer be done, whatever the day, such as a visit closed as not visited.
    """

    kind: Owed
    region: str
    station: str
    due_on: date
    done_on: date | None
    subject: str
    name: str
    excused: str | None = None
    given_up: bool = False

    @property
    def month(self) -> str:
        """The month in which it fell due, `YYYY-MM`."""
        return f"{self.due_on:%Y-%m}"


def outcome(owed: Obligation, today: date) -> Outcome:
    """Tell what became of an obligation by the end of the day before `today`."""
    if owed.done_on is not None:
        return Outcome.MET if owed.done_on <= owed.due_on else Outcome.LATE
    if owed.excused is not None:
        return Outcome.EXCUSED
    return Outcome.MISSED if owed.given_up or owed.due_on < today else Outcome.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How many obligations a unit had, and what became of them.

    `due` is all of them; those met, late and missed are judged, those open or excused are not.
    """

    region: str
    station: str
    due: int
    met: int
    late: int
    missed: int
    open: int
    excused: int

    @property
    def judged(self) -> int:
        """How many are met, late or missed."""
        return self.met + self.late + self.missed

    @property
    def kept_bp(self) -> int | None:
        """The share of those met, in basis points; None where none is judged."""
        return share_bp(self.met, self.judged) if self.judged else None

    @property
    def late_bp(self) -> int:
        """The share of those late, in basis points, 0 where none is judged."""
        return share_bp(self.late, self.judged)

    @property
    def missed_bp(self) -> int:
        """The share of those missed, in basis points, 0 where none is judged."""
        return share_bp(self.missed, self.judged)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing(Figures):
    """One row of the league table: a unit's obligations of a kind that fell due in a month."""

    month: str
    kind: Owed


def share_bp(part: int, whole: int) -> int:
    """Give a share in basis points, rounded down; 0 of nothing."""
    return part * 10_000 // whole if whole else 0


def standings(obligations: Iterable[Obligation], *, today: date, by_station: bool) -> tuple[Standing, ...]:
    """Count obligations by unit, month and kind, in that order.

    Args:
        obligations: in any order.
        today: the day on which it is asked; what falls due on it is still open.
        by_station: a unit is a station of a region, or the whole region.
    """
    counted: dict[tuple[str, str, str, Owed], Counter[Outcome]] = {}
    for owed in obligations:
        unit = owed.region, owed.station if by_station else NO_STATION, owed.month, owed.kind
        counted.setdefault(unit, Counter())[outcome(owed, today)] += 1
    order = list(Owed)
    return tuple(
        Standing(
            region=region,
            station=station,
            month=month,
            kind=kind,
            due=found.total(),
            met=found[Outcome.MET],
            late=found[Outcome.LATE],
            missed=found[Outcome.MISSED],
            open=found[Outcome.OPEN],
            excused=found[Outcome.EXCUSED],
        )
        for (region, station, month, kind), found in sorted(
            counted.items(), key=lambda item: (*item[0][:3], order.index(item[0][3]))
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """When a unit is named: from so many missed on, or when a larger share than `late_bp` was late."""

    kind: Owed
    missed: int
    late_bp: int
    basis: str


def criteria(document: Mapping[str, Any]) -> tuple[Criterion, ...]:
    """Read a document of criteria."""
    return tuple(
        Criterion(
            kind=Owed(rule["kind"]), missed=rule["missed"], late_bp=rule["late_bp"], basis=rule["basis"]
        )
        for rule in document["rules"]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Criticism:
    """A unit that is named, for what, and the grounds: `missed`, `late` or both."""

    standing: Standing
    grounds: tuple[str, ...]
    basis: str


def criticised(table: Iterable[Standing], rules: Sequence[Criterion]) -> tuple[Criticism, ...]:
    """Name the units whose figures reach a criterion, those that missed most first."""
    by_kind = {rule.kind: rule for rule in rules}
    named = []
    for standing in table:
        rule = by_kind.get(standing.kind)
        if rule is None:
            continue
        grounds = []
        if standing.missed >= rule.missed:
            grounds.append("missed")
        if standing.late_bp > rule.late_bp:
            grounds.append("late")
        if grounds:
            named.append(Criticism(standing=standing, grounds=tuple(grounds), basis=rule.basis))
    return tuple(sorted(named, key=by_gravity))


def by_gravity(one: Criticism) -> tuple[int, int, str, str, str, int]:
    """Sort those named: who missed most first, then who was late most often."""
    row = one.standing
    return -row.missed, -row.late, row.region, row.station, row.month, list(Owed).index(row.kind)
