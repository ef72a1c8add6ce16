"""The worker's turns: an idle one hardly asks the database, and nothing is later than its step may be."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import col

from app.adapters.vault import Vault
from app.deps import House
from app.jobs.step import BY_THE_CLOCK, FOLLOWING, IN_EVERY_ROUND
from app.jobs.worker import Worker
from app.settings import Settings
from app.store.session import Database
from app.store.tables.access import AuditEvent
from tests.conftest import Clock
from tests.executed import statements
from tests.registers_desk import ENTITY_COLUMNS, Desk, csv, officers, venue, venues

_POLLS_A_MINUTE = round(60 / Settings.model_fields["worker_poll_s"].default)
_SECONDS = timedelta(seconds=1)


@dataclass
class Chores:
    """A step with things to do that come up at given moments; it keeps when each of them was done."""

    every: ClassVar[timedelta] = BY_THE_CLOCK
    coming: list[datetime]
    done: list[tuple[datetime, datetime]] = field(default_factory=list)
    asked: int = 0

    def __call__(self, house: House) -> bool:
        """Do the first thing that has come up."""
        self.asked += 1
        if not self.coming or self.coming[0] > house.clock():
            return False
        self.done.append((self.coming.pop(0), house.clock()))
        return True


class Queue(Chores):
    """Things that somebody waits for."""

    every: ClassVar[timedelta] = IN_EVERY_ROUND


@pytest.fixture(scope="module")
def unopened(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """A database that nobody opens."""
    return Database(f"sqlite:///{tmp_path_factory.mktemp('unopened')}/nothing.db")


def house_at(clock: Clock, unopened: Database) -> House:
    """A house for steps that only look at the clock."""
    return House(Settings(), unopened, Vault(bytes(32)), clock=clock)


def poll(worker: Worker) -> None:
    """What the worker's thread does between two waits."""
    while worker.poll():
        pass


@pytest.fixture
def desk(client: TestClient, keys: dict[str, str], house: House) -> tuple[Desk, Worker]:
    """A registrar's desk beside a worker that polls, and has caught up."""
    worker = Worker(house)
    poll(worker)
    return Desk(client, keys, lambda: poll(worker)), worker


def polled(worker: Worker, clock: Clock, count: int) -> list[int]:
    """How many statements each of so many polls sends, half a second apart."""
    sent = []
    for _ in range(count):
        clock.move(seconds=60 / _POLLS_A_MINUTE)
        with statements() as seen:
            assert not worker.poll()
        assert not [one for one in seen if one.startswith(("BEGIN", "INSERT", "UPDATE", "DELETE"))]
        sent.append(len(seen))
    return sent


def test_an_idle_minute_asks_for_queued_work_and_little_else(desk: tuple[Desk, Worker], clock: Clock) -> None:
    """Two statements a poll, one for each queue, and less than one more for all clocks together; no write."""
    ask, worker = desk
    ask.hand_in("entities", venues(1, 2))
    ask.hand_in("inspectors", officers("1", "2"))
    ask.run_jobs()
    sent = polled(worker, clock, _POLLS_A_MINUTE)
    assert min(sent) == 2
    assert sent.count(2) >= _POLLS_A_MINUTE - timedelta(minutes=1) // FOLLOWING
    assert sum(sent) < 3 * _POLLS_A_MINUTE


def test_queued_work_is_taken_up_by_the_next_poll_and_its_consequences_follow_at_once(
    desk: tuple[Desk, Worker], house: House
) -> None:
    """The clock stands still: the import is done, and what only follows registers has seen it too."""
    ask, _ = desk
    ask.hand_in("inspectors", officers("1"))
    job = ask.hand_in("entities", venues(1))
    ask.run_jobs()
    assert ask.get(job)["state"] == "done"
    suspect = ask.hand_in("entities", one_named_like_the_officer())
    ask.run_jobs()
    assert ask.get(suspect)["state"] == "done"
    assert found(house, "recusal-candidates.find") == 1


def test_a_change_by_hand_is_followed_within_its_seconds(
    desk: tuple[Desk, Worker], house: House, clock: Clock
) -> None:
    """Nothing was queued, so the step that follows registers waits for its turn, and no longer."""
    ask, _ = desk
    ask.hand_in("inspectors", officers("1"))
    ask.hand_in("entities", venues(1))
    ask.run_jobs()
    [entity] = ask.get("/v1/entities")["items"]
    path = f"/v1/entities/{entity['id']}"
    tag = ask.ask("GET", path).headers["etag"]
    changed = ask.ask("PATCH", path, json={"legal_rep": "警员1"}, headers={"If-Match": tag})
    assert changed.status_code == 200, changed.text
    clock.now += FOLLOWING - _SECONDS
    ask.run_jobs()
    assert found(house, "recusal-candidates.find") == 0
    clock.now += _SECONDS
    ask.run_jobs()
    assert found(house, "recusal-candidates.find") == 1


def test_an_alarm_of_the_clock_is_late_by_its_interval_at_most(
    desk: tuple[Desk, Worker], house: House, clock: Clock
) -> None:
    """A missing calendar is an alarm from 1 December on (the clocks document): midnight, 30 s at most."""
    ask, _ = desk
    clock.now = datetime.fromisoformat("2026-11-30T23:59:59+08:00")
    ask.run_jobs()
    assert found(house, "calendar.alarm") == 0
    for _ in range(BY_THE_CLOCK // _SECONDS):
        clock.now += _SECONDS
        ask.run_jobs()
    assert found(house, "calendar.alarm") == 1


def one_named_like_the_officer() -> bytes:
    """A venue whose legal representative has the officer's name."""
    return csv(ENTITY_COLUMNS, venue(2, legal_rep="警员1"))


def found(house: House, act: str) -> int:
    """How often the log says that something was done."""
    with house.database.reading() as connection:
        return len(connection.execute(select(col(AuditEvent.id)).where(col(AuditEvent.act) == act)).all())


moments = st.lists(st.integers(0, 600), max_size=6).map(sorted)


@given(work=moments, queued=moments, polls=st.lists(st.integers(1, 90), min_size=1, max_size=30))
def test_nothing_is_later_than_its_step_may_be_and_the_first_poll_after(
    unopened: Database, work: list[int], queued: list[int], polls: list[int]
) -> None:
    """Each thing is done by the first poll after its step's interval has passed, at the latest."""
    clock = Clock()
    begin = clock.now
    chores = Chores([begin + n * _SECONDS for n in work])
    queue = Queue([begin + n * _SECONDS for n in queued])
    worker = Worker(house_at(clock, unopened), (chores, queue))
    times = [begin]
    poll(worker)
    for seconds in (*polls, 700, 700):
        clock.move(seconds=seconds)
        times.append(clock.now)
        poll(worker)
    for step in (chores, queue):
        assert step.coming == []
        for came, done in step.done:
            assert done <= next(at for at in times if at >= came + step.every)


@given(every=st.lists(st.integers(-3600, 3600).filter(bool), min_size=1, max_size=20))
def test_a_clock_that_is_set_back_silences_nobody(unopened: Database, every: list[int]) -> None:
    """Whatever the jump, the step is asked again within its interval of the new time."""
    clock = Clock()
    chores = Chores([])
    worker = Worker(house_at(clock, unopened), (chores,))
    poll(worker)
    for jump in every:
        clock.move(seconds=jump)
        poll(worker)
        asked = chores.asked
        clock.now += BY_THE_CLOCK
        poll(worker)
        assert chores.asked > asked
