"""Column types that mean the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, String, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB

ByteText = String().with_variant(String(collation="C"), "postgresql")
"""Text ordered by its UTF-8 bytes on both databases; SQLite does so by itself."""

Document = JSON().with_variant(JSONB(), "postgresql")
"""A JSON document."""


class Instant(TypeDecorator[datetime]):
    """An instant in UTC: aware in Python; the database keeps it without a zone, since SQLite has none."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Refuse a naive instant, store the rest as UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002 - SQLAlchemy's signature
        """Give the zone back."""
        return None if value is None else value.replace(tzinfo=UTC)
