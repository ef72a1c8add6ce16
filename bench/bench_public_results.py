"""The public's reads with 200,000 published results stored, one worker, against an idiomatic SQLModel route.

    python -m bench.bench_public_results [--seconds 3] [--rounds 5]

Requests a second over eight keep-alive connections, medians over alternating rounds, on both databases. The
statistics count 40,000 drawn premises, each with its result. Searches by name and statistics have no goal: a
name is looked for inside of names, which no index helps, and a sum costs what it costs.
"""

import argparse
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any
from urllib.parse import quote

from sqlalchemy import insert, text

from app.deps import new_uuid7
from app.store.tables.results import PublicResult
from app.store.tables.standings import PublicStanding
from bench.bench_reads import serving
from bench.databases import KINDS, migrated, open_database
from bench.load import requests_a_second

RESULTS = 200_000
ENTITIES = 20_000
REGIONS = 8
DRAWS, DRAWN = 400, 100
PEERS = ("ours", "orm")
_START = datetime(2025, 1, 1, tzinfo=UTC)


def key_of(number: int) -> str:
    """The id of a made-up entity."""
    return f"91410928{number:010d}"


def rows() -> Iterator[dict[str, Any]]:
    """Ten results for each entity, one published every five minutes."""
    for number in range(RESULTS):
        entity, at = number % ENTITIES, _START + timedelta(minutes=5 * number)
        found = number % 3 == 0
        yield {
            "id": new_uuid7(),
            "version": 1,
            "current": True,
            "withdrawn": False,
            "reason": None,
            "draw_id": None,
            "region": f"4109{20 + entity % REGIONS}",
            "item": ("psb.venues", "fire.units")[entity % 2],
            "regime": ("entertainment", "fire_unit")[entity % 2],
            "entity_key": key_of(entity),
            "entity_name": f"样例场所{entity}有限公司",
            "uscc": key_of(entity),
            "ended_on": date(2025, 1, 1) + timedelta(days=number // 300),
            "published_at": at,
            "kind": "drawn",
            "codes": ["05", "21"] if found else ["01"],
            "found": found,
            "punished": number % 9 == 0,
            "in_time": True,
            "copy_": {"entity": {"name": f"样例场所{entity}有限公司"}, "findings": [{"text": "通道堵塞"}]},
            "sha256": f"{number:064x}",
        }


def standings(results: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """How it stands with the premises of revealed draws: each has one of the results."""
    for number, result in enumerate(results):
        yield {
            "draw_id": f"draw-{number // DRAWN}",
            "place": number % DRAWN + 1,
            "visit_id": result["id"],
            "region": result["region"],
            "item": result["item"],
            "entity_key": result["entity_key"],
            "entity_name": result["entity_name"],
            "state": "published",
            "publication": "published",
            "day": result["ended_on"],
        }


def load(url: str) -> None:
    """Store the results, and the standings of draws that are not there themselves."""
    database = open_database(url)
    made, drawn = rows(), list[dict[str, Any]]()
    unbound = "PRAGMA foreign_keys=OFF" if database.is_sqlite else "SET session_replication_role = replica"
    with database.engine.connect() as connection:
        connection.connection.cursor().execute(unbound)
        while piece := list(islice(made, 5000)):
            connection.execute(insert(PublicResult), piece)
            drawn += piece[: DRAWS * DRAWN - len(drawn)]
        connection.execute(insert(PublicStanding), list(standings(drawn)))
        connection.commit()
    with database.reading() as connection:
        connection.execute(text("ANALYZE"))
    database.close()


def measure(kind: str, *, seconds: float, rounds: int) -> None:
    """Print the table of one database."""
    with ExitStack() as rooms:
        url = rooms.enter_context(migrated(kind))
        load(url)
        folder = rooms.enter_context(tempfile.TemporaryDirectory())
        ports = {
            peer: rooms.enter_context(serving(peer, url, folder, peers="bench.result_peers"))
            for peer in PEERS
        }
        reads = {
            "list of 50": ["/v1/public/results?limit=50"],
            "county's list": [f"/v1/public/results?region=4109{20 + n}" for n in range(REGIONS)],
            "name of one": [
                f"/v1/public/results?name={quote(f'场所{n}有')}" for n in range(0, ENTITIES, 997)
            ],
            "name of many": [f"/v1/public/results?name={quote('场所1')}"],
            "statistics": ["/v1/public/statistics?by=item"],
            "entity": [f"/v1/public/entities/{key_of(n)}" for n in range(0, ENTITIES, 7)],
        }
        for name, paths in reads.items():
            rates: dict[str, list[float]] = {peer: [] for peer in PEERS}
            for peer in PEERS:
                requests_a_second(ports[peer], paths, key="none", seconds=0.5)
            for _ in range(rounds):
                for peer in PEERS:
                    rates[peer].append(requests_a_second(ports[peer], paths, key="none", seconds=seconds))
            ours, orm = (statistics.median(rates[peer]) for peer in PEERS)
            print(f"{kind:<12}{name:<16}{ours:>9,.0f}{orm:>9,.0f}{ours / orm:>9.2f}", flush=True)


def main() -> None:
    """Measure both databases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--kinds", nargs="*", default=KINDS)
    given = parser.parse_args()
    print(f"{'requests/s':<28}{'ours':>9}{'orm':>9}{'ratio':>9}")
    for kind in given.kinds:
        measure(kind, seconds=given.seconds, rounds=given.rounds)


if __name__ == "__main__":
    main()
