"""A planner's desk: calendars of draws over HTTP, and what they answer."""

import json
from typing import Any

from httpx2 import Response

from tests.api.journey import Journey
from tests.conftest import REGION

VENUES = "psb.venues"
CAFES = "psb.internet-cafes"
PATH = "/v1/calendar"
ADHOC: dict[str, Any] = {
    "item": VENUES,
    "region": REGION,
    "visit_from": "2026-11-18",
    "visit_to": "2026-11-25",
    "rate": [1, 10],
    "reason_code": "complaints",
    "reason": "11月18日前投诉集中",
}


def draft(journey: Journey, item: str = VENUES, *, who: str = "planner", **body: Any) -> Response:
    """A year's calendar asked for."""
    asked = {"item": item, "region": REGION, "year": 2026} | body
    return journey.call(who, "POST", PATH, json=asked)


def approved(journey: Journey, item: str = VENUES, **body: Any) -> dict[str, Any]:
    """A year's calendar, drafted and approved."""
    made = draft(journey, item, **body)
    assert made.status_code == 201, made.text
    answer = journey.call("approver", "POST", f"{made.headers['location']}/approve", json={})
    assert answer.status_code == 200, answer.text
    calendar: dict[str, Any] = answer.json()
    return calendar


def draws_of(journey: Journey, calendar: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """A calendar's draws by period, as they stand now."""
    now = journey.call("supervisor", "GET", f"{PATH}/{calendar['id']}")
    assert now.status_code == 200, now.text
    return {draw["period"]: draw for draw in now.json()["draws"]}


def change(journey: Journey, draw: dict[str, Any], *, who: str = "planner", **patch: Any) -> Response:
    """A draw of a draft changed by somebody who has just looked at it."""
    path = f"{PATH}/draws/{draw['id']}"
    tag = journey.call("approver", "GET", path).headers["etag"]
    headers = {"If-Match": tag, "Content-Type": "application/merge-patch+json"}
    return journey.call(who, "PATCH", path, content=json.dumps(patch), headers=headers)


def problem(answer: Response) -> tuple[int, str]:
    """Status and slug."""
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


def errors(answer: Response) -> list[str]:
    """Pointers and codes of bad fields."""
    return [f"{one['pointer']} {one['code']}" for one in answer.json()["errors"]]


def public_months(journey: Journey, **query: Any) -> list[dict[str, Any]]:
    """The months of the one public calendar."""
    (copy,) = journey.call(None, "GET", "/v1/public/calendar", params=query).json()["items"]
    months: list[dict[str, Any]] = copy["months"]
    return months


def cafes_asked_more_from_december(journey: Journey) -> None:
    """Let the county draw a tenth of its cafes from 1 December on, and no fewer."""
    base = journey.call("planner", "GET", "/v1/policies/in-force", params={"region": REGION}).json()
    more = {"rate": [1, 10], "least_rate": [1, 10]}
    rhythms = [rhythm | (more if CAFES in rhythm["items"] else {}) for rhythm in base["document"]["calendar"]]
    asked = {"based_on": base["digests"]["sha256"], "changes": {"calendar": rhythms}, "region": REGION}
    made = journey.call(
        "planner",
        "POST",
        "/v1/policies",
        json={**asked, "reason": "加大网吧抽查", "valid_from": "2026-12-01"},
    )
    assert made.status_code == 201, made.text
    answer = journey.call("approver", "POST", f"/v1/policies/{made.json()['id']}/approve", json={})
    assert answer.status_code == 200, answer.text


def void(journey: Journey, draw: str) -> None:
    """A draw voided by two people."""
    asked = journey.call("planner", "POST", f"/v1/draws/{draw}/void", json={"reason": "roster-error"})
    assert asked.status_code == 200, asked.text
    done = journey.call("approver", "POST", f"/v1/draws/{draw}/void/approve", json={})
    assert done.status_code == 200, done.text
