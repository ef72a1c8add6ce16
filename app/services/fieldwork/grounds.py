"""Who of a team may not go by now: what the registers say of the officers of visits that nobody has made."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Self

from sqlalchemy import RowMapping

from app.domain.days import shanghai_day
from app.domain.eligibility import AGENCY, Visits
from app.domain.facts import DeclaredRecusal
from app.domain.fieldwork import grounds as rules
from app.domain.fieldwork.visit import Kind
from app.domain.policy import Policy
from app.domain.recusals import recuses
from app.services.planning import law
from app.store import facts, planning
from app.store.facts import Source
from app.store.paging import AnyRow

Grounds = dict[str, str]
"""Why officers may not go, by code: a code with a text `officer.…` each."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Staffed:
    """What of a visit says who may make it, with the codes of its team; each is a key of its own."""

    id: str
    kind: str
    draw_id: str | None
    entity_key: str
    region: str
    agency: str
    agencies: Sequence[str] | None
    visit_from: date
    visit_to: date
    opened_at: datetime
    team: Sequence[str]

    @classmethod
    def of(cls, columns: Mapping[str, Any] | RowMapping, team: Iterable[str]) -> Self:
        """A visit by its columns."""
        own = {one.name: columns[one.name] for one in fields(cls) if one.name != "team"}
        return cls(**own, team=tuple(team))


def at_the_door(source: Source, visit: Staffed, *, on: date) -> Grounds:
    """Why officers of a visit's team may not inspect there on a day; those who may are not in it."""
    officers = facts.officers_registered(source, codes=visit.team)
    recused = _recused(source, {visit: Visits(region=visit.region, starts_on=on, ends_on=on)})
    found = {
        code: rules.at_the_door(officers.get(code), on=on, recused=(visit.id, code) in recused)
        for code in visit.team
    }
    return {code: reason for code, reason in found.items() if reason is not None}


def ahead(source: Source, visits: Sequence[Staffed], *, today: date) -> Mapping[str, Grounds]:
    """Why officers of planned visits cannot make them on the days left, by visit: what an amendment asks.

    A page of visits takes as many queries as one.
    """
    codes = {code for visit in visits for code in visit.team}
    if not codes:
        return {}
    plans = _plans(source, visits)
    days = {visit: _days(visit, plans.get(visit), today) for visit in visits}
    since = min(one.starts_on for one in days.values())
    officers = facts.officers_named(source, codes=codes, on_or_after=since)
    recused = _recused(source, days)
    found: dict[str, Grounds] = {}
    for visit in visits:
        slots = _slots(visit, plans.get(visit))
        reasons = {
            code: rules.ahead(
                officers.get(code),
                visits=days[visit],
                slots=slots,
                recused=(visit.id, code) in recused,
            )
            for code in visit.team
        }
        found[visit.id] = {code: reason for code, reason in reasons.items() if reason is not None}
    return found


def is_dealt(source: Source, visit: Staffed) -> bool:
    """Whether randomness made the visit's team: nobody names who comes instead."""
    plans = _plans(source, [visit])
    return visit.kind == Kind.REINSPECTION or any(plan.slots for plan in plans.values())


def _plans(source: Source, visits: Iterable[Staffed]) -> dict[Staffed, AnyRow]:
    """The plans of those visits that were drawn."""
    drawn = {visit: visit.draw_id for visit in visits if visit.draw_id is not None}
    plans = planning.plans_of_draws(source, set(drawn.values())) if drawn else {}
    return {visit: plans[draw] for visit, draw in drawn.items()}


def _days(visit: Staffed, plan: AnyRow | None, today: date) -> Visits:
    """The days left, in the region that the team was made for: of a dealt team the draw's."""
    region = plan.region if plan is not None and plan.slots else visit.region
    return rules.days_left(region, (visit.visit_from, visit.visit_to), today=today)


def _slots(visit: Staffed, plan: AnyRow | None) -> Sequence[Sequence[str]]:
    """The tags of the places: of a draw without any the agencies of its visit; of other kinds none."""
    if plan is None:
        return ()
    slots: Sequence[Sequence[str]] = plan.slots
    return slots or [[AGENCY + agency] for agency in visit.agencies or [visit.agency]]


def _recused(source: Source, days: Mapping[Staffed, Visits]) -> set[tuple[str, str]]:
    """The pairs (visit, officer) that a declared recusal keeps apart on the days of the visit."""
    declared: dict[tuple[str, str], list[DeclaredRecusal]] = defaultdict(list)
    for ground in facts.recusals_between(
        source,
        inspectors={code for visit in days for code in visit.team},
        entities={visit.entity_key for visit in days},
    ):
        declared[ground.inspector, ground.entity].append(ground)
    concerned = [
        (visit, code) for visit in days for code in visit.team if (code, visit.entity_key) in declared
    ]
    policies = _policies(source, {visit for visit, _ in concerned})
    return {
        (visit.id, code)
        for visit, code in concerned
        if any(
            recuses(ground, visits=days[visit], policy=policies[visit])
            for ground in declared[code, visit.entity_key]
        )
    }


def _policies(source: Source, visits: Collection[Staffed]) -> dict[Staffed, Policy]:
    """The policies that say which relations recuse: the plan's, as for amendments, or that of the opening."""
    plans = _plans(source, visits)
    by_digest = {
        digest: law.policy_by_digest(source, digest).policy
        for digest in {plan.policy for plan in plans.values()}
    }
    return {
        visit: by_digest[plans[visit].policy]
        if visit in plans
        else law.policy_for(source, visit.region, shanghai_day(visit.opened_at)).policy
        for visit in visits
    }
