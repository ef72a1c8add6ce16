"""Rules that a plan meets between its draft and its commitment: open visits, the least rate, the law."""

from typing import Any

import pytest
from httpx2 import Response

from tests.api import calendar_desk
from tests.api.journey import PLAN, Journey, entity_rows, inspector_rows
from tests.api.test_duties import ALL_OF_LEVEL_3, county, level_3
from tests.api.test_duties_over_time import asked_from_december
from tests.conftest import Clock

EN = {"Accept-Language": "en"}


def test_the_last_draw_of_a_window_is_better_committed_after_the_visits_before_it(
    journey: Journey, clock: Clock
) -> None:
    """November's third draw may be visited until the 22nd: on the 20th the fourth, its reserve, says so."""
    county(journey, *level_3(1, 2, 3))
    clock.move(days=14)
    third = {"period": "2026-11.3", "visit_from": "2026-11-16", "visit_to": "2026-11-22"}
    journey.drawn(**{**ALL_OF_LEVEL_3, **third, "reveal_by": "2026-11-23"})
    clock.move(days=4)
    fourth = {"period": "2026-11.4", "visit_from": "2026-11-23", "visit_to": "2026-11-30"}
    asked = {**PLAN, **ALL_OF_LEVEL_3, **fourth}
    plan = journey.call("planner", "POST", "/v1/draw-plans", json=asked).json()["id"]

    def warned() -> list[str]:
        answer = journey.call("planner", "GET", f"/v1/draw-plans/{plan}/preflight", headers=EN)
        found = {one["code"]: one["message_en"] for one in answer.json()["warnings"]}
        return [found[code] for code in ("visits-still-open",) if code in found]

    [text] = warned()
    assert "commit after 2026-11-22" in text
    assert "410928:psb.venues 2026-11.3" in text
    clock.move(days=3)
    assert warned() == []


def edit(journey: Journey, plan: str, **changes: Any) -> None:
    """Change a draft as it stands."""
    etag = journey.call("planner", "GET", plan).headers["ETag"]
    answer = journey.call("planner", "PATCH", plan, json=changes, headers={"If-Match": etag})
    assert answer.status_code == 200, answer.text


def cafes(p: int, q: int, **changes: Any) -> dict[str, Any]:
    """A plan for the county's internet cafes at a rate."""
    match = {"regime": "internet_cafe"}
    strata = [{"name": "cafes", "match": match, "rate": [p, q], "min": 0, "surprise": 0}]
    scope = {"regimes": ["internet_cafe"], "levels": [], "stations": [], **changes}
    return {**PLAN, "item": "psb.internet-cafes", "scope": scope, "strata": strata}


def _too_few(journey: Journey, plan: str) -> list[dict[str, Any]]:
    """The warnings that a part of the cafes is less than a twentieth of all."""
    warnings = journey.call("planner", "GET", f"{plan}/preflight").json()["warnings"]
    return [one for one in warnings if one["code"] == "too-few-of-all"]


def test_cafes_are_drawn_at_a_twentieth_of_all_without_a_calendar_too(journey: Journey) -> None:
    """«Each at least 1/20 of all operating cafes, rounded up»: 6 of 120, in whatever scope."""
    journey.load("entities", entity_rows(120, regime="internet_cafe"))
    journey.load("inspectors", inspector_rows(8))
    low = journey.call("planner", "POST", "/v1/draw-plans", json=cafes(1, 100))
    assert low.status_code == 409, low.text
    [fault] = low.json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/strata/0/rate", "rate-too-low")

    narrow = journey.call("planner", "POST", "/v1/draw-plans", json=cafes(1, 20, stations=["101"]))
    assert narrow.status_code == 201, narrow.text
    plan = f"/v1/draw-plans/{narrow.json()['id']}"
    [told] = _too_few(journey, plan)
    assert (told["wanted"], told["operating"], told["due"]) == (3, 120, 6)
    edit(journey, plan, strata=cafes(1, 10)["strata"])
    assert _too_few(journey, plan) == []
    assert journey.call("approver", "POST", f"{plan}/approve").status_code == 200


