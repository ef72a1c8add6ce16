"""The roster 名录库 of a draw: facts of the registers become DR1 lines, one for each premises.

Only operating registrations are in it. «Several registrations of the item at the same premises: strictest
stratum, largest tickets, smallest positive `draws_left`, union of needs» (mission/rules.md, «Roster»); the
strictest is the highest level, then the higher rate, then the first name.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Final

from app.domain.draw.basics.lines import RosterLine
from app.domain.draw.plan import Stratum
from app.domain.duties.collisions import Decisions, Yields, decided
from app.domain.duties.merging import Merge, OtherDuties
from app.domain.duties.owed import DrawDuties, Owed, Why
from app.domain.duties.windows import Window
from app.domain.facts import Premises, Registration
from app.domain.policy import Policy, StratumRule
from app.domain.regions import covers, district_tag
from app.domain.tickets import ANNUAL_CAP, TicketCount, TicketLine, count_tickets

OPERATING: Final = "operating"
MERGED: Final = "merged"

_MOST_CACHED: Final = 4096


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
        decisions: which yields where duty and annual cap collide.
        others: the duties of other items, where they may be merged.
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
    others: OtherDuties | None = None

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


@dataclass(frozen=True, slots=True, kw_only=True)
class PremisesLine:
    """What one premises becomes: its line with the explanation of its tickets, or why it has none.

    Attributes:
        line: the DR1 line; None when `absent` says why there is none.
        count: the tickets of the registration that has the most of them.
        owed: the duty that decides `draws_left`, and why.
        absent: `status`, `scope` or `unmatched`.
        unmatched: regimes of registrations that fit no stratum.
        ungraded: regimes of registrations that need a level and have none.
        not_seen: whether the last full import left out a registration of the line.
        undecided: whether duty and annual cap collide here and nobody has decided which yields.
        merge: the duties of other items that its visit could meet.
    """

    line: RosterLine | None
    count: TicketCount | None = None
    owed: Owed | None = None
    absent: str | None = None
    unmatched: tuple[str, ...] = ()
    ungraded: tuple[str, ...] = ()
    not_seen: bool = False
    undecided: bool = False
    merge: Merge | None = None


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
        undecided: ids of premises where duty and annual cap collide and nobody has decided which yields.
        mergeable: the duties of other items that a visit could meet, by id of the premises.
        straddled: windows that the draw's visits leave for the next one.
    """

    lines: tuple[RosterLine, ...]
    strata: tuple[Stratum, ...]
    empty_strata: tuple[str, ...]
    unmatched: tuple[str, ...]
    ungraded: tuple[str, ...]
    not_seen: tuple[str, ...]
    places: frozenset[tuple[str, str | None]]
    undecided: tuple[str, ...] = ()
    mergeable: dict[str, Merge] = field(default_factory=dict)
    straddled: tuple[Window, ...] = ()


def build_roster(premises: Iterable[Premises], rules: RosterRules) -> Roster:
    """Build the roster; the order of the premises does not matter, and none is kept.

    Args:
        premises: each once, with all its registrations.
        rules: the item, the plan's scope and strata, the policy and the days.
    """
    lines: list[RosterLine] = []
    marked: dict[str, list[str]] = {"unmatched": [], "ungraded": [], "not_seen": [], "undecided": []}
    places: set[tuple[str, str | None]] = set()
    mergeable: dict[str, Merge] = {}
    duties = rules.duties()
    for one in premises:
        found = premises_line(one, rules, duties)
        if found.unmatched:
            marked["unmatched"].append(one.id)
        if found.ungraded:
            marked["ungraded"].append(one.id)
        if found.line is None:
            continue
        lines.append(found.line)
        places.add((one.region, one.station))
        if found.not_seen:
            marked["not_seen"].append(one.id)
        if found.undecided:
            marked["undecided"].append(one.id)
        if found.merge is not None:
            mergeable[one.id] = found.merge
    lines.sort(key=lambda line: line.id)
    strata, empty = _strata_with_lines(lines, rules.rules)
    return Roster(
        lines=tuple(lines),
        strata=strata,
        empty_strata=empty,
        **{name: tuple(sorted(ids)) for name, ids in marked.items()},
        places=frozenset(places),
        mergeable=dict(sorted(mergeable.items())),
        straddled=duties.straddled(),
    )


