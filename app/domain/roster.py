"""The roster 名录库 of a draw: facts of the registers become DR1 lines, one for each premises.

Only operating registrations are in it. Where a premises has several registrations of the item, its line takes
the strictest stratum (highest level, then higher rate, then first name), the most tickets and all needs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from app.domain.draw.lines import RosterLine
from app.domain.draw.plan import Stratum
from app.domain.facts import Premises, Registration
from app.domain.policy import Policy, StratumRule
from app.domain.regions import covers, district_tag
from app.domain.tickets import TicketCount, count_tickets

OPERATING: Final = "operating"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which registrations a plan is about; an empty list of levels or stations restricts nothing."""

    region: str
    regimes: tuple[str, ...]
    levels: tuple[int, ...] = ()
    stations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRules:
    """Everything but the facts that shapes a roster; `rules` are the strata in matching order."""

    item: str
    agency: str
    scope: Scope
    rules: tuple[StratumRule, ...]
    policy: Policy
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PremisesLine:
    """What one premises becomes: its line with the explanation of its tickets, or why it has none.

    Attributes:
        line: the DR1 line; None when `absent` says why there is none.
        count: the tickets of the registration that has the most of them.
        absent: `status`, `scope` or `unmatched`.
        unmatched: regimes of registrations that fit no stratum.
        ungraded: regimes of registrations that need a level and have none.
        not_seen: whether the last full import left out a registration of the line.
    """

    line: RosterLine | None
    count: TicketCount | None = None
    absent: str | None = None
    unmatched: tuple[str, ...] = ()
    ungraded: tuple[str, ...] = ()
    not_seen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """The lines of a draw and what stood in their way.

    Attributes:
        lines: in byte order of their ids.
        strata: those that have lines, sorted by name, as the DR1 plan states them.
        empty_strata: names of strata that ended up without lines; a DR1 plan cannot have them.
        unmatched: ids of premises with a registration that fits no stratum.
        ungraded: ids of premises with a registration that needs a level and has none.
        not_seen: ids of premises that the last full import left out; they stay in.
        places: (region, station) of the lines, each once.
    """

    lines: tuple[RosterLine, ...]
    strata: tuple[Stratum, ...]
    empty_strata: tuple[str, ...]
    unmatched: tuple[str, ...]
    ungraded: tuple[str, ...]
    not_seen: tuple[str, ...]
    places: frozenset[tuple[str, str | None]]


def build_roster(premises: Iterable[Premises], rules: RosterRules) -> Roster:
    """Build the roster; the order of the premises does not matter.

    Args:
        premises: each once, with all its registrations.
        rules: the item, the plan's scope and strata, the policy and the day.
    """
    lines: list[RosterLine] = []
    unmatched, ungraded, not_seen = [], [], []
    places: set[tuple[str, str | None]] = set()
    for one in sorted(premises, key=lambda one: one.id):
        found = premises_line(one, rules)
        if found.unmatched:
            unmatched.append(one.id)
        if found.ungraded:
            ungraded.append(one.id)
        if found.line is not None:
            lines.append(found.line)
            places.add((one.region, one.station))
            if found.not_seen:
                not_seen.append(one.id)
    strata, empty = _strata_with_lines(lines, rules.rules)
    return Roster(
        lines=tuple(lines),
        strata=strata,
        empty_strata=empty,
        unmatched=tuple(unmatched),
        ungraded=tuple(ungraded),
        not_seen=tuple(not_seen),
        places=frozenset(places),
    )


def premises_line(premises: Premises, rules: RosterRules) -> PremisesLine:
    """Find the line of one premises."""
    in_scope = [r for r in premises.registrations if r.regime in rules.scope.regimes]
    if not in_scope or not _place_in_scope(premises, rules.scope):
        return PremisesLine(line=None, absent="scope")
    operating = [r for r in in_scope if r.status == OPERATING]
    if not operating:
        return PremisesLine(line=None, absent="status")
    ungraded = tuple(r.regime for r in operating if r.level is None and rules.policy.is_graded(r.regime))
    levels = rules.scope.levels
    wanted = [r for r in operating if not levels or r.level in levels]
    if not wanted:
        return PremisesLine(line=None, absent="scope", ungraded=ungraded)
    matches = [(r, match_stratum(r, rules.rules)) for r in wanted]
    matched = [(r, rule) for r, rule in matches if rule is not None]
    unmatched = tuple(r.regime for r, rule in matches if rule is None and r.regime not in ungraded)
    if not matched:
        return PremisesLine(line=None, absent="unmatched", unmatched=unmatched, ungraded=ungraded)
    registrations = [registration for registration, _ in matched]
    count = max((_count(premises, r, rules) for r in registrations), key=lambda count: count.tickets)
    line = RosterLine(
        id=premises.id,
        stratum=min(matched, key=_leniency)[1].name,
        tickets=count.tickets,
        # Until duties are kept, nothing is owed.
        draws_left=0,
        needs=_needs(premises, registrations),
        note=count.note,
    )
    return PremisesLine(
        line=line,
        count=count,
        unmatched=unmatched,
        ungraded=ungraded,
        not_seen=any(r.not_seen for r in registrations),
    )


def match_stratum(registration: Registration, rules: Sequence[StratumRule]) -> StratumRule | None:
    """Give the first stratum, in declared order, that a registration fits."""
    for rule in rules:
        if rule.match.fits(
            regime=registration.regime, level=registration.level, subtype=registration.subtype
        ):
            return rule
    return None


def _place_in_scope(premises: Premises, scope: Scope) -> bool:
    in_station = not scope.stations or premises.station in scope.stations
    return in_station and covers(scope.region, premises.region)


def _leniency(pair: tuple[Registration, StratumRule]) -> tuple[int, Fraction, str]:
    registration, rule = pair
    return -(registration.level or 0), -Fraction(rule.rate_p, rule.rate_q), rule.name


def _count(premises: Premises, registration: Registration, rules: RosterRules) -> TicketCount:
    return count_tickets(
        registration,
        key_area=premises.key_area,
        events=premises.events,
        visits=premises.visits,
        policy=rules.policy,
        item=rules.item,
        agency=rules.agency,
        on=rules.on,
    )


def _needs(premises: Premises, registrations: Iterable[Registration]) -> tuple[str, ...]:
    regimes = {f"regime:{registration.regime}" for registration in registrations}
    return tuple(sorted({district_tag(region=premises.region, station=premises.station)} | regimes))


def _strata_with_lines(
    lines: Iterable[RosterLine], rules: Iterable[StratumRule]
) -> tuple[tuple[Stratum, ...], tuple[str, ...]]:
    sizes: dict[str, int] = {}
    for line in lines:
        sizes[line.stratum] = sizes.get(line.stratum, 0) + 1
    by_name = {rule.name: rule for rule in rules}
    strata = tuple(_stratum(by_name[name], size) for name, size in sorted(sizes.items()))
    return strata, tuple(sorted(by_name.keys() - sizes.keys()))


def _stratum(rule: StratumRule, size: int) -> Stratum:
    by_size = -(-size // rule.surprise_per) if rule.surprise_per else 0
    return Stratum(
        name=rule.name,
        rate_p=rule.rate_p,
        rate_q=rule.rate_q,
        minimum=rule.minimum,
        surprise=rule.surprise + by_size,
    )
