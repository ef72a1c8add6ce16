"""Publications in the database: where each stands, its steps, and the public copies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, and_, exists, func, not_, or_, select, update
from sqlmodel import Session, col

from app.domain.access import Caller, Role
from app.domain.results.redaction import like_a_name
from app.domain.results.states import RUNNING, UNDECIDED, State, Step
from app.store.agencies import whose_visit
from app.store.paging import AnyRow, Rows, page
from app.store.tables.fieldrecords import VisitRecord
from app.store.tables.fieldwork import CheckIn, Visit, VisitAttempt, VisitOfficer
from app.store.tables.registers import Entity
from app.store.tables.results import (
    Publication,
    PublicationStep,
    PublicResult,
    RemovedVersion,
    listed,
)

_COLUMNS = tuple(Publication.__table__.columns)  # type: ignore[attr-defined]  # SQLModel adds it to table classes
_LISTED = tuple(column for column in _COLUMNS if column.name != "body")
_STEPS = tuple(PublicationStep.__table__.columns)  # type: ignore[attr-defined]  # the same
_VERSIONS = (
    *(col(PublicResult.version), col(PublicResult.current), col(PublicResult.withdrawn)),
    *(col(PublicResult.reason), col(PublicResult.ground), col(PublicResult.published_at)),
    *(col(PublicResult.in_time), col(PublicResult.sha256), col(PublicResult.copy_)),
)
_READERS = frozenset({Role.REVIEWER, Role.APPROVER, Role.DISPATCHER, Role.SUPERVISOR, Role.AUDITOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a list of publications is filtered by; `overdue` as of the day `today`."""

    today: date
    state: str | None = None
    due_before: date | None = None
    overdue: bool | None = None


def seen_by(caller: Caller) -> ColumnElement[bool]:
    """The condition that a caller may see a publication: of the region, an officer those of own visits.

    A caller of an agency sees no other agency's.
    """
    here = and_(
        col(Publication.region).startswith(caller.region, autoescape=True),
        whose_visit(caller.agency, col(Publication.visit_id)),
    )
    if caller.roles & _READERS:
        return here
    own = exists().where(
        col(VisitOfficer.visit_id) == col(Publication.visit_id),
        col(VisitOfficer.inspector) == caller.inspector,
    )
    return and_(here, own)


def overdue_on(today: date) -> ColumnElement[bool]:
    """The condition that a result is not public though its last day is over, that of a withholding too."""
    waiting = and_(
        col(Publication.state).in_(UNDECIDED),
        col(Publication.due_on) < today,
    )
    lapsed = and_(
        col(Publication.state) == State.WITHHELD,
        col(Publication.withheld_until) < today,
        col(Publication.due_on) < today,
    )
    return or_(waiting, lapsed)


def add(session: Session, publication: Publication) -> None:
    """Keep a new publication."""
    session.add(publication)
    session.flush()


def for_change(session: Session, visit_or_publication: str) -> Publication | None:
    """The publication of this id, or of the visit of this id, locked until the transaction ends."""
    return session.scalars(
        select(Publication).where(_named(visit_or_publication)).with_for_update()
    ).one_or_none()


def publication_row(connection: Connection, publication_id: str, seen: ColumnElement[bool]) -> AnyRow | None:
    """The publication of this id, or of the visit of this id, if it is seen."""
    return connection.execute(select(*_COLUMNS).where(_named(publication_id), seen)).one_or_none()


def _named(name: str) -> ColumnElement[bool]:
    return or_(col(Publication.id) == name, col(Publication.visit_id) == name)


def publication_rows(
    connection: Connection,
    wanted: Wanted,
    seen: ColumnElement[bool],
    *,
    limit: int,
    cursor: str | None,
    count: bool,
) -> Rows:
    """Publications that are seen, by their last day."""
    query = select(*_LISTED).where(seen)
    if wanted.state is not None:
        query = query.where(col(Publication.state) == wanted.state)
    if wanted.due_before is not None:
        query = query.where(col(Publication.due_on) < wanted.due_before)
    if wanted.overdue is not None:
        condition = overdue_on(wanted.today)
        query = query.where(condition if wanted.overdue else not_(condition))
    by = [col(Publication.due_on), col(Publication.id)]
    return page(connection, query, by=by, limit=limit, cursor=cursor, count=count)


def running_through(session: Session, year: int) -> Sequence[Publication]:
    """Publications whose clock runs and passes through a year, or ends close before it; locked.

    Close before: what a change of that year pushed into this one could not be counted while this was missing.
    """
    return session.scalars(
        select(Publication)
        .where(
            col(Publication.state).in_(RUNNING),
            col(Publication.ended_on) <= date(year, 12, 31),
            col(Publication.due_on) >= date(year - 1, 12, 1),
        )
        .order_by(col(Publication.id))
        .with_for_update()
    ).all()


def add_step(session: Session, step: PublicationStep) -> None:
    """Append a step."""
    session.add(step)
    session.flush()


def next_step(session: Session, publication_id: str) -> int:
    """The number of the publication's next step, from 1."""
    last = session.scalar(
        select(func.max(col(PublicationStep.n))).where(col(PublicationStep.publication_id) == publication_id)
    )
    return (last or 0) + 1


