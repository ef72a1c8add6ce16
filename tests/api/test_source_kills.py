"""A real process killed in the middle of a source's run: the last good state stays, nothing is half done."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.deps import House
from app.services.sources.stepping import LOST_AFTER
from samples.source_server import SourceServer
from tests.conftest import Clock
from tests.registers_desk import uscc
from tests.sources_desk import SourcesDesk, counts, hotel, server_of

_COUNT = 12
_WORKERS = """
import os
import sys
import time
from pathlib import Path
from app.adapters.vault import Vault
from app.deps import House
from app.jobs.sources import Sources
from app.jobs.worker import Worker
from app.services.sources import ending, landing, stepping
from app.settings import Settings
from app.store.session import Database
from app.store.sources import runs

url, var = sys.argv[1:]
landing.STEP_ROWS, ending.STEP_ROWS = 5, 1
whole = stepping.carry_on


def work(phase):
    steps = []

    def carry_on(act, taken, fetched):
        state = runs.run_at_step(act.session, taken.run_id, taken.steps).state
        whole(act, taken, fetched)
        act.session.flush()
        steps.append(state)
        if state == phase and steps.count(phase) == 2:
            print("middle", os.getpid(), flush=True)
            time.sleep(60)

    stepping.carry_on = carry_on
    house = House(Settings(var=Path(var)), Database(url), Vault(bytes(range(32))))
    Worker(house, (Sources(),)).run_pending()


for line in sys.stdin:
    worker = os.fork()
    if not worker:
        work(line.strip())
        os._exit(0)
    print("ended", os.waitpid(worker, 0)[1], flush=True)
"""
"""Processes, one for each phase asked for: each does a step's work and waits, its transaction still open."""


@pytest.fixture
def desk(desk_at: Callable[[SourceServer], SourcesDesk]) -> SourcesDesk:
    """The desk beside a dozen hotels."""
    return desk_at(server_of([hotel(n) for n in range(_COUNT)]))


@pytest.fixture
def workers(house: House, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """What starts worker processes."""
    command = [sys.executable, "-c", _WORKERS, house.database.url, str(tmp_path)]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=Path(__file__).parents[2], **pipes) as started:
        yield started
        started.kill()


def _killed(workers: subprocess.Popen[str], phase: str, looked: Callable[[], Any]) -> Any:
    """Kill a worker in the middle of the second step of a phase; gives what was seen just before."""
    assert workers.stdin is not None
    assert workers.stdout is not None
    workers.stdin.write(f"{phase}\n")
    workers.stdin.flush()
    said, number = workers.stdout.readline().split()
    assert said == "middle", "it ended before it could be killed"
    seen = looked()
    os.kill(int(number), signal.SIGKILL)
    assert workers.stdout.readline().split() == ["ended", str(int(signal.SIGKILL))]
    return seen


def test_a_process_killed_in_the_middle_of_a_run_leaves_nothing_half_done(
    desk: SourcesDesk, house: House, clock: Clock, workers: subprocess.Popen[str]
) -> None:
    """SIGKILL while a page, rows and marks are being written; each next worker goes on where it stood."""
    desk.enter("hotel-system", paging={"size": 5}, answer={"validators": False})
    clock.now = datetime.now(UTC)
    desk.run_jobs()
    good = desk.register()
    assert len(good) == _COUNT
    served = desk.served("hotel-system")
    served.changed["HO1"] = {"lgmc": "新名大酒店"}
    served.removed |= {"HO3", "HO4"}
    served.added.append({**served.system.records[0], "lgbm": f"HO{_COUNT}", "tyshxydm": uscc(_COUNT)})
    assert desk.ask("POST", "/v1/sources/hotel-system/runs", json={"anew": True}).status_code == 202

    def state() -> tuple[dict[str, Any], Any]:
        return desk.last_run("hotel-system"), desk.register()

    for phase in ("fetching", "landing", "marking"):
        run, register = _killed(workers, phase, state)
        # What the half step wrote was seen by nobody, and is gone with the process.
        assert run["state"] == phase
        assert phase != "fetching" or register == good
        assert state() == (run, register)
        clock.now += LOST_AFTER * 1.01
        _wait_is_over(house)
    desk.run_jobs()
    run = desk.last_run("hotel-system")
    assert (run["state"], counts(run)) == ("done", (1, 1, _COUNT - 3, 0, 2))
    kept = desk.register()
    assert sorted(kept) == sorted(uscc(n) for n in range(_COUNT + 1))
    assert [key for key in sorted(kept) if kept[key]["not_seen_since"]] == sorted([uscc(3), uscc(4)])
    for n, acts in ((5, ["created"]), (3, ["not-seen", "created"]), (_COUNT, ["created"])):
        history = desk.get(f"/v1/entities/{uscc(n)}/history")["items"]
        assert [entry["act"] for entry in history] == acts


def _wait_is_over(house: House) -> None:
    """Let the dead worker's step be anybody's: the next one has the machine's clock, which no test moves."""
    with house.database.unit_of_work() as session:
        session.connection().exec_driver_sql(
            "UPDATE source_runs SET held_since = NULL WHERE ended_at IS NULL"
        )
