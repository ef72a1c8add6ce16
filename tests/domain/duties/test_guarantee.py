"""The guarantee (mission/rules.md): random counties, the policy's own calendar, the selection of DR1.

«No duty is missed while its draws take place and no more visits fail than the reserve covers; otherwise the
alarm comes before the miss.»
"""

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.calendar.coming import Slot, ends_to_come
from app.domain.calendar.draws import PlannedDraw, draws_of_year
from app.domain.draw.freeze import freeze
from app.domain.draw.selection import select
from app.domain.duties.counting import counting_days
from app.domain.duties.ended import ended_windows
from app.domain.duties.history import calendar_windows, run_of
from app.domain.duties.owed import DrawDuties
from app.domain.duties.standing import standing
from app.domain.duties.terms import DutyTerms
from app.domain.duties.windows import Window
from app.domain.facts import Change, OpenVisit, Premises, Registration, Visit
from app.domain.roster import Roster, RosterRules, Scope, build_roster
from tests.domain.duties.cases import POLICY, VENUES

TERMS = DutyTerms(POLICY)
ONE_DAY = timedelta(days=1)
DRAWS = [
    draw
    for year in (2026, 2027)
    for draw in draws_of_year(POLICY.rhythms, item=VENUES, year=year, working=None)
]
ISSUED = frozenset({"entertainment-1", "entertainment-2", "entertainment-3"})


@dataclass
class County:
    """A county whose draws are all held, week by week, and whose visits fail within the reserve."""

    random: Random
    premises: dict[str, Premises] = field(default_factory=dict)
    served: Counter[tuple[str, Window]] = field(default_factory=Counter)
    """How often a draw was owed something, by premises and window."""
    spare: dict[tuple[str, Window], int] = field(default_factory=dict)
    """How many visits of a window may still fail, as the first draw of it found."""
    alarmed: set[tuple[str, Window]] = field(default_factory=set)
    open: dict[str, tuple[date, str]] = field(default_factory=dict)
    """The visits under way: when they end, and with which code; without one a visit is not made."""
    missed: list[tuple[str, Window]] = field(default_factory=list)
    met: int = 0

    def register(self, on: date, *, registered_on: date | None) -> None:
        """Enter a venue."""
        identity = f"src:{len(self.premises):03}"
        one = Registration(
            regime="entertainment",
            subtype="ktv",
            level=self.random.choice([1, 2, 3, 3]),
            registered_on=registered_on,
            known_since=on,
        )
        self.premises[identity] = Premises(id=identity, region="410928", registrations=(one,))

    def happen(self, on: date) -> None:
        """What a day brings: openings, closures, reopenings, other levels, what the registrar decides."""
        if self.random.random() < 0.05:
            self.register(on, registered_on=on)
        duties = DrawDuties(
            POLICY, item=VENUES, on=on, visit_from=on, visit_to=on, draw_ends=to_come(on, this=None)
        )
        for identity, one in list(self.premises.items()):
            if self.random.random() < 0.02:
                self.premises[identity] = replace(
                    one, registrations=(self._changed(one.registrations[0], on),)
                )
            self._look(duties, self.premises[identity])

    def _changed(self, was: Registration, on: date) -> Registration:
        status = was.status if was.out_of_duty is None else "out-of-duty"
        change = Change(on=on, status_before=status, level_before=was.level, subtype_before=was.subtype)
        changes = (*was.changes, change)
        if was.out_of_duty is not None:
            return replace(was, out_of_duty=None, out_since=None, changes=changes)
        if was.status != "operating":
            return replace(was, status="operating", changes=changes)
        if self.random.random() < 0.3:
            return replace(was, status="suspended", changes=changes)
        return replace(was, level=self.random.choice([1, 2, 3]), changes=changes)

    def _look(self, duties: DrawDuties, one: Premises) -> None:
        """Raise an alarm where no draw to come can serve; what hangs on an open visit may still fail."""
        found = standing(duties, one.registrations[0], visits=one.visits, open_visits=one.open_visits)
        if found is not None and found.window is not None and found.hangs:
            self.alarmed.add((one.id, found.window))

    def draw(self, planned: PlannedDraw) -> None:
        """Freeze, draw with the selection of DR1, and visit before the next draw is frozen."""
        rules = RosterRules(
            item=VENUES,
            agency="psb",
            scope=Scope(region="410928", regimes=("entertainment",)),
            rules=tuple(rule for rule in POLICY.strata if rule.name in ISSUED),
            policy=POLICY,
            on=planned.visit_from,
            visit_from=planned.visit_from,
            visit_to=planned.visit_to,
            draw_ends=to_come(planned.visit_from, this=planned),
        )
        roster = build_roster(self.premises.values(), rules)
        duties, owing = rules.duties(), {}
        for one in self.premises.values():
            found = duties.owed(one.registrations[0], visits=one.visits, open_visits=one.open_visits)
            if found.draws_left and (window := self._current(one, planned)) is not None:
                owing[one.id] = one.id, window
                self.served[one.id, window] += 1
                self.spare.setdefault((one.id, window), int(duties.draws_in(window) > 1))
        for identity in self._drawn(planned, roster):
            self._go(planned, identity, owing.get(identity))

    def _current(self, one: Premises, planned: PlannedDraw) -> Window | None:
        """The unmet window that the draw serves, overdue or not."""
        run, rules = run_of(one.registrations[0], TERMS.months), POLICY.duties
        assert rules is not None
        days = counting_days(one.visits, POLICY.counting, item=VENUES, on=planned.visit_from)
        return next(
            (
                window
                for window in calendar_windows(run, rules, since=planned.visit_from, until=planned.visit_from)
                if not any(window.starts_on <= on <= window.ends_on for on in days)
            ),
            None,
        )

    def _drawn(self, planned: PlannedDraw, roster: Roster) -> list[str]:
        frozen = freeze(alg="sha256", secret="5" * 64, roster=roster.lines, inspectors=(), recusals=())
        draw = hashlib.sha256(f"{self.random.random()}{planned.period}".encode()).hexdigest()
        ids = frozen.identities.ids
        return [
            one.id
            for one in select(
                frozen.lines, roster.strata, draw=draw, alg="sha256", id_of=ids.__getitem__
            ).drawn
        ]

    def _go(self, planned: PlannedDraw, identity: str, key: tuple[str, Window] | None) -> None:
        """Open the visit; it will be made, or fail where a reserve is left: not made, or nobody was found."""
        fails = key is not None and self.spare[key] > 0 and self.random.random() < 0.5
        if key is not None:
            self.spare[key] -= fails
        length = (planned.visit_to - planned.visit_from).days
        ends = planned.visit_to if fails else planned.visit_from + timedelta(self.random.randint(0, length))
        code = self.random.choice(["", "", "04"] if fails else ["01", "05", "07"])
        self.open[identity] = (ends, code)
        self.premises[identity] = replace(self.premises[identity], open_visits=(OpenVisit(items=(VENUES,)),))

    def _end_visits(self, on: date) -> None:
        for identity, (ends, code) in list(self.open.items()):
            if ends != on:
                continue
            del self.open[identity]
            one = replace(self.premises[identity], open_visits=())
            if code == "04":
                out = replace(one.registrations[0], out_of_duty=code, out_since=on)
                one = replace(one, registrations=(out,))
            elif code:
                made = Visit(item=VENUES, on=on, kind="drawn", agency="psb", codes=(code,))
                one = replace(one, visits=(*one.visits, made))
            self.premises[identity] = one

    def close_day(self, on: date) -> None:
        """End the visits of the day, then record the windows that ended with it."""
        self._end_visits(on)
        for one in self.premises.values():
            for ended in ended_windows(
                one.registrations[0],
                visits=one.visits,
                policy=POLICY,
                terms=TERMS,
                item=VENUES,
                first=on,
                last=on,
            ):
                self.met += ended.met_on is not None
                if ended.missed:
                    self.missed.append((one.id, ended.window))


