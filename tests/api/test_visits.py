"""Visits over HTTP: who knows what when, the door, check-in, attempts, visits without a draw."""

import threading
from datetime import datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from app.adapters.request_rates import RequestRates
from app.deps import House
from app.domain.access import ACTS, Role
from app.domain.fieldwork.visit import ASKED_FOR, Kind
from app.schemas.visits import RequestVisit
from app.store.tables.access import AuditEvent, KeptAnswer
from app.store.tables.fieldwork import CheckIn, Visit, VisitAttempt, VisitCode, VisitOfficer
from tests.api.journey import PLAN, Journey, inspector_rows, made_up_uscc
from tests.conftest import Clock

SEALED = {
    *("id", "state", "disclosed", "item", "visit_from", "visit_to", "visit_on", "disclose_at", "team_size")
}
COMPLAINT: dict[str, Any] = {
    "kind": "complaint",
    "entity": made_up_uscc(1),
    "item": "psb.venues",
    "reason": "群众举报",
    "visit_from": "2026-11-03",
    "visit_to": "2026-11-05",
    "inspectors": ["psb-001", "psb-002"],
}


@pytest.fixture
def visit(journey: Journey) -> dict[str, Any]:
    """The first visit of a draw, as the dispatcher sees it on the day before the window."""
    journey.registers()
    return journey.visits(journey.drawn()["id"])[0]


def events(house: House, act: str) -> list[str]:
    """What was logged of an act."""
    with house.database.reading() as connection:
        return list(connection.scalars(select(AuditEvent.subject).where(AuditEvent.act == act)))  # type: ignore[call-overload]  # a column of a table class


def test_a_draw_opens_one_visit_for_each_drawn_premises_with_its_dealt_team(journey: Journey) -> None:
    """Issue 3, Visits: team, items, checklist snapshot and version, window, disclosure time."""
    journey.registers()
    draw = journey.drawn()
    visits = journey.visits(draw["id"])
    selection = journey.call("dispatcher", "GET", f"/v1/draws/{draw['id']}/selection").json()["items"]
    teams = journey.call("dispatcher", "GET", f"/v1/draws/{draw['id']}/teams").json()["items"]
    assert [visit["entity"] for visit in visits] == [row["id"] for row in selection]
    assert [visit["seq_in_draw"] for visit in visits] == list(range(1, len(selection) + 1))
    for visit in visits:
        seats = {seat["slot"]: seat["inspector"] for seat in teams if seat["entity"] == visit["entity"]}
        assert {officer["slot"]: officer["inspector"] for officer in visit["team"]} == seats
        assert (visit["kind"], visit["state"], visit["period"]) == ("drawn", "planned", "2026-11.1")
        assert (visit["item"], visit["item_version"], len(visit["checklist"])) == ("psb.venues", 1, 8)
        assert visit["regimes"] == ["entertainment"]
        assert (visit["visit_from"], visit["visit_to"]) == ("2026-11-03", "2026-11-10")
        assert visit["disclose_at"] == "2026-11-02T22:00:00Z"


def test_an_infeasible_draw_opens_no_visits(journey: Journey) -> None:
    """Only premises whose team is complete are visited."""
    journey.registers(inspectors=6, cap=1)
    assert journey.visits(journey.drawn()["id"]) == []


