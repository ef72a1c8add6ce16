"""Draw plans as they stand, their preflight, and the line that an entity would have today."""

from dataclasses import dataclass
from datetime import date

from app.domain.days import shanghai_day
from app.domain.errors import Missing
from app.domain.freezing import FreezeInput, policy_strata, visits_that_matter
from app.domain.roster import PremisesLine, RosterRules, Scope, premises_line
from app.services.context import Look
from app.services.planning import calendar, law
from app.services.planning.finding import plan_read
from app.services.planning.freezing import prepare
from app.store import duties, facts, premises
from app.store import planning as store
from app.store.paging import Rows


def plans(
    look: Look,
    *,
    item: str | None,
    period: str | None,
    state: str | None,
    limit: int,
    cursor: str | None,
    count: bool,
) -> Rows:
    """Plans within the caller's region, newest first."""
    return store.plan_rows(
        look.connection,
        region=look.caller.region,
        item=item,
        period=period,
        state=state,
        limit=limit,
        cursor=cursor,
        count=count,
    )


def preflight(look: Look, plan_id: str) -> FreezeInput:
    """What the plan would meet if it were drawn now.

    Raises:
        Missing: no such plan in the caller's region.
    """
    return prepare(look.connection, plan_read(look, plan_id), look.now)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityLine:
    """The line that an entity would have in a draw of an item on a day; no plan narrows the scope."""

    entity: str
    item: str
    on: date
    policy: str
    found: PremisesLine


def entity_line(look: Look, key: str, item_code: str) -> EntityLine:
    """The line of an entity today, explained.

    Args:
        look: the request.
        key: id of the entity, its USCC or its DR1 entity id.
        item_code: code of the inspection item.

    Raises:
        Missing: no such item, or no such entity in the caller's region.
    """
    on = shanghai_day(look.now)
    item = law.item(item_code, on)
    entity = facts.entity_row(look.connection, key)
    if entity is None or not look.caller.sees(entity.region):
        raise Missing("not-found")
    published = law.policy_for(look.connection, entity.region, on)
    scope = Scope(region=entity.region, regimes=item.regimes)
    rules = RosterRules(
        item=item.code,
        agency=item.agency,
        scope=scope,
        rules=policy_strata(published.policy, scope),
        policy=published.policy,
        on=on,
        visit_from=on,
        visit_to=on,
        draw_ends=calendar.draw_ends(look.connection, item=item.code, region=entity.region, plan=None, on=on),
        decisions=duties.cap_decisions(look.connection, item=item.code, region=entity.region, year=on.year),
    )
    found = premises.premises_of(
        look.connection,
        entity_id=entity.id,
        regimes=item.regimes,
        visits_since=visits_that_matter(published.policy, on),
    )
    return EntityLine(
        entity=entity.key,
        item=item.code,
        on=on,
        policy=published.digests["sha256"],
        found=PremisesLine(line=None, absent="scope") if found is None else premises_line(found, rules),
    )
