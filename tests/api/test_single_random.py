"""Single-random draws 单随机 (clause M9): cafes only, marked, officers under every rule, reported."""

from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import select
from sqlmodel import col

from app.deps import House
from app.store.tables.access import AuditEvent
from tests.api.amendment_desk import AmendmentDesk
from tests.api.journey import Journey, entity_rows, inspector_rows
from tests.conftest import Clock

CAFES: dict[str, Any] = {
    "item": "psb.internet-cafes",
    "scope": {"regimes": ["internet_cafe"], "levels": [], "stations": []},
    "strata": [
        {"name": "cafes", "match": {"regime": "internet_cafe"}, "rate": [1, 5], "min": 0, "surprise": 0}
    ],
}
SHARE = "/v1/statistics/single-random"
PUBLIC = "/v1/public/statistics/single-random"


@pytest.fixture
def cafes(journey: Journey) -> Journey:
    """Ten cafes, and officers of whom some may not go everywhere."""
    journey.load("entities", entity_rows(10, regime="internet_cafe"))
    rows = [
        *inspector_rows(8),
        {**inspector_rows(1)[0], "code": "late", "certificate_no": "ZF1", "certificate_to": "2026-11-04"},
        {**inspector_rows(1)[0], "code": "other", "certificate_no": "ZF2", "regimes": "fire_unit"},
        {**inspector_rows(1)[0], "code": "far", "certificate_no": "ZF3", "districts": "410928999"},
        {**inspector_rows(1)[0], "code": "fire", "certificate_no": "ZF4", "agency": "fire"},
        {**inspector_rows(1)[0], "code": "aux", "certificate_no": "ZF5", "kind": "auxiliary"},
    ]
    rows = [{"kind": "officer", **row} for row in rows]
    assert journey.load("inspectors", rows)["result"]["rejected"] == 0
    return journey


def problem(answer: Response) -> tuple[int, str]:
    """Status and slug of a refusal."""
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


def quarters(answer: Response) -> list[tuple[Any, ...]]:
    """The numbers of a report."""
    return [
        (
            *(one["quarter"], one["item"], one["draws"], one["single_random_draws"]),
            *(one["single_random_draws_bp"], one["visits"], one["single_random_visits"]),
        )
        for one in answer.json()["items"]
    ]


def test_officers_named_by_hand_are_held_to_the_rules_and_the_share_is_public(
    cafes: Journey, clock: Clock
) -> None:
    """行政处罚法 art. 42 and 43 hold for whoever is named; nobody calls a single-random draw a double one."""
    venues = cafes.call("planner", "POST", "/v1/draw-plans", json={**CAFES_AS_VENUES, "period": "x"})
    assert problem(venues) == (409, "plan-rules")
    draw = cafes.drawn(**CAFES, slots=[])
    assert (draw["state"], draw["drawn"]) == ("drawn", 2)
    public = cafes.call(None, "GET", f"/v1/public/draws/{draw['id']}").json()
    assert (public["single_random"], public["amendments"]) == (True, [])
    assert "单随机" in cafes.call(None, "GET", f"/draws/{draw['id']}").text
    assert "单随机" in cafes.call(None, "GET", "/").text

    desk = AmendmentDesk(cafes, clock, draw)
    assert problem(desk.amend("withdraw", inspector="psb-001")) == (409, "no-teams-dealt")
    visit, other = desk.visits()
    assert (visit["team"], other["team"]) == ([], [])
    desk.recused("psb-008", visit["entity"])

    def name(*who: str) -> Response:
        return cafes.call("dispatcher", "POST", f"/v1/visits/{visit['id']}/team", json={"inspectors": who})

    for who, slug in (
        (("psb-001",), "too-few-officers"),
        (("psb-001", "psb-001"), "too-few-officers"),
        (("psb-001", "late"), "officer-may-not-go"),
        (("psb-001", "aux"), "officer-may-not-go"),
        (("psb-001", "psb-008"), "officer-may-not-go"),
        (("psb-001", "other"), "officer-may-not-go"),
        (("psb-001", "far"), "officer-may-not-go"),
        (("psb-001", "fire"), "officer-may-not-go"),
        (("psb-001", "nobody"), "officer-may-not-go"),
    ):
        assert problem(name(*who)) == (409, slug), who
    assert name("psb-001", "psb-002").status_code == 200
    assert problem(name("psb-003", "psb-004")) == (409, "team-stands")
    assert cafes.call("planner", "POST", f"/v1/visits/{visit['id']}/team").status_code == 403

    double = cafes.drawn(**CAFES, period="2026-11.2")
    void = cafes.drawn(**CAFES, period="2026-11.3", slots=[])
    cafes.call("planner", "POST", f"/v1/draws/{void['id']}/void", json={"reason": "law-change"})
    cafes.call("approver", "POST", f"/v1/draws/{void['id']}/void/approve", json={})
    year = {"year": 2026}
    item = "psb.internet-cafes"
    told = ("2026Q4", item, 2, 1, 5000, 2 + double["drawn"], 2)
    assert quarters(cafes.call("supervisor", "GET", SHARE, params=year)) == [told]
    assert cafes.call("supervisor", "GET", SHARE, params={**year, "region": "320102"}).status_code == 404
    assert quarters(cafes.call("auditor", "GET", SHARE, params={"year": 2025})) == []
    assert cafes.call("planner", "GET", SHARE, params=year).status_code == 403
    assert cafes.call(None, "GET", PUBLIC, params={"year": 99999}).status_code == 422
    # The public sees every draw at once, and its visits with the record.
    assert quarters(cafes.call(None, "GET", PUBLIC, params=year)) == [("2026Q4", item, 2, 1, 5000, 0, 0)]
    clock.move(days=60)
    revealed = cafes.call("dispatcher", "POST", f"/v1/draws/{draw['id']}/reveal", json={})
    assert revealed.status_code == 200, revealed.text
    after = quarters(cafes.call(None, "GET", PUBLIC, params={**year, "region": "410928"}))
    assert after == [("2026Q4", item, 2, 1, 5000, 2, 2)]


