"""The registers change after the deal: who may stand at the door, what the public and dispatchers see."""

from typing import Any

import pytest
from httpx2 import Response

from tests.api.amendment_desk import AmendmentDesk, codes
from tests.api.field_desk import FieldDesk
from tests.api.journey import Journey, entity_rows, inspector_rows, made_up_uscc
from tests.conftest import Clock
from tests.executed import statements


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


def change(journey: Journey, code: str, **columns: Any) -> None:
    """The registrar changes an officer's columns."""
    path = f"/v1/inspectors/{code}"
    tag = journey.call("registrar", "GET", path).headers["etag"]
    answer = journey.call("registrar", "PATCH", path, json=columns, headers={"If-Match": tag})
    assert answer.status_code == 200, answer.text


def grounds(visit: dict[str, Any]) -> list[str | None]:
    """What keeps the officers of a visit from it, by place."""
    return [one["ground"] for one in visit["team"]]


def verified(journey: Journey, code: str) -> Response:
    """What somebody at the door is told of a code."""
    return journey.call(None, "GET", f"/v1/public/verify-visit/{code}")


def test_nobody_inspects_without_a_valid_certificate_until_the_team_is_amended(desk: AmendmentDesk) -> None:
    """行政处罚法 art. 42: two officers with valid certificates; the refusal says which door is open."""
    journey, visit = desk.journey, desk.visits()[0]
    lead, second = journey.team(visit)
    assert grounds(visit) == [None, None]
    code = journey.work(lead, visit, "code").json()["code"]
    assert verified(journey, code).json()["officer_count"] == 2
    change(journey, second, certificate_to="2026-11-02")

    for who in (second, lead):
        for step in ("check-in", "code", "attempts"):
            refused = journey.work(who, visit, step)
            assert problem(refused) == (409, "officer-held-back"), (who, step)
            assert second in refused.json()["detail"]
            assert "/v1/draws/…/amendments" in refused.json()["detail"]
    assert problem(verified(journey, code)) == (404, "no-such-code")
    visit = desk.visits()[0]
    assert grounds(visit) == [None, "certificate-expired"]

    desk.amended("withdraw", inspector=second)
    desk.thrown(1)
    after = desk.visits()[0]
    assert second not in codes(after)
    assert grounds(after) == [None, None]
    journey.go(after)


def test_nobody_inspects_where_a_recusal_was_declared_after_the_deal(desk: AmendmentDesk) -> None:
    """行政处罚法 art. 43: at that premises alone; the amendment finds the same ground."""
    journey, visit = desk.journey, desk.visits()[0]
    lead, second = journey.team(visit)
    desk.recused(lead, visit["entity"])
    for who in (lead, second):
        assert problem(journey.work(who, visit, "check-in")) == (409, "officer-held-back")
    told = {one["id"]: grounds(one) for one in desk.visits()}
    assert told.pop(visit["id"]) == ["recused", None]
    assert {ground for one in told.values() for ground in one} == {None}
    other = next(one for one in desk.visits()[1:] if lead in codes(one))
    assert journey.work(lead, other, "check-in").status_code == 200
    desk.amended("recuse", inspector=lead, entity=visit["entity"])
    desk.thrown(1)
    after = desk.visits()[0]
    assert lead not in codes(after)
    journey.go(after)


def test_an_officer_who_stands_there_is_not_absent(desk: AmendmentDesk) -> None:
    """Decision 0011: the register is behind and nobody is harmed; the dispatcher sees it and may amend."""
    journey, visit = desk.journey, desk.visits()[0]
    lead, second = journey.team(visit)
    desk.absent(second)
    assert grounds(desk.visits()[0]) == [None, "absent"]
    one = journey.call("dispatcher", "GET", f"/v1/visits/{visit['id']}").json()
    assert grounds(one) == [None, "absent"]
    assert grounds(journey.call(lead, "GET", f"/v1/visits/{visit['id']}").json()) == [None, None]
    journey.go(visit)
    assert grounds(desk.visits()[0]) == [None, None]


