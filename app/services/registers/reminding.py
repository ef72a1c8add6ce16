"""Raising reminders 到期提醒 of what runs out, once for each of the policy's days, and showing them."""

from datetime import date
from typing import NamedTuple

from app.domain.days import shanghai_day
from app.domain.errors import Missing
from app.domain.reminders import Validity, lasting, stage
from app.services.access import log
from app.services.context import Act, Look
from app.services.planning import law
from app.store.paging import Rows
from app.store.queues import wait_turn
from app.store.registers import reminders as store
from app.store.registers.pages import Paging
from app.store.registers.reminders import ReminderFilter
from app.store.tables.staffing import Reminder


def read_page(look: Look, where: ReminderFilter, paging: Paging) -> Rows:
    """A page of the reminders about inspectors of the caller's region, by the day of running out."""
    return store.reminder_rows(look.connection, where, region=look.caller.region, paging=paging)


def regions(look: Look) -> list[str]:
    """Every region that keeps records of inspectors."""
    return store.regions(look.connection)


def remind(act: Act, region: str) -> int:
    """Raise what is due in a region today and settle what no longer holds; gives how many were raised.

    Of several days that have come only the last is reminded of; a region without a policy has no reminders.
    """
    wait_turn(act.session, f"reminders:{region}")
    due = _due(act, region)
    raised = {_key(old): old for old in store.raised(act.session, region)}
    for key, old in raised.items():
        old.settled_at = None if key in due else old.settled_at or act.now
    new = [
        Reminder(
            id=act.new_id(),
            kind=one.kind,
            inspector_id=one.inspector,
            record_id=one.record,
            label=one.label,
            region=region,
            runs_out_on=one.runs_out_on,
            stage=key.stage,
            raised_at=act.now,
        )
        for key, one in due.items()
        if key not in raised
    ]
    store.add(act.session, new)
    for made in new:
        log(
            act,
            what="reminders.raise",
            region=region,
            subject=made.inspector_id,
            kind=made.kind,
            label=made.label,
            runs_out_on=made.runs_out_on.isoformat(),
            stage=made.stage,
        )
    return len(new)


class _Key(NamedTuple):
    """What is reminded of once."""

    kind: str
    record: str
    runs_out_on: date
    stage: str


def _key(reminder: Reminder) -> _Key:
    return _Key(reminder.kind, reminder.record_id, reminder.runs_out_on, reminder.stage)


def _due(act: Act, region: str) -> dict[_Key, Validity]:
    today = shanghai_day(act.now)
    try:
        days = law.policy_for(act.session, region, today).policy.staffing.reminder_days
    except Missing:
        days = ()
    due = {}
    for one in lasting(store.validities(act.session, region)):
        reached = stage(one.runs_out_on, today=today, days=days)
        if reached is not None:
            due[_Key(one.kind, one.record, one.runs_out_on, reached)] = one
    return due
