"""Draw plans as they stand, their preflight, and the line that an entity would have."""

from dataclasses import dataclass
from datetime import date

from app.domain.days import shanghai_day
from app.domain.errors import FieldError, Malformed, Missing
from app.domain.freezing import FreezeInput, visits_that_matter
from app.domain.premises_line import OUT_OF_SCOPE, PremisesLine
from app.services.agencies import own_items, refuse_foreign_item
from app.services.context import Look
from app.services.planning import law
from app.services.planning.finding import plan_read
from app.services.planning.freezing import prepare
from app.services.planning.one_line import line_on
from app.store import facts
from app.store import planning as store
from app.store.agencies import plans_of
from app.store.paging import Rows
from app.store.registers.past import premises_on


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
    """Plans within the caller's region, and of its agency, newest first."""
    return store.plan_rows(
        look.connection,
        region=look.caller.region,
        whose=plans_of(look.caller.agency, own_items(look)),
        item=item,
        period=period,
        state=state,
        limit=limit,
        cursor=cursor,
        count=count,
    )


def preflight(look: Look, plan_id: str) -> FreezeInput:
    """What the plan would meet if it were drawn now, as far as its reader may know of other draws.

    Raises:
        Missing: no such plan in the caller's region.
    """
    plan = plan_read(look, plan_id)
    return prepare(look.connection, look.vault, plan, look.now, seen_at=look.now)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityLine:
    """The line that an entity would have in a draw of an item on a day; no plan narrows the scope."""

    entity: str
    item: str
    on: date
    policy: str
    found: PremisesLine


def entity_line(look: Look, key: str, item_code: str, *, on: date | None = None) -> EntityLine:
    """The line of an entity today, or on a past day as the registers stood at its end, explained.

    Args:
        look: the request.
        key: id of the entity, its USCC or its DR1 entity id.
        item_code: code of the inspection item.
        on: the day; None: today.

    Raises:
        Missing: no such item, or no such entity in the caller's region.
        Malformed: a day that lies ahead: nobody knows what the registers will say.
    """
    day = day_asked(look, on)
    item = law.item(item_code, day)
    refuse_foreign_item(look.caller, item)
    entity = facts.entity_row(look.connection, key)
    if entity is None or not look.caller.sees(entity.region):
        raise Missing("not-found")
    here = law.policy_for(look.connection, entity.region, day)
    found = premises_on(
        look.connection,
        entity_id=entity.id,
        regimes=item.regimes,
        visits_since=visits_that_matter(here.policy, day),
        on=day,
        disclosed_by=look.now,
    )
    published = here if found is None else law.policy_for(look.connection, found.region, day)
    return EntityLine(
        entity=entity.key,
        item=item.code,
        on=day,
        policy=published.digests["sha256"],
        found=OUT_OF_SCOPE
        if found is None
        else line_on(look.connection, found, entity_id=entity.id, item=item, policy=published.policy, on=day),
    )


def day_asked(look: Look, on: date | None) -> date:
    """The day that a reader asks about, today unless one is named.

    Raises:
        Malformed: it lies ahead.
    """
    today = shanghai_day(look.now)
    if on is not None and on > today:
        ahead = FieldError("/query/on", "in-the-future", (("today", today.isoformat()),))
        raise Malformed("malformed", ahead)
    return on or today
