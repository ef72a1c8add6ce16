"""What a simulation counts while it goes: plain sums, from which `report` makes what people read."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

from app.domain.calendar.draws import PlannedDraw
from app.domain.facts import Registration
from app.domain.findings import Finding
from app.domain.simulation.binding import Binding
from app.domain.simulation.parts import Part

MET: Final = "met"
MISSED: Final = "missed"
UNREACHABLE: Final = "unreachable"
ENDED: Final = "ended"
"""What became of a duty; ended: code 11 to 15 took the registration out of it."""

CHANGED: Final = "changed"
FAILED: Final = "failed"
NO_TEAM: Final = "no-team"
LOST: Final = "lost"
OTHER: Final = "other"
CAUSES: Final = (CHANGED, FAILED, NO_TEAM, LOST, OTHER)
"""Why a duty was missed: a stricter level was given in the window, a drawn visit was not made, no team could
be dealt, a draw was not held, none of these."""

ASKED: Final = "asked"
TOO_LATE: Final = "too-late"
UNANSWERED: Final = "unanswered"
ANSWERS: Final = (TOO_LATE, ASKED, UNANSWERED)
"""What became of the alarm before a miss: too few working days were left for an ad-hoc draw 临时抽查, one was
asked for all the same, or nobody asked for one."""


class Happening(StrEnum):
    """What happens outside, beside risk events, which go by their kinds."""

    OPENING = "openings"
    CLOSURE = "closures"
    REMOVAL = "removals"
    SUSPENSION = "suspensions"
    STRICTER = "stricter"
    MILDER = "milder"
    ABSENCE = "absences"
    LATE_RENEWAL = "late-renewals"


Key = TypeVar("Key", int, bool)
Place = tuple[str, str]
"""Item and premises."""
Warned = tuple[str, str, str, date]
"""A duty of which an alarm was raised: item, premises, regime, and the day on which its window ends."""


@dataclass(frozen=True, slots=True, order=True)
class Group:
    """Registrations that one rule treats alike: item, regime, and level 治安等级 or subtype."""

    item: str
    regime: str
    kind: str

    @classmethod
    def of(cls, item: str, registration: Registration) -> "Group":
        """Give the group of a registration: by level where it has one, else by subtype."""
        kind = str(registration.level) if registration.level is not None else registration.subtype or ""
        return cls(item, registration.regime, kind)

    @property
    def level(self) -> int | None:
        """The level, where the group has one."""
        return int(self.kind) if self.kind.isdigit() else None

    @property
    def subtype(self) -> str | None:
        """The subtype, where the group goes by subtypes."""
        return None if self.kind.isdigit() else self.kind or None


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawMade:
    """A draw that the calendar foresaw, and what it came to.

    Attributes:
        planned: the calendar's entry.
        held: False where it was skipped, or had no lines.
        lines: in the roster; `drawn` of them were drawn, `owed` of these for a duty.
        short: drawn premises for which no whole team could be made.
        capacity: premises for which the inspectors' caps could fill every place.
        inspectors: who could take part.
        errors: what the preflight found impossible.
        binds: what came nearest to its limit, or was beyond it.
        region: whose draw it is, where several regions are looked at; empty: the one that is simulated.
    """

    planned: PlannedDraw
    held: bool
    lines: int = 0
    drawn: int = 0
    owed: int = 0
    short: int = 0
    capacity: int = 0
    inspectors: int = 0
    errors: tuple[Finding, ...] = ()
    binds: Binding | None = None
    region: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A visit that took place: for which item, where, when, by whom, and what it is counted under."""

    item: str
    entity: str
    on: date
    team: tuple[str, ...]
    group: Group
    part: Part


@dataclass(slots=True)
class Tally:
    """Sums of a simulation.

    Attributes:
        draws: in order.
        visits: that met somebody, in order of their days.
        merged: visits that served several items at once 综合查一次.
        attempts: at which nobody was met; `unreachable`: nor the second time.
        not_made: drawn visits that did not take place; `without_team`: no whole team could be dealt.
        duties: what became of windows, by group.
        announced: misses before which there was an alarm, by group.
        causes: why duties were missed, and what became of the alarm before.
        answers: what became of alarms that were to be answered: `asked` or `too-late`.
        adhoc: visits of ad-hoc draws, by item and whether they met a duty.
        happened: what happened outside, such as openings and absences.
        failures: (day, cause) of what went wrong with an item at a premises.
        warned: duties of which an alarm was raised.
        years: sum of the years in operation of all registrations, by group.
        stayed: premises that operated from the first day to the last, by group.
        by_tickets: lines that owed nothing and how many of them were drawn, by item and tickets.
        by_relief: the same of lines without additions, by item and whether they are relieved 减签.
        last: day of the last visit of an item at a premises, and whether it found nothing.
        load: visits of each inspector; `able`: those who could take part in a draw.
    """

    draws: list[DrawMade] = field(default_factory=list)
    visits: list[Made] = field(default_factory=list)
    merged: int = 0
    attempts: int = 0
    unreachable: int = 0
    not_made: int = 0
    without_team: int = 0
    duties: defaultdict[Group, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    announced: Counter[Group] = field(default_factory=Counter)
    causes: Counter[tuple[str, str]] = field(default_factory=Counter)
    answers: dict[Warned, str] = field(default_factory=dict)
    adhoc: Counter[tuple[str, bool]] = field(default_factory=Counter)
    happened: Counter[str] = field(default_factory=Counter)
    failures: defaultdict[Place, list[tuple[date, str]]] = field(default_factory=lambda: defaultdict(list))
    warned: set[Warned] = field(default_factory=set)
    years: defaultdict[Group, float] = field(default_factory=lambda: defaultdict(float))
    by_tickets: defaultdict[str, dict[int, list[int]]] = field(default_factory=lambda: defaultdict(dict))
    by_relief: defaultdict[str, dict[bool, list[int]]] = field(default_factory=lambda: defaultdict(dict))
    last: dict[Place, tuple[date, bool]] = field(default_factory=dict)
    load: Counter[str] = field(default_factory=Counter)
    able: set[str] = field(default_factory=set)
    stayed: defaultdict[Group, set[str]] = field(default_factory=lambda: defaultdict(set))

    def restart(self) -> None:
        """Count anew from now on; what is known of single premises stays."""
        fresh = Tally(
            last=self.last,
            failures=self.failures,
            warned=self.warned,
            answers=self.answers,
            stayed=self.stayed,
        )
        for name in self.__slots__:
            setattr(self, name, getattr(fresh, name))


def count_line(table: dict[Key, list[int]], key: Key, *, drawn: bool) -> None:
    """Count one more line under a key, and whether it was drawn."""
    seen = table.setdefault(key, [0, 0])
    seen[0] += 1
    seen[1] += drawn
