"""Instants on the wire."""

from datetime import datetime
from typing import Annotated

from pydantic import PlainSerializer

from app.domain.days import rfc3339

Instant = Annotated[datetime, PlainSerializer(rfc3339, return_type=str)]
"""RFC 3339 in UTC."""
