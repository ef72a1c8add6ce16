"""The line that one entity would have in a draw of an item on a day; no plan narrows the scope."""

from datetime import date

from app.domain.credit_classes import CreditClasses, asking
from app.domain.facts import Premises
from app.domain.items import Item
from app.domain.policy import Policy, StratumRule
from app.domain.premises_line import PremisesLine
from app.domain.roster_lines import premises_line
from app.domain.roster_rules import RosterRules, Scope
from app.domain.strata import policy_strata
from app.services.planning import calendar, law
from app.store import duties
from app.store.facts import Source
from app.store.registers.credit_classes import class_known


def line_on(
    source: Source, premises: Premises, *, entity_id: str, item: Item, policy: Policy, on: date
) -> PremisesLine:
    """Find the line of one premises.

    Args:
        source: where to read.
        premises: as it stood on the day.
        entity_id: id of its row.
        item: what is inspected.
        policy: that of the region on the day.
        on: the day, not after today.
    """
    region = premises.region
    scope = Scope(region=region, regimes=item.regimes)
    strata = policy_strata(policy, scope, item=item.code)
    rules = RosterRules(
        item=item.code,
        agency=item.agency,
        agency_items=frozenset(code for code, one in law.items(on).items() if one.agency == item.agency),
        scope=scope,
        rules=strata,
        policy=policy,
        on=on,
        visit_from=on,
        visit_to=on,
        draw_ends=calendar.draw_ends(source, item=item.code, region=region, plan=None, on=on),
        decisions=duties.cap_decisions(source, item=item.code, region=region, year=on.year),
        decisions_before=duties.cap_decisions(source, item=item.code, region=region, year=on.year - 1),
        credit=_credit(source, strata, premises.id, entity_id=entity_id, policy=policy, on=on),
    )
    return premises_line(premises, rules)


def treated_class(source: Source, *, entity_id: str, policy: Policy, on: date) -> str | None:
    """The class of credit risk that an entity is treated as having on a day; None where no stratum asks."""
    if not asking(policy.strata):
        return None
    return class_known(source, entity_id=entity_id, on=on) or policy.default_credit_class


def _credit(
    source: Source,
    strata: tuple[StratumRule, ...],
    key: str,
    *,
    entity_id: str,
    policy: Policy,
    on: date,
) -> CreditClasses | None:
    regimes = asking(strata)
    if not regimes:
        return None
    held = class_known(source, entity_id=entity_id, on=on)
    given = {} if held is None else {key: held}
    return CreditClasses(given=given, default=policy.default_credit_class, regimes=regimes)
