"""From the facts of the registers to the lists that DR1 freezes, and what a preflight says of them.

The same for a draw on a server and for one held from files.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from app.domain.asking import Asked
from app.domain.authorities import Authority
from app.domain.caps import YearCap
from app.domain.credit_classes import credit_classes
from app.domain.days import add_months
from app.domain.draw.basics.lines import Inspector, Recusal, RosterLine
from app.domain.draw.plan import Stratum
from app.domain.duties.collisions import UNDECIDED, CapThere, Decisions
from app.domain.duties.merging import OtherDuties, mergeable_items
from app.domain.eligibility import Exclusion, Visits
from app.domain.exclusions import Exclusions
from app.domain.facts import DeclaredRecusal, Officer, PlacedVisit, Premises, UnconfirmedRecusal
from app.domain.findings import Finding
from app.domain.items import Item
from app.domain.joint import without_regimes
from app.domain.load import visits_taken
from app.domain.policies.rhythms import Rate
from app.domain.policies.staffing import LoadRule
from app.domain.policy import Policy
from app.domain.preflight import Preflight, preflight
from app.domain.regions import overlap
from app.domain.roster import Roster, build_roster
from app.domain.roster_rules import RosterRules
from app.domain.rotation import visits_at
from app.domain.serving import Serving, who_serves
from app.domain.still_open import UnfinishedDraw, still_open_findings
from app.domain.strata import scope_of, strata_of
from app.domain.waiting import WaitingDraw, after_waiting, set_aside, sure_visits, waiting_findings

NONE_DECIDED: Final[Mapping[str, Decisions]] = MappingProxyType({})
"""Of no item anything was decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFacts:
    """Everything that the registers say and that can influence a draw.

    Attributes:
        premises: with their registrations, risk events and visits; read once where `last_visits` are given.
        officers: with their absences, qualifications and assignments.
        recusals: declared grounds.
        suspected: grounds for recusal that nobody has decided on.
        taken: drawn visits that the period of the policy's load has brought each inspector already, by code;
            None: as the visits of the premises say.
        last_visits: at least each agency's latest at each premises; None: the visits of the premises.
        credit_classes: classes of credit risk that hold, by DR1 entity id, where strata ask for them.
        waiting: draws that were committed before and wait for their random values.
        unfinished: draws that have theirs, and visits that are not finished.
    """

    premises: Iterable[Premises]
    officers: Sequence[Officer]
    recusals: Sequence[DeclaredRecusal]
    suspected: Sequence[UnconfirmedRecusal] = ()
    taken: Mapping[str, int] | None = None
    last_visits: Iterable[PlacedVisit] | None = None
    credit_classes: Mapping[str, str] = field(default_factory=dict)
    waiting: Sequence[WaitingDraw] = ()
    unfinished: Sequence[UnfinishedDraw] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeInput:
    """Everything that DR1 freezes, in the order in which its lists stand, and how it was come by.

    Attributes:
        roster: one line for each premises.
        inspectors: who may serve.
        recusals: between those inspectors and those premises, rotation 轮换 included.
        strata: exactly those that have lines, sorted by name.
        slots: sorted tags of each place in a team.
        policy: digest of the policy document in the plan's algorithm.
        merged: codes of the items that the visit of a premises carries besides its own, by DR1 entity id.
        exclusions: who was left out, takes less, or is kept away from where, and why.
        preflight: sizes, errors and warnings.
    """

    roster: tuple[RosterLine, ...]
    inspectors: tuple[Inspector, ...]
    recusals: tuple[Recusal, ...]
    strata: tuple[Stratum, ...]
    slots: tuple[tuple[str, ...], ...]
    policy: str
    merged: Mapping[str, tuple[str, ...]]
    exclusions: Exclusions
    preflight: Preflight

    @property
    def excluded(self) -> tuple[Exclusion, ...]:
        """Officers who were left out, and why."""
        return self.exclusions.officers


def freeze_input(
    asked: Asked,
    facts: RegisterFacts,
    *,
    slots: Sequence[Sequence[str]],
    item: Item,
    policy: Policy,
    policy_digest: str,
    on: date,
    draw_ends: tuple[date, ...],
    items: Iterable[Item] = (),
    decisions: Decisions = UNDECIDED,
    decisions_before: Decisions = UNDECIDED,
    decided: Mapping[str, Decisions] = NONE_DECIDED,
    joint: bool = False,
    rate: Rate | None = None,
    caps: Sequence[YearCap] = (),
) -> FreezeInput:
    """Build roster, inspectors and recusals, and look ahead.

    Args:
        asked: what the plan asks for.
        facts: what the registers say.
        slots: tags of each place in a team; none: a single-random draw.
        item: what is inspected.
        policy: the numbers.
        policy_digest: that of the policy's document in the plan's algorithm.
        on: the day on which tickets are counted.
        draw_ends: last days of the visits of the item's draws still to come, this one included.
        items: every item in force: whose visits are whose, and what may be merged into one visit.
        decisions: which yields where a duty and the annual cap collide.
        decisions_before: which yielded in the year before that of the visits.
        decided: the same of the other items' duties, by item.
        joint: of several agencies: qualifications are asked of the places, and nothing more is merged.
        rate: what the calendar wants at least of strata that are the policy's.
        caps: annual caps besides the policy's for the item's agency.
    """
    tagged = tuple(tuple(sorted(set(slot))) for slot in slots)
    here = [draw for draw in facts.waiting if overlap(draw.region, asked.region)]
    rules = roster_rules(asked, item=item, policy=policy, on=on, draw_ends=draw_ends, rate=rate)
    known = {one.code: one for one in items}
    rules = replace(
        rules,
        agency_items=frozenset(one.code for one in known.values() if one.agency == item.agency),
        caps=tuple(caps),
        sure=sure_visits(here, {code: one.agency for code, one in known.items()}),
        credit=credit_classes(rules.rules, facts.credit_classes, default=policy.default_credit_class),
        decisions=decisions,
        decisions_before=decisions_before,
        others=_others(
            asked,
            # What an item's own draw is about to visit cannot be left to another draw any more.
            () if joint else (one for one in known.values() if one.code not in {draw.item for draw in here}),
            item=item,
            policy=policy,
            slots=tagged,
            on=on,
            decided=decided,
        ),
    )
    roster = after_waiting(build_roster(facts.premises, rules), here, item=item.code)
    if joint:
        roster = replace(roster, lines=without_regimes(roster.lines))
    serving = _serving(roster, facts, rules, slots=tagged)
    roster = serving.roster
    return FreezeInput(
        roster=roster.lines,
        inspectors=serving.eligible.inspectors,
        recusals=serving.recusals,
        strata=roster.strata,
        slots=tagged,
        policy=policy_digest,
        merged={entity: merge.items for entity, merge in serving.merges.items()},
        exclusions=serving.exclusions,
        preflight=_also_warned(
            _preflight(serving, facts, rules),
            (*waiting_findings(here), *still_open_findings(facts.unfinished, rules)),
        ),
    )


