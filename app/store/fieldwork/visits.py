"""Visits in the database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, false, func, insert, or_, select
from sqlmodel import Session, col

from app.domain.access import Caller, Role
from app.domain.fieldwork.visit import ASKED_FOR, OPEN, State
from app.store.agencies import visits_of
from app.store.paging import AnyRow, Rows, page
from app.store.tables.drawing import Draw
from app.store.tables.fieldwork import CheckIn, Visit, VisitAttempt, VisitCode, VisitOfficer
from app.store.tables.registers import Entity, RegisteredInspector
from app.store.tables.results import Publication

_COLUMNS = tuple(Visit.__table__.columns)  # type: ignore[attr-defined]  # SQLModel adds it to table classes
_AFTER_DISCLOSURE = frozenset({Role.SUPERVISOR, Role.REVIEWER, Role.APPROVER, Role.AUDITOR})
_REQUESTS = frozenset({Role.PLANNER, Role.APPROVER})
_ROWS_A_QUERY = 1000
VOIDED = "voided"


@dataclass(frozen=True, slots=True)
class People:
    """A visit's team, who of it came, and the attempts before."""

    officers: Sequence[VisitOfficer]
    check_ins: Sequence[CheckIn]
    attempts: Sequence[VisitAttempt]


def team_of(caller: Caller) -> ColumnElement[bool]:
    """The condition that the caller is an officer of the visit's team."""
    return exists().where(
        col(VisitOfficer.visit_id) == col(Visit.id), col(VisitOfficer.inspector) == caller.inspector
    )


def _drawn_above(caller: Caller) -> ColumnElement[bool]:
    """The condition that a draw of a region above the caller's, or of another, drew the visit."""
    theirs = ~col(Draw.region).startswith(caller.region, autoescape=True)
    return exists().where(col(Draw.id) == col(Visit.draw_id), theirs)


def seen_by(caller: Caller, now: datetime, *, sealed: bool = True) -> ColumnElement[bool]:
    """The condition that the caller may know of a visit (mission clause B8).

    The dispatcher sees all of the region, of a draw of a region above it what is disclosed: nobody is to tell
    whom the city will check; the team its own, until the disclosure only that it has one (`sealed`); readers
    what is disclosed; planner and approver the requests for visits of other kinds. A caller of an agency sees
    no other agency's.
    """
    disclosed = col(Visit.disclose_at) <= now
    approved = col(Visit.state) != State.REQUESTED
    rights: list[ColumnElement[bool]] = []
    if Role.DISPATCHER in caller.roles:
        rights.append(or_(disclosed, ~_drawn_above(caller)))
    if Role.INSPECTOR in caller.roles and caller.inspector is not None:
        rights.append(and_(team_of(caller), approved, *(() if sealed else (disclosed,))))
    if caller.roles & _AFTER_DISCLOSURE:
        rights.append(and_(disclosed, approved))
    if caller.roles & _REQUESTS:
        rights.append(col(Visit.kind).in_(ASKED_FOR))
    here = col(Visit.region).startswith(caller.region, autoescape=True)
    return and_(here, visits_of(caller.agency), or_(false(), *rights))


def add_visits(session: Session, visits: Sequence[Visit], officers: Sequence[VisitOfficer]) -> None:
    """Keep new visits with their teams."""
    for table, rows in ((Visit, visits), (VisitOfficer, officers)):
        if rows:
            session.execute(insert(table), [row.model_dump() for row in rows])


def visit_for_change(session: Session, visit_id: str) -> Visit | None:
    """The visit, locked until the transaction ends."""
    return session.scalars(select(Visit).where(col(Visit.id) == visit_id).with_for_update()).one_or_none()


def sees(session: Session, visit_id: str, condition: ColumnElement[bool]) -> bool:
    """Whether a visit meets a condition."""
    return bool(session.scalar(select(exists().where(col(Visit.id) == visit_id, condition))))


def people(session: Session, visit_id: str) -> People:
    """Everybody of a visit."""
    officers = select(VisitOfficer).where(col(VisitOfficer.visit_id) == visit_id)
    check_ins = select(CheckIn).where(col(CheckIn.visit_id) == visit_id)
    attempts = select(VisitAttempt).where(col(VisitAttempt.visit_id) == visit_id)
    return People(
        session.scalars(officers.order_by(col(VisitOfficer.slot))).all(),
        session.scalars(check_ins.order_by(col(CheckIn.at), col(CheckIn.inspector))).all(),
        session.scalars(attempts.order_by(col(VisitAttempt.n))).all(),
    )


def visit_rows(
    connection: Connection,
    *,
    condition: ColumnElement[bool],
    equal: Mapping[str, object],
    approval_overdue_since: datetime | None = None,
    limit: int,
    cursor: str | None,
    count: bool,
) -> Rows:
    """Visits that meet a condition, newest first.

    Args:
        connection: where to read.
        condition: what the caller may know of, and what else is wanted.
        equal: columns, and the values wanted of them.
        approval_overdue_since: only emergencies whose approval is overdue at this moment.
        limit: rows a page.
        cursor: from the page before.
        count: whether to count all.
    """
    query = select(*_COLUMNS).where(condition)
    query = query.where(*(getattr(Visit, name) == value for name, value in equal.items()))
    if approval_overdue_since is not None:
        query = query.where(approval_overdue_at(approval_overdue_since))
    return page(
        connection, query, by=[col(Visit.id)], limit=limit, cursor=cursor, descending=True, count=count
    )


