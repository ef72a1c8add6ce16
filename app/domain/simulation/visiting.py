"""Drawn visits carried out: on a working day of their span, by the team dealt, with an invented result.

A visit may not take place at all; then it stays open to the end of its span and is owed again, which is what
the reserve of `draws_left` is for. Nobody at the door is an attempt, a second one on a later day makes the
premises unreachable (mission/rules.md, «What counts»): reported, and out of its duties until the registrar
decides.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from types import MappingProxyType
from typing import Final

from app.domain.calendar.draws import ADHOC
from app.domain.duties.owed import DrawDuties, Why
from app.domain.facts import OpenVisit, Registration, Visit
from app.domain.items import Item
from app.domain.policy import Policy
from app.domain.regions import Level
from app.domain.simulation.chance import Chance
from app.domain.simulation.parts import Part
from app.domain.simulation.recipe import THOUSAND, Course
from app.domain.simulation.tally import FAILED, NO_TEAM, Group, Made, Tally
from app.domain.simulation.world import CLOSED, DAY, MORNING, MOVED, OPERATING, SUSPENDED, Agenda, World

DRAWN: Final = "drawn"
_GONE: Final[Mapping[str, str]] = MappingProxyType({SUSPENDED: "11", CLOSED: "12", MOVED: "15"})
"""Result codes 检查结果 of a visit to what does not operate any more, by status."""
_ONE_DAY: Final = timedelta(days=1)
_UNMET: Final = frozenset({Why.OWED, Why.OVERDUE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """A drawn visit to one premises.

    Attributes:
        name: of the draw and the premises, for chance.
        items: the draw's own first, then those merged into it 综合查一次.
        team: codes of the inspectors, the lead first.
        days: working days on which it may be made, at least one.
        ends: the day after the last one of the span, when what was not visited is closed.
        kind: of the draw.
        level: of the government that drew it.
        surplus: what the visit is counted under where it meets no duty.
        spared: no later draw could make up for it, and only what the reserve covers is to fail.
    """

    name: str
    items: tuple[Item, ...]
    entity: str
    team: tuple[str, ...]
    days: Sequence[date]
    ends: date
    kind: str
    level: Level
    surplus: Part
    spared: bool = False

    @property
    def open(self) -> OpenVisit:
        """The visit as the registers show it while it is not finished."""
        return OpenVisit(
            items=tuple(item.code for item in self.items),
            agency=self.items[0].agency,
            visit_to=self.ends - _ONE_DAY,
            level=self.level,
        )


@dataclass(slots=True)
class Visiting:
    """Sends the teams out and writes down what they find."""

    world: World
    agenda: Agenda
    chance: Chance
    course: Course
    policy: Policy
    tally: Tally
    duties: dict[str, DrawDuties] = field(default_factory=dict)
    """Those of the items visited on `duties_on`, since many visits share a day."""
    duties_on: date = date.min

    def send(self, errand: Errand) -> None:
        """Put a drawn visit on the agenda, and note it as open."""
        self.world.open_visit(errand.entity, errand.open)
        fails = self.chance.happens(self.course.not_made / THOUSAND, errand.name, "not made")
        if fails and not errand.spared:
            self.tally.not_made += 1
            self._fail(errand, errand.days[-1], FAILED)
            self.agenda.put(errand.ends, MORNING, partial(self._close_unmade, errand))
        else:
            # A first attempt on the last day would leave no day for a second.
            first = self.chance.below(max(len(errand.days) - 1, 1), errand.name, "day")
            self.agenda.put(errand.days[first], DAY, partial(self._go, errand, first))

    def leave(self, items: Iterable[Item], entity: str, day: date) -> None:
        """Note that no team could be dealt: nobody goes, so nothing is open and it is owed as before."""
        self.tally.without_team += 1
        for item in items:
            self.tally.failures[item.code, entity].append((day, NO_TEAM))

    def _fail(self, errand: Errand, day: date, cause: str) -> None:
        for item in errand.items:
            self.tally.failures[item.code, errand.entity].append((day, cause))

    def _close_unmade(self, errand: Errand, _: date) -> None:
        self.world.close_visit(errand.entity, errand.open, ())

    def _go(self, errand: Errand, place: int, day: date) -> None:
        course, chance = self.course, self.chance
        later = errand.days[place + 1 :]
        nobody = chance.happens(course.nobody / THOUSAND, errand.name, "nobody")
        if not nobody or (errand.spared and not later):
            self._meet(errand, day)
            return
        self.tally.attempts += 1
        if not later:
            # Two attempts on different days inside the span: here there is only one day.
            self._fail(errand, day, FAILED)
            self.agenda.put(errand.ends, MORNING, partial(self._close_unmade, errand))
            return
        again = chance.one_of(later, errand.name, "again")
        self.agenda.put(again, DAY, partial(self._go_again, errand))

    def _go_again(self, errand: Errand, day: date) -> None:
        course, chance = self.course, self.chance
        if chance.happens(course.still_nobody / THOUSAND, errand.name, "still nobody"):
            self.tally.attempts += 1
            self.tally.unreachable += 1
            self._finish(errand, day, (self.policy.counting.attempt,))
        else:
            self._meet(errand, day)

    def _meet(self, errand: Errand, day: date) -> None:
        regimes = {regime for item in errand.items for regime in item.permitted_regimes}
        here = [r for r in self.world.premises[errand.entity].registrations if r.regime in regimes]
        if any(r.status == OPERATING for r in here):
            codes = self.chance.weighted(self.course.results, errand.name, "result")
            for item in errand.items:
                self.tally.last[item.code, errand.entity] = day, codes == (self.policy.counting.clean,)
            met = [self._note(errand, item, day) for item in errand.items]
            if errand.kind == ADHOC:
                self.tally.adhoc[errand.items[0].code, any(met)] += 1
            self.tally.load.update(errand.team)
            self.tally.merged += len(errand.items) > 1
        else:
            codes = (_GONE[here[0].status],)
        self._finish(errand, day, codes)

    def _note(self, errand: Errand, item: Item, day: date) -> bool:
        """Note for each registration of an item what its visit is for; tell whether it meets any duty."""
        surplus = errand.surplus if item is errand.items[0] else Part.TOGETHER
        found = [
            Made(
                item=item.code,
                entity=errand.entity,
                on=day,
                team=errand.team,
                group=Group.of(item.code, registration),
                part=Part.DUTY if self._is_unmet(errand.entity, registration, item, day) else surplus,
            )
            for registration in self.world.premises[errand.entity].registrations
            if registration.regime in item.regimes and registration.status == OPERATING
        ]
        self.tally.visits += found
        return any(made.part == Part.DUTY for made in found)

    def _is_unmet(self, entity: str, registration: Registration, item: Item, day: date) -> bool:
        """Tell whether a frequency duty waits for a visit on a day, just before it is made."""
        if self.duties_on != day:
            self.duties.clear()
            self.duties_on = day
        duties = self.duties.get(item.code)
        if duties is None:
            duties = self.duties[item.code] = DrawDuties(
                self.policy, item=item.code, on=day, visit_from=day, visit_to=day, draw_ends=()
            )
        visits = self.world.premises[entity].visits
        return duties.owed(registration, visits=visits, open_visits=()).why in _UNMET

    def _finish(self, errand: Errand, day: date, codes: tuple[str, ...]) -> None:
        own = errand.items[0]
        found = Visit(
            item=own.code,
            on=day,
            kind=DRAWN,
            agency=own.agency,
            codes=codes,
            inspectors=errand.team,
            level=errand.level,
        )
        merged = (replace(found, item=item.code) for item in errand.items[1:])
        self.world.close_visit(errand.entity, errand.open, (found, *merged))
        rules = self.policy.duties
        ended = rules and next((code for code in codes if code in rules.ending_codes), None)
        if ended:
            regimes = {regime for item in errand.items for regime in item.regimes}
            self.world.decide(errand.entity, regimes, ended, day)
            wait = timedelta(days=self.chance.between(*self.course.registrar_days, errand.name, "registrar"))
            self.agenda.put(day + wait, MORNING, partial(self._registrar, errand, regimes))

    def _registrar(self, errand: Errand, regimes: Collection[str], day: date) -> None:
        """The registrar decides: what operates is kept, and owes from the next full window on, or closed."""
        keeps = self.chance.happens(self.course.registrar_keeps / THOUSAND, errand.name, "keeps")
        self.world.decide(errand.entity, regimes, None, day)
        for registration in self.world.premises[errand.entity].registrations:
            if registration.regime in regimes and registration.status == OPERATING:
                if keeps:
                    self.world.reopen(errand.entity, registration.regime, day)
                else:
                    self.world.change(errand.entity, registration.regime, day, status=CLOSED)
