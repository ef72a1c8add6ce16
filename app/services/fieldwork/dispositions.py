"""Dispositions 后续处置 of a visit: recorded, closed with a date, listed when overdue."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.days import shanghai_day
from app.domain.errors import FieldError, Missing, RuleBroken
from app.domain.fieldwork.dispositions import RULES, Kind, Terms, done_faults, faults
from app.domain.fieldwork.record import NOTHING, record_of
from app.domain.fieldwork.redealing import deal_again, lists_of
from app.domain.fieldwork.visit import State
from app.services.access import log
from app.services.context import Act, Look
from app.services.fieldwork import recheck_clock
from app.services.fieldwork.finding import own_visit
from app.services.fieldwork.parts import own_part, refuse_foreign_finding
from app.services.fieldwork.rechecking import disposition_with_visit, refuse_while_open, seed_context
from app.services.results import clocks
from app.store.fieldwork import dispositions as store
from app.store.fieldwork import extensions, records, visits
from app.store.paging import AnyRow, Rows
from app.store.tables.fieldrecords import Disposition

_ENDED = (State.SUBMITTED, State.CLOSED, State.UNREACHABLE)


def record(act: Act, visit_id: str, terms: Terms, *, note: str | None) -> Disposition:
    """Record what follows from a visit; what is carried out at once is done from the start.

    Raises:
        Missing: no such visit of the caller's team.
        NotAllowed: of a joint visit, the finding is another agency's.
        RuleBroken: the visit has no result yet, or `disposition-refused` with every fault.
    """
    visit, officer = own_visit(act, visit_id)
    if visit.state not in _ENDED or visit.ended_on is None:
        raise RuleBroken("wrong-state", state=visit.state, wanted=", ".join(_ENDED))
    kept = records.record(act.session, visit.id)
    today = shanghai_day(act.now)
    as_found = NOTHING if kept is None else record_of(kept.body)
    refuse_foreign_finding(own_part(act, visit, officer), as_found, terms.finding)
    found = faults(
        terms,
        as_found,
        ended_on=visit.ended_on,
        today=today,
    )
    if found:
        raise RuleBroken("disposition-refused", *found)
    done_on = terms.done_on or (today if RULES[terms.kind].at_once else None)
    disposition = Disposition(
        id=act.new_id(),
        visit_id=visit.id,
        region=visit.region,
        finding_ref=terms.finding,
        kind=terms.kind,
        due_on=terms.due_on,
        amount_cny=terms.amount_cny,
        months=terms.months,
        recipient=terms.recipient,
        case_kind=terms.case,
        state="open" if done_on is None else "done",
        done_on=done_on,
        note=note,
        recorded_by=act.caller.id,
        recorded_at=act.now,
    )
    store.add(act.session, disposition)
    recheck_clock.wind(act, visit, disposition)
    log(act, what="dispositions.record", region=visit.region, subject=visit.id, kind=terms.kind)
    clocks.penalty_decided(act, visit.id, terms.kind)
    return disposition


def close(act: Act, disposition_id: str, changes: dict[str, Any]) -> Disposition:
    """Close 办结 a disposition on a day; an order to correct only after a re-inspection, with a note.

    A re-inspection that finds nothing more closes the order by itself; whoever closes it otherwise says what
    took its place.

    Args:
        act: an officer of the team.
        disposition_id: the disposition.
        changes: `done_on`, and a `note` where it changes.

    Raises:
        Missing: no such disposition of the caller's team.
        RuleBroken: done already, a day before the visit or in the future, not re-inspected yet, or no note.
    """
    visit, disposition = disposition_with_visit(act, disposition_id)
    if disposition.state != "open":
        raise RuleBroken("wrong-state", state=disposition.state, wanted="open")
    if disposition.kind == Kind.ORDER_TO_CORRECT:
        _refuse_unchecked(act, disposition, changes)
    since = visit.ended_on or shanghai_day(disposition.recorded_at)
    found = list(done_faults(changes["done_on"], since=since, today=shanghai_day(act.now)))
    if found:
        raise RuleBroken("disposition-refused", *found)
    disposition.state, disposition.done_on = "done", changes["done_on"]
    disposition.note = changes.get("note", disposition.note)
    log(act, what="dispositions.close", region=visit.region, subject=disposition.id)
    return disposition


def _refuse_unchecked(act: Act, disposition: Disposition, changes: dict[str, Any]) -> None:
    refuse_while_open(act, disposition)
    if not store.was_reinspected(act.session, disposition.id):
        raise RuleBroken("reinspection-needed")
    if not changes.get("note"):
        raise RuleBroken("disposition-refused", FieldError("/note", "why-closed"))


def read(look: Look, disposition_id: str) -> AnyRow:
    """One disposition.

    Raises:
        Missing: none that the caller may see.
    """
    seen = visits.seen_by(look.caller, look.now, sealed=False)
    row = store.disposition_row(look.connection, disposition_id, seen)
    if row is None:
        raise Missing("not-found")
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a list of dispositions is narrowed to.

    Attributes:
        equal: columns, and the values wanted of them.
        overdue: only what is open after its day, or was not checked again in time.
        recheck_overdue: only orders that were not checked again in time.
        extension_asked: only those with a request for a later day that waits for its decision.
    """

    equal: Mapping[str, object]
    overdue: bool = False
    recheck_overdue: bool = False
    extension_asked: bool = False


def dispositions(look: Look, wanted: Wanted, *, limit: int, cursor: str | None, count: bool) -> Rows:
    """Dispositions that the caller may see, newest first."""
    today = shanghai_day(look.now)
    asked = (
        (wanted.overdue, store.overdue_on(today)),
        (wanted.recheck_overdue, store.recheck_overdue_on(today)),
        (wanted.extension_asked, extensions.waits()),
    )
    seen = visits.seen_by(look.caller, look.now, sealed=False)
    return store.disposition_rows(
        look.connection,
        conditions=[seen, *(condition for given, condition in asked if given)],
        equal=wanted.equal,
        limit=limit,
        cursor=cursor,
        count=count,
    )


def deals(act: Act, disposition_id: str) -> list[dict[str, Any]]:
    """How the teams of a disposition's re-inspections were dealt, seed and all; each view is logged.

    Raises:
        Missing: no such disposition in the caller's region.
    """
    visit_id = store.visit_of_disposition(act.session, disposition_id)
    visit = None if visit_id is None else records.visit(act.session, visit_id)
    if visit is None or not act.caller.sees(visit.region):
        raise Missing("not-found")
    log(act, what="dispositions.deal", region=visit.region, subject=disposition_id)
    found = []
    for row in store.deal_rows(act.session.connection(), disposition_id):
        seed = act.vault.open(row.sealed_seed, context=seed_context(row.visit_id)).decode()
        again = deal_again(lists_of(row.lists), seed)
        found.append(
            {
                "visit": row.visit_id,
                "at": row.at,
                "seed": seed,
                "seed_sha256": row.seed_sha256,
                "lists": row.lists,
                "team": [] if again is None else list(again.team),
            }
        )
    return found
