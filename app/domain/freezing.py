"""From the facts of the registers to the lists that DR1 freezes, and what a preflight says of them.

The same for a draw on a server and for one held from files.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Protocol

from app.domain.credit_classes import credit_classes
from app.domain.draw.basics.lines import Inspector, Recusal, RosterLine
from app.domain.draw.plan import Stratum
from app.domain.duties.collisions import UNDECIDED, Decisions
from app.domain.duties.merging import OtherDuties, mergeable_items
from app.domain.eligibility import Exclusion, Visits
from app.domain.exclusions import Exclusions
from app.domain.facts import DeclaredRecusal, Officer, PlacedVisit, Premises, UnconfirmedRecusal
from app.domain.items import Item
from app.domain.joint import without_regimes
from app.domain.load import visits_taken
from app.domain.policies.staffing import LoadRule
from app.domain.policy import Policy, StratumRule, stratum_rule
from app.domain.preflight import Preflight, preflight
from app.domain.regions import overlap
from app.domain.roster import build_roster
from app.domain.roster_rules import RosterRules, Scope
from app.domain.rotation import visits_at
from app.domain.serving import who_serves
from app.domain.waiting import WaitingDraw, after_waiting, set_aside, waiting_findings


class Asked(Protocol):
    """What a draw plan says of its lists: a draft, or a plan that was approved."""

    @property
    def region(self) -> str:
        """Whose premises."""
        ...

    @property
    def scope(self) -> Mapping[str, Sequence[Any]]:
        """`regimes`, `levels`, `stations`; an empty list restricts nothing."""
        ...

    @property
    def strata(self) -> Sequence[Mapping[str, Any]] | None:
        """Its own strata; None: those of the policy."""
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
    """

    premises: Iterable[Premises]
    officers: Sequence[Officer]
    recusals: Sequence[DeclaredRecusal]
    suspected: Sequence[UnconfirmedRecusal] = ()
    taken: Mapping[str, int] | None = None
    last_visits: Iterable[PlacedVisit] | None = None
    credit_classes: Mapping[str, str] = field(default_factory=dict)
    waiting: Sequence[WaitingDraw] = ()


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
    joint: bool = False,
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
        items: every item in force, where duties of several may be merged into one visit.
        decisions: which yields where a duty and the annual cap collide.
        decisions_before: which yielded in the year before that of the visits.
        joint: of several agencies: qualifications are asked of the places, and nothing more is merged.
    """
    tagged = tuple(tuple(sorted(set(slot))) for slot in slots)
    here = [draw for draw in facts.waiting if overlap(draw.region, asked.region)]
    rules = roster_rules(asked, item=item, policy=policy, on=on, draw_ends=draw_ends)
    rules = replace(
        rules,
        credit=credit_classes(rules.rules, facts.credit_classes, default=policy.default_credit_class),
        decisions=decisions,
        decisions_before=decisions_before,
        others=_others(
            asked,
            # What an item's own draw is about to visit cannot be left to another draw any more.
            (one for one in items if one.code not in {draw.item for draw in here}),
            item=item,
            policy=policy,
            slots=tagged,
            on=on,
        ),
    )
    roster = after_waiting(build_roster(facts.premises, rules), here, item=item.code)
    if joint:
        roster = replace(roster, lines=without_regimes(roster.lines))
    visits = Visits(region=asked.region, starts_on=asked.visit_from, ends_on=asked.visit_to)
    serving = who_serves(
        roster,
        visits=visits,
        slots=tagged,
        policy=policy,
        officers=facts.officers,
        declared=facts.recusals,
        taken=_taken(facts, policy.staffing.load, asked.visit_from),
        last_visits=visits_at(facts.premises) if facts.last_visits is None else facts.last_visits,
    )
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
        preflight=_with_waiting(
            here,
            preflight(
                roster,
                serving.eligible,
                forecasts=serving.forecasts,
                recusals=serving.recusals,
                rotation=serving.exclusions.rotation,
                suspected=facts.suspected,
                there=serving.there,
                policy=policy,
                levels_filtered=bool(rules.scope.levels),
                visit_to=asked.visit_to,
                today=on,
            ),
        ),
    )


def _taken(facts: RegisterFacts, load: LoadRule | None, visit_from: date) -> Mapping[str, int]:
    """The visits that the period of the load has brought each inspector, or may bring before this draw."""
    if load is None:
        return facts.taken or {}
    first, last = load.period_of(visit_from)
    taken = visits_taken(facts.premises, (first, last)) if facts.taken is None else facts.taken
    return set_aside(taken, (draw for draw in facts.waiting if first <= draw.visit_from <= last))


def _with_waiting(here: Sequence[WaitingDraw], found: Preflight) -> Preflight:
    return replace(found, warnings=(*found.warnings, *waiting_findings(here)))


def roster_rules(
    asked: Asked, *, item: Item, policy: Policy, on: date, draw_ends: tuple[date, ...]
) -> RosterRules:
    """Say what shapes the roster of a plan."""
    return RosterRules(
        item=item.code,
        agency=item.agency,
        scope=_scope(asked, item),
        rules=strata_of(asked, item, policy),
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
) -> OtherDuties | None:
    """The duties of other items that this draw's visits could meet; None where nothing is ever merged."""
    others = mergeable_items(items, own=item.code, slots=slots)
    if policy.merging is None or not others:
        return None
    return OtherDuties(
        policy, policy.merging, others, on=on, visit_from=asked.visit_from, visit_to=asked.visit_to
    )


def strata_of(asked: Asked, item: Item, policy: Policy) -> tuple[StratumRule, ...]:
    """Give a plan's own strata, else the policy's for its scope."""
    if asked.strata:
        return tuple(stratum_rule(one) for one in asked.strata)
    return policy_strata(policy, _scope(asked, item), item=item.code)


def _scope(asked: Asked, item: Item) -> Scope:
    return Scope(
        region=asked.region,
        regimes=tuple(asked.scope["regimes"]) or item.regimes,
        levels=tuple(asked.scope["levels"]),
        stations=tuple(asked.scope["stations"]),
    )


def policy_strata(policy: Policy, scope: Scope, *, item: str) -> tuple[StratumRule, ...]:
    """Give the policy's strata for a scope of an item, where a plan names none."""
    return tuple(
        rule
        for rule in policy.strata
        if rule.match.regime in scope.regimes
        and (not rule.items or item in rule.items)
        and (rule.match.level is None or not scope.levels or rule.match.level in scope.levels)
    )


def visits_that_matter(policy: Policy, on: date) -> date:
    """Give the first day whose visits can still influence a draw.

    An annual cap counts the calendar year; no window of a duty that can be overdue began before the last one.
    """
    days = max(policy.relief.days, policy.cooldown.days)
    windows = 1 if policy.duties is not None else 0
    return min(date(on.year - windows, 1, 1), on - timedelta(days=days))
