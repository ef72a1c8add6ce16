"""Transactions: all or nothing, writers queue."""

import threading
import time

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from app.domain.access import Caller
from app.services.access import create_key
from app.settings import Settings
from app.store.access import caller_by_key
from app.store.session import Database
from tests.conftest import Clock


def make(database: Database, name: str, clock: Clock) -> Caller:
    """A caller's key in a transaction of its own."""
    with database.unit_of_work() as session:
        _, caller = create_key(session, new_id=name, role="planner", region="4109", name=name, now=clock())
    return caller


def count(database: Database) -> int:
    """How many keys there are."""
    with database.reading() as connection:
        found: int = connection.scalar(text("SELECT count(*) FROM api_keys")) or 0
        return found


def test_a_block_that_fails_leaves_nothing(database: Database, clock: Clock) -> None:
    """Rolled back whole."""

    def fail_halfway() -> None:
        with database.unit_of_work() as session:
            create_key(session, new_id="a", role="planner", region="", name=None, now=clock())
            session.flush()
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        fail_halfway()
    assert count(database) == 0


def test_two_writers_queue_instead_of_failing(database: Database, clock: Clock) -> None:
    """On SQLite too: `BEGIN IMMEDIATE` with a busy timeout."""

    def slow(name: str) -> None:
        with database.unit_of_work() as session:
            create_key(session, new_id=name, role="planner", region="", name=None, now=clock())
            session.flush()
            time.sleep(0.1)

    threads = [threading.Thread(target=slow, args=(str(n),)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(database) == 4


def test_an_unknown_key_has_no_caller(database: Database, clock: Clock) -> None:
    """Only the digest of a key is kept."""
    made = make(database, "one", clock)
    with database.reading() as connection:
        assert made.id == "one"
        assert caller_by_key(connection, "0" * 64) is None


def test_days_are_written_alike_whatever_the_server_prefers(postgresql_url: str) -> None:
    """Texts made of days by a query are read again: 2 November must not come back as 02/11/2026."""
    url = make_url(Settings(database_url=postgresql_url).normal_database_url)
    url = url.update_query_dict({"options": "-c datestyle=SQL,DMY"})
    database = Database(url.render_as_string(hide_password=False))
    with database.reading() as connection, database.unit_of_work() as session:
        said = text("SELECT CAST(DATE '2026-11-02' AS VARCHAR)")
        assert connection.scalar(said) == session.scalar(said) == "2026-11-02"
    database.close()
