"""Floor against cap: a frequency duty that an annual cap makes impossible (mission/rules.md, «Tickets»).

«Annual cap: visits per entity, agency level and year. … A duty that the cap makes impossible is a
*collision*: found for the year ahead, and decided (which yields, why, by whom) before approval.» A collision
is of a whole class of registrations, where the duty wants more visits a year than the cap allows, or of one
entity, which has used up too many of them already, or where the duties of several items of the agency ask
for too many together: the cap is the entity's, whatever they are about. These add up as if none were merged
(综合查一次): whether inspectors qualify for all is known at each freeze only, and by then it is too late to
decide. If the cap yields, the line owes as ever; if the duty yields, it has no tickets (`annual-cap`) once
the cap is reached, and owes nothing.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.domain.authorities import Authority
from app.domain.caps import used_up
from app.domain.duties.history import OPERATING, Run, calendar_windows, rolling_windows, run_of
from app.domain.duties.owed import DrawDuties, Owed, Why
from app.domain.duties.windows import window_of
from app.domain.facts import Premises
from app.domain.items import Item
from app.domain.policies.duties import DutyRules
from app.domain.policy import AnnualCap, FrequencyDuty, Policy

CLASS: Final = "class"
ENTITY: Final = "entity"
_MONTHS: Final = 12


class Yields(StrEnum):
    """Which of the two gives way."""

    DUTY = "duty"
    CAP = "cap"


Decisions = Mapping[str, Yields]
"""What was decided, by `class_subject` or `entity_subject`."""

UNDECIDED: Final[Decisions] = MappingProxyType({})


def class_of(duty: FrequencyDuty) -> str:
    """Give the name of the registrations that a duty is about: `entertainment-3`, `fire_unit-key`."""
    match = duty.match
    return "-".join(str(part) for part in (match.regime, match.level, match.subtype) if part is not None)


def class_subject(duty: FrequencyDuty) -> str:
    """Give what a decision about a whole class is filed under."""
    return f"{CLASS}:{class_of(duty)}"


def entity_subject(entity: str) -> str:
    """Give what a decision about one entity is filed under."""
    return f"{ENTITY}:{entity}"


def decided(decisions: Decisions, *, entity: str, duty: FrequencyDuty | None) -> Yields | None:
    """Say which of duty and cap yields at an entity; its own decision goes before that of its class."""
    if not decisions:
        return None
    own = decisions.get(entity_subject(entity))
    if own is None and duty is not None:
        own = decisions.get(class_subject(duty))
    return own


@dataclass(frozen=True, slots=True, kw_only=True)
class Collision:
    """A duty that the annual cap makes impossible within a year.

    Attributes:
        subject: what a decision about it is filed under.
        kind: `class` or `entity`.
        name: of the class, or the DR1 entity id.
        duty: name of the class whose duty it is.
        cap: visits that the cap allows in the year.
        used: visits of the year that count already; of a class 0.
        needed: visits that the duty still wants in the year; of a class those of a whole year.
        of_others: visits that duties of the agency's other items still want there; of a class 0.
        registrations: how many registrations it is about.
    """

    subject: str
    kind: str
    name: str
    duty: str
    cap: int
    used: int
    needed: int
    of_others: int
    registrations: int

    @property
    def wanted(self) -> int:
        """How many visits the year would have in all."""
        return self.used + self.needed + self.of_others


def find_collisions(
    premises: Iterable[Premises],
    *,
    policy: Policy,
    item: Item,
    authority: Authority,
    regimes: Iterable[str],
    levels: Collection[int],
    on: date,
    year: int,
    items: Iterable[Item] = (),
) -> tuple[Collision, ...]:
    """Find the collisions of an item's duties with the annual cap in a year, classes first.

    Args:
        premises: those that the item may visit, with their registrations of the agency's other items.
        policy: the numbers; without a published cap nothing collides.
        item: the inspection item.
        authority: whose visits the cap counts.
        regimes: regimes of the registrations that are asked about.
        levels: their levels; none: every level.
        on: the day up to which visits are known.
        year: the calendar year that the cap counts.
        items: every item; the duties of those of the same agency share the cap.
    """
    cap, rules = policy.annual_cap.visits, policy.duties
    if cap is None or rules is None:
        return ()
    begins = max(on, date(year, 1, 1), rules.starts_on)

    def wants(one: Item, regimes: Iterable[str]) -> _Wants:
        duties = DrawDuties(policy, item=one.code, on=on, visit_from=begins, visit_to=begins, draw_ends=())
        return _Wants(duties=duties, rules=rules, regimes=frozenset(regimes), begins=begins, year=year)

    own = replace(wants(item, regimes), levels=frozenset(levels))
    sharing = (one for one in items if one.agency == authority.agency and one.code != item.code)
    others = [wants(one, one.regimes) for one in sharing]
    classes: Counter[FrequencyDuty] = Counter()
    entities: list[Collision] = []
    for one in premises:
        asked = list(own.of(one))
        classes.update(duty for _, duty in asked if _MONTHS // duty.months > cap)
        wanted = [(visits, duty) for visits, duty in asked if _MONTHS // duty.months <= cap]
        if not wanted:
            continue
        needed, duty = max(wanted, key=lambda pair: pair[0])
        used = used_up(one, cap=policy.annual_cap, authority=authority, year=year, on=on)
        of_others = sum(max((visits for visits, _ in other.of(one)), default=0) for other in others)
        if needed and used + needed + of_others > cap:
            counts = {"cap": cap, "used": used, "needed": needed, "of_others": of_others}
            entities.append(_of_entity(one.id, duty, **counts))
    whole = [_of_class(duty, cap=cap, registrations=count) for duty, count in classes.items()]
    return tuple(sorted((*whole, *entities), key=lambda collision: (collision.kind, collision.name)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wants:
    """The visits that the duties of an item still want from a day to the end of its year."""

    duties: DrawDuties
    rules: DutyRules
    regimes: frozenset[str]
    levels: frozenset[int] = frozenset()
    begins: date
    year: int

    def of(self, premises: Premises) -> Iterator[tuple[int, FrequencyDuty]]:
        """Give the visits and the duty of each operating registration that is asked about."""
        terms = self.duties.terms
        for registration in premises.registrations:
            if registration.regime not in self.regimes or registration.status != OPERATING:
                continue
            duty = terms.duty(registration.regime, registration.level, registration.subtype)
            level = terms.level(registration.regime, registration.level)
            if duty is None or (self.levels and level not in self.levels):
                continue
            owed = self.duties.owed(registration, visits=premises.visits, open_visits=())
            if owed.why == Why.NOT_YET:
                run = run_of(registration, terms.months, terms.begun)
                yield _to_come(run, self.rules, begins=self.begins, year=self.year), duty
            else:
                yield _still_wanted(owed, duty, self.rules, begins=self.begins, year=self.year), duty


@dataclass(frozen=True, slots=True, kw_only=True)
class CapThere:
    """The annual cap of a region whose draws serve a duty, and what was decided where both collide.

    Attributes:
        cap: the rule.
        decisions: which yields, in one year.
        authority: whose visits it counts.
    """

    cap: AnnualCap
    decisions: Decisions
    authority: Authority

    def silences(
        self, premises: Premises, duty: FrequencyDuty | None, *, on: date, year: int | None = None
    ) -> bool:
        """Tell whether a duty was decided to yield and the cap is reached on a day.

        Args:
            premises: with its visits.
            duty: which.
            on: the day up to which visits are known.
            year: which year the cap counts and was decided about; None: that of the day.
        """
        most = self.cap.visits
        if most is None or decided(self.decisions, entity=premises.id, duty=duty) != Yields.DUTY:
            return False
        return used_up(premises, cap=self.cap, authority=self.authority, year=year or on.year, on=on) >= most


def gives_way(
    premises: Premises, duty: FrequencyDuty | None, *, caps: Collection[CapThere], on: date
) -> bool:
    """Tell whether nothing is owed on a day: wherever draws serve the duty it was decided to yield.

    Args:
        premises: with its visits.
        duty: which.
        caps: of every region whose draws serve it; without any nothing gives way.
        on: the day.
    """
    return bool(caps) and all(one.silences(premises, duty, on=on) for one in caps)


def _of_class(duty: FrequencyDuty, *, cap: int, registrations: int) -> Collision:
    return Collision(
        subject=class_subject(duty),
        kind=CLASS,
        name=class_of(duty),
        duty=class_of(duty),
        cap=cap,
        used=0,
        needed=_MONTHS // duty.months,
        of_others=0,
        registrations=registrations,
    )


def _of_entity(
    entity: str, duty: FrequencyDuty, *, cap: int, used: int, needed: int, of_others: int
) -> Collision:
    return Collision(
        subject=entity_subject(entity),
        kind=ENTITY,
        name=entity,
        duty=class_of(duty),
        cap=cap,
        used=used,
        needed=needed,
        of_others=of_others,
        registrations=1,
    )


def _still_wanted(owed: Owed, duty: FrequencyDuty, rules: DutyRules, *, begins: date, year: int) -> int:
    """Count the visits that a duty wants from a day to the end of its year.

    What is overdue and the window of the day are met by one visit. Windows that roll are as many as would
    follow each other, each visited on its last day: nobody can want fewer.
    """
    if owed.why not in {Why.OWED, Why.OVERDUE, Why.MET} or owed.window is None:
        return 0
    now = owed.why != Why.MET
    if not rules.rolling:
        current = window_of(duty.months, begins)
        later = (_MONTHS - current.ends_on.month) // duty.months
        return now + later
    due = begins if owed.why == Why.OVERDUE else owed.window.ends_on
    if due.year > year:
        return 0
    return 1 + (_MONTHS - due.month) // duty.months


def _to_come(run: Run, rules: DutyRules, *, begins: date, year: int) -> int:
    """Count the visits that a duty will want in a year of what is too new to owe one on the first day."""
    last_day = date(year, _MONTHS, 31)
    if rules.rolling:
        windows = rolling_windows(run, rules, last=None, until=last_day)
    else:
        windows = calendar_windows(run, rules, since=begins, until=last_day)
    return sum(one.ends_on <= last_day for one in windows)