def test_before_the_disclosure_the_team_knows_only_that_it_has_a_visit(
    journey: Journey, visit: dict[str, Any], clock: Clock
) -> None:
    """Clause B8: inspectors learn targets late; nobody else but the dispatcher learns anything."""
    lead, *_ = journey.team(visit)
    path = f"/v1/visits/{visit['id']}"
    assert set(journey.call(lead, "GET", path).json()) == SEALED
    listed = journey.call(lead, "GET", "/v1/visits").json()["items"]
    assert visit["id"] in {one["id"] for one in listed}
    assert all(set(one) == SEALED for one in listed)
    asked = journey.call(lead, "GET", "/v1/visits", params={"entity": visit["entity"]}).json()["items"]
    assert asked == []
    for who in ("supervisor", "reviewer", "approver", "auditor", "planner"):
        assert journey.call(who, "GET", path).status_code == 404, who
        assert journey.call(who, "GET", "/v1/visits").json()["items"] == [], who
    assert journey.work(lead, visit, "check-in").status_code == 404
    assert journey.work(lead, visit, "code").status_code == 404
    clock.move(hours=20, minutes=59)
    assert set(journey.call(lead, "GET", path).json()) == SEALED
    clock.move(minutes=1)
    assert journey.call(lead, "GET", path).json()["entity"] == visit["entity"]
    for who in ("supervisor", "reviewer", "approver", "auditor"):
        assert journey.call(who, "GET", path).json()["entity"] == visit["entity"], who
    assert journey.call("planner", "GET", path).status_code == 404


def test_an_inspector_sees_own_visits_only(journey: Journey, visit: dict[str, Any], clock: Clock) -> None:
    """Spec/api.md, roles: own visits only; a key that names no officer has none."""
    clock.move(days=1)
    stranger = journey.officer("psb-999")
    for who in (stranger, "inspector"):
        assert journey.call(who, "GET", "/v1/visits").json()["items"] == []
        assert journey.call(who, "GET", f"/v1/visits/{visit['id']}").status_code == 404
        for step in ("check-in", "check-out", "attempts", "code"):
            assert journey.work(who, visit, step).status_code == 404, step
    lead = journey.team(visit)[0]
    for one in journey.call(lead, "GET", "/v1/visits").json()["items"]:
        assert lead in {officer["inspector"] for officer in one["team"]}


def test_each_view_of_a_visit_is_logged(journey: Journey, visit: dict[str, Any], house: House) -> None:
    """Issue 3: each view is logged; a dispatcher's list counts as a view of what it shows early."""
    assert events(house, "visits.list") == ["visits"]
    journey.call("dispatcher", "GET", f"/v1/visits/{visit['id']}")
    assert events(house, "visits.read") == [visit["id"]]


def test_the_team_picks_the_day_without_knowing_where(
    journey: Journey, visit: dict[str, Any], clock: Clock
) -> None:
    """The target then shows on that day, from the hour picked."""
    lead, second = journey.team(visit)
    picked = journey.work(lead, visit, "schedule", visit_on="2026-11-05", disclose_from="20:00")
    assert set(picked.json()) == SEALED
    assert picked.json()["disclose_at"] == "2026-11-05T12:00:00Z"
    assert journey.work(second, visit, "schedule", visit_on="2026-11-11").status_code == 409
    clock.move(days=3, hours=10)  # 5 November, 19:00
    assert journey.work(lead, visit, "check-in").status_code == 404
    clock.move(hours=1)
    late = journey.work(lead, visit, "schedule", visit_on="2026-11-06").json()
    assert (late["visit_on"], late["disclose_at"]) == ("2026-11-06", "2026-11-05T12:00:00Z")
    assert journey.work(lead, visit, "check-in").status_code == 200


def test_a_plan_says_from_which_hour_targets_show(journey: Journey, clock: Clock) -> None:
    """Disclosure time, per plan; a team that picks a day without an hour keeps the plan's."""
    journey.registers()
    zoned = {**PLAN, "disclose_from": "19:30Z"}
    refused = journey.call("planner", "POST", "/v1/draw-plans", json=zoned)
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [
        ("/disclose_from", "hour-with-zone")
    ]
    visit = journey.visits(journey.drawn(disclose_from="19:30")["id"])[0]
    assert visit["disclose_at"] == "2026-11-03T11:30:00Z"
    lead = journey.team(visit)[0]
    bad = journey.work(lead, visit, "schedule", visit_on="2026-11-05", disclose_from="20:00+08:00")
    assert bad.status_code == 422
    picked = journey.work(lead, visit, "schedule", visit_on="2026-11-05").json()
    assert picked["disclose_at"] == "2026-11-05T11:30:00Z"
    own = journey.work(lead, visit, "schedule", visit_on="2026-11-06", disclose_from="08:00").json()
    assert own["disclose_at"] == "2026-11-06T00:00:00Z"
    assert (
        journey.work(lead, visit, "schedule", visit_on="2026-11-07")
        .json()["disclose_at"]
        .endswith("T00:00:00Z")
    )
    clock.move(days=4)
    assert journey.call(lead, "GET", f"/v1/visits/{visit['id']}").json()["disclosed"] is False


