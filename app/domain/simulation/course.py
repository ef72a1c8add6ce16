"""Years of draws, visits and duties, day by day.

On each day: registers change in the morning, draws whose visits begin today are held, visits are made, and in
the evening the windows that end today are accounted for. A draw is held on the first day of its visits,
after those of the draw before were closed: only so can the reserve of `draws_left` serve what they left.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Final

from app.domain.calendar.draws import ADHOC, PlannedDraw
from app.domain.duties.owed import DrawDuties, Why
from app.domain.duties.windows import Window
from app.domain.freezing import RegisterFacts
from app.domain.items import Item
from app.domain.regions import level_of
from app.domain.simulation.accounts import Accounts, Answer
from app.domain.simulation.answering import Answering
from app.domain.simulation.chance import Chance
from app.domain.simulation.drawing import Drawing, Law, hold
from app.domain.simulation.foreseen import DrawCalendar, Foreseen, implied_draws
from app.domain.simulation.happenings import Happenings
from app.domain.simulation.parts import surplus_of
from app.domain.simulation.recipe import THOUSAND, AnswerRules, Course
from app.domain.simulation.tally import DrawMade, Tally, count_line
from app.domain.simulation.visiting import Errand, Visiting
from app.domain.simulation.world import DRAWS, MIDNIGHT, MORNING, Agenda, World
from app.domain.working_days import WorkingCalendar

_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is simulated.

    Attributes:
        law: region, policy, items.
        calendar: working days of each year from the first to the one after the last.
        first, last: days, both included.
        course: what happens outside.
        chance: the seed.
        skipped: draws per thousand that are voided and never replaced.
        within_reserve: of visits to premises that owe one, only those fail whose draw is followed by another
            of the item in time, and only once in a window: what the reserve covers.
        draws: the calendar of draws; None: what the policy implies.
        counted: the day from which on everything is counted; what was before only leads up to it.
        answers: how alarms are answered with ad-hoc draws 临时抽查; None: nobody answers.
    """

    law: Law
    calendar: WorkingCalendar
    first: date
    last: date
    course: Course
    chance: Chance
    skipped: int = 0
    within_reserve: bool = True
    draws: tuple[PlannedDraw, ...] | None = None
    counted: date | None = None
    answers: AnswerRules | None = None


