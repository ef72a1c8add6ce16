"""Whether the database is there and at the right schema."""

from app.domain.errors import Unavailable
from app.services.context import Look
from app.store import schema


def readiness(look: Look) -> str:
    """`ok` when the database answers at the newest migration.

    Raises:
        Unavailable: the schema is behind; `double-random migrate` brings it up.
    """
    if schema.revision(look.connection) != schema.newest():
        raise Unavailable("schema-behind")
    return "ok"
