"""«Joint inspections: … one team, one visit, each agency sees its part» (issue 4): callers of an agency.

A draw of the police, a joint one that the police lead and fire officers take part in, and one of the fire
brigade: what a caller of each agency and one of none sees of them, once the visits are disclosed.
"""

import csv
import io
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from httpx2 import Response

from app.deps import House
from app.services.access import create_key
from tests.api.journey import PLAN, Journey, entity_rows, inspector_rows, made_up_uscc
from tests.conftest import REGION, Clock

JOINT: Final[dict[str, Any]] = {
    "lead_agency": "psb",
    "items": {"psb": ["psb.venues"], "fire": ["fire.units"]},
}
MIXED: Final = [["agency:psb", "role:lead"], ["agency:fire"]]
FIRE: Final[dict[str, Any]] = {
    "item": "fire.units",
    "scope": {"regimes": ["fire_unit"], "levels": [], "stations": []},
    "strata": None,
    "slots": [["agency:fire", "role:lead"], ["agency:fire"]],
    "period": "2026-Q4",
}
LEAGUE: Final = "from=2026-11&to=2026-12&limit=200"
ROLES: Final = ("registrar", "planner", "approver", "dispatcher", "supervisor", "auditor")


def problem(answer: Response) -> tuple[int, str]:
    """Status and slug of a refusal."""
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


@dataclass
class Town:
    """Three draws, by whose they are, with callers `<role>-psb`, `<role>-fire`, and those of no agency."""

    journey: Journey
    draws: dict[str, str] = field(default_factory=dict)

    def get(self, who: str, path: str) -> Any:
        """A whole answer."""
        answer = self.journey.call(who, "GET", path)
        assert answer.status_code == 200, (who, path, answer.text)
        return answer.json()

    def items(self, who: str, path: str) -> list[dict[str, Any]]:
        """The items of a list that fits on one page."""
        found: list[dict[str, Any]] = self.get(who, path)["items"]
        return found

    def draws_of(self, who: str) -> set[str]:
        """The names of the draws of whose visits somebody sees any."""
        seen = {visit["draw"] for visit in self.items(who, "/v1/visits?limit=200")}
        return {name for name, draw in self.draws.items() if draw in seen}


@pytest.fixture
def town(journey: Journey, house: House, clock: Clock) -> Town:
    """The draws drawn, their visits disclosed."""
    journey.load("entities", [*entity_rows(6), *entity_rows(6, regime="fire_unit", start=30)])
    ends = {5: {"certificate_to": "2026-11-02"}}  # the fifth of each agency is left out of every draw
    psb = [
        {**row, "regimes": "entertainment", **ends.get(n, {})} for n, row in enumerate(inspector_rows(5), 1)
    ]
    fire = [
        {**row, "regimes": "fire_unit", "certificate_no": f"XF{n}", **ends.get(n, {})}
        for n, row in enumerate(inspector_rows(5, agency="fire"), 1)
    ]
    assert journey.settled("inspectors", [*psb, *fire])["result"]["created"] == 10
    town = Town(journey)
    with house.database.unit_of_work() as session:
        for agency in ("psb", "fire"):
            for role in ROLES:
                journey.keys[f"{role}-{agency}"], _ = create_key(
                    session,
                    new_id=house.new_id(),
                    role=role,
                    region=REGION,
                    name=f"{role}-{agency}",
                    now=house.clock(),
                    agency=agency,
                )
    town.draws["psb"] = journey.drawn()["id"]
    town.draws["joint"] = journey.drawn(joint=JOINT, slots=MIXED, period="2026-11.2")["id"]
    town.draws["fire"] = journey.drawn(**FIRE)["id"]
    clock.move(days=1, hours=6)
    return town


def test_each_agency_sees_its_draws_and_figures(town: Town) -> None:
    """Draws, visits, duties and tickets, and the figures made of them."""
    visits_selection_and_teams(town)
    duties_and_tickets(town)
    figures(town)


def test_each_agency_acts_on_its_draws_and_reads_its_past(town: Town, clock: Clock) -> None:
    """Plans, proofs and acts on draws, past visits, alarms and windows that are over."""
    what_else_there_is_of_a_draw(town)
    past_visits(town)
    alarms_and_ended_windows(town, clock)


