"""Visits per entity and agency in a year, by kind and level of government, counted in the database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, case, func, select, tuple_
from sqlmodel import col

from app.domain.fieldwork.visit import Kind
from app.domain.regions import Level
from app.store.paging import AnyRow, AnySelect, cursor_of, cursor_values
from app.store.tables.registers import Entity, PastVisit

KINDS = tuple(kind.value for kind in Kind)
"""Every kind of visit; each is a column of the report."""
UNKNOWN = "unknown"
"""Stands for the level of visits of registers that do not say it."""
LEVELS = (*(level.value for level in Level), UNKNOWN)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of counts."""

    rows: Sequence[AnyRow]
    next_cursor: str | None


def _counts(region: str, year: int, agency: str | None) -> tuple[AnySelect, Any]:
    """The counts in order of entity and agency; one visit that carried several items is one."""
    visit = (
        select(
            *(col(PastVisit.entity_id), col(PastVisit.agency)),
            *(col(PastVisit.visited_on), col(PastVisit.kind)),
            func.coalesce(col(PastVisit.level), UNKNOWN).label("level"),
        )
        .where(col(PastVisit.visited_on).between(date(year, 1, 1), date(year, 12, 31)))
        .distinct()
        .subquery()
    )
    counts = [
        func.sum(case(((visit.c.kind == kind) & (visit.c.level == level), 1), else_=0)).label(
            f"{kind}_{level}"
        )
        for kind in KINDS
        for level in LEVELS
    ]
    query: AnySelect = (
        select(
            *(col(Entity.key), col(Entity.name), col(Entity.region), col(Entity.station)),
            *(visit.c.agency, *counts),
        )
        .join(visit, visit.c.entity_id == col(Entity.id))
        .where(col(Entity.region).startswith(region, autoescape=True))
        .group_by(
            *(col(Entity.key), col(Entity.name), col(Entity.region), col(Entity.station), visit.c.agency)
        )
        .order_by(col(Entity.key), visit.c.agency)
    )
    if agency is not None:
        query = query.where(visit.c.agency == agency)
    return query, visit.c.agency


def count_of(row: AnyRow, kind: str, level: str) -> int:
    """How many visits of a kind the agency made at a level of government."""
    return int(row._mapping[f"{kind}_{level}"])  # noqa: SLF001 - SQLAlchemy's public name for it


def page(
    connection: Connection, *, region: str, year: int, agency: str | None, limit: int, cursor: str | None
) -> Page:
    """A page of the counts in a region prefix.

    Raises:
        Malformed: the cursor is not one that this list gave.
    """
    query, of_agency = _counts(region, year, agency)
    if cursor is not None:
        query = query.where(tuple_(col(Entity.key), of_agency) > tuple_(*cursor_values(cursor, [str, str])))
    rows = connection.execute(query.limit(limit + 1)).all()
    more = len(rows) > limit
    rows = rows[:limit]
    return Page(rows, cursor_of([rows[-1].key, rows[-1].agency]) if more else None)


def every(connection: Connection, *, region: str, year: int, agency: str | None) -> Iterator[AnyRow]:
    """All counts in a region prefix, as they are read."""
    yield from connection.execute(_counts(region, year, agency)[0])
