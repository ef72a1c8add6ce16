"""From the plan to the public result in each regime over HTTP (issue 3, Tests)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.adapters import drand_bls
from app.adapters.record_files import open_record
from app.domain.draw.verifier.verify import verify
from tests.api.field_desk import FieldDesk
from tests.api.journey import Journey, entity_rows, inspector_rows
from tests.conftest import REGION, Clock


@dataclass(frozen=True)
class Regime:
    """What a regime's journey differs in."""

    name: str
    item: str
    agency: str
    violation: str
    entries: int
    disposition: dict[str, Any]
    punished: bool


REGIMES = (
    Regime(
        "entertainment", "psb.venues", "psb", "21", 8, {"kind": "fine", "amount_cny": 3000}, punished=True
    ),
    Regime("special_industry", "psb.special-industry", "psb", "21", 8, {"kind": "warning"}, punished=True),
    Regime("fire_unit", "fire.units", "fire", "22", 10, {"kind": "temporary_seal"}, punished=False),
    Regime(
        "internet_cafe",
        "psb.internet-cafes",
        "psb",
        "23",
        4,
        {"kind": "suspension", "months": 1},
        punished=True,
    ),
)


def planned(journey: Journey, regime: Regime) -> str:
    """The id of a draw of the regime's registers: planned without a word on strata, checked, committed."""
    rows = entity_rows(4, regime=regime.name)
    assert journey.load("entities", rows)["result"]["created"] == 4
    assert journey.load("inspectors", inspector_rows(6, agency=regime.agency))["result"]["created"] == 6
    plan = journey.approved_plan(
        item=regime.item,
        scope={"regimes": [regime.name], "levels": [], "stations": []},
        strata=None,
        slots=[[f"agency:{regime.agency}", "role:lead"], [f"agency:{regime.agency}"]],
    )
    found = journey.call("planner", "GET", f"/v1/draw-plans/{plan}/preflight").json()
    assert (found["lines"], found["errors"]) == (4, [])
    draw = journey.call("planner", "POST", "/v1/draws", json={"draw_plan": plan})
    assert draw.status_code == 201, draw.text
    number: str = draw.json()["id"]
    return number


def at_the_door(journey: Journey, visit: dict[str, Any]) -> None:
    """The team picks the day unseen, shows a code that anybody may check, comes and leaves."""
    lead = journey.team(visit)[0]
    picked = journey.work(lead, visit, "schedule", visit_on="2026-11-04")
    assert "entity" not in picked.json()
    assert journey.work(lead, visit, "check-in").status_code == 404


def checked_at_the_door(journey: Journey, visit: dict[str, Any], regime: Regime) -> None:
    """On the day: genuine, for this item, with this team; then the visit takes place."""
    lead, second = journey.team(visit)
    code = journey.work(lead, visit, "code").json()["code"]
    genuine = journey.call(None, "GET", f"/v1/public/verify-visit/{code}").json()
    assert (genuine["item"], genuine["agency"]) == (regime.item, regime.agency)
    assert {one["certificate_no"] for one in genuine["officers"]} == {
        one["certificate_no"] for one in visit["team"]
    }
    assert lead != second
    journey.go(visit)


@pytest.mark.parametrize("regime", REGIMES, ids=lambda regime: regime.name)
def test_every_regime_goes_from_the_plan_to_the_public_result(
    journey: Journey, clock: Clock, tmp_path: Path, regime: Regime
) -> None:
    """Plan, draw, door, record, disposition, four people, the reveal; then all is public and verifies."""
    draw = planned(journey, regime)
    commitment = journey.call(None, "GET", f"/v1/public/draws/{draw}").json()["commitment"]
    assert journey.give(draw, "dice-1", "01234567890123456789").status_code == 200
    last = journey.give(draw, "lottery", "03,09,17,21,28,33+06", who="witness-2").json()
    assert last["state"] == "drawn"
    visits = journey.visits(draw)
    assert len(visits) == last["drawn"] > 0
    assert {len(visit["checklist"]) for visit in visits} == {regime.entries}
    for visit in visits:
        assert (visit["regimes"], visit["region"]) == ([regime.name], REGION)
        at_the_door(journey, visit)
    clock.move(days=2)
    for visit in visits:
        checked_at_the_door(journey, visit, regime)
    first, *others = visits
    desk = FieldDesk(journey, first).submitted(codes=["05", regime.violation])
    assert desk.dispose(**regime.disposition).status_code == 201
    for visit in others:
        journey.submit_clean(visit)
    for visit in visits:
        journey.publish(visit)
    clock.move(days=6)
    assert journey.call("dispatcher", "POST", f"/v1/draws/{draw}/reveal", json={}).status_code == 200
    everything_is_public(journey, regime, draw, visits)
    record = tmp_path / "record.zip"
    record.write_bytes(journey.call(None, "GET", f"/v1/public/draws/{draw}/record.zip").content)
    with open_record(record) as opened:
        checks = verify(opened, bls=drand_bls.verify, commitment=commitment).checks
    assert not [check.check for check in checks if check.status == "failed"]
    assert [check.check for check in checks if check.status == "ok"]


def everything_is_public(journey: Journey, regime: Regime, draw: str, visits: list[dict[str, Any]]) -> None:
    """In the list, on the draw's page, under the entity, in the export, the feed and the numbers."""
    first = visits[0]
    listed = journey.call(None, "GET", f"/v1/public/results?regime={regime.name}&count=true").json()
    assert listed["count"] == len(visits)
    assert {row["draw_id"] for row in listed["items"]} == {draw}
    whole = journey.call(None, "GET", f"/v1/public/results/{first['id']}").json()
    assert (whole["codes"], whole["found"], whole["in_time"]) == (["05", regime.violation], True, True)
    assert whole["punished"] is regime.punished
    result = whole["document"]["result"]
    assert [one["kind"] for one in result["dispositions"]] == [regime.disposition["kind"]]
    assert {one["code"] for one in result["officers"]} == {one["inspector"] for one in first["team"]}
    rows = journey.call(None, "GET", f"/v1/public/draws/{draw}/results").json()["items"]
    assert {(row["state"], row["result"]["version"]) for row in rows} == {("published", 1)}
    assert journey.call(None, "GET", f"/v1/public/entities/{first['entity']}").json()["items"][0]["found"]
    assert first["entity_name"] in journey.call(None, "GET", "/v1/public/results.csv").text
    assert first["entity_name"] in journey.call(None, "GET", f"/v1/public/results.atom?draw={draw}").text
    for page in (f"/draws/{draw}", f"/results/{first['id']}", "/results", "/statistics"):
        assert journey.call(None, "GET", page).status_code == 200, page
    total = journey.call(None, "GET", "/v1/public/statistics").json()["total"]
    assert (total["drawn"], total["published"], total["in_time"]) == (len(visits),) * 3
    assert (total["found"], total["punished"]) == (1, int(regime.punished))
    unpublished = journey.call("supervisor", "GET", "/v1/reports/unpublished").json()
    assert unpublished["items"] == []
