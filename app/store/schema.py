"""The schema's migrations, run by Alembic from the package itself."""

from functools import cache

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from app.store.session import Database


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "app.store:migrations")
    config.set_main_option("path_separator", "os")
    return config


def migrate(database: Database) -> None:
    """Bring the database to the newest schema, in one transaction."""
    config = _config()
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@cache
def newest() -> str | None:
    """The newest revision that this version brings."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def revision(connection: Connection) -> str | None:
    """The revision that the database is at."""
    return MigrationContext.configure(connection).get_current_revision()