def test_two_officers_each_with_their_own_key_check_in_and_out(
    journey: Journey, visit: dict[str, Any], clock: Clock
) -> None:
    """Issue 3, At the door: check-in and check-out by two officers."""
    clock.move(days=1)
    lead, second = journey.team(visit)
    assert journey.work(lead, visit, "check-in").json()["state"] == "planned"
    again = journey.work(lead, visit, "check-in")
    assert again.json()["type"] == "/problems/already-checked-in"
    assert journey.work(lead, visit, "check-out").status_code == 409
    clock.move(minutes=1)
    assert journey.work(second, visit, "check-in").json()["state"] == "checked_in"
    assert journey.work(second, visit, "attempts").status_code == 409
    clock.move(hours=2)
    assert journey.work(second, visit, "check-out").json()["state"] == "checked_in"
    over = journey.work(lead, visit, "check-out").json()
    assert (over["state"], over["ended_on"]) == ("checked_out", "2026-11-03")
    assert [one["inspector"] for one in over["check_ins"]] == [lead, second]
    assert over["checked_in_at"] == "2026-11-03T01:01:00Z"


def test_a_step_that_is_sent_again_gets_the_same_answer(
    journey: Journey, visit: dict[str, Any], clock: Clock
) -> None:
    """Spec/api.md, Retry: a client that lost the answer loses nothing."""
    clock.move(days=1)
    lead = journey.team(visit)[0]
    key = {"Idempotency-Key": "check-in-once"}
    path = f"/v1/visits/{visit['id']}/check-in"
    first = journey.call(lead, "POST", path, json={}, headers=key)
    again = journey.call(lead, "POST", path, json={}, headers=key)
    assert (again.status_code, again.content) == (200, first.content)


def test_two_attempts_on_different_days_make_the_visit_unreachable(
    journey: Journey, visit: dict[str, Any], clock: Clock
) -> None:
    """Mission/rules.md: code 04, reported apart."""
    clock.move(days=1)
    lead, second = journey.team(visit)
    assert journey.work(lead, visit, "attempts").json()["state"] == "planned"
    assert journey.work(second, visit, "attempts").json()["type"] == "/problems/already-attempted"
    clock.move(days=1)
    over = journey.work(second, visit, "attempts").json()
    assert (over["state"], over["codes"], over["ended_on"]) == ("unreachable", ["04"], "2026-11-04")
    assert [one["on"] for one in over["attempts"]] == ["2026-11-03", "2026-11-04"]
    assert journey.work(lead, visit, "check-in").json()["type"] == "/problems/wrong-state"


def test_a_code_tells_the_premises_who_may_come_and_nothing_more(
    journey: Journey, visit: dict[str, Any], clock: Clock, house: House
) -> None:
    """扫码入企: genuine, who, for what, when; only its digest is stored, no kept answer has it."""
    clock.move(days=1)
    lead, _ = journey.team(visit)
    given = journey.work(lead, visit, "code")
    assert given.status_code == 201
    code = given.json()["code"]
    assert given.json()["address"] == f"http://testserver/verify/{code}"
    found = journey.call(None, "GET", f"/v1/public/verify-visit/{code.lower()}")
    assert found.json() == {
        "genuine": True,
        "agency": "psb",
        "officer_count": 2,
        "officers": [
            {name: officer[name] for name in ("name", "certificate_no", "agency")}
            for officer in visit["team"]
        ],
        "item": "psb.venues",
        "item_name": {"zh": "娱乐场所治安检查", "en": "Security of entertainment venues"},
        "on": "2026-11-03",
        "valid_to": "2026-11-03T16:00:00Z",
    }
    with house.database.reading() as connection:
        kept = [str(row) for table in (VisitCode, KeptAnswer) for row in connection.execute(select(table))]
    assert not any(code in text or code.replace("-", "") in text for text in kept)
    page = journey.call(None, "GET", f"/verify/{code}")
    assert page.status_code == 200
    assert visit["team"][0]["certificate_no"] in page.text
    assert visit["entity_name"] not in page.text


