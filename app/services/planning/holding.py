"""What holds 适用规则 for an entity today, or held on a past day: the rules, and what its facts make of them.

A past day is answered from the registers as they stood at its end, and by the versions in force on it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from app.domain.authorities import Authority
from app.domain.caps import visits_in_year
from app.domain.duties.terms import DutyTerms
from app.domain.errors import Missing
from app.domain.facts import Premises, Registration
from app.domain.freezing import visits_that_matter
from app.domain.items import Item
from app.domain.policies.clocks_rules import clocks_rules
from app.domain.policies.explained import RuleLine, Subject
from app.domain.policies.header import CLOCKS, POLICY
from app.domain.policies.policy_rules import policy_rules
from app.domain.policy import Policy
from app.domain.premises_line import PremisesLine
from app.domain.registers.columns import REGIMES
from app.services.context import Look
from app.services.planning import law, policy_reading
from app.services.planning.one_line import line_on, treated_class
from app.services.planning.policy_reading import SeenVersion
from app.services.planning.reading import day_asked
from app.store import facts
from app.store.registers.past import premises_on

_REGIMES = tuple(regime.value for regime in REGIMES)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemHolding:
    """What an item's draws would have of a registration on the day.

    Attributes:
        item: the inspection item.
        found: its line with the explanation of its tickets and duty, or why it has none.
        visits_this_year: visits by the item's agency that an annual cap counts.
    """

    item: Item
    found: PremisesLine
    visits_this_year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationHolding:
    """What holds for one registration: the rules that are about it, and what its facts make of them."""

    registration: Registration
    policy_rules: tuple[RuleLine, ...]
    clocks_rules: tuple[RuleLine, ...]
    items: tuple[ItemHolding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityHolding:
    """What holds for an entity on a day, and which versions say so.

    `premises` is None where the registers did not know the entity on that day.
    """

    entity: str
    on: date
    region: str
    policy: SeenVersion
    clocks: SeenVersion
    premises: Premises | None
    registrations: tuple[RegistrationHolding, ...]


def entity_rules(look: Look, key: str, *, on: date | None, item: str | None) -> EntityHolding:
    """What holds for an entity on a day.

    Args:
        look: the request.
        key: id of the entity, its USCC or its DR1 entity id.
        on: the day; None: today.
        item: only this inspection item; None: every item that inspects it.

    Raises:
        Missing: no such item, no such entity in the caller's region, or nothing was in force on the day.
        Malformed: a day that lies ahead: nobody knows what the registers will say.
    """
    day = day_asked(look, on)
    asked = law.items(day).values() if item is None else [law.item(item, day)]
    items = [one for one in asked if look.caller.speaks_for({one.agency})]
    if not items and item is not None:
        raise Missing("not-found")
    entity = facts.entity_row(look.connection, key)
    if entity is None or not look.caller.sees(entity.region):
        raise Missing("not-found")
    here = law.policy_for(look.connection, entity.region, day).policy
    premises = premises_on(
        look.connection,
        entity_id=entity.id,
        regimes=_REGIMES,
        visits_since=visits_that_matter(here, day),
        on=day,
        disclosed_by=look.now,
    )
    region = entity.region if premises is None else premises.region
    versions = {
        code: policy_reading.in_force(look, code=code, region=region, on=day) for code in (POLICY, CLOCKS)
    }
    holding = EntityHolding(
        entity=entity.key,
        on=day,
        region=region,
        policy=versions[POLICY],
        clocks=versions[CLOCKS],
        premises=premises,
        registrations=(),
    )
    if premises is None:
        return holding
    found = _registrations(look, holding, premises, tuple(items), entity_id=entity.id)
    return replace(holding, registrations=tuple(found))


def _registrations(
    look: Look, holding: EntityHolding, premises: Premises, items: tuple[Item, ...], *, entity_id: str
) -> Iterable[RegistrationHolding]:
    policy = law.policy_for(look.connection, holding.region, holding.on).policy
    terms = DutyTerms(policy)
    credit_class = treated_class(look.connection, entity_id=entity_id, policy=policy, on=holding.on)
    for one in sorted(premises.registrations, key=lambda one: one.regime):
        own = tuple(item for item in items if one.regime in item.regimes)
        subject = Subject(
            regime=one.regime,
            level=terms.level(one.regime, one.level),
            subtype=one.subtype,
            items=tuple(item.code for item in own),
            credit_class=credit_class,
        )
        alone = premises._replace(registrations=(one,))
        yield RegistrationHolding(
            registration=one,
            policy_rules=policy_rules(holding.policy.published.document, subject),
            clocks_rules=clocks_rules(holding.clocks.published.document, subject),
            items=tuple(_of_item(look, alone, item, policy, holding.on, entity_id=entity_id) for item in own),
        )


def _of_item(
    look: Look, premises: Premises, item: Item, policy: Policy, on: date, *, entity_id: str
) -> ItemHolding:
    past = (visit for visit in premises.visits if visit.on <= on)
    return ItemHolding(
        item=item,
        found=line_on(look.connection, premises, entity_id=entity_id, item=item, policy=policy, on=on),
        visits_this_year=visits_in_year(
            past, policy.annual_cap, authority=Authority.of(item.agency, premises.region), year=on.year
        ),
    )
