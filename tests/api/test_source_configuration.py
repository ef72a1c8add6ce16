"""Sources entered and changed over HTTP: what a registrar may say, and who sees what of it."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from app.deps import House, new_uuid7
from app.services.access import create_key
from samples.source_server import SourceServer
from tests.conftest import REGION
from tests.registers_desk import uscc
from tests.sources_desk import SourcesDesk, counts, hotel, server_of

SECRET = "sample-hotel-token"


@pytest.fixture
def desk(desk_at: Callable[[SourceServer], SourcesDesk]) -> SourcesDesk:
    """The desk beside the systems of three hotels."""
    return desk_at(server_of([hotel(n) for n in range(1, 4)]))


def refused(
    desk: SourcesDesk, body: dict[str, Any], *, as_: str = "registrar"
) -> tuple[int, list[tuple[str, str]]]:
    """Status of the answer to a new source, and its bad fields."""
    answer = desk.ask("POST", "/v1/sources", json=body, as_=as_)
    return answer.status_code, [(one["pointer"], one["code"]) for one in answer.json().get("errors", ())]


def test_a_source_is_entered_from_a_template_and_its_secret_never_comes_out(
    desk: SourcesDesk, house: House
) -> None:
    """The answer, the list, the source itself: none shows it; the database holds it sealed."""
    made = desk.enter("hotel-system")
    assert (made["code"], made["register"], made["state"], made["has_secret"]) == (
        "hotel-system",
        "entities",
        "active",
        True,
    )
    assert made["configuration"]["checks"] == {
        "least_rows": 1,
        "keep": [7, 10],
        "bad": [1, 5],
    }  # seeded defaults
    assert "secret" not in json.dumps(made["configuration"])
    by_id, by_code = (desk.ask("GET", f"/v1/sources/{name}") for name in (made["id"], "hotel-system"))
    assert by_id.json() == by_code.json() == made
    assert by_id.headers["etag"] == by_code.headers["etag"]
    assert SECRET not in by_id.text + desk.ask("GET", "/v1/sources").text
    with house.database.reading() as connection:
        [sealed] = connection.exec_driver_sql("SELECT sealed_secret FROM sources").scalars()
    assert SECRET.encode() not in bytes(sealed)
    assert house.vault.open(bytes(sealed), context=f"sources/{made['id']}/secret") == SECRET.encode()
    taken = desk.ask(
        "POST",
        "/v1/sources",
        json={
            "template": "hotel-system",
            "configuration": {"region": REGION, "url": "http://x/"},
            "secret": "s",
        },
    )
    assert (taken.status_code, taken.json()["type"]) == (409, "/problems/source-code-taken")
    templates = desk.get("/v1/source-templates")["items"]
    assert [one["code"] for one in templates] == sorted(desk.server.served)


def test_what_is_wrong_with_a_configuration_is_told_field_by_field(desk: SourcesDesk) -> None:
    """Shape first, then whether the parts fit each other and the register; nothing is entered."""
    whole = {"region": REGION, "url": "http://x/"}
    assert refused(desk, {"template": "hotels"}) == (422, [("/template", "literal-error")])
    assert refused(desk, {"configuration": whole}) == (
        422,
        [(f"/configuration/{name}", "missing") for name in ("code", "name", "mapping")],
    )
    odd = {**whole, "rank": 0, "colour": "red", "credentials": {"kind": "digest"}}
    assert refused(desk, {"template": "hotel-system", "configuration": odd, "secret": "s"}) == (
        422,
        [
            ("/configuration/rank", "greater-than-equal"),
            ("/configuration/credentials/kind", "literal-error"),
            ("/configuration/colour", "extra-forbidden"),
        ],
    )
    wrong = {**whole, "url": "http://u:p@x/", "mapping": {"columns": {"level": {"values": {"一级": "9"}}}}}
    assert refused(desk, {"template": "hotel-system", "configuration": wrong, "secret": "s"}) == (
        422,
        [
            ("/configuration/url", "bad-source-url"),
            ("/configuration/mapping/columns/level/values/一级", "value-refused"),
        ],
    )
    assert refused(desk, {"template": "hotel-system", "configuration": whole}) == (
        422,
        [("/secret", "missing")],
    )
    open_ = {**whole, "credentials": {"kind": "none"}}
    assert refused(desk, {"template": "hotel-system", "configuration": open_, "secret": "s"}) == (
        422,
        [("/secret", "no-secret-wanted")],
    )
    assert refused(desk, {"template": "hotel-system", "configuration": whole, "secret": "密"})[1] == [
        ("/secret", "string-pattern-mismatch")
    ]
    abroad = {**whole, "region": "320102"}
    assert refused(desk, {"template": "hotel-system", "configuration": abroad, "secret": "s"}) == (404, [])
    assert desk.get("/v1/sources")["items"] == []


def test_a_source_is_changed_only_as_it_was_seen_and_its_records_keep_their_ground(desk: SourcesDesk) -> None:
    """`If-Match`; merge patch; another host or other credentials need the secret anew."""
    made = desk.enter("hotel-system")
    desk.run_jobs()

    def change(body: dict[str, Any], **headers: str) -> Any:
        etag = desk.ask("GET", "/v1/sources/hotel-system").headers["etag"]
        return desk.ask("PATCH", "/v1/sources/hotel-system", json=body, headers={"If-Match": etag, **headers})

    assert desk.ask("PATCH", "/v1/sources/hotel-system", json={}).status_code == 428
    assert change({"state": "paused"}, **{"If-Match": '"0"'}).status_code == 412
    # a change of a column: the next run is not told that nothing has changed, and lands what differs
    changed = change(
        {"configuration": {"mapping": {"columns": {"level": None}}, "schedule": {"every_min": 15}}}
    )
    assert changed.status_code == 200, changed.text
    told = changed.json()["configuration"]
    assert "level" not in told["mapping"]["columns"]
    assert (told["schedule"]["every_min"], told["schedule"]["daily_at"]) == (15, None)
    assert changed.json()["due_at"] == "2026-11-02T01:15:00Z"
    run = desk.pull("hotel-system")
    assert (run["not_modified"], counts(run)) == (False, (0, 0, 3, 0, 0))
    assert (
        desk.register()[uscc(1)]["registrations"][0]["level"] == 2
    )  # the source says nothing of it any more

    for name, value in (("code", "hotels"), ("register", "inspectors")):
        answer = change({"configuration": {name: value}})
        assert answer.status_code in {409, 422}, (name, answer.text)
    assert change({"configuration": {"region": "320102"}}).status_code == 404
    stands = change({"configuration": {"code": "hotels"}})
    assert (stands.status_code, stands.json()["type"]) == (409, "/problems/source-stands")

    elsewhere = {"configuration": {"url": "http://elsewhere.example/records"}}
    answer = change(elsewhere)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/secret")
    assert change({**elsewhere, "secret": "another"}).json()["has_secret"] is True
    other = {"configuration": {"credentials": {"kind": "header", "header": "X-Key"}}}
    assert change(other).status_code == 422
    assert change({"configuration": {"credentials": {"kind": "none"}}}).json()["has_secret"] is False
    assert change({"configuration": {"rank": 3}, "state": "paused"}).json()["state"] == "paused"
    back = {"url": made["configuration"]["url"], "credentials": {"kind": "bearer"}}
    assert change({"configuration": back, "secret": "wrong"}).status_code == 200
    assert desk.pull("hotel-system")["failure"] == "source-refuses-us"
    assert change({"secret": SECRET}).status_code == 200
    assert desk.pull("hotel-system")["state"] == "done"

    # a run goes on as it began, whatever is changed meanwhile
    desk.ask("POST", "/v1/sources/hotel-system/runs", json={"anew": True})
    assert (
        change({"configuration": {"mapping": {"columns": {"name": {"from": ["/frdb"]}}}}}).status_code == 200
    )
    desk.run_jobs()
    assert desk.register()[uscc(1)]["name"] == hotel(1).name
    assert counts(desk.pull("hotel-system")) == (0, 3, 0, 0, 0)
    assert desk.register()[uscc(1)]["name"] == hotel(1).legal_rep


def test_who_may_do_what_and_who_sees_what(desk: SourcesDesk, house: House) -> None:
    """The registrar configures and runs; supervisor and auditor read; another county sees nothing (W1)."""
    desk.enter("hotel-system")
    desk.run_jobs()
    run = desk.last_run("hotel-system")["id"]
    reads = (
        "/v1/sources",
        "/v1/sources/hotel-system",
        "/v1/sources/hotel-system/runs",
        f"/v1/sources/hotel-system/runs/{run}",
        "/v1/sources/hotel-system/records",
        "/v1/source-alarms",
        "/v1/source-matches",
        "/v1/source-templates",
    )
    for role in ("supervisor", "auditor"):
        assert {desk.ask("GET", path, as_=role).status_code for path in reads} == {200}
    for role in ("planner", "admin", "dispatcher", "bureau"):
        assert {desk.ask("GET", path, as_=role).status_code for path in reads} == {403}
    writes: tuple[tuple[str, dict[str, str]], ...] = (
        ("/v1/sources", {"template": "fire-system"}),
        ("/v1/sources/hotel-system/runs", {}),
    )
    for role in ("supervisor", "auditor", "admin"):
        assert {desk.ask("POST", path, json=body, as_=role).status_code for path, body in writes} == {403}
    for path in reads[1:5]:
        assert desk.ask("GET", path, as_="elsewhere").status_code == 404
    assert desk.get("/v1/sources", as_="elsewhere")["items"] == []
    assert desk.ask("POST", "/v1/sources/hotel-system/runs", json={}, as_="elsewhere").status_code == 404
    with house.database.reading() as connection:
        acts = connection.exec_driver_sql("SELECT act FROM audit_events ORDER BY id").scalars().all()
    assert [act for act in acts if act.startswith("sources.")] == ["sources.enter", "sources.run-ended"]

    # lists are paged: by code, by key, newest first
    for name in ("fire-system", "cafe-system"):
        desk.enter(name)
    desk.run_jobs()
    desk.pull("hotel-system")
    seen: dict[str, list[str]] = {}
    for path, name in (
        ("/v1/sources", "code"),
        ("/v1/sources/hotel-system/runs", "asked_by"),
        ("/v1/sources/hotel-system/records", "source_key"),
        ("/v1/source-alarms", "source"),
    ):
        where: str | None = f"{path}?limit=1"
        while where is not None:
            answer = desk.ask("GET", where)
            seen.setdefault(path, []).extend(one[name] for one in answer.json()["items"])
            where = answer.links.get("next", {}).get("url")
    assert seen == {
        "/v1/sources": ["cafe-system", "fire-system", "hotel-system"],
        "/v1/sources/hotel-system/runs": ["registrar", "schedule"],
        "/v1/sources/hotel-system/records": ["HO1", "HO2", "HO3"],
        "/v1/source-alarms": seen["/v1/source-alarms"],
    }
    assert sorted(seen["/v1/source-alarms"]) == ["cafe-system", "fire-system"]
    assert desk.ask("GET", "/v1/sources?colour=red").status_code == 422
    assert desk.ask("GET", "/v1/sources/hotel-system/runs/0").status_code == 404


def test_a_city_s_source_feeds_its_counties_and_nothing_outside(
    desk_at: Callable[[SourceServer], SourcesDesk], house: House
) -> None:
    """Mission clause M3: rosters mastered at a higher level; a county sees its own premises and pairs."""
    desk = desk_at(server_of([hotel(1), hotel(2, region="410922"), hotel(3, region="320102")]))
    with house.database.unit_of_work() as session:
        desk.keys["city"], _ = create_key(
            session, new_id=new_uuid7(), role="registrar", region="4109", name="city", now=house.clock()
        )
    body = {
        "template": "hotel-system",
        "configuration": {"region": "410900", "url": f"{desk.server.url}/hotel-system/records"},
        "secret": SECRET,
    }
    assert desk.ask("POST", "/v1/sources", json=body, as_="city").status_code == 201
    desk.run_jobs()
    run = desk.get("/v1/sources/hotel-system/runs", as_="city")["items"][0]
    assert counts(run) == (2, 0, 0, 1, 0)
    notes = desk.get(f"/v1/sources/hotel-system/runs/{run['id']}", as_="city")["notes"]
    assert [(note["source_key"], note["code"]) for note in notes] == [("HO3", "region-outside")]
    assert [*desk.register()] == [uscc(1)]
    assert len(desk.get("/v1/entities", as_="city")["items"]) == 2
    assert desk.get("/v1/sources")["items"] == []  # the city's own
