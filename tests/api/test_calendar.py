"""A year's calendar over HTTP: from the policy to the approval, new versions, and what the public sees."""

import hashlib
import re
from typing import Any

from app.deps import House, new_uuid7
from app.domain.access import Caller, Role
from app.services.access import create_key
from app.services.planning.calendar import drawing_regions
from app.store import access as store_access
from tests.api.calendar_desk import (
    ADHOC,
    CAFES,
    PATH,
    VENUES,
    approved,
    cafes_asked_more_from_december,
    change,
    draft,
    draws_of,
    errors,
    problem,
    public_months,
)
from tests.api.journey import Journey
from tests.api.test_calendar_days import NOTICE, enter
from tests.conftest import REGION, Clock


def test_a_planner_drafts_moves_and_another_approves(journey: Journey) -> None:
    """From policy and working days; begun inside the year, with what is still ahead."""
    made = draft(journey, "psb.internet-cafes")
    assert made.status_code == 201, made.text
    calendar = made.json()
    assert (calendar["state"], calendar["version"], calendar["starts_on"]) == ("draft", 1, "2026-11-02")
    assert [(d["period"], d["visit_from"], d["visit_to"]) for d in calendar["draws"]][:3] == [
        ("2026-11.1", "2026-11-02", "2026-11-10"),
        ("2026-11.2", "2026-11-11", "2026-11-20"),
        ("2026-11.3", "2026-11-21", "2026-11-30"),
    ]
    assert len(calendar["draws"]) == 6
    assert problem(draft(journey, "psb.internet-cafes")) == (409, "calendar-draft-exists")

    second = draws_of(journey, calendar)["2026-11.2"]
    path = f"{PATH}/draws/{second['id']}"
    assert journey.call("planner", "PATCH", path, json={}).status_code == 428
    outside = change(journey, second, visit_from="2026-11-10", visit_to="2026-11-21", rate=[1, 21])
    assert (problem(outside), errors(outside)) == (
        (409, "calendar-rules"),
        ["/visit_from outside-window", "/visit_to outside-window", "/rate rate-too-low"],
    )
    assert errors(change(journey, second, rate=[0, 1])) == ["/rate bad-rate"]
    assert problem(change(journey, second, visit_from="soon")) == (422, "malformed")
    assert change(journey, second, who="approver", rate=[1, 10]).status_code == 403
    moved = change(journey, second, visit_from="2026-11-12", rate=[1, 10])
    assert moved.status_code == 200, moved.text
    assert (moved.json()["visit_from"], moved.json()["rate"]) == ("2026-11-12", [1, 10])
    assert journey.call(None, "GET", "/v1/public/calendar").json() == {"items": []}

    here = f"{PATH}/{calendar['id']}"
    assert journey.call("planner", "POST", f"{here}/approve", json={}).status_code == 403
    assert journey.call("approver", "POST", f"{here}/approve", json={}).json()["state"] == "approved"
    assert problem(change(journey, second, rate=[1, 5])) == (409, "wrong-state")
    again = journey.call("approver-2", "POST", f"{here}/approve", json={})
    assert problem(again) == (409, "wrong-state")
    assert [tuple(line.values()) for line in public_months(journey, year=2026)] == [
        ("2026-11", "regular", [1, 10], None, 1),
        ("2026-11", "regular", [1, 20], None, 2),
        ("2026-12", "regular", [1, 20], None, 3),
    ]
    listed = journey.call(
        "planner", "GET", PATH, params={"item": "psb.internet-cafes", "year": 2026, "region": "410928"}
    )
    assert [one["id"] for one in listed.json()["items"]] == [calendar["id"]]
    assert journey.call("planner", "GET", PATH, params={"item": VENUES}).json()["items"] == []


def test_what_cannot_be_drafted_is_said_and_changes_nothing(journey: Journey, clock: Clock) -> None:
    """A year without notice, a year that is over, no such item or region, a reason that is missing."""
    missing = draft(journey, year=2027)
    assert problem(missing) == (409, "calendar-year-missing")
    assert "PUT /v1/calendar-days/2027" in missing.json()["detail"]
    assert problem(draft(journey, year=2025)) == (409, "calendar-empty")
    assert errors(draft(journey, "psb.none")) == ["/item unknown-value"]
    assert errors(draft(journey, region="4109281")) == ["/region bad-region-code"]
    assert problem(draft(journey, region="320102")) == (404, "not-found")
    assert problem(draft(journey, start="current")) == (409, "calendar-none-approved")
    assert journey.call("planner", "GET", PATH).json() == {"items": []}
    assert enter(journey, 2027, NOTICE).status_code == 200
    clock.move(days=42)
    calendar = approved(journey, year=2027)
    first = calendar["draws"][0]
    assert (first["period"], first["visit_from"], first["occasion"]) == (
        "2027.holiday-0101",
        "2026-12-18",
        "法定",
    )
    assert problem(draft(journey, year=2027)) == (409, "calendar-reason-missing")
    assert problem(draft(journey, year=2027, reason=" ")) == (422, "malformed")
    assert len(journey.call("auditor", "GET", PATH, params={"limit": 1}).json()["items"]) == 1

    # A draft can be thrown away under If-Match as with every DELETE; an approved calendar cannot.
    made = draft(journey).json()
    path = f"{PATH}/{made['id']}"
    assert journey.call("planner", "DELETE", path).status_code == 428
    seen = {"If-Match": journey.call("planner", "GET", path).headers["etag"]}
    assert journey.call("planner", "DELETE", path, headers=seen).status_code == 204
    assert journey.call("planner", "GET", path).status_code == 404
    path = f"{PATH}/{calendar['id']}"
    seen = {"If-Match": journey.call("planner", "GET", path).headers["etag"]}
    assert problem(journey.call("planner", "DELETE", path, headers=seen)) == (409, "wrong-state")


