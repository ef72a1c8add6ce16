"""Registers from elsewhere: real source systems on loopback, pulled by the worker (M1, M2, M3, M9, W1)."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import SQLModel

from app.deps import House
from samples.county import make_county
from samples.county.systems import systems
from samples.source_server import SourceServer
from tests.conftest import Clock
from tests.registers_desk import csv, uscc
from tests.sources_desk import SourcesDesk, counts, fire_unit, hotel, server_of

FIVE = ("hotel-system", "entertainment-directory", "fire-system", "cafe-system", "market-register")


@pytest.fixture
def desk(desk_at: Callable[[SourceServer], SourcesDesk]) -> SourcesDesk:
    """The desk beside the systems of twelve hotels, the first three under fire supervision too."""
    hotels = [hotel(n) for n in range(1, 13)]
    return desk_at(server_of([*hotels, *(fire_unit(one) for one in hotels[:3])]))


def everything_kept(house: House) -> str:
    """Every value of every table, as text."""
    with house.database.reading() as connection:
        return "\n".join(
            repr(row)
            for table in SQLModel.metadata.sorted_tables
            for row in connection.execute(table.select())
        )


def test_five_systems_become_one_register(
    desk_at: Callable[[SourceServer], SourcesDesk], house: House
) -> None:
    """Five forms and ways of paging, three kinds of credentials: one entity per USCC and premises number."""
    county = make_county(seed=5, entities=110, today=date(2026, 11, 1))
    found = systems(county.entities, county.risk_events)
    desk = desk_at(SourceServer(found))
    secrets = {found[name].secret for name in FIVE}
    shown = [json.dumps(desk.enter(name)) for name in FIVE]
    desk.run_jobs()

    runs = {name: desk.last_run(name) for name in FIVE}
    assert {run["state"] for run in runs.values()} == {"done"}
    assert {name: run["notes"] for name, run in runs.items()} == {name: [] for name in FIVE}
    assert runs["hotel-system"]["total"] == runs["hotel-system"]["rows"] == len(found["hotel-system"].records)
    assert runs["fire-system"]["rows"] == len(found["fire-system"].records) > 60
    assert runs["cafe-system"]["rows"] == len(found["cafe-system"].records)
    assert runs["market-register"]["rows"] < len(
        found["market-register"].records
    )  # other industries are not meant

    kept = desk.register()
    named = {
        row.entity_id
        for row in county.entities
        if row.uscc and row.subtype not in {"pawn", "seal", "scrap", "repair"}
    }
    assert named <= kept.keys()
    for row in county.entities:
        if row.entity_id in named and row.regime != "fire_unit":
            one = next(r for r in kept[row.entity_id]["registrations"] if r["regime"] == row.regime)
            assert (one["level"], one["status"], one["licence_no"]) == (row.level, row.status, row.licence_no)
            assert one["licence_to"] == (row.licence_to and row.licence_to.isoformat())
            assert one["registered_on"] == (row.registered_on and row.registered_on.isoformat())
    several = [key for key, one in kept.items() if len(one["registrations"]) > 1]
    assert several

    for name in FIVE:
        assert counts(desk.pull(name)) == (0, 0, runs[name]["rows"], 0, 0)
        again = desk.last_run(name)
        assert again["not_modified"] == (name != "fire-system")
        assert desk.served(name).asked[-1].endswith(" 304") == again["not_modified"]
    assert desk.register() == kept
    shown += [desk.ask("GET", "/v1/sources").text, *(json.dumps(desk.last_run(name)) for name in FIVE)]
    assert not [secret for secret in secrets for text in (*shown, everything_kept(house)) if secret in text]


def test_what_a_source_changes_drops_and_gives_again(desk: SourcesDesk) -> None:
    """Only what has changed is touched; what vanished is not seen, never closed, until it is seen again."""
    desk.enter("hotel-system")
    desk.enter("fire-system")
    desk.run_jobs()
    assert counts(desk.last_run("hotel-system")) == (12, 0, 0, 0, 0)
    assert counts(desk.last_run("fire-system")) == (3, 0, 0, 0, 0)
    quiet = desk.get(f"/v1/entities/{uscc(5)}/history")
    served = desk.served("hotel-system")

    served.changed["HO2"] = {"zadj": "三级"}
    served.changed["HO3"] = {"kfs": 999}  # a field that no column is filled from
    served.removed |= {"HO1", "HO4"}
    assert counts(desk.pull("hotel-system")) == (0, 1, 9, 0, 2)
    kept = desk.register()
    by_regime = {one["regime"]: one for one in kept[uscc(2)]["registrations"]}
    assert by_regime["special_industry"]["level"] == 3
    assert desk.get(f"/v1/entities/{uscc(5)}/history") == quiet
    # HO4 is known from hotels only; HO1 is still seen by fire supervision
    assert kept[uscc(4)]["not_seen_since"] is not None
    assert kept[uscc(1)]["not_seen_since"] is None
    gone = [one for key in (uscc(1), uscc(4)) for one in kept[key]["registrations"] if one["not_seen_since"]]
    assert [(one["regime"], one["status"]) for one in gone] == [("special_industry", "operating")] * 2
    unseen = desk.get("/v1/sources/hotel-system/records?not_seen=true")["items"]
    assert [(one["source_key"], one["entity"]) for one in unseen] == [("HO1", uscc(1)), ("HO4", uscc(4))]
    assert counts(desk.pull("hotel-system")) == (0, 0, 10, 0, 0)  # marked once

    served.removed.clear()
    assert counts(desk.pull("hotel-system")) == (0, 2, 10, 0, 0)
    kept = desk.register()
    assert not [key for key, one in kept.items() if one["not_seen_since"]]
    history = [entry["act"] for entry in desk.get(f"/v1/entities/{uscc(4)}/history")["items"]]
    assert history == ["updated", "not-seen", "created"]
    assert desk.get(f"/v1/entities/{uscc(4)}/history")["items"][0]["by"] == "hotel-system"

    # a full import by hand loses sight of what its file leaves out; the next pull sees it again
    desk.load("entities", csv("uscc,name,regime,region", [uscc(1), "甲", "fire_unit", "410928"]), mode="full")
    assert desk.register()[uscc(5)]["not_seen_since"] is not None
    served.added.append({**served.system.records[0], "lgbm": "HO99", "tyshxydm": uscc(99)})
    desk.pull("hotel-system")
    assert desk.register()[uscc(5)]["not_seen_since"] is None


def test_a_wrong_source_keeps_the_last_good_state_and_raises_an_alarm(desk: SourcesDesk) -> None:
    """Nothing lands, nothing is marked, the alarm stands until the source is well again."""
    desk.enter("hotel-system", paging={"size": 5}, answer={"validators": False})
    desk.run_jobs()
    assert desk.last_run("hotel-system")["pages"] == 3
    kept, served = desk.register(), desk.served("hotel-system")
    served.changed["HO2"] = {"zadj": "三级"}
    wrongs = [
        ("wrong", "wrong", "source-no-json"),
        ("renamed", "wrong", "source-unreadable-rows"),
        ("refusing", "wrong", "source-refuses-us"),
        ("elsewhere", "wrong", "source-leads-elsewhere"),
        ("looping", "wrong", "source-same-page"),
        ("shrunk", "shrunk", "source-shrunk"),
    ]
    for mode, kind, failure in wrongs:
        served.mode = mode  # type: ignore[assignment]  # one of the modes
        run = desk.pull("hotel-system")
        assert (run["state"], run["alarm"], run["failure"]) == ("failed", True, failure)
        assert counts(run) == (0, 0, 0, 0, 0)
        alarm = next(one for one in desk.get("/v1/sources/hotel-system")["alarms"] if one["kind"] == kind)
        assert (alarm["code"], alarm["run_id"], alarm["message"]) == (failure, run["id"], run["message"])
    assert desk.register() == kept
    source = desk.get("/v1/sources/hotel-system", headers={"Accept-Language": "en"})
    assert [(one["kind"], one["times"]) for one in source["alarms"]] == [("wrong", 5), ("shrunk", 1)]
    assert source["alarms"][1]["message"].startswith("Only 2 records came after 12")
    assert source["good_rows"] == 12
    standing = desk.get("/v1/source-alarms?standing=true", as_="supervisor")["items"]
    assert [(one["source"], one["kind"]) for one in standing] == [
        ("hotel-system", "shrunk"),
        ("hotel-system", "wrong"),
    ]
    assert [one["code"] for one in desk.get("/v1/sources?alarmed=true")["items"]] == ["hotel-system"]

    served.mode = "well"
    assert counts(desk.pull("hotel-system")) == (0, 1, 11, 0, 0)
    assert desk.alarms("hotel-system") == []
    assert desk.get("/v1/sources?alarmed=true")["items"] == []
    assert desk.get("/v1/source-alarms?standing=false")["items"][0]["cleared_at"] is not None


def test_a_dead_source_is_asked_again_and_again_and_then_an_alarm_is_raised(
    desk: SourcesDesk, clock: Clock
) -> None:
    """Three more times, after 30, 60 and 120 seconds; meanwhile nothing is lost and nobody is blocked."""
    desk.enter("hotel-system")
    desk.run_jobs()
    kept, served = desk.register(), desk.served("hotel-system")
    served.mode = "dead"
    run = desk.pull("hotel-system")
    waited = []
    while run["state"] == "fetching":
        assert desk.ask("POST", "/v1/sources/hotel-system/runs", json={}).status_code == 409
        waited.append(run["next_try_at"])
        desk.run_jobs()
        assert desk.last_run("hotel-system") == run  # not before its time
        clock.move(seconds=30 * 2 ** (len(waited) - 1))
        desk.run_jobs()
        run = desk.last_run("hotel-system")
    assert waited == ["2026-11-02T01:00:30Z", "2026-11-02T01:01:30Z", "2026-11-02T01:03:30Z"]
    assert (run["state"], run["failure"], desk.alarms("hotel-system")) == (
        "failed",
        "source-no-answer",
        ["dead"],
    )
    assert run["message"] == "来源没有答复：答复不完整或不合 HTTP 规范。请核对地址，或请来源单位查看其系统。"
    assert desk.register() == kept

    served.mode = "busy"  # it asks to be left alone for two minutes
    assert desk.pull("hotel-system")["next_try_at"] == "2026-11-02T01:05:30Z"
    served.mode = "down"
    clock.move(seconds=120)
    desk.run_jobs()
    assert desk.last_run("hotel-system")["attempts"] == 2
    served.mode = "well"
    clock.move(seconds=60)
    desk.run_jobs()
    assert desk.last_run("hotel-system")["state"] == "done"
    assert desk.alarms("hotel-system") == []

    # however often it may be asked again, a run has a deadline
    desk.enter("fire-system", limits={"retries": 20, "retry_after_s": 3600, "deadline_min": 90})
    desk.served("fire-system").mode = "down"
    desk.run_jobs()
    for _ in range(2):
        clock.move(hours=1)
        desk.run_jobs()
    run = desk.last_run("fire-system")
    assert (run["state"], run["failure"]) == ("failed", "source-deadline")
    assert desk.alarms("fire-system") == ["dead"]


def test_a_shrink_that_is_real_is_accepted_by_a_person_with_a_reason(desk: SourcesDesk) -> None:
    """Then what vanished is not seen."""
    desk.enter("hotel-system")
    desk.run_jobs()
    desk.served("hotel-system").removed |= {f"HO{n}" for n in range(1, 7)}
    assert desk.pull("hotel-system")["failure"] == "source-shrunk"
    vague = desk.ask("POST", "/v1/sources/hotel-system/runs", json={"accept_shrink": True})
    assert (vague.status_code, vague.json()["type"]) == (409, "/problems/source-shrink-needs-reason")
    run = desk.pull("hotel-system", accept_shrink=True, reason="来源单位清理了重复记录")
    assert counts(run) == (0, 0, 6, 0, 6)
    assert desk.get("/v1/sources/hotel-system")["good_rows"] == 6


def test_a_trial_lands_nothing_and_tells_what_is_wrong_with_which_record(desk: SourcesDesk) -> None:
    """The log of rows, in the caller's language; a trial raises no alarm and is no good state."""
    served = desk.served("hotel-system")
    served.changed["HO2"] = {"zadj": "四级", "xkzyxq": "2028.06.30"}
    served.changed["HO3"] = {"tyshxydm": "91410928MA00000000"}
    desk.enter("hotel-system", schedule={"daily_at": "02:10"})
    desk.run_jobs()
    assert counts(desk.last_run("hotel-system")) == (10, 0, 0, 2, 0)
    run = desk.pull("hotel-system", trial=True)
    assert (run["state"], run["trial"], counts(run)) == ("done", True, (0, 0, 0, 2, 0))
    told = [(note["row"], note["source_key"], note["field"], note["code"]) for note in run["notes"]]
    assert told == [
        (2, "HO2", "level", "unknown-source-value"),
        (2, "HO2", "licence_to", "bad-source-date"),
        (3, "HO3", "uscc", "bad-uscc"),
    ]
    assert "四级" in run["notes"][0]["message"]
    where = f"/v1/sources/hotel-system/runs/{run['id']}"
    english = desk.get(where, headers={"Accept-Language": "en"})
    assert "四级" in english["notes"][0]["message"]
    assert "values" in english["notes"][0]["message"]
    served.mode = "wrong"
    assert desk.pull("hotel-system", trial=True)["alarm"] is False
    assert desk.alarms("hotel-system") == []

    # refused records are tried again in every run: the source is never told that its answer is known
    served.mode = "well"
    served.changed.clear()
    assert counts(desk.pull("hotel-system")) == (2, 0, 10, 0, 0)
    assert desk.pull("hotel-system")["not_modified"]


