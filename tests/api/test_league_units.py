"""The league table of the month that goes on: duties due, met and open, by units with names and ranks."""

from collections import Counter
from typing import Any

import pytest

from app.deps import House, new_uuid7
from app.services.access import create_key
from app.services.planning.law import canonical_text, digests_of
from tests.api.journey import Journey, entity_rows, inspector_rows, made_up_uscc
from tests.api.test_duties import ALL_OF_LEVEL_3, county, duties, level_3
from tests.conftest import REGION, Clock
from tests.executed import statements
from tests.planning_county import add_premises

NOVEMBER = {"from": "2026-11", "to": "2026-11"}
TO_DECEMBER = {"from": "2026-11", "to": "2026-12"}


def _league(journey: Journey, who: str = "supervisor", **asked: Any) -> Any:
    answer = journey.call(who, "GET", "/v1/league-table", params={**NOVEMBER, **asked})
    assert answer.status_code == 200, answer.text
    return answer.json()


def _of_duties(journey: Journey, **asked: Any) -> dict[str, tuple[int, ...]]:
    """Due, met, open and excused duties by month, and by station if asked for."""
    rows = [one for one in _league(journey, **asked)["items"] if one["kind"] == "duty"]
    return {
        f"{one['month']} {one['station'] or ''}".strip(): (
            *(one["due"], one["met"], one["open"], one["excused"]),
        )
        for one in rows
    }


def _rows(journey: Journey, **asked: Any) -> list[dict[str, Any]]:
    params = {**NOVEMBER, "kind": "duty", "limit": "200", **asked}
    answer = journey.call("supervisor", "GET", "/v1/league-table/rows", params=params)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_the_duties_of_the_month_that_goes_on(journey: Journey, clock: Clock) -> None:
    """Four venues of level 3 and one of level 1: due, then one met; the list of duties says the same."""
    county(journey, *level_3(1, 2, 3, 4), {**entity_rows(1, start=30)[0], "level": 1})
    assert _of_duties(journey) == {"2026-11": (4, 0, 4, 0)}
    assert _of_duties(journey, **TO_DECEMBER) == {"2026-11": (4, 0, 4, 0), "2026-12": (1, 0, 1, 0)}
    assert _of_duties(journey, by="station") == {"2026-11 101": (2, 0, 2, 0), "2026-11 102": (2, 0, 2, 0)}

    draw = journey.drawn(**ALL_OF_LEVEL_3)
    clock.move(days=1)
    visits = {visit["entity"]: visit for visit in journey.visits(draw["id"])}
    met = visits[made_up_uscc(1)]
    journey.go(met)
    journey.submit_clean(met)
    assert _of_duties(journey) == {"2026-11": (4, 1, 3, 0)}
    nobody = visits[made_up_uscc(2)]
    for _ in range(2):
        journey.work(journey.team(nobody)[0], nobody, "attempts")
        clock.move(days=1)
    assert _of_duties(journey) == {"2026-11": (4, 1, 2, 1)}
    listed = Counter(one["state"] for one in duties(journey, due_before="2026-12-01", level=3))
    assert listed["met"] == 1
    assert listed["visit-open"] == 2
    (row,) = [one for one in _league(journey)["items"] if one["kind"] == "duty"]
    assert (row["kept_bp"], row["late"], row["missed"]) == (10_000, 0, 0)

    behind = _rows(journey)
    assert Counter(one["outcome"] for one in behind) == {"met": 1, "open": 2, "excused": 1}
    (done,) = [one for one in behind if one["outcome"] == "met"]
    assert (done["due_on"], done["done_on"], done["name"]) == (
        "2026-11-30",
        "2026-11-03",
        "样例场所1 psb.venues",
    )
    assert [one["excused"] for one in behind if one["outcome"] == "excused"] == ["04"]
    assert len(_rows(journey, outcome="open", station="101")) == 1
    first = journey.call(
        "supervisor", "GET", "/v1/league-table/rows", params={**NOVEMBER, "kind": "duty", "limit": 3}
    )
    rest = journey.call("supervisor", "GET", first.links["next"]["url"]).json()["items"]
    assert first.json()["items"] + rest == behind

    # What ends goes from one source to the other, and is counted once.
    clock.move(days=30)
    journey.run_jobs()
    assert _of_duties(journey)["2026-11"] == (4, 1, 0, 1)
    ended = journey.call("supervisor", "GET", "/v1/duties/ended", params={"until": "2026-11-30"}).json()
    assert len(ended["items"]) == 4


def test_a_window_that_was_missed_and_the_one_that_follows(journey: Journey, clock: Clock) -> None:
    """The list shows November, which was missed; December is due all the same, and open."""
    county(journey, *level_3(1))
    clock.move(days=35)
    journey.run_jobs()
    (listed,) = duties(journey)
    assert (listed["state"], listed["window"]["ends_on"]) == ("missed", "2026-11-30")
    assert _of_duties(journey, **TO_DECEMBER) == {"2026-11": (1, 0, 0, 0), "2026-12": (1, 0, 1, 0)}


