"""The line of one premises in the roster 名录库 of a draw, or why it has none.

Only operating registrations are in it. «Several registrations of the item at the same premises: strictest
stratum, largest tickets, smallest positive `draws_left`, union of needs» (mission/rules.md, «Roster»); the
strictest is the highest level, then the higher rate, then the first name.
"""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

from app.domain.credit_classes import CreditClasses
from app.domain.draw.basics.lines import RosterLine
from app.domain.duties.collisions import Yields, decided
from app.domain.duties.counting import LastCounted
from app.domain.duties.merging import Merge
from app.domain.duties.owed import Owed, Why
from app.domain.facts import Premises, Registration
from app.domain.policy import StratumRule
from app.domain.premises_line import NOT_OPERATING, OUT_OF_SCOPE, PremisesLine
from app.domain.regions import covers, district_tag
from app.domain.roster_rules import RosterRules
from app.domain.tickets import ANNUAL_CAP, TicketCount, TicketLine

OPERATING: Final = "operating"
MERGED: Final = "merged"

_MOST_CACHED: Final = 4096


class _Share(NamedTuple):
    """What one registration gives to the line of its premises."""

    tickets: TicketCount
    owed: Owed
    undecided: bool


class RosterLines:
    """The lines of a draw: asked for each premises of a province, so what lines share is kept.

    Args:
        rules: what shapes the roster.
    """

    __slots__ = (
        *("_let_go", "_levels", "_regimes", "_rules", "_stations", "_strata", "_tickets"),
        "duties",
    )

    def __init__(self, rules: RosterRules) -> None:
        self.duties = rules.duties()
        self._let_go = rules.let_go(self.duties)
        self._rules = rules
        self._tickets = rules.tickets()
        self._regimes = frozenset(rules.scope.regimes)
        self._levels = frozenset(rules.scope.levels)
        self._stations = frozenset(rules.scope.stations)
        self._strata: dict[tuple[str, int | None, str | None, str | None], StratumRule | None] = {}

    def of(self, premises: Premises) -> PremisesLine:
        """Find the line of one premises.

        Args:
            premises: with all its registrations.
        """
        if not self._covers(premises):
            return OUT_OF_SCOPE
        in_scope = operating = False
        ungraded: tuple[str, ...] = ()
        wanted: list[Registration] = []
        for own in premises.registrations:
            if own.regime not in self._regimes:
                continue
            in_scope = True
            if own.status != OPERATING:
                continue
            operating = True
            one = own if own.level is not None else self._graded(own)
            if one.level is None and self.duties.terms.graded(one.regime):
                ungraded = (*ungraded, one.regime)
            if not self._levels or one.level in self._levels:
                wanted.append(one)
        if not wanted:
            absent = NOT_OPERATING if in_scope and not operating else OUT_OF_SCOPE
            return absent._replace(ungraded=ungraded) if ungraded else absent
        # Nearly every premises has one registration of the item.
        if len(wanted) == 1:
            return self._line_of_one(premises, wanted[0], ungraded)
        return self._line_of_several(premises, wanted, ungraded)

    def of_classed(self, premises: Premises, credit: CreditClasses) -> PremisesLine:
        """Find the line of one premises, where strata ask for its class of credit risk.

        Args:
            premises: with all its registrations.
            credit: who has which class.
        """
        own = credit.of(premises.id)
        if own is not None:
            classed = [replace(one, credit_class=own) for one in premises.registrations]
            return self.of(premises._replace(registrations=tuple(classed)))
        found, scope = self.of(premises), self._rules.scope
        if found.absent in {OUT_OF_SCOPE.absent, NOT_OPERATING.absent}:
            return found
        unclassed = tuple(
            [
                one.regime
                for one in premises.registrations
                if one.regime in scope.regimes and one.status == OPERATING and credit.asked_of(one.regime)
            ]
        )
        unmatched = tuple([regime for regime in found.unmatched if regime not in unclassed])
        return found._replace(unclassed=unclassed, unmatched=unmatched)

    def _line_of_one(
        self, premises: Premises, registration: Registration, ungraded: tuple[str, ...]
    ) -> PremisesLine:
        rule = self._stratum(registration)
        if rule is None:
            unmatched = () if registration.regime in ungraded else (registration.regime,)
            return PremisesLine(line=None, absent="unmatched", unmatched=unmatched, ungraded=ungraded)
        last = self.duties.last(premises.visits) if premises.visits else None
        count, owed, undecided = self._share(premises, registration, last)
        count = self._unless_carried(count, premises)
        return PremisesLine(
            line=RosterLine(
                premises.id,
                rule.name,
                count.tickets,
                owed.draws_left,
                _needs(premises.region, premises.station, (registration.regime,)),
                count.note,
            ),
            counted=count,
            owed=owed,
            ungraded=ungraded,
            not_seen=registration.not_seen,
            undecided=undecided,
            merge=self._merge(premises, count),
        )

    def _line_of_several(
        self, premises: Premises, wanted: Sequence[Registration], ungraded: tuple[str, ...]
    ) -> PremisesLine:
        matches = [(one, self._stratum(one)) for one in wanted]
        matched = [(one, rule) for one, rule in matches if rule is not None]
        unmatched = tuple(
            [one.regime for one, rule in matches if rule is None and one.regime not in ungraded]
        )
        if not matched:
            return PremisesLine(line=None, absent="unmatched", unmatched=unmatched, ungraded=ungraded)
        last = self.duties.last(premises.visits)
        shares = [self._share(premises, one, last) for one, _ in matched]
        most = max((share.tickets for share in shares), key=lambda count: count.tickets)
        count = self._unless_carried(most, premises)
        owing = [share.owed for share in shares if share.owed.draws_left]
        line = RosterLine(
            id=premises.id,
            stratum=min(matched, key=_leniency)[1].name,
            tickets=count.tickets,
            draws_left=min([owed.draws_left for owed in owing], default=0),
            needs=_needs(premises.region, premises.station, tuple([one.regime for one, _ in matched])),
            note=count.note,
        )
        return PremisesLine(
            line=line,
            counted=count,
            owed=_telling(owing or [share.owed for share in shares]),
            unmatched=unmatched,
            ungraded=ungraded,
            not_seen=any(one.not_seen for one, _ in matched),
            undecided=any(share.undecided for share in shares),
            merge=self._merge(premises, count),
        )

    def _share(self, premises: Premises, registration: Registration, last: LastCounted | None) -> _Share:
        open_visits = premises.open_visits
        if premises.id in self._rules.sure:
            open_visits = (*open_visits, *self._rules.sure[premises.id])
        owed = self.duties.owed_since(
            None if last is None else last.on, registration, open_visits=open_visits
        )
        if self._let_go is not None:
            owed = self._let_go.owed(owed, premises, registration)
        count = self._tickets.count(registration, premises, last, owes=owed.draws_left > 0)
        if not (count.note == ANNUAL_CAP and owed.draws_left):
            return _Share(count, owed, False)
        duty = self.duties.terms.duty(registration.regime, registration.level, registration.subtype)
        yields = decided(self._rules.decisions, entity=premises.id, duty=duty)
        if yields == Yields.DUTY:
            return _Share(count, replace(owed, draws_left=0, why=Why.CAP_HOLDS), undecided=False)
        uncapped = self._tickets.count(registration, premises, last, owes=True, capped=False)
        return _Share(uncapped, owed, undecided=yields is None)

    def _unless_carried(self, count: TicketCount, premises: Premises) -> TicketCount:
        """Another item's visit that carries this one makes a visit of its own needless."""
        if count.note is not None or not premises.open_visits:
            return count
        item, on = self._rules.item, self._rules.on
        carried = (item in one.items[1:] and one.open_on(on) for one in premises.open_visits)
        if not any(carried):
            return count
        merging = self._rules.policy.merging
        line = TicketLine(fact=MERGED, tickets=-count.tickets, basis="" if merging is None else merging.basis)
        return TicketCount(tickets=0, note=MERGED, lines=(*count.lines, line))

    def _merge(self, premises: Premises, count: TicketCount) -> Merge | None:
        others = self._rules.others
        return others.due(premises) if others is not None and count.tickets else None

    def _graded(self, registration: Registration) -> Registration:
        """The registration with the level that it is treated as having."""
        level = self.duties.terms.level(registration.regime, None)
        return registration if level is None else replace(registration, level=level)

    def _stratum(self, registration: Registration) -> StratumRule | None:
        key = registration.regime, registration.level, registration.subtype, registration.credit_class
        try:
            return self._strata[key]
        except KeyError:
            self._strata[key] = found = match_stratum(registration, self._rules.rules)
            return found

    def _covers(self, premises: Premises) -> bool:
        in_station = not self._stations or premises.station in self._stations
        return in_station and covers(self._rules.scope.region, premises.region)


