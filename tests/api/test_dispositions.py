"""Dispositions over HTTP: recorded, closed, overdue; re-inspection by a team that nobody picked."""

import hashlib

import pytest

from app.deps import House
from app.domain.fieldwork.redealing import deal_again, lists_of
from app.services.fieldwork.results import result_of
from tests.api.field_desk import FieldDesk
from tests.api.journey import Journey
from tests.conftest import Clock

ORDER = {"kind": "order_to_correct", "finding": "f1", "due_on": "2026-11-09"}
WINDOW = {"visit_from": "2026-11-10", "visit_to": "2026-11-12"}


def test_dispositions_are_recorded_with_what_their_kind_needs(journey: Journey) -> None:
    """Only after the submission; an order needs its day, a fine its amount, a finding must be there."""
    desk = FieldDesk.visited(journey)
    assert desk.dispose(kind="warning").json()["type"] == "/problems/wrong-state"
    desk.submitted()
    refused = desk.dispose(kind="order_to_correct", finding="f9")
    assert refused.json()["type"] == "/problems/disposition-refused"
    assert [one["code"] for one in refused.json()["errors"]] == ["needed-by-kind", "unknown-finding"]
    assert desk.dispose(kind="fine", amount_cny=0).status_code == 409
    assert desk.dispose(kind="fine", amount_cny="many").status_code == 422
    assert desk.dispose(kind="exile").status_code == 422
    fine = desk.dispose(kind="fine", amount_cny=2000, due_on="2026-11-20", note="一般程序")
    assert (fine.status_code, fine.json()["state"], fine.json()["amount_cny"]) == (201, "open", 2000)
    spot = desk.dispose(kind="corrected_on_spot", finding="f1")
    assert (spot.json()["state"], spot.json()["done_on"]) == ("done", "2026-11-02")
    listed = journey.call("supervisor", "GET", "/v1/dispositions", params={"visit": desk.visit["id"]}).json()
    assert [one["kind"] for one in listed["items"]] == ["corrected_on_spot", "fine"]


def test_nothing_follows_from_a_clean_visit(journey: Journey) -> None:
    """Code 01 leaves only `none`."""
    desk = FieldDesk.visited(journey).submitted(found=False)
    assert [one["code"] for one in desk.dispose(kind="warning").json()["errors"]] == ["nothing-was-found"]
    assert desk.dispose(kind="none").json()["state"] == "done"


def test_a_disposition_is_closed_with_a_date(journey: Journey, clock: Clock) -> None:
    """Not before the visit, not in the future, once, and only what was just seen."""
    desk = FieldDesk.visited(journey).submitted()
    fine = desk.dispose(kind="fine", amount_cny=500, due_on="2026-11-05", note="罚缴分离").json()
    path = f"/v1/dispositions/{fine['id']}"
    assert journey.call(desk.lead, "PATCH", path, json={"done_on": "2026-11-02"}).status_code == 428
    clock.move(days=2)
    for day in ("2026-11-01", "2026-11-05"):
        assert desk.close(fine, done_on=day).json()["type"] == "/problems/disposition-refused"
    closed = desk.close(fine, who=desk.second, done_on="2026-11-04")
    assert closed.status_code == 200, closed.text
    assert (closed.json()["state"], closed.json()["note"]) == ("done", "罚缴分离")
    assert desk.close(fine, done_on="2026-11-04").json()["type"] == "/problems/wrong-state"


def test_what_is_open_after_its_day_is_overdue(journey: Journey, clock: Clock) -> None:
    """The overdue list: the day itself is in time, the next is not."""
    desk = FieldDesk.visited(journey).submitted()
    assert desk.dispose(kind="warning").status_code == 201
    order = desk.dispose(**ORDER).json()

    def overdue() -> list[str]:
        found = journey.call("supervisor", "GET", "/v1/dispositions", params={"overdue": True, "count": True})
        return [one["id"] for one in found.json()["items"]]

    clock.move(days=7)
    assert overdue() == []
    clock.move(days=1)
    assert overdue() == [order["id"]]
    assert journey.call("reviewer", "GET", "/v1/dispositions", params={"kind": "warning"}).json()["items"]


