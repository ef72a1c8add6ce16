"""Reading publications: where each stands, its steps and versions, and what is not public and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.days import shanghai_day
from app.domain.errors import Missing
from app.domain.fieldwork.visit import State as Visit
from app.domain.results.states import UNDECIDED, State
from app.services.context import Act, Look
from app.services.results.deadlines import clocks_for, result_due
from app.services.results.publishing import copy_of
from app.store.paging import AnyRow, Rows
from app.store.results import publications as store
from app.store.results.publications import Wanted
from app.store.results.unpublished import unpublished_rows
from app.store.tables.results import Publication

Record = dict[str, Any]

_NOT_BEGUN = {
    Visit.CHECKED_IN: "not_checked_out",
    Visit.CHECKED_OUT: "record_not_submitted",
    Visit.UNREACHABLE: "calendar_missing",
}
"""Why a result has not begun its way, by the state of its visit."""


@dataclass(frozen=True, slots=True)
class Records:
    """A page of records, the cursor of the next one, and how many there are if that was asked."""

    rows: Sequence[Record]
    next_cursor: str | None
    count: int | None


def publications(
    look: Look,
    *,
    state: str | None,
    due_before: date | None,
    overdue: bool | None,
    limit: int,
    cursor: str | None,
    count: bool,
) -> Records:
    """Publications that the caller sees, by their last day."""
    today = shanghai_day(look.now)
    found = store.publication_rows(
        look.connection,
        Wanted(today=today, state=state, due_before=due_before, overdue=overdue),
        store.seen_by(look.caller),
        limit=limit,
        cursor=cursor,
        count=count,
    )
    return _records(found, today)


def _records(found: Rows, today: date) -> Records:
    rows = [_record(dict(row._mapping), today) for row in found.rows]  # noqa: SLF001 - SQLAlchemy's public name for it
    return Records(rows, found.next_cursor, found.count)


def _record(row: Mapping[str, Any], today: date) -> Record:
    return {**row, "overdue": is_overdue(row, today)}


def is_overdue(row: Mapping[str, Any], today: date) -> bool:
    """Tell whether a result is not public though its last day is over, that of a withholding too."""
    if row["due_on"] is None or row["due_on"] >= today:
        return False
    until = row["withheld_until"]
    lapsed = row["state"] == State.WITHHELD and until is not None and until < today
    return row["state"] in UNDECIDED or lapsed


def publication(look: Look, publication_id: str) -> Record:
    """One publication, by its id or its visit's, with what would be public of what was submitted.

    Raises:
        Missing: there is none, or the caller may not see it.
    """
    row = _seen(look, publication_id)
    preview = None if row.body is None else copy_of(look.connection, row.visit_id, row.body)
    return {**_record(dict(row._mapping), shanghai_day(look.now)), "preview": preview}  # noqa: SLF001 - as above


def after(act: Act, changed: Publication) -> Record:
    """A publication as an act has left it."""
    return _record(changed.model_dump(exclude={"body"}), shanghai_day(act.now))


def steps(look: Look, publication_id: str) -> Sequence[AnyRow]:
    """Everything that was done with a publication, what was submitted included, in order.

    Raises:
        Missing: there is none, or the caller may not see it.
    """
    return store.step_rows(look.connection, _seen(look, publication_id).id)


def versions(look: Look, publication_id: str) -> Sequence[AnyRow]:
    """The public versions of a result, in order; each names the digest of the one before.

    Raises:
        Missing: there is none, or the caller may not see it.
    """
    return store.version_rows(look.connection, _seen(look, publication_id).visit_id)


def _seen(look: Look, publication_id: str) -> AnyRow:
    row = store.publication_row(look.connection, publication_id, store.seen_by(look.caller))
    if row is None:
        raise Missing("not-found")
    return row


def unpublished(look: Look, *, limit: int, cursor: str | None, count: bool) -> Records:
    """Every visit of a wholly public regime that took place and whose result is not public, and why."""
    today = shanghai_day(look.now)
    found = unpublished_rows(
        look.connection,
        region=look.caller.region,
        agency=look.caller.agency,
        today=today,
        regimes=clocks_for(look.connection, look.caller.region, today).wholly_public_regimes,
        limit=limit,
        cursor=cursor,
        count=count,
    )
    return Records([_unpublished(look, row, today) for row in found.rows], found.next_cursor, found.count)


def _unpublished(look: Look, row: AnyRow, today: date) -> Record:
    record: Record = dict(row._mapping)  # noqa: SLF001 - as above
    if row.state is not None:
        return {**record, "why": row.state, "overdue": is_overdue(record, today)}
    ended_on = row.visit_ended_on or row.visit_to
    due_on = result_due(look.connection, row.region, ended_on)
    overdue = due_on is not None and due_on < today
    why = _NOT_BEGUN[row.visit_state]
    return {**record, "why": why, "ended_on": ended_on, "due_on": due_on, "overdue": overdue}