def test_a_calendar_is_no_leave_to_draw_fewer_than_a_later_policy_demands(journey: Journey) -> None:
    """Approved at 1/20; a policy that demands 1/10 from December on: 12 of 120, or a refusal that says so."""
    journey.load("entities", entity_rows(120, regime="internet_cafe"))
    journey.load("inspectors", inspector_rows(8))
    calendar_desk.approved(journey, "psb.internet-cafes")
    calendar_desk.cafes_asked_more_from_december(journey)
    third = {"period": "2026-12.1", "visit_from": "2026-12-01", "visit_to": "2026-12-10"}
    low = journey.call("planner", "POST", "/v1/draw-plans", json={**cafes(1, 20), **third}, headers=EN)
    assert low.status_code == 409, low.text
    [fault] = low.json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/strata/0/rate", "rate-too-low")
    assert "raise it to 1/10" in fault["detail"]

    bare = {name: value for name, value in cafes(1, 20).items() if name != "strata"}
    made = journey.call("planner", "POST", "/v1/draw-plans", json={**bare, **third})
    assert made.status_code == 201, made.text
    plan = f"/v1/draw-plans/{made.json()['id']}"
    [stratum] = journey.call("planner", "GET", f"{plan}/preflight").json()["by_stratum"]
    assert (stratum["rate"], stratum["quota"]) == ([1, 10], 12)
    assert journey.call("approver", "POST", f"{plan}/approve").status_code == 200
    draw = journey.call("planner", "POST", "/v1/draws", json={"draw_plan": made.json()["id"]})
    assert draw.status_code == 201, draw.text
    public = journey.call(None, "GET", f"/v1/public/draws/{draw.json()['id']}/plan.json").json()
    assert [one["rate"] for one in public["strata"]] == [[1, 10]]

    november = {"period": "2026-11.2", "visit_from": "2026-11-11", "visit_to": "2026-11-20"}
    kept = journey.call("planner", "POST", "/v1/draw-plans", json={**cafes(1, 20), **november})
    assert kept.status_code == 201, kept.text


def test_a_draw_asked_for_ad_hoc_has_its_own_rate(journey: Journey) -> None:
    """Somebody approved it with a reason, for a part of the cafes."""
    journey.load("entities", entity_rows(120, regime="internet_cafe"))
    journey.load("inspectors", inspector_rows(8))
    asked = {
        "item": "psb.internet-cafes",
        "region": PLAN["region"],
        "visit_from": "2026-11-03",
        "visit_to": "2026-11-10",
        "rate": [1, 20],
        "reason_code": "complaints",
        "reason": "某街道连续被投诉",
    }
    adhoc = journey.call("planner", "POST", "/v1/calendar/ad-hoc", json=asked).json()["id"]
    approved = journey.call("approver", "POST", f"/v1/calendar/ad-hoc/{adhoc}/approve")
    period = {"period": approved.json()["period"]}
    made = journey.call(
        "planner", "POST", "/v1/draw-plans", json={**cafes(1, 20, stations=["101"]), **period}
    )
    assert made.status_code == 201, made.text
    answer = journey.call("approver", "POST", f"/v1/draw-plans/{made.json()['id']}/approve")
    assert answer.status_code == 200, answer.text


DECEMBER: dict[str, Any] = {
    **ALL_OF_LEVEL_3,
    "period": "2026-12.1",
    "visit_from": "2026-12-01",
    "visit_to": "2026-12-06",
}


def draft(journey: Journey, **changes: Any) -> str:
    """The address of a new draft for December."""
    made = journey.call("planner", "POST", "/v1/draw-plans", json={**PLAN, **DECEMBER, **changes})
    assert made.status_code == 201, made.text
    return f"/v1/draw-plans/{made.json()['id']}"


def refusal(answer: Response) -> tuple[int, str]:
    """Status and slug."""
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


