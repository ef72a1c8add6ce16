"""The forecast of a year before approval (B12, M4, B5), on the sample county and on small registers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from fastapi.testclient import TestClient

from app.deps import House
from app.domain.facts import OpenVisit
from app.services.planning.forecast import nothing_open
from tests.api.journey import PLAN, Journey, entity_rows
from tests.api.test_duties import capped, county, past_visits
from tests.conftest import Clock
from tests.planning_county import add_inspector, add_venues
from tests.simulated_county import FIRST, VENUES, law, registers, venues

FORECAST = "/v1/duties/forecast"


@pytest.fixture
def journey(client: TestClient, keys: dict[str, str], run_jobs: Callable[[], None]) -> Journey:
    """Callers with keys."""
    return Journey(client, keys, run_jobs)


def _load_the_sample_county(journey: Journey) -> None:
    for register in ("entities", "inspectors", "recusals", "risk-events", "visits"):
        content = (Path("samples") / f"{register}.csv").read_bytes()
        answer = journey.call(
            "registrar",
            "POST",
            "/v1/imports",
            files={"file": (f"{register}.csv", content)},
            data={"register": register},
        )
        assert answer.status_code == 202, answer.text
        journey.run_jobs()


def _ask(journey: Journey, who: str = "planner", **query: Any) -> Any:
    answer = journey.call(who, "GET", FORECAST, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_what_is_left_of_the_year_in_the_sample_county(journey: Journey) -> None:
    """From 2 November on, each week with visits by unit and inspector and what binds."""
    _load_the_sample_county(journey)
    found = _ask(journey, year=2026)
    assert (found["first"], found["last"], found["plain_weeks"]) == ("2026-11-02", "2026-12-31", False)
    assert found["weeks"][0]["starts_on"] == "2026-11-02"
    assert len(found["weeks"]) == 9
    assert {one["source"] for one in found["calendars"]} == {"policy"}
    assert found["totals"]["visits"] == sum(week["visits"] for week in found["weeks"]) > 400
    assert found["totals"]["duties_missed"] == sum(row["missed"] for row in found["duties"])
    assert found["infeasible_weeks"] == [week["week"] for week in found["weeks"] if week["infeasible"]]
    week = found["weeks"][1]
    assert week["by_unit"][0]["unit"] == "治安管理大队"
    assert 0 < len(week["by_inspector"]) <= 10
    assert sum(one["visits"] for one in week["by_item"]) >= week["visits"]
    (draw,) = [one for one in week["draws"] if one["item"] == "psb.venues" and one["kind"] == "regular"]
    assert draw["drawn"] >= draw["owed"] > 0
    binds = draw["binds"]
    assert binds["used"] == pytest.approx(binds["asked"] / binds["capacity"], abs=1e-3)
    assert binds["message"]
    assert (binds["used"] > 1) == (binds["shortfall"] is not None) == (draw["without_team"] > 0)
    # the same again, and nothing was stored
    assert _ask(journey, year=2026) == found
    alone = _ask(journey, year=2026, item="fire.units")
    assert {one["item"] for week in alone["weeks"] for one in week["draws"]} == {"fire.units"}
    assert alone["weeks"][1]["by_unit"] == week["by_unit"]
    picture = journey.call("supervisor", "GET", f"{FORECAST}.svg", params={"year": 2026})
    assert picture.headers["content-type"] == "image/svg+xml"
    assert ET.fromstring(picture.content).tag.endswith("svg")  # noqa: S314 - our own answer


def test_a_year_whose_holidays_are_not_known_needs_an_assumption(journey: Journey, house: House) -> None:
    """2027 is not entered: refused, unless plain weeks are to be assumed; then what binds is named."""
    add_venues(house, 4, level=3)
    add_inspector(house, "L0", lead=True, unit="一队", cap=1)
    add_inspector(house, "M0", unit="二队", cap=5)
    add_inspector(house, "M1", unit="二队", cap=5)
    refused = journey.call("approver", "GET", FORECAST, params={"year": 2027})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/calendar-year-missing")
    found = _ask(journey, "approver", year=2027, assume_plain_weeks=True)
    assert found["plain_weeks"] is True
    assert found["totals"]["infeasible_weeks"] == len(found["infeasible_weeks"]) > 0
    (week,) = [one for one in found["weeks"] if one["week"] == found["infeasible_weeks"][0]]
    assert week["binds"]["name"] == "role:lead"
    assert week["binds"]["asked"] > week["binds"]["capacity"]
    short = week["binds"]["shortfall"]
    assert short["lacking"] == week["binds"]["asked"] - week["binds"]["capacity"]
    assert (short["tags"], short["inspectors"], short["examples"]) == (["role:lead"], 1, ["L0"])
    assert [(one["reason"], one["count"]) for one in short["why"]] == [("not-lead", 2)]
    assert "role:lead" in week["binds"]["message"]
    assert week["binds"]["message"].endswith("不能主办 2 人")
    assert found["totals"]["duties_missed"] > 0
    notes = journey.call(
        "planner", "GET", f"{FORECAST}.svg", params={"year": 2027, "assume_plain_weeks": True}
    ).text
    assert "按周一至周五推算" in notes


def test_the_approved_calendar_goes_before_the_policy(journey: Journey, house: House) -> None:
    """What was approved is forecast, moved days included; a committed draw is not drawn again."""
    add_venues(house, 3, level=1)
    for code in ("L0", "L1"):
        add_inspector(house, code, lead=True)
    for code in ("M0", "M1"):
        add_inspector(house, code)
    body = {"item": "psb.venues", "region": "410928", "year": 2026}
    drafted = journey.call("planner", "POST", "/v1/calendar", json=body)
    assert drafted.status_code == 201, drafted.text
    approved = journey.call("approver", "POST", f"/v1/calendar/{drafted.json()['id']}/approve", json={})
    assert approved.status_code == 200, approved.text
    found = _ask(journey, year=2026, item="psb.venues")
    (calendar,) = found["calendars"]
    assert calendar["source"] == "calendar"
    periods = {draw["period"] for week in found["weeks"] for draw in week["draws"]}
    assert periods
    assert periods <= {draw["period"] for draw in drafted.json()["draws"]}
    assert found["duties"][0]["due"] == found["duties"][0]["met"] == 3


def test_what_yields_to_this_years_cap_is_not_overdue_in_the_next(journey: Journey, clock: Clock) -> None:
    """Six venues of level 3 had the cap's four visits by April, and it was decided that their duty yields.

    So nothing is drawn this year any more. January has four weekly draws: of six lines with `draws_left` 3
    the first takes ceil(6/3) = 2 and one by surprise, not all six as it would of what is overdue.
    """
    capped(journey, clock)
    county(journey, *({**row, "level": 3, "registered_on": "2019-05-01"} for row in entity_rows(6)))
    used = [(n, f"2026-{month:02}-10") for n in range(1, 7) for month in range(1, 5)]
    journey.load("visits", past_visits(*used))
    plan = journey.call("planner", "POST", "/v1/draw-plans", json={**PLAN, "visit_from": "2026-11-04"}).json()
    ruling = {"subjects": ["class:entertainment-3"], "yields": "duty", "why": "年度上限已满", "basis": "上限"}
    path = f"/v1/draw-plans/{plan['id']}/collisions/decide"
    assert journey.call("approver", "POST", path, json=ruling).status_code == 200
    asked: dict[str, Any] = {"item": VENUES, "assume_plain_weeks": True}
    this_year, next_year = (_ask(journey, year=year, **asked) for year in (2026, 2027))
    assert this_year["totals"]["visits"] == 0
    assert {(one["due"], one["missed"]) for one in this_year["duties"]} <= {(0, 0)}, "nothing is owed"
    january = [draw for week in next_year["weeks"] for draw in week["draws"]][:4]
    assert [draw["period"] for draw in january] == [f"2027-01.{n}" for n in range(1, 5)]
    assert (january[0]["lines"], january[0]["owed"], january[0]["drawn"]) == (6, 3, 3)
    decided = {one["subject"]: one["yields"] for one in this_year["collisions"]}
    assert decided == {"class:entertainment-3": "duty"}
    assert {one["yields"] for one in next_year["collisions"]} == {None}, "the next year is decided by itself"


@pytest.mark.parametrize(
    ("who", "query", "status"),
    [
        ("registrar", {"year": 2026}, 403),
        ("planner", {"year": 2025}, 409),
        ("planner", {"year": 2028}, 409),
        ("planner", {}, 422),
        ("planner", {"year": 2026, "other": "x"}, 422),
        ("planner", {"year": 2026, "item": "psb.nothing"}, 404),
        ("planner", {"year": 2026, "region": "320102"}, 404),
    ],
)
def test_who_may_ask_for_what(journey: Journey, who: str, query: dict[str, Any], status: int) -> None:
    """Planner, approver and supervisor, of their own region, this year or the next."""
    assert journey.call(who, "GET", FORECAST, params=query).status_code == status


def test_an_empty_county_has_nothing_to_forecast(journey: Journey) -> None:
    """And says so without an error."""
    found = _ask(journey, year=2026)
    assert found["totals"]["visits"] == found["totals"]["duties_missed"] == 0
    assert found["totals"]["draws"] > 0
    assert (found["totals"]["infeasible_weeks"], found["infeasible_weeks"]) == (0, [])
    assert found["duties"] == found["collisions"] == []


def test_visits_that_are_open_are_taken_as_made() -> None:
    """Today, by the item's agency, with nothing found; so they owe nothing and are not drawn for a duty."""
    open_visit = OpenVisit(items=(VENUES, "psb.other"))
    under_way, other = venues(2)
    facts = registers([under_way._replace(open_visits=(open_visit,)), other])
    closed, same = nothing_open(facts, law(), FIRST).premises
    assert closed.open_visits == ()
    assert [(visit.item, visit.on, visit.agency, visit.codes) for visit in closed.visits] == [
        (VENUES, FIRST, "psb", ("01",)),
        ("psb.other", FIRST, "", ("01",)),
    ]
    assert same == other