def test_a_wrong_code_an_old_one_and_one_of_yesterday_get_the_same_answer(
    journey: Journey, visit: dict[str, Any], clock: Clock
) -> None:
    """Valid only in its time; nothing tells a guesser how close he was."""
    clock.move(days=1)
    lead, second = journey.team(visit)
    replaced = journey.work(lead, visit, "code").json()["code"]
    current = journey.work(second, visit, "code").json()["code"]
    clock.move(hours=14, minutes=59)
    assert journey.call(None, "GET", f"/v1/public/verify-visit/{current}").status_code == 200
    clock.move(minutes=1)
    answers = []
    for code in (current, replaced, "2345-6789", "nonsense", "检查码"):
        answer = journey.call(None, "GET", f"/v1/public/verify-visit/{code}")
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/no-such-code")
        answers.append({**answer.json(), "instance": None})
        assert journey.call(None, "GET", f"/verify/{code}").status_code == 404
    assert all(answer == answers[0] for answer in answers)


def test_a_code_ends_with_its_visit(journey: Journey, visit: dict[str, Any], clock: Clock) -> None:
    """Nobody comes after the check-out."""
    clock.move(days=1)
    code = journey.work(journey.team(visit)[0], visit, "code").json()["code"]
    journey.go(visit)
    assert journey.call(None, "GET", f"/v1/public/verify-visit/{code}").status_code == 404


def test_whoever_asks_too_often_is_told_when_to_come_back(client: TestClient, house: House) -> None:
    """Spec/api.md, Limits: RateLimit headers, and Retry-After on 429."""
    limit = house.settings.door_per_client
    house.door = RequestRates(house.settings.door_window_s, limit, 1000, clock=lambda: 0.0)
    answers = [client.get("/v1/public/verify-visit/23456789") for _ in range(limit + 1)]
    assert [answer.status_code for answer in answers] == [404] * limit + [429]
    refused = answers[-1]
    assert refused.json()["type"] == "/problems/too-many-questions"
    assert 1 <= int(refused.headers["Retry-After"]) <= house.settings.door_window_s
    assert refused.headers["RateLimit"].startswith('"door";r=0;t=')


def test_the_form_leads_to_the_answer(client: TestClient) -> None:
    """A page that works without scripts."""
    assert "检查码" in client.get("/verify").text
    asked = client.get("/verify", params={"code": "2345-6789"}, follow_redirects=False)
    assert (asked.status_code, asked.headers["location"]) == (303, "/verify/2345-6789")


def request(journey: Journey, **changes: Any) -> dict[str, Any]:
    """A visit that the planner asked for."""
    answer = journey.call("planner", "POST", "/v1/visits", json={**COMPLAINT, **changes})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_a_visit_of_another_kind_needs_another_person_s_approval_first(
    journey: Journey, clock: Clock
) -> None:
    """Issue 3: entered with prior approval."""
    journey.registers()
    asked = request(journey)
    assert (asked["state"], asked["kind"], asked["draw"]) == ("requested", "complaint", None)
    lead = journey.team(asked)[0]
    clock.move(days=1)
    assert journey.work(lead, asked, "check-in").status_code == 404
    assert journey.work("planner", asked, "approve").status_code == 403
    approved = journey.work("approver", asked, "approve")
    assert (approved.status_code, approved.json()["state"]) == (200, "planned")
    assert journey.work("approver-2", asked, "approve").json()["type"] == "/problems/wrong-state"
    journey.go(asked)


