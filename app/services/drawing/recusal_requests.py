"""Requests for recusal as their readers see them, and the clock of their decision."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.days import shanghai_day
from app.domain.errors import Missing
from app.domain.fieldwork import door
from app.domain.recusing import Decision, alarm
from app.services.access import log
from app.services.context import Act, Look
from app.services.drawing.recusing import RECEIPT_CONTEXT
from app.store import recusal_requests as store
from app.store.paging import AnyRow, Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFilter:
    """What a list of requests is narrowed to."""

    state: str | None = None
    visit: str | None = None
    overdue: bool = False

    def equal(self) -> Mapping[str, str]:
        """The conditions that were asked for, by column."""
        wanted = {"state": self.state, "visit_id": self.visit}
        return {name: value for name, value in wanted.items() if value is not None}


def requests(look: Look, where: RequestFilter, *, limit: int, cursor: str | None, count: bool) -> Rows:
    """Requests that the caller may know of, newest first."""
    return store.rows(
        look.connection,
        condition=store.seen_by(look.caller),
        equal=where.equal(),
        overdue_on=shanghai_day(look.now) if where.overdue else None,
        limit=limit,
        cursor=cursor,
        count=count,
    )


def request(look: Look, request_id: str) -> AnyRow:
    """One request.

    Raises:
        Missing: there is none that the caller may know of.
    """
    row = store.row(look.connection, request_id, store.seen_by(look.caller))
    if row is None:
        raise Missing("not-found")
    return row


def by_receipt(look: Look, receipt: str) -> AnyRow:
    """The request of a party, by the code that it was given.

    Raises:
        Missing: no such code.
    """
    digest = look.vault.digest(door.read_code(receipt) or "", context=RECEIPT_CONTEXT)
    row = store.row_by_receipt(look.connection, digest)
    if row is None:
        raise Missing("no-such-receipt")
    return row


def due(look: Look, *, limit: int) -> Sequence[str]:
    """Ids of open requests for which the clock has something to say."""
    return store.alarm_due(look.connection, today=shanghai_day(look.now), limit=limit)


def raise_for(act: Act, ids: Iterable[str]) -> None:
    """Raise the alarms that are due: on the last day of the decision, and when it is over; each once.

    An alarm is an audit event, and shows at the request as `alarmed_at` or `overdue_at`.
    """
    for request_id in ids:
        found = store.for_alarm(act.session, request_id)
        if found is None or found.state != Decision.OPEN:
            continue
        told = {"alarmed": found.alarmed_at is not None, "overdue": found.overdue_at is not None}
        kind = alarm(found.decide_by, today=shanghai_day(act.now), **told)
        if kind is None:
            continue
        found.alarmed_at = found.alarmed_at or act.now
        if kind == "overdue":
            found.overdue_at = act.now
        detail: dict[str, Any] = {"request": found.id, "kind": kind, "decide_by": str(found.decide_by)}
        log(act, what="recusals.alarm", region=found.region, subject=found.visit_id, **detail)
