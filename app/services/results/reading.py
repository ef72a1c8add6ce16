"""Reading publications: where each stands, its steps and versions, and what is not public and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.days import shanghai_day
from app.domain.errors import Missing, RuleBroken
from app.domain.results.clocks import result_deadline
from app.domain.results.publication import UNDECIDED, State
from app.services.context import Act, Look
from app.services.results.clocks import clocks_for
from app.services.results.publishing import copy_of
from app.services.results.working_calendar import known_around
from app.store.paging import AnyRow, Rows
from app.store.results import publications as store
from app.store.results.publications import Wanted
from app.store.results.unpublished import unpublished_rows
from app.store.tables.results import Publication

Record = dict[str, Any]


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
        regimes=clocks_for(look.caller.region, today).wholly_public_regimes,
        limit=limit,
        cursor=cursor,
        count=count,
    )
    return Records([_unpublished(look, row, today) for row in found.rows], found.next_cursor, found.count)


def _unpublished(look: Look, row: AnyRow, today: date) -> Record:
    record: Record = dict(row._mapping)  # noqa: SLF001 - as above
    if row.state is not None:
        return {**record, "why": row.state, "overdue": is_overdue(record, today)}
    ended_on = shanghai_day(row.checked_out_at)
    due_on = _due_on(look, row.region, ended_on)
    overdue = due_on is not None and due_on < today
    why = "record_not_submitted"
    return {**record, "why": why, "ended_on": ended_on, "due_on": due_on, "overdue": overdue}


def _due_on(look: Look, region: str, ended_on: date) -> date | None:
    """When the result of a visit without a record would be due; None while nobody can count the days."""
    try:
        calendar = known_around(look, ended_on)
        return result_deadline(ended_on, clocks_for(region, ended_on), calendar).due_on
    except RuleBroken:
        return None
