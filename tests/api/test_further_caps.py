"""Annual caps besides the plan's own over HTTP: of a joint draw's other agencies, of a city's counties."""

from typing import Any

from app.deps import House
from app.services.access import create_key
from tests.api.journey import PLAN, Journey, entity_rows, inspector_rows, made_up_uscc
from tests.api.test_duties import capped
from tests.conftest import Clock

CITY, COUNTY, SISTER = "410900", "410928", "410922"
EVERY = [{"name": "all", "match": {"regime": "entertainment"}, "rate": [1, 1], "min": 0, "surprise": 0}]
WEEK = {"visit_from": "2026-11-04", "strata": EVERY}


def venues(*regions: str) -> list[dict[str, object]]:
    """Rows of venues of level 1, registered long ago, one in each of these regions."""
    return [
        {**row, "level": 1, "registered_on": "2019-05-01", "region": region}
        for row, region in zip(entity_rows(len(regions)), regions, strict=True)
    ]


def visits(agency: str, item: str, *ends: tuple[int, str]) -> list[dict[str, object]]:
    """Rows of drawn visits by an agency: of which venue, and when."""
    made = {"item": item, "kind": "drawn", "agency": agency, "codes": "01"}
    return [{"entity": made_up_uscc(n), "on": on, **made} for n, on in ends]


def test_a_joint_draw_keeps_to_the_cap_of_each_agency(journey: Journey, clock: Clock) -> None:
    """Four visits a year: venue 1 had four by the fire service, venue 2 three."""
    capped(journey, clock)
    journey.load("entities", venues(COUNTY, COUNTY))
    fire = [{**row, "certificate_no": f"XF{n}"} for n, row in enumerate(inspector_rows(4, agency="fire"))]
    journey.load("inspectors", [*inspector_rows(4), *fire])
    by_fire = [(1, f"2026-0{n}-10") for n in (2, 4, 6, 8)] + [(2, f"2026-0{n}-10") for n in (2, 4, 6)]
    journey.load("visits", visits("fire", "fire.units", *by_fire))
    joint = {
        "joint": {"lead_agency": "psb", "items": {"psb": ["psb.venues"], "fire": ["fire.units"]}},
        "slots": [["agency:psb", "role:lead"], ["agency:fire"]],
    }
    alone = journey.call("planner", "POST", "/v1/draw-plans", json={**PLAN, **WEEK}).json()["id"]
    assert journey.call("planner", "GET", f"/v1/draw-plans/{alone}/collisions").json()["items"] == []

    plan = journey.call("planner", "POST", "/v1/draw-plans", json={**PLAN, **WEEK, **joint}).json()["id"]
    path = f"/v1/draw-plans/{plan}"
    [found] = journey.call("approver", "GET", f"{path}/collisions").json()["items"]
    assert (found["subject"], found["used"], found["needed"]) == (f"entity:{made_up_uscc(1)}", 4, 1)
    errors = journey.call("planner", "GET", f"{path}/preflight").json()["errors"]
    assert [(one["code"], one["count"]) for one in errors] == [("collision-undecided", 1)]
    refused = journey.call("approver", "POST", f"{path}/approve")
    assert refused.json()["type"] == "/problems/collisions-undecided"

    ruling = {
        "subjects": [found["subject"]],
        "yields": "duty",
        "why": "消防今年已查四次",
        "basis": "本县公告",
    }
    decided = journey.call("approver", "POST", f"{path}/collisions/decide", json=ruling)
    assert (decided.status_code, decided.json()["undecided"]) == (200, 0), decided.text
    [stratum] = journey.call("planner", "GET", f"{path}/preflight").json()["by_stratum"]
    assert (stratum["size"], stratum["drawable"]) == (2, 1)
    assert journey.call("approver", "POST", f"{path}/approve").status_code == 200


def test_a_citys_plan_keeps_to_the_caps_of_its_counties(journey: Journey, house: House, clock: Clock) -> None:
    """The county published four visits a year, the city and the sister county none."""
    with house.database.unit_of_work() as session:
        for role in ("registrar", "planner", "approver"):
            journey.keys[f"city-{role}"], _ = create_key(
                session, new_id=house.new_id(), role=role, region=CITY, name=f"city-{role}", now=house.clock()
            )
    capped(journey, clock)
    city = Journey(
        journey.client, {**journey.keys, "registrar": journey.keys["city-registrar"]}, journey.run_jobs
    )
    city.load("entities", venues(COUNTY, SISTER))
    city.load("inspectors", [{**row, "districts": CITY} for row in inspector_rows(8)])
    # The quarter is met: nothing is owed, so nothing is to be decided.
    made = [(n, f"2026-{month}-10") for n in (1, 2) for month in ("02", "04", "08", "10")]
    city.load("visits", visits("psb", "psb.venues", *made))
    asked: dict[str, Any] = {**PLAN, **WEEK, "region": CITY}
    plan = city.call("city-planner", "POST", "/v1/draw-plans", json=asked).json()["id"]
    ahead = city.call("city-planner", "GET", f"/v1/draw-plans/{plan}/preflight").json()
    [stratum] = ahead["by_stratum"]
    assert (stratum["size"], stratum["drawable"]) == (2, 1)
    [found] = [one for one in ahead["warnings"] if one["code"] == "parts-have-policies"]
    assert (found["count"], found["regions"]) == (1, [COUNTY])
    assert city.call("city-approver", "POST", f"/v1/draw-plans/{plan}/approve").status_code == 200
