"""Runs whatever happens to workers: killed between steps, in the middle of one, two at once, or at fault."""

import threading
from collections.abc import Callable

import pytest

from app.deps import House
from app.jobs.sources import Sources
from app.jobs.worker import Worker, new_steps
from app.services.sources import asking, ending, landing, matching, stepping
from app.services.sources.stepping import LOST_AFTER
from app.store.sources import records
from samples.source_server import SourceServer
from tests.conftest import Clock
from tests.registers_desk import uscc
from tests.sources_desk import SourcesDesk, counts, fire_unit, hotel, server_of

_COUNT = 40
_PAGES = {"paging": {"size": 10}, "answer": {"validators": False}}


@pytest.fixture
def desk(desk_at: Callable[[SourceServer], SourcesDesk]) -> SourcesDesk:
    """The desk beside forty hotels, each of them an organisation under fire supervision too."""
    hotels = [hotel(n) for n in range(_COUNT)]
    return desk_at(server_of([*hotels, *map(fire_unit, hotels)]))


def queue_what_is_due(house: House) -> None:
    """The first part of the worker's step."""
    with house.database.unit_of_work() as session:
        due = asking.due(house.look(session.connection(), asking.SCHEDULE))
        asking.look_after(house.act(session, asking.SCHEDULE), due)


def taken_and_dropped(house: House) -> None:
    """A worker takes a step up, and is killed before it does anything."""
    with house.database.unit_of_work() as session:
        assert stepping.take(house.act(session, asking.SCHEDULE)) is not None


def test_the_worker_pulls_sources_beside_its_other_work() -> None:
    """One of the steps of every worker."""
    assert any(isinstance(step, Sources) for step in new_steps())


def test_a_run_whose_workers_die_at_every_step_is_carried_on_where_it_stood(
    desk: SourcesDesk, house: House, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fetching, landing, marking, comparing: nothing lost, nothing twice, each page asked for once."""
    for part, rows in ((landing, 15), (ending, 1), (matching, 20)):
        monkeypatch.setattr(part, "STEP_ROWS", rows)
    desk.enter("hotel-system", **_PAGES)
    desk.run_jobs()
    served = desk.served("hotel-system")
    served.removed |= {"HO3", "HO4"}
    served.added.append({**served.system.records[0], "lgbm": f"HO{_COUNT}", "tyshxydm": uscc(_COUNT)})
    served.asked.clear()
    desk.ask("POST", "/v1/sources/hotel-system/runs", json={"anew": True})
    states: list[str] = []
    while desk.last_run("hotel-system")["state"] != "done":
        taken_and_dropped(house)
        before = desk.last_run("hotel-system")
        states.append(before["state"])
        assert not Sources()(house)  # it may still be alive
        assert desk.last_run("hotel-system") == before
        clock.now += LOST_AFTER * 1.01
        assert Sources()(house)  # another worker, new each time
    assert [*dict.fromkeys(states)] == ["fetching", "landing", "marking", "matching"]
    assert counts(desk.last_run("hotel-system")) == (1, 0, _COUNT - 2, 0, 2)
    assert len(served.asked) == len(set(served.asked)) == _COUNT / 10
    kept = desk.register()
    assert sorted(kept) == sorted(uscc(n) for n in range(_COUNT + 1))
    assert [key for key in sorted(kept) if kept[key]["not_seen_since"]] == [uscc(3), uscc(4)]
    assert [entry["act"] for entry in desk.get(f"/v1/entities/{uscc(7)}/history")["items"]] == ["created"]
    gone = desk.get(f"/v1/entities/{uscc(3)}/history")["items"]
    assert [entry["act"] for entry in gone] == ["not-seen", "created"]


def test_a_step_that_breaks_off_in_the_middle_leaves_nothing_half_done(
    desk: SourcesDesk, house: House, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process is gone after the register was written and before the records were: both roll back."""

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    desk.enter("hotel-system")
    with monkeypatch.context() as broken:
        broken.setattr(records, "put_records", killed)
        with pytest.raises(KeyboardInterrupt):
            desk.run_jobs()
    assert desk.register() == {}
    assert desk.get("/v1/sources/hotel-system/records")["items"] == []
    desk.run_jobs()
    assert desk.last_run("hotel-system")["state"] == "landing"
    clock.now += LOST_AFTER * 1.01
    desk.run_jobs()
    assert counts(desk.last_run("hotel-system")) == (_COUNT, 0, 0, 0, 0)

    # a worker that wakes up late, with a step that another has done meanwhile, lets go of it
    desk.enter("fire-system", **_PAGES)
    queue_what_is_due(house)
    with house.database.unit_of_work() as session:
        sleepy = stepping.take(house.act(session, asking.SCHEDULE))
    assert sleepy is not None
    clock.now += LOST_AFTER * 1.01
    assert Sources()(house)
    before = desk.last_run("fire-system")
    with house.database.unit_of_work() as session:
        stepping.carry_on(house.act(session, asking.SCHEDULE), sleepy, None)
        stepping.give_up(house.act(session, asking.SCHEDULE), sleepy)
    assert desk.last_run("fire-system") == before
    desk.run_jobs()
    assert counts(desk.last_run("fire-system")) == (_COUNT, 0, 0, 0, 0)


def test_two_workers_share_the_runs_and_never_a_step(desk: SourcesDesk, house: House) -> None:
    """Two sources of the same premises: each page asked for once, one entity for each premises."""
    desk.enter("hotel-system", **_PAGES)
    desk.enter("fire-system", **_PAGES)
    failures: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(3):
                Worker(house, (Sources(),)).run_pending()
        except BaseException as failure:  # noqa: BLE001 - whatever it is, the test must see it
            failures.append(failure)

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    desk.run_jobs()
    assert failures == []
    for name in ("hotel-system", "fire-system"):
        run = desk.last_run(name)
        assert (run["state"], counts(run)) == ("done", (_COUNT, 0, 0, 0, 0))
        asked = desk.served(name).asked
        assert len(asked) == len(set(asked))
    kept = desk.register()
    assert sorted(kept) == sorted(uscc(n) for n in range(_COUNT))
    assert {len(one["registrations"]) for one in kept.values()} == {2}


def test_a_fault_of_the_program_ends_the_run_and_blocks_nobody(
    desk: SourcesDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The alarm says so; the other source is pulled, and this one again later."""

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    desk.enter("hotel-system")
    with monkeypatch.context() as fault:
        fault.setattr(landing, "mark", broken)
        desk.enter("fire-system")
        desk.run_jobs()
    assert {desk.last_run(name)["failure"] for name in ("hotel-system", "fire-system")} == {"source-internal"}
    assert desk.alarms("hotel-system") == ["broken"]
    assert desk.register() == {}
    assert desk.pull("hotel-system")["state"] == desk.pull("fire-system")["state"] == "done"
    assert desk.alarms("hotel-system") == []
