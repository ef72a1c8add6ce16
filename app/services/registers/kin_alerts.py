"""Alerts to the supervisor: a declared relative of an officer runs an entertainment venue.

娱乐场所管理条例 art. 4 forbids it to staff of public security and culture and to their kin, so a recusal is
not enough.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from app.domain.access import Caller
from app.domain.days import shanghai_day
from app.domain.errors import Missing, RuleBroken
from app.services.access import log
from app.services.context import Act, Look
from app.store.paging import AnyRow, Rows
from app.store.registers import kin_alerts as store
from app.store.registers.pages import Paging
from app.store.tables.staffing import KinAlert


def raise_new(act: Act) -> int:
    """Raise an alert for each declared relation that has none; gives how many."""
    alerts = [
        KinAlert(
            id=act.new_id(),
            recusal_id=row.id,
            inspector_id=row.inspector_id,
            entity_id=row.entity_id,
            region=row.region,
            relation=row.relation,
            raised_at=act.now,
        )
        for row in store.unalerted(act.session, today=shanghai_day(act.now))
    ]
    store.add(act.session, alerts)
    for one in alerts:
        log(act, what="kin-alerts.raise", region=one.region, subject=one.id, recusal=one.recusal_id)
    return len(alerts)


def read_page(look: Look, paging: Paging, *, seen: bool | None) -> Rows:
    """A page of the alerts about venues of the caller's region, newest first."""
    return store.alert_rows(look.connection, region=look.caller.region, seen=seen, paging=paging)


def read(look: Look, alert_id: str) -> Mapping[Any, Any]:
    """One alert.

    Raises:
        Missing: none about a venue of the caller's region.
    """
    return _row(look.connection, look.caller, alert_id)._mapping  # noqa: SLF001 - SQLAlchemy's public name for it


def acknowledge(act: Act, alert_id: str, *, note: str) -> Mapping[Any, Any]:
    """Say what is done about an alert.

    Raises:
        Missing: none about a venue of the caller's region.
        RuleBroken: somebody has said so already.
    """
    _row(act.session.connection(), act.caller, alert_id)
    alert = store.alert_for_change(act.session, alert_id)
    if alert is None or alert.seen_at is not None:
        raise RuleBroken("wrong-state", state="acknowledged", wanted="raised")
    alert.seen_by, alert.seen_at, alert.note = act.caller.id, act.now, note
    act.session.flush()
    log(act, what="kin-alerts.acknowledge", region=alert.region, subject=alert.id)
    return _row(act.session.connection(), act.caller, alert_id)._mapping  # noqa: SLF001 - as above


def _row(connection: Connection, caller: Caller, alert_id: str) -> AnyRow:
    found = store.alert_row(connection, alert_id)
    if found is None or not caller.sees(found.region):
        raise Missing("not-found")
    return found
