"""Duties over HTTP: as they stand, met, missed, unreachable; the registrar; merged visits; the burden."""

import json
from typing import Any

from tests.api.journey import PLAN, Journey, entity_rows, inspector_rows, made_up_uscc
from tests.conftest import REGION, Clock

THREE: dict[str, object] = {
    "name": "three",
    "match": {"regime": "entertainment", "level": 3},
    "rate": [1, 1],
    "min": 0,
    "surprise": 0,
}
ALL_OF_LEVEL_3 = {
    "strata": [THREE],
    "scope": {"regimes": ["entertainment"], "levels": [3], "stations": []},
}


def level_3(*numbers: int) -> list[dict[str, object]]:
    """Rows of venues of level 3, registered long ago."""
    return [
        {**row, "level": 3, "registered_on": "2019-05-01"} for n in numbers for row in entity_rows(1, start=n)
    ]


def county(journey: Journey, *rows: dict[str, object]) -> None:
    """Load these entities and eight officers."""
    assert journey.load("entities", rows)["result"]["created"] == len(rows)
    assert journey.settled("inspectors", inspector_rows(8))["result"]["created"] == 8


def duties(journey: Journey, who: str = "planner", **query: Any) -> list[dict[str, Any]]:
    """Every page of the list of duties."""
    found: list[dict[str, Any]] = []
    path = "/v1/duties"
    while path:
        answer = journey.call(who, "GET", path, params=query if path == "/v1/duties" else None)
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        path = answer.links["next"]["url"] if "next" in answer.links else ""
    return found


def states(journey: Journey, **query: Any) -> dict[str, tuple[str, int]]:
    """The number of each made-up entity with the state of its duty and what a draw today would owe it."""
    return {
        one["name"].removeprefix("样例场所"): (one["state"], one["draws_left"])
        for one in duties(journey, **query)
    }


def items(journey: Journey, path: str, who: str = "supervisor", **query: Any) -> list[dict[str, Any]]:
    """The items of a list that fits on one page."""
    answer = journey.call(who, "GET", path, params={"limit": 200, **query})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def test_a_duty_is_met_missed_or_out_of_reach_and_every_step_shows(journey: Journey, clock: Clock) -> None:
    """Three venues of level 3 in November: visited, nobody found, gone; one of level 1, never visited."""
    county(journey, *level_3(1, 2, 3), *entity_rows(1, start=30))
    assert [one["level"] for one in duties(journey)] == [3, 3, 3, 1]
    # 4 weekly draws end in November, one is the reserve; 9 in the quarter
    assert states(journey) == {**dict.fromkeys("123", ("open", 3)), "30": ("open", 8)}
    assert states(journey, level=1) == {"30": ("open", 8)}
    assert states(journey, due_before="2026-12-01", limit=2) == dict.fromkeys("123", ("open", 3))
    assert states(journey, item="psb.internet-cafes") == {}
    one = duties(journey, state="open", item="psb.venues")[0]
    assert one["window"] == {"starts_on": "2026-11-01", "ends_on": "2026-11-30", "months": 1}
    assert (one["draws"], one["last_visit"], one["text"]) == (4, None, "待抽查，窗口内抽取次数有余量")

    draw = journey.drawn(**ALL_OF_LEVEL_3)
    # Until the teams are told nobody learns from the duties what was drawn.
    assert states(journey, level=3) == dict.fromkeys("123", ("open", 2))
    clock.move(days=1)
    assert states(journey, level=3) == dict.fromkeys("123", ("visit-open", 0))
    visits = {visit["entity"]: visit for visit in journey.visits(draw["id"])}
    met, nobody, gone = (visits[made_up_uscc(n)] for n in (1, 2, 3))
    journey.go(met)
    journey.submit_clean(met)
    journey.go(gone)
    submit(journey, gone, "12")
    journey.work(journey.team(nobody)[0], nobody, "attempts")
    assert states(journey, level=3) == {"1": ("met", 0), "2": ("visit-open", 0), "3": ("out-of-duty", 0)}
    clock.move(days=1)
    journey.work(journey.team(nobody)[0], nobody, "attempts")
    assert states(journey, level=3)["2"] == ("unreachable", 0)

    cases = {one["entity"]: one for one in items(journey, "/v1/registrar-cases", "registrar", state="open")}
    assert {key: (one["code"], one["ends_duty"]) for key, one in cases.items()} == {
        made_up_uscc(2): ("04", True),
        made_up_uscc(3): ("12", True),
    }
    decide_cases(journey, cases, clock)
    the_year_ends(journey, clock)


