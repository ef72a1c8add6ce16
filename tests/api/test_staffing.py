"""Inspectors inside the draw, from the registers to what is kept with a committed draw, on both databases."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select
from sqlmodel import col

from app.deps import House
from app.domain.access import Caller, Role
from app.domain.eligibility import MENDABLE, REASONS
from app.domain.errors import NotAllowed
from app.domain.registers import RECUSALS
from app.jobs.worker import Worker
from app.messages import text
from app.services.access import create_key
from app.services.registers import assignments, recusal_candidates, watching
from app.services.results.working_calendar import CLOCK
from app.store.tables.access import AuditEvent
from tests.api.journey import Journey, entity_rows, inspector_rows, made_up_uscc
from tests.conftest import REGION, Clock
from tests.planning_county import plan_body

NEIGHBOUR = "410922"
CITY = "4109"


@pytest.fixture
def journey(client: TestClient, keys: dict[str, str], run_jobs: Callable[[], None], house: House) -> Journey:
    """The county's journey, with callers of the neighbouring county and of the city."""
    with house.database.unit_of_work() as session:
        for name, role, region in [
            ("registrar-2", "registrar", REGION),
            ("neighbour", "registrar", NEIGHBOUR),
            ("neighbour-approver", "approver", NEIGHBOUR),
            ("city-approver", "approver", CITY),
        ]:
            keys[name], _ = create_key(
                session, new_id=house.new_id(), role=role, region=region, name=name, now=house.clock()
            )
    return Journey(client, keys, run_jobs)


