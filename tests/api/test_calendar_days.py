"""The working calendar over HTTP: seeded, entered, and clear about what is missing."""

from datetime import date
from typing import Any

from httpx2 import Response

from tests.api.field_desk import FieldDesk
from tests.api.journey import Journey
from tests.conftest import Clock

NOTICE: dict[str, Any] = {
    "source": "国务院办公厅关于2027年部分节假日安排的通知",
    "days": [
        {"day": f"2027-{month:02d}-{day:02d}", "working": False, "name": "法定"}
        for month, day in ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))
    ],
}


def enter(journey: Journey, year: int, notice: dict[str, Any], *, who: str = "admin") -> Response:
    """A year entered by somebody who has just looked at it."""
    path = f"/v1/calendar-days/{year}"
    tag = journey.call("admin", "GET", path).headers["etag"]
    return journey.call(who, "PUT", path, json=notice, headers={"If-Match": tag})


def test_known_years_are_seeded(journey: Journey) -> None:
    """From the package, by the worker, once."""
    journey.run_jobs()
    journey.run_jobs()
    years = journey.call("supervisor", "GET", "/v1/calendar-days").json()["items"]
    assert [line["year"] for line in years] == sorted({line["year"] for line in years})
    assert {line["source"] for line in years} == {"chinesecalendar"}
    year = journey.call("planner", "GET", "/v1/calendar-days/2026").json()
    assert {"day": "2026-10-10", "working": True, "name": "国庆节调休"} in year["days"]
    assert {"day": "2026-10-01", "working": False, "name": "国庆节"} in year["days"]


def test_an_administrator_enters_a_year(journey: Journey) -> None:
    """Under If-Match as every PUT; replaced as a whole; nobody else's act."""
    unknown = journey.call("admin", "GET", "/v1/calendar-days/2027").json()
    assert (unknown["source"], unknown["days"]) == (None, [])
    assert journey.call("admin", "PUT", "/v1/calendar-days/2027", json=NOTICE).status_code == 428
    assert enter(journey, 2027, NOTICE, who="planner").status_code == 403
    entered = enter(journey, 2027, NOTICE)
    assert entered.status_code == 200, entered.text
    assert (entered.json()["source"], len(entered.json()["days"])) == (NOTICE["source"], 5)
    more = {**NOTICE, "days": [*NOTICE["days"], {"day": "2027-10-09", "working": True, "name": "国庆节调休"}]}
    assert len(enter(journey, 2027, more).json()["days"]) == 6
    stale = journey.call("admin", "PUT", "/v1/calendar-days/2027", json=NOTICE, headers={"If-Match": '"old"'})
    assert stale.status_code == 412
    journey.run_jobs()
    assert journey.call("admin", "GET", "/v1/calendar-days/2027").json()["source"] == NOTICE["source"]


def test_what_no_notice_says_is_refused_by_field(journey: Journey) -> None:
    """With a JSON Pointer each, in the caller's language."""
    bad = {**NOTICE, "days": [*NOTICE["days"][1:], {"day": "2026-01-01", "working": False, "name": "元旦"}]}
    refused = enter(journey, 2027, bad)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/calendar-refused")
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [
        ("/days/4/day", "other-year"),
        ("/days", "holiday-missing"),
    ]


def test_a_missing_year_is_named_and_nothing_is_lost(journey: Journey, clock: Clock) -> None:
    """A record whose clock would run into an unknown year stays a draft until the year is entered."""
    clock.move(days=43)
    desk = FieldDesk.visited(journey, day=date(2026, 12, 15).isoformat())
    desk.save(desk.body(found=False), "a-1")
    refused = desk.submit()
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/calendar-year-missing")
    assert "2027" in refused.json()["detail"]
    assert "PUT /v1/calendar-days/2027" in refused.json()["detail"]
    assert journey.call(desk.lead, "GET", desk.path).json()["state"] == "checked_out"
    assert enter(journey, 2027, NOTICE).status_code == 200
    assert desk.submit().status_code == 200
    due = journey.call("approver", "GET", f"/v1/publications/{desk.visit['id']}").json()["due_on"]
    # 16 to 31 December 2026 has 12 working days; 2027 begins on a Friday that is off: 4 to 8 January (17),
    # then 11 to 13.
    assert due == "2027-01-13"
