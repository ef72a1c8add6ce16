"""HTTP reads with everything switched on, one worker, against an idiomatic ORM route and a bare route.

    python -m bench.bench_reads [--seconds 3] [--rounds 5]

Requests a second over eight keep-alive connections, medians over alternating rounds, on both databases.
"""

import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from sqlalchemy import select
from sqlmodel import col

from app.adapters.vault import Vault
from app.deps import House, new_uuid7
from app.jobs.worker import Worker
from app.services.access import create_key
from app.services.registers.importing import Options, hand_in
from app.settings import Settings
from app.store.tables.registers import Entity
from bench.databases import KINDS, migrated, open_database
from bench.load import requests_a_second
from bench.register_rows import entity_csv

ENTITIES = 2000
PEERS = ("ours", "orm", "bare")


def loaded(url: str) -> tuple[str, list[str]]:
    """A key of a registrar, and the ids of the entities that were imported."""
    database = open_database(url)
    house = House(Settings(), database, Vault(bytes(32)))
    with database.unit_of_work() as session:
        key, caller = create_key(
            session, new_id=new_uuid7(), role="registrar", region="410928", name=None, now=house.clock()
        )
        hand_in(
            house.act(session, caller),
            Options(register="entities"),
            filename="bench.csv",
            content=entity_csv(ENTITIES),
        )
    Worker(house).run_pending()
    with database.reading() as connection:
        ids = list(connection.scalars(select(col(Entity.id))))
    database.close()
    return key, ids


@contextmanager
def serving(peer: str, url: str, folder: str, *, peers: str = "bench.read_peers") -> Iterator[int]:
    """The port of a server of its own process; `peers` is the module that makes it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", f"{peers}:{peer}", "--factory", "--port", str(port)]
    quiet = ["--log-level", "warning", "--no-access-log", "--no-server-header"]
    server = subprocess.Popen([*command, *quiet], env={**os.environ, "DATABASE_URL": url, "DR_VAR": folder})
    try:
        _wait(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def _wait(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"nothing serves on {port}")


def measure(kind: str, *, seconds: float, rounds: int) -> None:
    """Print the table of one database."""
    with ExitStack() as rooms:
        url = rooms.enter_context(migrated(kind))
        key, ids = loaded(url)
        folder = rooms.enter_context(tempfile.TemporaryDirectory())
        ports = {peer: rooms.enter_context(serving(peer, url, folder)) for peer in PEERS}
        reads = {
            "entity by id": [f"/v1/entities/{one}" for one in ids],
            "list of 50": ["/v1/entities?limit=50"],
        }
        for name, paths in reads.items():
            rates: dict[str, list[float]] = {peer: [] for peer in PEERS}
            for peer in PEERS:
                requests_a_second(ports[peer], paths, key=key, seconds=0.5)
            for _ in range(rounds):
                for peer in PEERS:
                    rates[peer].append(requests_a_second(ports[peer], paths, key=key, seconds=seconds))
            show(kind, name, {peer: statistics.median(found) for peer, found in rates.items()})


def show(kind: str, name: str, medians: dict[str, float]) -> None:
    """Print one line."""
    ours = medians["ours"]
    print(
        f"{kind:<12}{name:<16}{ours:>9,.0f}{medians['orm']:>9,.0f}{medians['bare']:>9,.0f}"
        f"{ours / medians['orm']:>9.2f}{ours / medians['bare']:>9.2f}",
        flush=True,
    )


def main() -> None:
    """Measure both databases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--kinds", nargs="*", default=KINDS)
    given = parser.parse_args()
    print(f"{'requests/s':<28}{'ours':>9}{'orm':>9}{'bare':>9}{'ours/orm':>9}{'/bare':>9}")
    for kind in given.kinds:
        measure(kind, seconds=given.seconds, rounds=given.rounds)


if __name__ == "__main__":
    main()
