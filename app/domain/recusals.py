"""Declared grounds for recusal 回避 that are in force: they become DR1 recusals (行政处罚法 art. 43)."""

from collections.abc import Collection, Iterable

from app.domain.days import add_months
from app.domain.draw.basics.lines import Recusal
from app.domain.eligibility import Visits
from app.domain.facts import DeclaredRecusal
from app.domain.policy import Policy


def grounds_in_force(
    declared: Iterable[DeclaredRecusal],
    *,
    visits: Visits,
    policy: Policy,
    inspectors: Collection[str],
    entities: Collection[str],
) -> tuple[DeclaredRecusal, ...]:
    """Give the grounds in force on any day of the visits between known inspectors and entities.

    Args:
        declared: all declared grounds.
        visits: when.
        policy: which relations recuse, and for how long after their end.
        inspectors: codes of the draw's inspectors.
        entities: ids of the roster's premises.
    """
    return tuple(
        ground
        for ground in declared
        if ground.inspector in inspectors
        and ground.entity in entities
        and recuses(ground, visits=visits, policy=policy)
    )


def recusals_in_force(
    declared: Iterable[DeclaredRecusal],
    *,
    visits: Visits,
    policy: Policy,
    inspectors: Collection[str],
    entities: Collection[str],
) -> tuple[Recusal, ...]:
    """Give the pairs that `grounds_in_force` keeps apart, each once, sorted."""
    grounds = grounds_in_force(
        declared, visits=visits, policy=policy, inspectors=inspectors, entities=entities
    )
    return tuple(sorted({Recusal(ground.inspector, ground.entity) for ground in grounds}))


def recuses(ground: DeclaredRecusal, *, visits: Visits, policy: Policy) -> bool:
    """Tell whether a declared ground is in force on any day of the visits.

    A relation to which the policy gives months afterwards, as three years to former employment 曾任职, still
    recuses while `day < its end + n months`.
    """
    rule = policy.relations.get(ground.relation)
    if rule is None or not rule.in_force:
        return False
    if ground.starts_on is not None and ground.starts_on > visits.ends_on:
        return False
    if ground.ends_on is None:
        return True
    if rule.months_after:
        return visits.starts_on < add_months(ground.ends_on, rule.months_after)
    return visits.starts_on <= ground.ends_on
