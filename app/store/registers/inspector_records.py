"""Trainings and qualifications of inspectors in the database."""

from typing import Any

from sqlalchemy import Connection, select
from sqlmodel import col

from app.store.paging import Rows, page
from app.store.registers.bulk import Record
from app.store.registers.pages import Paging
from app.store.tables.registers import InspectorAbsence
from app.store.tables.staffing import InspectorQualification, InspectorTraining

Table = type[InspectorTraining] | type[InspectorQualification]
Said = Table | type[InspectorAbsence]


def _columns(table: Table) -> list[Any]:
    own = table.__table__.columns  # type: ignore[union-attr]  # SQLModel adds it to table classes
    return [column for column in own if column.name not in {"inspector_id", "natural_key"}]


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


def natural_key(inspector_id: str, *said: object) -> str:
    """What is said of an inspector, as one text: the same twice has one key, which the table holds once."""
    return "|".join("" if word is None else str(word) for word in (inspector_id, *said))


def said_already(connection: Connection, table: Said, key: str) -> str | None:
    """The id of what says the same, if it stands."""
    found = connection.execute(select(col(table.id)).where(col(table.natural_key) == key)).scalar()
    return None if found is None else str(found)