def step_rows(connection: Connection, publication_id: str) -> Sequence[AnyRow]:
    """Every step of a publication, in order."""
    return connection.execute(
        select(*_STEPS)
        .where(col(PublicationStep.publication_id) == publication_id)
        .order_by(col(PublicationStep.n))
    ).all()


def reason_of_version(session: Session, publication_id: str, version: int) -> str | None:
    """Why a version was begun; None for the first, which needs no reason."""
    return session.scalar(
        select(col(PublicationStep.reason))
        .where(
            col(PublicationStep.publication_id) == publication_id,
            col(PublicationStep.act) == Step.CORRECT,
            col(PublicationStep.version) == version,
        )
        .order_by(col(PublicationStep.n).desc())
        .limit(1)
    )


def callers_of(session: Session, visit_id: str) -> set[str]:
    """Ids of the callers who acted for the visit's officers."""
    on_team = select(col(VisitOfficer.caller_id)).where(
        col(VisitOfficer.visit_id) == visit_id, col(VisitOfficer.caller_id).is_not(None)
    )
    at_door = select(col(CheckIn.caller_id)).where(col(CheckIn.visit_id) == visit_id)
    in_vain = select(col(VisitAttempt.by)).where(col(VisitAttempt.visit_id) == visit_id)
    return {caller for caller in session.scalars(on_team.union(at_door, in_vain)) if caller is not None}


def names_of(connection: Connection, visit_id: str) -> set[str]:
    """Names of natural persons whom registers and record know to be concerned in a visit.

    Whoever signed may have signed with a role; what is not like a name is none.
    """
    officers = connection.scalars(
        select(col(VisitOfficer.name)).where(col(VisitOfficer.visit_id) == visit_id)
    )
    holder = connection.scalars(
        select(col(Entity.legal_rep))
        .join(Visit, col(Visit.entity_id) == col(Entity.id))
        .where(col(Visit.id) == visit_id, col(Entity.legal_rep).is_not(None))
    )
    body = connection.scalar(select(col(VisitRecord.body)).where(col(VisitRecord.visit_id) == visit_id))
    signature = (body or {}).get("signature") or {}
    signed = {signature.get("signer") or "", signature.get("witness") or ""}
    return {*officers, *holder, *filter(like_a_name, signed)}


def newest_version(session: Session, visit_id: str) -> AnyRow | None:
    """Number, digest and punctuality of the newest public version of a result."""
    return session.execute(
        select(col(PublicResult.version), col(PublicResult.sha256), col(PublicResult.in_time))
        .where(col(PublicResult.id) == visit_id)
        .order_by(col(PublicResult.version).desc())
        .limit(1)
    ).one_or_none()


def public_result(session: Session, visit_id: str, version: int) -> PublicResult:
    """A public version of a result that is known to be there."""
    return session.scalars(
        select(PublicResult).where(col(PublicResult.id) == visit_id, col(PublicResult.version) == version)
    ).one()


def versions_for_change(session: Session, visit_id: str) -> Sequence[PublicResult]:
    """Every public version of a result, in order."""
    return session.scalars(
        select(PublicResult).where(col(PublicResult.id) == visit_id).order_by(col(PublicResult.version))
    ).all()


def keep_removed(session: Session, removed: RemovedVersion) -> None:
    """Keep what a version said, where the public does not read."""
    session.add(removed)


def relist(session: Session, version: PublicResult) -> None:
    """Write a version's row as lists show it anew, after its members changed."""
    version.listed = listed(version.model_dump())
    session.add(version)
    session.flush()


def put_version(session: Session, result: PublicResult) -> None:
    """Keep a public version, which is the current one from now on."""
    session.execute(
        update(PublicResult)
        .where(col(PublicResult.id) == result.id, col(PublicResult.current))
        .values(current=False)
    )
    session.add(result)
    session.flush()


def version_rows(connection: Connection, visit_id: str) -> Sequence[AnyRow]:
    """Every public version of a result, in order; `removed` is what the public reads no more of one."""
    kept = and_(
        col(RemovedVersion.id) == col(PublicResult.id),
        col(RemovedVersion.version) == col(PublicResult.version),
    )
    return connection.execute(
        select(*_VERSIONS, col(RemovedVersion.copy_).label("removed"))
        .join(RemovedVersion, kept, isouter=True)
        .where(col(PublicResult.id) == visit_id)
        .order_by(col(PublicResult.version))
    ).all()


def alarm_due(connection: Connection, *, today: date, limit: int) -> list[str]:
    """Ids of publications for which the clock has something to do: an alarm, or a withholding that ended."""
    soon = and_(
        col(Publication.state).in_(UNDECIDED),
        or_(
            and_(col(Publication.alarm_on) <= today, col(Publication.alarmed_at).is_(None)),
            and_(col(Publication.due_on) < today, col(Publication.overdue_at).is_(None)),
        ),
    )
    ended = and_(col(Publication.state) == State.WITHHELD, col(Publication.withheld_until) < today)
    return list(
        connection.scalars(
            select(col(Publication.id)).where(or_(soon, ended)).order_by(col(Publication.due_on)).limit(limit)
        )
    )