def the_year_ends(journey: Journey, clock: Clock) -> None:
    """From 5 November on nobody draws: alarms come, then duties are missed, and one is made up for."""
    clock.move(days=26)
    journey.run_jobs()
    ended = items(journey, "/v1/duties/ended", until="2026-11-30")
    assert [(one["entity"], one["outcome"], one["done_on"]) for one in ended] == [
        (made_up_uscc(1), "met", "2026-11-03")
    ]
    assert items(journey, "/v1/duties/alarms") == []
    clock.move(days=23)
    journey.run_jobs()
    # 24 December, a week before the end of December and of the quarter; November's visit meets November
    alarms = {one["entity"]: one for one in items(journey, "/v1/duties/alarms", short="time")}
    assert {key: one["due_on"] for key, one in alarms.items()} == dict.fromkeys(
        (made_up_uscc(1), made_up_uscc(2), made_up_uscc(30)), "2026-12-31"
    )
    assert "2026-12-31" in alarms[made_up_uscc(2)]["text"]
    clock.move(days=8)
    journey.run_jobs()
    assert items(journey, "/v1/duties/alarms") == []
    over = items(journey, "/v1/duties/alarms", open_only="false")
    assert {one["entity"] for one in over if one["due_on"] == "2026-12-31"} == alarms.keys()
    assert all(one["cleared_at"] for one in over)
    missed = items(journey, "/v1/duties/ended", since="2026-12-01", outcome="missed", item="psb.venues")
    assert [one["entity"] for one in missed] == [made_up_uscc(n) for n in (1, 2, 30)]
    assert states(journey, state="missed") == {"1": ("missed", 1), "2": ("missed", 1), "30": ("missed", 1)}
    line = journey.call("planner", "GET", f"/v1/entities/{made_up_uscc(2)}/tickets?item=psb.venues").json()
    assert line["draws_left"] == 1
    late = {"entity": made_up_uscc(2), "item": "psb.venues", "on": "2027-01-01", "kind": "drawn"}
    journey.load("visits", [{**late, "agency": "psb", "codes": "01"}])
    clock.move(hours=2)
    journey.run_jobs()
    assert [
        (one["entity"], one["done_on"]) for one in items(journey, "/v1/duties/ended", outcome="late")
    ] == [(made_up_uscc(2), "2027-01-01")]
    assert states(journey, level=3)["2"] == ("met", 0)


def submit(journey: Journey, visit: dict[str, Any], code: str) -> None:
    """Submit a record with a code that says why there was nothing to inspect."""
    lead = journey.team(visit)[0]
    record = {
        "client_ref": "tablet-1",
        "revision": 0,
        "answers": [
            {"entry": entry["id"], "reply": "not_checked", "reason": "已停止营业"}
            for entry in visit["checklist"]
        ],
        "signature": {"signed": False, "reason": "现场无人", "witness": "房东"},
        "codes": [code],
    }
    saved = journey.call(lead, "PUT", f"/v1/visits/{visit['id']}/record", json=record)
    assert saved.status_code == 200, saved.text
    submitted = journey.work(lead, visit, "submit")
    assert submitted.status_code == 200, submitted.text


