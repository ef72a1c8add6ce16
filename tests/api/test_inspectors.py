"""Inspectors, absences and recusals over HTTP."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from tests.registers_desk import INSPECTOR_COLUMNS, Desk, csv, officer, officers, uscc, venues


@pytest.fixture
def desk(client: TestClient, keys: dict[str, str], run_jobs: Callable[[], None]) -> Desk:
    """The registrar's desk of the county."""
    return Desk(client, keys, run_jobs)


def test_an_inspector_is_read_as_entered(desk: Desk) -> None:
    """The columns of spec/registers.md; the region is the importing caller's prefix."""
    desk.load("inspectors", officers("a"))
    assert desk.get("/v1/inspectors/a") == {
        "code": "a",
        "region": "410928",
        "name": "警员a",
        "certificate_no": "ZF-a",
        "certificate_to": "2028-12-31",
        "kind": "officer",
        "agency": "psb",
        "unit": None,
        "station": None,
        "lead": True,
        "regimes": ["entertainment", "special_industry"],
        "districts": [],
        "cap": 10,
        "training_to": None,
        "trained_to": None,
        "not_seen_since": None,
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "abc"),
        ("agency=fire", "c"),
        ("lead=false", "b"),
        ("name=%E8%AD%A6%E5%91%98", "abc"),
        ("limit=2", "ab"),
    ],
)
def test_inspectors_are_listed_by_code(desk: Desk, query: str, found: str) -> None:
    """Narrowed by agency, lead, name."""
    rows = [officer("b", lead="否"), officer("a"), officer("c", agency="fire")]
    desk.load("inspectors", csv(INSPECTOR_COLUMNS, *rows))
    assert "".join(one["code"] for one in desk.get(f"/v1/inspectors?{query}")["items"]) == found


def test_an_inspector_is_entered_and_changed_under_the_rules_of_a_row(desk: Desk) -> None:
    """Lists as JSON arrays; merge patch with `If-Match`."""
    body = {
        "code": "k7",
        "name": "某某",
        "certificate_no": "ZF1",
        "certificate_to": "2028-12-31",
        "agency": "psb",
        "regimes": ["entertainment"],
        "districts": ["003", "410928"],
    }
    made = desk.ask("POST", "/v1/inspectors", json=body)
    assert (made.status_code, made.headers["location"]) == (201, "/v1/inspectors/k7")
    assert made.json()["districts"] == ["003", "410928"]
    assert desk.ask("POST", "/v1/inspectors", json=body).status_code == 409
    tag = desk.ask("GET", "/v1/inspectors/k7").headers["etag"]
    changed = desk.ask(
        "PATCH", "/v1/inspectors/k7", json={"regimes": [], "cap": 3}, headers={"If-Match": tag}
    )
    assert (changed.json()["regimes"], changed.json()["cap"]) == ([], 3)
    stale = desk.ask("PATCH", "/v1/inspectors/k7", json={"cap": 4}, headers={"If-Match": tag})
    assert stale.status_code == 412
    bad = desk.ask("POST", "/v1/inspectors", json=body | {"code": "x", "regimes": ["casino"]})
    assert [(e["pointer"], e["code"]) for e in bad.json()["errors"]] == [("/regimes", "unknown-code")]


def test_an_absence_is_entered_and_deleted(desk: Desk) -> None:
    """DELETE needs `If-Match` too; the history keeps both."""
    desk.load("inspectors", officers("a"))
    base = "/v1/inspectors/a/absences"
    wrong = desk.ask("POST", base, json={"starts_on": "2026-11-08", "ends_on": "2026-11-02"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/ends_on")
    made = desk.ask("POST", base, json={"starts_on": "2026-11-02", "ends_on": "2026-11-08", "reason": "培训"})
    assert made.status_code == 201
    assert desk.get(base)["items"] == [made.json()]
    path = made.headers["location"]
    assert desk.ask("DELETE", path).status_code == 428
    tag = desk.ask("GET", path).headers["etag"]
    assert desk.ask("DELETE", path, headers={"If-Match": tag}).status_code == 204
    assert desk.ask("GET", path).status_code == 404
    history = desk.get("/v1/inspectors/a/history")["items"]
    assert [(h["register"], h["act"]) for h in history] == [
        ("absences", "deleted"),
        ("absences", "created"),
        ("inspectors", "created"),
    ]
    assert history[0]["before"]["reason"] == "培训"


def test_absences_are_paged_by_first_day(desk: Desk) -> None:
    """A cursor of a day and an id."""
    desk.load("inspectors", officers("a"))
    base = "/v1/inspectors/a/absences"
    for day in (5, 3, 4):
        body = {"starts_on": f"2026-11-0{day}", "ends_on": "2026-11-08"}
        assert desk.ask("POST", base, json=body).status_code == 201
    first = desk.ask("GET", f"{base}?limit=2")
    rest = desk.ask("GET", first.links["next"]["url"])
    days = [one["starts_on"] for answer in (first, rest) for one in answer.json()["items"]]
    assert days == ["2026-11-03", "2026-11-04", "2026-11-05"]


def test_a_recusal_is_entered_listed_and_ended(desk: Desk) -> None:
    """`from` and `to` as in the register's columns; unknown references are broken rules, 409."""
    desk.load("entities", venues(1, 2))
    desk.load("inspectors", officers("a", "b"))
    body = {"inspector": "a", "entity": uscc(1), "relation": "spouse", "from": "2026-01-01"}
    made = desk.ask("POST", "/v1/recusals", json=body)
    assert made.status_code == 201, made.text
    assert made.json() == body | {"id": made.json()["id"], "to": None, "not_seen_since": None}
    assert desk.ask("POST", "/v1/recusals", json=body).status_code == 409
    unknown = desk.ask("POST", "/v1/recusals", json=body | {"inspector": "zz"})
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (409, "/inspector")
    desk.ask("POST", "/v1/recusals", json={"inspector": "b", "entity": uscc(2), "relation": "self"})
    assert len(desk.get("/v1/recusals")["items"]) == 2
    assert desk.get("/v1/recusals?inspector=a")["items"] == [made.json()]
    path = made.headers["location"]
    tag = desk.ask("GET", path).headers["etag"]
    ended = desk.ask("PATCH", path, json={"to": "2026-06-30"}, headers={"If-Match": tag})
    assert ended.json()["to"] == "2026-06-30"
    assert [h["register"] for h in desk.get("/v1/inspectors/a/history")["items"]] == [
        "recusals",
        "recusals",
        "inspectors",
    ]


def test_an_inspector_of_another_county_is_not_there(desk: Desk) -> None:
    """404 on every path."""
    desk.load("inspectors", officers("a"))
    for path in ("/v1/inspectors/a", "/v1/inspectors/a/absences", "/v1/inspectors/a/history"):
        assert desk.ask("GET", path, as_="elsewhere").status_code == 404, path
    assert desk.get("/v1/inspectors", as_="elsewhere")["items"] == []
