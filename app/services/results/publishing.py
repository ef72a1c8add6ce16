"""The steps of a publication 公示: each is one act by one person, and leaves its line of history."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection

from app.domain.days import shanghai_day
from app.domain.errors import Missing
from app.domain.fieldwork.result import VisitResult
from app.domain.results import publication as rules
from app.domain.results.clocks import check_withholding
from app.domain.results.public_copy import (
    Edition,
    copy_sha256,
    edition_copy,
    found,
    public_copy,
    public_key,
    public_name,
    uscc_of,
    withdrawal_copy,
)
from app.domain.results.publication import Publication as Standing
from app.domain.results.redaction import redact
from app.domain.results.states import Ground, Step
from app.services.appeals.marks import mark_for
from app.services.context import Act
from app.services.fieldwork import closing
from app.services.fieldwork.results import result_of
from app.services.results import removing
from app.services.results.clocks import correction_counts, wind_now
from app.services.results.deadlines import clocks_for
from app.services.results.steps import keep, kept_apart, officers_of, publication_for, standing_of
from app.store.results import publications as store
from app.store.tables.results import Publication, PublicResult

RESULT: TypeAdapter[VisitResult] = TypeAdapter(VisitResult)
"""How a result is stored as it was submitted."""


def submit(act: Act, publication_id: str) -> Publication:
    """Hand the visit's result in as it stands; it is kept, and what follows is decided about this.

    Raises:
        Missing: none of the caller's own visits.
        RuleBroken: wrong state.
    """
    publication = publication_for(act, publication_id)
    if act.caller.id not in officers_of(act, publication):
        raise Missing("not-found")
    standing = rules.submit(standing_of(publication), by=act.caller.id)
    body = RESULT.dump_python(result_of(act.session, publication.visit_id), mode="json")
    publication.body = body
    publication.callers = sorted({*publication.callers, act.caller.id})
    keep(act, publication, Step.SUBMIT, standing, body=body)
    return publication


def review(act: Act, publication_id: str) -> Publication:
    """Find the result fit for approval.

    Raises:
        Missing: not seen by the caller.
        RuleBroken: wrong state.
        NotAllowed: the caller inspected or submitted.
    """
    return _decide(act, publication_id, Step.REVIEW, rules.review)


def approve(act: Act, publication_id: str) -> Publication:
    """Decide that the result becomes public.

    Raises:
        Missing: not seen by the caller.
        RuleBroken: wrong state.
        NotAllowed: the caller inspected, submitted or reviewed.
    """
    return _decide(act, publication_id, Step.APPROVE, rules.approve)


def _decide(act: Act, publication_id: str, step: Step, rule: Callable[..., Standing]) -> Publication:
    """Take a step that somebody decides who had no part in the result, and that changes nothing else."""
    publication = publication_for(act, publication_id)
    officers = kept_apart(act, publication)
    keep(act, publication, step, rule(standing_of(publication), by=act.caller.id, officers=officers))
    return publication


def publish(act: Act, publication_id: str) -> Publication:
    """Make the public copy of what was approved, and show it; the visit is closed with it.

    Raises:
        Missing: not seen by the caller.
        RuleBroken: wrong state.
        NotAllowed: the caller inspected, submitted, reviewed or approved.
    """
    publication = publication_for(act, publication_id)
    officers = kept_apart(act, publication)
    why = store.reason_of_version(act.session, publication.id, publication.version)
    standing = rules.publish(standing_of(publication), by=act.caller.id, officers=officers)
    result = RESULT.validate_python(publication.body)
    edition = _edition(act, publication, standing.version, why)
    copy = copy_of(act.session.connection(), publication.visit_id, publication.body)
    document = edition_copy(copy, edition)
    clocks = clocks_for(act.session, publication.region, publication.ended_on)
    _put(
        act,
        publication,
        edition,
        document,
        codes=list(result.codes),
        kind=result.kind,
        draw_id=result.draw_id,
        found=found(result),
        punished=clocks.punishes(one.kind for one in result.dispositions),
    )
    publication.published_at = publication.published_at or act.now
    closing.close(act, publication.visit_id)
    keep(act, publication, Step.PUBLISH, standing)
    return publication


def copy_of(connection: Connection, visit_id: str, body: Mapping[str, Any] | None) -> dict[str, Any]:
    """The public copy of a body that was submitted."""
    return public_copy(RESULT.validate_python(body), names=store.names_of(connection, visit_id))


def send_back(act: Act, publication_id: str, *, reason: str) -> Publication:
    """Give the result back to its officers; what they had submitted stays in the history.

    Raises:
        Missing: not seen by the caller.
        RuleBroken: wrong state.
        NotAllowed: the caller inspected or submitted.
    """
    publication = publication_for(act, publication_id)
    standing = rules.send_back(
        standing_of(publication), by=act.caller.id, officers=kept_apart(act, publication), reason=reason
    )
    keep(act, publication, Step.SEND_BACK, standing, reason=reason)
    return publication


def withhold(act: Act, publication_id: str, *, reason: str, until: date) -> Publication:
    """Keep the result from the public until a day, which the public is told.

    Raises:
        Missing: not seen by the caller.
        Malformed: a day that is past or too far away.
        RuleBroken: wrong state.
        NotAllowed: the caller inspected, submitted or reviewed.
    """
    publication = publication_for(act, publication_id)
    today = shanghai_day(act.now)
    check_withholding(until, today=today, clocks=clocks_for(act.session, publication.region, today))
    officers = kept_apart(act, publication)
    standing = rules.withhold(
        standing_of(publication), by=act.caller.id, officers=officers, reason=reason, until=until
    )
    keep(act, publication, Step.WITHHOLD, standing, reason=reason, until=until)
    return publication


def correct(act: Act, publication_id: str, *, reason: str) -> Publication:
    """Begin the next version; it goes the whole way, with a clock of its own.

    Raises:
        Missing: not seen by the caller.
        RuleBroken: wrong state, or the calendar of a year is missing.
    """
    publication = publication_for(act, publication_id)
    keep(
        act, publication, Step.CORRECT, rules.correct(standing_of(publication), reason=reason), reason=reason
    )
    wind_now(act, publication, correction_counts(act, publication))
    return publication


def withdraw(act: Act, publication_id: str, *, reason: str, ground: Ground) -> Publication:
    """Take the public result back: a version that says why takes its place.

    On the ground of privacy what was public is removed, from every version of it: of each the public keeps
    number, digest, day and reason, and auditors the whole.

    Raises:
        Missing: not seen by the caller.
        RuleBroken: nothing is public.
        NotAllowed: the caller inspected or submitted.
    """
    publication = publication_for(act, publication_id)
    before = standing_of(publication)
    officers = kept_apart(act, publication)
    standing = rules.withdraw(before, by=act.caller.id, officers=officers, reason=reason)
    shown = store.public_result(act.session, publication.visit_id, before.public_version or 0)
    edition = _edition(act, publication, standing.version, reason)
    _put(
        act,
        publication,
        edition,
        withdrawal_copy(publication.visit_id, edition, ground),
        withdrawn=True,
        ground=ground.value,
        codes=shown.codes,
        kind=shown.kind,
        draw_id=shown.draw_id,
        found=shown.found,
        punished=shown.punished,
    )
    if ground.removes_content:
        removing.remove_content(act, publication.visit_id, region=publication.region)
    keep(act, publication, Step.WITHDRAW, standing, reason=reason, ground=ground.value)
    return publication


def _edition(act: Act, publication: Publication, version: int, reason: str | None) -> Edition:
    newest = store.newest_version(act.session, publication.visit_id)
    return Edition(
        version=version,
        published_at=act.now,
        reason=reason,
        previous=None if newest is None else newest.sha256,
    )


def _put(
    act: Act,
    publication: Publication,
    edition: Edition,
    document: dict[str, Any],
    *,
    withdrawn: bool = False,
    **shown: Any,  # noqa: ANN401 - columns of the copy, whose types the table has
) -> None:
    newest = store.newest_version(act.session, publication.visit_id)
    in_time = shanghai_day(act.now) <= publication.due_on if newest is None else newest.in_time
    store.put_version(
        act.session,
        PublicResult(
            id=publication.visit_id,
            version=edition.version,
            current=True,
            withdrawn=withdrawn,
            reason=None if edition.reason is None else redact(edition.reason),
            region=publication.region,
            item=publication.item,
            regime=publication.regimes[0],
            entity_key=public_key(publication.entity_key),
            entity_name=public_name(publication.entity_name),
            uscc=uscc_of(publication.entity_key),
            ended_on=publication.ended_on,
            published_at=edition.published_at,
            in_time=in_time,
            copy_=document,
            sha256=copy_sha256(document),
            appeal=mark_for(act.session, publication.visit_id, edition.version),
            **shown,
        ),
    )
