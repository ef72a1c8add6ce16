"""Alembic's entry: always online, on the connection handed in by `app.store.schema`."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON, String
from sqlmodel import SQLModel

from app.store import tables  # noqa: F401 - fills the metadata
from app.store.columns import ByteText, Instant


def _named_type(kind: str, item: Any, _autogen: object) -> str | Literal[False]:  # noqa: ANN401 - whatever Alembic renders
    """Write the types of `app.store.columns` by their names."""
    if kind != "type":
        return False
    if isinstance(item, Instant):
        return "Instant()"
    if isinstance(item, JSON):
        return "Document"
    if isinstance(item, String):
        return "ByteText" if item is ByteText else "sa.String()"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=SQLModel.metadata, render_item=_named_type, compare_type=False
)
if connection.dialect.name == "postgresql":
    connection.exec_driver_sql("SET lock_timeout = '5s'")
with context.begin_transaction():
    context.run_migrations()
