"""Counting anew what runs by a year's calendar when that is entered or replaced, in the same transaction."""

from app.domain.errors import RuleBroken
from app.domain.results.clocks import Clocks
from app.domain.working_days import WorkingCalendar
from app.services.access import log
from app.services.appeals import clocks as appeal_clocks
from app.services.context import Act
from app.services.fieldwork import recheck_clock
from app.services.results import clocks
from app.services.results.deadlines import clocks_for
from app.services.results.working_calendar import MISSING_YEAR
from app.store.fieldwork import dispositions, visits
from app.store.results import calendar as calendars
from app.store.results import publications as store
from app.store.tables.results import Publication

_YEARS_BEFORE = 2
"""How far before the year a clock that runs through it may have begun: none is longer than a year."""


def recount(act: Act, year: int) -> int:
    """Count the clocks that run through a year anew, note each that moves, and tell how many did.

    What is public already stays as it was judged. A day that would fall into a year that is not known yet
    stays, too: that year's notice brings it here again.
    """
    years = range(year - _YEARS_BEFORE, year + 2)
    calendar = calendars.calendar_of(act.session.connection(), years)
    known: dict[str, Clocks] = {}
    moved = 0
    for publication in store.running_through(act.session, year):
        region = publication.region
        if region not in known:
            known[region] = clocks_for(act.session, region, publication.ended_on)
        moved += _recount(act, publication, known[region], calendar)
    for order in dispositions.orders_through(act.session, year):
        moved += recheck_clock.recount(act, order)
    return moved + appeal_clocks.recount(act, year)


def _recount(act: Act, publication: Publication, rules: Clocks, calendar: WorkingCalendar) -> bool:
    counts, before = clocks.counts_of(publication), publication.due_on
    if not counts:
        return False
    try:
        if not clocks.wind(act, publication, counts, clocks=rules, calendar=calendar):
            return False
    except RuleBroken as broken:
        if broken.slug != MISSING_YEAR:
            raise
        return False
    log(
        act,
        what="publications.recount",
        region=publication.region,
        subject=publication.id,
        before=before.isoformat(),
        after=publication.due_on.isoformat(),
    )
    return True


def start_waiting(act: Act, *, most: int) -> int:
    """Begin clocks that waited for a calendar, at most so many of each sort, and tell how many began."""
    connection = act.session.connection()
    begun = 0
    for visit_id in visits.without_publication(connection, limit=most):
        visit = visits.visit_for_change(act.session, visit_id)
        if visit is not None:
            begun += clocks.start_if_known(act, visit)
    for disposition_id in dispositions.orders_without_recheck(connection, limit=most):
        order = dispositions.disposition_for_change(act.session, disposition_id)
        if order is not None:
            begun += recheck_clock.recount(act, order)
    return begun + appeal_clocks.start_waiting(act, most=most)