def test_units_have_names_and_ranks_and_the_rule_can_be_checked(journey: Journey, clock: Clock) -> None:
    """Two stations: one keeps its duty, one misses it; the documents come with digests and bases."""
    officers = [
        *({**row, "station": "101", "unit": "云河派出所"} for row in inspector_rows(3)),
        {**inspector_rows(4)[3], "station": "101", "unit": "派出所（旧称）"},
        *({**row, "station": "102", "unit": "望川派出所"} for row in inspector_rows(6)[4:]),
    ]
    assert journey.settled("inspectors", officers)["result"]["created"] == 6
    journey.settled("entities", level_3(1, 2))
    row = {"entity": made_up_uscc(1), "item": "psb.venues", "on": "2026-11-02", "kind": "drawn"}
    journey.settled("visits", [{**row, "agency": "psb", "codes": "01"}])
    clock.move(days=30)
    journey.run_jobs()
    found = _league(journey, by="station")
    rows = {one["station"]: one for one in found["items"] if one["kind"] == "duty"}
    assert [(one["region_name"], one["station_name"], one["rank"]) for one in rows.values()] == [
        ("濮阳县", "云河派出所", 1),
        ("濮阳县", "望川派出所", 2),
    ]
    placed = {one["station"]: one["rank"] for one in found["ranking"]}
    assert (placed["101"], placed["102"]) == (1, 2)
    assert [one["rank"] for one in found["ranking"]] == sorted(one["rank"] for one in found["ranking"])
    rule = found["rule"]
    assert rule["digests"] == digests_of(canonical_text(rule["document"]))
    assert rule["document"]["ties"]["rule"] == "share"
    assert {one["station_name"] for one in _rows(journey)} == {"云河派出所", "望川派出所"}

    named = journey.call(
        "supervisor", "GET", "/v1/league-table/criticism", params={**NOVEMBER, "by": "station"}
    ).json()
    (one,) = [one for one in named["items"] if one["standing"]["kind"] == "duty"]
    assert (one["standing"]["station_name"], one["standing"]["rank"]) == ("望川派出所", 2)
    documents = {one["digests"]["sha256"]: one for one in named["documents"]}
    held = documents[one["criteria"]]
    # On 30 November, the month's last day, the second version held, not the newest for ever.
    assert (held["code"], held["version"]) == ("criticism", 2)
    assert held["digests"] == digests_of(canonical_text(held["document"]))
    assert {rule["kind"]: rule["missed"] for rule in held["document"]["rules"]}["duty"] == 1


def test_a_month_is_judged_by_the_criteria_that_held_when_it_ended(journey: Journey, clock: Clock) -> None:
    """October by the first version, November by the second; what was before any version names nobody."""
    clock.move(days=40)
    for month, versions in (("2026-10", [1]), ("2026-11", [2]), ("2025-12", [])):
        asked = {"from": month, "to": month}
        named = journey.call("supervisor", "GET", "/v1/league-table/criticism", params=asked).json()
        assert [one["version"] for one in named["documents"]] == versions
        assert named["items"] == []
    before = _league(journey, **{"from": "2025-12", "to": "2025-12"})
    assert (before["rule"], before["ranking"]) == (None, [])


@pytest.fixture
def city(house: House, journey: Journey) -> None:
    """Two counties with premises of their own, and a supervisor of the city."""
    for county_code, count in (("410922", 3), ("410928", 5)):
        for n in range(count):
            add_premises(
                house,
                f"src:{county_code}-{n}",
                {"regime": "entertainment", "subtype": "ktv", "level": 3},
                region=county_code,
            )
    with house.database.unit_of_work() as session:
        journey.keys["city"], _ = create_key(
            session, new_id=new_uuid7(), role="supervisor", region="4109", name="city", now=house.clock()
        )


@pytest.mark.usefixtures("city")
def test_a_city_sees_its_counties_and_asks_few_questions(journey: Journey) -> None:
    """One row for each county; the questions grow with counties and pieces, never with premises."""
    with statements() as seen:
        found = _league(journey, "city")
    rows = [one for one in found["items"] if one["kind"] == "duty"]
    assert [(one["region_name"], one["due"], one["open"], one["rank"]) for one in rows] == [
        ("清丰县", 3, 3, None),
        ("濮阳县", 5, 5, None),
    ]
    assert len(seen) < 40
    assert [one["region"] for one in found["ranking"]] == ["410922", "410928"]
    (own,) = [one for one in _league(journey)["items"] if one["kind"] == "duty"]
    assert (own["region"], own["due"]) == (REGION, 5)
