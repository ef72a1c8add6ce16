"""Takes a database of a test down to an older revision and up again, as an operator's would be."""

from alembic import command
from alembic.config import Config

from app.store.session import Database


def migrated(database: Database, way: str, revision: str) -> None:
    """Go `upgrade` or `downgrade` to a revision."""
    config = Config()
    config.set_main_option("script_location", "app.store:migrations")
    config.set_main_option("path_separator", "os")
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        getattr(command, way)(config, revision)