def test_a_refused_visit_never_takes_place(journey: Journey, clock: Clock) -> None:
    """Refused for a reason, and over."""
    journey.registers()
    asked = request(journey, kind="transfer")
    declined = journey.work("approver", asked, "decline", reason="线索不足")
    assert declined.json()["state"] == "cancelled"
    clock.move(days=1)
    assert journey.work(journey.team(asked)[0], asked, "check-in").status_code == 409


def test_an_emergency_begins_at_once_and_is_approved_within_a_recorded_time(
    journey: Journey, clock: Clock
) -> None:
    """Issue 3: emergencies afterwards; the time is recorded, late or not."""
    journey.registers()
    asked = request(journey, kind="emergency", visit_from="2026-11-02")
    assert (asked["state"], asked["approve_by"]) == ("planned", "2026-11-03T01:00:00Z")
    journey.go(asked)
    assert journey.work("approver", asked, "decline", reason="不必").json()["type"] == "/problems/wrong-state"
    clock.move(hours=30)
    approved = journey.work("approver", asked, "approve").json()
    assert approved["state"] == "checked_out"
    assert datetime.fromisoformat(approved["approved_at"]) > datetime.fromisoformat(approved["approve_by"])
    assert journey.work("approver-2", asked, "approve").status_code == 409


def test_an_emergency_that_nobody_approves_in_time_is_an_alarm(
    journey: Journey, clock: Clock, house: House
) -> None:
    """Once, kept at the visit, and in a list of its own until it is approved; one called off raises none."""
    journey.registers()
    emergency = {"kind": "emergency", "visit_from": "2026-11-02"}
    asked = request(journey, **emergency)
    off = request(journey, **emergency, entity=made_up_uscc(2))
    assert journey.work("approver", off, "decline", reason="误报").status_code == 200
    request(journey, entity=made_up_uscc(3))

    def overdue() -> list[str]:
        journey.run_jobs()
        found = journey.call("approver", "GET", "/v1/visits", params={"approval_overdue": True}).json()
        return [one["id"] for one in found["items"]]

    clock.move(hours=24)
    assert overdue() == events(house, "visits.alarm") == []
    clock.move(minutes=1)
    assert overdue() == overdue() == events(house, "visits.alarm") == [asked["id"]]
    late = journey.work("approver", asked, "approve").json()
    assert late["approval_alarmed_at"] == "2026-11-03T01:01:00Z"
    assert overdue() == []
    assert events(house, "visits.alarm") == [asked["id"]]


@pytest.mark.parametrize(
    ("changes", "status", "problem"),
    [
        ({"kind": "drawn"}, 422, "malformed"),
        ({"kind": "reinspection"}, 422, "malformed"),
        ({"draw_id": "1"}, 422, "malformed"),
        ({"entity": made_up_uscc(999)}, 404, "not-found"),
        ({"item": "nothing"}, 422, "malformed"),
        ({"visit_from": "2026-11-01"}, 422, "malformed"),
        ({"visit_to": "2026-11-02"}, 422, "malformed"),
        ({"inspectors": ["psb-001"]}, 409, "too-few-officers"),
        ({"inspectors": ["psb-001", "psb-001"]}, 409, "too-few-officers"),
        ({"inspectors": ["psb-001", "nobody"]}, 409, "officer-may-not-go"),
        ({"inspectors": ["psb-001", "psb-003"]}, 409, "officer-may-not-go"),
        ({"inspectors": ["psb-001", "aux-001"]}, 409, "officer-may-not-go"),
    ],
)
def test_a_request_that_breaks_a_rule_opens_nothing(
    journey: Journey, changes: dict[str, Any], status: int, problem: str
) -> None:
    """Never drawn; two different officers, certified (art. 42), not recused (art. 43)."""
    journey.registers()
    journey.load("recusals", [{"inspector": "psb-003", "entity": made_up_uscc(1), "relation": "spouse"}])
    auxiliary = {**inspector_rows(1)[0], "code": "aux-001", "certificate_no": "FJ1", "kind": "auxiliary"}
    journey.load("inspectors", [auxiliary])
    answer = journey.call("planner", "POST", "/v1/visits", json={**COMPLAINT, **changes})
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{problem}")
    assert journey.call("dispatcher", "GET", "/v1/visits").json()["items"] == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.fixed_dictionaries({}, optional={name: st.sampled_from(list(Kind)) for name in COMPLAINT}))
