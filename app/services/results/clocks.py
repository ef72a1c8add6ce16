"""Clocks 公示期限: started when a visit's result is submitted, wound tighter when a penalty is decided."""

from datetime import date

from app import seeds
from app.domain.days import shanghai_day
from app.domain.errors import Missing, RuleBroken
from app.domain.policy import in_force
from app.domain.results.clocks import (
    Clocks,
    Deadline,
    parse_clocks,
    penalty_deadline,
    result_deadline,
    sooner,
)
from app.domain.results.publication import BEGINS, State, Step, correct, recall
from app.domain.results.publication import Publication as Standing
from app.services.context import Act
from app.services.fieldwork.results import result_of
from app.services.results.steps import keep, standing_of
from app.services.results.working_calendar import calendar_around
from app.store.results import publications as store
from app.store.tables.fieldwork import Visit
from app.store.tables.results import Publication

PENALTY_REASON = "作出行政处罚决定，补充公示"
"""Why a result that is public already gets a next version when a penalty is decided."""


def clocks_for(region: str, on: date) -> Clocks:
    """The clocks in force in a region on a day.

    Raises:
        Missing: none are.
    """
    document = in_force(seeds.documents("clocks"), region=region, on=on)
    if document is None:
        raise Missing("no-policy", region=region, on=on.isoformat())
    return parse_clocks(document)


def start(act: Act, visit: Visit) -> Publication:
    """Begin the way of a visit's result to the public, with the day by which it must be there.

    Raises:
        RuleBroken: the visit has not ended, or the calendar of a year is missing.
    """
    if visit.ended_on is None:
        raise RuleBroken("wrong-state", state=visit.state, wanted="submitted")
    result = result_of(act.session, visit.id)
    clocks = clocks_for(visit.region, visit.ended_on)
    deadline = result_deadline(visit.ended_on, clocks, calendar_around(act, visit.ended_on))
    fresh = Standing()
    publication = Publication(
        id=act.new_id(),
        visit_id=visit.id,
        region=visit.region,
        item=visit.item,
        entity_key=visit.entity_key,
        entity_name=visit.entity_name,
        regimes=list(visit.regimes),
        officers=sorted(one.code for one in result.officers),
        callers=sorted(store.callers_of(act.session, visit.id) | {visit.submitted_by or act.caller.id}),
        ended_on=visit.ended_on,
        version=fresh.version,
        revision=fresh.revision,
        state=fresh.state.value,
        due_on=deadline.due_on,
        alarm_on=deadline.alarm_on,
        started_at=act.now,
        changed_at=act.now,
    )
    store.add(act.session, publication)
    return publication


def penalty_decided(act: Act, visit_id: str, kind: str) -> None:
    """Take note of a disposition: a penalty must soon be public, so the result is submitted anew with it.

    Without a publication, as for a visit that found nobody, there is nothing to do.
    """
    publication = store.for_change(act.session, visit_id)
    if publication is None or publication.state == State.WITHDRAWN:
        return
    clocks = clocks_for(publication.region, shanghai_day(act.now))
    if not clocks.punishes([kind]):
        return
    deadline = _penalty(act, clocks)
    if publication.state != State.PUBLISHED:
        deadline = sooner(deadline, Deadline(publication.due_on, publication.alarm_on))
    _begin_anew(act, publication, PENALTY_REASON)
    set_deadline(publication, deadline)


def corrected(act: Act, visit: Visit, *, reason: str) -> None:
    """Take note that a submitted record was corrected.

    What was handed in comes back, what is public gets a next version. A draft, and a result that was
    withdrawn, stay as they are: what is submitted next is the corrected record.
    """
    publication = store.for_change(act.session, visit.id)
    if publication is None:
        return
    was_public = publication.state == State.PUBLISHED
    _begin_anew(act, publication, reason)
    if was_public:
        set_deadline(publication, correction_deadline(act, publication))


def _begin_anew(act: Act, publication: Publication, reason: str) -> None:
    standing = standing_of(publication)
    if standing.state is State.PUBLISHED:
        keep(act, publication, Step.CORRECT, correct(standing, reason=reason), reason=reason)
    elif standing.state in BEGINS[Step.RECALL]:
        keep(act, publication, Step.RECALL, recall(standing, reason=reason), reason=reason)


def correction_deadline(act: Act, publication: Publication) -> Deadline:
    """Until when a correction must be public: as long as a result has, from the day it is asked for."""
    today = shanghai_day(act.now)
    return result_deadline(today, clocks_for(publication.region, today), calendar_around(act, today))


def set_deadline(publication: Publication, deadline: Deadline) -> None:
    """Let the publication run by another deadline; its alarms are due anew."""
    if deadline == Deadline(publication.due_on, publication.alarm_on):
        return
    publication.due_on, publication.alarm_on = deadline.due_on, deadline.alarm_on
    publication.alarmed_at = publication.overdue_at = None


def _penalty(act: Act, clocks: Clocks) -> Deadline:
    today = shanghai_day(act.now)
    return penalty_deadline(today, clocks, calendar_around(act, today))
