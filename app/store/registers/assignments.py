"""Inspectors lent to other regions 异地检查: the records of it, and which of them are in force."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col

from app.domain.facts import Assignment
from app.domain.regions import REGION_DIGITS, region_prefix
from app.store.paging import AnyRow, Rows, page
from app.store.registers.pages import Paging
from app.store.tables.registers import RegisteredInspector
from app.store.tables.staffing import InspectorAssignment

Source = Session | Connection

REQUESTED = "requested"
APPROVED = "approved"
REJECTED = "rejected"

last_day = func.coalesce(col(InspectorAssignment.ended_on), col(InspectorAssignment.ends_on))


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentInForce:
    """An approved assignment that covers some days.

    Attributes:
        id: of its record.
        inspector: code of who is lent.
        home: region of the inspector's record.
        region: where the inspector is lent to.
        starts_on: the first day.
        ends_on: the last day.
        document_no: number of the document that orders it.
    """

    id: str
    inspector: str
    home: str
    region: str
    starts_on: date
    ends_on: date
    document_no: str


def touching(column: Mapped[str], region: str) -> ColumnElement[bool]:
    """The condition that a column's region contains a region or lies in it."""
    prefix = region_prefix(region)
    above = [prefix[:length] for length in range(len(prefix) + 1)]
    padded = (part.ljust(REGION_DIGITS, "0") for part in above if part)
    return or_(column.startswith(prefix, autoescape=True), column.in_([*above, *padded]))


def assignments_in_force(
    source: Source, *, region: str, starts_on: date, ends_on: date
) -> dict[str, AssignmentInForce]:
    """The approved assignments to a region that cover every one of some days, by inspectors' codes.

    Args:
        source: where to read.
        region: the region of a draw or a visit; an assignment to a part of it, or to one above it, counts.
        starts_on: the first day of the visits.
        ends_on: the last day of the visits.
    """
    table = InspectorAssignment
    rows = source.execute(
        select(
            *(col(table.id), col(RegisteredInspector.code), col(table.home), col(table.region)),
            *(col(table.starts_on), last_day.label("last_day"), col(table.document_no)),
        )
        .join(RegisteredInspector, col(RegisteredInspector.id) == col(table.inspector_id))
        .where(
            col(table.state) == APPROVED,
            touching(col(table.region), region),
            col(table.starts_on) <= starts_on,
            last_day >= ends_on,
        )
        .order_by(col(table.id))
    )
    return {
        row.code: AssignmentInForce(
            id=row.id,
            inspector=row.code,
            home=row.home,
            region=row.region,
            starts_on=row.starts_on,
            ends_on=row.last_day,
            document_no=row.document_no,
        )
        for row in rows
    }


def assignments_near(source: Source, *, region: str, on_or_after: date) -> Mapping[str, list[Assignment]]:
    """What was asked for and not rejected, to a region from a day on, by ids of inspectors."""
    return _standing(source, touching(col(InspectorAssignment.region), region), on_or_after=on_or_after)


def assignments_held(
    source: Source, *, inspectors: Collection[str], on_or_after: date
) -> Mapping[str, list[Assignment]]:
    """What was asked for and not rejected, of some inspectors from a day on, by their ids."""
    return _standing(source, col(InspectorAssignment.inspector_id).in_(inspectors), on_or_after=on_or_after)


def _standing(
    source: Source, condition: ColumnElement[bool], *, on_or_after: date
) -> Mapping[str, list[Assignment]]:
    table = InspectorAssignment
    found: dict[str, list[Assignment]] = defaultdict(list)
    for row in source.execute(
        select(
            *(col(table.inspector_id), col(table.region), col(table.starts_on)),
            *(last_day.label("last_day"), col(table.state)),
        )
        .where(col(table.state) != REJECTED, condition, last_day >= on_or_after)
        .order_by(col(table.id))
    ):
        found[row.inspector_id].append(
            Assignment(
                region=row.region,
                starts_on=row.starts_on,
                ends_on=row.last_day,
                approved=row.state == APPROVED,
            )
        )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentFilter:
    """What a list of assignments is narrowed to."""

    inspector: str | None = None
    region: str | None = None
    state: str | None = None
    on: date | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """As SQL; `on` finds what is in force on that day."""
        table = InspectorAssignment
        wanted = (
            (col(RegisteredInspector.code), self.inspector),
            (col(table.region), self.region),
            (col(table.state), self.state),
        )
        found = [column == value for column, value in wanted if value is not None]
        if self.on is not None:
            found += [col(table.state) == APPROVED, col(table.starts_on) <= self.on, last_day >= self.on]
        return found


def _query() -> Select[Any]:
    table = InspectorAssignment
    columns = tuple(table.__table__.columns)  # type: ignore[attr-defined]  # SQLModel adds it to table classes
    inspector: tuple[Any, ...] = (
        col(RegisteredInspector.code).label("inspector"),
        col(RegisteredInspector.name),
    )
    return select(*columns, *inspector).join(
        RegisteredInspector, col(RegisteredInspector.id) == col(table.inspector_id)
    )


def _seen_from(region: str) -> ColumnElement[bool]:
    """Both the region that lends and the one that borrows see an assignment, and so do those above them."""
    return or_(
        col(InspectorAssignment.home).startswith(region, autoescape=True),
        touching(col(InspectorAssignment.region), region),
    )


def assignment_rows(connection: Connection, where: AssignmentFilter, *, region: str, paging: Paging) -> Rows:
    """A page of the assignments from or to a region prefix, newest first."""
    return page(
        connection,
        _query().where(_seen_from(region), *where.conditions()),
        by=[col(InspectorAssignment.id)],
        limit=paging.limit,
        cursor=paging.cursor,
        descending=True,
        count=paging.count,
    )


def assignment_row(source: Source, assignment_id: str, *, region: str) -> AnyRow | None:
    """One assignment that a region prefix sees."""
    return source.execute(
        _query().where(_seen_from(region), col(InspectorAssignment.id) == assignment_id)
    ).one_or_none()


def assignment_for_change(session: Session, assignment_id: str) -> InspectorAssignment | None:
    """An assignment, locked until the transaction ends."""
    return session.scalars(
        select(InspectorAssignment).where(col(InspectorAssignment.id) == assignment_id).with_for_update()
    ).one_or_none()


def standing_like(session: Session, wanted: InspectorAssignment) -> str | None:
    """The id of an assignment of the same inspector to the same region on some of the same days."""
    table = InspectorAssignment
    return session.scalar(
        select(col(table.id))
        .where(
            col(table.inspector_id) == wanted.inspector_id,
            col(table.region) == wanted.region,
            col(table.state) != REJECTED,
            col(table.starts_on) <= wanted.ends_on,
            last_day >= wanted.starts_on,
        )
        .limit(1)
    )


def add_assignment(session: Session, assignment: InspectorAssignment) -> None:
    """Keep a new assignment."""
    session.add(assignment)
    session.flush()
