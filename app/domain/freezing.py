"""From the facts of the registers to the lists that DR1 freezes, and what a preflight says of them.

The same for a draw on a server and for one held from files.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from app.domain.draw.lines import Inspector, Recusal, RosterLine
from app.domain.draw.plan import Stratum
from app.domain.eligibility import REGIME, Exclusion, Visits, eligible_inspectors, recusals_in_force
from app.domain.facts import DeclaredRecusal, Officer, Premises
from app.domain.items import Item
from app.domain.policy import Policy, StratumRule, stratum_rule
from app.domain.preflight import Preflight, preflight
from app.domain.roster import RosterRules, Scope, build_roster


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
    """Everything that the registers say and that can influence a draw."""

    premises: Sequence[Premises]
    officers: Sequence[Officer]
    recusals: Sequence[DeclaredRecusal]


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeInput:
    """Everything that DR1 freezes, in the order in which its lists stand, and how it was come by.

    Attributes:
        roster: one line for each premises.
        inspectors: who may serve.
        recusals: between those inspectors and those premises.
        strata: exactly those that have lines, sorted by name.
        slots: sorted tags of each place in a team.
        policy: digest of the policy document in the plan's algorithm.
        excluded: officers who were left out, and why.
        preflight: sizes, errors and warnings.
    """

    roster: tuple[RosterLine, ...]
    inspectors: tuple[Inspector, ...]
    recusals: tuple[Recusal, ...]
    strata: tuple[Stratum, ...]
    slots: tuple[tuple[str, ...], ...]
    policy: str
    excluded: tuple[Exclusion, ...]
    preflight: Preflight


def freeze_input(
    asked: Asked,
    facts: RegisterFacts,
    *,
    slots: Sequence[Sequence[str]],
    item: Item,
    policy: Policy,
    policy_digest: str,
    on: date,
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
    """
    tagged = tuple(tuple(sorted(set(slot))) for slot in slots)
    rules = roster_rules(asked, item=item, policy=policy, on=on)
    roster = build_roster(facts.premises, rules)
    visits = Visits(region=asked.region, starts_on=asked.visit_from, ends_on=asked.visit_to)
    tags = {tag for group in {line.needs for line in roster.lines} | set(tagged) for tag in group}
    eligible = eligible_inspectors(
        facts.officers,
        visits=visits,
        slots=tagged,
        regimes={tag.removeprefix(REGIME) for tag in tags if tag.startswith(REGIME)},
        places=roster.places,
    )
    recusals = recusals_in_force(
        facts.recusals,
        visits=visits,
        policy=policy,
        inspectors={inspector.id for inspector in eligible.inspectors},
        entities={line.id for line in roster.lines},
    )
    return FreezeInput(
        roster=roster.lines,
        inspectors=eligible.inspectors,
        recusals=recusals,
        strata=roster.strata,
        slots=tagged,
        policy=policy_digest,
        excluded=eligible.excluded,
        preflight=preflight(
            roster,
            eligible,
            recusals=recusals,
            slots=tagged,
            policy=policy,
            levels_filtered=bool(rules.scope.levels),
            visit_to=asked.visit_to,
            today=on,
        ),
    )


def roster_rules(asked: Asked, *, item: Item, policy: Policy, on: date) -> RosterRules:
    """Say what shapes the roster of a plan."""
    scope = Scope(
        region=asked.region,
        regimes=tuple(asked.scope["regimes"]) or item.regimes,
        levels=tuple(asked.scope["levels"]),
        stations=tuple(asked.scope["stations"]),
    )
    own = asked.strata
    return RosterRules(
        item=item.code,
        agency=item.agency,
        scope=scope,
        rules=policy_strata(policy, scope) if not own else tuple(stratum_rule(one) for one in own),
        policy=policy,
        on=on,
    )


def policy_strata(policy: Policy, scope: Scope) -> tuple[StratumRule, ...]:
    """Give the policy's strata for a scope, where a plan names none."""
    return tuple(
        rule
        for rule in policy.strata
        if rule.match.regime in scope.regimes
        and (rule.match.level is None or not scope.levels or rule.match.level in scope.levels)
    )


def visits_that_matter(policy: Policy, on: date) -> date:
    """Give the first day whose visits can still influence tickets: an annual cap counts the calendar year."""
    days = max(policy.relief.days, policy.cooldown.days)
    return min(date(on.year, 1, 1), on - timedelta(days=days))
