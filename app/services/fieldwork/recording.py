"""The record of a visit: drafts that a client may send again, submission, corrections.

Whoever was offline while somebody else went on keeps nothing to himself: what he sends is kept as a version
that was not taken, and he is shown what stands.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from app.domain.days import shanghai_day
from app.domain.errors import Missing, RuleBroken
from app.domain.fieldwork.parts import Part, foreign_faults, seen_record, taken
from app.domain.fieldwork.record import (
    NOTHING,
    Record,
    document_of,
    draft_faults,
    entries_of,
    record_of,
    submission_faults,
)
from app.domain.fieldwork.visit import State, check_submittable
from app.services.access import log
from app.services.context import Act, Look
from app.services.fieldwork import counting, rechecking
from app.services.fieldwork.finding import own_visit, standing_of
from app.services.fieldwork.parts import own_part, part_for, refuse_all_but_lead
from app.services.results import clocks
from app.store.fieldwork import dispositions, visits
from app.store.fieldwork import records as store
from app.store.paging import Rows
from app.store.tables.fieldrecords import VisitRecord, VisitRecordVersion
from app.store.tables.fieldwork import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The record as it stands; before anything was saved it is empty and its revision 0."""

    visit_id: str
    revision: int
    body: dict[str, Any]
    saved_by: str | None
    saved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Saved:
    """The record after a draft was sent, and whether the draft was taken."""

    kept: Kept
    taken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a client sends under a name of its own; `saw` tells whether it had seen what stands."""

    record: Record
    client_ref: str
    saw: Callable[[Kept], bool]


def read(look: Look, visit_id: str) -> Kept:
    """The record of a visit.

    Raises:
        Missing: no such visit that the caller may see.
    """
    part = check_seen(look, visit_id)
    return _kept(visit_id, store.record_row(look.connection, visit_id), part)


def check_seen(look: Look, visit_id: str) -> Part | None:
    """See that the caller may know what was found at a visit; gives the part of a joint one that it sees.

    Raises:
        Missing: no such visit that the caller may see.
    """
    seen = visits.seen_by(look.caller, look.now, sealed=False)
    visit = store.seen_visit(look.connection, visit_id, seen)
    if visit is None:
        raise Missing("not-found")
    return part_for(look.connection, look.caller, visit)


def versions(look: Look, visit_id: str, *, limit: int, cursor: str | None) -> Rows:
    """Everything that was sent for the record, in the order received.

    Raises:
        Missing: no such visit that the caller may see.
    """
    part = check_seen(look, visit_id)
    found = store.version_rows(look.connection, visit_id, limit=limit, cursor=cursor)
    if part is None:
        return found
    rows: list[Any] = [
        SimpleNamespace(**{**row._mapping, "body": _seen_body(part, row.body)})  # noqa: SLF001 - SQLAlchemy's public name for it
        for row in found.rows
    ]
    return replace(found, rows=rows)


def save(act: Act, visit_id: str, offer: Offer) -> Saved:
    """Save a draft 暂存; sent again under the same `client_ref` it changes nothing.

    Raises:
        Missing: no such visit of the caller's team.
        RuleBroken: the visit is not under way, the draft is not of this visit or of another agency's part, or
            `client_ref` names another.
    """
    visit, officer = own_visit(act, visit_id)
    part = own_part(act, visit, officer)
    current = store.record(act.session, visit.id)
    body = document_of(offer.record)
    before = store.version_by_ref(act.session, visit.id, offer.client_ref)
    if before is not None:
        if before.body != body:
            raise RuleBroken("client-ref-reused", client_ref=offer.client_ref)
        return Saved(_kept(visit.id, current, part), before.kind != "not_taken")
    _refuse(draft_faults(offer.record, entries_of(visit.checklist)), "record-refused")
    if not offer.saw(_kept(visit.id, current, part)):
        revision = 0 if current is None else current.revision
        _add_version(act, visit, "not_taken", revision, body, client_ref=offer.client_ref)
        return Saved(_kept(visit.id, current, part), taken=False)
    if visit.state not in {State.CHECKED_IN, State.CHECKED_OUT}:
        raise RuleBroken("wrong-state", state=visit.state, wanted="checked_in, checked_out")
    whole = _with_part(part, NOTHING if current is None else record_of(current.body), offer.record)
    _refuse(draft_faults(whole, entries_of(visit.checklist)), "record-refused")
    kept = _put(act, visit, current, document_of(whole), client_ref=offer.client_ref)
    _add_version(act, visit, "draft", kept.revision, body, client_ref=offer.client_ref)
    log(act, what="records.save", region=visit.region, subject=visit.id, revision=kept.revision)
    return Saved(_kept(visit.id, kept, part), taken=True)


def _with_part(part: Part | None, standing: Record, offered: Record) -> Record:
    """The record with what an officer offers, of a joint visit in his agency's part only."""
    if part is not None:
        _refuse(foreign_faults(part, current=standing, offered=offered), "record-refused")
    return taken(part, current=standing, offered=offered)


