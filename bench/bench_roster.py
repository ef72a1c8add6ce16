"""A province's roster from PostgreSQL: tickets, duties and exclusions of 1,000,000 registrations.

    python -m bench.bench_roster [--registrations 1000000]

Ours reads premises with registrations, changes, risk events and visits, and builds the roster of a draw;
the peer reads the rows of the same tables and does nothing with them. Each runs in a process of its own,
whose peak memory is told; the server's is not part of it. Limits: 1 GB, and five times reading the rows.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from datetime import date
from fractions import Fraction
from typing import Any, Final

from sqlalchemy import text

from app.adapters.cores import collect_rarely
from app.domain.freezing import visits_that_matter
from app.domain.roster import build_roster
from app.domain.roster_rules import RosterRules, Scope
from app.domain.strata import policy_strata
from app.services.planning import law
from app.store import premises
from app.store.session import Database
from bench.databases import migrated, open_database
from bench.roster_rows import fill

REGION: Final = "41"
ITEM: Final = "psb.special-industry"
ON: Final = date(2026, 11, 2)
MOST_MIB: Final = 1000
MOST_TIMES: Final = 5
_ROWS: Final = (
    """
    SELECT e.id, e.key, e.region, e.station, e.key_area, r.id, r.regime, r.subtype, r.level, r.status,
           r.not_seen_since, r.registered_on, r.known_since
    FROM entities e JOIN registrations r ON r.entity_id = e.id
    """,
    """
    SELECT entity_id, kind, happened_on, regime, substantiated, remedied_on, until, source_no
    FROM risk_events WHERE withdrawn_at IS NULL
    """,
    "SELECT entity_id, item, visited_on, kind, agency, codes FROM past_visits WHERE visited_on >= :since",
    'SELECT registration_id, "on", status_before, level_before, subtype_before FROM registration_changes',
)


def read_rows(database: Database) -> dict[str, int]:
    """Read the rows of the same tables, a thousand at a time, and only count them."""
    counted = 0
    with database.snapshot() as connection:
        policy = law.policy_for(connection, REGION, ON).policy
        for query in _ROWS:
            given = {"since": visits_that_matter(policy, ON)} if ":since" in query else {}
            for _ in connection.execute(text(query), given):
                counted += 1
    return {"rows": counted}


def build(database: Database) -> dict[str, int]:
    """Build the roster of a draw in the middle of a window."""
    with database.reading() as connection:
        item = law.item(ITEM, ON)
        policy = law.policy_for(connection, REGION, ON).policy
        scope = Scope(region=REGION, regimes=item.regimes)
        rules = RosterRules(
            item=ITEM,
            agency=item.agency,
            scope=scope,
            rules=policy_strata(policy, scope, item=ITEM),
            policy=policy,
            on=ON,
            visit_from=ON,
            visit_to=date(2026, 11, 8),
            draw_ends=(date(2026, 11, 8), date(2026, 11, 15), date(2026, 11, 22), date(2026, 11, 30)),
        )
        found = premises.premises_in(
            connection, region=REGION, regimes=item.regimes, visits_since=visits_that_matter(policy, ON)
        )
        roster = build_roster(found, rules)
    owing = sum(line.draws_left > 0 for line in roster.lines)
    return {"lines": len(roster.lines), "owing": owing, "excluded": len(roster.ungraded)}


def _measured(what: str, url: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.bench_roster", "--measure", what, "--url", url]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, Any] = json.loads(told)
    return found


def _measure(what: str, url: str) -> None:
    database = open_database(url)
    collect_rarely()  # as the service does when it starts
    began = time.perf_counter()
    found = build(database) if what == "ours" else read_rows(database)
    seconds = time.perf_counter() - began
    database.close()
    mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**found, "seconds": seconds, "mib": mib}))


def main() -> None:
    """Fill a database, measure each side in its own process, print both."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--registrations", type=int, default=1_000_000)
    parser.add_argument("--measure", choices=("ours", "rows"))
    parser.add_argument("--url", default="")
    given = parser.parse_args()
    if given.measure:
        _measure(given.measure, given.url)
        return
    with migrated("postgresql") as url:
        database = open_database(url)
        fill(database, given.registrations)
        database.close()
        rows, ours = _measured("rows", url), _measured("ours", url)
    times = Fraction(ours["seconds"]) / Fraction(rows["seconds"])
    print(f"roster of {given.registrations:,} registrations from PostgreSQL, one process")
    print(f"  reading the {rows['rows']:,} rows   {rows['seconds']:6.1f} s  {rows['mib']:5.0f} MiB")
    print(f"  ours, {ours['lines']:,} lines     {ours['seconds']:6.1f} s  {ours['mib']:5.0f} MiB")
    print(f"  {float(times):.2f} times (limit {MOST_TIMES}), {ours['owing']:,} lines owe a duty")
    if times > MOST_TIMES or ours["mib"] > MOST_MIB:
        raise SystemExit("over the limit")


if __name__ == "__main__":
    main()