def test_pages_that_move_while_they_are_read_make_nobody_vanish(desk: SourcesDesk) -> None:
    """A hotel is taken out after the first page: the next one slips to a page that was read already."""
    desk.enter("hotel-system", paging={"size": 5}, answer={"validators": False})
    desk.run_jobs()
    served = desk.served("hotel-system")

    class Meanwhile(list[str]):
        def append(self, path: str) -> None:
            super().append(path)
            served.removed.add("HO1")

    served.asked = Meanwhile()
    run = desk.pull("hotel-system")
    assert (run["rows"], run["total"], run["unsteady"], run["not_seen"]) == (11, 11, True, 0)
    assert [note["code"] for note in run["notes"]] == ["unsteady-source"]
    assert counts(desk.pull("hotel-system")) == (0, 0, 11, 0, 1)  # only who is really gone


def test_runs_follow_the_schedule_one_at_a_time_and_an_overdue_source_is_an_alarm(
    desk: SourcesDesk, clock: Clock
) -> None:
    """Daily at 02:10 in Shanghai; three hours of grace."""
    made = desk.enter("hotel-system", schedule={"daily_at": "02:10", "overdue_min": 180})
    assert (made["due_at"], made["overdue_at"]) == ("2026-11-02T01:00:00Z", "2026-11-02T21:10:00Z")
    desk.run_jobs()
    source = desk.get("/v1/sources/hotel-system")
    assert source["due_at"] == "2026-11-02T18:10:00Z"
    clock.move(hours=17)
    desk.run_jobs()
    assert len(desk.get("/v1/sources/hotel-system/runs")["items"]) == 1
    clock.move(minutes=10)
    desk.run_jobs()
    log = desk.get("/v1/sources/hotel-system/runs", as_="auditor")["items"]
    assert [(run["asked_by"], run["state"]) for run in log] == [("schedule", "done")] * 2
    assert desk.get("/v1/sources/hotel-system")["overdue_at"] == "2026-11-03T21:10:00Z"

    desk.served("hotel-system").mode = "down"
    clock.move(days=1)
    desk.run_jobs()
    assert desk.alarms("hotel-system") == []  # it is still being tried
    clock.move(hours=3, minutes=1)
    desk.run_jobs()
    assert "overdue" in desk.alarms("hotel-system")
    raised = desk.get("/v1/source-alarms?standing=true")["items"]
    desk.run_jobs()
    assert desk.get("/v1/source-alarms?standing=true")["items"] == raised  # once

    etag = desk.ask("GET", "/v1/sources/hotel-system").headers["etag"]
    paused = desk.ask(
        "PATCH", "/v1/sources/hotel-system", json={"state": "paused"}, headers={"If-Match": etag}
    )
    assert paused.json()["state"] == "paused"
    before = len(desk.get("/v1/sources/hotel-system/runs?limit=200")["items"])
    clock.move(days=3)
    desk.run_jobs()
    assert len(desk.get("/v1/sources/hotel-system/runs?limit=200")["items"]) == before
    desk.served("hotel-system").mode = "well"
    assert desk.pull("hotel-system")["state"] == "done"  # a person may
    assert desk.alarms("hotel-system") == []