def test_an_order_ends_with_a_reinspection_by_a_team_that_nobody_picked(
    journey: Journey, clock: Clock, house: House
) -> None:
    """Just what failed, by others than before, dealt from a recorded seed; clean, it closes the order."""
    desk = FieldDesk.visited(journey).submitted()
    order = desk.dispose(**ORDER).json()
    assert desk.close(order, done_on="2026-11-02").json()["type"] == "/problems/reinspection-needed"
    path = f"/v1/dispositions/{order['id']}"
    opened = journey.call(desk.lead, "POST", f"{path}/reinspection", json=WINDOW)
    assert opened.status_code == 201, opened.text
    assert (opened.json()["kind"], opened.json()["entries"]) == ("reinspection", ["2"])
    twice = journey.call("dispatcher", "POST", f"{path}/reinspection", json=WINDOW)
    assert twice.json()["type"] == "/problems/reinspection-open"

    again = journey.call("dispatcher", "GET", opened.headers["location"]).json()
    team = [seat["inspector"] for seat in again["team"]]
    assert (again["kind"], again["draw"], again["state"]) == ("reinspection", None, "planned")
    assert len(set(team)) == 2
    assert not set(team) & {"psb-001", "psb-002"}
    (deal,) = journey.call("auditor", "GET", f"{path}/deals").json()["items"]
    dealt = deal_again(lists_of(deal["lists"]), deal["seed"])
    assert dealt is not None
    assert list(dealt.team) == deal["team"] == team
    assert hashlib.sha256(deal["seed"].encode()).hexdigest() == deal["seed_sha256"]

    clock.move(days=8)
    recheck = FieldDesk(journey, again)
    journey.go(again)
    recheck.submitted(found=False)
    ended = journey.call(desk.lead, "GET", path).json()
    assert (ended["state"], ended["done_on"], ended["reinspection"]) == ("done", "2026-11-10", again["id"])
    with house.database.unit_of_work() as session:
        result = result_of(session, again["id"])
    assert (result.kind, result.codes, result.signature) == ("reinspection", ("01",), "signed")


def test_an_order_stays_open_when_the_reinspection_still_finds_it(journey: Journey, clock: Clock) -> None:
    """Then another one may follow, or it is closed with a date and a word on what took its place."""
    desk = FieldDesk.visited(journey).submitted()
    order = desk.dispose(**ORDER).json()
    path = f"/v1/dispositions/{order['id']}/reinspection"
    again = journey.call("dispatcher", "POST", path, json=WINDOW).json()["visit"]
    clock.move(days=8)
    recheck = FieldDesk(journey, journey.call("dispatcher", "GET", f"/v1/visits/{again}").json())
    journey.go(recheck.visit)
    recheck.submitted()
    assert journey.call(desk.lead, "GET", f"/v1/dispositions/{order['id']}").json()["state"] == "open"
    more = journey.call(
        "dispatcher", "POST", path, json={"visit_from": "2026-11-16", "visit_to": "2026-11-16"}
    )
    assert more.status_code == 201, more.text
    assert desk.close(order, done_on="2026-11-10").json()["type"] == "/problems/reinspection-open"
    clock.move(days=6)
    last = FieldDesk(journey, journey.call("dispatcher", "GET", more.headers["location"]).json())
    journey.go(last.visit)
    last.submitted()
    assert desk.close(order, done_on="2026-11-16").json()["errors"][0]["code"] == "why-closed"
    assert desk.close(order, done_on="2026-11-16", note="已立案").json()["state"] == "done"
    listed = journey.call("dispatcher", "POST", path, json=WINDOW)
    assert listed.json()["type"] == "/problems/malformed"


