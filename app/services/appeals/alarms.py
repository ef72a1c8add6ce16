"""Alarms 到期提醒 of appeals: once before the decision's last day is over, once when it is."""

from collections.abc import Iterable, Sequence

from app.domain.appeals.appeal import UNDECIDED
from app.domain.days import shanghai_day
from app.services.access import log
from app.services.context import Act, Look
from app.store import appeals as store
from app.store.tables.appeals import Appeal


def due(look: Look, *, limit: int) -> Sequence[str]:
    """Ids of appeals for which the clock has something to say, the most urgent first."""
    return store.alarm_due(look.connection, today=shanghai_day(look.now), limit=limit)


def raise_for(act: Act, ids: Iterable[str]) -> None:
    """Raise the alarms that are due, each once: an audit event, and its time at the appeal."""
    for appeal_id in ids:
        _raise(act, store.for_change(act.session, appeal_id))


def _raise(act: Act, appeal: Appeal) -> None:
    today = shanghai_day(act.now)
    if appeal.state not in UNDECIDED or appeal.due_on is None or appeal.alarm_on is None:
        return
    over = appeal.due_on < today
    raised = appeal.overdue_at if over else appeal.alarmed_at
    if raised is not None or not (over or appeal.alarm_on <= today):
        return
    appeal.alarmed_at = appeal.alarmed_at or act.now
    appeal.overdue_at = act.now if over else None
    log(
        act,
        what="appeals.alarm",
        region=appeal.region,
        subject=appeal.id,
        kind="overdue" if over else "due-soon",
        due_on=appeal.due_on.isoformat(),
        state=appeal.state,
    )
