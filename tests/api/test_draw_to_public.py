"""A draw to its public page by real steps only: every fate of a drawn premises, and the numbers by hand."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.api.field_desk import FINDING, FieldDesk
from tests.api.journey import PLAN, Journey, made_up_uscc
from tests.conftest import Clock

FATES = ("clean", "fined", "pending", "withheld", "unreachable", "withdrawn", "no_record", "late")


@dataclass
class County:
    """A drawn county, the visits of the draw by what becomes of each; the rest is never visited."""

    journey: Journey
    clock: Clock
    draw: str
    visits: list[dict[str, Any]]

    def of(self, fate: str) -> dict[str, Any]:
        """The visit with this fate."""
        return self.visits[FATES.index(fate)]

    def desk(self, fate: str) -> FieldDesk:
        """The desk of its team."""
        return FieldDesk(self.journey, self.of(fate))

    def step(self, fate: str, step: str, who: str, **body: str) -> None:
        """A step of its publication."""
        path = f"/v1/publications/{self.of(fate)['id']}/{step}"
        answer = self.journey.call(who, "POST", path, json=body)
        assert answer.status_code == 200, answer.text

    def shown(self) -> dict[str, dict[str, Any]]:
        """What the public sees of each fate."""
        path = f"/v1/public/draws/{self.draw}/results?limit=200"
        rows = {row["entity_key"]: row for row in self.journey.call(None, "GET", path).json()["items"]}
        assert len(rows) == len(self.visits)
        self.rest = [rows[visit["entity"]] for visit in self.visits[len(FATES) :]]
        return {fate: rows[self.of(fate)["entity"]] for fate in FATES}


def numbers(journey: Journey, path: str, who: str | None = None) -> dict[str, int]:
    """The total of some statistics."""
    total: dict[str, int] = journey.call(who, "GET", path).json()["total"]
    return {name: value for name, value in total.items() if name != "group"}


def emergency(journey: Journey) -> dict[str, Any]:
    """A visit without a draw: made, recorded, submitted and withheld."""
    asked = {
        "kind": "emergency",
        "entity": made_up_uscc(1),
        "item": "psb.venues",
        "reason": "突发警情",
        "visit_from": "2026-11-04",
        "visit_to": "2026-11-04",
        "inspectors": ["psb-001", "psb-002"],
    }
    visit: dict[str, Any] = journey.call("planner", "POST", "/v1/visits", json=asked).json()
    journey.go(visit)
    journey.submit_clean(visit)
    return visit


@pytest.fixture
def county(journey: Journey, clock: Clock) -> County:
    """Visits of 3 and 4 November 2026, results due on 1 December, the reveal on 12 November."""
    journey.registers()
    half = [{**stratum, "rate": [1, 2]} for stratum in PLAN["strata"]]
    draw = journey.drawn(reveal_by="2026-11-12", strata=half)["id"]
    visits = journey.visits(draw)
    # Half of thirty: some are left that nobody visits.
    assert len(visits) > len(FATES)
    county = County(journey, clock, draw, visits)
    clock.move(days=1)
    for fate in FATES:
        if fate != "unreachable":
            journey.go(county.of(fate))
    unreachable = county.of("unreachable")
    first, second = journey.team(unreachable)
    assert journey.work(first, unreachable, "attempts").status_code == 200
    clock.move(days=1)
    assert journey.work(second, unreachable, "attempts").json()["state"] == "unreachable"
    for fate in ("clean", "withheld", "withdrawn", "late"):
        journey.submit_clean(county.of(fate))
    for fate in ("fined", "pending"):
        county.desk(fate).submitted()
    assert county.desk("fined").dispose(kind="fine", amount_cny=2000, finding="f1").status_code == 201
    for fate in ("clean", "fined", "unreachable", "withdrawn"):
        journey.publish(county.of(fate))
    county.step("withdrawn", "withdraw", "approver", reason="行政复议决定撤销", ground="decision")
    county.step("withheld", "withhold", "approver", reason="案件侦查中", until="2027-01-20")
    return county


def test_after_the_reveal_each_drawn_premises_has_its_result_or_its_clock(county: County) -> None:
    """Issue 3, After the reveal; real steps only, before and after it; the numbers worked out by hand."""
    journey, clock, n = county.journey, county.clock, len(county.visits)
    # The supervisor before the reveal: six records submitted, one premises out of reach, the others open.
    oversight = numbers(journey, "/v1/statistics", "supervisor")
    assert oversight == {
        "drawn": n,
        "visited": 6,
        "unreachable": 1,
        "not_visited": 0,
        "open": n - 7,
        "published": 3,
        "in_time": 3,
        "pending": 2,
        "overdue": 0,
        "withheld": 1,
        "withdrawn": 1,
        "found": 1,
        "punished": 1,
        "found_unpublished": 1,
    }
    path = f"/v1/public/draws/{county.draw}/results"
    assert journey.call(None, "GET", path).status_code == 404
    assert numbers(journey, "/v1/public/statistics")["drawn"] == 0
    clock.move(days=8)
    revealed = journey.call("dispatcher", "POST", f"/v1/draws/{county.draw}/reveal", json={})
    assert revealed.status_code == 200, revealed.text

    shown = county.shown()
    states = {fate: (row["state"], row["publication"], row["due_on"]) for fate, row in shown.items()}
    assert states == {
        "clean": ("published", "published", None),
        "fined": ("published", "published", None),
        "pending": ("pending", "pending", "2026-12-01"),
        "withheld": ("withheld", "withheld", None),
        "unreachable": ("unreachable", "published", None),
        "withdrawn": ("withdrawn", "withdrawn", None),
        "no_record": ("pending", "pending", "2026-12-01"),
        "late": ("pending", "pending", "2026-12-01"),
    }
    assert {fate: row["result"]["codes"] for fate, row in shown.items() if row["result"]} == {
        "clean": ["01"],
        "fined": ["05", "21"],
        "unreachable": ["04"],
    }
    assert (shown["fined"]["result"]["punished"], shown["unreachable"]["result"]["found"]) == (True, False)
    assert (shown["withheld"]["reason"], shown["withheld"]["until"]) == ("案件侦查中", "2027-01-20")
    assert (shown["withdrawn"]["reason"], shown["withdrawn"]["decided_on"]) == (
        "行政复议决定撤销",
        "2026-11-04",
    )
    assert not any(row["owed_again"] for row in shown.values())
    assert {(row["state"], row["owed_again"], row["result"]) for row in county.rest} == {
        ("not_visited", True, None)
    }
    public = {
        "drawn": n,
        "visited": 7,
        "unreachable": 1,
        "not_visited": n - 8,
        "published": 3,
        "in_time": 3,
        "pending": 3,
        "overdue": 0,
        "withheld": 1,
        "withdrawn": 1,
        "found": 1,
        "punished": 1,
    }
    assert numbers(journey, "/v1/public/statistics") == public
    page = journey.call(None, "GET", f"/draws/{county.draw}").text
    for words in ("无法联系，结果已公开", "最迟公开日 2026-12-01", "未检查，须重新安排", "案件侦查中"):
        assert words in page
    the_public_page_follows_what_is_done_afterwards(county)


def the_public_page_follows_what_is_done_afterwards(county: County) -> None:
    """The visit without a record goes on, a penalty winds a clock, a late result is late for ever."""
    journey, clock, n = county.journey, county.clock, len(county.visits)
    visits = {one["id"]: one["state"] for one in journey.visits(county.draw)}
    assert visits[county.of("no_record")["id"]] == "checked_out"
    assert sum(state == "not_visited" for state in visits.values()) == n - 8
    journey.submit_clean(county.of("no_record"))
    # 12 November and seven working days.
    assert county.desk("pending").dispose(kind="fine", amount_cny=500).status_code == 201
    after = county.shown()
    assert (after["no_record"]["due_on"], after["pending"]["due_on"]) == ("2026-12-01", "2026-11-23")
    clock.move(days=20)  # 2 December
    journey.publish(county.of("late"))
    journey.publish(county.of("pending"), steps=3)
    late = county.shown()
    assert (late["late"]["result"]["in_time"], late["late"]["overdue"]) == (False, False)
    assert (late["pending"]["overdue"], late["no_record"]["overdue"]) == (True, True)
    assert numbers(journey, "/v1/public/statistics") == {
        "drawn": n,
        "visited": 7,
        "unreachable": 1,
        "not_visited": n - 8,
        "published": 4,
        "in_time": 3,
        "pending": 2,
        "overdue": 2,
        "withheld": 1,
        "withdrawn": 1,
        "found": 1,
        "punished": 1,
    }
    oversight = numbers(journey, "/v1/statistics", "supervisor")
    assert (oversight["open"], oversight["visited"], oversight["not_visited"]) == (0, 7, n - 8)
    assert (oversight["published"], oversight["in_time"], oversight["found_unpublished"]) == (4, 3, 1)


def test_results_of_visits_without_a_draw_are_counted_publicly_too(journey: Journey, clock: Clock) -> None:
    """Withholding is counted publicly whatever led to the visit; by kind, without a name or a place."""
    journey.registers()
    clock.move(days=2)
    visit = emergency(journey)
    path = "/v1/public/statistics"

    def undrawn() -> dict[str, int]:
        found = journey.call(None, "GET", path).json()["undrawn"]
        assert [row["group"] for row in found["items"]] == ["emergency"]
        row: dict[str, int] = found["items"][0]
        assert {name: row[name] for name in found["total"] if name != "group"} == {
            name: value for name, value in found["total"].items() if name != "group"
        }
        return {name: value for name, value in row.items() if value == 1}

    assert set(undrawn()) == {"visited", "pending"}
    held = {"reason": "案件侦查中", "until": "2026-12-20"}
    publication = f"/v1/publications/{visit['id']}"
    assert journey.call("approver", "POST", f"{publication}/withhold", json=held).status_code == 200
    assert set(undrawn()) == {"visited", "withheld"}
    assert "暂不公开" in journey.call(None, "GET", "/statistics").text
    assert "紧急检查" in journey.call(None, "GET", "/statistics").text
    assert made_up_uscc(1) not in journey.call(None, "GET", path).text
    seen = journey.call("supervisor", "GET", "/v1/statistics").json()["undrawn"]["total"]
    assert (seen["withheld"], seen["visited"]) == (1, 1)
    for narrow in ("region=32", "to=2026-11-03", "from=2026-11-05"):
        assert journey.call(None, "GET", f"{path}?{narrow}").json()["undrawn"]["items"] == []
    clock.move(days=47)  # 21 December
    journey.run_jobs()
    assert set(undrawn()) == {"visited", "pending", "overdue"}
    journey.publish(visit)
    assert set(undrawn()) == {"visited", "published"}


def test_a_reinspection_is_a_burden_and_serves_no_duty(journey: Journey, clock: Clock) -> None:
    """It is among the past visits under its own kind; tickets do not change by it."""
    desk = FieldDesk.visited(journey).submitted()
    order = {"kind": "order_to_correct", "finding": FINDING["ref"], "due_on": "2026-11-13"}
    path = f"/v1/dispositions/{desk.dispose(**order).json()['id']}/reinspection"
    clock.move(days=3)
    window = {"visit_from": "2026-11-05", "visit_to": "2026-11-05"}
    opened = journey.call("dispatcher", "POST", path, json=window)
    again = FieldDesk(journey, journey.call("dispatcher", "GET", opened.headers["location"]).json())

    def ticket_lines() -> Any:
        tickets = f"/v1/entities/{desk.visit['entity']}/tickets"
        return journey.call("registrar", "GET", tickets, params={"item": "psb.venues"}).json()

    before = ticket_lines()
    journey.go(again.visit)
    again.submitted(found=False)
    assert ticket_lines() == before
    listed = journey.call("registrar", "GET", "/v1/exports/visits.csv", params={"kind": "reinspection"}).text
    assert len(listed.strip().splitlines()) == 2
    assert "复查" in listed
    job = journey.load(
        "visits",
        [
            {
                "entity": made_up_uscc(2),
                "item": "psb.venues",
                "on": "2026-10-01",
                "kind": "复查",
                "agency": "psb",
                "codes": "01",
            }
        ],
    )
    assert job["result"]["created"] == 1