def _serving(
    roster: Roster, facts: RegisterFacts, rules: RosterRules, *, slots: Sequence[tuple[str, ...]]
) -> Serving:
    """Who serves in the draw of a roster."""
    return who_serves(
        roster,
        visits=Visits(region=rules.scope.region, starts_on=rules.visit_from, ends_on=rules.visit_to),
        slots=slots,
        policy=rules.policy,
        officers=facts.officers,
        declared=facts.recusals,
        taken=_taken(facts, rules.policy.staffing.load, rules.visit_from),
        last_visits=visits_at(facts.premises) if facts.last_visits is None else facts.last_visits,
    )


def _taken(facts: RegisterFacts, load: LoadRule | None, visit_from: date) -> Mapping[str, int]:
    """The visits that the period of the load has brought each inspector, or may bring before this draw."""
    if load is None:
        return facts.taken or {}
    first, last = load.period_of(visit_from)
    taken = visits_taken(facts.premises, (first, last)) if facts.taken is None else facts.taken
    return set_aside(taken, (draw for draw in facts.waiting if first <= draw.visit_from <= last))


def _preflight(serving: Serving, facts: RegisterFacts, rules: RosterRules) -> Preflight:
    return preflight(
        serving.roster,
        serving.eligible,
        forecasts=serving.forecasts,
        recusals=serving.recusals,
        rotation=serving.exclusions.rotation,
        suspected=facts.suspected,
        there=serving.there,
        policy=rules.policy,
        levels_filtered=bool(rules.scope.levels),
        visit_to=rules.visit_to,
        today=rules.on,
    )


def _also_warned(found: Preflight, findings: Iterable[Finding]) -> Preflight:
    return replace(found, warnings=(*found.warnings, *findings))


def roster_rules(
    asked: Asked,
    *,
    item: Item,
    policy: Policy,
    on: date,
    draw_ends: tuple[date, ...],
    rate: Rate | None = None,
) -> RosterRules:
    """Say what shapes the roster of a plan."""
    return RosterRules(
        item=item.code,
        agency=item.agency,
        scope=scope_of(asked, item),
        rules=strata_of(asked, item, policy, rate=rate),
        policy=policy,
        on=on,
        visit_from=asked.visit_from,
        visit_to=asked.visit_to,
        draw_ends=draw_ends,
    )


def _others(
    asked: Asked,
    items: Iterable[Item],
    *,
    item: Item,
    policy: Policy,
    slots: Sequence[tuple[str, ...]],
    on: date,
    decided: Mapping[str, Decisions],
) -> OtherDuties | None:
    """The duties of other items that this draw's visits could meet; None where nothing is ever merged."""
    others = mergeable_items(items, own=item.code, slots=slots)
    if policy.merging is None or not others:
        return None
    there = {
        one.code: CapThere(
            cap=policy.annual_cap,
            decisions=decided[one.code],
            authority=Authority.of(one.agency, asked.region),
        )
        for one in others
        if one.code in decided
    }
    return OtherDuties(
        policy,
        policy.merging,
        others,
        on=on,
        visit_from=asked.visit_from,
        visit_to=asked.visit_to,
        decided=there,
    )


def visits_that_matter(policy: Policy, on: date) -> date:
    """Give the first day whose visits can still influence a draw.

    An annual cap counts the calendar year; no calendar window that can be overdue began before the last one;
    a rolling one falls due some months after the last visit, and that many later another time.
    """
    days = max(policy.relief.days, policy.cooldown.days)
    windows = 1 if policy.duties is not None else 0
    first = date(on.year - windows, 1, 1)
    rolled = (add_months(on, -2 * months) for months in _rolling_months(policy, since=first))
    return min(first, on - timedelta(days=days), *rolled)


def _rolling_months(policy: Policy, *, since: date) -> Iterator[int]:
    """Give «per n months» of the windows that rolled on a day or later, by this policy or those before it."""
    if policy.duties is not None and policy.duties.rolling:
        yield from (duty.months for duty in policy.frequency)
    if policy.before is not None and policy.since > since:
        yield from _rolling_months(policy.before, since=since)
