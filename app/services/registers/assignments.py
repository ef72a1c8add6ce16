"""Inspectors lent to other regions 异地检查: asked for, decided by another person, ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain import lending
from app.domain.days import shanghai_day
from app.domain.errors import Missing, RuleBroken
from app.domain.regions import region_prefix
from app.domain.registers import INSPECTORS
from app.services.access import log
from app.services.context import Act, Look
from app.services.registers import inspectors
from app.services.registers.landing import change as history_entry
from app.store.paging import Rows
from app.store.registers import assignments as store
from app.store.registers import bulk
from app.store.registers.assignments import APPROVED, REJECTED, REQUESTED, AssignmentFilter
from app.store.registers.bulk import Record
from app.store.registers.pages import Paging
from app.store.tables.staffing import InspectorAssignment

HISTORY = "assignments"
"""Their name in the history of an inspector."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An assignment that somebody asks for, both days included."""

    inspector: str
    region: str
    starts_on: date
    ends_on: date
    document_no: str
    reason: str


def read_page(look: Look, where: AssignmentFilter, paging: Paging) -> Rows:
    """A page of the assignments from or to the caller's region, newest first."""
    return store.assignment_rows(look.connection, where, region=look.caller.region, paging=paging)


def read(look: Look, assignment_id: str) -> Mapping[Any, Any]:
    """One assignment from or to the caller's region.

    Raises:
        Missing: there is none.
    """
    found = store.assignment_row(look.connection, assignment_id, region=look.caller.region)
    if found is None:
        raise Missing("not-found")
    return found._mapping  # noqa: SLF001 - SQLAlchemy's public name for it


def request(act: Act, wanted: Wanted) -> Mapping[Any, Any]:
    """Ask that an inspector of the caller's region be lent; an approver of that region decides.

    Raises:
        Missing: no such inspector in the caller's region.
        Malformed: no region code, an end before the start, or a first day that is past.
        RuleBroken: nobody would be lent, or the inspector has such an assignment on some of these days.
    """
    bulk.lock(act.session, INSPECTORS.name)
    inspector = inspectors.find(act.session.connection(), act.caller, wanted.inspector)
    lending.check_request(
        inspector=wanted.inspector,
        home=inspector["held_region"],
        region=wanted.region,
        starts_on=wanted.starts_on,
        ends_on=wanted.ends_on,
        today=shanghai_day(act.now),
    )
    made = InspectorAssignment(
        id=act.new_id(),
        inspector_id=inspector["id"],
        home=inspector["held_region"],
        region=region_prefix(wanted.region),
        starts_on=wanted.starts_on,
        ends_on=wanted.ends_on,
        document_no=wanted.document_no,
        reason=wanted.reason,
        state=REQUESTED,
        requested_by=act.caller.id,
        requested_at=act.now,
    )
    same = store.standing_like(act.session, made)
    if same is not None:
        raise RuleBroken("already-assigned", inspector=wanted.inspector, region=made.region, assignment=same)
    store.add_assignment(act.session, made)
    terms = ("region", "starts_on", "ends_on", "document_no", "reason", "state")
    after = {name: getattr(made, name) for name in terms}
    return _done(act, made, "request", before=None, after=after)


def decide(act: Act, assignment_id: str, *, approved: bool, reason: str | None) -> Mapping[Any, Any]:
    """Approve or reject what somebody else asked for; approved, it holds from today at the earliest.

    Raises:
        Missing: none that an inspector of the caller's region would be lent by.
        NotAllowed: the caller asked for it.
        RuleBroken: it was decided on, or its days are past.
    """
    found = _for_change(act, assignment_id)
    lending.check_decision(
        state=found.state,
        requested_by=found.requested_by,
        ends_on=found.ends_on,
        decider=act.caller.id,
        today=shanghai_day(act.now),
    )
    state = APPROVED if approved else REJECTED
    before: Record = {"state": REQUESTED}
    after: Record = {"state": state}
    first = lending.holds_from(found.starts_on, approved_on=shanghai_day(act.now))
    if approved and first != found.starts_on:
        before, after = {**before, "starts_on": found.starts_on}, {**after, "starts_on": first}
        found.starts_on = first
    found.state = state
    found.decided_by, found.decided_at, found.decided_because = act.caller.id, act.now, reason
    what = "approve" if approved else "reject"
    return _done(act, found, what, before=before, after=after)


def end(act: Act, assignment_id: str, *, on: date, reason: str) -> Mapping[Any, Any]:
    """End an approved assignment early; `on` is its last day, which can be moved while it lies ahead.

    Raises:
        Missing: none that lends an inspector of the caller's region.
        Malformed: a day that is past, or after its approved end.
        RuleBroken: it was not approved, or it is over.
    """
    found = _for_change(act, assignment_id)
    lending.check_end(
        state=found.state,
        ends_on=found.ends_on,
        ended_on=found.ended_on,
        on=on,
        today=shanghai_day(act.now),
    )
    before = found.ended_on or found.ends_on
    found.ended_on, found.ended_by = on, act.caller.id
    found.ended_at, found.ended_because = act.now, reason
    return _done(act, found, "end", before={"ends_on": before}, after={"ends_on": on})


def _for_change(act: Act, assignment_id: str) -> InspectorAssignment:
    """An assignment of an inspector of the caller's region, locked: the lending side decides."""
    bulk.lock(act.session, INSPECTORS.name)
    found = store.assignment_for_change(act.session, assignment_id)
    if found is None or not act.caller.sees(found.home):
        raise Missing("not-found")
    return found


def _done(
    act: Act, assignment: InspectorAssignment, what: str, *, before: Record | None, after: Record
) -> Mapping[Any, Any]:
    """Note an act in the audit log and in the inspector's history; gives the assignment as it now stands."""
    act.session.flush()
    entry = history_entry(
        act,
        HISTORY,
        "created" if before is None else "updated",
        subject_id=assignment.inspector_id,
        record_id=assignment.id,
        region=assignment.home,
        before=before,
        after=after,
    )
    bulk.add_changes(act.session, [entry])
    log(act, what=f"assignments.{what}", region=assignment.home, subject=assignment.id, to=assignment.region)
    row = store.assignment_row(act.session, assignment.id, region=act.caller.region)
    if row is None:
        raise Missing("not-found")
    return row._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
