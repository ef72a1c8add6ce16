"""Trainings and qualifications of inspectors in the database."""

from typing import Any

from sqlalchemy import Connection, select
from sqlmodel import col

from app.store.paging import Rows, page
from app.store.registers.bulk import Record
from app.store.registers.pages import Paging
from app.store.tables.staffing import InspectorQualification, InspectorTraining

Table = type[InspectorTraining] | type[InspectorQualification]


def _columns(table: Table) -> list[Any]:
    own = table.__table__.columns  # type: ignore[union-attr]  # SQLModel adds it to table classes
    return [column for column in own if column.name != "inspector_id"]


def record_rows(connection: Connection, table: Table, inspector_id: str, paging: Paging) -> Rows:
    """A page of the records of an inspector, as they were entered, withdrawn ones too."""
    return page(
        connection,
        select(*_columns(table)).where(col(table.inspector_id) == inspector_id),
        by=[col(table.id)],
        limit=paging.limit,
        cursor=paging.cursor,
        count=paging.count,
    )


def record(connection: Connection, table: Table, *, inspector_id: str, record_id: str) -> Record | None:
    """One record of an inspector."""
    this = col(table.inspector_id) == inspector_id, col(table.id) == record_id
    found = connection.execute(select(*_columns(table)).where(*this)).mappings().one_or_none()
    return None if found is None else dict(found)
