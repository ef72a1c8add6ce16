"""What became of duties: every evening the alarms, at each month's end the windows that ended in it."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Final

from app.domain.duties.collisions import CapThere
from app.domain.duties.ended import EndedWindow, ended_windows
from app.domain.duties.owed import DrawDuties, Owed, Why
from app.domain.duties.standing import unmet_today
from app.domain.duties.terms import DutyTerms
from app.domain.duties.windows import Window
from app.domain.facts import Premises, Registration
from app.domain.items import Item
from app.domain.policies.duties import DutyRules
from app.domain.policy import Policy
from app.domain.simulation.answering import Hanging
from app.domain.simulation.tally import (
    CHANGED,
    ENDED,
    LOST,
    MET,
    MISSED,
    OTHER,
    UNANSWERED,
    UNREACHABLE,
    Group,
    Tally,
)
from app.domain.simulation.world import EVENING, NIGHT, OPERATING, Agenda, World

_ONE_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)
YEAR_DAYS: Final = 365.25

DrawsToCome = Callable[[str, date], tuple[date, ...]]
"""Last visit days of an item's draws that are still to come on a day."""
CapOf = Callable[[Item, int], CapThere]
"""The annual cap that meets the duties of an item, with what was decided of it in a year."""
Answer = Callable[[str, Sequence[Hanging], date], None]
"""What a planner does about the duties of an item that no draw to come can meet."""


