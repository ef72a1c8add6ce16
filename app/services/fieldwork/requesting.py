"""Visits without a draw (complaint, transfer, emergency, campaign, case), and teams that are named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from app.domain.days import shanghai_day
from app.domain.eligibility import AGENCY, REGIME, Visits, exclusion, inspector_tags
from app.domain.errors import FieldError, Malformed, Missing, NotAllowed, RuleBroken
from app.domain.fieldwork import visit as rules
from app.domain.fieldwork.visit import ASKED_FOR, Kind, State, morning_of
from app.domain.items import Item
from app.domain.recusals import recuses
from app.domain.regions import district_tag, level_of
from app.services.access import log
from app.services.agencies import refuse_foreign_item
from app.services.context import Act
from app.services.fieldwork import grounds
from app.services.fieldwork.finding import standing, visit_for
from app.services.fieldwork.seating import Place, officers_in
from app.services.planning import law
from app.store import facts, premises, recusal_requests
from app.store.fieldwork import records
from app.store.fieldwork import visits as store
from app.store.tables.fieldwork import Visit, VisitOfficer


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A visit that somebody asks for; its kind is never one whose officers are dealt."""

    kind: Kind
    entity: str
    item: str
    reason: str
    visit_from: date
    visit_to: date
    inspectors: Sequence[str]


def request(act: Act, wanted: Wanted) -> Visit:
    """Ask for a visit; an emergency may begin at once and is approved afterwards, in a recorded time.

    Raises:
        Missing: the entity is unknown or outside the caller's region, or the item is another agency's.
        Malformed: no such item, or a window that ends before it begins or is past.
        RuleBroken: an officer who may not go there, or too few of them.
    """
    if wanted.kind not in ASKED_FOR:
        raise RuleBroken("never-drawn")
    place = store.entities_by_key(act.session, [wanted.entity]).get(wanted.entity)
    if place is None or not act.caller.sees(place.region):
        raise Missing("not-found")
    today = shanghai_day(act.now)
    item = _item(wanted.item, today)
    refuse_foreign_item(act.caller, item)
    if not today <= wanted.visit_from <= wanted.visit_to:
        raise Malformed("malformed", FieldError("/visit_to", "bad-window"))
    emergency = wanted.kind == Kind.EMERGENCY
    visit = Visit(
        id=act.new_id(),
        kind=wanted.kind,
        item=item.code,
        items=[item.code],
        item_version=item.version,
        checklist=item.document["checklist"],
        entity_id=place.id,
        entity_key=place.key,
        entity_name=place.name,
        address=place.address,
        regimes=_regimes(act, place.id, item),
        region=place.region,
        agency=item.agency,
        level=level_of(act.caller.region),
        visit_from=wanted.visit_from,
        visit_to=wanted.visit_to,
        disclose_at=act.now if emergency else morning_of(wanted.visit_from),
        state=State.PLANNED if emergency else State.REQUESTED,
        opened_at=act.now,
        requested_by=act.caller.id,
        reason=wanted.reason,
        approve_by=act.now + timedelta(hours=act.settings.emergency_approval_h) if emergency else None,
        codes=[],
        version=1,
    )
    store.add_visits(act.session, [visit], _team(act, visit, wanted.inspectors))
    log(act, what="visits.request", region=visit.region, subject=visit.id, kind=visit.kind)
    return visit


def approve(act: Act, visit_id: str) -> Visit:
    """Approve a visit that was asked for; of an emergency afterwards, late or not.

    Raises:
        Missing: no such visit.
        NotAllowed: the caller asked for it.
        RuleBroken: nothing to approve.
    """
    visit = _asked_for(act, visit_id, "approve")
    if visit.state == State.REQUESTED:
        visit.state = State.PLANNED
    visit.approved_by, visit.approved_at = act.caller.id, act.now
    visit.version += 1
    log(act, what="visits.approve", region=visit.region, subject=visit.id)
    return visit


def decline(act: Act, visit_id: str, *, reason: str) -> Visit:
    """Refuse a visit that was asked for and has not been approved; an emergency that has begun goes on.

    Raises:
        Missing: no such visit.
        NotAllowed: the caller asked for it.
        RuleBroken: nothing to refuse.
    """
    visit = _asked_for(act, visit_id, "decline")
    visit.state, visit.ended_on = State.CANCELLED, shanghai_day(act.now)
    visit.version += 1
    log(act, what="visits.decline", region=visit.region, subject=visit.id, reason=reason)
    return visit


