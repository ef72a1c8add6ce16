"""Days that cannot be are refused where they are entered, by hand and in files, and nothing lands."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.conftest import Clock
from tests.registers_desk import ENTITY_COLUMNS, Desk, csv, uscc, venue, venues


@pytest.fixture
def desk(client: TestClient, keys: dict[str, str], run_jobs: Callable[[], None]) -> Desk:
    """The registrar's desk of the county."""
    return Desk(client, keys, run_jobs)


def _venue(number: int, day: str) -> dict[str, Any]:
    return {
        "uscc": uscc(number),
        "name": f"歌厅{number}",
        "regime": "entertainment",
        "subtype": "ktv",
        "level": 3,
        "region": "410928",
        "registered_on": day,
    }


@pytest.mark.parametrize("day", ["2099-01-01", "2026-11-03", "0201-05-06"])
def test_no_venue_is_registered_later_than_today(desk: Desk, day: str) -> None:
    """OF23: a venue of 2099 would owe no visit for 73 years. By hand 409, in a file a row error."""
    refused = desk.ask("POST", "/v1/entities", json=_venue(1, day))
    code = "too-early" if day < "1949" else "in-the-future"
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/row-refused")
    [error] = refused.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/registered_on", code)
    assert ("1949-10-01" if code == "too-early" else "2026-11-02") in error["detail"]
    file = csv(f"{ENTITY_COLUMNS},registered_on", [*venue(1), day], [*venue(2), "2026-11-02"])
    job = desk.load("entities", file)
    assert [(e["row"], e["field"], e["code"]) for e in job["errors"]] == [(2, "registered_on", code)]
    assert day in job["errors"][0]["message"]
    assert [one["name"] for one in desk.get("/v1/entities")["items"]] == ["歌厅2"]


def test_a_registration_is_not_moved_into_the_future(desk: Desk) -> None:
    """PATCH is an entry too; the day that stood stays."""
    made = desk.ask("POST", "/v1/entities", json=_venue(1, "2026-10-01"))
    assert made.status_code == 201, made.text
    path = f"/v1/entities/{made.json()['id']}/registrations/entertainment"
    moved = desk.ask("PATCH", path, json={"registered_on": "2027-01-01"}, headers={"If-Match": "*"})
    assert (moved.status_code, moved.json()["errors"][0]["code"]) == (409, "in-the-future")
    assert desk.get(path)["registered_on"] == "2026-10-01"


def test_a_risk_event_is_of_today_in_shanghai_at_the_latest(desk: Desk, clock: Clock) -> None:
    """OF6: at 16:30 UTC of 2 November it is the 3rd in the county: its facts are taken, the 4th's are not."""
    desk.load("entities", venues(1))
    clock.move(hours=15, minutes=30)
    path = f"/v1/entities/{uscc(1)}/risk-events"
    for day, status in (("2026-11-03", 201), ("2026-11-04", 409), ("0001-01-01", 409)):
        answer = desk.ask("POST", path, json={"kind": "hazard", "on": day, "source_no": day})
        assert answer.status_code == status, answer.text
    [event] = desk.get(path)["items"]
    remedied = desk.ask(
        "PATCH",
        f"/v1/risk-events/{event['id']}",
        json={"remedied_on": "2026-11-04"},
        headers={"If-Match": "*"},
    )
    assert remedied.status_code == 409, remedied.text
    assert remedied.json()["errors"][0]["pointer"] == "/remedied_on"
    file = csv("entity,kind,on", [uscc(1), "fire", "2026-11-04"], [uscc(1), "fire", "2026-11-02"])
    job = desk.load("risk-events", file)
    assert [(e["row"], e["field"], e["code"]) for e in job["errors"]] == [(2, "on", "in-the-future")]
    assert len(desk.get(path)["items"]) == 2


def test_a_past_visit_is_not_of_tomorrow(desk: Desk) -> None:
    """A completed visit to come would meet a duty that nobody has met."""
    desk.load("entities", venues(1))
    header = "entity,item,on,kind,agency,codes"
    file = csv(
        header, *([uscc(1), "psb.venues", day, "drawn", "psb", "01"] for day in ("2026-11-03", "2026-11-01"))
    )
    job = desk.load("visits", file)
    assert [(e["row"], e["field"], e["code"]) for e in job["errors"]] == [(2, "on", "in-the-future")]
    assert job["result"]["created"] == 1