@dataclass(slots=True)
class _Simulation:
    setting: Setting
    world: World
    tally: Tally
    agenda: Agenda
    visiting: Visiting
    calendar: DrawCalendar
    follow: Callable[[int, int], object]
    held: int = 0
    total: int = 0

    def put_draws(self, draws: Iterable[PlannedDraw]) -> None:
        """Put the draws whose visits are not over on the first day on the agenda."""
        for planned in sorted(draws, key=lambda draw: (draw.visit_from, draw.visit_to, draw.period)):
            if planned.visit_to >= self.setting.first:
                self.put(planned)

    def put(self, planned: PlannedDraw, levels: tuple[int, ...] = ()) -> Foreseen:
        """Enter a draw into the calendar, and put it on the agenda if its visits end by the last day."""
        entry = self.calendar.add(planned, levels)
        if planned.visit_to <= self.setting.last:
            self.total += 1
            # What is under way on the first day is held on it.
            self.agenda.put(max(planned.visit_from, self.setting.first), DRAWS, partial(self.draw, entry))
        return entry

    def draw(self, entry: Foreseen, on: date) -> None:
        """Hold a draw, or lose it, and send the teams out."""
        setting, planned = self.setting, entry.planned
        item = next(item for item in setting.law.items if item.code == planned.item)
        skipped = setting.chance.happens(setting.skipped / THOUSAND, "skipped", planned.item, planned.period)
        if skipped:
            entry.lost = True
            self.tally.draws.append(DrawMade(planned=planned, held=False))
        else:
            found = hold(
                planned,
                self.world.facts(item.regimes, planned.visit_from),
                law=setting.law,
                item=item,
                draw_ends=self.calendar.to_come(item.code, on, planned),
                chance=setting.chance,
                seq=self.held + 1,
                on=on,
                levels=entry.levels,
            )
            entry.done = True
            self._count(planned, item, found, on)
            self._send(planned, item, found, on)
        self.held += 1
        self.follow(self.held, self.total)

    def _send(self, planned: PlannedDraw, item: Item, found: Drawing, on: date) -> None:
        every = [on + timedelta(days=n) for n in range((planned.visit_to - on).days + 1)]
        # A span that has no working day at all is worked on its last day, rather than not at all.
        days = [day for day in every if self.setting.calendar.works(day)] or every[-1:]
        items = {one.code: one for one in self.setting.law.items}
        duties = DrawDuties(
            self.setting.law.policy,
            item=item.code,
            on=on,
            visit_from=on,
            visit_to=planned.visit_to,
            draw_ends=(),
        )
        surplus = surplus_of(planned.kind, found.drawn, found.lists.strata)
        for drawn in found.drawn:
            carried = (item, *(items[code] for code in found.lists.merged.get(drawn.id, ())))
            team = found.teams.get(drawn.id)
            if team is None:
                self.visiting.leave(carried, drawn.id, on)
                continue
            self.world.take(team, planned.visit_from)
            window = self._window(drawn.id, item, duties)
            self.visiting.send(
                Errand(
                    name=f"{planned.item}|{planned.period}|{drawn.id}",
                    items=carried,
                    entity=drawn.id,
                    team=team,
                    # Where the span reaches over the window's end, what is unmet is met before it.
                    days=days if window is None else [d for d in days if d <= window.ends_on] or days,
                    ends=planned.visit_to + _ONE_DAY,
                    kind=planned.kind,
                    level=level_of(self.setting.law.drawing_region(item.code)),
                    surplus=surplus[drawn.id],
                    spared=window is not None and self._spared(planned, drawn.id, window),
                )
            )

    def _window(self, entity: str, item: Item, duties: DrawDuties) -> Window | None:
        """Give the window that ends first of those not met yet; None without any, and for what is overdue."""
        premises = self.world.premises[entity]
        owed = (
            # A visit that is open from an earlier draw has not met it yet either.
            duties.owed(registration, visits=premises.visits, open_visits=())
            for registration in premises.registrations
            if registration.regime in item.regimes
        )
        windows = [one.window for one in owed if one.why == Why.OWED and one.window is not None]
        return min(windows, key=lambda window: window.ends_on, default=None)

    def _spared(self, planned: PlannedDraw, entity: str, window: Window) -> bool:
        """Tell whether the reserve could not make up for this visit, where only that is to fail."""
        if not self.setting.within_reserve:
            return False
        failed_before = any(
            window.starts_on <= day <= window.ends_on for day, _ in self.tally.failures[planned.item, entity]
        )
        return failed_before or not self.calendar.followed(planned, window)

    def _count(self, planned: PlannedDraw, item: Item, found: Drawing, on: date) -> None:
        lists = found.lists
        size = max(len(lists.slots), 1)
        drawn = {one.id for one in found.drawn}
        self.tally.draws.append(
            DrawMade(
                planned=planned,
                held=bool(lists.roster),
                lines=len(lists.roster),
                drawn=len(drawn),
                owed=sum(1 for line in lists.roster if line.draws_left and line.id in drawn),
                short=len(found.short),
                capacity=sum(inspector.cap for inspector in lists.inspectors) // size,
                inspectors=len(lists.inspectors),
                errors=lists.preflight.errors,
                binds=found.binds,
            )
        )
        self.tally.able.update(inspector.id for inspector in lists.inspectors)
        if planned.kind != ADHOC:
            self._count_lines(item, found, on)

    def _count_lines(self, item: Item, found: Drawing, on: date) -> None:
        """Count who owes nothing and was drawn, by tickets, and whether they are relieved 减签."""
        drawn = {one.id for one in found.drawn}
        policy = self.setting.law.policy
        kept = -(-policy.base * policy.relief.keep_p // policy.relief.keep_q)
        plain = {False: policy.base, True: max(kept, policy.relief.least)}
        for line in found.lists.roster:
            if line.tickets and not line.draws_left:
                count_line(self.tally.by_tickets[item.code], line.tickets, drawn=line.id in drawn)
                day, clean = self.tally.last.get((item.code, line.id), (date.min, False))
                relieved = clean and (on - day).days < policy.relief.days
                if line.tickets == plain[relieved]:
                    count_line(self.tally.by_relief[item.code], relieved, drawn=line.id in drawn)


def simulate(
    facts: RegisterFacts,
    setting: Setting,
    *,
    windows: Mapping[str, Collection[int]],
    follow: Callable[[int, int], object] = lambda _, __: None,
) -> Tally:
    """Simulate.

    Args:
        facts: the registers on the first day.
        setting: what is simulated.
        windows: lengths in months of the calendar windows of each item's duties.
        follow: told after each draw how many of how many are over.

    Raises:
        RuleBroken: `calendar-year-missing`.
    """
    law, chance, course = setting.law, setting.chance, setting.course
    world = World.of(facts, policy=law.policy, first=setting.first)
    tally, agenda = Tally(), Agenda()
    visiting = Visiting(world, agenda, chance, course, law.policy, tally)
    calendar = DrawCalendar(windows)
    simulation = _Simulation(setting, world, tally, agenda, visiting, calendar, follow)
    draws = setting.draws
    if draws is None:
        draws = implied_draws(law, first=setting.first, last=setting.last, calendar=setting.calendar)
    simulation.put_draws(draws)
    accounts = Accounts(
        world,
        agenda,
        tally,
        law.policy,
        law.items,
        to_come=lambda item, on: calendar.to_come(item, on, None),
        cap=law.cap,
        first=setting.first,
        answer=_answering(simulation),
    )
    accounts.begin()
    if setting.counted is not None:
        agenda.put(setting.counted, MIDNIGHT, lambda _: tally.restart())
    happenings = Happenings(world, agenda, chance, course, tally)
    agenda.put(setting.first.replace(day=1), MORNING, happenings.month)
    agenda.work(setting.last)
    return tally


def _answering(simulation: _Simulation) -> Answer | None:
    """Give what answers alarms; None: nobody does."""
    setting = simulation.setting
    if setting.answers is None:
        return None
    return Answering(
        rules=setting.answers,
        rhythms=setting.law.policy.rhythms,
        calendar=setting.calendar,
        tally=simulation.tally,
        taken=simulation.calendar.periods,
        put=simulation.put,
    ).answer
