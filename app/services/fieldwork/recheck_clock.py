"""The clock of a re-check 复查期限: wound with an order's day, met by a re-inspection, late or not."""

from datetime import date, timedelta

from app.domain.days import shanghai_day
from app.domain.errors import RuleBroken
from app.domain.fieldwork.dispositions import Kind, checked_late
from app.domain.results.clocks import RecheckRule, recheck_by
from app.services.access import log
from app.services.context import Act
from app.services.results.deadlines import clocks_for
from app.services.results.working_calendar import MISSING_YEAR, calendar_around
from app.store.fieldwork import records as store
from app.store.tables.fieldrecords import Disposition
from app.store.tables.fieldwork import Visit


def wind(act: Act, visit: Visit, disposition: Disposition) -> bool:
    """Set until when an order is checked again, by the clocks of today, and tell whether that moved.

    Of other kinds there is nothing to set; while the calendar of a year is missing the day stays open.
    """
    rule = clocks_for(act.session, visit.region, shanghai_day(act.now)).recheck
    if rule is None or disposition.kind != Kind.ORDER_TO_CORRECT or disposition.due_on is None:
        return False
    until = _until(act, disposition.due_on, visit.regimes, rule)
    if until == disposition.recheck_by:
        return False
    disposition.recheck_by = until
    disposition.recheck_alarm_on = None if until is None else until - timedelta(days=rule.alarm_days)
    disposition.alarmed_at = disposition.overdue_at = None
    return True


def _until(act: Act, due_on: date, regimes: list[str], rule: RecheckRule) -> date | None:
    try:
        return recheck_by(due_on, regimes, rule, calendar_around(act, due_on))
    except RuleBroken as broken:
        if broken.slug != MISSING_YEAR:
            raise
        return None


def met(act: Act, disposition: Disposition, visit: Visit) -> None:
    """Take note that an order was checked again; the first time since its day was set counts."""
    if disposition.rechecked_on is not None:
        return
    disposition.rechecked_on = visit.ended_on
    late = checked_late(disposition.rechecked_on, disposition.recheck_by)
    log(
        act,
        what="dispositions.recheck",
        region=visit.region,
        subject=disposition.id,
        visit=visit.id,
        late=late,
    )


def recount(act: Act, disposition: Disposition) -> bool:
    """Wind the clock of an order anew after a calendar changed, and tell whether that moved it."""
    visit = store.visit(act.session, disposition.visit_id)
    before = disposition.recheck_by
    if visit is None or not wind(act, visit, disposition):
        return False
    log(
        act,
        what="dispositions.recount",
        region=visit.region,
        subject=disposition.id,
        before=None if before is None else before.isoformat(),
        after=None if disposition.recheck_by is None else disposition.recheck_by.isoformat(),
    )
    return True