def officers_of(connection: Connection, visit_ids: Sequence[str]) -> dict[str, list[AnyRow]]:
    """The teams of visits, each by place."""
    rows = connection.execute(
        select(
            *(col(VisitOfficer.visit_id), col(VisitOfficer.slot), col(VisitOfficer.inspector)),
            *(col(VisitOfficer.name), col(VisitOfficer.certificate_no), col(VisitOfficer.agency)),
        )
        .where(col(VisitOfficer.visit_id).in_(visit_ids))
        .order_by(col(VisitOfficer.visit_id), col(VisitOfficer.slot))
    )
    teams: dict[str, list[AnyRow]] = {visit_id: [] for visit_id in visit_ids}
    for row in rows:
        teams[row.visit_id].append(row)
    return teams


def entities_by_key(session: Session, keys: Sequence[str]) -> dict[str, AnyRow]:
    """`id`, `name`, `address` and `region` of entities, by DR1 entity id."""
    found: dict[str, AnyRow] = {}
    for start in range(0, len(keys), _ROWS_A_QUERY):
        rows = session.execute(
            select(
                *(col(Entity.id), col(Entity.key), col(Entity.name), col(Entity.address), col(Entity.region))
            ).where(col(Entity.key).in_(keys[start : start + _ROWS_A_QUERY]))
        )
        found |= {row.key: row for row in rows}
    return found


def inspectors_by_code(session: Session, codes: Iterable[str]) -> dict[str, AnyRow]:
    """`name`, `certificate_no` and `agency` of inspectors, by code."""
    rows = session.execute(
        select(
            *(col(RegisteredInspector.code), col(RegisteredInspector.name)),
            *(col(RegisteredInspector.certificate_no), col(RegisteredInspector.agency)),
        ).where(col(RegisteredInspector.code).in_(set(codes)))
    )
    return {row.code: row for row in rows}


def approval_overdue_at(now: datetime) -> ColumnElement[bool]:
    """The condition that an emergency that was not called off has not been approved in time."""
    return and_(
        col(Visit.approve_by) < now,
        col(Visit.approved_at).is_(None),
        col(Visit.state) != State.CANCELLED,
    )


def approval_alarm_due(connection: Connection, *, now: datetime, limit: int) -> list[str]:
    """Ids of emergencies whose approval is overdue and whose alarm was not raised, the oldest first."""
    return list(
        connection.scalars(
            select(col(Visit.id))
            .where(approval_overdue_at(now), col(Visit.approval_alarmed_at).is_(None))
            .order_by(col(Visit.approve_by))
            .limit(limit)
        )
    )


def unrecorded(connection: Connection, *, today: date) -> Sequence[AnyRow]:
    """Visits that took place, without a record submitted, whose alarms were not all raised: the oldest first.

    Of one that nobody checked out of in its window, the window's last day counts as its end.
    """
    over = func.coalesce(col(Visit.ended_on), col(Visit.visit_to)).label("over")
    never_left = and_(col(Visit.state) == State.CHECKED_IN, col(Visit.visit_to) < today)
    return connection.execute(
        select(col(Visit.id), col(Visit.region), over, col(Visit.record_alarmed_at))
        .where(or_(col(Visit.state) == State.CHECKED_OUT, never_left), col(Visit.record_overdue_at).is_(None))
        .order_by("over", col(Visit.id))
    ).all()


def without_publication(connection: Connection, *, limit: int) -> list[str]:
    """Ids of visits that found nobody and whose result has not begun its way, the oldest first."""
    return list(
        connection.scalars(
            select(col(Visit.id))
            .outerjoin(Publication, col(Publication.visit_id) == col(Visit.id))
            .where(col(Visit.state) == State.UNREACHABLE, col(Publication.id).is_(None))
            .order_by(col(Visit.ended_on), col(Visit.id))
            .limit(limit)
        )
    )


def open_count(session: Session, draw_id: str) -> int:
    """How many visits of a draw are not finished."""
    counted = select(func.count()).select_from(Visit)
    return session.scalar(counted.where(col(Visit.draw_id) == draw_id, col(Visit.state).in_(OPEN))) or 0


def draw_with_unmade_visits(connection: Connection, *, reveal_by: date) -> str | None:
    """Id of a draw that was to be revealed by a day and has visits that nobody has begun."""
    query = (
        select(col(Visit.draw_id))
        .join(Draw, col(Draw.id) == col(Visit.draw_id))
        .where(col(Visit.state) == State.PLANNED, col(Draw.reveal_by) <= reveal_by)
        .limit(1)
    )
    return connection.scalar(query)


def is_voided(session: Session, draw_id: str) -> bool:
    """Whether a draw has ended without a result."""
    return session.scalar(select(col(Draw.state)).where(col(Draw.id) == draw_id)) == VOIDED


def open_of_draw(session: Session, draw_id: str) -> Sequence[Visit]:
    """The visits of a draw that are not finished, locked until the transaction ends."""
    return session.scalars(
        select(Visit)
        .where(col(Visit.draw_id) == draw_id, col(Visit.state).in_(OPEN))
        .order_by(col(Visit.id))
        .with_for_update()
    ).all()


def replace_code(session: Session, code: VisitCode) -> None:
    """Keep a code; the visit's earlier ones answer no more."""
    session.execute(delete(VisitCode).where(col(VisitCode.visit_id) == code.visit_id))
    session.add(code)
    session.flush()


def visit_by_code(connection: Connection, code_digest: str, now: datetime) -> AnyRow | None:
    """The visit whose code answers now."""
    return connection.execute(
        select(*_COLUMNS, col(VisitCode.valid_to))
        .join(VisitCode, col(VisitCode.visit_id) == col(Visit.id))
        .where(
            col(VisitCode.code_digest) == code_digest,
            col(VisitCode.valid_from) <= now,
            col(VisitCode.valid_to) > now,
            col(Visit.state).in_((State.PLANNED, State.CHECKED_IN)),
        )
    ).one_or_none()
