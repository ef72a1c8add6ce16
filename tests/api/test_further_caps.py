"""Annual caps besides the plan's own over HTTP: of a joint draw's other agencies, of a city's counties."""

from typing import Any

from sqlalchemy import text

from app.deps import House
from app.services.access import create_key
from tests.api.journey import PLAN, Journey, entity_rows, inspector_rows, made_up_uscc
from tests.api.test_duties import capped
from tests.conftest import Clock
from tests.migrating import migrated

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


def of_the_city(journey: Journey, house: House) -> Journey:
    """The same steps with the city's keys."""
    keys = {}
    with house.database.unit_of_work() as session:
        for role in ("registrar", "planner", "approver", "dispatcher", "witness", "witness-2"):
            made = {"role": role.removesuffix("-2"), "region": CITY, "name": f"city-{role}"}
            keys[role], _ = create_key(session, new_id=house.new_id(), now=house.clock(), **made)
    return Journey(journey.client, {**journey.keys, **keys}, journey.run_jobs, calls=1000)


def levels(house: House) -> list[tuple[str, str | None]]:
    """The levels that the tables of visits say, in order."""
    with house.database.reading() as connection:
        return [
            (table, level)
            for table in ("past_visits", "visits")
            for level in connection.scalars(text(f"SELECT level FROM {table} ORDER BY coalesce(level, '')"))  # noqa: S608 - the test's own names
        ]


def test_a_citys_plan_keeps_to_the_caps_of_its_counties(journey: Journey, house: House, clock: Clock) -> None:
    """The county published four visits a year, the city and the sister county none."""
    capped(journey, clock)
    city = of_the_city(journey, house)
    city.load("entities", venues(COUNTY, SISTER))
    city.load("inspectors", [{**row, "districts": CITY} for row in inspector_rows(8)])
    # The quarter is met: nothing is owed, so nothing is to be decided.
    made = [(n, f"2026-{month}-10") for n in (1, 2) for month in ("02", "04", "08", "10")]
    city.load("visits", visits("psb", "psb.venues", *made))
    asked: dict[str, Any] = {**PLAN, **WEEK, "region": CITY}
    plan = city.call("planner", "POST", "/v1/draw-plans", json=asked).json()["id"]
    ahead = city.call("planner", "GET", f"/v1/draw-plans/{plan}/preflight").json()
    [stratum] = ahead["by_stratum"]
    assert (stratum["size"], stratum["drawable"]) == (2, 1)
    [found] = [one for one in ahead["warnings"] if one["code"] == "parts-have-policies"]
    assert (found["count"], found["regions"]) == (1, [COUNTY])
    assert city.call("approver", "POST", f"/v1/draw-plans/{plan}/approve").status_code == 200


def test_a_citys_visit_uses_up_nothing_of_its_countys_cap(
    journey: Journey, house: House, clock: Clock
) -> None:
    """«Visits per entity, agency level and year»: four by the county, three of a register that is silent.

    The city drew and visited the premises; the county's plan may still draw it, once, and no more then.
    """
    capped(journey, clock)
    city = of_the_city(journey, house)
    city.load("entities", venues(COUNTY))
    city.load("inspectors", [{**row, "districts": CITY} for row in inspector_rows(8)])
    city.load("visits", visits("psb", "psb.venues", *((1, f"2026-{n}-10") for n in ("02", "08", "10"))))
    entity = f"/v1/entities/{made_up_uscc(1)}/rules"

    def left(**days: str) -> tuple[int, int]:
        """The visits of the year that count at the county, and the premises its next plan may draw."""
        asked = {**PLAN, **WEEK, **days}
        plan = journey.call("planner", "POST", "/v1/draw-plans", json=asked).json()["id"]
        [stratum] = journey.call("planner", "GET", f"/v1/draw-plans/{plan}/preflight").json()["by_stratum"]
        [held] = journey.call("planner", "GET", entity).json()["registrations"]
        [of_item] = [one for one in held["items"] if one["item"] == "psb.venues"]
        return of_item["visits_this_year"], stratum["drawable"]

    for who, used in ((city, 3), (journey, 4)):
        assert left(visit_from="2026-11-20", visit_to="2026-11-27") == (3, 1)
        region = CITY if who is city else COUNTY
        draw = who.drawn(region=region, visit_from=f"{clock.now:%Y-%m}-{clock.now.day + 1:02}", strata=EVERY)
        clock.move(days=1)
        [visit] = who.visits(draw["id"])
        who.go(visit)
        who.submit_clean(visit)
        assert left(visit_from="2026-11-20", visit_to="2026-11-27") == (used, int(used < 4))
    [row] = journey.call("supervisor", "GET", "/v1/reports/visits-per-entity?year=2026").json()["items"]
    assert (row["visits"], row["level"], row["counted"], row["cap"], row["over"]) == (
        5,
        "county",
        4,
        4,
        False,
    )
    assert row["by_level"] == {"province": 0, "city": 1, "county": 1, "unknown": 3}
    said = levels(house)
    assert said == [("past_visits", None)] * 3 + [
        (table, level) for table in ("past_visits", "visits") for level in ("city", "county")
    ]
    migrated(house.database, "downgrade", "0015")
    migrated(house.database, "upgrade", "head")
    assert levels(house) == said
