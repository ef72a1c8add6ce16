"""The line that an entity would have today, over HTTP on both databases."""

from datetime import date
from typing import Any

from fastapi.testclient import TestClient

from app.deps import House
from tests.planning_county import add_event, add_premises, add_visit

USCC = "91410928MA3X00001X"


def _as(keys: dict[str, str], who: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {keys[who]}"}


def _tickets(
    client: TestClient, keys: dict[str, str], entity: str, item: str = "psb.venues"
) -> dict[str, Any]:
    answer = client.get(f"/v1/entities/{entity}/tickets?item={item}", headers=_as(keys, "registrar"))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_line_is_explained_fact_by_fact(client: TestClient, keys: dict[str, str], house: House) -> None:
    """2 + 6 (open hazard) + 3 (penalty) + 2 (key area) = 13; a clean visit halves it to 7."""
    venue = add_premises(
        house,
        USCC,
        {"regime": "entertainment", "subtype": "ktv", "level": 2},
        key_area=True,
        station="005",
        uscc=USCC,
    )
    add_event(house, venue, "hazard", date(2026, 9, 1), source_no="文1")
    add_event(house, venue, "penalty", date(2025, 1, 31))
    add_event(house, venue, "complaint", date(2026, 9, 1), substantiated=False)
    add_visit(house, venue, "psb.venues", date(2026, 10, 1))
    found = _tickets(client, keys, USCC)
    assert found == _tickets(client, keys, venue)
    assert (found["entity"], found["item"], found["on"]) == (USCC, "psb.venues", "2026-11-02")
    # level 2, not visited in November or December: 9 weekly draws are to come, one of them is the reserve
    assert (found["in_roster"], found["stratum"], found["draws_left"]) == (True, "entertainment-2", 8)
    assert (found["tickets"], found["note"]) == (7, None)
    assert found["needs"] == ["district:410928005", "regime:entertainment"]
    lines = [(one["fact"], one["tickets"], one["on"], one["until"]) for one in found["lines"]]
    assert lines == [
        ("base", 2, None, None),
        ("hazard", 6, "2026-09-01", None),
        ("penalty", 3, "2025-01-31", "2027-01-30"),
        ("key_area", 2, None, None),
        ("relief", -6, "2026-10-01", "2026-12-29"),
    ]
    assert found["lines"][1]["source_no"] == "文1"
    assert "重大隐患" in found["lines"][1]["text"]
    assert "2027-01-30" in found["lines"][2]["text_en"]
    assert all(one["basis"] for one in found["lines"])


def test_a_cooldown_is_said(client: TestClient, keys: dict[str, str], house: House) -> None:
    """Tickets 0 have a note, and the line says until when."""
    cafe = add_premises(house, "src:cafe", {"regime": "internet_cafe"})
    add_visit(house, cafe, "psb.internet-cafes", date(2026, 10, 20), codes=["05"])
    found = _tickets(client, keys, "src:cafe", "psb.internet-cafes")
    assert (found["tickets"], found["note"]) == (0, "cooldown")
    assert found["lines"][-1]["until"] == "2026-11-18"


def test_what_is_not_in_the_roster_says_why(client: TestClient, keys: dict[str, str], house: House) -> None:
    """Closed; of another item."""
    add_premises(house, "src:closed", {"regime": "entertainment", "level": 1, "status": "closed"})
    found = _tickets(client, keys, "src:closed")
    assert (found["in_roster"], found["absent"], found["tickets"], found["lines"]) == (
        False,
        "status",
        None,
        [],
    )
    assert found["absent_text"]
    other = _tickets(client, keys, "src:closed", "fire.units")
    assert (other["in_roster"], other["absent"]) == (False, "scope")


def test_unknown_entities_and_items_and_other_regions_are_missing(
    client: TestClient, keys: dict[str, str], house: House
) -> None:
    """404 for what is not there or not to be seen."""
    add_premises(house, "src:far", {"regime": "entertainment", "level": 1}, region="320102")
    add_premises(house, "src:near", {"regime": "entertainment", "level": 1})
    for entity, item in [("src:far", "psb.venues"), ("src:none", "psb.venues"), ("src:near", "no.item")]:
        answer = client.get(f"/v1/entities/{entity}/tickets?item={item}", headers=_as(keys, "planner"))
        assert answer.status_code == 404, answer.text
