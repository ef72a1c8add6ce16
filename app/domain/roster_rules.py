"""What shapes the roster 名录库 of a draw besides the facts: scope, strata, policy and days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.domain.authorities import Authority
from app.domain.caps import YearCap
from app.domain.credit_classes import CreditClasses
from app.domain.duties.collisions import CapThere, Decisions
from app.domain.duties.letting_go import LetGo
from app.domain.duties.merging import OtherDuties
from app.domain.duties.owed import DrawDuties
from app.domain.facts import OpenVisit
from app.domain.policy import Policy, StratumRule
from app.domain.tickets import DrawTickets


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which registrations a plan is about; an empty list of levels or stations restricts nothing."""

    region: str
    regimes: tuple[str, ...]
    levels: tuple[int, ...] = ()
    stations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRules:
    """Everything but the facts that shapes a roster.

    Attributes:
        item: code of the inspection item.
        agency: its agency.
        agency_items: codes of all the items of that agency.
        scope: which registrations.
        rules: the strata in matching order.
        policy: the numbers.
        on: the day on which tickets are counted and visits are known.
        visit_from: first day of the draw's visits.
        visit_to: last day of the draw's visits.
        draw_ends: last days of the visits of the item's draws still to come, this one included.
        decisions: which yields where duty and annual cap collide, in the year of the visits.
        decisions_before: which yielded in the year before it.
        caps: annual caps that hold besides the policy's for the agency.
        sure: visits that draws still to be drawn will surely bring, by premises.
        others: the duties of other items, where they may be merged.
        credit: classes of credit risk, where strata ask for them.
    """

    item: str
    agency: str
    scope: Scope
    rules: tuple[StratumRule, ...]
    policy: Policy
    on: date
    visit_from: date
    visit_to: date
    draw_ends: tuple[date, ...]
    decisions: Decisions = field(default_factory=dict)
    decisions_before: Decisions = field(default_factory=dict)
    agency_items: frozenset[str] = frozenset()
    caps: tuple[YearCap, ...] = ()
    sure: Mapping[str, Sequence[OpenVisit]] = field(default_factory=dict)
    others: OtherDuties | None = None
    credit: CreditClasses | None = None

    @property
    def authority(self) -> Authority:
        """The item's agency at the level of government that draws."""
        return Authority.of(self.agency, self.scope.region, self.agency_items)

    def duties(self) -> DrawDuties:
        """Give the duties of the item as this draw meets them."""
        return DrawDuties(
            self.policy,
            item=self.item,
            on=self.on,
            visit_from=self.visit_from,
            visit_to=self.visit_to,
            draw_ends=self.draw_ends,
        )

    def let_go(self, duties: DrawDuties) -> LetGo | None:
        """Give what yielded to the cap of the year before; None where nothing did."""
        if not self.decisions_before:
            return None
        there = CapThere(
            cap=self.policy.annual_cap, decisions=self.decisions_before, authority=self.authority
        )
        return LetGo(duties, (there,), year=self.visit_from.year - 1)

    def tickets(self) -> DrawTickets:
        """Give the tickets of the item as this draw counts them."""
        own = YearCap(region=self.scope.region, authority=self.authority, cap=self.policy.annual_cap)
        return DrawTickets(
            self.policy,
            item=self.item,
            caps=(own, *self.caps),
            on=self.on,
            cap_year=self.visit_from.year,
            sure=self.sure,
        )
