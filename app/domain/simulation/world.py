"""The registers while time goes by: what was true yesterday is replaced, never changed in place."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import Final

from app.domain.duties.counting import counts
from app.domain.facts import (
    Absence,
    Change,
    DeclaredRecusal,
    Officer,
    OpenVisit,
    PlacedVisit,
    Premises,
    Registration,
    RiskEvent,
    Visit,
)
from app.domain.freezing import RegisterFacts
from app.domain.policy import Policy
from app.domain.rotation import visits_at

OPERATING: Final = "operating"
SUSPENDED: Final = "suspended"
CLOSED: Final = "closed"
MOVED: Final = "moved"

MIDNIGHT: Final = -1
"""Before anything else."""
MORNING: Final = 0
"""When registers change, and visits of draws that ended yesterday are closed."""
DRAWS: Final = 1
"""When draws are held."""
DAY: Final = 2
"""When visits are made."""
EVENING: Final = 3
"""When alarms are raised."""
NIGHT: Final = 4
"""When the windows that ended today are accounted for."""

_YEAR_DAYS: Final = 366
_KEPT_DAYS: Final = 3 * _YEAR_DAYS
"""Risk events and changes that ended earlier influence nothing: no ticket fades so slowly."""
_KEPT_VISIT_DAYS: Final = 93
"""Neither do earlier visits, but for those that `_relevant` names."""

Doing = Callable[[date], None]


@dataclass(slots=True)
class Agenda:
    """What is to be done on which day, at which time of it; at one time in the order in which it was put."""

    _heap: list[tuple[date, int, int, Doing]] = field(default_factory=list)
    _numbers: Iterable[int] = field(default_factory=count)

    def put(self, day: date, time: int, do: Doing) -> None:
        """Put something on it."""
        number = next(iter(self._numbers))
        heappush(self._heap, (day, time, number, do))

    def work(self, until: date) -> None:
        """Do everything up to the end of a day, what is put on meanwhile too."""
        while self._heap and self._heap[0][0] <= until:
            day, _, _, do = heappop(self._heap)
            do(day)


@dataclass(slots=True)
class World:
    """Premises and officers by id, as they stand now.

    Attributes:
        premises: in order of their appearance.
        officers: by code.
        recusals: declared ones; nobody declares a new one.
        policy: which tells how far back anything matters.
        taken: drawn visits of each inspector, by first day of the period that their load is counted in.
        changed: premises with a registration that changed since somebody looked.
        placed: the last visits at each premises by an agency, as far back as rotation looks.
        credit_classes: the class of credit risk of each premises that has one; it stays.
    """

    premises: dict[str, Premises]
    officers: dict[str, Officer]
    recusals: tuple[DeclaredRecusal, ...]
    policy: Policy
    taken: defaultdict[date, Counter[str]]
    placed: dict[tuple[str, str], list[PlacedVisit]]
    changed: set[str] = field(default_factory=set)
    credit_classes: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, facts: RegisterFacts, *, policy: Policy, first: date) -> "World":
        """Start from the registers on the first day."""
        world = cls(
            premises={one.id: one for one in facts.premises},
            officers={one.code: one for one in facts.officers},
            recusals=tuple(facts.recusals),
            policy=policy,
            taken=defaultdict(Counter),
            placed={},
            credit_classes=facts.credit_classes,
        )
        world.taken[world.period(first)].update(facts.taken or {})
        before = visits_at(facts.premises) if facts.last_visits is None else facts.last_visits
        for visit in sorted(before, key=lambda visit: visit.on):
            world.place(visit)
        return world

    def facts(self, regimes: Collection[str], visit_from: date) -> RegisterFacts:
        """Give what a draw of these regimes reads whose visits begin on a day."""
        here = [
            one
            for one in self.premises.values()
            if any(registration.regime in regimes for registration in one.registrations)
        ]
        ids = {one.id for one in here}
        return RegisterFacts(
            premises=here,
            credit_classes=self.credit_classes,
            officers=list(self.officers.values()),
            recusals=self.recusals,
            taken=self.taken[self.period(visit_from)],
            last_visits=[
                visit for (entity, _), visits in self.placed.items() if entity in ids for visit in visits
            ],
        )

    def period(self, day: date) -> date:
        """Give the first day of the period in which the load of inspectors is counted."""
        load = self.policy.staffing.load
        return date.min if load is None else load.period_of(day)[0]

    def take(self, team: Iterable[str], visit_from: date) -> None:
        """Note that a team was dealt a visit: it counts for their load of the period."""
        self.taken[self.period(visit_from)].update(team)

    def place(self, visit: PlacedVisit) -> None:
        """Note who made a visit; only the last ones of an agency matter to rotation 轮换."""
        last = self.placed.setdefault((visit.entity, visit.agency), [])
        last.append(visit)
        del last[: -self.policy.staffing.rotation_visits or len(last)]

    def operating(self) -> list[tuple[str, str]]:
        """Give (id, regime) of each operating registration."""
        return [
            (one.id, registration.regime)
            for one in self.premises.values()
            for registration in one.registrations
            if registration.status == OPERATING
        ]

    def registration(self, identity: str, regime: str) -> Registration:
        """Give the registration of a premises in a regime."""
        return next(r for r in self.premises[identity].registrations if r.regime == regime)

    def change(
        self, identity: str, regime: str, on: date, *, status: str | None = None, level: int | None = None
    ) -> None:
        """Change status or level of a registration, and note what it was."""
        before = self.registration(identity, regime)
        kept = tuple(change for change in before.changes if change.on > on - timedelta(days=_KEPT_DAYS))
        noted = Change(on=on, status_before=before.status, level_before=before.level)
        self._register(
            identity,
            replace(
                before,
                status=before.status if status is None else status,
                level=before.level if level is None else level,
                changes=(*kept, noted),
            ),
        )

    def reopen(self, identity: str, regime: str, on: date) -> None:
        """Note that a registration operates again from a day on, though its status never said otherwise.

        What the registrar keeps after a visit that ended its duties is treated so.
        """
        now = self.registration(identity, regime)
        noted = Change(on=on, status_before=SUSPENDED, level_before=now.level)
        self._register(identity, replace(now, changes=(*now.changes, noted)))

    def decide(self, identity: str, regimes: Collection[str], code: str | None, on: date) -> None:
        """Take the registrations of these regimes out of their duties on a day, or back in with None."""
        since = on if code is not None else None
        for registration in self.premises[identity].registrations:
            if registration.regime in regimes:
                self._register(identity, replace(registration, out_of_duty=code, out_since=since))

    def _register(self, identity: str, changed: Registration) -> None:
        one = self.premises[identity]
        self.changed.add(identity)
        self.premises[identity] = one._replace(
            registrations=tuple(changed if r.regime == changed.regime else r for r in one.registrations),
        )

    def open_visit(self, identity: str, visit: OpenVisit) -> None:
        """Note that a visit was drawn and is not finished."""
        one = self.premises[identity]
        self.premises[identity] = one._replace(open_visits=(*one.open_visits, visit))

    def close_visit(self, identity: str, visit: OpenVisit, made: Iterable[Visit]) -> None:
        """Finish a visit that is open: with what was found, or with nothing, when it was not made."""
        one = self.premises[identity]
        left = list(one.open_visits)
        left.remove(visit)
        found = tuple(made)
        for each in found[:1]:
            self.place(
                PlacedVisit(entity=identity, on=each.on, agency=each.agency, inspectors=each.inspectors)
            )
        past = self._relevant(one.visits, found[0].on) if found else one.visits
        self.premises[identity] = one._replace(open_visits=tuple(left), visits=(*past, *found))

    def _relevant(self, visits: Iterable[Visit], on: date) -> Iterator[Visit]:
        """Give the visits that can still influence something: an item's last that counts, and recent ones.

        An annual cap counts those of the year, and of the year before to say what that one let go; rolling
        windows hang together over a year.
        """
        rules, cap = self.policy.duties, self.policy.annual_cap.visits is not None
        kept_days = 2 * _YEAR_DAYS if rules is not None and rules.rolling else _KEPT_VISIT_DAYS
        oldest = on - timedelta(days=kept_days)
        every = tuple(visits)
        last: dict[str, Visit] = {}
        for one in every:
            if counts(one, self.policy.counting, item=one.item):
                last[one.item] = one
        for one in every:
            if one.on > oldest or (cap and one.on.year >= on.year - 1) or last.get(one.item) is one:
                yield one

    def happen(self, identity: str, event: RiskEvent) -> None:
        """Add a risk event, and forget those that ended long ago."""
        one = self.premises[identity]
        oldest = event.on - timedelta(days=_KEPT_DAYS)
        kept = tuple(past for past in one.events if (past.remedied_on or past.until or past.on) > oldest)
        self.premises[identity] = one._replace(events=(*kept, event))

    def staff(self, code: str, on: date, *, away: Absence | None = None, until: date | None = None) -> None:
        """Add an absence of an officer, or the new end of a certificate."""
        one = self.officers[code]
        absences = tuple(past for past in one.absences if past.ends_on >= on)
        self.officers[code] = replace(
            one,
            absences=absences if away is None else (*absences, away),
            certificate_to=one.certificate_to if until is None else until,
        )
