"""The databases of the tests: opened once a process and kind, empty for each test.

What SQLAlchemy compiled and PostgreSQL read of its catalogue is kept from test to test; rows never are.
A test that changed the tables themselves leaves a database that is made anew.
"""

import os
import shutil
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, text

from app.settings import Settings
from app.store.schema import migrate
from app.store.session import Database

_SHAPE = """
    SELECT
        count(*), max(oid::bigint), sum(relnatts),
        (SELECT max(oid::bigint) FROM pg_trigger),
        (SELECT max(oid::bigint) FROM pg_constraint),
        (SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace)
    FROM pg_class WHERE relnamespace = 'public'::regnamespace
"""
_TABLES = """
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
"""
_STILL_BUSY = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""


class SqliteOfTests:
    """A file that is put back to the migrated, empty one for each test."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "test.db"
        self._pristine = folder / "pristine.db"
        self._database = Database(f"sqlite:///{self._file}")
        migrate(self._database)
        with self._database.reading() as connection:
            connection.exec_driver_sql("SELECT 1")
        self._database.close()
        shutil.copy(self._file, self._pristine)

    def emptied(self) -> Database:
        """The database without a row."""
        self._database.close()
        for leftover in self._file.parent.glob(f"{self._file.name}*"):
            leftover.unlink()
        shutil.copy(self._pristine, self._file)
        return self._database

    def close(self) -> None:
        """Give back every connection."""
        self._database.close()


class PostgresqlOfTests:
    """A database of the server under a name of this process."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._name = f"test_{os.getpid()}"
        self._database = Database(with_name(server, self._name))
        self._emptier = create_engine(with_name(server, self._name), isolation_level="AUTOCOMMIT")
        self._shape: tuple[Any, ...] = ()

    def emptied(self) -> Database:
        """The database without a row, and without anybody of an earlier test in it."""
        if self._shape:
            with self._emptier.connect() as connection:
                if _shape(connection) == self._shape:
                    connection.execute(text(_STILL_BUSY))
                    _empty(connection)
                    return self._database
        self._make()
        return self._database

    def _make(self) -> None:
        self._drop()
        administer(self._server, f'CREATE DATABASE "{self._name}" TEMPLATE template0')
        migrate(self._database)
        with self._emptier.connect() as connection:
            self._shape = _shape(connection)

    def _drop(self) -> None:
        self._database.close()
        self._emptier.dispose()
        administer(self._server, f'DROP DATABASE IF EXISTS "{self._name}" WITH (FORCE)')

    def close(self) -> None:
        """Give back every connection, and leave nothing on the server."""
        self._drop()


def _shape(connection: Connection) -> tuple[Any, ...]:
    return tuple(connection.execute(text(_SHAPE)).one())


def _empty(connection: Connection) -> None:
    tables = connection.scalars(text(_TABLES)).all()
    asked = " UNION ALL ".join(f"SELECT '{one}' WHERE EXISTS (SELECT FROM \"{one}\")" for one in tables)  # noqa: S608 - names from the catalogue
    filled = connection.scalars(text(asked)).all()
    if filled:
        names = ", ".join(f'"{one}"' for one in filled)
        connection.execute(text(f"TRUNCATE {names} CASCADE"))


def with_name(url: str, name: str) -> str:
    """The URL of another database of the same server."""
    base = Settings(database_url=url).normal_database_url
    head, _, query = base.partition("?")
    return head.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")


def administer(url: str, *statements: str) -> None:
    """Carry out statements on a server, each by itself."""
    engine = create_engine(with_name(url, "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