def test_a_plan_is_approved_and_committed_only_under_the_policy_of_its_days(
    journey: Journey, clock: Clock
) -> None:
    """A version that begins on 1 December replaces the one that plans for December were drafted under."""
    county(journey, *level_3(1, 2, 3))
    november = journey.drawn(**ALL_OF_LEVEL_3)
    approved, waiting = draft(journey), draft(journey, period="2026-12.2")
    assert journey.call("approver", "POST", f"{approved}/approve").status_code == 200
    old = journey.call("planner", "GET", approved).json()["policy"]
    asked_from_december(journey, {1: 1})

    plan = {"draw_plan": approved.rpartition("/")[2]}
    committed = journey.call("planner", "POST", "/v1/draws", json=plan, headers=EN)
    assert refusal(committed) == (409, "policy-replaced")
    assert "draft an approved plan anew" in committed.json()["detail"]
    warnings = journey.call("planner", "GET", f"{waiting}/preflight").json()["warnings"]
    [found] = [one for one in warnings if one["code"] == "policy-replaced"]
    assert (found["day"], found["since"]) == ("2026-12-01", "2026-12-01")
    assert refusal(journey.call("approver", "POST", f"{waiting}/approve")) == (409, "policy-replaced")

    edit(journey, waiting)
    new = journey.call("planner", "GET", waiting).json()["policy"]
    assert (new != old, new) == (True, found["policy"])
    assert journey.call("approver", "POST", f"{waiting}/approve").status_code == 200
    anew = draft(journey)
    assert journey.call("approver", "POST", f"{anew}/approve").status_code == 200
    draw = journey.call("planner", "POST", "/v1/draws", json={"draw_plan": anew.rpartition("/")[2]})
    assert draw.status_code == 201, draw.text

    # What was drawn stays as it was: its plan is of the old policy, and its record verifies.
    clock.move(days=60)
    assert journey.call("planner", "GET", f"/v1/draws/{november['id']}").json()["state"] == "drawn"
    of_november = journey.call("planner", "GET", f"/v1/draws/{november['id']}").json()["draw_plan"]
    assert journey.call("planner", "GET", f"/v1/draw-plans/{of_november}").json()["policy"] == old


def test_a_policy_that_ends_after_the_visits_replaces_nothing(journey: Journey) -> None:
    """November's plans keep the policy that holds in November, whatever begins in December."""
    county(journey, *level_3(1, 2, 3))
    plan = draft(journey, period="2026-11.4", visit_from="2026-11-23", visit_to="2026-11-30")
    asked_from_december(journey, {1: 1})
    assert journey.call("approver", "POST", f"{plan}/approve").status_code == 200


def asked_ad_hoc(**changes: Any) -> dict[str, Any]:
    """A request for an ad-hoc draw of the venues in November's second week."""
    return {
        "item": "psb.venues",
        "region": PLAN["region"],
        "visit_from": "2026-11-03",
        "visit_to": "2026-11-10",
        "rate": [1, 10],
        "reason_code": "complaints",
        "reason": "某街道连续被投诉",
        **changes,
    }


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"visit_to": "9999-12-31"}, "/visit_to", "outside-window"),
        ({"visit_from": "2099-01-01", "visit_to": "2099-01-05"}, "/visit_from", "outside-window"),
        ({"visit_from": "2026-12-28", "visit_to": "2027-01-03"}, "/visit_to", "outside-window"),
        ({"visit_from": "2027-01-01", "visit_to": "2027-04-03"}, "/visit_to", "outside-window"),
        ({"rate": [1, 21]}, "/rate", "rate-too-low"),
    ],
)
def test_an_ad_hoc_draw_keeps_to_its_year_its_length_and_the_least_rate(
    journey: Journey, changes: dict[str, Any], pointer: str, code: str
) -> None:
    """Refused with the days that are allowed, and nothing is kept."""
    answer = journey.call("planner", "POST", "/v1/calendar/ad-hoc", json=asked_ad_hoc(**changes))
    assert refusal(answer) == (409, "calendar-rules")
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [(pointer, code)]
    assert journey.call("planner", "GET", "/v1/calendar/ad-hoc").json()["items"] == []


def test_a_plan_without_strata_draws_at_the_rate_of_its_calendar(journey: Journey) -> None:
    """«`strata` may be left out: then from policy»; an ad-hoc draw was approved at more than its 1/20."""
    county(journey, *level_3(*range(1, 61)))
    adhoc = journey.call("planner", "POST", "/v1/calendar/ad-hoc", json=asked_ad_hoc()).json()["id"]
    approved = journey.call("approver", "POST", f"/v1/calendar/ad-hoc/{adhoc}/approve")
    asked = {name: value for name, value in PLAN.items() if name != "strata"}
    period = approved.json()["period"]
    made = journey.call("planner", "POST", "/v1/draw-plans", json={**asked, "period": period})
    assert made.status_code == 201, made.text
    plan = f"/v1/draw-plans/{made.json()['id']}"
    [stratum] = journey.call("planner", "GET", f"{plan}/preflight").json()["by_stratum"]
    assert (stratum["name"], stratum["rate"], stratum["quota"]) == ("entertainment-3", [1, 10], 6)
    assert journey.call("approver", "POST", f"{plan}/approve").status_code == 200
    own = {**PLAN, "period": period, "strata": [{**PLAN["strata"][2], "rate": [1, 20]}]}
    low = journey.call("planner", "POST", "/v1/draw-plans", json=own)
    assert low.json()["errors"][0]["code"] == "below-calendar-rate"
