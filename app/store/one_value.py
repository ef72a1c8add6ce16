"""Many rows as one value: a JSON array of arrays that the database makes.

Python's SQLite driver gives up the interpreter's lock at every row, and when several threads are at work each
row may wait to have it back.
"""

from typing import Any

from pydantic_core import from_json
from sqlalchemy import Connection, Select, String, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from app.store.paging import AnySelect


class _AllRows(FunctionElement[str]):
    """The rows of these columns as a JSON array of arrays."""

    name = "all_rows"
    type = String()
    inherit_cache = True


@compiles(_AllRows)
def _for_sqlite(element: _AllRows, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's own options
    return f"json_group_array(json_array({compiler.process(element.clauses, **options)}))"


@compiles(_AllRows, "postgresql")
def _for_postgresql(element: _AllRows, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's own options
    return f"cast(json_agg(json_build_array({compiler.process(element.clauses, **options)})) as text)"


def as_one_value(query: AnySelect) -> Select[Any]:
    """The query whose one value holds all rows of another; their order is not kept."""
    rows = query.subquery()
    return select(_AllRows(*rows.c))


def rows_of(connection: Connection, statement: Select[Any], given: dict[str, object]) -> list[list[Any]]:
    """The rows that `as_one_value` has wrapped; days and instants are text, and flags may be 0 and 1."""
    value = connection.execute(statement, given).scalar_one()
    rows: list[list[Any]] = [] if value is None else from_json(value)
    return rows