def test_no_request_is_ever_drawn(body: dict[str, str]) -> None:
    """The wire form has no way to say it, whatever else it says."""
    try:
        wanted = RequestVisit.model_validate({**COMPLAINT, **body}).wanted()
    except ValueError:
        return
    assert wanted.kind in ASKED_FOR
    assert Kind.DRAWN not in ASKED_FOR


def test_the_database_itself_refuses_a_drawn_visit_without_a_draw(
    visit: dict[str, Any], house: House
) -> None:
    """Nor can a visit of another kind hide behind a draw."""
    with house.database.reading() as connection:
        found = connection.execute(select(Visit).where(Visit.id == visit["id"]))
        row = dict(found.mappings().one())
    for changes in (
        {"draw_id": None, "seq_in_draw": None},
        {"kind": "complaint", "entity_key": "another"},
    ):
        with pytest.raises(IntegrityError), house.database.unit_of_work() as session:
            session.execute(insert(Visit).values({**row, "id": house.new_id(), **changes}))


def test_a_void_cancels_the_visits_that_nobody_has_begun(
    journey: Journey, visit: dict[str, Any], clock: Clock
) -> None:
    """A visit under way goes on to its result."""
    clock.move(days=1)
    lead = journey.team(visit)[0]
    journey.work(lead, visit, "check-in")
    path = f"/v1/draws/{visit['draw']}/void"
    journey.call("planner", "POST", path, json={"reason": "roster-error"})
    assert journey.call("approver", "POST", f"{path}/approve", json={}).status_code == 200
    states = {one["id"]: one["state"] for one in journey.visits(visit["draw"])}
    assert states.pop(visit["id"]) == "planned"
    assert set(states.values()) == {"cancelled"}


def test_the_dispatcher_names_the_team_of_a_single_random_draw(journey: Journey, clock: Clock) -> None:
    """Clause M9: cafes may be drawn without officers; the team is then named once, by the same rules."""
    journey.registers()
    journey.load("entities", cafe_rows())
    draw = journey.drawn(
        item="psb.internet-cafes",
        scope={"regimes": ["internet_cafe"], "levels": [], "stations": []},
        strata=None,
        slots=[],
    )
    visit = journey.visits(draw["id"])[0]
    assert visit["team"] == []
    few = journey.work("dispatcher", visit, "team", inspectors=["psb-001"])
    assert few.json()["type"] == "/problems/too-few-officers"
    named = journey.work("dispatcher", visit, "team", inspectors=["psb-001", "psb-002"])
    assert [one["inspector"] for one in named.json()["team"]] == ["psb-001", "psb-002"]
    again = journey.work("dispatcher", visit, "team", inspectors=["psb-003", "psb-004"])
    assert again.json()["type"] == "/problems/team-stands"
    clock.move(days=1)
    journey.go(named.json())


def cafe_rows() -> list[dict[str, object]]:
    """A few internet cafes."""
    from tests.api.journey import entity_rows  # noqa: PLC0415 - read where it is used

    return entity_rows(12, regime="internet_cafe", start=500)


@pytest.mark.parametrize(
    ("step", "act"),
    [
        ("schedule", "visits.work"),
        ("code", "visits.work"),
        ("check-in", "visits.work"),
        ("check-out", "visits.work"),
        ("attempts", "visits.work"),
        ("approve", "visits.approve"),
        ("decline", "visits.approve"),
        ("team", "visits.staff"),
    ],
)
def test_nobody_without_the_right_takes_a_step(
    journey: Journey, visit: dict[str, Any], clock: Clock, step: str, act: str
) -> None:
    """Every role against every act: nothing changes."""
    clock.move(days=1)
    before = journey.call("dispatcher", "GET", f"/v1/visits/{visit['id']}").json()
    for role in Role:
        if role not in ACTS[act]:
            assert journey.work(role.value, visit, step).status_code == 403, role
    assert journey.call(None, "POST", f"/v1/visits/{visit['id']}/{step}").status_code == 401
    assert journey.call("dispatcher", "GET", f"/v1/visits/{visit['id']}").json() == before


