"""Requests for recusal 回避申请, and what follows when one is granted."""

from dataclasses import dataclass, replace
from typing import Any

from app.domain.amending import OFFICER_REQUEST, PARTY_REQUEST
from app.domain.days import shanghai_day
from app.domain.draw.basics.canonical import strict_json
from app.domain.draw.plan import parse_plan
from app.domain.errors import Missing, RuleBroken
from app.domain.fieldwork import door
from app.domain.fieldwork.visit import Kind, State
from app.domain.recusing import By, Concerned, Decision, check_asking, check_deciding, decide_by
from app.domain.registers import RECUSALS
from app.services.access import log
from app.services.context import Act
from app.services.drawing.amending import amendable, log_amendment
from app.services.drawing.finding import draw_for
from app.services.drawing.grounds import Ground
from app.services.drawing.replaying import standing_of
from app.services.fieldwork.finding import own_visit
from app.services.fieldwork.working import CODE_CONTEXT
from app.services.planning import law
from app.services.registers.entering import enter
from app.store import recusal_requests as store
from app.store.fieldwork import visits
from app.store.tables.amendments import RecusalRequest
from app.store.tables.drawing import Draw
from app.store.tables.fieldwork import Visit

RECEIPT_CONTEXT = "recusal_receipts"
"""What binds a receipt, and its digest, to their use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked: by whom, of which officer, and why."""

    by: By
    inspector: str | None
    relation: str
    reason: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """A party's request, and the code under which it finds the decision."""

    request: RecusalRequest
    code: str


def ask(act: Act, visit_id: str, asked: Asked) -> RecusalRequest:
    """Ask for a recusal at a visit: an officer for himself, or for the party that told another officer.

    Raises:
        Missing: not a visit of the caller's team, or not disclosed yet.
        RuleBroken: the record is handed in, not an officer of the team, nobody to ask for, or asked already.
    """
    visit, officer = own_visit(act, visit_id)
    inspector = asked.inspector or officer
    team = [one.inspector for one in visits.people(act.session, visit.id).officers]
    check_asking(State(visit.state), by=asked.by, inspector=inspector, team=team, officer=officer)
    if _asked_before(act, visit, inspector, asked.by) is not None:
        raise RuleBroken("recusal-asked", inspector=inspector)
    return _keep(act, visit, asked, inspector, recorded_by=act.caller.id)


def ask_as_party(act: Act, *, code: str, certificate_no: str, asked: Asked) -> Receipt:
    """Take a request of the inspected party, who has the code at the door; asked again, the first one stands.

    Raises:
        Missing: no code in force.
        RuleBroken: no officer of the team has this certificate, or one of the team asked already.
    """
    digest = act.vault.digest(door.read_code(code) or "", context=CODE_CONTEXT)
    found = visits.visit_by_code(act.session.connection(), digest, act.now)
    visit = None if found is None else visits.visit_for_change(act.session, found.id)
    if visit is None:
        raise Missing("no-such-code")
    officers = visits.people(act.session, visit.id).officers
    inspector = next((one.inspector for one in officers if one.certificate_no == certificate_no), "")
    team = [one.inspector for one in officers]
    check_asking(State(visit.state), by=By.PARTY, inspector=inspector, team=team, officer=None)
    before = _asked_before(act, visit, inspector, By.PARTY)
    if before is None:
        made = _keep(act, visit, asked, inspector, recorded_by=None)
        receipt = _receipt(act, made)
        made.receipt_digest = act.vault.digest(receipt, context=RECEIPT_CONTEXT)
        return Receipt(made, receipt)
    if before.receipt_digest is None:
        raise RuleBroken("recusal-asked", inspector=certificate_no)
    return Receipt(before, _receipt(act, before))


def _asked_before(act: Act, visit: Visit, inspector: str, by: By) -> RecusalRequest | None:
    """The request that stands: open, granted, or refused to the same side."""
    for request in store.of_officer(act.session, visit.id, inspector):
        if request.state != Decision.REFUSED or request.by == by:
            return request
    return None


def _receipt(act: Act, request: RecusalRequest) -> str:
    """A code that follows from the request and the vault's key, so that it need not be kept."""
    return door.code_from(act.vault.digest(request.id, context=RECEIPT_CONTEXT))


def _keep(act: Act, visit: Visit, asked: Asked, inspector: str, *, recorded_by: str | None) -> RecusalRequest:
    today = shanghai_day(act.now)
    rules = law.policy_for(act.session, visit.region, today).policy.staffing
    request = RecusalRequest(
        id=act.new_id(),
        visit_id=visit.id,
        draw_id=visit.draw_id,
        region=visit.region,
        entity_id=visit.entity_id,
        inspector=inspector,
        by=asked.by,
        relation=asked.relation,
        reason=asked.reason,
        recorded_by=recorded_by,
        requested_at=act.now,
        decide_by=decide_by(today, within_days=rules.decide_within_days),
        state=Decision.OPEN,
    )
    store.add(act.session, request)
    log(
        act,
        what="recusals.ask",
        region=visit.region,
        subject=visit.id,
        request=request.id,
        by=asked.by,
        inspector=inspector,
    )
    return request