def test_lists_of_the_market_regulator_become_risk_events(
    desk_at: Callable[[SourceServer], SourcesDesk],
) -> None:
    """Rows of another register land by their natural keys; of premises that are not known yet, later."""
    county = make_county(seed=5, entities=110, today=date(2026, 11, 1))
    event = next(one for one in county.risk_events if one.kind == "abnormal")
    other = replace(event, entity=uscc(77), source_no="示例〔2026〕9号")
    owner = hotel(1, uscc=event.entity.partition("#")[0])
    desk = desk_at(server_of([owner], [replace(event, entity=owner.entity_id), other]))
    desk.enter("hotel-system")
    desk.run_jobs()
    desk.enter("market-lists")
    desk.run_jobs()
    run = desk.last_run("market-lists")
    assert (counts(run), [note["code"] for note in run["notes"]]) == ((1, 0, 0, 1, 0), ["unknown-entity"])
    [kept] = desk.get(f"/v1/entities/{owner.entity_id}/risk-events")["items"]
    assert (kept["kind"], kept["source_no"]) == ("abnormal", event.source_no)

    desk.served("hotel-system").added.append(
        {**desk.served("hotel-system").system.records[0], "lgbm": "HO77", "tyshxydm": uscc(77)}
    )
    desk.pull("hotel-system")
    served = desk.served("market-lists")
    served.removed.add(event.source_no or "")
    run = desk.pull("market-lists", accept_shrink=True, reason="已移出名录")
    assert counts(run) == (1, 0, 0, 0, 1)
    [kept] = desk.get(f"/v1/entities/{owner.entity_id}/risk-events")["items"]
    assert kept["not_seen_since"] is not None
