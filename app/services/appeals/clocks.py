"""The clock 期限 of an appeal's decision: wound when it is filed, counted anew with a year's calendar."""

from datetime import date

from app.domain.appeals.time_limits import AppealRule, appeal_rule
from app.domain.errors import RuleBroken
from app.domain.policies.header import CLOCKS
from app.domain.results.clocks import Count, deadline
from app.domain.working_days import WorkingCalendar
from app.services.access import log
from app.services.context import Act
from app.services.planning import law
from app.services.results.deadlines import clocks_for
from app.services.results.working_calendar import MISSING_YEAR, known_around
from app.store import appeals as store
from app.store.policies import Source
from app.store.tables.appeals import Appeal


def rule_for(source: Source, region: str, on: date) -> AppealRule | None:
    """The rule of appeals in force in a region on a day; None: the clocks there have none.

    Raises:
        Missing: no clocks are in force.
    """
    return appeal_rule(law.document_for(source, CLOCKS, region, on).document)


def wind(act: Act, appeal: Appeal, calendar: WorkingCalendar | None = None) -> bool:
    """Count an appeal's last day and that of its alarm, and tell whether they moved.

    While the calendar of a year is missing they stay as they are: nobody is refused an appeal for that.
    """
    clocks = clocks_for(act.session, appeal.region, appeal.filed_on)
    known = calendar or known_around(act.session.connection(), appeal.filed_on)
    try:
        until = deadline([Count(appeal.filed_on, appeal.working_days)], clocks, known)
    except RuleBroken as broken:
        if broken.slug != MISSING_YEAR:
            raise
        return False
    if (until.due_on, until.alarm_on) == (appeal.due_on, appeal.alarm_on):
        return False
    appeal.due_on, appeal.alarm_on = until.due_on, until.alarm_on
    appeal.alarmed_at = appeal.overdue_at = None
    act.session.flush()
    return True


def recount(act: Act, year: int) -> int:
    """Count anew what runs through a year, note each that moves, and tell how many did."""
    return sum(_recount(act, appeal) for appeal in store.running_through(act.session, year))


def start_waiting(act: Act, *, most: int) -> int:
    """Begin clocks that waited for a calendar, at most so many, and tell how many began."""
    return sum(_recount(act, appeal) for appeal in store.waiting(act.session, limit=most))


def _recount(act: Act, appeal: Appeal) -> bool:
    before = appeal.due_on
    if not wind(act, appeal):
        return False
    log(
        act,
        what="appeals.recount",
        region=appeal.region,
        subject=appeal.id,
        before=None if before is None else before.isoformat(),
        after=None if appeal.due_on is None else appeal.due_on.isoformat(),
    )
    return True
