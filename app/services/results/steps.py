"""What every step of a publication leaves behind: the new standing, a line of history, an audit event."""

from datetime import date
from typing import Any

from app.domain.days import shanghai_day
from app.domain.errors import Missing
from app.domain.results.publication import Publication as Standing
from app.domain.results.publication import lapsed, resume
from app.domain.results.states import State, Step
from app.services.access import log
from app.services.context import Act
from app.services.fieldwork.parts import part_for, refuse_all_but_lead
from app.services.results import standings
from app.store import appeals
from app.store.fieldwork import records
from app.store.results import publications as store
from app.store.tables.results import Publication, PublicationStep

_SAME = (
    *("version", "revision", "public_version", "submitted_by", "reviewed_by", "approved_by"),
    *("published_by", "reason", "withheld_by", "withheld_until"),
)


def publication_for(act: Act, publication_id: str) -> Publication:
    """The publication, locked; a withholding whose last day is over has ended first.

    Raises:
        Missing: there is none, or the caller may not see it.
        NotAllowed: of a joint visit, the caller is another agency's than the lead.
    """
    publication = store.for_change(act.session, publication_id)
    seen = store.seen_by(act.caller)
    if publication is None or store.publication_row(act.session.connection(), publication.id, seen) is None:
        raise Missing("not-found")
    visit = records.visit(act.session, publication.visit_id)
    if visit is not None:
        refuse_all_but_lead(part_for(act.session.connection(), act.caller, visit))
    resume_if_lapsed(act, publication)
    return publication


def resume_if_lapsed(act: Act, publication: Publication) -> bool:
    """Let a publication go on whose withholding has ended, and tell whether it did."""
    today = shanghai_day(act.now)
    standing = standing_of(publication)
    if standing.state is not State.WITHHELD or not lapsed(standing, today):
        return False
    keep(act, publication, Step.RESUME, resume(standing, today=today))
    return True


def standing_of(publication: Publication) -> Standing:
    """Where a stored publication stands."""
    return Standing(
        state=State(publication.state),
        held_state=None if publication.held_state is None else State(publication.held_state),
        **{name: getattr(publication, name) for name in _SAME},
    )


def officers_of(act: Act, publication: Publication) -> frozenset[str]:
    """Ids of the callers who inspected; the caller among them when the key's officer was of the team."""
    own = {act.caller.id} if act.caller.inspector in publication.officers else set()
    return frozenset(publication.callers) | own


def kept_apart(act: Act, publication: Publication) -> frozenset[str]:
    """Ids of the callers who take no result further: who inspected, and who proposed or decided an appeal."""
    return officers_of(act, publication) | appeals.appeal_officers(act.session, publication.id)


def keep(
    act: Act,
    publication: Publication,
    step: Step,
    standing: Standing,
    *,
    reason: str | None = None,
    ground: str | None = None,
    until: date | None = None,
    body: dict[str, Any] | None = None,
) -> None:
    """Move a publication to where a step has led it, and write the step down."""
    publication.state = standing.state.value
    publication.held_state = None if standing.held_state is None else standing.held_state.value
    for name in _SAME:
        setattr(publication, name, getattr(standing, name))
    publication.changed_at = act.now
    store.add_step(
        act.session,
        PublicationStep(
            publication_id=publication.id,
            n=store.next_step(act.session, publication.id),
            act=step.value,
            state=standing.state.value,
            version=standing.version,
            revision=standing.revision,
            caller_id=act.caller.id,
            caller_name=act.caller.name,
            at=act.now,
            reason=reason,
            ground=ground,
            until=until,
            body=body,
        ),
    )
    detail: dict[str, object] = {"version": standing.version, "state": standing.state.value}
    if ground is not None:
        detail["ground"] = ground
    log(act, what=f"publications.{step.value}", region=publication.region, subject=publication.id, **detail)
    standings.restate(act, publication.visit_id)