def submit(act: Act, visit_id: str, *, revision: int | None) -> Kept:
    """Submit 提交 the record: it is complete, it tells one story, and the publication clock starts.

    Args:
        act: an officer of the team.
        visit_id: the visit, checked out by enough officers.
        revision: the one that the caller has seen; None: whichever stands.

    Raises:
        Missing: no such visit of the caller's team.
        NotAllowed: of a joint visit, the caller is not of the lead agency.
        RuleBroken: not checked out, no such revision, or `record-incomplete` with every fault.
    """
    visit, officer = own_visit(act, visit_id)
    refuse_all_but_lead(own_part(act, visit, officer))
    check_submittable(standing_of(act, visit))
    current = store.record(act.session, visit.id)
    record = NOTHING if current is None else record_of(current.body)
    _refuse(submission_faults(record, entries_of(visit.checklist)), "record-incomplete")
    kept = _put(act, visit, _standing(current, revision), document_of(record), client_ref=None)
    _add_version(act, visit, "submitted", kept.revision, kept.body)
    visit.state, visit.codes = State.SUBMITTED, list(kept.body["codes"])
    visit.submitted_by, visit.submitted_at = act.caller.id, act.now
    visit.ended_on = shanghai_day(visit.checked_out_at or act.now)
    visit.version += 1
    log(act, what="visits.submit", region=visit.region, subject=visit.id, codes=visit.codes)
    counting.enter(act, visit)
    rechecking.settle(act, visit, record)
    clocks.start(act, visit)
    return _kept(visit.id, kept)


def correct(act: Act, visit_id: str, changes: dict[str, Any], *, reason: str, revision: int | None) -> Kept:
    """Correct 更正 a submitted record: a new version with its reason; the result is submitted anew.

    Args:
        act: an officer of the team.
        visit_id: the visit.
        changes: members of the record that change, in stored form, each whole.
        reason: why.
        revision: the one that the caller has seen; None: whichever stands.

    Raises:
        Missing: no such visit of the caller's team.
        RuleBroken: not submitted, no such revision, nothing changes, a finding with a disposition would go,
            the record would be incomplete, or another agency's part would change.
    """
    visit, officer = own_visit(act, visit_id)
    if visit.state not in {State.SUBMITTED, State.CLOSED}:
        raise RuleBroken("wrong-state", state=visit.state, wanted="submitted, closed")
    current = _standing(store.record(act.session, visit.id), revision)
    before = record_of(current.body)
    record = _with_part(own_part(act, visit, officer), before, record_of({**current.body, **changes}))
    body = document_of(record)
    if body == current.body:
        raise RuleBroken("nothing-to-correct")
    _refuse(submission_faults(record, entries_of(visit.checklist)), "record-incomplete")
    _keep_disposed_findings(act, visit, record)
    kept = _put(act, visit, current, body, client_ref=None)
    _add_version(act, visit, "correction", kept.revision, body, reason=reason)
    visit.codes = list(body["codes"])
    visit.version += 1
    log(act, what="records.correct", region=visit.region, subject=visit.id, reason=reason)
    counting.enter(act, visit)
    rechecking.settle_anew(act, visit, before=before, after=record)
    clocks.corrected(act, visit, reason=reason)
    return _kept(visit.id, kept)


def _standing(current: VisitRecord | None, revision: int | None) -> VisitRecord:
    if current is None or revision not in {None, current.revision}:
        raise RuleBroken("other-revision", revision=0 if current is None else current.revision)
    return current


def _refuse(faults: list[Any], slug: str) -> None:
    if faults:
        raise RuleBroken(slug, *faults)


def _keep_disposed_findings(act: Act, visit: Visit, record: Record) -> None:
    disposed = {one.finding_ref for one in dispositions.dispositions_of(act.session, visit.id)}
    lost = disposed - {one.ref for one in record.findings} - {None}
    if lost:
        raise RuleBroken("finding-has-disposition", findings=", ".join(sorted(str(ref) for ref in lost)))


def _put(
    act: Act, visit: Visit, current: VisitRecord | None, body: dict[str, Any], *, client_ref: str | None
) -> VisitRecord:
    if current is None:
        current = VisitRecord(
            visit_id=visit.id, revision=0, body=body, saved_by="", saved_at=act.now, client_ref=None
        )
        store.add(act.session, current)
    current.revision += 1
    current.body, current.saved_by, current.saved_at = body, act.caller.id, act.now
    current.client_ref = client_ref
    return current


def _add_version(
    act: Act,
    visit: Visit,
    kind: str,
    revision: int,
    body: dict[str, Any],
    *,
    reason: str | None = None,
    client_ref: str | None = None,
) -> None:
    store.add(
        act.session,
        VisitRecordVersion(
            visit_id=visit.id,
            n=store.next_number(act.session, visit.id),
            kind=kind,
            revision=revision,
            body=body,
            reason=reason,
            saved_by=act.caller.id,
            saved_by_name=act.caller.name,
            saved_at=act.now,
            client_ref=client_ref,
        ),
    )


def _seen_body(part: Part | None, body: dict[str, Any]) -> dict[str, Any]:
    return document_of(seen_record(part, record_of(body)))


def _kept(visit_id: str, row: Any, part: Part | None = None) -> Kept:  # noqa: ANN401 - a stored record or a row of one
    if row is None:
        return Kept(visit_id=visit_id, revision=0, body=document_of(NOTHING), saved_by=None, saved_at=None)
    return Kept(
        visit_id=visit_id,
        revision=row.revision,
        body=_seen_body(part, row.body),  # PostgreSQL's JSONB has an order of its own; the ETag needs one
        saved_by=row.saved_by,
        saved_at=row.saved_at,
    )
