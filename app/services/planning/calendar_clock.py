"""What the clock does to the calendar: alarms before a draw is missed, and the record of what was missed.

An alarm is an audit event, and shows at the draw as `alarmed_at` or `missed_at`.
"""

from collections.abc import Iterable

from app.domain.calendar.standing import Occasion, Standing, replacement, standing
from app.domain.days import shanghai_day
from app.services.access import log
from app.services.context import Act, Look
from app.services.planning.calendar_standing import occasion, week_around
from app.store import draw_calendar as store
from app.store.tables.draw_calendar import CalendarDraw

_OPEN = frozenset({Standing.PLANNED, Standing.DRAFTED})


def due(look: Look, *, limit: int, after: str) -> list[str]:
    """Ids of draws that the clock looks at, after one in byte order: those near their visits or past them."""
    today = shanghai_day(look.now)
    return list(store.clock_due(look.connection, today=today, limit=limit, after=after))


def look_at(act: Act, ids: Iterable[str]) -> None:
    """Raise the alarms that are due, each once, and record what was missed."""
    for draw_id in ids:
        row = store.draw_for_change(act.session, draw_id)
        if row is not None and row.in_force and not row.settled:
            _look(act, row, occasion(act.session, row))


def _look(act: Act, row: CalendarDraw, one: Occasion) -> None:
    today = shanghai_day(act.now)
    week = week_around(act.session, today)
    state = standing(one, on=today, week=week)
    if one.held:
        row.settled = state is Standing.REVEALED or row.window_to < today
    elif state is Standing.MISSED:
        row.missed_at, row.settled = act.now, True
        _alarm(act, row, "no-replacement" if one.waits_for_replacement else "missed")
    elif state is Standing.VOIDED and _not_alarmed_since_the_void(row, one):
        proposed = replacement(one, on=today, week=week)
        row.alarmed_at = act.now
        _alarm(act, row, "voided", proposed=None if proposed is None else proposed.last.isoformat())
    elif state in _OPEN and row.alarmed_at is None:
        row.alarmed_at = act.now
        _alarm(act, row, "no-approved-plan")


def _not_alarmed_since_the_void(row: CalendarDraw, one: Occasion) -> bool:
    voided_at = one.drawn[-1].voided_at
    return row.alarmed_at is None or (voided_at is not None and row.alarmed_at < voided_at)


def _alarm(act: Act, row: CalendarDraw, kind: str, **detail: object) -> None:
    days = {"visit_from": row.visit_from.isoformat(), "visit_to": row.visit_to.isoformat()}
    log(
        act,
        what="draw-calendars.alarm",
        region=row.region,
        subject=row.id,
        kind=kind,
        item=row.item,
        period=row.period,
        **days,
        **detail,
    )
