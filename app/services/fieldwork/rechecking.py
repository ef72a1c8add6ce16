"""Re-inspections 复查: just what failed, by a team that is dealt, and the close-out of the order."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.access import Role
from app.domain.days import shanghai_day
from app.domain.eligibility import REGIME, Visits, eligible_inspectors
from app.domain.errors import FieldError, Malformed, Missing, RuleBroken
from app.domain.fieldwork.codes import CLEAN
from app.domain.fieldwork.dispositions import entries_to_check_again, may_be_checked_again
from app.domain.fieldwork.parts import only_item
from app.domain.fieldwork.record import NOTHING, Record, record_of
from app.domain.fieldwork.redealing import Dealt, Lists, deal_again, document_of, seed_digest
from app.domain.fieldwork.visit import OPEN, Kind, State, morning_of
from app.domain.recusals import recusals_in_force
from app.domain.regions import district_tag
from app.services.access import log
from app.services.context import Act
from app.services.fieldwork import grounds, recheck_clock
from app.services.fieldwork.finding import own_visit, visit_for
from app.services.fieldwork.seating import Place, officers_in
from app.services.planning import law
from app.store import facts
from app.store.fieldwork import dispositions as store
from app.store.fieldwork import records, visits
from app.store.tables.fieldrecords import Disposition, ReinspectionDeal
from app.store.tables.fieldwork import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """First and last day of a re-inspection, both included."""

    visit_from: date
    visit_to: date


def open_reinspection(act: Act, disposition_id: str, window: Window) -> Visit:
    """Open a re-inspection of the entries that failed; its team is dealt, nobody picks it.

    One that was opened before, that nobody has begun and that somebody of its team cannot make any more, is
    cancelled for it.

    Raises:
        Missing: no such disposition that the caller may see.
        Malformed: a window that is past or ends before it begins.
        RuleBroken: not an open order or a refused inspection, one is under way already, nothing failed, or no
            team can be made.
    """
    before, disposition = disposition_with_visit(act, disposition_id)
    if not shanghai_day(act.now) <= window.visit_from <= window.visit_to:
        raise Malformed("malformed", FieldError("/visit_to", "bad-window"))
    _call_off(act, disposition)
    visit = _visit(act, before, window, _what_failed(act, before, disposition))
    lists = _lists(act, visit)
    seed = act.chance.new_secret()
    dealt = deal_again(lists, seed)
    if dealt is None:
        raise RuleBroken("no-team", places=len(lists.slots), inspectors=len(lists.inspectors))
    _keep(act, disposition, visit, lists, dealt, seed)
    log(
        act,
        what="dispositions.reinspect",
        region=visit.region,
        subject=disposition.id,
        visit=visit.id,
        seed_sha256=seed_digest(seed),
        rotated=dealt.rotated,
    )
    return visit


def _what_failed(act: Act, before: Visit, disposition: Disposition) -> list[dict[str, Any]]:
    """The entries to check again, where a re-inspection may be opened at all."""
    if disposition.state != "open":
        raise RuleBroken("wrong-state", state=disposition.state, wanted="open")
    if not may_be_checked_again(disposition.kind, before.codes):
        raise RuleBroken("no-reinspection", kind=disposition.kind)
    refuse_while_open(act, disposition)
    kept = records.record(act.session, before.id)
    record = NOTHING if kept is None else record_of(kept.body)
    checklist = entries_to_check_again(before.checklist, record, finding=disposition.finding_ref)
    if not checklist:
        raise RuleBroken("nothing-to-check-again")
    return checklist


def disposition_with_visit(act: Act, disposition_id: str) -> tuple[Visit, Disposition]:
    """A disposition with its visit, both locked, for an officer of the team or a dispatcher.

    Raises:
        Missing: no such disposition that the caller may change.
    """
    visit_id = store.visit_of_disposition(act.session, disposition_id)
    if visit_id is None:
        raise Missing("not-found")
    visit = visit_for(act, visit_id) if Role.DISPATCHER in act.caller.roles else own_visit(act, visit_id)[0]
    disposition = store.disposition_for_change(act.session, disposition_id)
    if disposition is None:
        raise Missing("not-found")
    return visit, disposition


def settle(act: Act, visit: Visit, record: Record) -> None:
    """Close the order when a re-inspection has found nothing more; otherwise it stays open."""
    disposition = store.disposition_of_reinspection(act.session, visit.id)
    if disposition is None or disposition.state != "open":
        return
    recheck_clock.met(act, disposition, visit)
    if CLEAN in record.codes:
        disposition.state, disposition.done_on = "done", visit.ended_on
        log(
            act, what="dispositions.close", region=visit.region, subject=disposition.id, reinspection=visit.id
        )


def settle_anew(act: Act, visit: Visit, *, before: Record, after: Record) -> None:
    """Open the order again, or close it, when the record of its re-inspection turns out to be another."""
    disposition = store.disposition_of_reinspection(act.session, visit.id)
    if disposition is None or (CLEAN in before.codes) == (CLEAN in after.codes):
        return
    if CLEAN in after.codes:
        settle(act, visit, after)
        return
    disposition.state, disposition.done_on = "open", None
    log(act, what="dispositions.reopen", region=visit.region, subject=disposition.id, reinspection=visit.id)


def refuse_while_open(act: Act, disposition: Disposition) -> None:
    """See that no re-inspection of a disposition is under way.

    Raises:
        RuleBroken: one is.
    """
    again = disposition.reinspection_visit_id
    visit = None if again is None else records.visit(act.session, again)
    if visit is not None and visit.state in OPEN:
        raise RuleBroken("reinspection-open", visit=visit.id)


def _call_off(act: Act, disposition: Disposition) -> None:
    """Cancel a re-inspection that nobody has begun and that the registers keep one of its team from."""
    visit = store.reinspection_to_come(act.session, disposition)
    people = None if visit is None else visits.people(act.session, visit.id)
    if visit is None or people is None or people.check_ins:
        return
    staffed = grounds.Staffed.of(visit.model_dump(), [one.inspector for one in people.officers])
    found = grounds.ahead(act.session, [staffed], today=shanghai_day(act.now)).get(visit.id, {})
    if found:
        visit.state, visit.ended_on = State.CANCELLED, shanghai_day(act.now)
        visit.version += 1
        act.session.flush()
        log(act, what="visits.cancel", region=visit.region, subject=visit.id, grounds=found)


def _visit(act: Act, before: Visit, window: Window, checklist: list[dict[str, Any]]) -> Visit:
    return Visit(
        id=act.new_id(),
        kind=Kind.REINSPECTION,
        **_subject(before, checklist),
        entity_id=before.entity_id,
        entity_key=before.entity_key,
        entity_name=before.entity_name,
        address=before.address,
        region=before.region,
        level=before.level,
        visit_from=window.visit_from,
        visit_to=window.visit_to,
        disclose_at=morning_of(window.visit_from),
        state=State.PLANNED,
        opened_at=act.now,
        requested_by=act.caller.id,
        reason=f"reinspection of {before.id}",
        codes=[],
        version=1,
    )


def _subject(before: Visit, checklist: list[dict[str, Any]]) -> dict[str, Any]:
    """What is inspected again, and whose power it is: of a visit of several items the one that failed.

    Where several did in a joint inspection, the lead agency goes for what is its own.
    """
    if before.agencies is not None and only_item(checklist) is None:
        checklist = [entry for entry in checklist if entry.get("agency") in {None, before.agency}]
    code = only_item(checklist)
    if code is None:
        same = ("item", "item_version", "agency")
        again = {"items": list(before.items), "regimes": list(before.regimes)}
        return {**again, **{name: getattr(before, name) for name in same}, "checklist": checklist}
    item = law.item(code, shanghai_day(before.opened_at))
    return {
        "item": item.code,
        "items": [item.code],
        "item_version": item.version,
        "agency": item.agency,
        "regimes": [one for one in before.regimes if one in item.permitted_regimes],
        "checklist": checklist,
    }


def _lists(act: Act, visit: Visit) -> Lists:
    """Who may serve, on which places, away from whom: as a draw of today would have it."""
    policy = law.policy_for(act.session, visit.region, shanghai_day(act.now)).policy
    item = law.item(visit.item, shanghai_day(act.now))
    slots = tuple(tuple(sorted(set(slot))) for slot in item.slots) or ((),) * policy.least_officers
    place = visit.region, records.station_of(act.session, visit.entity_id)
    days = Visits(region=visit.region, starts_on=visit.visit_from, ends_on=visit.visit_to)
    eligible = eligible_inspectors(
        facts.officers_near(act.session, region=visit.region, on_or_after=visit.visit_from),
        visits=days,
        slots=slots,
        regimes=visit.regimes,
        places=[place],
    )
    recusals = recusals_in_force(
        facts.recusals_in(act.session, region=visit.region),
        visits=days,
        policy=policy,
        inspectors={one.id for one in eligible.inspectors},
        entities={visit.entity_key},
    )
    return Lists(
        visit=visit.id,
        entity=visit.entity_key,
        needs=tuple(
            sorted({district_tag(region=place[0], station=place[1]), *(REGIME + r for r in visit.regimes)})
        ),
        slots=slots,
        inspectors=eligible.inspectors,
        recusals=recusals,
        previous=store.last_team_at(act.session, visit.entity_id),
    )


def _keep(act: Act, disposition: Disposition, visit: Visit, lists: Lists, dealt: Dealt, seed: str) -> None:
    store.add_reinspection(
        act.session,
        visit=visit,
        officers=officers_in(act, [Place(visit.id, slot, code) for slot, code in enumerate(dealt.team)]),
        deal=ReinspectionDeal(
            visit_id=visit.id,
            disposition_id=disposition.id,
            seed_sha256=seed_digest(seed),
            sealed_seed=act.vault.seal(seed.encode(), context=seed_context(visit.id)),
            lists=document_of(lists),
            at=act.now,
        ),
    )
    disposition.reinspection_visit_id = visit.id


def seed_context(visit_id: str) -> str:
    """What binds a sealed seed to its re-inspection."""
    return f"reinspection_deals/{visit_id}/seed"
