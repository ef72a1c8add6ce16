"""What of inspectors runs out, and the reminders of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, select
from sqlmodel import Session, col

from app.domain.reminders import ASSIGNMENT, CERTIFICATE, QUALIFICATION, TRAINING, Validity
from app.store.paging import Rows, page
from app.store.registers.assignments import APPROVED
from app.store.registers.pages import Paging
from app.store.tables.registers import RegisteredInspector
from app.store.tables.staffing import (
    InspectorAssignment,
    InspectorQualification,
    InspectorTraining,
    Reminder,
)

Source = Session | Connection


def regions(source: Source) -> list[str]:
    """Every region that keeps records of inspectors."""
    column = col(RegisteredInspector.region)
    return list(source.scalars(select(column).distinct().order_by(column)))


def validities(source: Source, region: str) -> Iterator[Validity]:
    """Everything of the inspectors of a region that runs out, what outlasts it too."""
    inspector = RegisteredInspector
    here = col(inspector.region) == region
    trained = select(
        *(col(InspectorTraining.inspector_id), col(InspectorTraining.id), col(InspectorTraining.valid_to))
    ).where(col(InspectorTraining.withdrawn_at).is_(None), col(InspectorTraining.valid_to).is_not(None))
    on_file = set()
    for row in source.execute(_of(trained, InspectorTraining, here)):
        on_file.add(row.inspector_id)
        yield Validity(kind=TRAINING, inspector=row.inspector_id, record=row.id, runs_out_on=row.valid_to)
    registered = select(col(inspector.id), col(inspector.certificate_to), col(inspector.training_to)).where(
        here
    )
    for row in source.execute(registered):
        yield Validity(kind=CERTIFICATE, inspector=row.id, record=row.id, runs_out_on=row.certificate_to)
        if row.training_to is not None and row.id not in on_file:
            yield Validity(kind=TRAINING, inspector=row.id, record=row.id, runs_out_on=row.training_to)
    qualified = select(
        *(col(InspectorQualification.inspector_id), col(InspectorQualification.id)),
        *(col(InspectorQualification.regime), col(InspectorQualification.valid_to)),
    ).where(col(InspectorQualification.withdrawn_at).is_(None))
    for row in source.execute(_of(qualified, InspectorQualification, here)):
        yield Validity(
            kind=QUALIFICATION,
            inspector=row.inspector_id,
            record=row.id,
            label=row.regime,
            runs_out_on=row.valid_to or date.max,
        )
    lent = select(
        *(col(InspectorAssignment.inspector_id), col(InspectorAssignment.id)),
        *(col(InspectorAssignment.region), col(InspectorAssignment.ends_on)),
    ).where(col(InspectorAssignment.state) == APPROVED, col(InspectorAssignment.ended_at).is_(None))
    for row in source.execute(_of(lent, InspectorAssignment, here)):
        yield Validity(
            kind=ASSIGNMENT,
            inspector=row.inspector_id,
            record=row.id,
            label=row.region,
            runs_out_on=row.ends_on,
        )


def _of(query: Any, table: Any, here: ColumnElement[bool]) -> Any:  # noqa: ANN401 - one of three tables alike
    joined = query.join(RegisteredInspector, col(RegisteredInspector.id) == col(table.inspector_id))
    return joined.where(here).order_by(col(table.id))


def raised(session: Session, region: str) -> Sequence[Reminder]:
    """Every reminder that was ever raised about inspectors of a region."""
    return session.scalars(
        select(Reminder)
        .join(RegisteredInspector, col(RegisteredInspector.id) == col(Reminder.inspector_id))
        .where(col(RegisteredInspector.region) == region)
    ).all()


def add(session: Session, reminders: Iterable[Reminder]) -> None:
    """Keep new reminders."""
    session.add_all(reminders)
    session.flush()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderFilter:
    """What a list of reminders is narrowed to; `settled` None: either."""

    inspector: str | None = None
    kind: str | None = None
    before: date | None = None
    settled: bool | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """As SQL."""
        wanted = ((col(RegisteredInspector.code), self.inspector), (col(Reminder.kind), self.kind))
        found = [column == value for column, value in wanted if value is not None]
        if self.before is not None:
            found.append(col(Reminder.runs_out_on) < self.before)
        if self.settled is not None:
            open_ = col(Reminder.settled_at).is_(None)
            found.append(~open_ if self.settled else open_)
        return found


def reminder_rows(connection: Connection, where: ReminderFilter, *, region: str, paging: Paging) -> Rows:
    """A page of the reminders about inspectors of a region prefix, by the day on which things run out."""
    columns: tuple[Any, ...] = (
        *Reminder.__table__.columns,  # type: ignore[attr-defined]  # SQLModel adds it to table classes
        *(col(RegisteredInspector.code).label("inspector"), col(RegisteredInspector.name)),
    )
    query = (
        select(*columns)
        .join(RegisteredInspector, col(RegisteredInspector.id) == col(Reminder.inspector_id))
        .where(col(Reminder.region).startswith(region, autoescape=True), *where.conditions())
    )
    return page(
        connection,
        query,
        by=[col(Reminder.runs_out_on), col(Reminder.id)],
        limit=paging.limit,
        cursor=paging.cursor,
        count=paging.count,
    )