def to_come(on: date, *, this: PlannedDraw | None) -> tuple[date, ...]:
    """Give the last visit days of the draws to come; those of this week's draw are over once it was held."""
    slots = [
        Slot(period=one.period, visits=one.visits, held=one.visit_from <= on and one is not this)
        for one in DRAWS
    ]
    mine = next((slot for slot, one in zip(slots, DRAWS, strict=True) if one is this), None)
    return ends_to_come(slots, this=mine, on=on, months=1)


def live(random: Random, *, start: date, until: date, count: int) -> County:
    """Let a county live from one day to another: each day's events, then its draw, then its end."""
    county = County(random)
    for _ in range(count):
        opened = random.choice([None, start - timedelta(days=400)])
        county.register(start, registered_on=opened)
    draws = {one.visit_from: one for one in DRAWS}
    days: dict[date, PlannedDraw | None] = defaultdict(lambda: None, draws)
    on = start
    while on <= until:
        county.happen(on)
        if (planned := days[on]) is not None:
            county.draw(planned)
        county.close_day(on)
        on += ONE_DAY
    return county


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    start=st.dates(date(2026, 1, 1), date(2027, 3, 1)),
    months=st.integers(1, 4),
    count=st.integers(1, 40),
)
def test_no_duty_is_missed_while_its_draws_take_place_and_failures_stay_within_the_reserve(
    seed: int, start: date, months: int, count: int
) -> None:
    """What was missed had no draw that could have served it, and its alarm came before."""
    county = live(Random(seed), start=start, until=start + timedelta(days=31 * months), count=count)
    assert [one for one in county.missed if county.served[one]] == []
    assert set(county.missed) <= county.alarmed


def test_a_county_of_a_year_misses_nothing_and_meets_hundreds() -> None:
    """The property above is not empty: a worked county has windows of every level, met despite failures."""
    county = live(Random(2026), start=date(2026, 1, 1), until=date(2026, 12, 31), count=60)
    assert county.met > 200
    assert sum(not spare for spare in county.spare.values()) > 100
    assert [one for one in county.missed if county.served[one]] == []
    assert set(county.missed) <= county.alarmed