def both_roles(journey: Journey, house: House) -> str:
    """The name of a caller who is planner and approver at once."""
    both = Caller(id=new_uuid7(), name="both", roles=frozenset({Role.PLANNER, Role.APPROVER}), region=REGION)
    with house.database.unit_of_work() as session:
        digest = hashlib.sha256(b"both").hexdigest()
        store_access.add_key(session, caller=both, key_sha256=digest, at=house.clock())
    journey.keys["both"] = "both"
    return "both"


def test_whoever_drafted_or_edited_a_calendar_does_not_approve_it(
    journey: Journey, house: House, clock: Clock
) -> None:
    """Separation of duties is by person, whatever roles one holds; so it is for ad-hoc draws."""
    both = both_roles(journey, house)
    made = draft(journey).json()
    here = f"{PATH}/{made['id']}/approve"
    assert change(journey, made["draws"][0], who=both, rate=[1, 10]).status_code == 200
    assert problem(journey.call(both, "POST", here, json={})) == (403, "own-request")
    own = draft(journey, "fire.units", who=both)
    refused = journey.call(both, "POST", f"{own.headers['location']}/approve", json={})
    assert problem(refused) == (403, "own-request")
    assert journey.call("approver", "POST", here, json={}).status_code == 200
    clock.move(days=10)
    late = journey.call("approver", "POST", f"{own.headers['location']}/approve", json={})
    assert late.status_code == 200, "the quarter's visits end on 16 December"
    cafes = draft(journey, "psb.internet-cafes").headers["location"]
    clock.move(days=10)
    late = journey.call("approver", "POST", f"{cafes}/approve", json={})
    assert (problem(late), errors(late)) == ((409, "calendar-rules"), ["/draws/0/visit_to visits-over"])
    assert journey.call("planner", "GET", cafes).json()["state"] == "draft"
    clock.move(days=-20)
    wanted = journey.call(both, "POST", f"{PATH}/ad-hoc", json=ADHOC)
    for step, body in (("approve", {}), ("reject", {"reason": "不必"})):
        decided = journey.call(both, "POST", f"{wanted.headers['location']}/{step}", json=body)
        assert problem(decided) == (403, "own-request")


def test_a_new_version_needs_a_reason_and_keeps_what_has_begun(journey: Journey, clock: Clock) -> None:
    """The week that has begun keeps its days and its draw; the rest comes from the policy, or as it stood."""
    journey.registers()
    first = draft(journey).json()
    fourth = draws_of(journey, first)["2026-11.4"]
    assert change(journey, fourth, visit_from="2026-11-24").status_code == 200
    journey.call("approver", "POST", f"{PATH}/{first['id']}/approve", json={})
    clock.move(days=8)
    held = journey.committed(period="2026-11.2", visit_from="2026-11-10", visit_to="2026-11-15")
    journey.run_jobs()
    assert problem(draft(journey)) == (409, "calendar-reason-missing")
    copied = draft(journey, reason="改第三周", start="current").json()
    assert copied["version"] == 2
    assert draws_of(journey, copied)["2026-11.4"]["visit_from"] == "2026-11-24"
    assert problem(change(journey, draws_of(journey, copied)["2026-11.2"], rate=[1, 2])) == (
        409,
        "calendar-draw-held",
    )
    path = f"{PATH}/{copied['id']}"
    seen = {"If-Match": journey.call("planner", "GET", path).headers["etag"]}
    journey.call("planner", "DELETE", path, headers=seen)
    second = approved(journey, reason="按现行规则重排")
    now = draws_of(journey, second)
    assert (now["2026-11.4"]["visit_from"], now["2026-11.2"]["draw"]) == ("2026-11-23", held["id"])
    assert (now["2026-11.1"]["state"], now["2026-11.1"]["visit_from"]) == ("missed", "2026-11-02")
    assert now["2026-11.1"]["missed_at"] is not None
    states = [one["state"] for one in journey.call("planner", "GET", PATH).json()["items"]]
    assert states == ["approved", "superseded"]
    old = f"{PATH}/draws/{fourth['id']}/replacement"
    assert problem(journey.call("planner", "POST", old, json={})) == (409, "calendar-not-in-force")


def outdated(journey: Journey, calendar: dict[str, Any]) -> list[str]:
    """Code and period of what a calendar lacks now, in its list as alone."""
    alone = journey.call("supervisor", "GET", f"{PATH}/{calendar['id']}").json()["outdated"]
    listed = {one["id"]: one["outdated"] for one in journey.call("planner", "GET", PATH).json()["items"]}
    assert listed[calendar["id"]] == alone
    return [f"{one['code']} {one['period']}" for one in alone]


