"""Annual caps besides that of the plan's own agency and policy 其他年度上限 (mission/rules.md, «Tickets»).

«Annual cap: visits per entity, agency level and year.» A joint visit 联合抽查 is one by each of its agencies:
the cap of each counts; and a city that plans across its counties keeps to the caps that these published. The
strictest holds. Where the line owes a visit it is decided as any collision of duty and cap.

Reading: a cap counts the visits of an agency at the level of government that draws. A county's visits use up
no city's cap, and the city's none of the county's. A visit of a register that does not say whose level it was
counts at every level: a business is never visited more often than a level published.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from app.domain.authorities import Authority
from app.domain.draw.basics.lines import RosterLine
from app.domain.duties.collisions import Yields, decided, used_up
from app.domain.duties.terms import DutyTerms
from app.domain.facts import OpenVisit, Premises
from app.domain.policy import AnnualCap
from app.domain.regions import covers
from app.domain.roster import Roster
from app.domain.roster_rules import RosterRules
from app.domain.tickets import ANNUAL_CAP


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherCap:
    """A cap that holds besides the plan's own.

    Attributes:
        region: where it holds, as a code or prefix.
        authority: whose visits it counts.
        items: codes of the items of that agency: what an open visit carries says whose it is.
        cap: the rule.
    """

    region: str
    authority: Authority
    items: frozenset[str]
    cap: AnnualCap

    def reached(self, premises: Premises, rules: RosterRules) -> bool:
        """Tell whether a premises has had the visits of the year that the cap allows, open ones included."""
        if self.cap.visits is None or not covers(self.region, premises.region):
            return False
        year = rules.visit_from.year
        policy = replace(rules.policy, annual_cap=self.cap)
        used = used_up(premises, policy=policy, authority=self.authority, year=year, on=rules.on)
        used += sum(
            self._shares(one) and one.visit_to.year == year and one.open_on(rules.on)
            for one in premises.open_visits
        )
        return used >= self.cap.visits

    def _shares(self, visit: OpenVisit) -> bool:
        """Tell whether an open visit is one of the authority's, or carries an item of its agency."""
        authority = self.authority
        return authority.made(visit) or (
            visit.level in {None, authority.level} and not self.items.isdisjoint(visit.items)
        )


class FurtherCaps:
    """Looks at the premises as they pass into a roster, and takes from its lines what further caps forbid.

    Args:
        caps: the further caps.
        rules: of the roster.
    """

    def __init__(self, caps: Sequence[FurtherCap], rules: RosterRules) -> None:
        self._caps = caps
        self._rules = rules
        self._terms = DutyTerms(rules.policy)
        self._reached: dict[str, Yields | None] = {}

    def passing(self, premises: Iterable[Premises]) -> Iterable[Premises]:
        """Give the same premises, each looked at; where there are no further caps, none."""
        return self._looked_at(premises) if self._caps else premises

    def _looked_at(self, premises: Iterable[Premises]) -> Iterator[Premises]:
        for one in premises:
            if (one.visits or one.open_visits) and any(cap.reached(one, self._rules) for cap in self._caps):
                self._reached[one.id] = self._yields(one)
            yield one

    def _yields(self, premises: Premises) -> Yields | None:
        """Say which was decided to give way there; of several decisions the duty's."""
        found = {
            decided(
                self._rules.decisions,
                entity=premises.id,
                duty=self._terms.duty(one.regime, one.level, one.subtype),
            )
            for one in premises.registrations
            if one.regime in self._rules.scope.regimes
        }
        return next((one for one in (Yields.DUTY, Yields.CAP) if one in found), None)

    def applied(self, roster: Roster) -> Roster:
        """Give the roster with no tickets where a further cap is reached, and what nobody has decided."""
        if not self._reached:
            return roster
        lines = tuple(self._capped(line) for line in roster.lines)
        gone = {line.id for line in lines if line.note == ANNUAL_CAP}
        undecided = {
            line.id
            for line in lines
            if line.tickets and line.draws_left and self._reached.get(line.id, Yields.CAP) is None
        }
        return replace(
            roster,
            lines=lines,
            undecided=tuple(sorted(undecided.union(roster.undecided))),
            mergeable={one: merge for one, merge in roster.mergeable.items() if one not in gone},
        )

    def _capped(self, line: RosterLine) -> RosterLine:
        if line.id not in self._reached or not line.tickets:
            return line
        if line.draws_left and self._reached[line.id] != Yields.DUTY:
            return line
        return replace(line, tickets=0, draws_left=0, note=ANNUAL_CAP)
