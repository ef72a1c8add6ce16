"""Requests for recusal 回避申请 over HTTP: asked for, decided in time by somebody else, carried out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response

from app.deps import House
from app.domain.access import Role
from app.services.access import create_key
from app.store.tables.access import ApiKey
from tests.api.amendment_desk import AmendmentDesk, codes, lines_of
from tests.api.field_desk import FieldDesk
from tests.api.journey import Journey
from tests.conftest import REGION, Clock

REASON = {"reason": "经核实，应当回避"}
ASKED = {"relation": "in_law", "reason": "经营者为本人妻弟"}


@pytest.fixture
def desk(journey: Journey, clock: Clock) -> AmendmentDesk:
    """A draw whose first day has come: the teams know where to go."""
    journey.registers()
    made = AmendmentDesk(journey, clock, journey.drawn())
    clock.move(days=1)
    return made


def problem(answer: Response) -> tuple[int, str]:
    """Status and slug of a refusal."""
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


def ask(journey: Journey, who: str, visit: dict[str, Any], **members: Any) -> Response:
    """An officer asks at a visit."""
    body = {**ASKED, **members}
    return journey.call(who, "POST", f"/v1/visits/{visit['id']}/recusal-requests", json=body)


def decide(journey: Journey, request: dict[str, Any], how: str, who: str = "approver") -> Response:
    """Somebody decides."""
    return journey.call(who, "POST", f"/v1/recusal-requests/{request['id']}/{how}", json=REASON)


def test_an_officer_asks_an_approver_grants_and_the_dice_deal_a_successor(
    desk: AmendmentDesk, house: House, tmp_path: Path
) -> None:
    """Issue 4: asked for by the officer, decided by someone else; the amendment follows in the same act."""
    journey, visit = desk.journey, desk.visits()[0]
    lead, second = journey.team(visit)
    stranger = next(one for other in desk.visits() for one in codes(other) if one not in codes(visit))
    assert problem(ask(journey, journey.officer(stranger), visit)) == (404, "not-found")
    assert problem(ask(journey, lead, visit, inspector=second)) == (409, "ask-for-yourself")
    assert problem(ask(journey, lead, visit, by="party", inspector=lead)) == (409, "ask-for-yourself")
    assert problem(ask(journey, lead, visit, by="party", inspector=stranger)) == (409, "not-on-the-visit")
    assert ask(journey, lead, visit, relation="friend").status_code == 422
    made = ask(journey, lead, visit)
    assert made.status_code == 201, made.text
    request = made.json()
    assert (request["state"], request["inspector"], request["decide_by"]) == ("open", lead, "2026-11-05")
    assert made.headers["location"] == f"/v1/recusal-requests/{request['id']}"
    assert problem(ask(journey, second, visit, by="party", inspector=lead)) == (409, "recusal-asked")

    # Art. 43: before the decision the inspection is not stopped.
    assert journey.work(lead, visit, "code").status_code == 201
    for who, expected in ((lead, 200), (second, 200), ("dispatcher", 200), (journey.officer(stranger), 404)):
        found = journey.call(who, "GET", f"/v1/recusal-requests/{request['id']}")
        assert found.status_code == expected, who
    for who in ("planner", "dispatcher", "reviewer", lead):
        assert decide(journey, request, "grant", who).status_code == 403

    # Neither who asked nor who goes there decides, whatever else they may do.
    with house.database.unit_of_work() as session:
        journey.keys["both"] = two_roles(house, session, inspector=second)
    assert problem(decide(journey, request, "grant", "both")) == (403, "own-recusal")
    granted = decide(journey, request, "grant").json()
    assert (granted["state"], granted["decision"], granted["amendment_n"]) == ("granted", REASON["reason"], 1)
    assert problem(decide(journey, request, "refuse", "approver-2")) == (409, "wrong-state")
    logged = desk.one(1)
    assert (logged["kind"], logged["reason"], logged["state"]) == ("recuse", "officer-request", "pending")
    assert logged["basis"] == {"recusal_request": request["id"]}
    declared = journey.call("registrar", "GET", "/v1/recusals", params={"inspector": lead}).json()["items"]
    assert [(one["entity"], one["relation"]) for one in declared] == [(visit["entity"], "in_law")]
    assert problem(journey.work(lead, visit, "check-in")) == (403, "recused-here")
    assert problem(journey.work(second, visit, "check-in")) == (409, "amendment-pending")

    # While one amendment waits for its dice, no other is logged: the decision is taken when it can be.
    other = desk.visits()[1]
    again = ask(journey, journey.team(other)[0], other).json()
    assert problem(decide(journey, again, "grant")) == (409, "amendment-pending")
    assert journey.call("approver", "GET", f"/v1/recusal-requests/{again['id']}").json()["state"] == "open"
    desk.thrown(1)
    after = desk.visits()[0]
    assert lead not in codes(after)
    assert decide(journey, again, "refuse").json()["state"] == "refused"
    listed = journey.call("approver", "GET", "/v1/recusal-requests", params={"state": "granted"}).json()
    assert [one["id"] for one in listed["items"]] == [request["id"]]
    own = journey.call(lead, "GET", "/v1/recusal-requests", params={"visit": visit["id"]}).json()["items"]
    assert [one["id"] for one in own] == [request["id"]]
    desk.finish()
    desk.clock.move(days=8)
    record = desk.revealed()
    assert [name for name, status in desk.checks(record, tmp_path).items() if status != "ok"] == ["log"]
    assert [one["reason"] for one in lines_of(record, "amendments.ndjson")] == ["officer-request"]


def two_roles(house: House, session: Any, *, inspector: str) -> str:
    """The key of a person who is an officer and an approver."""
    key, caller = create_key(
        session, new_id=house.new_id(), role="approver", region=REGION, name="both", now=house.clock()
    )
    session.flush()
    row = session.get(ApiKey, caller.id)
    row.roles, row.inspector = [Role.APPROVER.value, Role.INSPECTOR.value], inspector
    return key


def test_the_party_asks_with_the_code_at_the_door_and_finds_the_decision(
    desk: AmendmentDesk, run_jobs: Callable[[], None]
) -> None:
    """Art. 43: the inspected party may ask; its receipt shows what was decided, and the clock alarms."""
    journey, visit = desk.journey, desk.visits()[0]
    lead = journey.team(visit)[0]
    code = journey.work(lead, visit, "code").json()["code"]
    officer = next(one for one in visit["team"] if one["inspector"] == lead)
    body = {"code": code, "certificate_no": officer["certificate_no"], **ASKED}
    path = "/v1/public/recusal-requests"
    assert problem(journey.call(None, "POST", path, json={**body, "code": "2222-2222"})) == (
        404,
        "no-such-code",
    )
    stranger = {**body, "certificate_no": "ZF999999"}
    assert problem(journey.call(None, "POST", path, json=stranger)) == (409, "not-on-the-visit")
    first = journey.call(None, "POST", path, json=body)
    assert first.status_code == 201, first.text
    assert "RateLimit" in first.headers
    receipt = first.json()["receipt"]
    # Sent again, as after a lost answer: one request, one receipt.
    assert journey.call(None, "POST", path, json=body).json() == first.json()
    (request,) = journey.call("approver", "GET", "/v1/recusal-requests").json()["items"]
    assert (request["by"], request["inspector"], request["decide_by"]) == ("party", lead, "2026-11-05")
    assert journey.call(None, "GET", f"{path}/{receipt}").json()["state"] == "open"
    assert problem(journey.call(None, "GET", f"{path}/2222-2222")) == (404, "no-such-receipt")

    run_jobs()
    assert raised(journey, request) == (False, False)
    desk.clock.move(days=2)
    run_jobs()
    run_jobs()
    assert raised(journey, request) == (True, False)
    late = {"overdue": "true"}
    assert journey.call("approver", "GET", "/v1/recusal-requests", params=late).json()["items"] == []
    desk.clock.move(days=1)
    run_jobs()
    assert raised(journey, request) == (True, True)
    found = journey.call("approver", "GET", "/v1/recusal-requests", params=late).json()["items"]
    assert [one["id"] for one in found] == [request["id"]]
    assert decide(journey, request, "refuse").status_code == 200
    told = journey.call(None, "GET", f"{path}/{receipt.lower()}").json()
    assert (told["state"], told["decision"]) == ("refused", REASON["reason"])
    run_jobs()
    # Refused to the party; the officer may still ask for himself, and the party's other officer too.
    assert ask(journey, lead, visit).status_code == 201


def raised(journey: Journey, request: dict[str, Any]) -> tuple[bool, bool]:
    """Which alarms of a request were raised."""
    found = journey.call("approver", "GET", f"/v1/recusal-requests/{request['id']}").json()
    return found["alarmed_at"] is not None, found["overdue_at"] is not None


def test_from_a_visit_that_has_begun_nobody_is_taken_but_he_takes_no_further_part(
    desk: AmendmentDesk,
) -> None:
    """DR1 section 7: whoever has started stays on the team; the amendment is on record all the same."""
    journey, visit = desk.journey, desk.visits()[0]
    lead, second = journey.team(visit)
    for who in (lead, second):
        journey.work(who, visit, "check-in")
    request = ask(journey, second, visit, by="party", inspector=lead).json()
    assert request["by"] == "party"
    assert decide(journey, request, "grant").json()["amendment_n"] == 1
    assert desk.one(1)["reason"] == "party-request"
    # Nothing can change, so no visit waits for the dice.
    other = desk.visits()[1]
    assert journey.work(journey.team(other)[0], other, "check-in").status_code == 200
    desk.thrown(1)
    assert (desk.one(1)["vacated"], codes(desk.visits()[0])) == ([], codes(visit))
    for who in (lead, second):
        assert journey.work(who, visit, "check-out").status_code == 200
    record = {"client_ref": "r", "revision": 0, "answers": [], "codes": []}
    saved = journey.call(lead, "PUT", f"/v1/visits/{visit['id']}/record", json=record)
    assert problem(saved) == (403, "recused-here")
    assert journey.call(second, "PUT", f"/v1/visits/{visit['id']}/record", json=record).status_code == 200
    assert problem(ask(journey, second, visit, by="party", inspector=lead)) == (409, "recusal-asked")


def test_before_the_disclosure_nobody_can_ask(journey: Journey, clock: Clock) -> None:
    """Mission clause B8: an officer who does not know where to go has nothing to ask."""
    journey.registers()
    desk = AmendmentDesk(journey, clock, journey.drawn())
    visit = desk.visits()[0]
    assert problem(ask(journey, journey.team(visit)[0], visit)) == (404, "not-found")


def test_a_named_team_gets_somebody_else_by_name(journey: Journey) -> None:
    """Of a visit without a draw nobody is dealt: the dispatcher names a successor, under the same rules."""
    field = FieldDesk.opened(journey)
    lead, second = field.lead, field.second
    request = ask(journey, lead, field.visit).json()
    assert decide(journey, request, "grant").json()["amendment_n"] is None
    assert problem(journey.work(second, field.visit, "check-in")) == (409, "team-incomplete")
    team = f"{field.path}/team"

    def name(*who: str) -> Response:
        return journey.call("dispatcher", "POST", team, json={"inspectors": list(who)})

    assert problem(name(lead)) == (409, "officer-may-not-go")
    assert problem(name(second)) == (409, "too-few-officers")
    assert name("psb-003").status_code == 200
    assert problem(name("psb-004")) == (409, "team-stands")
    after = journey.call("dispatcher", "GET", field.path).json()
    assert [(one["slot"], one["inspector"]) for one in after["team"]] == [(0, "psb-003"), (1, "psb-002")]
    journey.go(after)


def test_a_reinspection_is_dealt_anew(journey: Journey, clock: Clock) -> None:
    """Its team was dealt, so nobody names a successor: it is cancelled, and opened again without him."""
    field = FieldDesk.visited(journey, inspectors=6).submitted()
    order = field.dispose(kind="order_to_correct", finding="f1", due_on="2026-11-20").json()
    again = {"visit_from": "2026-11-03", "visit_to": "2026-11-20"}
    path = f"/v1/dispositions/{order['id']}/reinspection"
    opened = journey.call("dispatcher", "POST", path, json=again)
    assert opened.status_code == 201, opened.text
    clock.move(days=1)
    visit = journey.call("dispatcher", "GET", f"/v1/visits/{opened.json()['visit']}").json()
    lead = journey.team(visit)[0]
    request = ask(journey, lead, visit).json()
    assert decide(journey, request, "grant").status_code == 200
    assert journey.call("dispatcher", "GET", f"/v1/visits/{visit['id']}").json()["state"] == "cancelled"
    second = journey.call("dispatcher", "POST", path, json=again)
    assert second.status_code == 201, second.text
    dealt = journey.call("dispatcher", "GET", f"/v1/visits/{second.json()['visit']}").json()
    assert lead not in codes(dealt)
