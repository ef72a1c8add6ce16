"""The forecast of a city: its counties' own forecasts, by their own calendars (M3, W1, B12)."""

from datetime import date
from typing import Any

import pytest

from app.deps import House, new_uuid7
from app.services.access import create_key
from tests.api import calendar_desk
from tests.api.journey import Journey
from tests.api.test_duties import capped
from tests.conftest import Clock
from tests.planning_county import add_inspector, add_premises, add_visit

FORECAST = "/v1/duties/forecast"
COUNTIES = {"410922": ("清丰县", 3), "410928": ("濮阳县", 5)}


@pytest.fixture
def city(house: House, journey: Journey) -> None:
    """Two counties, each with venues and officers of its own; a planner and an approver of the city."""
    for code, (_, count) in COUNTIES.items():
        for n in range(count):
            venue = {"regime": "entertainment", "subtype": "ktv", "level": 2}
            add_premises(house, f"src:{code}-{n}", venue, region=code)
        for n in range(4):
            add_inspector(house, f"{code}-{n}", lead=n < 2, region=code, unit=f"{code}大队")
    with house.database.unit_of_work() as session:
        for role in ("planner", "approver"):
            journey.keys[f"city-{role}"], _ = create_key(
                session, new_id=new_uuid7(), role=role, region="4109", name=f"city {role}", now=house.clock()
            )


def _ask(journey: Journey, who: str, **query: Any) -> Any:
    answer = journey.call(who, "GET", FORECAST, params={"year": 2026, "item": "psb.venues", **query})
    assert answer.status_code == 200, answer.text
    return answer.json()


def _approved(journey: Journey, who: str, region: str) -> None:
    made = calendar_desk.draft(journey, who=f"{who}planner", region=region)
    assert made.status_code == 201, made.text
    approved = journey.call(f"{who}approver", "POST", f"{made.headers['location']}/approve", json={})
    assert approved.status_code == 200, approved.text


@pytest.mark.usefixtures("city")
def test_a_city_is_its_counties_each_by_the_calendar_that_it_keeps_to(journey: Journey) -> None:
    """One county has an approved calendar, the other what the policy implies; later the city's own."""
    _approved(journey, "", "410928")
    found = _ask(journey, "city-planner")
    named = {
        one["region"]: (one["region_name"], one["source"], one["calendar_of"]) for one in found["calendars"]
    }
    assert named == {"410922": ("清丰县", "policy", None), "410928": ("濮阳县", "calendar", "410928")}
    assert {one["region"] for one in found["parts"]} == COUNTIES.keys()
    apart = [_ask(journey, "city-planner", region=county) for county in COUNTIES]
    for name in ("draws", "visits", "duties_missed"):
        assert found["totals"][name] == sum(one["totals"][name] for one in apart) >= 0
    assert found["totals"]["visits"] > 0
    assert found["parts"] == [part for one in apart for part in one["parts"]]
    (duty,) = found["duties"]
    assert (duty["due"], duty["met"]) == (8, 8)  # November and December, once for each of the eight
    regions = {draw["region"] for week in found["weeks"] for draw in week["draws"]}
    assert regions == COUNTIES.keys()
    units = {one["unit"] for week in found["weeks"] for one in week["by_unit"]}
    assert units == {"410922大队", "410928大队"}
    assert _ask(journey, "planner")["parts"] == apart[1]["parts"]

    _approved(journey, "city-", "4109")
    then = _ask(journey, "city-planner")
    kept = {one["region"]: (one["source"], one["calendar_of"]) for one in then["calendars"]}
    assert kept == {"410922": ("calendar", "4109"), "410928": ("calendar", "410928")}
    picture = journey.call("city-planner", "GET", f"{FORECAST}.svg", params={"year": 2026})
    assert picture.status_code == 200


@pytest.mark.usefixtures("city")
def test_the_cap_counts_the_visits_of_whoever_draws(journey: Journey, house: House, clock: Clock) -> None:
    """Four visits a year: the county's own four leave none for the last quarter, the city has made none yet.

    Drawn by the county the duty collides with the cap; by the calendar of the city it does not.
    """
    venue = {"regime": "entertainment", "subtype": "ktv", "level": 1}
    visited = add_premises(house, "src:visited", venue, region="410928")
    for month in (1, 4, 7, 8):
        add_visit(house, visited, "psb.venues", date(2026, month, 10), level="county")
    capped(journey, clock)

    def colliding() -> list[tuple[str, int]]:
        found = _ask(journey, "planner")["collisions"]
        return [(one["subject"], one["wanted"]) for one in found if one["subject"].startswith("entity:")]

    assert colliding() == [("entity:src:visited", 5)]
    _approved(journey, "city-", "4109")
    assert _ask(journey, "planner")["calendars"][0]["calendar_of"] == "4109"
    assert colliding() == []
