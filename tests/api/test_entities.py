"""Entities over HTTP: reads, filters, single entry, changes, risk events (spec/api.md «Conventions»)."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from tests.conftest import Clock
from tests.registers_desk import ENTITY_COLUMNS, Desk, csv, uscc, venue, venues


@pytest.fixture
def desk(client: TestClient, keys: dict[str, str], run_jobs: Callable[[], None]) -> Desk:
    """The registrar's desk of the county."""
    return Desk(client, keys, run_jobs)


def _keys(desk: Desk, query: str) -> list[str]:
    return [entity["key"] for entity in desk.get(f"/v1/entities?{query}")["items"]]


def test_an_entity_is_read_by_id_and_by_uscc_with_its_registrations(desk: Desk) -> None:
    """Exactly the columns of spec/registers.md, RFC 3339 in UTC."""
    desk.load("entities", venues(1))
    entity = desk.get(f"/v1/entities/{uscc(1)}")
    assert desk.get(f"/v1/entities/{entity['id']}") == entity
    assert entity == {
        "id": entity["id"],
        "key": uscc(1),
        "uscc": uscc(1),
        "premises": 1,
        "source": None,
        "source_key": None,
        "name": "歌厅1",
        "address": None,
        "region": "410928",
        "station": "003",
        "legal_rep": "某某",
        "key_area": False,
        "created_at": "2026-11-02T01:00:00Z",
        "updated_at": "2026-11-02T01:00:00Z",
        "not_seen_since": None,
        "registrations": [
            {
                "regime": "entertainment",
                "subtype": "ktv",
                "level": 2,
                "status": "operating",
                "licence_no": None,
                "licence_to": None,
                "registered_on": None,
                "not_seen_since": None,
            }
        ],
    }
    assert desk.get("/v1/entities")["items"] == [entity]
    assert desk.get(f"/v1/entities/{uscc(1)}/registrations")["items"] == entity["registrations"]


def test_a_uscc_of_several_premises_names_none_of_them(desk: Desk) -> None:
    """409 that lists their ids; each id works, `#` escaped."""
    header = f"{ENTITY_COLUMNS},premises"
    desk.load("entities", csv(header, [*venue(1), 1], [*venue(1), 2]))
    answer = desk.ask("GET", f"/v1/entities/{uscc(1)}")
    assert answer.status_code == 409
    assert f"{uscc(1)}、{uscc(1)}#2" in answer.json()["detail"]
    second = desk.get(f"/v1/entities/{uscc(1)}%232")
    assert second["premises"] == 2
    assert desk.get(f"/v1/entities/{second['id']}") == second


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [1, 2, 3, 4]),
        (f"uscc={uscc(2)}", [2]),
        (f"key={uscc(3)}", [3]),
        ("name=%E6%AD%8C%E5%8E%85", [1, 2]),
        ("name=%25", []),
        ("region=410928", [1, 2, 3, 4]),
        ("region=410928003", []),
        ("station=005", [3]),
        ("regime=special_industry", [3, 4]),
        ("regime=special_industry&level=3", [4]),
        ("regime=entertainment&level=3", []),
        ("status=closed", [4]),
        ("not_seen=true", []),
        ("not_seen=false", [1, 2, 3, 4]),
    ],
)
def test_lists_are_narrowed_by_what_is_asked(desk: Desk, query: str, found: list[int]) -> None:
    """Regime, level and status must hold of one registration; a % is a character."""
    header = f"{ENTITY_COLUMNS},status"
    hotel = {"regime": "special_industry", "subtype": "hotel", "name": "旅馆"}
    rows = [
        [*venue(1), ""],
        [*venue(2), ""],
        [*venue(3, **hotel, station="005"), ""],
        [*venue(4, name="双证"), ""],
        [*venue(4, **(hotel | {"name": "双证"}), level=3), "closed"],
    ]
    desk.load("entities", csv(header, *rows))
    assert _keys(desk, query) == sorted(uscc(number) for number in found)


