"""Evidence 证据材料 of a visit: taken when its content is what it says, kept even when withdrawn.

Of a joint visit it belongs to the part of the agency whose officer handed it in: no other agency sees it but
the lead, which sees the whole.
"""

import errno
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.errors import Malformed, Missing, RuleBroken, Unavailable
from app.domain.fieldwork.evidence import media_type
from app.domain.fieldwork.parts import Part
from app.domain.fieldwork.visit import State
from app.services.access import log
from app.services.context import Act, Look
from app.services.fieldwork.finding import own_visit, visit_for
from app.services.fieldwork.parts import own_part, part_for, refuse_foreign_evidence
from app.services.fieldwork.recording import check_seen
from app.store.fieldwork import evidence as store
from app.store.paging import AnyRow
from app.store.tables.fieldrecords import Evidence

_MIB = 1024 * 1024
_DURING = (State.CHECKED_IN, State.CHECKED_OUT)
_FROM_THE_VISIT_ON = (*_DURING, State.SUBMITTED, State.CLOSED)
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as it came, with the SHA-256 (hex) that its sender computed."""

    filename: str
    content: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class File:
    """A piece of evidence with its content."""

    row: AnyRow
    content: bytes


def add(act: Act, visit_id: str, upload: Upload) -> Evidence:
    """Take a photo or document; the same content again is the same piece.

    The file comes before the row: a crash between them leaves a file that nothing refers to.

    Raises:
        Missing: no such visit of the caller's team.
        Malformed: too large, another digest than said, or neither photo nor document.
        RuleBroken: the visit has not begun.
        Unavailable: it could not be stored; nothing changed.
    """
    visit, officer = own_visit(act, visit_id)
    if visit.state not in _FROM_THE_VISIT_ON:
        raise RuleBroken("wrong-state", state=visit.state, wanted=", ".join(_FROM_THE_VISIT_ON))
    kind = _checked(act, upload)
    part = own_part(act, visit, officer)
    agency = None if part is None else part.agency
    same = store.same_evidence(act.session, visit.id, upload.sha256, agency=agency)
    if same is not None:
        return same
    row = Evidence(
        id=act.new_id(),
        visit_id=visit.id,
        filename=upload.filename,
        media_type=kind,
        size=len(upload.content),
        sha256=upload.sha256,
        stored_as=_stored(act, upload.content),
        agency=agency,
        by=act.caller.id,
        at=act.now,
    )
    store.add(act.session, row)
    log(act, what="evidence.add", region=visit.region, subject=visit.id, sha256=upload.sha256)
    return row


def _checked(act: Act, upload: Upload) -> str:
    limit = act.settings.max_evidence_mib
    if len(upload.content) > limit * _MIB:
        raise Malformed("evidence-too-large", limit=limit)
    found = hashlib.sha256(upload.content).hexdigest()
    if found != upload.sha256:
        raise Malformed("evidence-digest", found=found)
    kind = media_type(upload.content)
    if kind is None:
        raise Malformed("evidence-type")
    return kind


def _stored(act: Act, content: bytes) -> str:
    try:
        return act.evidence.put(content)
    except OSError as error:
        _logger.exception("evidence was not stored")
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        raise Unavailable("evidence-store-full" if full else "evidence-not-stored") from error


def list_of(look: Look, visit_id: str) -> Sequence[AnyRow]:
    """The evidence of a visit, what was withdrawn included.

    Raises:
        Missing: no such visit that the caller may see.
    """
    part = check_seen(look, visit_id)
    rows = store.evidence_rows(look.connection, visit_id)
    return [row for row in rows if part is None or part.sees_of(row.agency)]


def read(look: Look, visit_id: str, evidence_id: str) -> AnyRow:
    """What is known of one piece of evidence.

    Raises:
        Missing: none that the caller may see.
    """
    return _seen(check_seen(look, visit_id), store.evidence_row(look.connection, visit_id, evidence_id))


def _seen(part: Part | None, row: AnyRow | None) -> AnyRow:
    """The piece, if there is one in the part that the caller sees."""
    if row is None or not (part is None or part.sees_of(row.agency)):
        raise Missing("not-found")
    return row


def content(act: Act, visit_id: str, evidence_id: str) -> File:
    """A piece of evidence with its content; each view is logged.

    Raises:
        Missing: none that the caller may see.
        Unavailable: the file cannot be read, or is not what was handed in.
    """
    visit = visit_for(act, visit_id)
    connection = act.session.connection()
    part = part_for(connection, act.caller, visit)
    row = _seen(part, store.evidence_row(connection, visit.id, evidence_id))
    try:
        found = act.evidence.get(row.stored_as)
    except OSError as error:
        _logger.exception("evidence %s cannot be read", evidence_id)
        raise Unavailable("evidence-unreadable") from error
    if hashlib.sha256(found).hexdigest() != row.sha256:
        _logger.error("evidence %s is not what was handed in", evidence_id)
        raise Unavailable("evidence-unreadable")
    log(act, what="evidence.read", region=visit.region, subject=visit.id, evidence=evidence_id)
    return File(row, found)


def withdraw(act: Act, visit_id: str, evidence_id: str) -> None:
    """Withdraw 撤回 a piece of evidence before the submission; it is kept, and shown as withdrawn.

    Raises:
        Missing: no such evidence of the caller's team.
        NotAllowed: another agency handed it in.
        RuleBroken: the record has been submitted, or it was withdrawn before.
    """
    visit, officer = own_visit(act, visit_id)
    if visit.state not in _DURING:
        raise RuleBroken("wrong-state", state=visit.state, wanted=", ".join(_DURING))
    row = store.evidence_for_change(act.session, visit.id, evidence_id)
    part = own_part(act, visit, officer)
    if row is None or not (part is None or part.sees_of(row.agency)):
        raise Missing("not-found")
    refuse_foreign_evidence(part, row.agency)
    if row.withdrawn_at is not None:
        raise RuleBroken("wrong-state", state="withdrawn", wanted="kept")
    row.withdrawn_by, row.withdrawn_at = act.caller.id, act.now
    log(act, what="evidence.withdraw", region=visit.region, subject=visit.id, evidence=evidence_id)
