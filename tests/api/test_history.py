"""The history of every change of the registers: who, when, before, after."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from tests.conftest import Clock
from tests.registers_desk import ENTITY_COLUMNS, Desk, csv, uscc, venue, venues


@pytest.fixture
def desk(client: TestClient, keys: dict[str, str], run_jobs: Callable[[], None]) -> Desk:
    """The registrar's desk of the county."""
    return Desk(client, keys, run_jobs)


def test_an_entity_remembers_what_was_said_of_it_and_by_whom(desk: Desk, clock: Clock) -> None:
    """Newest first: the patch, the import that changed the level, the import that made it."""
    desk.load("entities", venues(1))
    clock.move(days=1)
    desk.load("entities", csv(ENTITY_COLUMNS, venue(1, level=3)))
    clock.move(days=1)
    path = f"/v1/entities/{uscc(1)}"
    tag = desk.ask("GET", path).headers["etag"]
    desk.ask("PATCH", path, json={"name": "新名"}, headers={"If-Match": tag})
    patched, levelled, made = desk.get(f"{path}/history")["items"]
    assert {patched["by"], levelled["by"], made["by"]} == {"registrar"}
    assert [c["at"] for c in (patched, levelled, made)] == [
        "2026-11-04T01:00:00Z",
        "2026-11-03T01:00:00Z",
        "2026-11-02T01:00:00Z",
    ]
    assert (patched["before"], patched["after"]) == (
        {"regime": "entertainment", "name": "歌厅1"},
        {"regime": "entertainment", "name": "新名"},
    )
    assert (levelled["before"], levelled["after"]) == (
        {"regime": "entertainment", "level": 2},
        {"regime": "entertainment", "level": 3},
    )
    assert (made["act"], made["before"], made["after"]["name"]) == ("created", None, "歌厅1")


def test_risk_events_and_visits_are_in_the_history_of_their_entity(desk: Desk) -> None:
    """With the register's name and its own columns."""
    desk.load("entities", venues(1))
    desk.load("risk-events", csv("entity,kind,on", [uscc(1), "fire", "2026-01-05"]))
    event = desk.get(f"/v1/entities/{uscc(1)}/risk-events")["items"][0]
    desk.ask("POST", f"/v1/risk-events/{event['id']}/withdraw", json={"reason": "重复"})
    visits = csv(
        "entity,item,on,kind,agency,codes", [uscc(1), "psb.venues", "2026-03-01", "drawn", "psb", "05;21"]
    )
    desk.load("visits", visits)
    history = desk.get(f"/v1/entities/{uscc(1)}/history")["items"]
    assert [(h["register"], h["act"]) for h in history] == [
        ("visits", "created"),
        ("risk-events", "withdrawn"),
        ("risk-events", "created"),
        ("entities", "created"),
    ]
    assert history[0]["after"]["codes"] == ["05", "21"]
    assert history[2]["after"]["on"] == "2026-01-05"


def test_a_history_comes_in_pages(desk: Desk) -> None:
    """`limit` and `Link`, newest first throughout."""
    desk.load("entities", venues(1))
    for level in (1, 2, 3):
        desk.load("entities", csv(ENTITY_COLUMNS, venue(1, level=level)))
    whole = desk.get(f"/v1/entities/{uscc(1)}/history?count=true")
    assert whole["count"] == 4
    first = desk.ask("GET", f"/v1/entities/{uscc(1)}/history?limit=3")
    rest = desk.ask("GET", first.links["next"]["url"])
    assert first.json()["items"] + rest.json()["items"] == whole["items"]
    assert "next" not in rest.links


def test_a_dry_run_and_an_aborted_import_leave_no_history(desk: Desk) -> None:
    """Nothing changed, nothing remembered."""
    desk.load("entities", venues(1))
    changed = csv(ENTITY_COLUMNS, venue(1, level=3))
    desk.load("entities", changed, dry_run="true", mode="full")
    desk.load("entities", changed + b"\nbad,,,,,,,", on_error="abort")
    assert len(desk.get(f"/v1/entities/{uscc(1)}/history")["items"]) == 1