def test_lists_come_in_pages_that_neither_repeat_nor_miss(desk: Desk) -> None:
    """`limit`, opaque `cursor`, `Link: rel="next"` absent on the last page, no count unless asked."""
    desk.load("entities", venues(*range(7)))
    pages, path = [], "/v1/entities?limit=3"
    while path:
        answer = desk.ask("GET", path)
        assert "count" not in answer.json()
        pages.append([entity["key"] for entity in answer.json()["items"]])
        path = answer.links.get("next", {}).get("url", "")
    assert [len(page) for page in pages] == [3, 3, 1]
    assert [key for page in pages for key in page] == sorted(uscc(number) for number in range(7))
    assert desk.get("/v1/entities?limit=3&count=true&regime=entertainment")["count"] == 7
    assert desk.get("/v1/entities?limit=1&count=true")["count"] == 7


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "cursor=nonsense", "level=high"])
def test_a_query_that_cannot_be_read_is_refused(desk: Desk, query: str) -> None:
    """422 as a problem document."""
    answer = desk.ask("GET", f"/v1/entities?{query}")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_entity_is_entered_under_the_rules_of_a_row(desk: Desk) -> None:
    """201 with Location; every bad field with its pointer and rule; a second time 409."""
    body = {"uscc": uscc(1), "name": "歌厅", "regime": "entertainment", "level": 2, "region": "410928"}
    made = desk.ask("POST", "/v1/entities", json=body)
    assert made.status_code == 201, made.text
    assert desk.get(made.headers["location"]) == made.json()
    assert desk.ask("POST", "/v1/entities", json=body).status_code == 409
    second = desk.ask("POST", "/v1/entities", json=body | {"regime": "fire_unit", "level": None})
    assert [r["regime"] for r in second.json()["registrations"]] == ["entertainment", "fire_unit"]
    bad = desk.ask("POST", "/v1/entities", json=body | {"uscc": "91", "level": 9, "regime": "casino"})
    assert bad.status_code == 422
    assert {(e["pointer"], e["code"]) for e in bad.json()["errors"]} == {
        ("/uscc", "bad-uscc"),
        ("/regime", "unknown-code"),
        ("/level", "out-of-range"),
    }
    elsewhere = desk.ask("POST", "/v1/entities", json=body | {"uscc": uscc(2), "region": "320102"})
    assert (elsewhere.status_code, elsewhere.json()["errors"][0]["code"]) == (409, "region-outside")
    unknown = desk.ask("POST", "/v1/entities", json=body | {"colour": "red"})
    assert unknown.json()["errors"][0]["pointer"] == "/colour"


def test_a_change_names_the_version_it_changes(desk: Desk) -> None:
    """PATCH is a merge patch (RFC 7396); 428 without `If-Match`, 412 when stale, both without effect."""
    desk.load("entities", venues(1))
    path = f"/v1/entities/{uscc(1)}"
    tag = desk.ask("GET", path).headers["etag"]
    assert desk.ask("PATCH", path, json={"name": "新名"}).status_code == 428
    first = desk.ask("PATCH", path, json={"name": "新名", "legal_rep": None}, headers={"If-Match": tag})
    assert (first.status_code, first.json()["name"], first.json()["legal_rep"]) == (200, "新名", None)
    assert first.json()["station"] == "003"
    stale = desk.ask("PATCH", path, json={"name": "又名"}, headers={"If-Match": tag})
    assert stale.status_code == 412
    assert desk.get(path)["name"] == "新名"
    again = desk.ask("GET", path)
    assert again.headers["etag"] == first.headers["etag"]
    emptied = desk.ask("PATCH", path, json={"name": None}, headers={"If-Match": again.headers["etag"]})
    assert [(e["pointer"], e["code"]) for e in emptied.json()["errors"]] == [("/name", "required")]
    either = f'"other", {again.headers["etag"]}'
    assert desk.ask("PATCH", path, json={"name": "又名"}, headers={"If-Match": either}).status_code == 200


