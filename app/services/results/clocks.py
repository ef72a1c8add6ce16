"""Clocks 公示期限: started when a visit's result is there, wound tighter when a penalty is decided."""

from collections.abc import Collection
from datetime import date

from app.domain.days import shanghai_day
from app.domain.errors import RuleBroken
from app.domain.results.clocks import (
    Clocks,
    Count,
    deadline,
    penalty_count,
    result_count,
)
from app.domain.results.publication import Publication as Standing
from app.domain.results.publication import correct, recall
from app.domain.results.states import BEGINS, State, Step
from app.domain.working_days import WorkingCalendar
from app.services.access import log
from app.services.context import Act
from app.services.fieldwork.results import result_of
from app.services.results import standings
from app.services.results.deadlines import clocks_for
from app.services.results.steps import keep, standing_of
from app.services.results.working_calendar import MISSING_YEAR, calendar_around
from app.store.results import publications as store
from app.store.tables.fieldwork import Visit
from app.store.tables.results import Publication

PENALTY_REASON = "作出行政处罚决定，补充公示"
"""Why a result that is public already gets a next version when a penalty is decided."""


def start(act: Act, visit: Visit) -> Publication:
    """Begin the way of a visit's result to the public, with the day by which it must be there.

    Raises:
        RuleBroken: the visit has not ended, or the calendar of a year is missing.
    """
    if visit.ended_on is None:
        raise RuleBroken("wrong-state", state=visit.state, wanted="submitted")
    result = result_of(act.session, visit.id)
    clocks = clocks_for(act.session, visit.region, visit.ended_on)
    count = result_count(visit.ended_on, clocks)
    until = deadline([count], clocks, calendar_around(act, visit.ended_on))
    fresh = Standing()
    callers = store.callers_of(act.session, visit.id) | {visit.submitted_by}
    publication = Publication(
        id=act.new_id(),
        visit_id=visit.id,
        region=visit.region,
        item=visit.item,
        entity_key=visit.entity_key,
        entity_name=visit.entity_name,
        regimes=list(visit.regimes),
        officers=sorted(one.code for one in result.officers),
        callers=sorted(caller for caller in callers if caller is not None),
        ended_on=visit.ended_on,
        version=fresh.version,
        revision=fresh.revision,
        state=fresh.state.value,
        due_on=until.due_on,
        alarm_on=until.alarm_on,
        counts=_kept([count]),
        started_at=act.now,
        changed_at=act.now,
    )
    store.add(act.session, publication)
    standings.restate(act, visit.id)
    return publication


def start_or_wait(act: Act, visit: Visit) -> None:
    """The same of a visit that found nobody; while a year is missing its clock waits, not the officers.

    What they saw at the door cannot be seen another day: nothing may keep it from being recorded.
    """
    if not start_if_known(act, visit):
        log(act, what="publications.wait", region=visit.region, subject=visit.id)


def start_if_known(act: Act, visit: Visit) -> bool:
    """Begin the way of a visit's result to the public, and tell whether the calendar was there for it."""
    try:
        start(act, visit)
    except RuleBroken as broken:
        if broken.slug != MISSING_YEAR:
            raise
        return False
    return True


def penalty_decided(act: Act, visit_id: str, kind: str) -> None:
    """Take note of a disposition: a penalty must soon be public, so the result is submitted anew with it.

    Without a publication, as while the clock of a visit that found nobody waits, there is nothing to do.
    """
    publication = store.for_change(act.session, visit_id)
    if publication is None or publication.state == State.WITHDRAWN:
        return
    today = shanghai_day(act.now)
    clocks = clocks_for(act.session, publication.region, today)
    if not clocks.punishes([kind]):
        return
    counts = [penalty_count(today, clocks)]
    if publication.state != State.PUBLISHED:
        counts += _counts_before(publication, clocks)
    _begin_anew(act, publication, PENALTY_REASON)
    wind_now(act, publication, counts)


def corrected(act: Act, visit: Visit, *, reason: str) -> None:
    """Take note that a submitted record was corrected.

    What was handed in comes back, what is public gets a next version. A draft, and a result that was
    withdrawn, stay as they are: what is submitted next is the corrected record.
    """
    publication = store.for_change(act.session, visit.id)
    if publication is not None:
        begin_next(act, publication, reason=reason)


def begin_next(act: Act, publication: Publication, *, reason: str) -> None:
    """Let a result be submitted anew: what is public gets a next version, what was handed in comes back.

    Raises:
        RuleBroken: the calendar of a year is missing.
    """
    was_public = publication.state == State.PUBLISHED
    _begin_anew(act, publication, reason)
    if was_public:
        wind_now(act, publication, correction_counts(act, publication))


def _begin_anew(act: Act, publication: Publication, reason: str) -> None:
    standing = standing_of(publication)
    if standing.state is State.PUBLISHED:
        keep(act, publication, Step.CORRECT, correct(standing, reason=reason), reason=reason)
    elif standing.state in BEGINS[Step.RECALL]:
        keep(act, publication, Step.RECALL, recall(standing, reason=reason), reason=reason)


def correction_counts(act: Act, publication: Publication) -> list[Count]:
    """Until when a correction must be public: as long as a result has, from the day it is asked for."""
    today = shanghai_day(act.now)
    return [result_count(today, clocks_for(act.session, publication.region, today))]


def counts_of(publication: Publication) -> list[Count]:
    """What a publication's last day is counted from; nothing where that was not kept."""
    return [Count(date.fromisoformat(day), number) for day, number in publication.counts or ()]


def _counts_before(publication: Publication, clocks: Clocks) -> list[Count]:
    return counts_of(publication) or [result_count(publication.ended_on, clocks)]


def wind_now(act: Act, publication: Publication, counts: Collection[Count]) -> None:
    """Let a publication run by these counts, by the clocks and the calendar of today.

    Raises:
        RuleBroken: the calendar of a year is missing.
    """
    today = shanghai_day(act.now)
    clocks = clocks_for(act.session, publication.region, today)
    wind(act, publication, counts, clocks=clocks, calendar=calendar_around(act, today))


def wind(
    act: Act,
    publication: Publication,
    counts: Collection[Count],
    *,
    clocks: Clocks,
    calendar: WorkingCalendar,
) -> bool:
    """Let a publication run by these counts, and tell whether that moves its last day; alarms are due anew.

    Raises:
        RuleBroken: the calendar of a year is missing.
    """
    until = deadline(counts, clocks, calendar)
    publication.counts = _kept(counts)
    if (until.due_on, until.alarm_on) == (publication.due_on, publication.alarm_on):
        return False
    publication.due_on, publication.alarm_on = until.due_on, until.alarm_on
    publication.alarmed_at = publication.overdue_at = None
    act.session.flush()
    standings.restate(act, publication.visit_id)
    return True


def _kept(counts: Collection[Count]) -> list[list[object]]:
    return [[one.start.isoformat(), one.working_days] for one in counts]