def decide_cases(journey: Journey, cases: dict[str, dict[str, Any]], clock: Clock) -> None:
    """The registrar keeps one, closes the other; a third decision is refused."""
    kept, gone = (cases[made_up_uscc(n)]["id"] for n in (2, 3))
    clock.move(days=1)
    body = {"decision": "keep", "reason": "经核实仍在营业"}
    refused = journey.call("planner", "POST", f"/v1/registrar-cases/{kept}/decide", json=body)
    assert refused.status_code == 403
    assert journey.call("elsewhere", "GET", f"/v1/registrar-cases/{kept}").status_code == 404
    assert (
        journey.call("elsewhere", "POST", f"/v1/registrar-cases/{kept}/decide", json=body).status_code == 404
    )
    decided = journey.call("registrar", "POST", f"/v1/registrar-cases/{kept}/decide", json=body)
    assert (decided.status_code, decided.json()["decision"]) == (200, "keep"), decided.text
    again = journey.call("registrar", "POST", f"/v1/registrar-cases/{kept}/decide", json=body)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/wrong-state")
    # kept on 5 November: reopened, so its first window is December
    assert states(journey, level=3)["2"] == ("not-yet", 0)
    closed = journey.call(
        "registrar",
        "POST",
        f"/v1/registrar-cases/{gone}/decide",
        json={"decision": "closed", "reason": "已注销登记"},
    )
    assert closed.json()["state"] == "decided", closed.text
    registration = journey.call(
        "registrar", "GET", f"/v1/entities/{made_up_uscc(3)}/registrations/entertainment"
    ).json()
    assert registration["status"] == "closed"
    assert "3" not in states(journey)
    assert journey.call("registrar", "GET", f"/v1/registrar-cases/{gone}").json()["code"] == "12"
    assert items(journey, "/v1/registrar-cases", "registrar", state="open") == []


BOTH = {"level": 3, "registered_on": "2019-05-01"}
SPECIAL = {"item": "psb.special-industry", "scope": {"regimes": [], "levels": [], "stations": []}}
ALL_SPECIAL = [
    {"name": "all", "match": {"regime": "special_industry"}, "rate": [1, 1], "min": 0, "surprise": 0}
]


def test_the_reserve_serves_what_nobody_visited_before_anything_is_revealed(
    journey: Journey, clock: Clock
) -> None:
    """«one draw stays in reserve for visits that fail»: the record of the first may wait until December."""
    county(journey, *level_3(1, 2, 3))
    draw = journey.drawn(**ALL_OF_LEVEL_3, visit_to="2026-11-08")
    clock.move(days=6, hours=14)  # 8 November, 23:00: somebody may still go
    assert states(journey) == dict.fromkeys("123", ("visit-open", 0))
    clock.move(hours=1)
    assert states(journey) == dict.fromkeys("123", ("open", 2))
    assert {visit["state"] for visit in journey.visits(draw["id"])} == {"planned"}
    clock.move(days=12)
    days = {"period": "2026-11.4", "visit_from": "2026-11-23", "visit_to": "2026-11-30"}
    reserve = journey.drawn(**{**ALL_OF_LEVEL_3, "strata": [{**THREE, "rate": [1, 20]}]}, **days)
    drawn = {visit["entity"] for visit in journey.visits(reserve["id"])}
    assert drawn == {made_up_uscc(n) for n in (1, 2, 3)}


def test_one_visit_carries_what_is_due_and_the_other_draw_leaves_it_out(
    journey: Journey, clock: Clock
) -> None:
    """综合查一次: a KTV in a hotel, both of level 3: one visit in November meets both duties."""
    hotel = {**entity_rows(1, regime="special_industry")[0], **BOTH}
    county(journey, {**entity_rows(1)[0], **BOTH}, hotel, *level_3(2))
    draw = journey.drawn(**ALL_OF_LEVEL_3)
    carried = {visit["entity"]: visit for visit in journey.visits(draw["id"])}
    merged = carried[made_up_uscc(1)]
    assert merged["items"] == ["psb.venues", "psb.special-industry"]
    assert carried[made_up_uscc(2)]["items"] == ["psb.venues"]
    assert sorted(merged["regimes"]) == ["entertainment", "special_industry"]
    assert {entry["item"] for entry in merged["checklist"]} == set(merged["items"])
    hotel_line = f"/v1/entities/{made_up_uscc(1)}/tickets?item=psb.special-industry"
    line = journey.call("planner", "GET", hotel_line).json()
    assert (line["note"], line["draws_left"] > 0) == (None, True), "nothing is told before the disclosure"

    other = {**SPECIAL, "strata": ALL_SPECIAL, "period": "2026-11.1"}
    assert journey.drawn(**other)["drawn"] == 0
    clock.move(days=1)
    line = journey.call("planner", "GET", hotel_line).json()
    assert (line["tickets"], line["note"], line["draws_left"]) == (0, "merged", 0)
    assert "综合查一次" in line["lines"][-1]["text"]
    journey.go(merged)
    journey.submit_clean(merged)
    assert states(journey, item="psb.special-industry") == {"1": ("met", 0)}
    assert states(journey, item="psb.venues") == {"1": ("met", 0), "2": ("visit-open", 0)}
    burden = items(journey, "/v1/reports/visits-per-entity", year=2026)
    assert [(one["entity"], one["agency"], one["visits"], one["counted"], one["cap"]) for one in burden] == [
        (made_up_uscc(1), "psb", 1, 1, None)
    ]


