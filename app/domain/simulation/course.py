"""Years of draws, visits and duties, day by day.

On each day: registers change in the morning, draws whose visits begin today are held, visits are made, and in
the evening the windows that end today are accounted for. A draw is held on the first day of its visits,
after those of the draw before were closed: only so can the reserve of `draws_left` serve what they left.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Final

from app.domain.calendar.coming import Slot, ends_to_come
from app.domain.calendar.draws import PlannedDraw, planned_draws
from app.domain.duties.owed import DrawDuties, Why
from app.domain.duties.windows import Window
from app.domain.freezing import RegisterFacts
from app.domain.items import Item
from app.domain.simulation.accounts import Accounts
from app.domain.simulation.chance import Chance
from app.domain.simulation.drawing import Drawing, Law, hold
from app.domain.simulation.happenings import Happenings
from app.domain.simulation.recipe import THOUSAND, Course
from app.domain.simulation.tally import DrawMade, Tally, count_line
from app.domain.simulation.visiting import Errand, Visiting
from app.domain.simulation.world import DRAWS, MIDNIGHT, MORNING, Agenda, World
from app.domain.working_days import WorkingCalendar

_ONE_DAY: Final = timedelta(days=1)
_AHEAD_DAYS: Final = 400
"""A window has a year at the most, so draws that lie further ahead serve none of today's."""


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


@dataclass(slots=True)
class _Held:
    """A draw of the calendar, and what became of it so far."""

    planned: PlannedDraw
    done: bool = False
    lost: bool = False


@dataclass(slots=True)
class _Simulation:
    setting: Setting
    world: World
    tally: Tally
    agenda: Agenda
    visiting: Visiting
    months: Mapping[str, int | None]
    follow: Callable[[int, int], object]
    calendar: dict[str, list[_Held]] = field(default_factory=dict)
    held: int = 0
    total: int = 0

    def put_draws(self, draws: Sequence[PlannedDraw]) -> None:
        """Put the draws whose visits begin and end between the first and the last day on the agenda."""
        setting = self.setting
        for planned in sorted(draws, key=lambda draw: (draw.visit_from, draw.visit_to, draw.period)):
            if planned.visit_to < setting.first:
                continue
            entry = _Held(planned)
            self.calendar.setdefault(planned.item, []).append(entry)
            if planned.visit_to <= setting.last:
                self.total += 1
                # What is under way on the first day is held on it.
                self.agenda.put(max(planned.visit_from, setting.first), DRAWS, partial(self.draw, entry))

    def draws_to_come(self, item: str, on: date, this: PlannedDraw | None) -> tuple[date, ...]:
        """Give the last visit days of the item's draws to come, as the service counts them."""
        near = (
            one
            for one in self.calendar.get(item, ())
            if on <= one.planned.visit_to and one.planned.visit_from <= on + timedelta(days=_AHEAD_DAYS)
        )
        slots = [_slot(one.planned, held=one.done, lost=one.lost) for one in near]
        return ends_to_come(
            slots, this=None if this is None else _slot(this), on=on, months=self.months[item]
        )

    def draw(self, entry: _Held, on: date) -> None:
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
                draw_ends=self.draws_to_come(item.code, on, planned),
                chance=setting.chance,
                seq=self.held + 1,
                on=on,
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
        followed = any(
            planned.visit_to < other.planned.visit_from and other.planned.visit_to <= window.ends_on
            for other in self.calendar[planned.item]
        )
        return failed_before or not followed

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
        policy = self.setting.law.policy
        kept = -(-policy.base * policy.relief.keep_p // policy.relief.keep_q)
        plain = {False: policy.base, True: max(kept, policy.relief.least)}
        for line in lists.roster:
            if line.tickets and not line.draws_left:
                count_line(self.tally.by_tickets[item.code], line.tickets, drawn=line.id in drawn)
                day, clean = self.tally.last.get((item.code, line.id), (date.min, False))
                relieved = clean and (on - day).days < policy.relief.days
                if line.tickets == plain[relieved]:
                    count_line(self.tally.by_relief[item.code], relieved, drawn=line.id in drawn)


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
        for draw in planned_draws(law.policy, item=item.code, region=law.region, year=year, working=calendar)
    )


def simulate(
    facts: RegisterFacts,
    setting: Setting,
    *,
    windows: Mapping[str, int | None],
    follow: Callable[[int, int], object] = lambda _, __: None,
) -> Tally:
    """Simulate.

    Args:
        facts: the registers on the first day.
        setting: what is simulated.
        windows: months of the shortest calendar window of each item, as `draw_ends` of the service uses them.
        follow: told after each draw how many of how many are over.

    Raises:
        RuleBroken: `calendar-year-missing`.
    """
    law, chance, course = setting.law, setting.chance, setting.course
    world = World.of(facts, policy=law.policy, first=setting.first)
    tally, agenda = Tally(), Agenda()
    visiting = Visiting(world, agenda, chance, course, law.policy, tally)

    def to_come(item: str, on: date) -> tuple[date, ...]:
        return simulation.draws_to_come(item, on, None)

    accounts = Accounts(world, agenda, tally, law.policy, law.items, to_come, setting.first)
    simulation = _Simulation(setting, world, tally, agenda, visiting, windows, follow)
    draws = setting.draws
    if draws is None:
        draws = implied_draws(law, first=setting.first, last=setting.last, calendar=setting.calendar)
    simulation.put_draws(draws)
    accounts.begin()
    if setting.counted is not None:
        agenda.put(setting.counted, MIDNIGHT, lambda _: tally.restart())
    happenings = Happenings(world, agenda, chance, course)
    agenda.put(setting.first.replace(day=1), MORNING, happenings.month)
    agenda.work(setting.last)
    return tally
