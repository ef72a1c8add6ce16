"""Other days for a draw of the calendar that was voided: it is replaced inside its window."""

from app.domain.calendar.checks import span_faults
from app.domain.calendar.spans import Span, worked_days
from app.domain.calendar.standing import replacement
from app.domain.days import shanghai_day
from app.domain.errors import FieldError, RuleBroken
from app.services.access import log
from app.services.context import Act
from app.services.planning.calendar_publishing import publish
from app.services.planning.calendar_rows import TURN, draw_for, window_of
from app.services.planning.calendar_standing import occasion, week_around
from app.store.queues import wait_turn
from app.store.tables.draw_calendar import CalendarDraw


def replace(act: Act, draw_id: str, asked: Span | None) -> CalendarDraw:
    """Set the days on which a voided draw is held again; none asked for: those that are proposed.

    Raises:
        Missing: no such draw in the caller's region.
        RuleBroken: it is not in force, its draw was not voided, its window has no working day left, or the
            days break a rule.
    """
    wait_turn(act.session, TURN)
    row, today = draw_for(act, draw_id), shanghai_day(act.now)
    if not row.in_force:
        raise RuleBroken("calendar-not-in-force", period=row.period)
    one, week = occasion(act.session, row), week_around(act.session, today)
    if not one.waits_for_replacement:
        raise RuleBroken("calendar-not-voided", period=row.period)
    proposed = replacement(one, on=today, week=week)
    if proposed is None:
        raise RuleBroken("calendar-no-replacement", period=row.period, last=row.window_to.isoformat())
    visits = proposed if asked is None else asked
    faults = [*span_faults(visits, window=window_of(row), today=today)]
    if not faults and not worked_days(visits, week):
        faults.append(FieldError("/visit_to", "no-working-day"))
    if faults:
        raise RuleBroken("calendar-rules", *faults, count=len(faults))
    before = [row.visit_from.isoformat(), row.visit_to.isoformat()]
    alarm_days = row.visit_from - row.alarm_on
    row.visit_from, row.visit_to, row.alarm_on = visits.first, visits.last, visits.first - alarm_days
    row.replaced_at, row.replaced_by = act.now, act.caller.id
    row.alarmed_at, row.missed_at, row.settled = None, None, False
    act.session.flush()
    publish(act, item=row.item, region=row.region, year=row.year)
    log(
        act,
        what="draw-calendars.replace",
        region=row.region,
        subject=row.id,
        period=row.period,
        before=before,
        after=[visits.first.isoformat(), visits.last.isoformat()],
    )
    return row