@dataclass(slots=True)
class Accounts:
    """Watches the duties of the items that have any."""

    world: World
    agenda: Agenda
    tally: Tally
    policy: Policy
    items: tuple[Item, ...]
    to_come: DrawsToCome
    cap: CapOf
    first: date
    answer: Answer | None = None
    terms: DutyTerms = field(init=False)
    unmet: dict[str, set[str]] = field(default_factory=dict)
    """Premises of each item that had an unmet duty on the evening before: only changes bring new ones in."""

    def __post_init__(self) -> None:
        """Look the duties of the policy up once for each sort of registration."""
        self.terms = DutyTerms(self.policy)

    def begin(self) -> None:
        """Put the first evening on the agenda."""
        rules = self.policy.duties
        if rules is not None:
            first = self._next_watch(self.first - _ONE_DAY, rules)
            self.agenda.put(first, EVENING, partial(self._watch, rules))
        self.agenda.put(month_end(self.first), NIGHT, self._settle)
        for item in self.items:
            for premises, registration in self._operating(item):
                self.tally.stayed[Group.of(item.code, registration)].add(premises.id)

    def _next_watch(self, day: date, rules: DutyRules) -> date:
        """Calendar windows end with months: their last days are watched. Rolling ones end on any day."""
        if rules.rolling:
            return day + _WEEK
        following = day + _ONE_DAY
        return max(following, month_end(following) - timedelta(days=rules.alarm_days))

    def _watch(self, rules: DutyRules, day: date) -> None:
        """Raise an alarm of every duty that no draw to come can meet, or whose time runs out."""
        first_look = rules.rolling or (month_end(day) - day).days == rules.alarm_days or day == self.first
        for item in self.items:
            if first_look or item.code not in self.unmet:
                self.unmet[item.code] = {premises.id for premises, _ in self._dutiful(item)}
            self._watch_item(item, day, rules)
        self.world.changed.clear()
        self.agenda.put(self._next_watch(day, rules), EVENING, partial(self._watch, rules))

    def _watch_item(self, item: Item, day: date, rules: DutyRules) -> None:
        ends = self.to_come(item.code, day)
        duties = DrawDuties(self.policy, item=item.code, on=day, visit_from=day, visit_to=day, draw_ends=ends)
        unmet: set[str] = set()
        hanging: list[Hanging] = []
        for identity in self.unmet[item.code] | self.world.changed:
            premises = self.world.premises[identity]
            for registration in premises.registrations:
                if registration.regime not in item.regimes:
                    continue
                # A visit that is open is not made yet, so the duty is as unmet as without it.
                owed = duties.owed(registration, visits=premises.visits, open_visits=())
                name = item.code, identity, registration.regime
                window = _wanted_in(owed, registration, self.terms, day)
                if window is None or self._gives_way(item, premises, registration, day):
                    continue
                unmet.add(identity)
                last = window.ends_on
                coming = any(window.starts_on <= end <= last for end in ends)
                under_way = any(item.code in one.items for one in premises.open_visits)
                hangs = not (coming or under_way)
                if hangs or (last - day).days < rules.alarm_days:
                    self.tally.warned.add((*name, last))
                if hangs:
                    level = self.terms.level(registration.regime, registration.level)
                    hanging.append(Hanging((*name, last), level, window))
        self.unmet[item.code] = unmet
        if self.answer is not None and hanging:
            self.answer(item.code, hanging, day)

    def _gives_way(self, item: Item, premises: Premises, registration: Registration, day: date) -> bool:
        """Tell whether nothing is owed since the annual cap is reached and the duty was decided to yield."""
        duty = self.terms.duty(registration.regime, registration.level, registration.subtype)
        return self.cap(item, day.year).silences(premises, duty, on=day)

    def _settle(self, day: date) -> None:
        """Account for the windows that ended in the month that ends today, and for its days in operation."""
        first = max(day.replace(day=1), self.first)
        years = ((day - first).days + 1) / YEAR_DAYS
        for item in self.items:
            here: defaultdict[Group, set[str]] = defaultdict(set)
            for premises, registration in self._operating(item):
                group = Group.of(item.code, registration)
                self.tally.years[group] += years
                here[group].add(premises.id)
            for group in [group for group in self.tally.stayed if group.item == item.code]:
                self.tally.stayed[group] &= here[group]
            for premises, registration in self._dutiful(item):
                for ended in ended_windows(
                    registration,
                    visits=premises.visits,
                    policy=self.policy,
                    terms=self.terms,
                    item=item.code,
                    first=first,
                    last=day,
                ):
                    self._account(item, premises, registration, ended)
        self.agenda.put(month_end(day + _ONE_DAY), NIGHT, self._settle)

    def _account(
        self, item: Item, premises: Premises, registration: Registration, ended: EndedWindow
    ) -> None:
        group = Group.of(item.code, registration)
        if ended.met_on is not None:
            self.tally.duties[group][MET] += 1
        elif ended.missed:
            # What was decided to yield to the annual cap is neither met nor missed: it is not owed.
            if not self._gives_way(item, premises, registration, ended.window.ends_on):
                self._miss(group, item, premises, registration, ended.window)
        elif ended.out_of_duty == self.policy.counting.attempt:
            self.tally.duties[group][UNREACHABLE] += 1
        else:
            self.tally.duties[group][ENDED] += 1

    def _miss(
        self, group: Group, item: Item, premises: Premises, registration: Registration, window: Window
    ) -> None:
        self.tally.duties[group][MISSED] += 1
        duty = item.code, premises.id, registration.regime, window.ends_on
        cause = self._cause(item, premises, registration, window)
        self.tally.causes[cause, self.tally.answers.get(duty, UNANSWERED)] += 1
        self.tally.announced[group] += duty in self.tally.warned

    def _cause(self, item: Item, premises: Premises, registration: Registration, window: Window) -> str:
        """Say why a duty was missed; what went wrong last decides."""
        # A level given within the window may come after the last draw that could serve it was frozen.
        if any(window.starts_on < change.on <= window.ends_on for change in registration.changes):
            return CHANGED
        wrong = [
            (day, cause)
            for day, cause in self.tally.failures[item.code, premises.id]
            if window.starts_on <= day <= window.ends_on
        ]
        lost = any(
            not draw.held
            and draw.planned.item == item.code
            and window.starts_on <= draw.planned.visit_to <= window.ends_on
            for draw in self.tally.draws
        )
        return max(wrong)[1] if wrong else LOST if lost else OTHER

    def _dutiful(self, item: Item) -> Iterator[tuple[Premises, Registration]]:
        """Give the operating registrations of an item that have a duty, or had one lately."""
        for premises, registration in self._operating(item):
            months = self.terms.months(registration.regime, registration.level, registration.subtype)
            if months is not None or registration.changes:
                yield premises, registration

    def _operating(self, item: Item) -> Iterator[tuple[Premises, Registration]]:
        for premises in self.world.premises.values():
            for registration in premises.registrations:
                if registration.regime in item.regimes and registration.status == OPERATING:
                    yield premises, registration


def _wanted_in(owed: Owed, registration: Registration, terms: DutyTerms, day: date) -> Window | None:
    """Give the window in which a visit has to come: of what is overdue the day's, as the live watch does."""
    if owed.why == Why.OVERDUE:
        return unmet_today(registration, last=owed.last, terms=terms, on=day)
    return owed.window if owed.why == Why.OWED else None


def month_end(day: date) -> date:
    """Give the last day of a day's month."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - _ONE_DAY
