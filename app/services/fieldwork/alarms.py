"""Alarms of fieldwork: orders not checked again, emergencies not approved, visits without their record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.days import shanghai_day
from app.domain.fieldwork.visit import UNDER_WAY
from app.services.access import log
from app.services.context import Act, Look
from app.services.results.deadlines import result_deadline
from app.store.fieldwork import dispositions, visits


@dataclass(frozen=True, slots=True)
class Due:
    """Ids of what an alarm is due for."""

    orders: Sequence[str]
    emergencies: Sequence[str]

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self.orders or self.emergencies)


def due(look: Look, *, limit: int) -> Due:
    """What the clock has to say, the most urgent first."""
    return Due(
        dispositions.alarm_due(look.connection, today=shanghai_day(look.now), limit=limit),
        visits.approval_alarm_due(look.connection, now=look.now, limit=limit),
    )


def raise_for(act: Act, found: Due) -> None:
    """Raise the alarms that are due, each once: an audit event, and its time at the order or the visit."""
    for disposition_id in found.orders:
        _of_order(act, disposition_id)
    for visit_id in found.emergencies:
        _of_emergency(act, visit_id)


@dataclass(frozen=True, slots=True)
class Unrecorded:
    """A visit that took place, without a record submitted; its result is due, or soon."""

    visit_id: str
    due_on: date
    overdue: bool


def unrecorded(look: Look) -> list[Unrecorded]:
    """The visits whose results run out before they have begun their way; it changes with the day only."""
    today = shanghai_day(look.now)
    found = []
    for row in visits.unrecorded(look.connection, today=today):
        until = result_deadline(look.connection, row.region, row.over)
        if until is None or until.alarm_on > today:
            break  # the others ended later
        overdue = until.due_on < today
        if overdue or row.record_alarmed_at is None:
            found.append(Unrecorded(row.id, until.due_on, overdue))
    return found


def raise_for_records(act: Act, found: Sequence[Unrecorded]) -> None:
    """Raise the alarms of visits without their record, each once before the last day and once after it."""
    for one in found:
        visit = visits.visit_for_change(act.session, one.visit_id)
        if visit is None or visit.state not in UNDER_WAY or visit.record_overdue_at is not None:
            continue
        visit.record_alarmed_at = visit.record_alarmed_at or act.now
        visit.record_overdue_at = act.now if one.overdue else None
        kind = "record-overdue" if one.overdue else "record-due-soon"
        due_on = one.due_on.isoformat()
        log(act, what="visits.alarm", region=visit.region, subject=visit.id, kind=kind, due_on=due_on)


def _of_order(act: Act, disposition_id: str) -> None:
    order, today = dispositions.disposition_for_change(act.session, disposition_id), shanghai_day(act.now)
    if order is None or order.recheck_by is None or order.state != "open" or order.rechecked_on is not None:
        return
    over = order.recheck_by < today
    if (order.overdue_at if over else order.alarmed_at) is not None:
        return
    order.alarmed_at = order.alarmed_at or act.now
    order.overdue_at = act.now if over else None
    kind = "recheck-overdue" if over else "recheck-due-soon"
    until = order.recheck_by.isoformat()
    log(act, what="dispositions.alarm", region=order.region, subject=order.id, kind=kind, recheck_by=until)


def _of_emergency(act: Act, visit_id: str) -> None:
    visit = visits.visit_for_change(act.session, visit_id)
    if visit is None or visit.approved_at is not None or visit.approval_alarmed_at is not None:
        return
    visit.approval_alarmed_at = act.now
    until = None if visit.approve_by is None else visit.approve_by.isoformat()
    log(
        act,
        what="visits.alarm",
        region=visit.region,
        subject=visit.id,
        kind="approval-overdue",
        approve_by=until,
    )
