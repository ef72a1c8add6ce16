"""Teams against max-flow: DR1's deal in pure Python and OR-Tools' SimpleMaxFlow (C++) on the same instances.

Both sides start from the same lists (entities with needs, inspectors with tags, recusals) and are measured in
turn in one run. The peer gets what is cheapest for it: numpy says who fits which kind of slot, arcs are added
in bulk, and a node that keeps an inspector from sitting twice on a team exists only where he fits two of its
slots. Max-flow only counts; it knows no deal order, so its teams could be steered and prove nothing.

    python bench/bench_teams.py [--entities 50000] [--inspectors 2000] [--runs 5]
"""

import argparse
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from ortools.graph.python import max_flow

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app.domain.draw.basics.digest import hasher
from app.domain.draw.teams.teams import deal
from bench.team_instances import Instance, ample, scarce, tight

Indices = np.ndarray[tuple[int], np.dtype[np.int32]]
"""A column of node numbers or capacities."""


def dealt(instance: Instance) -> int:
    """Fill slots by DR1, certificate included; give how many."""
    h = hasher("sha256")
    result = deal(
        drawn=instance.drawn,
        slots=instance.slots,
        inspectors=instance.inspectors,
        recusals=instance.recusals,
        a=h("bench"),
        h=h,
    )
    return len(result.teams)


def flowed(instance: Instance) -> int:
    """Fill slots by maximum flow; give how many."""
    tails, heads, capacities = _network(instance)
    solver = max_flow.SimpleMaxFlow()
    solver.add_arcs_with_capacity(tails, heads, capacities)
    if solver.solve(0, 1) != solver.OPTIMAL:
        raise RuntimeError("no optimal flow")
    return int(solver.optimal_flow())


def _network(instance: Instance) -> tuple[Indices, Indices, Indices]:
    """Build source 0 -> slots -> (inspector of a team) -> inspectors -> sink 1 as arrays of arcs."""
    size, staff = len(instance.slots), len(instance.inspectors)
    slots = size * len(instance.drawn)
    entity_number = {entity: number for number, (entity, _) in enumerate(instance.drawn)}
    inspector_number = {inspector.id: number for number, inspector in enumerate(instance.inspectors)}
    recused: dict[int, list[int]] = {}
    for recusal in instance.recusals:
        number = inspector_number[recusal.inspector]
        recused.setdefault(entity_number[recusal.entity], []).append(number)
    fitting = _fitting(instance)
    first_inspector = 2 + slots
    next_node = first_inspector + staff
    tails = [np.zeros(slots, np.int32), np.arange(first_inspector, next_node, dtype=np.int32)]
    heads = [np.arange(2, first_inspector, dtype=np.int32), np.ones(staff, np.int32)]
    caps = [np.ones(slots, np.int32), np.array([i.cap for i in instance.inspectors], np.int32)]
    for number, (_, needs) in enumerate(instance.drawn):
        rows, twice = fitting[needs]
        if number in recused:
            rows = [np.setdiff1d(row, recused[number]) for row in rows]
            twice = np.setdiff1d(twice, recused[number])
        for k, row in enumerate(rows):
            to = row + first_inspector
            if twice.size:
                shared = np.searchsorted(twice, row)
                on_both = (shared < twice.size) & (twice[np.minimum(shared, twice.size - 1)] == row)
                to[on_both] = next_node + shared[on_both]
            tails.append(np.full(row.size, 2 + number * size + k, np.int32))
            heads.append(to.astype(np.int32))
        tails.append(np.arange(next_node, next_node + twice.size, dtype=np.int32))
        heads.append((twice + first_inspector).astype(np.int32))
        next_node += twice.size
    ones = np.ones(sum(column.size for column in tails[2:]), np.int32)
    return np.concatenate(tails), np.concatenate(heads), np.concatenate([*caps, ones])


def _fitting(instance: Instance) -> dict[tuple[str, ...], tuple[list[Indices], Indices]]:
    """Give for each kind of entity who fits each slot, and who fits more than one."""
    tags = {tag for inspector in instance.inspectors for tag in inspector.tags}
    column = {tag: number for number, tag in enumerate(sorted(tags))}
    has = np.zeros((len(instance.inspectors), len(column)), bool)
    for number, inspector in enumerate(instance.inspectors):
        has[number, [column[tag] for tag in inspector.tags]] = True
    fitting = {}
    for needs in {needs for _, needs in instance.drawn}:
        fits = [has[:, [column[tag] for tag in (*needs, *slot)]].all(axis=1) for slot in instance.slots]
        rows = [np.flatnonzero(one).astype(np.int32) for one in fits]
        fitting[needs] = rows, np.flatnonzero(np.sum(fits, axis=0) > 1).astype(np.int32)
    return fitting


def _timed(solve: Callable[[Instance], int], instance: Instance) -> tuple[float, int]:
    begin = time.perf_counter()
    filled = solve(instance)
    return time.perf_counter() - begin, filled


def main() -> None:
    """Print one row for each instance: medians, ranges, and the ratio of the medians."""
    parser = argparse.ArgumentParser(description="Teams against max-flow.")
    parser.add_argument("--entities", type=int, default=50_000)
    parser.add_argument("--inspectors", type=int, default=2_000)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}")
    print(f"{given.entities} entities x 2, {given.inspectors} inspectors; {given.runs} runs, median (range)")
    print(f"{'instance':<10}{'filled':>9}{'DR1 deal, s':>22}{'SimpleMaxFlow, s':>24}{'ratio':>8}")
    for make in (ample, tight, scarce):
        instance = make(entities=given.entities, inspectors=given.inspectors)
        print(_row(instance, runs=given.runs))


def _row(instance: Instance, *, runs: int) -> str:
    rounds = [(_timed(dealt, instance), _timed(flowed, instance)) for _ in range(runs)]
    filled, most = rounds[0][0][1], rounds[0][1][1]
    if filled != most:
        raise RuntimeError(f"{instance.name}: dealt {filled}, maximum {most}")
    ours = [dealt_in for (dealt_in, _), _ in rounds]
    theirs = [flowed_in for _, (flowed_in, _) in rounds]
    spans = [f"{statistics.median(t):.2f} ({min(t):.2f}-{max(t):.2f})" for t in (ours, theirs)]
    ratio = statistics.median(ours) / statistics.median(theirs)
    return f"{instance.name:<10}{filled:>9}{spans[0]:>22}{spans[1]:>24}{ratio:>8.2f}"


if __name__ == "__main__":
    main()
