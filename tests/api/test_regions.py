"""Levels of government (clauses M3, W1): a city sees its counties and plans across them, a county itself."""

from typing import Any

import pytest

from app.services.access import create_key
from tests.api.journey import PLAN, Journey, entity_rows, inspector_rows
from tests.conftest import Clock

CITY, COUNTY, SISTER = "410900", "410928", "410922"


@pytest.fixture
def city(journey: Journey) -> Journey:
    """Keys of the city, of its county and a sister county; premises and officers in both."""
    house = journey.client.app.state.house  # type: ignore[attr-defined]  # the application, not any ASGI callable
    with house.database.unit_of_work() as session:
        for name, role, region in [
            *((f"city-{role}", role, CITY) for role in ("registrar", "planner", "approver", "dispatcher")),
            *((f"city-{role}", role, CITY) for role in ("supervisor", "witness")),
            ("city-witness-2", "witness", CITY),
            ("sister-supervisor", "supervisor", SISTER),
            ("sister-planner", "planner", SISTER),
        ]:
            journey.keys[name], _ = create_key(
                session, new_id=house.new_id(), role=role, region=region, name=name, now=house.clock()
            )
    rows = [{**row, "region": COUNTY if n % 2 else SISTER} for n, row in enumerate(entity_rows(20))]
    officers = [{**row, "districts": CITY} for row in inspector_rows(8)]
    as_city = Journey(
        journey.client, {**journey.keys, "registrar": journey.keys["city-registrar"]}, journey.run_jobs
    )
    assert as_city.load("entities", rows)["result"]["created"] == 20
    landed = as_city.load("inspectors", officers)
    assert landed["result"]["created"] == 8
    return journey


def _regions(journey: Journey, who: str) -> list[dict[str, Any]]:
    answer = journey.call(who, "GET", "/v1/regions")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_a_city_sees_its_counties_and_a_county_itself(city: Journey) -> None:
    """The key of `410900` sees all of the city, with names of GB/T 2260 and what each county holds."""
    seen = _regions(city, "city-supervisor")
    assert [(one["code"], one["name"], one["level"], one["parent"]) for one in seen] == [
        ("410900", "濮阳市", "city", None),
        ("410922", "清丰县", "county", "410900"),
        ("410928", "濮阳县", "county", "410900"),
    ]
    assert [one["held"]["premises"] for one in seen] == [20, 10, 10]
    (own,) = _regions(city, "supervisor")
    assert (own["code"], own["parent"], own["held"]["premises"]) == (COUNTY, None, 10)
    assert city.call("elsewhere", "GET", "/v1/regions").json() == {"items": []}


def test_a_city_plans_and_draws_across_its_counties(city: Journey, clock: Clock) -> None:
    """One draw of the city takes premises of both counties; a county sees neither plan nor draw."""
    as_city = Journey(
        city.client,
        {
            **city.keys,
            **{role: city.keys[f"city-{role}"] for role in ("planner", "approver", "dispatcher", "witness")},
            "witness-2": city.keys["city-witness-2"],
        },
        city.run_jobs,
        calls=1000,
    )
    draw = as_city.drawn(region="4109")
    assert draw["state"] == "drawn"
    visits = as_city.visits(draw["id"])
    assert {visit["region"] for visit in visits} == {COUNTY, SISTER}
    # a county's dispatcher learns of the city's visits there when everybody does
    assert city.visits(draw["id"]) == []
    first = visits[0]["id"]
    assert city.call("dispatcher", "GET", f"/v1/visits/{first}").status_code == 404
    clock.move(days=1, hours=1)
    assert {visit["region"] for visit in city.visits(draw["id"])} == {COUNTY}
    assert city.call("sister-planner", "GET", f"/v1/draws/{draw['id']}").status_code == 404
    assert city.call("sister-planner", "GET", "/v1/draw-plans").json() == {"items": []}
    refused = city.call("sister-planner", "POST", "/v1/draw-plans", json={**PLAN, "region": "4109"})
    assert refused.status_code == 404
    held = {one["code"]: one["held"]["draws"] for one in _regions(city, "city-supervisor")}
    assert held == {"410900": 1, "410922": 0, "410928": 0}