CAP = {
    "annual_cap": {
        "visits": 4,
        "published": True,
        "document_no": "濮县司法〔2026〕12号",
        "basis": "国办发〔2024〕54号；濮县司法〔2026〕12号",
    }
}


def capped(journey: Journey, clock: Clock) -> None:
    """Four visits a year and agency, in force from tomorrow, which is today then."""
    base = journey.call("planner", "GET", "/v1/policies/in-force", params={"region": REGION}).json()
    asked = {"based_on": base["digests"]["sha256"], "changes": {"zero_tickets": CAP}, "region": REGION}
    made = journey.call(
        "planner",
        "POST",
        "/v1/policies",
        json={**asked, "reason": "本县公布了年度检查频次上限", "valid_from": "2026-11-03"},
    )
    assert made.status_code == 201, made.text
    policy = made.json()["id"]
    assert journey.call("approver", "POST", f"/v1/policies/{policy}/approve", json={}).status_code == 200
    clock.move(days=1)


def past_visits(*ends: tuple[int, str]) -> list[dict[str, object]]:
    """Rows of drawn visits of this year: of which entity, and when."""
    visited = {"item": "psb.venues", "kind": "drawn", "agency": "psb", "codes": "01"}
    return [{"entity": made_up_uscc(n), "on": on, **visited} for n, on in ends]


def test_a_duty_that_the_cap_makes_impossible_is_decided_before_approval(
    journey: Journey, clock: Clock
) -> None:
    """Four visits a year: 12 a year are impossible for level 3; a venue of level 1 has used up its own."""
    capped(journey, clock)
    graded = [{**row, "registered_on": "2019-05-01"} for row in entity_rows(3)]
    county(journey, *({**row, "level": level} for row, level in zip(graded, (3, 1, 1), strict=True)))
    quarter = [(2, f"2026-0{n}-10") for n in (1, 4, 7, 8)]
    month = [(1, f"2026-{n:02}-10") for n in (1, 2, 3, 10)]
    journey.load("visits", past_visits(*quarter, *month, (3, "2026-09-10")))
    plan = journey.call("planner", "POST", "/v1/draw-plans", json={**PLAN, "visit_from": "2026-11-04"}).json()
    path = f"/v1/draw-plans/{plan['id']}"
    found = journey.call("approver", "GET", f"{path}/collisions").json()
    assert (found["year"], found["undecided"], found["decisions"]) == (2026, 2, [])
    assert [(one["subject"], one["used"], one["needed"], one["yields"]) for one in found["items"]] == [
        ("class:entertainment-3", 0, 12, None),
        (f"entity:{made_up_uscc(2)}", 4, 1, None),
    ]
    refused = journey.call("approver", "POST", f"{path}/approve", json={})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/collisions-undecided")
    assert len(refused.json()["errors"]) == 2
    decide(journey, path)
    ahead = journey.call("planner", "GET", f"{path}/preflight").json()
    # levels 1, 1 and 3 in the journey's strata; venue 2 is in the base, not drawable
    assert [(one["size"], one["drawable"], one["cover"]) for one in ahead["by_stratum"]] == [
        (2, 1, 1),
        (1, 1, 1),
    ]
    assert journey.call("approver", "POST", f"{path}/approve", json={}).status_code == 200
    assert states(journey)["2"] == ("yields-to-cap", 0)
    over = items(journey, "/v1/reports/visits-per-entity", year=2026, agency="psb")
    assert [(one["entity"], one["counted"], one["cap"], one["over"]) for one in over] == [
        (made_up_uscc(1), 4, 4, False),
        (made_up_uscc(2), 4, 4, False),
        (made_up_uscc(3), 1, 4, False),
    ]
    report(journey)