def test_what_a_calendar_lacks_by_a_later_notice_or_policy_is_told(journey: Journey, clock: Clock) -> None:
    """Extra draws before holidays that a later notice names, rates below a later policy; a new version mends.

    Nothing of it is public: a period of an extra draw tells its days.
    """
    venues, cafes = approved(journey), approved(journey, CAFES)
    assert (venues["outdated"], cafes["outdated"]) == ([], [])
    notice = journey.call("admin", "GET", "/v1/calendar-days/2026").json()
    days = [*notice["days"], {"day": "2026-12-11", "working": False, "name": "县庆"}]
    assert enter(journey, 2026, {"source": "补充通知", "days": days}).status_code == 200
    assert outdated(journey, venues) == ["extra-draw-missing 2026.holiday-1211"]
    (told,) = journey.call("planner", "GET", f"{PATH}/{venues['id']}").json()["outdated"]
    assert (told["first"], told["last"]) == ("2026-12-01", "2026-12-10")
    assert "新版本" in told["message"]
    assert "draft a new version" in told["message_en"]

    cafes_asked_more_from_december(journey)
    assert outdated(journey, cafes) == [f"draw-rate-too-low 2026-12.{third}" for third in (1, 2, 3)]
    public = journey.call(None, "GET", "/v1/public/calendar").text
    assert "holiday" not in public
    assert "outdated" not in public

    clock.move(days=30)
    assert outdated(journey, cafes) == [f"draw-rate-too-low 2026-12.{third}" for third in (2, 3)]
    second = approved(journey, CAFES, reason="12月起每次不低于10%")
    assert second["outdated"] == []
    assert [draws_of(journey, second)[f"2026-12.{n}"]["rate"] for n in (1, 2, 3)] == [
        [1, 20],
        [1, 10],
        [1, 10],
    ]
    assert outdated(journey, cafes) == [], "the old version is superseded"
    again = approved(journey, reason="县庆前加抽一次")
    assert again["outdated"] == []
    assert draws_of(journey, again)["2026.holiday-1211"]["visit_from"] == "2026-12-02"
    assert draft(journey, reason="再改").json()["outdated"] == []


def test_no_day_is_public(journey: Journey) -> None:
    """Neither in the copies nor on the page: no date, no week, no period, no text of a reason."""
    approved(journey)
    approved(journey, "fire.units")
    approved(journey, reason="11月9日那周改期")
    path = journey.call("planner", "POST", f"{PATH}/ad-hoc", json=ADHOC).headers["location"]
    journey.call("approver", "POST", f"{path}/approve", json={})
    copies = journey.call(None, "GET", "/v1/public/calendar", params={"year": 2026, "region": "410900"}).text
    page = journey.call(None, "GET", "/calendar", params={"year": "2026", "item": ""})
    assert page.status_code == 200, page.text
    assert "2026-11" in copies
    assert "2026-11" in page.text
    for text in (copies, page.text):
        assert not re.search(r"\d{4}-\d{2}[-.]\d|\d月\d+日|Q4", text)
    assert journey.call("witness", "GET", PATH).status_code == 403
    assert journey.call("elsewhere", "GET", PATH).status_code == 403


def test_a_city_and_its_county_have_calendars_of_their_own(journey: Journey, house: House) -> None:
    """A city sees its counties' calendars, however it writes its region; a county sees its own."""
    with house.database.unit_of_work() as session:
        for name, role in (("city-planner", "planner"), ("city-approver", "approver")):
            journey.keys[name], _ = create_key(
                session, new_id=new_uuid7(), role=role, region="4109", name=name, now=house.clock()
            )
    approved(journey, "fire.units")
    made = draft(journey, "fire.units", who="city-planner", region="410900")
    assert (made.status_code, made.json()["region"]) == (201, "4109")
    path = made.headers["location"]
    assert journey.call("approver", "POST", f"{path}/approve", json={}).status_code == 404
    assert journey.call("city-approver", "POST", f"{path}/approve", json={}).status_code == 200
    again = draft(journey, "fire.units", who="city-planner", region="4109")
    assert problem(again) == (409, "calendar-reason-missing")
    for who, regions in (("city-planner", ["4109", "410928"]), ("planner", ["410928"])):
        seen = journey.call(who, "GET", PATH).json()["items"]
        assert [one["region"] for one in seen] == regions
    draw = made.json()["draws"][0]["id"]
    with house.database.reading() as connection:
        asked = {"item": "fire.units", "region": "410928"}
        year = made.json()["year"]
        assert drawing_regions(connection, **asked, year=year) == ("4109", "410928")
        assert drawing_regions(connection, **asked, year=year + 5) == ("410928",)
        assert drawing_regions(connection, item="fire.units", region="410922", year=year) == ("4109",)
    assert journey.call("planner", "GET", f"{PATH}/draws/{draw}").status_code == 404
    assert journey.call("planner", "GET", path).status_code == 404
