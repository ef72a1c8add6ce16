"""Import of 100,000 rows by the HTTP job, against a bare bulk insert of what lands.

    python -m bench.bench_import [--rows 100000] [--rounds 3]

Ours: the file is posted; a worker reads, checks and lands it, history included, until the job is done. Its
peer inserts the finished rows of the three tables in one transaction, by Core's executemany. Then the same
file again, which changes nothing. Medians over alternating rounds, on both databases.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import insert, select
from sqlmodel import SQLModel

from app.adapters.vault import Vault
from app.deps import House, new_uuid7
from app.jobs.worker import Worker
from app.main import create_app
from app.services.access import create_key
from app.settings import Settings
from app.store.session import Database
from app.store.tables.registers import Entity, RegisterChange, Registration
from bench.databases import KINDS, migrated, open_database
from bench.register_rows import entity_csv

TABLES: tuple[type[SQLModel], ...] = (Entity, Registration, RegisterChange)


def imported(database: Database, content: bytes, *, again: bool) -> tuple[float, float]:
    """Seconds for a first import of a file, and for the same file again."""
    with tempfile.TemporaryDirectory() as folder:
        house = House(Settings(var=Path(folder)), database, Vault(bytes(32)))
        with database.unit_of_work() as session:
            key, _ = create_key(
                session, new_id=new_uuid7(), role="registrar", region="410928", name=None, now=house.clock()
            )
        client = TestClient(create_app(house=house), headers={"Authorization": f"Bearer {key}"})
        first = _one_import(client, house, content)
        return first, _one_import(client, house, content) if again else 0.0


def _one_import(client: TestClient, house: House, content: bytes) -> float:
    began = time.perf_counter()
    answer = client.post("/v1/imports", files={"file": ("rows.csv", content)}, data={"register": "entities"})
    Worker(house).run_pending()
    job = client.get(answer.headers["location"]).json()
    seconds = time.perf_counter() - began
    if job["state"] != "done" or job["result"]["rejected"]:
        raise RuntimeError(str(job)[:1000])
    return seconds


def landed(database: Database) -> dict[type[SQLModel], list[dict[str, Any]]]:
    """All rows of the tables, as Python values."""
    with database.reading() as connection:
        return {
            table: [dict(row) for row in connection.execute(select(table.__table__)).mappings()]  # type: ignore[attr-defined]  # SQLModel gives every table one
            for table in TABLES
        }


def inserted(database: Database, rows: dict[type[SQLModel], list[dict[str, Any]]]) -> float:
    """Seconds for inserting finished rows, in one transaction."""
    began = time.perf_counter()
    with database.unit_of_work() as session:
        for table, values in rows.items():
            session.connection().execute(insert(table), values)
    return time.perf_counter() - began


def measure(kind: str, *, rows: int, rounds: int) -> None:
    """Print the lines of one database."""
    content = entity_csv(rows)
    ours: list[float] = []
    again: list[float] = []
    peer: list[float] = []
    for _ in range(rounds):
        with migrated(kind) as url:
            database = open_database(url)
            first, second = imported(database, content, again=True)
            finished = landed(database)
            database.close()
        with migrated(kind) as url:
            database = open_database(url)
            peer.append(inserted(database, finished))
            database.close()
        ours.append(first)
        again.append(second)
    base = statistics.median(peer)
    for name, seconds in (("import", ours), ("import again", again), ("bare insert", peer)):
        middle = statistics.median(seconds)
        print(
            f"{kind:<12}{name:<14}{rows:>9,}{middle:>9.2f}{rows / middle:>11,.0f}{middle / base:>7.1f}",
            flush=True,
        )


def main() -> None:
    """Measure both databases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kinds", nargs="*", default=KINDS)
    given = parser.parse_args()
    print(f"{'':<26}{'rows':>9}{'s':>9}{'rows/s':>11}{'ratio':>7}")
    for kind in given.kinds:
        measure(kind, rows=given.rows, rounds=given.rounds)


if __name__ == "__main__":
    main()
