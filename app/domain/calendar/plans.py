"""Whether a draw plan keeps to the calendar: its days, its rate, and that it leaves nobody out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Protocol

from app.domain.calendar.draws import ADHOC
from app.domain.calendar.spans import Span
from app.domain.errors import FieldError
from app.domain.items import Item
from app.domain.policies.rhythms import Rate
from app.domain.policy import StratumRule


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
    plan: Planned, entry: InCalendar | None, *, item: Item, strata: Iterable[StratumRule], year: int | None
) -> tuple[FieldError, ...]:
    """Find where a plan contradicts the calendar of its item and region.

    Args:
        plan: the plan.
        entry: what the calendar says of its period; None: it does not have it.
        item: what is inspected.
        strata: the plan's own strata, else the policy's.
        year: a year of its visits that has an approved calendar; None: neither has, so anything goes.
    """
    if entry is None:
        if year is None:
            return ()
        values = ("period", plan.period), ("item", item.code), ("year", str(year))
        return (FieldError("/period", "not-in-calendar", values),)
    faults = [*_off_days(plan, entry.visits), *_low_rates(strata, entry.rate)]
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


def _low_rates(strata: Iterable[StratumRule], rate: Rate | None) -> Iterator[FieldError]:
    if rate is None:
        return
    for n, stratum in enumerate(strata):
        if Fraction(stratum.rate_p, stratum.rate_q) < Fraction(*rate):
            values = ("name", stratum.name), ("least", f"{rate[0]}/{rate[1]}")
            yield FieldError(f"/strata/{n}/rate", "below-calendar-rate", values)


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
