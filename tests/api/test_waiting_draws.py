"""A draw that waits for its random values while the next is planned: what it may bring is known there."""

import json
import zlib
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from app.deps import House
from app.store.tables.drawing import DrawFile
from tests.api.calendar_desk import void
from tests.api.journey import VALUES, Journey, inspector_rows

LAST_WEEK = {"visit_from": "2026-11-23", "visit_to": "2026-11-30"}


def ahead(journey: Journey, plan: str) -> tuple[dict[str, int], list[str]]:
    """What each stratum must draw for its duties, and the draws that are waited for."""
    found = journey.call("planner", "GET", f"/v1/draw-plans/{plan}/preflight")
    assert found.status_code == 200, found.text
    body: dict[str, Any] = found.json()
    waited = [one["draws"] for one in body["warnings"] if one["code"] == "draws-waiting"]
    return {one["name"]: one["cover"] for one in body["by_stratum"]}, [
        name for names in waited for name in names
    ]


def expected(house: House, draw: str) -> dict[str, Any]:
    """What was kept of a draw at its commitment."""
    query = select(col(DrawFile.sealed)).where(
        col(DrawFile.draw_id) == draw, col(DrawFile.name) == "expected.json"
    )
    with house.database.reading() as connection:
        (sealed,) = connection.scalars(query)
    context = f"draw_files/{draw}/expected/expected.json"
    kept: dict[str, Any] = json.loads(zlib.decompress(house.vault.open(sealed, context=context)))
    return kept


def test_what_a_waiting_draw_must_draw_is_not_due_a_second_time(journey: Journey, house: House) -> None:
    """Level 3 in the last week of November: all ten must be drawn, by one draw and not by two.

    Once it is drawn, their visits are open; once it is voided, they are due again.
    """
    journey.registers()
    plan = journey.approved_plan(period="2026-11.extra", **LAST_WEEK)
    before, _ = ahead(journey, plan)
    assert before["level-3"] == 10
    draw = journey.committed(period="2026-11.4", **LAST_WEEK)
    meanwhile = {**before, "level-3": 0}
    assert ahead(journey, plan) == (meanwhile, ["410928:psb.venues 2026-11.4"])

    kept = expected(house, draw["id"])
    assert (len(kept["due"]), kept["carried"]) == (10, {})

    journey.give(draw["id"], "dice-1", VALUES["dice-1"])
    assert journey.give(draw["id"], "lottery", VALUES["lottery"], who="witness-2").status_code == 200
    dealt = len(journey.visits(draw["id"]))
    assert set(kept["most"].values()) == {dealt}, "no inspector can get more visits than there are"
    drawn, waited = ahead(journey, plan)
    assert (drawn["level-3"], waited) == (0, [])
    void(journey, draw["id"])
    assert ahead(journey, plan) == (before, [])


def test_a_waiting_joint_draw_surely_visits_for_each_agency(journey: Journey, house: House) -> None:
    """Its visits carry the fire service's item too, as they will when they are open."""
    journey.registers()
    fire = [{**row, "certificate_no": f"XF{n}"} for n, row in enumerate(inspector_rows(4, agency="fire"))]
    journey.load("inspectors", fire)
    joint = {
        "joint": {"lead_agency": "psb", "items": {"psb": ["psb.venues"], "fire": ["fire.units"]}},
        "slots": [["agency:psb", "role:lead"], ["agency:fire"]],
    }
    kept = expected(house, journey.committed(period="2026-11.4", **LAST_WEEK, **joint)["id"])
    assert kept["carried"] == {entity: ["fire.units"] for entity in kept["due"]}
    assert len(kept["due"]) == 10