def test_a_named_officer_who_cannot_go_is_replaced_by_name_and_the_log_says_why(
    cafes: Journey, clock: Clock, house: House
) -> None:
    """As an amendment of a dealt team: by a ground in the registers, before anybody came, the others stay."""
    draw = cafes.drawn(**CAFES, slots=[])
    desk = AmendmentDesk(cafes, clock, draw)
    visit, other = desk.visits()

    def name(*who: str, at: dict[str, Any] = visit) -> Response:
        return cafes.work("dispatcher", at, "team", inspectors=list(who))

    assert name("psb-001", "psb-002").status_code == 200
    assert name("psb-003", "psb-004", at=other).status_code == 200
    stands = name("psb-003")
    assert problem(stands) == (409, "team-stands")
    assert "名录" in stands.json()["detail"]
    clock.move(days=1)
    desk.absent("psb-001")
    amended = desk.amend("withdraw", inspector="psb-001")
    assert problem(amended) == (409, "no-teams-dealt")
    assert "/v1/visits/…/team" in amended.json()["detail"]
    code = cafes.work(cafes.officer("psb-002"), visit, "code").json()["code"]
    for who in ("late", "other", "far", "fire", "aux", "nobody", "psb-001"):
        assert name(who).status_code == 409, who
    after = name("psb-005").json()
    assert [(one["slot"], one["inspector"], one["ground"]) for one in after["team"]] == [
        (0, "psb-005", None),
        (1, "psb-002", None),
    ]
    assert cafes.call(None, "GET", f"/v1/public/verify-visit/{code}").status_code == 404
    assert problem(name("psb-006")) == (409, "team-stands")

    # Both have a ground: one is named beside the successor and stays.
    desk.recused("psb-002", visit["entity"])
    desk.absent("psb-005")
    assert problem(name("psb-005", "psb-006", "psb-006")) == (409, "too-few-officers")
    kept = name("psb-005", "psb-006").json()
    assert [(one["slot"], one["inspector"]) for one in kept["team"]] == [(0, "psb-005"), (1, "psb-006")]
    with house.database.reading() as connection:
        query = select(col(AuditEvent.detail)).where(
            col(AuditEvent.act) == "visits.team", col(AuditEvent.subject) == visit["id"]
        )
        logged = list(connection.scalars(query.order_by(col(AuditEvent.id))))
    assert [(one["inspectors"], one.get("replaced")) for one in logged] == [
        (["psb-001", "psb-002"], None),
        (["psb-005"], {"psb-001": "absent"}),
        (["psb-006"], {"psb-002": "recused"}),
    ]
    cafes.go(kept)

    # Whoever has come shows that the visit begins with this team.
    assert cafes.work(cafes.officer("psb-003"), other, "check-in").status_code == 200
    desk.absent("psb-004")
    assert problem(name("psb-007", at=other)) == (409, "team-stands")


def test_whoever_changed_agency_or_runs_out_is_replaced_too(cafes: Journey, clock: Clock) -> None:
    """A transfer and a certificate are grounds like leave; a dealt team is not named by anybody."""
    desk = AmendmentDesk(cafes, clock, cafes.drawn(**CAFES, slots=[]))
    visit = desk.visits()[0]
    assert cafes.work("dispatcher", visit, "team", inspectors=["psb-001", "psb-002"]).status_code == 200
    for code, change in (("psb-001", {"agency": "fire"}), ("psb-002", {"certificate_to": "2026-11-04"})):
        path = f"/v1/inspectors/{code}"
        tag = cafes.call("registrar", "GET", path).headers["etag"]
        answer = cafes.call("registrar", "PATCH", path, json=change, headers={"If-Match": tag})
        assert answer.status_code == 200, answer.text
    told = desk.visits()[0]["team"]
    assert [one["ground"] for one in told] == ["other-agency", "certificate-expired"]
    after = cafes.work("dispatcher", visit, "team", inspectors=["psb-003", "psb-004"]).json()
    assert [one["inspector"] for one in after["team"]] == ["psb-003", "psb-004"]

    dealt = AmendmentDesk(cafes, clock, cafes.drawn(**CAFES, period="2026-11.2"))
    visit = dealt.visits()[0]
    dealt.absent(visit["team"][0]["inspector"])
    refused = cafes.work("dispatcher", visit, "team", inspectors=["psb-008"])
    assert problem(refused) == (409, "team-stands")
    assert "/v1/draws/…/amendments" in refused.json()["detail"]


CAFES_AS_VENUES: dict[str, Any] = {
    "item": "psb.venues",
    "region": "410928",
    "scope": {"regimes": ["entertainment"], "levels": [], "stations": []},
    "slots": [],
    "entropy": {"kind": "ceremony", "sources": [{"name": "dice", "format": "digits:20"}]},
    "visit_from": "2026-11-03",
    "visit_to": "2026-11-10",
    "reveal_by": "2026-12-31",
}