def refuse(act: Act, request_id: str, *, reason: str) -> RecusalRequest:
    """Refuse a request 驳回: the officer stays.

    Raises:
        Missing: no such request.
        NotAllowed: the caller asked, or is of the team.
        RuleBroken: decided already.
    """
    request, _ = _to_decide(act, request_id)
    return _decided(act, request, Decision.REFUSED, reason)


def grant(act: Act, request_id: str, *, reason: str) -> RecusalRequest:
    """Grant a request 决定回避: the recusal is declared, and somebody else goes.

    Of a dealt team an amendment is logged in the same act, and its randomness deals a successor. A named
    team loses the officer, and the dispatcher names another. A re-inspection is cancelled, to be dealt anew.
    From a visit that has begun nobody is taken away (DR1 section 7); the officer takes no further part in it.

    Raises:
        Missing: no such request.
        NotAllowed: the caller asked, or is of the team.
        RuleBroken: decided already, or an amendment of the draw waits for its random value.
    """
    request, visit = _to_decide(act, request_id)
    _declare(act, request, visit)
    begun = visit.state != State.PLANNED or bool(visits.people(act.session, visit.id).check_ins)
    draw = None if visit.draw_id is None else draw_for(act, visit.draw_id)
    if draw is not None and parse_plan(strict_json(draw.plan)).slots:
        request.amendment_n = _amend(act, draw, visit, request)
    elif not begun and visit.kind == Kind.REINSPECTION:
        visit.state, visit.ended_on = State.CANCELLED, shanghai_day(act.now)
        visit.version += 1
    elif not begun:
        visit.places = max(visit.places or 0, len(visits.people(act.session, visit.id).officers))
        store.take_off(act.session, visit.id, request.inspector)
        visit.version += 1
    return _decided(act, request, Decision.GRANTED, reason)


def _to_decide(act: Act, request_id: str) -> tuple[RecusalRequest, Visit]:
    """A request and its visit, both locked, for somebody who may decide; the draw is locked before them."""
    condition = store.seen_by(act.caller)
    named = store.draw_of(act.session, request_id, condition)
    if named is None:
        raise Missing("not-found")
    if named.draw_id is not None:
        draw_for(act, named.draw_id)
    visit = visits.visit_for_change(act.session, named.visit_id)
    request = store.request(act.session, request_id, condition)
    if request is None or visit is None:
        raise Missing("not-found")
    people = visits.people(act.session, visit.id)
    callers = {request.recorded_by, *(one.caller_id for one in people.officers)}
    concerned = Concerned(
        callers={one for one in callers if one is not None}, team=[one.inspector for one in people.officers]
    )
    check_deciding(request.state, caller=act.caller.id, officer=act.caller.inspector, concerned=concerned)
    return request, visit


def _declare(act: Act, request: RecusalRequest, visit: Visit) -> None:
    """Enter the recusal in the register, where every later draw finds it; it may be there already."""
    members = {"inspector": request.inspector, "entity": visit.entity_key, "relation": request.relation}
    # A lent officer's record is kept elsewhere, and the decision reaches that far.
    everywhere = replace(act, caller=replace(act.caller, region=""))
    try:
        enter(everywhere, RECUSALS, members)
    except RuleBroken as known:
        if known.slug != "already-registered":
            raise


def _amend(act: Act, draw: Draw, visit: Visit, request: RecusalRequest) -> int | None:
    """Log the amendment of the draw; one that has ended keeps its teams."""
    if draw.state not in {"drawn", "infeasible"}:
        return None
    draw, rows = amendable(act, draw.id)
    reason = OFFICER_REQUEST if request.by == By.OFFICER else PARTY_REQUEST
    row = log_amendment(
        act,
        draw,
        standing_of(act, draw, rows),
        kind="recuse",
        members={"inspector": request.inspector, "entity": visit.entity_key},
        ground=Ground(reason=reason, basis={"recusal_request": request.id}),
    )
    return row.n


def _decided(act: Act, request: RecusalRequest, decision: Decision, reason: str) -> RecusalRequest:
    request.state, request.decision = decision, reason
    request.decided_by, request.decided_at = act.caller.id, act.now
    detail: dict[str, Any] = {"request": request.id, "inspector": request.inspector, "reason": reason}
    log(act, what=f"recusals.{decision.value}", region=request.region, subject=request.visit_id, **detail)
    return request