def visits_selection_and_teams(town: Town) -> None:
    """Its own draws whole, of joint ones its part, other agencies' not at all."""
    for role in ("dispatcher", "supervisor", "auditor", "approver"):
        assert town.draws_of(f"{role}-fire") == {"fire", "joint"}, role
        assert town.draws_of(f"{role}-psb") == {"psb", "joint"}, role
        assert town.draws_of(role) == {"psb", "joint", "fire"}, role

    whole = {name: town.items("dispatcher", f"/v1/draws/{draw}/teams") for name, draw in town.draws.items()}
    selections = {
        name: town.items("dispatcher", f"/v1/draws/{draw}/selection") for name, draw in town.draws.items()
    }
    for what, lists in (("selection", selections), ("teams", whole)):
        for agency, other in (("fire", "psb"), ("psb", "fire")):
            own = town.items(f"dispatcher-{agency}", f"/v1/draws/{town.draws[agency]}/{what}")
            assert own == lists[agency]
            alien = town.journey.call(f"dispatcher-{agency}", "GET", f"/v1/draws/{town.draws[other]}/{what}")
            assert problem(alien) == (404, "not-found")
    joint = f"/v1/draws/{town.draws['joint']}"
    assert town.items("dispatcher-psb", f"{joint}/teams") == whole["joint"]
    assert town.items("dispatcher-fire", f"{joint}/teams") == [
        seat for seat in whole["joint"] if seat["inspector"].startswith("fire-")
    ]
    assert {seat["slot"] for seat in whole["joint"]} == {0, 1}
    assert town.items("dispatcher-fire", f"{joint}/selection") == selections["joint"]

    # A visit is asked for by its id, too; of the joint one the checklist is cut.
    def visit_of(name: str) -> str:
        found: str = town.items("dispatcher", f"/v1/visits?draw={town.draws[name]}")[0]["id"]
        return found

    for who, name, status in (("fire", "psb", 404), ("psb", "fire", 404), ("fire", "joint", 200)):
        got = town.journey.call(f"dispatcher-{who}", "GET", f"/v1/visits/{visit_of(name)}")
        assert got.status_code == status
    parts = {
        who: {
            entry["id"].partition(":")[0]
            for entry in town.get(who, f"/v1/visits/{visit_of('joint')}")["checklist"]
        }
        for who in ("dispatcher-fire", "dispatcher-psb")
    }
    assert parts["dispatcher-fire"] == {"fire.units"} < parts["dispatcher-psb"]


