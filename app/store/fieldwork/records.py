"""Records of visits in the database."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, func, select
from sqlmodel import Session, col

from app.store.paging import AnyRow, Rows, page
from app.store.tables.fieldrecords import VisitRecord, VisitRecordVersion
from app.store.tables.fieldwork import Visit, VisitOfficer
from app.store.tables.registers import Entity, PastVisit

_VERSION = tuple(VisitRecordVersion.__table__.columns)  # type: ignore[attr-defined]  # SQLModel adds it to table classes


def seen_visit(connection: Connection, visit_id: str, condition: ColumnElement[bool]) -> AnyRow | None:
    """`id`, `region`, `state`, `checklist` and `agencies` of a visit that meets a condition."""
    return connection.execute(
        select(
            col(Visit.id), col(Visit.region), col(Visit.state), col(Visit.checklist), col(Visit.agencies)
        ).where(col(Visit.id) == visit_id, condition)
    ).one_or_none()


def record(session: Session, visit_id: str) -> VisitRecord | None:
    """The record as it stands, in an act that holds the visit."""
    return session.get(VisitRecord, visit_id)


def record_row(connection: Connection, visit_id: str) -> AnyRow | None:
    """The record as it stands, to be read."""
    columns = VisitRecord.__table__.columns  # type: ignore[attr-defined]  # SQLModel adds it to table classes
    return connection.execute(select(*columns).where(col(VisitRecord.visit_id) == visit_id)).one_or_none()


def version_by_ref(session: Session, visit_id: str, client_ref: str) -> VisitRecordVersion | None:
    """What a client sent before under this name."""
    return session.scalars(
        select(VisitRecordVersion).where(
            col(VisitRecordVersion.visit_id) == visit_id, col(VisitRecordVersion.client_ref) == client_ref
        )
    ).one_or_none()


def next_number(session: Session, visit_id: str) -> int:
    """The number of the visit's next version, from 1."""
    last = session.scalar(
        select(func.max(col(VisitRecordVersion.n))).where(col(VisitRecordVersion.visit_id) == visit_id)
    )
    return (last or 0) + 1


def version_rows(connection: Connection, visit_id: str, *, limit: int, cursor: str | None) -> Rows:
    """Everything that was sent for a visit's record, in the order received."""
    query = select(*_VERSION).where(col(VisitRecordVersion.visit_id) == visit_id)
    return page(connection, query, by=[col(VisitRecordVersion.n)], limit=limit, cursor=cursor)


def add(session: Session, row: VisitRecord | VisitRecordVersion) -> None:
    """Keep a new row."""
    session.add(row)
    session.flush()


def team(session: Session, visit_id: str) -> Sequence[VisitOfficer]:
    """The officers of a visit, by place."""
    return session.scalars(
        select(VisitOfficer).where(col(VisitOfficer.visit_id) == visit_id).order_by(col(VisitOfficer.slot))
    ).all()


def put_past_visit(session: Session, row: PastVisit) -> None:
    """Enter a visit among the past ones; what is known of the same visit takes its codes, team and level.

    City and county may visit for the same item on the same day: the second has a key of its own.
    """
    own = f"{row.natural_key}|{row.level}"
    rows = session.scalars(
        select(PastVisit).where(col(PastVisit.natural_key).in_((own, row.natural_key)))
    ).all()
    known = next((one for one in rows if one.level in {None, row.level}), None)
    if known is not None:
        known.codes, known.inspectors, known.level = row.codes, row.inspectors, row.level
        return
    if rows:
        row.natural_key = own
    session.add(row)


def visit(session: Session, visit_id: str) -> Visit | None:
    """A visit as it stands."""
    return session.get(Visit, visit_id)


def station_of(session: Session, entity_id: str) -> str | None:
    """The station 派出所 of an entity's premises, if the register knows it."""
    return session.scalar(select(col(Entity.station)).where(col(Entity.id) == entity_id))
