"""Jobs: carried out once whatever happens to workers, followed by those of the region."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.deps import House
from app.jobs.imports import LOST_AFTER, Imports
from app.jobs.worker import Worker
from app.services.registers import importing
from tests.conftest import Clock
from tests.registers_desk import ENTITY_COLUMNS, Desk, csv, uscc, venue, venues

_LONG = 2500
"""Rows of three steps."""


@pytest.fixture
def desk(client: TestClient, keys: dict[str, str], run_jobs: Callable[[], None]) -> Desk:
    """The registrar's desk of the county."""
    return Desk(client, keys, run_jobs)


def _steps(house: House, imports: Imports, count: int) -> None:
    for _ in range(count):
        assert imports(house)


def _everything(desk: Desk) -> list[str]:
    found: list[str] = []
    path: str | None = "/v1/entities?limit=200"
    while path is not None:
        answer = desk.ask("GET", path)
        found += [entity["key"] for entity in answer.json()["items"]]
        path = answer.links.get("next", {}).get("url")
    return found


def test_a_job_that_a_dead_worker_left_is_taken_over_where_it_stood(
    desk: Desk, house: House, clock: Clock
) -> None:
    """Nothing lost, nothing twice: every row once, every history with one entry, counts as for one worker."""
    job = desk.hand_in("entities", venues(*range(_LONG)) + b"\nbad,row,,,,,,")
    _steps(house, Imports(), 3)  # takes the job up and lands two pieces; then this worker is gone
    halfway = desk.get(job)
    assert (halfway["state"], halfway["done"], halfway["total"]) == ("running", 2000, _LONG + 1)
    desk.run_jobs()
    assert desk.get(job) == halfway  # it may still be alive
    clock.now += LOST_AFTER * 2
    desk.run_jobs()
    ended = desk.get(job)
    assert (ended["state"], ended["done"]) == ("done", _LONG + 1)
    assert ended["result"] == {"created": _LONG, "updated": 0, "unchanged": 0, "rejected": 1}
    assert [error["row"] for error in ended["errors"]] == [_LONG + 2] * len(ended["errors"])
    assert _everything(desk) == sorted(uscc(number) for number in range(_LONG))
    assert len(desk.get(f"/v1/entities/{uscc(0)}/history")["items"]) == 1


def test_a_worker_that_wakes_up_late_lets_go_of_a_job_that_others_have(
    desk: Desk, house: House, clock: Clock
) -> None:
    """Two workers believe they have the job: the one that comes second finds it moved, and drops it."""
    job = desk.hand_in("entities", venues(*range(_LONG)))
    sleepy = Imports()
    _steps(house, sleepy, 2)
    clock.now += LOST_AFTER * 2
    other = Imports()
    _steps(house, other, 2)
    _steps(house, sleepy, 1)
    assert desk.get(job)["done"] == 2000
    while other(house):
        pass
    assert not sleepy(house)
    assert desk.get(job)["result"]["created"] == _LONG


def test_an_abort_import_that_is_taken_over_still_lands_all_or_none(
    desk: Desk, house: House, clock: Clock
) -> None:
    """What the dead worker had only looked at is read again."""
    job = desk.hand_in("entities", venues(*range(_LONG)), on_error="abort")
    _steps(house, Imports(), 3)
    assert desk.get("/v1/entities")["items"] == []
    clock.now += LOST_AFTER * 2
    desk.run_jobs()
    assert desk.get(job)["result"]["created"] == _LONG
    assert len(_everything(desk)) == _LONG


def test_two_workers_share_the_jobs_and_never_a_job(desk: Desk, house: House) -> None:
    """Four files at once by two workers: every job done, every premises once, counts add up."""
    numbers = [range(1200), range(600, 1800), range(600), range(1200, 1900)]
    jobs = [desk.hand_in("entities", venues(*chosen)) for chosen in numbers]
    failures: list[BaseException] = []

    def work() -> None:
        try:
            Worker(house).run_pending()
        except BaseException as failure:  # noqa: BLE001 - whatever it is, the test must see it
            failures.append(failure)

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failures == []
    results = [desk.get(job) for job in jobs]
    assert {result["state"] for result in results} == {"done"}
    assert sum(result["result"]["created"] for result in results) == 1900
    assert sum(result["result"]["unchanged"] for result in results) == sum(map(len, numbers)) - 1900
    assert _everything(desk) == sorted(uscc(number) for number in range(1900))


_KILLED = """
import sys
from pathlib import Path
from app.adapters.vault import Vault
from app.deps import House
from app.jobs.worker import Worker
from app.settings import Settings
from app.store.session import Database

url, var = sys.argv[1:]
print("ready", flush=True)
Worker(House(Settings(var=Path(var)), Database(url), Vault(bytes(32)))).run_pending()
"""


def test_a_process_killed_in_the_middle_of_an_import_loses_and_repeats_nothing(
    desk: Desk, house: House, clock: Clock, tmp_path: Path
) -> None:
    """SIGKILL while rows land; another worker ends the job."""
    count = 6000
    job = desk.hand_in("entities", venues(*range(count)))
    clock.now = datetime.now(UTC)
    worker = subprocess.Popen(
        [sys.executable, "-c", _KILLED, house.database.url, str(tmp_path)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
    )
    while not 1000 <= desk.get(job)["done"] < count:
        time.sleep(0.02)
        assert worker.poll() is None, "it ended before it could be killed"
    os.kill(worker.pid, signal.SIGKILL)
    worker.communicate()
    assert desk.get(job)["state"] == "running"
    clock.now += LOST_AFTER * 2
    desk.run_jobs()
    assert desk.get(job)["result"] == {"created": count, "updated": 0, "unchanged": 0, "rejected": 0}
    assert len(_everything(desk)) == count


def test_errors_beyond_the_kept_ones_are_counted(desk: Desk) -> None:
    """A file of nothing but bad rows: ten thousand are listed, of the others it says how many."""
    rows = [[*venue(1, level=9)]] * (importing.MOST_ERRORS + 50)
    job = desk.load("entities", csv(ENTITY_COLUMNS, *rows))
    assert job["result"]["rejected"] == importing.MOST_ERRORS + 50
    assert len(job["errors"]) == importing.MOST_ERRORS
    assert job["errors_left_out"] == 50


def test_a_job_that_the_program_cannot_carry_out_fails_and_blocks_nobody(desk: Desk, house: House) -> None:
    """A fault of the program itself: the job fails with a text, the next job is carried out."""
    broken = desk.hand_in("entities", venues(1))
    with house.database.unit_of_work() as session:
        session.connection().exec_driver_sql("DELETE FROM job_files")
    after = desk.hand_in("entities", venues(2))
    desk.run_jobs()
    assert [error["code"] for error in desk.get(broken)["errors"]] == ["internal"]
    assert desk.get(broken)["state"] == "failed"
    assert desk.get(after)["state"] == "done"


def test_an_unknown_job_is_not_found(desk: Desk) -> None:
    """404, as for one of another region."""
    assert desk.ask("GET", "/v1/jobs/0").status_code == 404
