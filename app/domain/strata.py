"""The strata 分层 of a draw: a plan's own, else the policy's for what the plan is about."""

from dataclasses import replace
from fractions import Fraction

from app.domain.asking import Asked
from app.domain.items import Item
from app.domain.policies.rhythms import Rate
from app.domain.policy import Policy, StratumRule, stratum_rule
from app.domain.roster_rules import Scope


def strata_of(
    asked: Asked, item: Item, policy: Policy, *, rate: Rate | None = None
) -> tuple[StratumRule, ...]:
    """Give a plan's own strata, else the policy's for its scope.

    Args:
        asked: the plan.
        item: what is inspected.
        policy: the numbers.
        rate: what the calendar wants of the policy's strata at least.
    """
    if asked.strata:
        return tuple(stratum_rule(one) for one in asked.strata)
    strata = policy_strata(policy, scope_of(asked, item), item=item.code)
    return strata if rate is None else tuple(_at_least(one, rate) for one in strata)


def _at_least(stratum: StratumRule, rate: Rate) -> StratumRule:
    p, q = max((stratum.rate_p, stratum.rate_q), rate, key=lambda terms: Fraction(*terms))
    return replace(stratum, rate_p=p, rate_q=q)


def scope_of(asked: Asked, item: Item) -> Scope:
    """Give which registrations a plan is about."""
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