def test_a_reinspection_needs_an_open_order_and_a_time_to_come(journey: Journey) -> None:
    """Not of a warning, not in the past, not when the bureau has nobody left."""
    desk = FieldDesk.visited(journey, inspectors=2).submitted()
    warning = desk.dispose(kind="warning", finding="f1").json()["id"]
    order = desk.dispose(**ORDER).json()["id"]

    def opened(disposition: str, **window: str) -> str:
        path = f"/v1/dispositions/{disposition}/reinspection"
        answer = journey.call("dispatcher", "POST", path, json={**WINDOW, **window})
        problem: str = answer.json().get("type", answer.json().get("kind"))
        return problem

    assert opened(warning) == "/problems/no-reinspection"
    assert opened(order, visit_from="2026-11-01") == "/problems/malformed"
    assert opened(order, visit_to="2026-11-09") == "/problems/malformed"
    assert opened("none") == "/problems/not-found"
    # Two officers in all: the rotation yields, the team is the same again.
    assert opened(order) == "reinspection"


def test_no_team_no_reinspection(journey: Journey) -> None:
    """Whoever is recused since stays away; with one officer left there is no team, and nothing changes."""
    desk = FieldDesk.visited(journey, inspectors=2).submitted()
    order = desk.dispose(**ORDER).json()["id"]
    recusal = {"inspector": "psb-002", "entity": desk.visit["entity"], "relation": "spouse"}
    assert journey.load("recusals", [recusal])["result"]["created"] == 1
    path = f"/v1/dispositions/{order}/reinspection"
    refused = journey.call("dispatcher", "POST", path, json=WINDOW)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/no-team")
    assert journey.call("dispatcher", "GET", f"/v1/dispositions/{order}").json()["reinspection"] is None


@pytest.mark.parametrize("kind", ["suspension", "revocation"])
def test_a_decided_penalty_shows_in_the_result(journey: Journey, house: House, kind: str) -> None:
    """`result_of` gives what the publication needs."""
    desk = FieldDesk.visited(journey).submitted()
    months = 3 if kind == "suspension" else None
    assert desk.dispose(kind=kind, months=months).status_code == 201
    with house.database.unit_of_work() as session:
        result = result_of(session, desk.visit["id"])
    assert [(one.kind, one.months, one.state) for one in result.dispositions] == [(kind, months, "open")]
    assert (result.codes, result.revision, result.statement) == (("05", "21"), 2, True)
    assert [one.code for one in result.officers] == ["psb-001", "psb-002"]
    assert [one.ref for one in result.findings] == ["f1"]


def test_only_the_team_disposes_and_only_auditors_see_the_deal(journey: Journey) -> None:
    """Every role against every act of dispositions."""
    desk = FieldDesk.visited(journey).submitted()
    order = desk.dispose(**ORDER).json()["id"]
    path = f"/v1/dispositions/{order}"
    stranger = journey.officer("psb-008")
    readers = {"reviewer", "approver", "supervisor", "auditor", "dispatcher"}
    for who in [*journey.keys]:
        if who in {desk.lead, desk.second}:
            continue
        outside, role = who in {stranger, "inspector"}, who.split("-")[0]
        read = 404 if outside else 200 if role in readers else 403
        assert journey.call(who, "GET", path).status_code == read, who
        listed = journey.call(who, "GET", "/v1/dispositions")
        assert listed.status_code == (200 if outside or role in readers else 403), who
        assert not (outside and listed.json()["items"]), who
        assert journey.call(who, "GET", f"{path}/deals").status_code == (200 if role == "auditor" else 403)
        write = {403, 404} if outside else {403}
        assert desk.dispose(who, kind="warning").status_code in write, who
        closed = journey.call(who, "PATCH", path, json={"done_on": "2026-11-02"}, headers={"If-Match": "*"})
        assert closed.status_code in write, who
        if role != "dispatcher":
            assert journey.call(who, "POST", f"{path}/reinspection", json=WINDOW).status_code in write, who
    for place in ("/v1/dispositions/none", "/v1/dispositions/none/deals"):
        assert journey.call("auditor", "GET", place).status_code == 404