def premises_line(premises: Premises, rules: RosterRules) -> PremisesLine:
    """Find the line of one premises; `RosterLines` does it for many.

    Args:
        premises: with all its registrations.
        rules: what shapes the roster.
    """
    lines = RosterLines(rules)
    return lines.of(premises) if rules.credit is None else lines.of_classed(premises, rules.credit)


def match_stratum(registration: Registration, rules: Sequence[StratumRule]) -> StratumRule | None:
    """Give the first stratum, in declared order, that a registration fits."""
    for rule in rules:
        if rule.match.fits(
            regime=registration.regime,
            level=registration.level,
            subtype=registration.subtype,
            credit_class=registration.credit_class,
        ):
            return rule
    return None


def _telling(owed: Sequence[Owed]) -> Owed:
    """Of what several registrations owe the most urgent, else what says something of a duty at all."""
    return min(owed, key=lambda one: (one.draws_left, one.why == Why.NO_DUTY))


def _leniency(pair: tuple[Registration, StratumRule]) -> tuple[int, Fraction, str]:
    registration, rule = pair
    return -(registration.level or 0), -Fraction(rule.rate_p, rule.rate_q), rule.name


@lru_cache(maxsize=_MOST_CACHED)
def _needs(region: str, station: str | None, regimes: tuple[str, ...]) -> tuple[str, ...]:
    """The tags that a team needs: a county has few of them, so a million lines share them."""
    return tuple(sorted({district_tag(region=region, station=station), *(f"regime:{r}" for r in regimes)}))
