"""How many tickets 签 a registration has in a draw, explained line by line (mission/rules.md, «Tickets»).

A fact counts from its own day on: one that fades counts while `day < its day + n months`, where a day that a
month lacks is clipped to that month's end; a hazard until the day it was remedied; a listing until the day of
its removal. Windows of days count alike: 30 days after a visit are the visit's day and the 29 after it. The
tickets of all lines of an explanation sum up to the tickets of the count, reductions being negative.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.domain.days import add_months
from app.domain.duties.counting import counts
from app.domain.facts import Registration, RiskEvent, Visit
from app.domain.policy import Addition, AnnualCap, Policy

COOLDOWN: Final = "cooldown"
ANNUAL_CAP: Final = "annual-cap"

_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketLine:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketCount:
    """Tickets, the note that says why there are none, and the explanation."""

    tickets: int
    note: str | None
    lines: tuple[TicketLine, ...]


def count_tickets(
    registration: Registration,
    *,
    key_area: bool,
    events: Iterable[RiskEvent],
    visits: Sequence[Visit],
    policy: Policy,
    item: str,
    agency: str,
    on: date,
    owes: bool = False,
    cap_year: int | None = None,
    capped: bool = True,
) -> TicketCount:
    """Count the tickets of a registration on a day.

    Args:
        registration: whose regime decides which events and duties apply.
        key_area: whether the premises lies in a key area 重点区域.
        events: risk events of the premises, of any regime and day.
        visits: visits at the premises, by any agency for any item.
        policy: the numbers.
        item: the code of the inspection item; only its own visits give relief.
        agency: the item's agency, whose visits an annual cap counts.
        on: the day.
        owes: whether the registration owes this draw a visit: then it never cools down.
        cap_year: the year of the draw's visits, which is the annual cap's; None: that of the day.
        capped: False where it was decided that the annual cap yields to the duty.
    """
    lines = [TicketLine(fact="base", tickets=policy.base, basis=policy.base_basis)]
    relevant = [e for e in events if e.regime in {None, registration.regime} and e.on <= on]
    if relevant or key_area:
        for addition in policy.additions:
            lines += _added(addition, relevant, key_area=key_area, on=on)
    escalates = len(lines) > 1
    if (total := sum(line.tickets for line in lines)) > policy.most:
        lines.append(TicketLine(fact="most", tickets=policy.most - total, basis=policy.most_basis))
        total = policy.most
    past = [visit for visit in visits if visit.on <= on]
    if past:
        lines += _relieved(total, past, policy=policy, item=item, on=on)
        zero = None
        if capped:
            zero = _cap_reached(past, policy=policy, agency=agency, year=cap_year or on.year)
        duty = owes or policy.has_duty(
            regime=registration.regime, level=registration.level, subtype=registration.subtype
        )
        if zero is None and not (duty or escalates):
            zero = _cooling(past, policy=policy, on=on)
        if zero is not None:
            note, basis, until = zero
            total = sum(line.tickets for line in lines)
            lines.append(TicketLine(fact=note, tickets=-total, basis=basis, until=until))
            return TicketCount(tickets=0, note=note, lines=tuple(lines))
    return TicketCount(tickets=sum(line.tickets for line in lines), note=None, lines=tuple(lines))


def _added(addition: Addition, events: Iterable[RiskEvent], *, key_area: bool, on: date) -> list[TicketLine]:
    """List the facts of one kind that count, the longest lasting first, each adding up to the limit."""
    if addition.counts == "in-force":
        return [_line(addition, addition.each, None, None)] if key_area else []
    ends = ((event, _last_day(addition, event)) for event in events if event.kind == addition.fact)
    counting = [
        (event, last)
        for event, last in ends
        if (last is None or on <= last) and (event.substantiated or not addition.substantiated)
    ]
    counting.sort(key=lambda pair: (pair[1] or date.max, pair[0].on, pair[0].source_no or ""), reverse=True)
    lines, left = [], addition.most
    for event, last in counting:
        added = min(addition.each, left)
        left -= added
        lines.append(_line(addition, added, event, last))
    return lines


def _line(addition: Addition, tickets: int, event: RiskEvent | None, until: date | None) -> TicketLine:
    return TicketLine(
        fact=addition.fact,
        tickets=tickets,
        basis=addition.basis,
        on=event.on if event else None,
        until=until,
        source_no=event.source_no if event else None,
    )


def _last_day(addition: Addition, event: RiskEvent) -> date | None:
    """Give the last day on which an event counts, None while its end is not known."""
    if addition.counts == "months":
        return add_months(event.on, addition.months) - _ONE_DAY
    end = event.remedied_on if addition.counts == "open" else event.until
    return None if end is None else end - _ONE_DAY


def _relieved(total: int, past: Iterable[Visit], *, policy: Policy, item: str, on: date) -> list[TicketLine]:
    """Reduce the tickets when the item's last counting visit is recent and found nothing."""
    counting = policy.counting
    counted = [visit for visit in past if counts(visit, counting, item=item)]
    if not counted:
        return []
    latest = max(visit.on for visit in counted)
    clean = all(visit.codes == (counting.clean,) for visit in counted if visit.on == latest)
    relief = policy.relief
    until = latest + timedelta(days=relief.days) - _ONE_DAY
    if not clean or on > until:
        return []
    kept = max(-(-total * relief.keep_p // relief.keep_q), relief.least)
    return [TicketLine(fact="relief", tickets=kept - total, basis=relief.basis, on=latest, until=until)]


def _cap_reached(
    past: Iterable[Visit], *, policy: Policy, agency: str, year: int
) -> tuple[str, str, date] | None:
    cap = policy.annual_cap
    if cap.visits is None:
        return None
    used = visits_in_year(past, cap, agency=agency, year=year)
    return (ANNUAL_CAP, cap.basis, date(year, 12, 31)) if used >= cap.visits else None


def visits_in_year(visits: Iterable[Visit], cap: AnnualCap, *, agency: str, year: int) -> int:
    """Count the visits of an agency in a year that an annual cap counts.

    One visit that carried several items (综合查一次) stands on file for each of them and is one visit still.
    """
    return len(
        {
            (visit.on, visit.kind)
            for visit in visits
            if visit.on.year == year and visit.agency == agency and visit.kind not in cap.exempt_kinds
        }
    )


def _cooling(past: Iterable[Visit], *, policy: Policy, on: date) -> tuple[str, str, date] | None:
    """Tell whether a visit by any agency is recent; one that found nobody disturbed nobody."""
    met = [visit.on for visit in past if policy.counting.attempt not in visit.codes]
    if not met:
        return None
    until = max(met) + timedelta(days=policy.cooldown.days) - _ONE_DAY
    return (COOLDOWN, policy.cooldown.basis, until) if on <= until else None