def test_another_region_s_dispatcher_sees_nothing(
    journey: Journey, visit: dict[str, Any], house: House
) -> None:
    """Spec/api.md: unseen jurisdiction is 404."""
    from app.services.access import create_key  # noqa: PLC0415 - read where it is used

    with house.database.unit_of_work() as session:
        journey.keys["far"], _ = create_key(
            session, new_id=house.new_id(), role="dispatcher", region="320102", name="far", now=house.clock()
        )
    assert journey.call("far", "GET", "/v1/visits").json()["items"] == []
    assert journey.call("far", "GET", f"/v1/visits/{visit['id']}").status_code == 404


def test_a_finished_visit_counts_in_the_next_draw(
    journey: Journey, visit: dict[str, Any], clock: Clock
) -> None:
    """Mission/rules.md, Tickets: the last counting visit within 90 days found nothing: halve, rounded up."""
    clock.move(days=1)
    path = f"/v1/entities/{visit['entity']}/tickets"
    before = journey.call("registrar", "GET", path, params={"item": "psb.venues"}).json()
    journey.go(visit)
    journey.submit_clean(visit)
    after = journey.call("registrar", "GET", path, params={"item": "psb.venues"}).json()
    assert (before["tickets"], after["tickets"]) == (2, 1)


def test_two_officers_who_check_in_at_once_both_count(
    journey: Journey, visit: dict[str, Any], clock: Clock
) -> None:
    """The visit is locked while one of them checks in."""
    clock.move(days=1)
    threads = [
        threading.Thread(target=journey.work, args=(who, visit, "check-in")) for who in journey.team(visit)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert journey.call("dispatcher", "GET", f"/v1/visits/{visit['id']}").json()["state"] == "checked_in"


class KilledError(Exception):
    """The process ends here."""


def killed() -> str:
    """An id that is never made: every act writes its audit event last, so it dies with everything done."""
    raise KilledError


def test_a_kill_inside_any_step_loses_nothing_and_leaves_nothing_half_done(
    journey: Journey, visit: dict[str, Any], clock: Clock, house: House
) -> None:
    """Issue 3: each act is one transaction; sent again it goes through."""
    lead, second = journey.team(visit)
    clock.move(days=1)
    steps: tuple[tuple[str, str, dict[str, str]], ...] = (
        *((lead, "schedule", {"visit_on": "2026-11-03"}), (lead, "code", {})),
        *(
            (lead, "check-in", {}),
            (second, "check-in", {}),
            (lead, "check-out", {}),
            (second, "check-out", {}),
        ),
    )
    for number, (who, step, body) in enumerate(steps):
        path, key = f"/v1/visits/{visit['id']}/{step}", {"Idempotency-Key": f"step-{number}"}
        before = state_of(house)
        make, house.new_id = house.new_id, killed
        assert journey.call(who, "POST", path, json=body, headers=key).status_code == 500
        house.new_id = make
        assert state_of(house) == before
        assert journey.call(who, "POST", path, json=body, headers=key).status_code in {200, 201}, step
        assert state_of(house) != before
    assert journey.call("dispatcher", "GET", f"/v1/visits/{visit['id']}").json()["state"] == "checked_out"


def state_of(house: House) -> list[Any]:
    """Every row that a step may change."""
    with house.database.reading() as connection:
        return [
            sorted(map(repr, connection.execute(select(table))))
            for table in (Visit, VisitOfficer, CheckIn, VisitAttempt, VisitCode, AuditEvent, KeptAnswer)
        ]
