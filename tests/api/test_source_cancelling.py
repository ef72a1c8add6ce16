"""A run that waits to ask again tells why, and a person may cancel it, so that a mended source is pulled."""

from collections.abc import Callable
from typing import Any

import pytest
from httpx2 import Response
from sqlmodel import col, select

from app.adapters.source_http import fetch
from app.deps import House
from app.jobs.sources import Sources
from app.services.sources import asking, stepping
from app.store.tables.access import AuditEvent
from app.store.tables.sources import SourceStagedRow
from samples.source_server import SourceServer
from tests.conftest import Clock
from tests.sources_desk import SourcesDesk, counts, hotel, server_of

_COUNT = 12
_PAGES = {"paging": {"size": 4}, "answer": {"validators": False}}
_REASON = {"reason": "来源地址已更换，改正后重新拉取"}


@pytest.fixture
def desk(desk_at: Callable[[SourceServer], SourcesDesk]) -> SourcesDesk:
    """The desk beside a dozen hotels."""
    return desk_at(server_of([hotel(n) for n in range(_COUNT)]))


def _begun(desk: SourcesDesk, house: House) -> str:
    """A run that is queued; its id."""
    with house.database.unit_of_work() as session:
        due = asking.due(house.look(session.connection(), asking.SCHEDULE))
        asking.look_after(house.act(session, asking.SCHEDULE), due)
    found: str = desk.last_run("hotel-system")["id"]
    return found


def _cancel(desk: SourcesDesk, run: str, as_: str = "registrar", **body: Any) -> Response:
    return desk.ask("POST", f"/v1/sources/hotel-system/runs/{run}/cancel", as_=as_, json=body or _REASON)


def _staged(house: House) -> int:
    with house.database.reading() as connection:
        return len(connection.execute(select(col(SourceStagedRow.run_id))).all())


def test_a_run_in_its_pauses_tells_what_went_wrong_and_makes_room_when_it_is_cancelled(
    desk: SourcesDesk, house: House, clock: Clock
) -> None:
    """The system is down: why, and when it is asked next; cancelled, the mended one is pulled at once."""
    desk.enter("hotel-system", **_PAGES)
    desk.served("hotel-system").mode = "down"
    desk.run_jobs()
    run = desk.last_run("hotel-system")
    assert (run["state"], run["failure"], run["alarm"]) == ("fetching", "source-status", False)
    assert run["next_try_at"] == "2026-11-02T01:00:30Z"
    assert run["message"]
    desk.served("hotel-system").mode = "well"
    again = desk.ask("POST", "/v1/sources/hotel-system/runs", json={})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/source-run-under-way")
    assert "取消" in again.json()["detail"]

    assert _cancel(desk, run["id"], "supervisor").status_code == 403
    assert _cancel(desk, run["id"], "elsewhere").status_code == 404
    assert _cancel(desk, "no-such-run").status_code == 404
    assert _cancel(desk, run["id"], reason="").status_code == 422
    cancelled = _cancel(desk, run["id"])
    assert cancelled.status_code == 200, cancelled.text
    told = cancelled.json()
    assert (told["state"], told["failure"], told["alarm"]) == ("cancelled", "source-run-cancelled", False)
    assert (told["next_try_at"], told["ended_at"]) == (None, "2026-11-02T01:00:00Z")
    assert _REASON["reason"] in told["message"]
    assert desk.alarms("hotel-system") == []
    with house.database.reading() as connection:
        (event,) = connection.execute(
            select(col(AuditEvent.caller_name), col(AuditEvent.detail)).where(
                col(AuditEvent.act) == "sources.run-ended"
            )
        )
    assert (event.caller_name, event.detail["state"], event.detail["trouble"]) == (
        "registrar",
        "cancelled",
        "source-status",
    )
    once_more = _cancel(desk, run["id"])
    assert (once_more.status_code, once_more.json()["type"]) == (409, "/problems/wrong-state")

    clock.move(minutes=10)
    desk.run_jobs()
    assert desk.last_run("hotel-system")["id"] == run["id"]
    assert counts(desk.pull("hotel-system")) == (_COUNT, 0, 0, 0, 0)


def test_an_answer_that_comes_after_all_takes_the_trouble_away(desk: SourcesDesk, clock: Clock) -> None:
    """The message of a pause is gone when the page has come."""
    desk.enter("hotel-system", **_PAGES)
    desk.served("hotel-system").mode = "down"
    desk.run_jobs()
    desk.served("hotel-system").mode = "well"
    clock.move(seconds=31)
    desk.run_jobs()
    run = desk.last_run("hotel-system")
    assert (run["state"], run["failure"], run["message"], run["next_try_at"]) == ("done", None, None, None)


@pytest.mark.parametrize("held", [False, True])
def test_a_cancelled_run_lands_nothing_wherever_it_stood(
    desk: SourcesDesk, house: House, clock: Clock, monkeypatch: pytest.MonkeyPatch, *, held: bool
) -> None:
    """After no step, one, two …, between steps or while a worker asks the source; what lands, lands whole."""
    desk.enter("hotel-system", **_PAGES)
    refused, steps = None, 0
    while refused is None:
        clock.move(days=2)  # the schedule asks for the next
        run = _begun(desk, house)
        for _ in range(steps):
            assert Sources()(house)
        answers: list[Response] = []
        if held:

            def slow(*given: Any, run: str = run, answers: list[Response] = answers) -> Any:
                answers.append(_cancel(desk, run))
                return fetch(*given)

            with monkeypatch.context() as meanwhile:
                meanwhile.setattr("app.jobs.sources.fetch", slow)
                Sources()(house)
        (answer,) = answers or [_cancel(desk, run)]
        if answer.status_code == 409:
            refused = answer
            break
        assert answer.status_code == 200, answer.text
        desk.run_jobs()
        assert desk.last_run("hotel-system")["state"] == "cancelled"
        assert (desk.register(), _staged(house)) == ({}, 0)
        assert {*desk.alarms("hotel-system")} <= {"overdue"}  # nothing good came for days: that is so
        steps += 1
    assert steps == 3  # the fourth step, after the last of three pages, begins to land
    assert refused.json()["type"] == "/problems/wrong-state"
    desk.run_jobs()
    assert desk.last_run("hotel-system")["state"] == "done"
    assert len(desk.register()) == _COUNT


def test_a_worker_that_lost_its_run_to_a_person_lets_go(desk: SourcesDesk, house: House) -> None:
    """What it brings, and that it gives up, changes nothing any more."""
    desk.enter("hotel-system", **_PAGES)
    run = _begun(desk, house)
    with house.database.unit_of_work() as session:
        taken = stepping.take(house.act(session, asking.SCHEDULE))
    assert taken is not None
    before = _cancel(desk, run).json()
    with house.database.unit_of_work() as session:
        stepping.carry_on(house.act(session, asking.SCHEDULE), taken, None)
        stepping.give_up(house.act(session, asking.SCHEDULE), taken)
    assert desk.last_run("hotel-system") == before
    assert counts(desk.pull("hotel-system")) == (_COUNT, 0, 0, 0, 0)
