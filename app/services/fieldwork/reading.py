"""Visits as their readers see them: whole, or until the disclosure only that there is one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import RowMapping

from app.domain.access import Role
from app.domain.days import shanghai_day
from app.domain.errors import Missing
from app.domain.fieldwork.parts import seen_checklist
from app.domain.fieldwork.visit import ASKED_FOR, State
from app.services.access import log
from app.services.context import Act
from app.services.fieldwork import grounds
from app.services.fieldwork.parts import seen_part
from app.store.fieldwork import visits as store
from app.store.paging import AnyRow
from app.store.tables.fieldwork import Visit

Columns = RowMapping | dict[str, Any]
"""A visit's columns by name, as read or as just changed."""


@dataclass(frozen=True, slots=True)
class SeenVisit:
    """A visit with its team; `sealed` when its reader may not know yet where it leads.

    `grounds` says of officers of a planned visit why they cannot make it by now; only the dispatcher, who
    can do something about it, is told.
    """

    visit: Columns
    team: Sequence[AnyRow]
    disclosed: bool
    sealed: bool
    check_ins: Sequence[Any] = ()
    attempts: Sequence[Any] = ()
    grounds: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SeenVisits:
    """A page of visits."""

    rows: Sequence[SeenVisit]
    next_cursor: str | None
    count: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitFilter:
    """What a list of visits is narrowed to: by columns, and to emergencies not approved in time."""

    state: str | None = None
    kind: str | None = None
    item: str | None = None
    draw_id: str | None = None
    entity_key: str | None = None
    approval_overdue: bool = False
    equal: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        """Keep the conditions that were asked for."""
        names = ("state", "kind", "item", "draw_id", "entity_key")
        wanted = {name: getattr(self, name) for name in names if getattr(self, name) is not None}
        object.__setattr__(self, "equal", wanted)


def visits(act: Act, where: VisitFilter, *, limit: int, cursor: str | None, count: bool) -> SeenVisits:
    """Visits that the caller may know of, newest first; which undisclosed ones it saw whole is logged.

    A filter must not tell more than a row: asking for a premises finds only what is disclosed to the caller.
    """
    condition = store.seen_by(act.caller, act.now, sealed=where.entity_key is None)
    connection = act.session.connection()
    found = store.visit_rows(
        connection,
        condition=condition,
        equal=where.equal,
        approval_overdue_since=act.now if where.approval_overdue else None,
        limit=limit,
        cursor=cursor,
        count=count,
    )
    teams = store.officers_of(connection, [row.id for row in found.rows])
    columns = [row._mapping for row in found.rows]  # noqa: SLF001 - SQLAlchemy's public name for it
    told = _grounds(act, columns, teams)
    seen = [replace(_seen(act, row, teams[row["id"]]), grounds=told.get(row["id"], {})) for row in columns]
    early = [one.visit["id"] for one in seen if not (one.disclosed or one.sealed)]
    if early:
        log(act, what="visits.list", region=act.caller.region, subject="visits", visits=early)
    return SeenVisits(seen, found.next_cursor, found.count)


def visit(act: Act, visit_id: str) -> SeenVisit:
    """One visit; each view is logged.

    Raises:
        Missing: there is none, or the caller may not know of it.
    """
    connection = act.session.connection()
    condition = store.seen_by(act.caller, act.now)
    found = store.visit_rows(
        connection, condition=condition, equal={"id": visit_id}, limit=1, cursor=None, count=False
    ).rows
    if not found:
        raise Missing("not-found")
    return _viewed(act, found[0]._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it


def shown(act: Act, changed: Visit) -> SeenVisit:
    """A visit as an act has just left it, for its actor."""
    act.session.flush()
    return _whole(act, changed.model_dump())


def _viewed(act: Act, row: Columns) -> SeenVisit:
    seen = _whole(act, row)
    if not seen.sealed:
        log(act, what="visits.read", region=row["region"], subject=row["id"])
    return seen


def _whole(act: Act, row: Columns) -> SeenVisit:
    people = store.people(act.session, row["id"])
    teams = store.officers_of(act.session.connection(), [row["id"]])
    seen = _seen(act, row, teams[row["id"]])
    return SeenVisit(
        seen.visit,
        seen.team,
        seen.disclosed,
        seen.sealed,
        check_ins=people.check_ins,
        attempts=people.attempts,
        grounds=_grounds(act, [row], teams).get(row["id"], {}),
    )


def _grounds(
    act: Act, rows: Iterable[Columns], teams: Mapping[str, Sequence[AnyRow]]
) -> Mapping[str, Mapping[str, str]]:
    """Why officers cannot make their planned visits, by visit and code; for a dispatcher alone."""
    if Role.DISPATCHER not in act.caller.roles:
        return {}
    planned = [
        grounds.Staffed.of(row, [one.inspector for one in teams[row["id"]]])
        for row in rows
        if row["state"] == State.PLANNED
    ]
    return grounds.ahead(act.session, planned, today=shanghai_day(act.now))


def _seen(act: Act, row: Columns, team: Sequence[AnyRow]) -> SeenVisit:
    """Only the dispatcher, and who asks for or approves visits without a draw, see an undisclosed target."""
    disclosed = row["disclose_at"] <= act.now
    asks = row["kind"] in ASKED_FOR and bool(act.caller.roles & {Role.PLANNER, Role.APPROVER})
    sealed = not (disclosed or asks or Role.DISPATCHER in act.caller.roles)
    part = seen_part(act.caller, row, team)
    if part is not None:
        row = {**row, "checklist": seen_checklist(part, row["checklist"])}
    return SeenVisit(row, team, disclosed, sealed)
