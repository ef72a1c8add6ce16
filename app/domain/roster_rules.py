"""What shapes the roster 名录库 of a draw besides the facts: scope, strata, policy and days."""

from dataclasses import dataclass, field
from datetime import date

from app.domain.authorities import Authority
from app.domain.credit_classes import CreditClasses
from app.domain.duties.collisions import Decisions
from app.domain.duties.letting_go import LetGo
from app.domain.duties.merging import OtherDuties
from app.domain.duties.owed import DrawDuties
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
        scope: which registrations.
        rules: the strata in matching order.
        policy: the numbers.
        on: the day on which tickets are counted and visits are known.
        visit_from: first day of the draw's visits.
        visit_to: last day of the draw's visits.
        draw_ends: last days of the visits of the item's draws still to come, this one included.
        decisions: which yields where duty and annual cap collide, in the year of the visits.
        decisions_before: which yielded in the year before it.
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
    others: OtherDuties | None = None
    credit: CreditClasses | None = None

    @property
    def authority(self) -> Authority:
        """The item's agency at the level of government that draws."""
        return Authority.of(self.agency, self.scope.region)

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
        return LetGo(
            duties,
            self.policy,
            decisions=self.decisions_before,
            authority=self.authority,
            year=self.visit_from.year - 1,
        )

    def tickets(self) -> DrawTickets:
        """Give the tickets of the item as this draw counts them."""
        return DrawTickets(
            self.policy, item=self.item, authority=self.authority, on=self.on, cap_year=self.visit_from.year
        )