def test_a_certificate_that_ends_in_the_window_is_good_until_then(desk: AmendmentDesk) -> None:
    """The days left count for the dispatcher, the day itself at the door."""
    journey, visit = desk.journey, desk.visits()[0]
    for who in journey.team(visit):
        change(journey, who, certificate_to="2026-11-03")
    assert grounds(desk.visits()[0]) == ["certificate-expired"] * 2
    journey.go(visit)


def test_of_three_named_officers_two_go_without_the_one_who_may_not(journey: Journey) -> None:
    """Whoever may come is genuine, whoever may not is not named; with one left before the visit nobody is."""
    journey.load("entities", entity_rows(2))
    journey.load("inspectors", inspector_rows(6))
    team = [f"psb-{n:03d}" for n in (1, 2, 3)]
    asked = {
        "kind": "emergency",
        "entity": made_up_uscc(1),
        "item": "psb.venues",
        "reason": "突发警情",
        "visit_from": "2026-11-02",
        "visit_to": "2026-11-02",
        "inspectors": team,
    }
    visit = journey.call("planner", "POST", "/v1/visits", json=asked).json()
    first, second, third = journey.team(visit)
    code = journey.work(first, visit, "code").json()["code"]
    change(journey, third, kind="auxiliary")
    assert [one["certificate_no"] for one in verified(journey, code).json()["officers"]] == [
        *("ZF000001", "ZF000002")
    ]
    assert problem(journey.work(third, visit, "check-in")) == (409, "officer-held-back")
    assert journey.work(first, visit, "check-in").status_code == 200
    assert journey.work(second, visit, "check-in").json()["state"] == "checked_in"
    # The visit has begun: what the registers say afterwards takes a name off the answer, not the visit.
    change(journey, second, certificate_to="2026-11-01")
    assert verified(journey, code).json()["officer_count"] == 1
    change(journey, first, certificate_to="2026-11-01")
    assert problem(verified(journey, code)) == (404, "no-such-code")
    for who in (first, second):
        assert journey.work(who, visit, "check-out").status_code == 200


def test_a_page_of_visits_takes_as_many_queries_as_one(desk: AmendmentDesk) -> None:
    """A dispatcher's list has fifty visits, and each may have another ground."""
    journey, visits = desk.journey, desk.visits()
    for visit in visits:
        desk.recused(codes(visit)[0], visit["entity"])
    counted = []
    for limit in (1, len(visits)):
        with statements() as seen:
            answer = journey.call("dispatcher", "GET", "/v1/visits", params={"limit": limit})
        assert [grounds(one)[0] for one in answer.json()["items"]] == ["recused"] * limit
        counted.append(len(seen))
    assert counted[0] == counted[1]


def test_a_reinspection_of_which_somebody_may_not_go_is_dealt_anew(journey: Journey, clock: Clock) -> None:
    """Nobody names who comes instead: opened again, the old one is cancelled; without a ground it stands."""
    field = FieldDesk.visited(journey, inspectors=6).submitted()
    order = field.dispose(kind="order_to_correct", finding="f1", due_on="2026-11-20").json()
    again = {"visit_from": "2026-11-03", "visit_to": "2026-11-20"}
    path = f"/v1/dispositions/{order['id']}/reinspection"
    opened = journey.call("dispatcher", "POST", path, json=again).json()["visit"]
    assert problem(journey.call("dispatcher", "POST", path, json=again)) == (409, "reinspection-open")
    clock.move(days=1)
    visit = journey.call("dispatcher", "GET", f"/v1/visits/{opened}").json()
    lead = journey.team(visit)[0]
    change(journey, lead, certificate_to="2026-11-02")
    refused = journey.work(lead, visit, "check-in")
    assert problem(refused) == (409, "officer-held-back")
    assert "/v1/dispositions/…/reinspection" in refused.json()["detail"]
    named = journey.work("dispatcher", visit, "team", inspectors=["psb-006"])
    assert problem(named) == (409, "team-stands")
    second = journey.call("dispatcher", "POST", path, json=again)
    assert second.status_code == 201, second.text
    assert journey.call("dispatcher", "GET", f"/v1/visits/{opened}").json()["state"] == "cancelled"
    dealt = journey.call("dispatcher", "GET", f"/v1/visits/{second.json()['visit']}").json()
    assert lead not in codes(dealt)
    journey.go(dealt)