def name_team(act: Act, visit_id: str, inspectors: Sequence[str]) -> Visit:
    """Name the team of a visit that a single-random draw 单随机 opened without one, or who comes for others.

    Others are those of a named team who were recused, and before anybody has come those for whom the
    registers have a ground: absent, without a valid certificate, recused, no officer there any more.

    Raises:
        Missing: no such visit.
        RuleBroken: its team was dealt, or is complete and all of it can go; or an officer may not go there:
            not qualified, of another agency, or for a reason that would keep him out of a draw.
    """
    visit = visit_for(act, visit_id)
    people = store.people(act.session, visit.id)
    before = standing(act, visit, people)
    staffed = grounds.Staffed.of(visit.model_dump(), before.team)
    found = grounds.ahead(act.session, [staffed], today=shanghai_day(act.now)).get(visit.id, {})
    dealt = grounds.is_dealt(act.session, staffed)
    after = rules.staff(before, tuple(inspectors), dealt=dealt, grounds=found)
    joining = [code for code in after.team if code not in before.team]
    leaving = {code: found[code] for code in before.team if code not in after.team}
    staying = [one for one in people.officers if one.inspector in after.team]
    officers = _team(act, visit, joining, beside=staying)
    if visit.kind == Kind.DRAWN:
        _refuse_unqualified(act, visit, joining)
    for code in leaving:
        recusal_requests.take_off(act.session, visit.id, code)
    store.add_visits(act.session, [], officers)
    visit.version += 1
    replaced = {"replaced": leaving} if leaving else {}
    log(act, what="visits.team", region=visit.region, subject=visit.id, inspectors=joining, **replaced)
    return visit


def _refuse_unqualified(act: Act, visit: Visit, inspectors: Sequence[str]) -> None:
    """See that officers whom nobody dealt have the tags that a dealt team would need."""
    place = visit.region, records.station_of(act.session, visit.entity_id)
    needs = {
        AGENCY + visit.agency,
        district_tag(region=place[0], station=place[1]),
        *(REGIME + regime for regime in visit.regimes),
    }
    days = Visits(region=visit.region, starts_on=visit.visit_from, ends_on=visit.visit_to)
    for officer in facts.officers_near(act.session, region=visit.region, on_or_after=visit.visit_from):
        if officer.code in inspectors and not needs.issubset(
            inspector_tags(officer, visits=days, regimes=visit.regimes, places=[place])
        ):
            raise RuleBroken("officer-may-not-go", inspector=officer.code, reason="not-qualified")


def _item(code: str, on: date) -> Item:
    found = law.items(on).get(code)
    if found is None:
        allowed = ", ".join(law.items(on))
        raise Malformed(
            "malformed", FieldError("/item", "unknown-value", (("value", code), ("allowed", allowed)))
        )
    return found


def _regimes(act: Act, entity_id: str, item: Item) -> list[str]:
    """The regimes of the item in which the entity is registered; it may be in none of them."""
    found = premises.premises_of(
        act.session, entity_id=entity_id, regimes=item.permitted_regimes, visits_since=date.max
    )
    return [] if found is None else sorted(one.regime for one in found.registrations)


def _team(
    act: Act, visit: Visit, inspectors: Sequence[str], *, beside: Sequence[VisitOfficer] = ()
) -> list[VisitOfficer]:
    """The places of a named team: qualified on the last day, not recused, at least two with those there."""
    policy = law.policy_for(act.session, visit.region, shanghai_day(act.now)).policy
    together = [*(one.inspector for one in beside), *inspectors]
    if len(set(together)) < max(policy.least_officers, len(together)):
        raise RuleBroken("too-few-officers", least=policy.least_officers)
    days = Visits(region=visit.region, starts_on=visit.visit_from, ends_on=visit.visit_to)
    near = {
        officer.code: officer
        for officer in facts.officers_near(act.session, region=visit.region, on_or_after=visit.visit_from)
    }
    recused = {
        ground.inspector
        for ground in facts.recusals_in(act.session, region=visit.region)
        if ground.entity == visit.entity_key and recuses(ground, visits=days, policy=policy)
    }
    for code in inspectors:
        reason = "unknown" if code not in near else exclusion(near[code], visits=days, slots=())
        if code in recused:
            reason = "recused"
        if reason is not None:
            raise RuleBroken("officer-may-not-go", inspector=code, reason=reason)
    taken = {one.slot for one in beside}
    free = (slot for slot in count() if slot not in taken)
    places = zip(free, inspectors, strict=False)
    return officers_in(act, [Place(visit.id, slot, code) for slot, code in places])


def _asked_for(act: Act, visit_id: str, what: str) -> Visit:
    visit = visit_for(act, visit_id)
    waits = visit.kind == Kind.EMERGENCY and visit.approved_by is None
    begun = visit.state != State.PLANNED or bool(store.people(act.session, visit.id).check_ins)
    if not waits or (what == "decline" and begun):
        rules.step(visit.state, what)
    if act.caller.id == visit.requested_by:
        raise NotAllowed("own-request")
    return visit