def what_else_there_is_of_a_draw(town: Town) -> None:
    """Plan, exclusions, proof, amendments, record, and the acts on the whole of a draw."""
    call, draws = town.journey.call, town.draws
    plans = {agency: town.items(f"planner-{agency}", "/v1/draw-plans") for agency in ("psb", "fire")}
    assert {agency: sorted(one["item"] for one in found) for agency, found in plans.items()} == {
        "psb": ["psb.venues", "psb.venues"],
        "fire": ["fire.units", "psb.venues"],
    }
    assert len(town.items("planner", "/v1/draw-plans")) == 3
    psb_plan = next(one["id"] for one in plans["psb"] if one["joint"] is None)
    for path in ("", "/preflight", "/collisions"):
        assert call("planner-fire", "GET", f"/v1/draw-plans/{psb_plan}{path}").status_code == 404
        assert call("planner-psb", "GET", f"/v1/draw-plans/{psb_plan}{path}").status_code == 200

    entity = made_up_uscc(1)
    drafts = {
        who: call(who, "POST", "/v1/draw-plans", json={**PLAN, "period": "2026-12.1"}).status_code
        for who in ("planner-psb", "planner-fire")
    }
    assert drafts == {"planner-psb": 201, "planner-fire": 404}
    asked = {"kind": "complaint", "entity": entity, "item": "psb.venues", "reason": "举报"}
    days = {"visit_from": "2026-11-09", "visit_to": "2026-11-10", "inspectors": ["psb-001", "psb-002"]}
    assert call("planner-fire", "POST", "/v1/visits", json=asked | days).status_code == 404
    assert call("planner-psb", "POST", "/v1/visits", json=asked | days).status_code == 201
    for who, path in (
        ("dispatcher-fire", "exclusions"),
        ("dispatcher-fire", "amendments"),
        ("dispatcher-fire", "record.zip"),
        ("auditor-fire", "record.zip?audience=audit"),
        ("registrar-fire", f"proof?entity={entity}"),
    ):
        refused = call(who, "GET", f"/v1/draws/{draws['psb']}/{path}")
        assert problem(refused) == (404, "not-found"), path
    assert call("registrar-psb", "GET", f"/v1/draws/{draws['psb']}/proof?entity={entity}").status_code == 200

    left_out = {
        who: {one["inspector"] for one in town.items(who, f"/v1/draws/{draws['joint']}/exclusions")}
        for who in ("dispatcher-fire", "dispatcher-psb", "dispatcher")
    }
    both = {"psb-005", "fire-005"}
    assert left_out == {"dispatcher-fire": {"fire-005"}, "dispatcher-psb": both, "dispatcher": both}

    # What ends a joint draw is the lead agency's.
    for who, name, said in (
        ("planner-fire", "psb", (404, "not-found")),
        ("planner-fire", "joint", (403, "lead-agency-only")),
    ):
        void = call(who, "POST", f"/v1/draws/{draws[name]}/void", json={"reason": "roster-error"})
        assert problem(void) == said
    assert problem(call("dispatcher-fire", "POST", f"/v1/draws/{draws['psb']}/reveal", json={}))[0] == 404
    own = call("planner-psb", "POST", f"/v1/draws/{draws['joint']}/void", json={"reason": "roster-error"})
    assert own.status_code == 200, own.text
    alien = call("approver-fire", "POST", f"/v1/draws/{draws['joint']}/void/approve", json={})
    assert problem(alien) == (403, "lead-agency-only")
    # The commitments are public, so everybody has their list.
    assert len(town.items("planner-fire", "/v1/draws")) == 3


def duties_and_tickets(town: Town) -> None:
    """Duties and tickets of the agency's items."""
    fire, psb = "supervisor-fire", "supervisor-psb"
    duties = {who: {one["item"] for one in town.items(who, "/v1/duties?limit=200")} for who in (fire, psb)}
    assert duties[psb] == {"psb.venues"}
    assert "psb.venues" not in duties[fire]
    assert town.items(fire, "/v1/duties?item=psb.venues") == []
    assert {one["item"] for one in town.items("supervisor", "/v1/duties?limit=200")} >= duties[psb]

    venue = f"/v1/entities/{made_up_uscc(1)}"
    asked = {who: town.journey.call(who, "GET", f"{venue}/tickets?item=psb.venues") for who in (fire, psb)}
    assert {who: answer.status_code for who, answer in asked.items()} == {fire: 404, psb: 200}
    rules = {
        who: [
            item["item"] for one in town.get(who, f"{venue}/rules")["registrations"] for item in one["items"]
        ]
        for who in (fire, psb)
    }
    assert rules == {fire: [], psb: ["psb.venues"]}
    assert town.journey.call(fire, "GET", f"{venue}/rules?item=psb.venues").status_code == 404


def alarms_and_ended_windows(town: Town, clock: Clock) -> None:
    """A venue's alarm before its duty is missed, and its missed window, are the police's."""
    clock.move(days=56)  # 29 December: November is over, December's windows end in two days
    town.journey.run_jobs()
    for path in ("/v1/duties/alarms?limit=200", "/v1/duties/ended?limit=200"):
        of_police = town.items("supervisor-psb", path)
        assert {one["item"] for one in of_police} == {"psb.venues"}, path
        assert town.items("supervisor-fire", path) == []
        assert town.items("supervisor", path) == of_police


