"""Accepting, proposing and deciding an appeal; what a decision begins at the result it is about."""

from typing import Final

from app.domain.appeals import appeal as rules
from app.domain.appeals.appeal import Appeal as Standing
from app.domain.appeals.appeal import Outcome
from app.domain.errors import Missing
from app.services.access import log
from app.services.appeals import sealing
from app.services.appeals.marks import restate, standing_of
from app.services.context import Act
from app.services.results import clocks
from app.services.results.steps import officers_of
from app.store import appeals as store
from app.store.results import publications
from app.store.tables.appeals import Appeal
from app.store.tables.results import Publication

REASONS: Final = {
    Outcome.UPHELD: "申诉成立，依申诉决定更正",
    Outcome.PARTLY: "申诉部分成立，依申诉决定更正",
}
"""Why a result gets a next version; it says nothing of who appealed."""


def accept(act: Act, appeal_id: str) -> Appeal:
    """Take the case, or take it over; from here on the public sees that an appeal is pending.

    Raises:
        Missing: not seen by the caller.
        RuleBroken: wrong state, or the caller handles it already.
        NotAllowed: the caller had a hand in the result.
    """
    appeal, publication = _case(act, appeal_id)
    standing = rules.accept(standing_of(appeal), by=act.caller.id, hands=hands_of(act, publication))
    appeal.accepted_at, appeal.handler_name = appeal.accepted_at or act.now, act.caller.name
    return _keep(act, appeal, standing, "appeals.accept")


def propose(act: Act, appeal_id: str, *, outcome: Outcome, reasons: str) -> Appeal:
    """Propose how to decide, and why.

    Raises:
        Missing: not seen by the caller.
        RuleBroken: wrong state.
        NotAllowed: the caller is not the handler, or had a hand in the result.
    """
    appeal, publication = _case(act, appeal_id)
    hands = hands_of(act, publication)
    standing = rules.propose(standing_of(appeal), by=act.caller.id, outcome=outcome, hands=hands)
    appeal.sealed_proposal = sealing.sealed(act.vault, appeal.id, sealing.PROPOSAL, {"reasons": reasons})
    appeal.proposed_at = act.now
    return _keep(act, appeal, standing, "appeals.propose", proposal=outcome.value)


def decide(act: Act, appeal_id: str, *, outcome: Outcome, decision: str) -> Appeal:
    """Decide, by somebody who neither proposed nor had a hand in the result.

    One that is upheld begins the result's next version, which its officers submit and others review, approve
    and publish, or the approver withdraws the result; a correction that was handed in already comes back.

    Raises:
        Missing: not seen by the caller.
        RuleBroken: wrong state, or the calendar of a year is missing by which the correction is due.
        NotAllowed: the caller proposed, or had a hand in the result.
    """
    appeal, publication = _case(act, appeal_id)
    standing = rules.decide(
        standing_of(appeal),
        by=act.caller.id,
        outcome=outcome,
        hands=hands_of(act, publication),
        shown=publication.public_version,
    )
    appeal.sealed_decision = sealing.sealed(act.vault, appeal.id, sealing.DECISION, {"decision": decision})
    appeal.decided_at, appeal.decider_name = act.now, act.caller.name
    if outcome.grants:
        clocks.begin_next(act, publication, reason=REASONS[outcome])
    return _keep(act, appeal, standing, "appeals.decide", outcome=outcome.value)


def _case(act: Act, appeal_id: str) -> tuple[Appeal, Publication]:
    """An appeal and the publication that it is about, that one locked first, as every step of it does."""
    result_id = store.result_of(act.session, appeal_id, store.seen_by(act.caller))
    publication = None if result_id is None else publications.for_change(act.session, result_id)
    if publication is None:
        raise Missing("not-found")
    return store.for_change(act.session, appeal_id), publication


def hands_of(act: Act, publication: Publication) -> frozenset[str]:
    """Ids of the callers who inspected, or took the result to the public."""
    return officers_of(act, publication) | store.judges(act.session, publication.id)


def _keep(act: Act, appeal: Appeal, standing: Standing, what: str, **detail: object) -> Appeal:
    """Move an appeal to where a step has led it, and let the public see what it may."""
    appeal.state, appeal.handler = standing.state.value, standing.handler
    appeal.handled_by = sorted(standing.handled_by)
    appeal.proposal = None if standing.proposal is None else standing.proposal.value
    appeal.decider, appeal.decided_version = standing.decider, standing.decided_version
    appeal.outcome = None if standing.outcome is None else standing.outcome.value
    log(act, what=what, region=appeal.region, subject=appeal.id, result=appeal.visit_id, **detail)
    restate(act, appeal.visit_id)
    return appeal
