"""Preflights over HTTP on both databases: what the registers give, what makes a plan impossible."""

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.deps import House
from app.services.planning.freezing import freeze_input
from app.store.tables.planning import DrawPlan
from tests.planning_county import (
    add_absence,
    add_event,
    add_inspector,
    add_officers,
    add_premises,
    add_recusal,
    add_venues,
    add_visit,
    plan_body,
)


def _as(keys: dict[str, str], who: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {keys[who]}"}


def _draft(client: TestClient, keys: dict[str, str], **changes: Any) -> str:
    answer = client.post("/v1/draw-plans", json=plan_body(**changes), headers=_as(keys, "planner"))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def _ahead(client: TestClient, keys: dict[str, str], **changes: Any) -> dict[str, Any]:
    plan = _draft(client, keys, **changes)
    answer = client.get(f"/v1/draw-plans/{plan}/preflight", headers=_as(keys, "planner"))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_worked_preflight_by_the_policys_strata(
    client: TestClient, keys: dict[str, str], house: House
) -> None:
    """60 venues of level 1 and 12 of level 3 want 11 and 7.

    quota = ceil(60/20) = 3 and max(ceil(12/20), 1) = 1; surprise = ceil(60/50) = 2 and 1. Nobody was visited
    yet: of the weekly draws from this one on 8 end in the quarter and 3 in the month, one of them in reserve,
    so cover = ceil(60/7) = 9 and 12/2 = 6.
    """
    add_venues(house, 60)
    add_venues(house, 12, level=3, prefix="src:w")
    add_officers(house)
    body = plan_body()
    del body["strata"]
    plan = client.post("/v1/draw-plans", json=body, headers=_as(keys, "planner")).json()["id"]
    ahead = client.get(f"/v1/draw-plans/{plan}/preflight", headers=_as(keys, "approver")).json()
    assert (ahead["lines"], ahead["inspectors"], ahead["errors"]) == (72, 8, [])
    numbers = [
        (s["name"], s["size"], s["drawable"], s["quota"], s["cover"], s["surprise"], s["wanted"], s["drawn"])
        for s in ahead["by_stratum"]
    ]
    assert numbers == [
        ("entertainment-1", 60, 60, 3, 9, 2, 11, 11),
        ("entertainment-3", 12, 12, 1, 6, 1, 7, 7),
    ]
    assert [w["code"] for w in ahead["warnings"]] == ["empty-stratum", "inspectors-unrestricted"]


def test_an_empty_register_is_an_error_in_both_languages(client: TestClient, keys: dict[str, str]) -> None:
    """Each finding has a stable code, Chinese and English."""
    [error] = _ahead(client, keys)["errors"]
    assert error["code"] == "no-lines"
    assert "检查对象" in error["message"]
    assert "premises" in error["message_en"]


def test_without_a_lead_the_missing_tag_is_named_and_approval_refused(
    client: TestClient, keys: dict[str, str], house: House
) -> None:
    """Preflight: fewer than team-size eligible inspectors is an error that names the missing tag."""
    add_venues(house, 12)
    add_officers(house, leads=0)
    plan = _draft(client, keys)
    ahead = client.get(f"/v1/draw-plans/{plan}/preflight", headers=_as(keys, "planner")).json()
    [error] = ahead["errors"]
    assert error["code"] == "too-few-inspectors"
    assert (error["missing"], error["slots"], error["lines"]) == (["role:lead"], [0], 12)
    assert error["message"].startswith("第 1 席（标签 agency:psb+role:lead）")
    refused = client.post(f"/v1/draw-plans/{plan}/approve", headers=_as(keys, "approver"))
    assert refused.status_code == 409
    assert refused.json()["type"] == "/problems/preflight-failed"
    assert [e["code"] for e in refused.json()["errors"]] == ["too-few-inspectors"]
    assert "role:lead" in refused.json()["errors"][0]["detail"]
    assert client.get(f"/v1/draw-plans/{plan}", headers=_as(keys, "planner")).json()["state"] == "draft"


def test_everyone_left_out_is_listed_with_the_reason(
    client: TestClient, keys: dict[str, str], house: House
) -> None:
    """W4, W8 and art. 42."""
    add_venues(house, 12)
    add_officers(house)
    add_inspector(house, "aux", kind="auxiliary")
    add_inspector(house, "cert", certificate_to=date(2026, 11, 19))
    add_inspector(house, "train", training_to=date(2026, 11, 19))
    add_inspector(house, "fire", agency="fire")
    add_inspector(house, "far", region="320102")
    away = add_inspector(house, "away")
    add_absence(house, away, date(2026, 11, 20), date(2026, 11, 30))
    back = add_inspector(house, "back")
    add_absence(house, back, date(2026, 10, 1), date(2026, 11, 9))
    ahead = _ahead(client, keys)
    assert {e["inspector"]: e["reason"] for e in ahead["excluded"]} == {
        "aux": "auxiliary",
        "away": "absent",
        "cert": "certificate-expired",
        "fire": "other-agency",
        "train": "training-expired",
    }
    assert ahead["inspectors"] == 9
    assert all(e["message"] and e["message_en"] for e in ahead["excluded"])


@pytest.mark.parametrize(
    "scope", [{}, {"levels": [1]}, {"stations": ["002"]}, {"regimes": ["entertainment"]}]
)
def test_scope_reaches_the_roster(
    client: TestClient, keys: dict[str, str], house: House, scope: dict[str, list[Any]]
) -> None:
    """Three of level 1 at station 001, four of level 2 at station 002, one closed, one elsewhere."""
    add_venues(house, 3)
    add_venues(house, 4, level=2, station="002", prefix="src:w")
    add_premises(house, "src:closed", {"regime": "entertainment", "level": 1, "status": "closed"})
    add_premises(house, "src:far", {"regime": "entertainment", "level": 1}, region="320102")
    add_officers(house)
    found = _ahead(client, keys, scope=scope)["lines"]
    assert found == {"": 7, "levels": 3, "stations": 4, "regimes": 7}["".join(scope)]


def test_what_is_wrong_with_the_registers_is_told(
    client: TestClient, keys: dict[str, str], house: House
) -> None:
    """A venue without level, one that no stratum takes, and recusals that empty a team."""
    add_premises(house, "src:ungraded", {"regime": "entertainment"})
    add_premises(house, "src:level-2", {"regime": "entertainment", "level": 2})
    recused = add_premises(house, "src:recused", {"regime": "entertainment", "level": 1})
    leads = [add_inspector(house, f"L{n}", lead=True) for n in range(2)]
    add_inspector(house, "M0")
    for lead in leads:
        add_recusal(house, lead, recused)
    stratum = plan_body()["strata"][0] | {"match": {"level": 1}}
    ahead = _ahead(client, keys, strata=[stratum])
    assert {e["code"]: e.get("examples") for e in ahead["errors"]} == {
        "unmatched": ["src:level-2"],
        "no-level": ["src:ungraded"],
        "recusals-leave-too-few": None,
    }
    assert ahead["recusals"] == 2


def test_single_random_needs_no_inspectors(client: TestClient, keys: dict[str, str], house: House) -> None:
    """Clause M9, and the policy's cafe stratum: ceil(41/20) = 3."""
    for n in range(41):
        add_premises(house, f"src:c{n:02}", {"regime": "internet_cafe"})
    ahead = _ahead(client, keys, item="psb.internet-cafes", slots=[], strata=None)
    assert ahead["errors"] == []
    assert [(s["name"], s["quota"]) for s in ahead["by_stratum"]] == [("internet_cafe", 3)]


def test_what_is_frozen_is_what_the_registers_say(
    client: TestClient, keys: dict[str, str], house: House
) -> None:
    """Tickets, needs, notes, tags and recusals of one small county, worked out by hand."""
    bad = add_premises(
        house, "src:bad", {"regime": "fire_unit", "subtype": "general"}, station="002", key_area=True
    )
    add_event(house, bad, "fire", date(2026, 1, 1))
    add_event(house, bad, "penalty", date(2026, 1, 1), withdrawn_at=house.clock())
    rested = add_premises(house, "src:rested", {"regime": "fire_unit", "subtype": "general"}, station=None)
    add_visit(house, rested, "other.item", date(2026, 10, 20), codes=["05"], agency="psb")
    add_premises(house, "src:key", {"regime": "fire_unit", "subtype": "key"})
    lead = add_inspector(house, "F0", agency="fire", lead=True, districts=["002"], cap=3)
    add_inspector(house, "F1", agency="fire", lead=True, regimes=["fire_unit"])
    add_inspector(house, "F2", agency="fire", regimes=["entertainment"])
    for code in ("F3", "F4", "F5"):
        add_inspector(house, code, agency="fire")
    add_recusal(house, lead, bad)
    slots = [["role:lead", "agency:fire"], ["agency:fire"]]
    plan_id = _draft(client, keys, item="fire.units", strata=None, slots=slots, alg="sm3")
    with house.database.unit_of_work() as session:
        plan = session.get_one(DrawPlan, plan_id)
        found = freeze_input(session, house.vault, plan, house.clock())
    lines = [(r.id, r.stratum, r.tickets, r.draws_left, r.needs, r.note) for r in found.roster]
    assert lines == [
        ("src:bad", "fire_unit-general", 12, 0, ("district:410928002", "regime:fire_unit"), None),
        # owed once in 2026; after this draw there is the one of the season in December, the reserve
        ("src:key", "fire_unit-key", 2, 1, ("district:410928001", "regime:fire_unit"), None),
        ("src:rested", "fire_unit-general", 0, 0, ("district:410928", "regime:fire_unit"), "cooldown"),
    ]
    everywhere = ("agency:fire", "district:410928", "district:410928001", "district:410928002")
    tags = {inspector.id: inspector.tags for inspector in found.inspectors}
    assert tags["F0"] == ("agency:fire", "district:410928002", "regime:fire_unit", "role:lead")
    assert tags["F1"] == (*everywhere, "regime:fire_unit", "role:lead")
    assert [(one.inspector, one.reason) for one in found.excluded] == [("F2", "not-qualified")]
    assert {i.id: i.cap for i in found.inspectors}["F0"] == 3
    assert [(r.inspector, r.entity) for r in found.recusals] == [("F0", "src:bad")]
    assert [(s.name, s.rate_p, s.rate_q, s.minimum, s.surprise) for s in found.strata] == [
        ("fire_unit-general", 1, 20, 1, 0),
        ("fire_unit-key", 1, 20, 1, 0),
    ]
    assert found.slots == (("agency:fire", "role:lead"), ("agency:fire",))
    policy = client.get(f"/v1/public/policies/{found.policy}").json()
    assert policy["digests"]["sm3"] == found.policy