def premises_line(premises: Premises, rules: RosterRules, duties: DrawDuties | None = None) -> PremisesLine:
    """Find the line of one premises.

    Args:
        premises: with all its registrations.
        rules: what shapes the roster.
        duties: those of `rules`, where they are asked for many premises.
    """
    duties = duties or rules.duties()
    scope, terms = rules.scope, duties.terms
    in_scope = [r for r in premises.registrations if r.regime in scope.regimes]
    if not in_scope or not _place_in_scope(premises, scope):
        return PremisesLine(line=None, absent="scope")
    operating = [_graded(r, duties) for r in in_scope if r.status == OPERATING]
    if not operating:
        return PremisesLine(line=None, absent="status")
    ungraded = tuple([r.regime for r in operating if r.level is None and terms.graded(r.regime)])
    wanted = [r for r in operating if r.level in scope.levels] if scope.levels else operating
    if not wanted:
        return PremisesLine(line=None, absent="scope", ungraded=ungraded)
    matches = [(r, match_stratum(r, rules.rules)) for r in wanted]
    matched = [(r, rule) for r, rule in matches if rule is not None]
    unmatched = tuple([r.regime for r, rule in matches if rule is None and r.regime not in ungraded])
    if not matched:
        return PremisesLine(line=None, absent="unmatched", unmatched=unmatched, ungraded=ungraded)
    shares = [_share(premises, registration, rules, duties) for registration, _ in matched]
    # Nearly every premises has one registration of the item, and a province has a million of them.
    alone = len(shares) == 1
    count = shares[0].count if alone else max((s.count for s in shares), key=lambda count: count.tickets)
    if premises.open_visits and any(rules.item in one.items[1:] for one in premises.open_visits):
        count = _merged_away(count, rules.policy)
    owing = [share.owed for share in shares if share.owed.draws_left]
    line = RosterLine(
        id=premises.id,
        stratum=matched[0][1].name if alone else min(matched, key=_leniency)[1].name,
        tickets=count.tickets,
        draws_left=min([owed.draws_left for owed in owing], default=0),
        needs=_needs(premises.region, premises.station, tuple([r.regime for r, _ in matched])),
        note=count.note,
    )
    return PremisesLine(
        line=line,
        count=count,
        owed=shares[0].owed if alone else _telling(owing or [share.owed for share in shares]),
        unmatched=unmatched,
        ungraded=ungraded,
        not_seen=any(registration.not_seen for registration, _ in matched),
        undecided=any(share.undecided for share in shares),
        merge=rules.others.due(premises) if rules.others is not None and count.tickets else None,
    )


@dataclass(frozen=True, slots=True)
class _Share:
    """What one registration gives to the line of its premises."""

    count: TicketCount
    owed: Owed
    undecided: bool = False


def _share(premises: Premises, registration: Registration, rules: RosterRules, duties: DrawDuties) -> _Share:
    owed = duties.owed(registration, visits=premises.visits, open_visits=premises.open_visits)
    count = _count(premises, registration, rules, owes=owed.draws_left > 0, capped=True)
    if not (count.note == ANNUAL_CAP and owed.draws_left):
        return _Share(count, owed)
    duty = duties.terms.duty(registration.regime, registration.level, registration.subtype)
    yields = decided(rules.decisions, entity=premises.id, duty=duty)
    if yields == Yields.DUTY:
        return _Share(count, replace(owed, draws_left=0, why=Why.CAP_HOLDS))
    uncapped = _count(premises, registration, rules, owes=True, capped=False)
    return _Share(uncapped, owed, undecided=yields is None)


def _merged_away(count: TicketCount, policy: Policy) -> TicketCount:
    """A visit that another item's draw opened carries this item: drawing it again would be a second visit."""
    if count.note is not None:
        return count
    basis = "" if policy.merging is None else policy.merging.basis
    line = TicketLine(fact=MERGED, tickets=-count.tickets, basis=basis)
    return TicketCount(tickets=0, note=MERGED, lines=(*count.lines, line))


def _telling(owed: Sequence[Owed]) -> Owed:
    """Of what several registrations owe the most urgent, else what says something of a duty at all."""
    return min(owed, key=lambda one: (one.draws_left, one.why == Why.NO_DUTY))


def _graded(registration: Registration, duties: DrawDuties) -> Registration:
    """The registration with the level that it is treated as having."""
    if registration.level is not None:
        return registration
    level = duties.terms.level(registration.regime, None)
    return registration if level is None else replace(registration, level=level)


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


def _count(
    premises: Premises, registration: Registration, rules: RosterRules, *, owes: bool, capped: bool
) -> TicketCount:
    return count_tickets(
        registration,
        key_area=premises.key_area,
        events=premises.events,
        visits=premises.visits,
        policy=rules.policy,
        item=rules.item,
        agency=rules.agency,
        on=rules.on,
        owes=owes,
        cap_year=rules.visit_from.year,
        capped=capped,
    )


@lru_cache(maxsize=_MOST_CACHED)
def _needs(region: str, station: str | None, regimes: tuple[str, ...]) -> tuple[str, ...]:
    """The tags that a team needs: a county has few of them, so a million lines share them."""
    return tuple(sorted({district_tag(region=region, station=station), *(f"regime:{r}" for r in regimes)}))


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
