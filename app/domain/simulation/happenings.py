"""What happens outside the service: openings, closures, levels, complaints, absences, certificates.

At the first of a month everything of the month is put on the agenda, each at a day of its own. Whom it
concerns is chosen then; where that is no longer possible on the day (a venue has closed) nothing happens.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Final

from app.domain.days import add_months
from app.domain.facts import Absence, Registration, RiskEvent
from app.domain.simulation.chance import Chance
from app.domain.simulation.recipe import THOUSAND, Course
from app.domain.simulation.tally import Happening, Tally
from app.domain.simulation.world import CLOSED, MORNING, MOVED, OPERATING, SUSPENDED, Agenda, World

_MONTHS: Final = 12
_COMPLAINT, _HAZARD = "complaint", "hazard"
_LISTINGS: Final = frozenset({"abnormal", "serious"})
_LEVELS: Final = (1, 3)
"""The mildest and the strictest level 治安等级."""

Place = tuple[str, str]
"""A registration: (id of the premises, regime)."""


@dataclass(slots=True)
class Happenings:
    """Puts what happens on the agenda, and counts what did happen.

    Attributes:
        opened: new premises, so that each has a name of its own.
    """

    world: World
    agenda: Agenda
    chance: Chance
    course: Course
    tally: Tally
    opened: int = 0

    def month(self, first: date) -> None:
        """Put a month on the agenda; on its first day, in the morning."""
        places = self.world.operating()
        days = (add_months(first, 1) - first).days
        self._registers(first, days, places)
        self._events(first, days, places)
        self._officers(first, days)
        self.agenda.put(add_months(first, 1), MORNING, self.month)

    def _registers(self, first: date, days: int, places: Sequence[Place]) -> None:
        course = self.course
        graded = [at for at in places if self.world.registration(*at).level is not None]
        for what, rate, among, do in (
            ("opens", course.openings, places, self._open),
            ("closes", course.closures, places, partial(self._leave, status=CLOSED)),
            ("moves", course.removals, places, partial(self._leave, status=MOVED)),
            ("pauses", course.suspensions, places, self._pause),
            ("stricter", course.stricter, graded, partial(self._grade, step=1)),
            ("milder", course.milder, graded, partial(self._grade, step=-1)),
        ):
            for day, place, name in self._chosen(what, rate, among, first, days):
                self.agenda.put(day, MORNING, partial(do, place, name))

    def _chosen(
        self, what: str, rate: int, among: Sequence[Place], first: date, days: int
    ) -> list[tuple[date, Place, str]]:
        """Choose days and registrations for a month's share of a yearly rate per thousand."""
        times = self.chance.times(rate * len(among) / THOUSAND / _MONTHS, what, first)
        names = [f"{what}|{first}|{n}" for n in range(times)]
        return [
            (
                first + timedelta(days=self.chance.below(days, name, "day")),
                self.chance.one_of(among, name, "where"),
                name,
            )
            for name in names
        ]

    def _open(self, place: Place, _: str, day: date) -> None:
        """Open a premises like an existing one, without its history."""
        like = self.world.premises[place[0]]
        self.opened += 1
        self.tally.happened[Happening.OPENING] += 1
        identity = f"sim:new-{self.opened:05}"
        self.world.premises[identity] = like._replace(
            id=identity,
            registrations=tuple(
                Registration(
                    regime=one.regime,
                    subtype=one.subtype,
                    level=one.level,
                    registered_on=day,
                    known_since=day,
                )
                for one in like.registrations
            ),
            events=(),
            visits=(),
            open_visits=(),
        )

    def _leave(self, place: Place, _: str, day: date, *, status: str) -> None:
        if self.world.registration(*place).status == OPERATING:
            self.world.change(*place, day, status=status)
            self.tally.happened[Happening.CLOSURE if status == CLOSED else Happening.REMOVAL] += 1

    def _pause(self, place: Place, name: str, day: date) -> None:
        if self.world.registration(*place).status == OPERATING:
            self.world.change(*place, day, status=SUSPENDED)
            self.tally.happened[Happening.SUSPENSION] += 1
            back = day + timedelta(days=self.chance.between(*self.course.suspension_days, name, "days"))
            self.agenda.put(back, MORNING, partial(self._reopen, place))

    def _reopen(self, place: Place, day: date) -> None:
        if self.world.registration(*place).status == SUSPENDED:
            self.world.change(*place, day, status=OPERATING)

    def _grade(self, place: Place, _: str, day: date, *, step: int) -> None:
        now = self.world.registration(*place)
        mildest, strictest = _LEVELS
        if now.level is not None and mildest <= now.level + step <= strictest:
            self.world.change(*place, day, level=now.level + step)
            self.tally.happened[Happening.STRICTER if step > 0 else Happening.MILDER] += 1

    def _events(self, first: date, days: int, places: Sequence[Place]) -> None:
        for rate in self.course.events:
            concerned = [at for at in places if not rate.regimes or at[1] in rate.regimes]
            for day, place, name in self._chosen(rate.kind, rate.per_thousand, concerned, first, days):
                self.agenda.put(day, MORNING, partial(self._event, place, name, kind=rate.kind))

    def _event(self, place: Place, name: str, day: date, *, kind: str) -> None:
        identity, regime = place
        chance, course = self.chance, self.course
        event = RiskEvent(kind=kind, on=day, regime=regime, source_no=name.rpartition("|")[2])
        if kind == _COMPLAINT:
            event = replace(
                event, substantiated=chance.happens(course.substantiated / THOUSAND, name, "true")
            )
        elif kind == _HAZARD:
            event = replace(
                event, remedied_on=day + timedelta(days=chance.between(*course.remedied_days, name))
            )
        elif kind in _LISTINGS:
            event = replace(event, until=day + timedelta(days=chance.between(*course.removed_days, name)))
        self.world.happen(identity, event)
        self.tally.happened[kind] += 1

    def _officers(self, first: date, days: int) -> None:
        chance, course = self.chance, self.course
        for code, officer in list(self.world.officers.items()):
            for n in range(chance.times(course.absences_a_year / _MONTHS, code, first, "absences")):
                starts = first + timedelta(days=chance.below(days, code, first, n, "away"))
                length = chance.between(*course.absence_days, code, first, n, "days")
                away = Absence(starts_on=starts, ends_on=starts + timedelta(days=length - 1))
                # Leave is known from the month's first day on: draws of the month leave the officer out.
                self.world.staff(code, first, away=away)
                self.tally.happened[Happening.ABSENCE] += 1
            ends = officer.certificate_to
            late = chance.happens(course.renewed_late / THOUSAND, code, ends, "late")
            renewed = ends + timedelta(days=course.late_days) if late else first
            if first <= ends < first + timedelta(days=course.renewed_days_before):
                self.agenda.put(max(first, renewed), MORNING, partial(self._renew, code, ends))

    def _renew(self, code: str, ended: date, day: date) -> None:
        """Renew a certificate that ends, unless an earlier month has put that on the agenda already."""
        if self.world.officers[code].certificate_to == ended:
            self.tally.happened[Happening.LATE_RENEWAL] += day > ended
            self.world.staff(code, ended, until=add_months(ended, _MONTHS * self.course.certificate_years))
