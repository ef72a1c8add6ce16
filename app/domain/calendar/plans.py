"""Whether a draw plan keeps to the calendar: its days, its rate, and that it leaves nobody out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Protocol

from app.domain.calendar.draws import ADHOC
from app.domain.calendar.spans import Span
from app.domain.errors import FieldError
from app.domain.findings import Finding
from app.domain.items import Item
from app.domain.policies.rhythms import Rate, Rhythms
from app.domain.policy import Policy, StratumRule


class Planned(Protocol):
    """What a draw plan says of its time and its scope: a draft, or a plan that is kept."""

    @property
    def period(self) -> str:
        """Its canonical period."""
        ...

    @property
    def scope(self) -> Mapping[str, Sequence[Any]]:
        """`regimes`, `levels`, `stations`; an empty list restricts nothing."""
        ...

    @property
    def visit_from(self) -> date:
        """The first day of the visits."""
        ...

    @property
    def visit_to(self) -> date:
        """The last day of the visits."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class InCalendar:
    """What the calendar says of the plan's period."""

    kind: str
    visits: Span
    rate: Rate | None


def plan_faults(
    plan: Planned,
    entry: InCalendar | None,
    *,
    item: Item,
    strata: Iterable[StratumRule],
    year: int | None,
    policy: Policy,
) -> tuple[FieldError, ...]:
    """Find where a plan contradicts the calendar of its item and region, or the policy where there is none.

    Args:
        plan: the plan.
        entry: what the calendar says of its period; None: it does not have it.
        item: what is inspected.
        strata: the plan's own strata, else the policy's.
        year: a year of its visits that has an approved calendar; None: neither has.
        policy: whose least rate holds beside a calendar and without one where the share of a draw is all the
            duty.
    """
    least = None
    if policy.drawn_by_rate(item.regimes):
        least = least_beside(entry, policy.rhythms, item=item.code, period=plan.period)
    if entry is None:
        if year is None:
            return tuple(_below(strata, least))
        values = ("period", plan.period), ("item", item.code), ("year", str(year))
        return (FieldError("/period", "not-in-calendar", values),)
    faults = [*_off_days(plan, entry.visits), *_low_rates(strata, entry.rate, least)]
    if entry.kind != ADHOC and leaves_out(plan.scope, item):
        faults.append(FieldError("/scope", "narrower-than-calendar", (("period", plan.period),)))
    return tuple(faults)


def _off_days(plan: Planned, visits: Span) -> Iterator[FieldError]:
    values = (
        ("period", plan.period),
        ("first", visits.first.isoformat()),
        ("last", visits.last.isoformat()),
    )
    if plan.visit_from < visits.first:
        yield FieldError("/visit_from", "off-calendar", values)
    if plan.visit_to > visits.last:
        yield FieldError("/visit_to", "off-calendar", values)


def _low_rates(strata: Iterable[StratumRule], rate: Rate | None, least: Rate | None) -> Iterator[FieldError]:
    """Name the greater of both rates where a stratum is below: the calendar's, or the policy's least."""
    if rate is None or rate != greatest(rate, least):
        yield from _below(strata, least)
        return
    for n, stratum in enumerate(strata):
        if Fraction(stratum.rate_p, stratum.rate_q) < Fraction(*rate):
            values = ("name", stratum.name), ("least", f"{rate[0]}/{rate[1]}")
            yield FieldError(f"/strata/{n}/rate", "below-calendar-rate", values)


def _below(strata: Iterable[StratumRule], least: Rate | None) -> Iterator[FieldError]:
    for n, stratum in enumerate(strata):
        if least is not None and Fraction(stratum.rate_p, stratum.rate_q) < Fraction(*least):
            rates = ("value", f"{stratum.rate_p}/{stratum.rate_q}"), ("least", f"{least[0]}/{least[1]}")
            yield FieldError(f"/strata/{n}/rate", "rate-too-low", rates)


def greatest(*rates: Rate | None) -> Rate | None:
    """Give the greatest of some rates, the first of equal ones; None where there is none."""
    return max((one for one in rates if one is not None), key=lambda terms: Fraction(*terms), default=None)


def wanted_rate(entry: InCalendar | None, rhythms: Rhythms, *, item: str, period: str) -> Rate | None:
    """Give the rate at which a draw of a period is held at least where its plan names none.

    Args:
        entry: what the calendar says of the period; None: it does not have it.
        rhythms: of the policy, which may have been approved after the calendar.
        item: code of the inspection item.
        period: of the draw.
    """
    least = least_beside(entry, rhythms, item=item, period=period)
    return greatest(None if entry is None else entry.rate, least)


def least_beside(entry: InCalendar | None, rhythms: Rhythms, *, item: str, period: str) -> Rate | None:
    """Give the least rate of a policy that holds beside the calendar's own.

    A calendar is no leave to draw fewer than the policy of a draw's days demands; an ad-hoc draw has its rate
    approved with a reason.

    Args:
        entry: as `wanted_rate`.
        rhythms: as `wanted_rate`.
        item: code of the inspection item.
        period: of the draw.
    """
    if entry is not None and entry.kind == ADHOC:
        return None
    return least_rate(rhythms, item=item, period=period)


def least_rate(rhythms: Rhythms, *, item: str, period: str) -> Rate | None:
    """Give the rate below which a policy lets no draw of a period be, whether a calendar has it or not.

    «Internet cafe: three draws each month, …, each at least 1/20 of all operating cafes» (mission/rules.md,
    «Frequency duties»). Before a holiday or in a season it is the rate of these extra draws.

    Args:
        rhythms: of the policy.
        item: code of the inspection item.
        period: of the draw.
    """
    for extra in rhythms.extra_of(item):
        if f".{extra.occasion}" in period:
            return extra.rate
    rhythm = rhythms.regular_of(item)
    return None if rhythm is None else rhythm.least_rate


def too_few_of_all(least: Rate | None, *, wanted: int, operating: int) -> Iterator[Finding]:
    """Find a draw of a part of the premises that wants fewer than the least share of all operating ones.

    Args:
        least: p/q; None: any share will do.
        wanted: how many premises the draw wants.
        operating: how many operate in the region.
    """
    if least is None:
        return
    p, q = least
    due = -(-operating * p // q)
    if wanted < due:
        values = {"wanted": wanted, "operating": operating, "least": f"{p}/{q}", "due": due}
        yield Finding("too-few-of-all", values)


def leaves_out(scope: Mapping[str, Sequence[Any]], item: Item) -> bool:
    """Tell whether a plan's scope leaves out some of what the item inspects in the region.

    Args:
        scope: `regimes`, `levels`, `stations`; an empty list restricts nothing.
        item: what is inspected.
    """
    regimes = scope["regimes"]
    return bool(scope["levels"] or scope["stations"]) or (
        bool(regimes) and not set(item.regimes).issubset(regimes)
    )
