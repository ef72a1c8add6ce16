"""Verifying a public record against holding the draw (DR1 sections 2 to 5), both sides measured in one run.

    python -m bench.bench_verify [--lines 100000] [--repeats 5]

The record is read from disk, as a folder and as a zip; the draw starts from the roster in memory. A ceremony
gives the value: the curve's arithmetic for a drand signature takes about a second whatever the size.
"""

import argparse
import statistics
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from app.adapters.cores import all_cores
from app.adapters.record_files import open_record, write_folder, write_zip
from app.domain.draw.basics.chunks import Mapper
from app.domain.draw.basics.lines import RosterLine
from app.domain.draw.conduct import Terms, conduct, prepare
from app.domain.draw.entropy import CeremonyEntropy, CeremonyValues, Source
from app.domain.draw.plan import Stratum
from app.domain.draw.record.record import public_record
from app.domain.draw.verifier.verify import verify
from bench.bench_draw import DRAWN_SHARE, SECRET, STRATA, Spent, draw, roster, spent


def refuse(_key: bytes, _message: bytes, _signature: bytes) -> bool:
    """Stand for the curve, which a ceremony never asks."""
    return False


def terms() -> Terms:
    """Give a plan that draws one in twenty of each stratum."""
    return Terms(
        alg="sha256",
        origin="draws.example",
        seq=1,
        prev="",
        item="410928:psb.venues",
        period="2026-11.1",
        policy="0" * 64,
        strata=[Stratum(f"hotel-{number:02d}", 1, DRAWN_SHARE, 0, 0) for number in range(STRATA)],
        slots=(),
        entropy=CeremonyEntropy((Source("dice", "digits:20"),)),
        reveal_by=date(2026, 12, 31),
    )


def write(lines: list[RosterLine], folder: Path) -> None:
    """Hold the draw and write its public record as `folder/record` and `folder/record.zip`."""
    ready = prepare(secret=SECRET, terms=terms(), roster=lines, inspectors=(), recusals=())
    given = CeremonyValues((("dice", "27182818284590452353"),))
    held = conduct(ready, secret=SECRET, given=given, chains=(), bls=refuse)
    for target, writer in ((folder / "record", write_folder), (folder / "record.zip", write_zip)):
        writer(target, public_record(plan=ready.plan_bytes, frozen=ready.frozen, drawing=held.drawing))


def check(path: Path, mapper: Mapper) -> None:
    """Verify a record that must be good."""
    with open_record(path) as record:
        if not verify(record, bls=refuse, mapper=mapper).ok:
            raise SystemExit(f"{path.name} does not verify")


def compare(lines: list[RosterLine], folder: Path, repeats: int) -> None:
    """Print both sides' times and the ratio; they take turns so that a busy machine hits all."""
    with all_cores() as mapper:
        draw(lines, mapper)  # so that the workers have started
        sides: dict[str, Callable[[], object]] = {
            "draw, one core": lambda: draw(lines, map),
            "verify folder, one core": lambda: check(folder / "record", map),
            "verify zip, one core": lambda: check(folder / "record.zip", map),
            "draw, all cores": lambda: draw(lines, mapper),
            "verify folder, all cores": lambda: check(folder / "record", mapper),
            "verify zip, all cores": lambda: check(folder / "record.zip", mapper),
        }
        runs: list[dict[str, Spent]] = [
            {side: spent(task) for side, task in sides.items()} for _ in range(repeats)
        ]
    print(f"\na public record of {len(lines):,} lines, medians of {repeats}")
    print(f"{'':26}{'seconds':>9}{'us/line':>9}{'x draw':>8}")
    for side in sides:
        base = f"draw, {side.rsplit(', ', maxsplit=1)[1]}"
        wall = statistics.median(run[side].wall for run in runs)
        ratio = statistics.median(run[side].wall / run[base].wall for run in runs)
        print(f"{side:26}{wall:9.2f}{wall / len(lines) * 1e6:9.2f}{ratio:8.2f}", flush=True)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lines = list(roster(options.lines))
        write(lines, Path(folder))
        compare(lines, Path(folder), options.repeats)


if __name__ == "__main__":
    main()