def test_a_registration_changes_by_itself(desk: Desk) -> None:
    """Level and status of one regime; a subtype of another regime is refused."""
    desk.load("entities", venues(1))
    path = f"/v1/entities/{uscc(1)}/registrations/entertainment"
    tag = desk.ask("GET", path).headers["etag"]
    wrong = desk.ask("PATCH", path, json={"subtype": "hotel"}, headers={"If-Match": tag})
    assert wrong.json()["errors"][0]["code"] == "subtype-of-other-regime"
    changed = desk.ask(
        "PATCH", path, json={"level": 3, "licence_to": "2027-01-31"}, headers={"If-Match": tag}
    )
    assert (changed.json()["level"], changed.json()["licence_to"]) == (3, "2027-01-31")
    assert desk.get(f"/v1/entities/{uscc(1)}")["registrations"] == [changed.json()]
    assert desk.ask("GET", f"/v1/entities/{uscc(1)}/registrations/fire_unit").status_code == 404


def test_a_read_that_nothing_changed_since_is_answered_without_a_body(desk: Desk) -> None:
    """`If-None-Match` gives 304."""
    desk.load("entities", venues(1))
    first = desk.ask("GET", f"/v1/entities/{uscc(1)}")
    again = desk.ask("GET", f"/v1/entities/{uscc(1)}", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_risk_event_is_entered_decided_and_withdrawn(desk: Desk) -> None:
    """It stays on file with the reason, can then no longer be changed, and an import does not revive it."""
    desk.load("entities", venues(1))
    base = f"/v1/entities/{uscc(1)}/risk-events"
    body = {"kind": "complaint", "on": "2026-10-08", "source_no": "12345-7"}
    made = desk.ask("POST", base, json=body)
    assert made.status_code == 201, made.text
    path = made.headers["location"]
    tag = desk.ask("GET", path).headers["etag"]
    decided = desk.ask("PATCH", path, json={"substantiated": True}, headers={"If-Match": tag})
    assert decided.json()["substantiated"] is True
    assert desk.ask("POST", base, json=body).status_code == 409
    withdrawn = desk.ask("POST", f"{path}/withdraw", json={"reason": "登记对象有误"})
    assert withdrawn.json()["withdrawn_because"] == "登记对象有误"
    assert desk.get(base)["items"] == [withdrawn.json()]
    tag = desk.ask("GET", path).headers["etag"]
    late = desk.ask("PATCH", path, json={"substantiated": False}, headers={"If-Match": tag})
    assert late.json()["type"] == "/problems/risk-event-withdrawn"
    row = csv("entity,kind,on,substantiated,source_no", [uscc(1), "complaint", "2026-10-08", "是", "12345-7"])
    assert desk.load("risk-events", row)["result"]["unchanged"] == 1
    assert desk.get(path)["withdrawn_at"] is not None


def test_an_event_is_not_remedied_before_it_happened(desk: Desk) -> None:
    """422 with the field's pointer."""
    desk.load("entities", venues(1))
    body = {"kind": "hazard", "on": "2026-10-08", "remedied_on": "2026-10-01"}
    answer = desk.ask("POST", f"/v1/entities/{uscc(1)}/risk-events", json=body)
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [("/remedied_on", "date-order")]


def test_what_lies_in_another_county_is_not_there(desk: Desk, clock: Clock) -> None:
    """404 on every path of an entity, also for its risk events by id."""
    clock.move(days=1)
    desk.load("entities", venues(1))
    made = desk.ask("POST", f"/v1/entities/{uscc(1)}/risk-events", json={"kind": "fire", "on": "2026-10-08"})
    base = f"/v1/entities/{uscc(1)}"
    paths = [base, f"{base}/registrations", f"{base}/risk-events", f"{base}/history"]
    for path in [*paths, f"{base}/registrations/entertainment", made.headers["location"]]:
        assert desk.ask("GET", path, as_="elsewhere").status_code == 404, path
    assert desk.get("/v1/entities", as_="elsewhere")["items"] == []