def _got(answer: Response, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json()


def _codes(answer: Response, status: int) -> list[tuple[str, str]]:
    """What a refusal names: pointers and codes, or the problem itself."""
    problem = _got(answer, status)
    return [(one["pointer"], one["code"]) for one in problem["errors"]] or [("", problem["type"][10:])]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_reason_has_its_words(lang: str) -> None:
    """Every exclusion is recorded with its reason, for people to read."""
    for reason in REASONS:
        assert text(f"excluded.{reason}", lang)
        assert "3" in text(f"field.inspectors-{reason}", lang, count=3)
    for reason in MENDABLE:
        assert "a1" in text(f"field.would-help-{reason}", lang, count=1, inspectors="a1")
    for relation in RECUSALS.column("relation").codes:
        said = text(f"relation.{relation.value}", lang)
        assert said in text("excluded.recusal", lang, relation=said)


def test_trainings_and_qualifications_are_kept_with_their_history_and_gate(journey: Journey) -> None:
    """W8: training records that gate eligibility; corrected and withdrawn, never lost."""
    journey.registers(entities=12, inspectors=8)
    base = "/v1/inspectors/psb-001"
    ask = journey.call
    course = {"course": "年度培训", "held_on": "2026-10-20", "hours": 16, "valid_to": "2027-10-31"}

    assert _codes(
        ask("registrar", "POST", f"{base}/trainings", json=course | {"held_on": "2026-11-03"}), 422
    ) == [("/held_on", "in-the-future")]
    assert _codes(
        ask("registrar", "POST", f"{base}/trainings", json=course | {"valid_to": "2026-10-19"}), 422
    ) == [("/valid_to", "ends-before-start")]
    assert ask("neighbour", "POST", f"{base}/trainings", json=course).status_code == 404
    made = ask("registrar", "POST", f"{base}/trainings", json=course)
    training = _got(made, 201)
    path = made.headers["location"]
    assert _got(ask("registrar", "GET", base))["trained_to"] == "2027-10-31"
    assert _got(ask("supervisor", "GET", "/v1/inspectors"))["items"][0]["trained_to"] == "2027-10-31"

    tag = ask("registrar", "GET", path).headers["etag"]
    short = ask("registrar", "PATCH", path, json={"valid_to": "2026-11-19"}, headers={"If-Match": tag})
    assert _got(short)["valid_to"] == "2026-11-19"
    assert ask("registrar", "PATCH", path, json={"hours": 8}, headers={"If-Match": tag}).status_code == 412
    emptied = ask("registrar", "PATCH", path, json={"course": None}, headers={"If-Match": "*"})
    assert _codes(emptied, 422) == [("/course", "missing")]
    assert ask("registrar", "PATCH", path, json={}, headers={"If-Match": "*"}).status_code == 200
    assert _excluded(journey) == {"psb-001": "training-expired"}

    assert _got(ask("registrar", "POST", f"{path}/withdraw", json={"reason": "证书有误"}))[
        "withdrawn_because"
    ]
    assert _codes(ask("registrar", "POST", f"{path}/withdraw", json={"reason": "再次"}), 409) == [
        ("", "already-withdrawn")
    ]
    assert _got(ask("registrar", "GET", base))["trained_to"] is None
    assert _excluded(journey) == {}
    listed = _got(ask("auditor", "GET", f"{base}/trainings"))["items"]
    assert [(one["id"], one["withdrawn_because"]) for one in listed] == [(training["id"], "证书有误")]

    quals = f"{base}/qualifications"
    wrong = {"regime": "entertainment", "valid_from": "2026-02-01", "valid_to": "2026-01-01"}
    assert _codes(ask("registrar", "POST", quals, json=wrong), 422) == [("/valid_to", "ends-before-start")]
    right = {"regime": "entertainment", "valid_to": "2026-11-19"}
    held = ask("registrar", "POST", quals, json=right)
    assert _got(held, 201)["valid_from"] is None
    assert _excluded(journey) == {"psb-001": "not-qualified"}
    renewed = ask(
        "registrar",
        "PATCH",
        held.headers["location"],
        json={"valid_to": "2027-11-19"},
        headers={"If-Match": held.headers["etag"]},
    )
    assert _got(renewed)["valid_to"] == "2027-11-19"
    assert _excluded(journey) == {}
    assert len(_got(ask("registrar", "GET", quals))["items"]) == 1
    assert ask("registrar", "GET", f"{quals}/{training['id']}").status_code == 404
    gone = ask("registrar", "POST", f"{held.headers['location']}/withdraw", json={"reason": "误登"})
    assert _got(gone)["withdrawn_at"]

    history = _got(ask("auditor", "GET", f"{base}/history"))["items"]
    assert [(one["register"], one["act"]) for one in history] == [
        ("qualifications", "withdrawn"),
        ("qualifications", "updated"),
        ("qualifications", "created"),
        ("trainings", "withdrawn"),
        ("trainings", "updated"),
        ("trainings", "created"),
        ("inspectors", "created"),
    ]
    assert history[4]["before"] == {"valid_to": "2027-10-31"}


def _plan(journey: Journey, **changes: Any) -> str:
    return str(_got(journey.call("planner", "POST", "/v1/draw-plans", json=plan_body(**changes)), 201)["id"])


def _preflight(journey: Journey, plan: str) -> Any:
    return _got(journey.call("planner", "GET", f"/v1/draw-plans/{plan}/preflight"))


def _excluded(journey: Journey) -> dict[str, str]:
    found = _preflight(journey, _plan(journey))["excluded"]
    assert all(one["message"] and one["message_en"] for one in found)
    return {one["inspector"]: one["reason"] for one in found}


def test_an_officer_of_another_county_serves_under_an_approved_assignment(
    journey: Journey, clock: Clock
) -> None:
    """mission/rules.md «Teams»: lending across regions needs an assignment record (异地检查)."""
    ask = journey.call
    journey.registers(entities=12, inspectors=4)
    lent = {**inspector_rows(1)[0], "code": "n-001", "districts": NEIGHBOUR}
    job = ask(
        "neighbour",
        "POST",
        "/v1/inspectors",
        json=lent | {"regimes": ["entertainment"], "districts": [NEIGHBOUR], "lead": True},
    )
    assert job.status_code == 201, job.text
    plan = _plan(journey)
    assert _preflight(journey, plan)["inspectors"] == 4
    wanted = {
        "inspector": "n-001",
        "region": REGION,
        "from": "2026-11-09",
        "to": "2026-11-20",
        "document_no": "濮公调〔2026〕17号",
        "reason": "邻县人员不足",
    }
    path = "/v1/inspector-assignments"
    assert (
        ask("registrar", "POST", path, json=wanted).status_code == 404
    )  # not the lending county's registrar
    assert _codes(ask("neighbour", "POST", path, json=wanted | {"region": NEIGHBOUR}), 409) == [
        ("", "lent-at-home")
    ]
    bad = wanted | {"region": "41", "to": "2026-11-01"}
    assert _codes(ask("neighbour", "POST", path, json=bad), 422) == [("/to", "ends-before-start")]
    late = wanted | {"from": "2026-11-01"}
    assert _codes(ask("neighbour", "POST", path, json=late), 422) == [("/from", "past-day")]
    made = ask("neighbour", "POST", path, json=wanted)
    assignment = _got(made, 201)
    one = made.headers["location"]
    assert (assignment["home"], assignment["state"]) == (NEIGHBOUR, "requested")
    assert _codes(
        ask("neighbour", "POST", path, json=wanted | {"from": "2026-11-20", "to": "2027-01-01"}), 409
    ) == [("", "already-assigned")]
    assert _excluded_of(journey, plan) == {"n-001": "not-assigned"}

    # the borrowing county sees it and does not decide; the city does
    assert _got(ask("planner", "GET", one))["document_no"] == wanted["document_no"]
    assert ask("approver", "POST", f"{one}/approve", json={}).status_code == 404
    assert ask("elsewhere", "GET", one).status_code == 404
    approved = _got(ask("city-approver", "POST", f"{one}/approve", json={}))
    assert (approved["state"], approved["from"], approved["to"]) == ("approved", "2026-11-09", "2026-11-20")
    again = ask("neighbour-approver", "POST", f"{one}/reject", json={"reason": "太晚"})
    assert _codes(again, 409) == [("", "wrong-state")]
    ahead = _preflight(journey, plan)
    assert (ahead["inspectors"], ahead["excluded"]) == (5, [])
    assert _got(ask("auditor", "GET", path, params={"on": "2026-11-20", "inspector": "n-001"}))["items"]
    assert not _got(ask("auditor", "GET", path, params={"on": "2026-11-21"}))["items"]

    # one that ends before the visits do is no assignment for this draw
    clock.move(days=1)
    ended = ask("neighbour", "POST", f"{one}/end", json={"on": "2026-11-19", "reason": "提前召回"})
    assert _got(ended)["ended_on"] == "2026-11-19"
    for day in ("2026-11-15", "2026-11-19"):  # while it lies ahead its end can be moved again (OF10)
        moved = ask("neighbour", "POST", f"{one}/end", json={"on": day, "reason": "再次"})
        assert _got(moved)["ended_on"] == day
    assert _excluded_of(journey, plan) == {"n-001": "not-assigned"}
    refused = _got(
        ask("neighbour", "POST", path, json=wanted | {"from": "2026-11-20", "to": "2026-12-01"}), 201
    )
    rejected = ask(
        "neighbour-approver", "POST", f"{path}/{refused['id']}/reject", json={"reason": "任务已满"}
    )
    assert _got(rejected)["decided_because"] == "任务已满"
    history = _got(ask("neighbour", "GET", "/v1/inspectors/n-001/history"))["items"]
    assert [(h["register"], h["after"].get("state"), h["after"].get("ends_on")) for h in history[:-1]] == [
        ("assignments", "rejected", None),
        ("assignments", "requested", "2026-12-01"),
        *[("assignments", None, f"2026-11-{day}") for day in (19, 15, 19)],
        ("assignments", "approved", None),
        ("assignments", "requested", "2026-11-20"),
    ]


def test_an_approval_reaches_not_into_the_past(journey: Journey, clock: Clock) -> None:
    """OF10: asked for today and approved in three days, an officer is lent from then on."""
    journey.registers(entities=1, inspectors=1)
    asked = {"inspector": "psb-001", "region": NEIGHBOUR, "from": "2026-11-02", "to": "2026-11-20"}
    path = "/v1/inspector-assignments"
    made = journey.call("planner", "POST", path, json=asked | {"document_no": "1", "reason": "借调"})
    one = f"{path}/{_got(made, 201)['id']}"
    clock.move(days=3)
    approved = _got(journey.call("approver", "POST", f"{one}/approve", json={}))
    assert (approved["from"], approved["to"]) == ("2026-11-05", "2026-11-20")
    history = _got(journey.call("registrar", "GET", "/v1/inspectors/psb-001/history"))["items"]
    assert history[0]["before"] == {"state": "requested", "starts_on": "2026-11-02"}
    assert history[0]["after"] == {"state": "approved", "starts_on": "2026-11-05"}
    ended = {"on": "2026-11-06", "reason": "提前召回"}
    assert _got(journey.call("planner", "POST", f"{one}/end", json=ended))["ended_on"] == "2026-11-06"
    clock.move(days=2)
    over = journey.call("planner", "POST", f"{one}/end", json=ended | {"on": "2026-11-09"})
    assert _codes(over, 409) == [("", "already-over")]


def _excluded_of(journey: Journey, plan: str) -> dict[str, str]:
    return {one["inspector"]: one["reason"] for one in _preflight(journey, plan)["excluded"]}


def test_whoever_asks_for_an_assignment_does_not_approve_it(journey: Journey, house: House) -> None:
    """Separation of duties, for somebody who holds both roles."""
    journey.registers(entities=1, inspectors=1)
    with house.database.unit_of_work() as session:
        journey.keys["both"], both = create_key(
            session, new_id=house.new_id(), role="planner", region=REGION, name="both", now=house.clock()
        )
    asked = {
        "inspector": "psb-001",
        "region": NEIGHBOUR,
        "from": "2026-11-09",
        "to": "2026-11-20",
        "document_no": "1",
        "reason": "借调",
    }
    made = _got(journey.call("both", "POST", "/v1/inspector-assignments", json=asked), 201)
    caller = Caller(both.id, "both", frozenset({Role.PLANNER, Role.APPROVER}), REGION)
    with house.database.unit_of_work() as session, pytest.raises(NotAllowed, match="own-request"):
        assignments.decide(house.act(session, caller), made["id"], approved=True, reason=None)


def test_suspected_recusals_are_found_confirmed_and_kept_out(journey: Journey, house: House) -> None:
    """Issue: same name and station officer are candidates for a person to confirm; art. 43."""
    ask = journey.call
    rows = [row | {"legal_rep": ""} for row in entity_rows(12)]
    rows[0]["legal_rep"] = "样 例人员1"
    officers = [row | {"station": "102" if row["code"] == "psb-002" else ""} for row in inspector_rows(6)]
    journey.settled("inspectors", officers)
    journey.settled("entities", rows)
    path = "/v1/recusal-candidates"
    found = {one["ground"]: one for one in _got(ask("supervisor", "GET", path))["items"]}
    same, post = found["same-name"], found["station-officer"]
    assert (same["inspector"], same["entity"], same["matched"]) == ("psb-001", made_up_uscc(1), "样例人员1")
    assert (post["inspector"], post["entity"], post["station"]) == ("psb-002", None, "102")

    # undecided they keep nobody away, and the preflight says so
    plan = _plan(journey)
    ahead = _preflight(journey, plan)
    [warning] = [one for one in ahead["warnings"] if one["code"] == "suspected-recusals"]
    assert (warning["count"], ahead["recusals"]) == (2, 0)
    assert "psb-001" in warning["message"]

    confirm = f"{path}/{same['id']}/confirm"
    assert _codes(ask("registrar", "POST", confirm, json={"reason": "已核对"}), 422) == [
        ("/relation", "relation-needed")
    ]
    listed = {"relation": "self", "entities": [made_up_uscc(1)], "reason": "已核对"}
    assert _codes(ask("registrar", "POST", confirm, json=listed), 422) == [
        ("/entities", "entities-of-station-only")
    ]
    backwards = {"relation": "self", "reason": "已核对", "from": "2026-02-02", "to": "2026-02-01"}
    assert _codes(ask("registrar", "POST", confirm, json=backwards), 422) == [("/to", "ends-before-start")]
    assert ask("neighbour", "POST", confirm, json={"relation": "self", "reason": "x"}).status_code == 404
    officer = Caller("o", "officer", frozenset({Role.REGISTRAR}), REGION, inspector="psb-001")
    with house.database.unit_of_work() as session, pytest.raises(NotAllowed, match="own-case"):
        recusal_candidates.reject(house.act(session, officer), same["id"], reason="不是我")
    confirmed = _got(ask("registrar", "POST", confirm, json={"relation": "self", "reason": "已核对身份证件"}))
    assert (confirmed["state"], confirmed["relation"]) == ("confirmed", "self")
    assert _codes(ask("registrar", "POST", f"{path}/{same['id']}/reject", json={"reason": "x"}), 409) == [
        ("", "wrong-state")
    ]

    # the station officer: of some premises only, then of those that come later too
    decide = f"{path}/{post['id']}/confirm"
    assert _codes(ask("registrar", "POST", decide, json={"relation": "spouse", "reason": "x"}), 422) == [
        ("/relation", "relation-fixed")
    ]
    stranger = {"entities": [made_up_uscc(1)], "reason": "x"}
    assert _codes(ask("registrar", "POST", decide, json=stranger), 422) == [
        ("/entities", "not-at-the-station")
    ]
    whole = _got(ask("registrar", "POST", decide, json={"reason": "管片民警"}))
    assert (whole["whole"], whole["relation"]) == (True, "station_officer")
    listed = _got(ask("registrar", "GET", "/v1/recusals", params={"inspector": "psb-002"}))["items"]
    assert {one["entity"] for one in listed} == {made_up_uscc(n) for n in range(2, 13, 2)}
    journey.settled("entities", entity_rows(2, start=13))
    listed = _got(ask("registrar", "GET", "/v1/recusals", params={"inspector": "psb-002"}))["items"]
    assert made_up_uscc(14) in {one["entity"] for one in listed}
    ahead = _preflight(journey, plan)
    assert ahead["recusals"] == 8
    assert "suspected-recusals" not in [one["code"] for one in ahead["warnings"]]


def test_a_decided_finding_stays_decided_and_one_that_no_longer_holds_lapses(journey: Journey) -> None:
    """What was rejected does not come up again; what lapsed comes back with the name."""
    ask = journey.call
    path = "/v1/recusal-candidates"
    journey.settled("inspectors", inspector_rows(3))
    [row] = entity_rows(1)
    journey.settled("entities", [row | {"legal_rep": "样例人员3"}])
    [again] = _got(ask("registrar", "GET", path, params={"state": "open"}))["items"]
    journey.settled("entities", [row | {"legal_rep": "某某"}])
    assert _got(ask("registrar", "GET", f"{path}/{again['id']}"))["state"] == "lapsed"
    journey.settled("entities", [row | {"legal_rep": "样例人员3"}])
    assert _got(ask("registrar", "GET", f"{path}/{again['id']}"))["state"] == "open"
    rejected = ask("registrar", "POST", f"{path}/{again['id']}/reject", json={"reason": "同名不同人"})
    assert _got(rejected)["state"] == "rejected"
    assert _got(ask("registrar", "POST", f"{path}/search", json={})) == {"found": 0, "lapsed": 0}
    assert _got(ask("registrar", "GET", path, params={"state": "open"}))["items"] == []
    journey.settled(
        "inspectors", [inspector_rows(3)[2] | {"name": "某某"}, inspector_rows(4)[3] | {"name": "样例人员3"}]
    )
    [other] = _got(ask("registrar", "GET", path, params={"state": "open"}))["items"]
    assert other["inspector"] == "psb-004"


def test_a_worker_that_dies_in_the_middle_of_a_look_looks_again(
    client: TestClient, keys: dict[str, str], house: House
) -> None:
    """Findings and how far the history was read land together or not at all."""
    journey = Journey(client, keys, Worker(house).run_pending)
    journey.load("inspectors", inspector_rows(1))
    journey.load("entities", [entity_rows(1)[0] | {"legal_rep": "样例人员1"}])
    with suppress(RuntimeError), house.database.unit_of_work() as session:
        watching.follow(house.act(session, CLOCK), "entities")
        raise RuntimeError
    listed = ("registrar", "GET", "/v1/recusal-candidates")
    assert _got(journey.call(*listed))["items"] == []
    Worker(house).run_pending()
    assert len(_got(journey.call(*listed))["items"]) == 1
    assert [one["ground"] for one in _audit(journey, "recusal-candidates.find")] == ["same-name"]


def test_kin_at_a_venue_alerts_the_supervisor(journey: Journey) -> None:
    """娱乐场所管理条例 art. 4: staff of public security and their kin run no entertainment venue."""
    journey.registers(entities=3, inspectors=3)
    journey.run_jobs()
    ask = journey.call
    journey.settled("entities", entity_rows(1, regime="internet_cafe", start=4))
    journey.settled(
        "recusals",
        [
            {"inspector": "psb-001", "entity": made_up_uscc(1), "relation": "spouse", "to": ""},
            {"inspector": "psb-002", "entity": made_up_uscc(1), "relation": "interest", "to": ""},
            {"inspector": "psb-003", "entity": made_up_uscc(4), "relation": "lineal", "to": ""},
            {"inspector": "psb-003", "entity": made_up_uscc(2), "relation": "in_law", "to": "2026-11-01"},
        ],
    )
    [alert] = _got(ask("supervisor", "GET", "/v1/kin-alerts", params={"seen": False}))["items"]
    assert (alert["inspector"], alert["entity"], alert["relation"]) == ("psb-001", made_up_uscc(1), "spouse")
    path = f"/v1/kin-alerts/{alert['id']}"
    assert ask("registrar", "GET", path).status_code == 403
    noted = _got(ask("supervisor", "POST", f"{path}/acknowledge", json={"note": "已移交核查"}))
    assert noted["note"] == "已移交核查"
    assert _got(ask("auditor", "GET", path))["seen_at"] == noted["seen_at"]
    assert ask("supervisor", "POST", f"{path}/acknowledge", json={"note": "再次"}).status_code == 409
    journey.run_jobs()
    assert _got(ask("supervisor", "GET", "/v1/kin-alerts", params={"seen": False}))["items"] == []


def test_what_runs_out_is_reminded_of_once_for_each_day_of_the_policy(journey: Journey, clock: Clock) -> None:
    """60, 30 and 7 days before, then when it is past; a renewal settles it."""
    ask = journey.call
    officers = inspector_rows(2)
    officers[0]["certificate_to"] = "2026-12-02"
    journey.settled("inspectors", officers)
    course = {"course": "年度培训", "held_on": "2026-01-20", "hours": 8, "valid_to": "2026-12-31"}
    ask("registrar", "POST", "/v1/inspectors/psb-002/trainings", json=course)
    quals = {"regime": "entertainment", "valid_to": "2026-11-05"}
    ask("registrar", "POST", "/v1/inspectors/psb-002/qualifications", json=quals)
    journey.run_jobs()

    def reminders(**where: Any) -> list[tuple[str, str, str]]:
        found = _got(ask("supervisor", "GET", "/v1/reminders", params=where))["items"]
        return [(one["inspector"], one["kind"], one["stage"]) for one in found]

    now = [
        ("psb-002", "qualification", "7"),
        ("psb-001", "certificate", "30"),
        ("psb-002", "training", "60"),
    ]
    assert reminders() == now
    journey.run_jobs()
    assert reminders() == now
    assert reminders(kind="training") == reminders(inspector="psb-002", before="2027-01-01")[1:] == now[2:]
    tag = ask("registrar", "GET", "/v1/inspectors/psb-001").headers["etag"]
    renewed = {"certificate_to": "2029-12-31"}
    assert ask(
        "registrar", "PATCH", "/v1/inspectors/psb-001", json=renewed, headers={"If-Match": tag}
    ).is_success
    clock.move(days=29)
    journey.run_jobs()
    assert reminders() == [("psb-002", "qualification", "past"), ("psb-002", "training", "30")]
    assert set(reminders(settled=True)) == {*now}
    audit = [one for one in _audit(journey, "reminders.raise") if one["stage"] == "30"]
    assert [(one["kind"], one["runs_out_on"]) for one in audit] == [
        ("certificate", "2026-12-02"),
        ("training", "2026-12-31"),
    ]


def _audit(journey: Journey, act: str) -> list[dict[str, Any]]:
    house: House = journey.client.app.state.house  # type: ignore[attr-defined]  # the application, not any ASGI callable
    with house.database.reading() as connection:
        rows = connection.execute(
            select(col(AuditEvent.detail)).where(col(AuditEvent.act) == act).order_by(col(AuditEvent.id))
        )
        return [row.detail for row in rows]


def test_every_exclusion_is_kept_with_the_draw_and_shown_after_it(journey: Journey) -> None:
    """Rotation from the last visit, a lowered cap, a recusal and who was left out, each with its reason.

    psb-001 and psb-002 were last at the first venue; at the second only psb-005 is left of all leads when
    recusals are taken off, and he was last there: rotation gives way. psb-003 made 88 visits this quarter.
    """
    ask = journey.call
    journey.settled("entities", entity_rows(12))
    journey.settled(
        "inspectors", [*inspector_rows(8), {**inspector_rows(9)[8], "certificate_to": "2026-11-05"}]
    )
    journey.settled(
        "recusals",
        [
            {"inspector": code, "entity": made_up_uscc(2), "relation": "interest"}
            for code in ("psb-001", "psb-003", "psb-007")
        ],
    )
    visit: dict[str, object] = {"item": "psb.venues", "kind": "drawn", "agency": "psb", "codes": "05"}
    journey.settled(
        "visits",
        [
            {**visit, "entity": made_up_uscc(1), "on": "2026-10-20", "inspectors": "psb-001;psb-002"},
            {**visit, "entity": made_up_uscc(1), "on": "2026-01-20", "inspectors": "psb-004"},
            {**visit, "entity": made_up_uscc(2), "on": "2025-01-20", "inspectors": "psb-005"},
            *[
                {
                    **visit,
                    "entity": made_up_uscc(3 + n % 10),
                    "on": f"2026-10-{1 + n // 3:02}",
                    "inspectors": "psb-003",
                }
                for n in range(88)
            ],
        ],
    )
    draw = journey.committed()
    path = f"/v1/draws/{draw['id']}/exclusions"
    for who in ("planner", "approver", "registrar", "witness"):
        assert ask(who, "GET", path).status_code == 403
    first = ask("supervisor", "GET", path, params={"limit": 4, "count": True})
    rows, answer = _got(first)["items"], first
    while "next" in answer.links:
        answer = ask("supervisor", "GET", answer.links["next"]["url"])
        rows += _got(answer)["items"]
    assert _got(first)["count"] == len(rows)
    assert all(one["message"] and one["message_en"] for one in rows)
    said = [(one["kind"], one["inspector"], one["entity"], one["reason"]) for one in rows]
    last = [("rotation", "psb-003", made_up_uscc(n), "rotation") for n in range(3, 13)]
    assert said == [
        ("officer", "psb-009", None, "certificate-expired"),
        ("cap", "psb-003", None, "load"),
        ("recusal", "psb-001", made_up_uscc(2), "interest"),
        ("recusal", "psb-003", made_up_uscc(2), "interest"),
        ("recusal", "psb-007", made_up_uscc(2), "interest"),
        ("rotation", "psb-001", made_up_uscc(1), "rotation"),
        ("rotation", "psb-002", made_up_uscc(1), "rotation"),
        *last,
        ("rotation-gave-way", "psb-005", made_up_uscc(2), "rotation-gave-way"),
    ]
    assert (rows[1]["registered"], rows[1]["taken"], rows[1]["cap"]) == (20, 88, 2)
    narrowed = _got(ask("auditor", "GET", path, params={"kind": "cap", "inspector": "psb-003"}))["items"]
    assert [one["taken"] for one in narrowed] == [88]
    assert ask("auditor", "GET", path, params={"cursor": "bm90"}).status_code == 422
    assert len(_audit(journey, "draws.exclusions")) == 6


def test_the_visits_that_were_dealt_are_the_load_of_the_next_draw(journey: Journey, clock: Clock) -> None:
    """Load over the period as `cap`: who was dealt visits takes fewer; a voided draw gives them back.

    Until the disclosure (B8) the most is set aside of everybody: it tells nobody's team.
    """
    journey.registers(entities=20, inspectors=4, cap=90)
    draw = journey.drawn()
    dealt: dict[str, int] = {}
    for visit in journey.visits(draw["id"]):
        for seat in visit["team"]:
            dealt[seat["inspector"]] = dealt.get(seat["inspector"], 0) + 1
    assert sum(dealt.values()) == 2 * draw["drawn"]
    plan = _plan(journey, period="2026-11.3")
    sealed = {one["inspector"]: one["taken"] for one in _preflight(journey, plan)["reduced"]}
    assert sealed == dict.fromkeys([f"psb-00{n}" for n in range(1, 5)], draw["drawn"])
    clock.move(days=1)
    reduced = {one["inspector"]: one for one in _preflight(journey, plan)["reduced"]}
    assert {code: one["taken"] for code, one in reduced.items()} == dealt
    assert all(one["cap"] == 90 - one["taken"] for one in reduced.values())
    # the next quarter begins with nothing
    later = _plan(
        journey, period="2027Q1", visit_from="2027-01-05", visit_to="2027-01-15", reveal_by="2027-02-01"
    )
    assert _preflight(journey, later)["reduced"] == []
    void = f"/v1/draws/{draw['id']}/void"
    assert journey.call("planner", "POST", void, json={"reason": "roster-error"}).is_success
    assert journey.call("approver", "POST", f"{void}/approve", json={}).is_success
    assert _preflight(journey, plan)["reduced"] == []
