"""Policies and clocks from draft to approval; nobody approves what they drafted or edited.

An approved version never changes. It begins on a day after its approval: what holds today was settled before.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from app.domain.days import shanghai_day
from app.domain.errors import FieldError, Malformed, Missing, NotAllowed, RuleBroken
from app.domain.merge_patch import merge_patch
from app.domain.policies.clocks_document import clocks_faults
from app.domain.policies.document import completed, policy_faults
from app.domain.policies.header import CLOCKS, POLICY
from app.domain.policies.shape import shown
from app.domain.regions import region_prefix
from app.services.access import log
from app.services.context import Act
from app.services.planning import law
from app.services.planning.duties_again import look_again
from app.store import policies as store
from app.store.queues import wait_turn
from app.store.tables.policies import PolicyVersion

DRAFT: Final = "draft"
APPROVED: Final = "approved"
WITHDRAWN: Final = "withdrawn"
TURN: Final = "policies"

_GIVEN_APART: Final = ("code", "version", "region", "valid_from", "valid_to")
_CHANGES: Final = "/changes"
_DOCUMENT: Final = "/document"
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeDocument:
    """A draft that is written out."""

    document: Mapping[str, Any]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """A draft that changes a published version by a merge patch (RFC 7396).

    Attributes:
        based_on: digest of the version that holds in the region on the first day.
        changes: the patch of its document; the header is given apart.
        region: where the new version holds.
        valid_from, valid_to: its days, both included; no last day: without end.
        reason: why.
    """

    based_on: str
    changes: Mapping[str, Any]
    region: str
    valid_from: date
    valid_to: date | None
    reason: str


def draft(act: Act, wanted: WholeDocument | Changes) -> PolicyVersion:
    """Keep a new draft 草案.

    Raises:
        Missing: the region lies outside the caller's, or there is no such base.
        Malformed: with everything that is wrong in the document.
        RuleBroken: it begins too early, or the base is not what would hold.
    """
    wait_turn(act.session, TURN)
    if isinstance(wanted, Changes):
        at, based_on, document = _CHANGES, wanted.based_on, _patched(act, wanted)
    else:
        at, based_on, document = _DOCUMENT, None, completed(wanted.document)
    _refuse_faults(document, at)
    text = law.canonical_text(document)
    version = law.version_in(text)
    if not act.caller.sees(version.region):
        raise Missing("not-found")
    following = next_version(act, code=document["code"], region=version.region)
    if version.version != following:
        raise Malformed("malformed", FieldError(f"{at}/version", "not-the-next", (("next", str(following)),)))
    _refuse_early(act, version.valid_from, f"{_DOCUMENT}/valid_from")
    made = PolicyVersion(
        id=act.new_id(),
        state=DRAFT,
        code=document["code"],
        **_columns(text),
        based_on=based_on,
        reason=wanted.reason,
        drafted_by=act.caller.id,
        drafted_at=act.now,
        edited_by=act.caller.id,
        edited_at=act.now,
    )
    store.add(act.session, made)
    noted(act, made, "draft")
    return made


def edit(
    act: Act, version_id: str, change: Callable[[Mapping[str, Any]], Mapping[str, Any]], *, reason: str | None
) -> PolicyVersion:
    """Change what a draft says.

    Args:
        act: whose.
        version_id: the draft.
        change: gives the new document of the old one.
        reason: in place of the old one; None: that stays.

    Raises:
        Missing: no such draft that the caller sees.
        Malformed: with everything that is wrong in the document.
        RuleBroken: it is no draft any more, or would begin too early.
    """
    found = in_state(act, version_id, DRAFT)
    filled = completed(change(law.published_document(found.document).document))
    _refuse_faults(filled, _DOCUMENT)
    for name in ("code", "region", "version"):
        if filled[name] != getattr(found, name):
            kept = (("value", shown(getattr(found, name))),)
            raise Malformed("malformed", FieldError(f"{_DOCUMENT}/{name}", "fixed-in-draft", kept))
    text = law.canonical_text(filled)
    _refuse_early(act, law.version_in(text).valid_from, f"{_DOCUMENT}/valid_from")
    for name, value in _columns(text).items():
        setattr(found, name, value)
    found.reason, found.edited_by, found.edited_at = reason or found.reason, act.caller.id, act.now
    noted(act, found, "edit")
    return found


def approve(act: Act, version_id: str) -> PolicyVersion:
    """Approve 批准 a draft of somebody else.

    Raises:
        Missing: no such version that the caller sees.
        NotAllowed: the caller drafted or edited it.
        RuleBroken: it is no draft, begins too early by now, or what it was made from does not hold any more.
    """
    found = in_state(act, version_id, DRAFT)
    if act.caller.id in {found.drafted_by, found.edited_by}:
        raise NotAllowed("own-policy")
    document = law.published_document(found.document).document
    if faults := faults_of(document):
        raise RuleBroken("policy-outdated", *faults)
    _refuse_early(act, found.valid_from, "/valid_from")
    if found.based_on is not None:
        _refuse_other_base(act, found.code, found.region, found.valid_from, found.based_on)
    found.state, found.approved_by, found.approved_at = APPROVED, act.caller.id, act.now
    noted(act, found, "approve")
    look_again(act, found.region)
    return found


def faults_of(document: object) -> tuple[FieldError, ...]:
    """Find everything that keeps a document from being a policy or clocks, by its code."""
    code = document.get("code") if isinstance(document, Mapping) else None
    if code == CLOCKS:
        return clocks_faults(document)
    if code is not None and code != POLICY:
        allowed = (("value", shown(code)), ("allowed", f"{POLICY}, {CLOCKS}"))
        return (FieldError("/code", "unknown-value", allowed),)
    return policy_faults(document, items=law.item_codes())


def next_version(act: Act, *, code: str, region: str) -> int:
    """The number of the next version of a document in a region."""
    reach = region_prefix(region)
    seeded = (version.version for version, _ in law.seeded_versions(code) if version.reach == reach)
    return max([store.last_version(act.session, code=code, reach=reach), *seeded]) + 1


def _patched(act: Act, wanted: Changes) -> Mapping[str, Any]:
    """The document that a patch makes of its base, with the header that was given apart."""
    base = law.document_by_digest(act.session, wanted.based_on).document
    if apart := [name for name in _GIVEN_APART if name in wanted.changes]:
        raise Malformed("malformed", *(FieldError(f"/changes/{name}", "extra-forbidden") for name in apart))
    code = base["code"]
    if not act.caller.sees(wanted.region):
        raise Missing("not-found")
    _refuse_early(act, wanted.valid_from, "/valid_from")
    _refuse_other_base(act, code, wanted.region, wanted.valid_from, wanted.based_on)
    header = {
        "code": code,
        "version": next_version(act, code=code, region=wanted.region),
        "region": wanted.region,
        "valid_from": wanted.valid_from.isoformat(),
        "valid_to": None if wanted.valid_to is None else wanted.valid_to.isoformat(),
    }
    return completed({**merge_patch(base, wanted.changes), **header})


def _refuse_other_base(act: Act, code: str, region: str, on: date, based_on: str) -> None:
    """See that a patch was made of what would hold without it: else it would undo what came between."""
    holding = law.document_for(act.session, code, region, on).digests
    if based_on not in holding.values():
        raise RuleBroken("policy-base-changed", current=holding["sha256"])


def _refuse_early(act: Act, valid_from: date, at: str) -> None:
    earliest = shanghai_day(act.now) + _ONE_DAY
    if valid_from < earliest:
        fault = FieldError(at, "begins-too-early", (("earliest", earliest.isoformat()),))
        raise RuleBroken("policy-too-early", fault, earliest=earliest.isoformat())


def _refuse_faults(document: object, at: str) -> None:
    if faults := faults_of(document):
        raise Malformed("malformed", *_below(faults, at))


def _below(faults: Iterable[FieldError], at: str) -> Iterable[FieldError]:
    """Point into the request: a patch gives some of the header beside its changes."""
    for fault in faults:
        apart = at == _CHANGES and fault.pointer.removeprefix("/") in _GIVEN_APART
        yield fault if apart else replace(fault, pointer=at + fault.pointer)


def _columns(text: str) -> dict[str, Any]:
    """The columns that say what a document says."""
    version, digests = law.version_in(text), law.digests_of(text)
    return {
        "region": version.region,
        "reach": version.reach,
        "version": version.version,
        "valid_from": version.valid_from,
        "valid_to": version.valid_to,
        "document": text,
        "sha256": digests["sha256"],
        "sm3": digests["sm3"],
    }


def seen(act: Act, version_id: str) -> PolicyVersion:
    """A version in the caller's region, locked; acts on policies go one after another.

    Raises:
        Missing: there is none that the caller sees.
    """
    wait_turn(act.session, TURN)
    found = store.for_change(act.session, version_id)
    if found is None or not act.caller.sees(found.region):
        raise Missing("not-found")
    return found


def in_state(act: Act, version_id: str, wanted: str) -> PolicyVersion:
    """The same, while it is in a state.

    Raises:
        Missing: there is none that the caller sees.
        RuleBroken: it is in another state.
    """
    found = seen(act, version_id)
    if found.state != wanted:
        raise RuleBroken("wrong-state", state=found.state, wanted=wanted)
    return found


def noted(act: Act, found: PolicyVersion, what: str, **detail: object) -> None:
    """Write an act on a version into the audit log."""
    named = {"code": found.code, "version": found.version, "sha256": found.sha256}
    log(act, what=f"policies.{what}", region=found.region, subject=found.id, **named, **detail)