def decide(journey: Journey, path: str) -> None:
    """The cap yields to level 3, the duty of the single venue to the cap; not by whoever drafted."""
    why = {"why": "三级场所治安风险高", "basis": "实施方案三（一）"}
    body = {"subjects": ["class:entertainment-3"], "yields": "cap", **why}
    assert journey.call("planner", "POST", f"{path}/collisions/decide", json=body).status_code == 403
    unknown = journey.call(
        "approver", "POST", f"{path}/collisions/decide", json={**body, "subjects": ["entity:nobody"]}
    )
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "/subjects/0")
    once = journey.call("approver", "POST", f"{path}/collisions/decide", json=body)
    assert (once.status_code, once.json()["undecided"]) == (200, 1), once.text
    own = {"subjects": [f"entity:{made_up_uscc(2)}"], "yields": "duty", **why}
    both = journey.call("approver", "POST", f"{path}/collisions/decide", json=own).json()
    assert [(one["yields"], one["decided_by_name"]) for one in both["decisions"]] == [
        ("cap", "approver"),
        ("duty", "approver"),
    ]
    assert [one["yields"] for one in both["items"]] == ["cap", "duty"]


def report(journey: Journey) -> None:
    """The report of visits per entity page by page, and as a file in each format."""
    first = journey.call("supervisor", "GET", "/v1/reports/visits-per-entity?year=2026&limit=2")
    assert len(first.json()["items"]) == 2
    last = journey.call("supervisor", "GET", first.links["next"]["url"]).json()
    assert [one["entity"] for one in last["items"]] == [made_up_uscc(3)]
    csv = journey.call("supervisor", "GET", "/v1/exports/visits-per-entity.csv?year=2026")
    lines = csv.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith(
        "检查对象,名称,行政区划,派出所,部门,年度,检查次数,计入上限次数,年度上限,双随机"
    )
    assert lines[1].startswith(f"{made_up_uscc(1)},样例场所1,{REGION},101,psb,2026,4,4,4,4,")
    assert len(lines) == 4
    ndjson = journey.call("supervisor", "GET", "/v1/exports/visits-per-entity.ndjson?year=2026&headers=en")
    assert json.loads(ndjson.text.splitlines()[0])["counted"] == 4
    xlsx = journey.call("supervisor", "GET", "/v1/exports/visits-per-entity.xlsx?year=2025")
    assert xlsx.content.startswith(b"PK")
    assert journey.call("registrar", "GET", "/v1/reports/visits-per-entity?year=2026").status_code == 403


def test_alarms_name_what_is_short_and_clear_when_it_is_there(journey: Journey, clock: Clock) -> None:
    """No inspector for the station, then one without a level; both are over once they are mended."""
    journey.load("inspectors", [{**row, "districts": f"{REGION}999"} for row in inspector_rows(8)])
    assert journey.load("entities", level_3(1))["result"]["created"] == 1
    clock.move(hours=2)
    journey.run_jobs()
    [alarm] = items(journey, "/v1/duties/alarms")
    assert (alarm["short"], alarm["tag"], alarm["due_on"]) == (
        "no-inspectors",
        f"district:{REGION}101",
        "2026-11-30",
    )
    assert f"district:{REGION}101" in alarm["text"]
    clock.move(days=1)
    journey.load("inspectors", inspector_rows(8))
    journey.load("entities", [{**level_3(1)[0], "level": ""}])
    clock.move(hours=2)
    journey.run_jobs()
    # the level was taken away: November is finished first, so its duty stands, with inspectors now
    assert items(journey, "/v1/duties/alarms") == []
    clock.move(days=30)
    journey.run_jobs()
    [alarm] = items(journey, "/v1/duties/alarms", item="psb.venues")
    assert (alarm["short"], alarm["level"], alarm["due_on"]) == ("level-missing", None, "2026-12-31")
    missed = items(journey, "/v1/duties/ended", outcome="missed", count="true")
    assert [one["window_to"] for one in missed] == ["2026-11-30"]
    journey.load("entities", level_3(1))
    clock.move(hours=2)
    journey.run_jobs()
    assert [one["cleared_at"] for one in items(journey, "/v1/duties/alarms")] == []
    assert states(journey) == {"1": ("missed", 1)}