def figures(town: Town) -> None:
    """The league table and the statistics of the agency's visits; what is joint counts for both."""
    fire, psb = "supervisor-fire", "supervisor-psb"
    for kind in ("visit", "reveal"):
        subjects = {
            who: {row["subject"] for row in town.items(who, f"/v1/league-table/rows?{LEAGUE}&kind={kind}")}
            for who in (fire, psb, "supervisor")
        }
        assert subjects[fire] | subjects[psb] == subjects["supervisor"]
        shared = subjects[fire] & subjects[psb]
        of_joint = (
            {town.draws["joint"]}
            if kind == "reveal"
            else {one["id"] for one in town.items("dispatcher", f"/v1/visits?draw={town.draws['joint']}")}
        )
        assert shared == of_joint
    drawn = {who: town.get(who, "/v1/statistics")["total"]["drawn"] for who in (fire, psb, "supervisor")}
    visits = {
        name: len(town.items("dispatcher", f"/v1/visits?draw={draw}")) for name, draw in town.draws.items()
    }
    share = {
        who: sum(one["draws"] for one in town.items(who, "/v1/statistics/single-random?year=2026"))
        for who in drawn
    }
    assert share == {fire: 2, psb: 2, "supervisor": 3}
    assert drawn == {
        fire: visits["fire"] + visits["joint"],
        psb: visits["psb"] + visits["joint"],
        "supervisor": sum(visits.values()),
    }


def past_visits(town: Town) -> None:
    """Exports and the report of visits per entity count what the caller's agency made."""
    made = [
        {
            "entity": made_up_uscc(n),
            "item": item,
            "on": "2026-10-01",
            "kind": "drawn",
            "agency": agency,
        }
        for n, item, agency in ((1, "psb.venues", "psb"), (30, "fire.units", "fire"))
    ]
    assert town.journey.load("visits", [{**one, "codes": "01"} for one in made])["result"]["created"] == 2

    def exported(who: str) -> list[str]:
        answer = town.journey.call(who, "GET", "/v1/exports/visits.csv?headers=en")
        rows = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
        return [row["agency"] for row in rows]

    report = "/v1/reports/visits-per-entity?year=2026"
    for agency in ("psb", "fire"):
        assert exported(f"supervisor-{agency}") == [agency]
        assert [one["agency"] for one in town.items(f"supervisor-{agency}", report)] == [agency]
        csv_file = "/v1/exports/visits-per-entity.ndjson?year=2026&headers=en"
        told = town.journey.call(f"supervisor-{agency}", "GET", csv_file).text.splitlines()
        assert [f'"{agency}"' in line for line in told] == [True]
    assert sorted(exported("supervisor")) == ["fire", "psb"]
    assert len(town.items("supervisor", report)) == 2
    assert problem(town.journey.call("supervisor-fire", "GET", f"{report}&agency=psb")) == (404, "not-found")
    csv_path = "/v1/exports/visits-per-entity.csv?year=2026&agency=psb"
    assert town.journey.call("supervisor-fire", "GET", csv_path).status_code == 404


def test_a_calendar_and_ad_hoc_draws_are_decided_by_their_own_agency(town: Town) -> None:
    """What binds the police for a year is no business of the fire brigade's keys: it is not there (404)."""
    journey = town.journey
    year = {"item": "psb.venues", "region": REGION, "year": 2026}
    assert problem(journey.call("planner-fire", "POST", "/v1/calendar", json=year)) == (404, "not-found")
    made = journey.call("planner-psb", "POST", "/v1/calendar", json=year)
    assert made.status_code == 201, made.text
    path = f"/v1/calendar/{made.json()['id']}/approve"
    assert problem(journey.call("approver-fire", "POST", path)) == (404, "not-found")
    asked = {
        "item": "psb.venues",
        "region": REGION,
        "visit_from": "2026-12-21",
        "visit_to": "2026-12-23",
        "rate": [1, 10],
        "reason_code": "fire-situation",
        "reason": "火情专项",
    }
    adhoc = "/v1/calendar/ad-hoc"
    assert problem(journey.call("planner-fire", "POST", adhoc, json=asked)) == (404, "not-found")
    given = journey.call("planner-psb", "POST", adhoc, json=asked)
    assert given.status_code == 201, given.text
    for step, body in (("approve", None), ("reject", {"reason": "不需要"})):
        answer = journey.call("approver-fire", "POST", f"{adhoc}/{given.json()['id']}/{step}", json=body)
        assert problem(answer) == (404, "not-found")
    assert journey.call("approver-psb", "POST", f"{adhoc}/{given.json()['id']}/approve").status_code == 200
