"""Connections and transactions; the one `commit()` of the application is here.

Two engines on one database. Writes run in a transaction, on SQLite begun with `BEGIN IMMEDIATE` so that two
writers queue instead of failing half way. Reads of one statement run in autocommit, which saves PostgreSQL
two round trips a request.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic_core import from_json, to_json
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlmodel import Session


class Database:
    """The embedded SQLite or a PostgreSQL server, whichever the URL names."""

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        self.url = url
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        if self.is_sqlite and (path := make_url(url).database):
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        pool: dict[str, Any] = {"pool_size": pool_size, "max_overflow": 32}
        pool |= {"json_serializer": _json, "json_deserializer": from_json}
        pool["hide_parameters"] = True  # errors are logged, and rows are no business of the log
        self._writing = create_engine(url, **pool)
        self._reading = create_engine(url, isolation_level="AUTOCOMMIT", pool_reset_on_return=None, **pool)
        if self.is_sqlite:
            _prepare_sqlite(self._writing)
            _prepare_sqlite(self._reading)
            event.listen(self._writing, "begin", _begin_immediate)
        else:
            _prepare_postgresql(self._writing)
            _prepare_postgresql(self._reading)

    @contextmanager
    def unit_of_work(self) -> Iterator[Session]:
        """A transaction: committed when the block ends well, otherwise rolled back whole."""
        with Session(self._writing, expire_on_commit=False, autoflush=True) as session:
            yield session
            session.commit()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for reads, each statement by itself."""
        with self._reading.connect() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection for one long read: its rows are of one moment and come as they are asked for."""
        with self._reading.connect() as connection:
            if not self.is_sqlite:  # there a statement that is being read sees one moment anyway
                connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection.execution_options(yield_per=1000)

    @property
    def engine(self) -> Engine:
        """The writing engine, for migrations and bulk loads that bring their own transaction."""
        return self._writing

    def close(self) -> None:
        """Give back every connection."""
        self._writing.dispose()
        self._reading.dispose()


def _json(value: object) -> str:
    """JSON with Chinese as it is, and days as text."""
    return to_json(value).decode()


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:  # noqa: ANN401 - the DBAPI's own connection type
        connection.isolation_level = None  # the "begin" event begins, not the driver's guess
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=15000", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")


def _prepare_postgresql(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:  # noqa: ANN401 - the DBAPI's own connection type
        # Queries cut months out of days and put days into texts: whatever the server writes days like.
        connection.autocommit = True
        connection.execute("SET datestyle TO ISO")
        connection.autocommit = False


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
