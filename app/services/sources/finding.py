"""A source for a caller: by id or code, and only within the caller's region."""

from typing import Any

from sqlalchemy import Row

from app.domain.errors import Missing
from app.services.context import Act, Look
from app.store.sources import sources as store
from app.store.tables.sources import Source


def source_for(look: Look, named: str) -> Row[Any]:
    """A source to read.

    Raises:
        Missing: there is none that the caller may know of.
    """
    found = store.source_row(look.connection, named)
    if found is None or not look.caller.sees(found.region):
        raise Missing("not-found")
    return found


def source_to_change(act: Act, named: str) -> Source:
    """A source, locked.

    Raises:
        Missing: there is none that the caller may know of.
    """
    row = store.source_row(act.session.connection(), named)
    found = None if row is None else store.source_for_change(act.session, row.id)
    if found is None or not act.caller.sees(found.region):
        raise Missing("not-found")
    return found
