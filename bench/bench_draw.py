"""DR1 sections 2 to 5 against a bare hashlib loop and against consistent_sampler, all measured in one run.

    python -m bench.bench_draw [--lines 1000000] [--repeats 3]

Processor time is shown beside the wall's, because the cores may be busy with something else. The memory is
that of a process of its own which takes the roster as a stream, its workers included.
"""

import argparse
import hashlib
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from consistent_sampler import sampler

from app.adapters.cores import all_cores
from app.domain.draw.basics.chunks import Mapper
from app.domain.draw.basics.digest import hasher
from app.domain.draw.basics.lines import RosterLine
from app.domain.draw.freeze import freeze
from app.domain.draw.plan import Stratum
from app.domain.draw.selection import Selection, draw_digest, select

STRATA = 20
SCATTER = 7919
"""A prime that divides no size used here: it puts the roster out of order without any memory."""
DRAWN_SHARE = 20
SECRET = "5e" * 32
BEACON = "b7" * 32
MIB = 1 << 20


def roster(size: int) -> Iterator[RosterLine]:
    """Lines with a mean of 2 tickets in 20 strata, a tenth with duties, in no useful order."""
    needs = [(f"district:d{number}", "regime:hotel") for number in range(12)]
    for step in range(size):
        number = step * SCATTER % size
        yield RosterLine(
            id=f"91410928MA{number:07d}K",
            stratum=f"hotel-{number % STRATA:02d}",
            tickets=1 + number % 3,
            draws_left=100 if number % 10 == 0 else 0,
            needs=needs[number % len(needs)],
            note=None,
        )


def draw(lines: Iterable[RosterLine], mapper: Mapper) -> Selection:
    """Hold a draw of one in twenty: sections 2 to 5, without the plan's own few bytes."""
    frozen = freeze(alg="sha256", secret=SECRET, roster=lines, inspectors=(), recusals=(), mapper=mapper)
    strata = [Stratum(name, 1, DRAWN_SHARE, 0, 0) for name in frozen.lines.strata]
    digest = draw_digest(frozen.roots.lines.root, BEACON, hasher("sha256"))
    ids = frozen.identities.ids
    return select(frozen.lines, strata, draw=digest, alg="sha256", id_of=ids.__getitem__, mapper=mapper)


def hashes(size: int) -> int:
    """Count the hashes of such a draw: E, N, K, X, two leaves, two nodes, and two tickets on average."""
    return 8 * size + sum(1 + number % 3 for number in range(size))


def bare(ids: list[str], count: int) -> None:
    """Do as many hashes of texts as long as DR1's, and nothing else."""
    sha256 = hashlib.sha256
    rounds, rest = divmod(count, len(ids))
    for number in range(rounds + 1):
        for entity in ids if number < rounds else ids[:rest]:
            sha256(f"dr1|es|{SECRET}|{entity}".encode()).hexdigest()


def peer(ids: list[str], take: int) -> None:
    """Draw as many with consistent_sampler: one hash a line, no commitments, no strata."""
    drawn = list(sampler(ids, seed=BEACON, with_replacement=False, take=take, output="id"))
    if len(drawn) != take:
        raise SystemExit("consistent_sampler drew another number")


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds on the wall and of processor time, those of ended children included."""

    wall: float
    processor: float


def spent(task: Callable[[], object]) -> Spent:
    """Time one call."""
    times, start = os.times(), time.perf_counter()
    task()
    wall, now = time.perf_counter() - start, os.times()
    return Spent(wall, sum(now[:4]) - sum(times[:4]))


def on_all_cores(lines: list[RosterLine]) -> None:
    """Draw with a pool of its own, so that its start counts too."""
    with all_cores() as mapper:
        draw(lines, mapper)


def compare(size: int, repeats: int) -> None:
    """Print our times, the peers' and the ratios; the sides take turns so that a busy machine hits all."""
    lines = list(roster(size))
    ids = [line.id for line in lines]
    count, take = hashes(size), size // DRAWN_SHARE
    sides: dict[str, Callable[[], object]] = {
        "DR1 on all cores": lambda: on_all_cores(lines),
        "DR1 on one core": lambda: draw(lines, map),
        "bare hashlib loop": lambda: bare(ids, count),
        "consistent_sampler": lambda: peer(ids, take),
    }
    runs = [{side: spent(task) for side, task in sides.items()} for _ in range(repeats)]
    print(f"\n{take:,} of {size:,} lines, {count / size:.1f} hashes a line, medians of {repeats}")
    print(f"{'':20}{'seconds':>9}{'processor':>11}{'us/line':>9}{'x bare':>8}{'x sampler':>11}")
    for side in sides:
        wall = statistics.median(run[side].wall for run in runs)
        processor = statistics.median(run[side].processor for run in runs)
        bared, sampled = (
            statistics.median(run[side].wall / run[other].wall for run in runs)
            for other in ("bare hashlib loop", "consistent_sampler")
        )
        row = f"{side:20}{wall:9.2f}{processor:11.2f}{wall / size * 1e6:9.2f}{bared:8.2f}{sampled:11.2f}"
        print(row, flush=True)


def proportional_memory(pid: str) -> int:
    """Give a process's memory in bytes, what it shares counted in shares; 0 when it has ended."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    own = next((int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")), 0)
    return own * 1024 + sum(map(proportional_memory, children))


def watch(size: int) -> None:
    """Print the peak memory of a draw in a process of its own, children included."""
    process = subprocess.Popen([sys.executable, "-m", "bench.bench_draw", "--only-draw", str(size)])
    peak = 0
    while process.poll() is None:
        peak = max(peak, proportional_memory(str(process.pid)))
        time.sleep(0.02)
    print(f"peak memory of a draw of {size:,} lines, all processes: {peak / MIB:.0f} MiB")


def only_draw(size: int) -> None:
    """Hold one draw from a stream of lines."""
    with all_cores() as mapper:
        drawn = draw(roster(size), mapper)
    if len(drawn.drawn) < size // DRAWN_SHARE:
        raise SystemExit("too few were drawn")


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only-draw", type=int)
    options = parser.parse_args()
    if options.only_draw:
        only_draw(options.only_draw)
        return
    for size in (options.lines // 100, options.lines // 10, options.lines):
        compare(size, options.repeats)
    watch(options.lines)


if __name__ == "__main__":
    main()
