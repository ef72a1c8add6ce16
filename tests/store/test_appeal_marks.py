"""The migration that gave public results their mark of appeals writes the lists' rows anew, both ways."""

from sqlalchemy import text

from app.deps import House
from app.store.session import Database
from tests.migrating import migrated
from tests.published_rows import publish_rows, result_row


def _listed(database: Database) -> list[str]:
    with database.reading() as connection:
        return list(connection.scalars(text("SELECT listed FROM public_results ORDER BY id")))


def test_rows_of_lists_get_the_member_and_lose_it_again(database: Database, house: House) -> None:
    """What lists showed before has no mark; after it, none is shown as null."""
    rows = [result_row(n, id=f"r{n}", appeal=mark) for n, mark in enumerate((None, "pending", "upheld"))]
    publish_rows(house, *rows)
    migrated(database, "downgrade", "0010")
    before = _listed(database)
    assert not any("appeal" in one for one in before)
    migrated(database, "upgrade", "head")
    assert _listed(database) == [f'{one[:-1]},"appeal":null}}' for one in before]
