"""Keyset paging: a page begins after the last row of the one before, so rows never repeat or go missing."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Row, Select, TypeDecorator, func, literal, select, tuple_
from sqlalchemy.orm import Mapped, QueryableAttribute
from sqlalchemy.types import TypeEngine

from app.domain.characters import unkeepable
from app.domain.errors import Malformed

_MOST_INTEGER = 2**31 - 1  # of a column INTEGER of PostgreSQL

AnyRow = Row[*tuple[Any, ...]]
"""A row, whatever its columns."""

AnySelect = Select[*tuple[Any, ...]]
"""A query, whatever its columns."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of rows, the cursor of the next one, and how many there are in all when that was asked for."""

    rows: Sequence[AnyRow]
    next_cursor: str | None
    count: int | None


def page(
    connection: Connection,
    query: AnySelect,
    *,
    by: Sequence[Mapped[Any]],
    limit: int,
    cursor: str | None,
    descending: bool = False,
    count: bool = False,
) -> Rows:
    """One page of a query, ordered by the columns `by`, which must be selected and unique together.

    Raises:
        Malformed: the cursor is not one that this list gave.
    """
    total = (
        connection.scalar(select(func.count()).select_from(query.order_by(None).subquery()))
        if count
        else None
    )
    if cursor is not None:
        after = tuple_(
            *(literal(value, _type(column)) for value, column in zip(_read(cursor, by), by, strict=True))
        )
        query = query.where(tuple_(*by) < after if descending else tuple_(*by) > after)
    ordered = query.order_by(*(column.desc() if descending else column.asc() for column in by))
    rows = connection.execute(ordered.limit(limit + 1)).all()
    more = len(rows) > limit
    rows = rows[:limit]
    return Rows(rows, _write(rows[-1], by) if more else None, total)


def _expression(column: Mapped[Any]) -> ColumnElement[Any]:
    """The column itself: rows know no mapped attributes."""
    return cast("QueryableAttribute[Any]", column).expression


def _type(column: Mapped[Any]) -> TypeEngine[Any]:
    return _expression(column).type


def _kind(column: Mapped[Any]) -> type:
    """The Python type of a column; a decorating type knows only that of what it decorates."""
    kind = _type(column)
    return kind.impl_instance.python_type if isinstance(kind, TypeDecorator) else kind.python_type


def _write(row: AnyRow, by: Sequence[Mapped[Any]]) -> str:
    found = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
    return cursor_of([found[_expression(column)] for column in by])


def _read(cursor: str, by: Sequence[Mapped[Any]]) -> list[object]:
    return cursor_values(cursor, [_kind(column) for column in by])


def cursor_of(values: Sequence[object]) -> str:
    """The sort key of a page's last row as an opaque text."""
    plain = [value.isoformat() if hasattr(value, "isoformat") else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain, ensure_ascii=False).encode()).decode().rstrip("=")


def cursor_values(cursor: str, kinds: Sequence[type]) -> list[object]:
    """The sort key that a cursor stands for.

    Raises:
        Malformed: the cursor is not one that a list of these kinds gave.
    """
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return [_typed(value, kind) for value, kind in zip(values, kinds, strict=True)]
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise Malformed("bad-cursor") from error


def _typed(value: object, kind: type) -> object:
    if issubclass(kind, datetime):
        return _instant(kind.fromisoformat(value))  # type: ignore[arg-type]  # anything but text is a TypeError
    if hasattr(kind, "fromisoformat"):
        return kind.fromisoformat(value)
    if type(value) is not kind:
        raise TypeError(value)
    if isinstance(value, str) and unkeepable(value):
        raise ValueError(value)
    if isinstance(value, int) and abs(value) > _MOST_INTEGER:
        raise OverflowError(value)
    return value


def _instant(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return moment.astimezone(UTC)
