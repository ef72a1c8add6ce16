"""The migrations give exactly the tables that the code has, on both databases."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlmodel import SQLModel

from app.store import schema, tables
from app.store.session import Database


def test_the_migrations_leave_nothing_to_generate(database: Database) -> None:
    """Alembic finds no difference between the migrated database and the metadata."""
    assert tables.__all__
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []


def test_a_migrated_database_is_at_the_newest_revision(database: Database) -> None:
    """Migrating again changes nothing."""
    schema.migrate(database)
    with database.reading() as connection:
        assert schema.revision(connection) == schema.newest()
