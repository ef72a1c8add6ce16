"""How many tickets 签 a registration has in a draw, explained line by line (mission/rules.md, «Tickets»).

A fact counts from its own day on: one that fades counts while `day < its day + n months`, where a day that a
month lacks is clipped to that month's end; a hazard until the day it was remedied; a listing until the day of
its removal. Windows of days count alike: 30 days after a visit are the visit's day and the 29 after it. The
tickets of all lines of an explanation sum up to the tickets of the count, reductions being negative.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final, NamedTuple

from app.domain.authorities import Authority
from app.domain.caps import YearCap
from app.domain.days import add_months
from app.domain.duties.counting import LastCounted, last_counted
from app.domain.facts import OpenVisit, Premises, Registration, RiskEvent, Visit
from app.domain.policy import Addition, Policy

COOLDOWN: Final = "cooldown"
ANNUAL_CAP: Final = "annual-cap"

NONE_SURE: Final[Mapping[str, Sequence[OpenVisit]]] = MappingProxyType({})
_ONE_DAY: Final = timedelta(days=1)


class TicketLine(NamedTuple):
    """One line of the explanation.

    Attributes:
        fact: what adds or takes away.
        tickets: how many, negative where it takes away.
        basis: the rule's legal basis.
        on: the day of the fact, where it has one.
        until: the last day on which it counts; None while it is open.
        source_no: the number of the document that states the fact.
    """

    fact: str
    tickets: int
    basis: str
    on: date | None = None
    until: date | None = None
    source_no: str | None = None


@dataclass(frozen=True, slots=True)
class TicketCount:
    """Tickets, the note that says why there are none, and the explanation."""

    tickets: int
    note: str | None
    lines: tuple[TicketLine, ...]


class DrawTickets:
    """The tickets as one draw counts them: asked for each line of a roster, so what lines share is kept.

    Args:
        policy: the numbers.
        item: the code of the inspection item; only its own visits give relief.
        caps: the annual caps that hold.
        on: the day.
        cap_year: the year of the draw's visits, which is the annual caps'; None: that of the day.
        sure: visits that draws still to be drawn will surely bring, by premises.
    """

    __slots__ = (
        *("_cap_year", "_caps", "_none_allowed", "_on", "_owing", "_plain", "_policy", "_relieved", "_sure"),
        "item",
    )

    def __init__(
        self,
        policy: Policy,
        *,
        item: str,
        caps: Iterable[YearCap],
        on: date,
        cap_year: int | None = None,
        sure: Mapping[str, Sequence[OpenVisit]] = NONE_SURE,
    ) -> None:
        self.item = item
        self._policy = policy
        self._caps = tuple(one for one in caps if one.cap.visits is not None)
        self._none_allowed = any(one.cap.visits == 0 for one in self._caps)
        self._sure = sure
        self._on = on
        self._cap_year = cap_year or on.year
        self._plain = self._summed([self._base()])
        self._relieved: dict[date, TicketCount] = {}
        self._owing: dict[tuple[str, int | None, str | None], bool] = {}

    def count(
        self,
        registration: Registration,
        premises: Premises,
        last: LastCounted | None,
        *,
        owes: bool = False,
        capped: bool = True,
    ) -> TicketCount:
        """Count the tickets of a registration.

        Args:
            registration: whose regime decides which events and duties apply.
            premises: its premises; drawn visits without an end count towards the caps as if made.
            last: of its visits the last of the item that count.
            owes: whether the registration owes this draw a visit: then it never cools down.
            capped: False where it was decided that annual caps yield to the duty.
        """
        events, visits, key_area = premises.events, premises.visits, premises.key_area
        added = self._added(registration.regime, events, key_area=key_area) if events or key_area else ()
        count = self._relieved_by(last, self._escalated(added) if added else self._plain)
        if not (visits or premises.open_visits or self._none_allowed or premises.id in self._sure):
            return count
        zero = self._cap_reached(premises) if capped and self._caps else None
        if zero is None and not (owes or added or self._has_duty(registration)):
            zero = self._cooling(visits)
        if zero is None:
            return count
        note, basis, until = zero
        taken = TicketLine(fact=note, tickets=-count.tickets, basis=basis, until=until)
        return TicketCount(0, note, (*count.lines, taken))

    def _base(self) -> TicketLine:
        return TicketLine(fact="base", tickets=self._policy.base, basis=self._policy.base_basis)

    def _summed(self, lines: list[TicketLine]) -> TicketCount:
        """The tickets of some lines together, cut to the most that the policy gives."""
        policy = self._policy
        if (total := sum(line.tickets for line in lines)) > policy.most:
            lines.append(TicketLine(fact="most", tickets=policy.most - total, basis=policy.most_basis))
            total = policy.most
        return TicketCount(total, None, tuple(lines))

    def _escalated(self, added: Iterable[TicketLine]) -> TicketCount:
        return self._summed([self._base(), *added])

    def _added(self, regime: str, events: Iterable[RiskEvent], *, key_area: bool) -> list[TicketLine]:
        """List the facts that count, in the order of the policy's additions."""
        of_kind: dict[str, list[RiskEvent]] = {}
        for event in events:
            if (event.regime is None or event.regime == regime) and event.on <= self._on:
                of_kind.setdefault(event.kind, []).append(event)
        lines: list[TicketLine] = []
        for addition in self._policy.additions:
            if addition.counts == "in-force":
                if key_area:
                    lines.append(_line(addition, addition.each, None, None))
            elif addition.fact in of_kind:
                lines += _of_events(addition, of_kind[addition.fact], on=self._on)
        return lines

    def _relieved_by(self, last: LastCounted | None, count: TicketCount) -> TicketCount:
        """Reduce the tickets when the item's last counting visit is recent and found nothing."""
        if last is None or not last.clean:
            return count
        shared = count is self._plain
        if shared and (known := self._relieved.get(last.on)) is not None:
            return known
        relief, total = self._policy.relief, count.tickets
        until = last.on + timedelta(days=relief.days) - _ONE_DAY
        if self._on <= until:
            kept = max(-(-total * relief.keep_p // relief.keep_q), relief.least)
            line = TicketLine("relief", kept - total, relief.basis, last.on, until)
            count = TicketCount(kept, None, (*count.lines, line))
        if shared:
            self._relieved[last.on] = count
        return count

    def _has_duty(self, registration: Registration) -> bool:
        key = registration.regime, registration.level, registration.subtype
        known = self._owing.get(key)
        if known is None:
            regime, level, subtype = key
            known = self._owing[key] = self._policy.has_duty(regime=regime, level=level, subtype=subtype)
        return known

    def _cap_reached(self, premises: Premises) -> tuple[str, str, date] | None:
        sure = self._sure.get(premises.id, ())
        for one in self._caps:
            if one.reached(premises, year=self._cap_year, on=self._on, sure=sure):
                return (ANNUAL_CAP, one.cap.basis, date(self._cap_year, 12, 31))
        return None

    def _cooling(self, visits: Iterable[Visit]) -> tuple[str, str, date] | None:
        """Tell whether a visit by any agency is recent; one that found nobody disturbed nobody."""
        on, attempt, cooldown = self._on, self._policy.counting.attempt, self._policy.cooldown
        met = max(
            (visit.on for visit in visits if visit.on <= on and attempt not in visit.codes), default=None
        )
        if met is None:
            return None
        until = met + timedelta(days=cooldown.days) - _ONE_DAY
        return (COOLDOWN, cooldown.basis, until) if on <= until else None


def count_tickets(
    registration: Registration,
    *,
    key_area: bool,
    events: Sequence[RiskEvent],
    visits: Sequence[Visit],
    policy: Policy,
    item: str,
    authority: Authority,
    on: date,
    owes: bool = False,
    cap_year: int | None = None,
    capped: bool = True,
) -> TicketCount:
    """Count the tickets of one registration for one draw; `DrawTickets` does it for many.

    Args:
        registration: whose regime decides which events and duties apply.
        key_area: whether the premises lies in a key area 重点区域.
        events: risk events of the premises, of any regime and day.
        visits: visits at the premises, by any agency for any item.
        policy: the numbers.
        item: the code of the inspection item; only its own visits give relief.
        authority: the item's agency at the level that draws, whose visits an annual cap counts.
        on: the day.
        owes: whether the registration owes this draw a visit: then it never cools down.
        cap_year: the year of the draw's visits, which is the annual cap's; None: that of the day.
        capped: False where it was decided that the annual cap yields to the duty.
    """
    cap = YearCap(region="", authority=authority, cap=policy.annual_cap)
    draw = DrawTickets(policy, item=item, caps=(cap,), on=on, cap_year=cap_year)
    premises = Premises("", "", key_area=key_area, events=tuple(events), visits=tuple(visits))
    last = last_counted(visits, policy.counting, item=item, on=on)
    return draw.count(registration, premises, last, owes=owes, capped=capped)


def _of_events(addition: Addition, events: Iterable[RiskEvent], *, on: date) -> list[TicketLine]:
    """List the facts of one kind that count, the longest lasting first, each adding up to the limit."""
    counting: list[tuple[RiskEvent, date | None]] = []
    for event in events:
        last = _last_day(addition, event)
        if (last is None or on <= last) and (event.substantiated or not addition.substantiated):
            counting.append((event, last))
    counting.sort(key=lambda pair: (pair[1] or date.max, pair[0].on, pair[0].source_no or ""), reverse=True)
    lines, left = [], addition.most
    for event, last in counting:
        added = min(addition.each, left)
        left -= added
        lines.append(_line(addition, added, event, last))
    return lines


def _line(addition: Addition, tickets: int, event: RiskEvent | None, until: date | None) -> TicketLine:
    if event is None:
        return TicketLine(addition.fact, tickets, addition.basis, None, until)
    return TicketLine(addition.fact, tickets, addition.basis, event.on, until, event.source_no)


def _last_day(addition: Addition, event: RiskEvent) -> date | None:
    """Give the last day on which an event counts, None while its end is not known."""
    if addition.counts == "months":
        return add_months(event.on, addition.months) - _ONE_DAY
    end = event.remedied_on if addition.counts == "open" else event.until
    return None if end is None else end - _ONE_DAY
