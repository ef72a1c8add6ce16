"""The draws of a calendar over HTTP: plans, voids, ad-hoc draws, alarms, and what duties may count on."""

from datetime import date
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import select
from sqlmodel import col

from app.deps import House
from app.services.access import create_key
from app.services.planning.calendar import draw_ends
from app.store.planning import plan_read
from app.store.tables.access import AuditEvent
from tests.api.calendar_desk import (
    ADHOC,
    PATH,
    VENUES,
    approved,
    change,
    draft,
    draws_of,
    errors,
    problem,
    public_months,
    void,
)
from tests.api.journey import PLAN, Journey
from tests.api.test_calendar_days import NOTICE, enter
from tests.conftest import REGION, Clock


def test_plans_keep_to_the_calendar_and_a_voided_draw_is_replaced(journey: Journey, clock: Clock) -> None:
    """Period, days, rate and scope; states from planned to voided, new days inside the month, drawn again."""
    journey.registers()
    stale = journey.approved_plan(period="2026-11.9")
    calendar = approved(journey)
    refused = journey.call("planner", "POST", "/v1/draws", json={"draw_plan": stale})
    assert (problem(refused), errors(refused)) == ((409, "plan-rules"), ["/period not-in-calendar"])

    def plan(**changes: Any) -> Response:
        return journey.call("planner", "POST", "/v1/draw-plans", json=PLAN | changes)

    off = plan(
        visit_from="2026-11-01", visit_to="2026-11-10", scope={"regimes": [], "levels": [3], "stations": []}
    )
    assert errors(off) == [
        "/visit_from off-calendar",
        "/visit_to off-calendar",
        "/scope narrower-than-calendar",
    ]
    told = off.json()["errors"][0]["detail"]
    assert "2026-11-02" in told
    assert "2026-11-08" in told
    poor = [{"name": "all", "match": {}, "rate": [1, 30], "min": 0, "surprise": 0}]
    week = {"visit_from": "2026-11-03", "visit_to": "2026-11-08"}
    assert errors(plan(strata=poor, **week)) == ["/strata/0/rate below-calendar-rate"]
    assert errors(plan(period="2026-11.adhoc-1", **week)) == ["/period not-in-calendar"]

    assert draws_of(journey, calendar)["2026-11.1"]["state"] == "planned"
    drafted = plan(**week).json()
    standing = draws_of(journey, calendar)["2026-11.1"]
    assert (standing["state"], standing["draw_plan"]) == ("drafted", drafted["id"])
    journey.call("approver", "POST", f"/v1/draw-plans/{drafted['id']}/approve", json={})
    assert draws_of(journey, calendar)["2026-11.1"]["state"] == "approved"
    draw = journey.call("planner", "POST", "/v1/draws", json={"draw_plan": drafted["id"]}).json()
    standing = draws_of(journey, calendar)["2026-11.1"]
    assert (standing["state"], standing["draw"], standing["draw_plan"]) == ("committed", draw["id"], None)
    early = journey.call("planner", "POST", f"{PATH}/draws/{standing['id']}/replacement", json={})
    assert problem(early) == (409, "calendar-not-voided")

    clock.move(days=7)
    void(journey, draw["id"])
    journey.run_jobs()
    standing = draws_of(journey, calendar)["2026-11.1"]
    assert (standing["state"], standing["replacement"]) == (
        "voided",
        {"visit_from": "2026-11-10", "visit_to": "2026-11-16"},
    )
    assert errors(plan(visit_from="2026-11-12", visit_to="2026-11-13")) == ["/visit_to off-calendar"]
    path = f"{PATH}/draws/{standing['id']}/replacement"
    assert errors(journey.call("planner", "POST", path, json={"visit_from": "2026-11-12"})) == [
        "/visit_to missing"
    ]
    weekend = {"visit_from": "2026-11-14", "visit_to": "2026-11-15"}
    assert errors(journey.call("planner", "POST", path, json=weekend)) == ["/visit_to no-working-day"]
    over = {"visit_from": "2026-11-28", "visit_to": "2026-12-02"}
    assert errors(journey.call("planner", "POST", path, json=over)) == ["/visit_to outside-window"]
    assert journey.call("approver", "POST", path, json={}).status_code == 403
    replaced = journey.call(
        "planner", "POST", path, json={"visit_from": "2026-11-12", "visit_to": "2026-11-18"}
    )
    assert replaced.status_code == 200, replaced.text
    assert (replaced.json()["state"], replaced.json()["visit_to"]) == ("planned", "2026-11-18")
    again = journey.committed(visit_from="2026-11-12", visit_to="2026-11-18")
    assert draws_of(journey, calendar)["2026-11.1"]["draw"] == again["id"]


def test_an_ad_hoc_draw_has_a_reason_an_approval_and_a_public_count(journey: Journey, clock: Clock) -> None:
    """`.adhoc-n` is given at the approval, so that no number is missing; rejected ones are not counted."""
    journey.registers()
    approved(journey)
    assert errors(journey.call("planner", "POST", f"{PATH}/ad-hoc", json=ADHOC | {"rate": [0, 5]})) == [
        "/rate bad-rate"
    ]
    past = {"visit_from": "2026-11-01", "visit_to": "2026-10-31"}
    refused = journey.call("planner", "POST", f"{PATH}/ad-hoc", json=ADHOC | past)
    assert errors(refused) == ["/visit_to visits-end-early", "/visit_from in-the-past"]
    assert journey.call("planner", "POST", f"{PATH}/ad-hoc", json=ADHOC | {"reason": ""}).status_code == 422
    assert journey.call("approver", "POST", f"{PATH}/ad-hoc", json=ADHOC).status_code == 403
    first, second, third = (
        journey.call("planner", "POST", f"{PATH}/ad-hoc", json=ADHOC).headers["location"] for _ in range(3)
    )
    before = public_months(journey)
    rejected = journey.call("approver", "POST", f"{first}/reject", json={"reason": "人员不足"})
    assert (rejected.json()["state"], rejected.json()["period"]) == ("rejected", None)
    assert problem(journey.call("approver", "POST", f"{first}/approve", json={})) == (409, "wrong-state")
    assert public_months(journey) == before
    periods = [
        journey.call("approver", "POST", f"{path}/approve", json={}).json()["period"]
        for path in (second, third)
    ]
    assert periods == ["2026-11.adhoc-1", "2026-11.adhoc-2"]
    counted = {"month": "2026-11", "kind": "adhoc", "rate": [1, 10], "reason": "complaints", "draws": 2}
    assert [line for line in public_months(journey) if line["kind"] == "adhoc"] == [counted]
    assert journey.call("planner", "GET", first).json()["decision"] == "人员不足"
    wanted = {"state": "approved", "region": "410928"}
    listed = journey.call("planner", "GET", f"{PATH}/ad-hoc", params=wanted)
    assert [one["period"] for one in listed.json()["items"]] == list(reversed(periods))
    draw = journey.committed(period="2026-11.adhoc-1", visit_from="2026-11-18", visit_to="2026-11-20")
    calendar = journey.call("planner", "GET", PATH).json()["items"][0]
    assert draws_of(journey, calendar)["2026-11.adhoc-1"]["draw"] == draw["id"]

    # Without a calendar it is counted too, quarterly items by quarters; what is too late is not approved.
    asked = ADHOC | {"item": "fire.units"}
    path = journey.call("planner", "POST", f"{PATH}/ad-hoc", json=asked).headers["location"]
    late = journey.call("planner", "POST", f"{PATH}/ad-hoc", json=asked).headers["location"]
    assert journey.call("approver", "POST", f"{path}/approve", json={}).json()["period"] == "2026Q4.adhoc-1"
    (copy,) = journey.call(None, "GET", "/v1/public/calendar", params={"item": "fire.units"}).json()["items"]
    assert (copy["version"], [line["draws"] for line in copy["months"]]) == (None, [1])
    clock.move(days=24)
    assert problem(journey.call("approver", "POST", f"{late}/approve", json={})) == (409, "adhoc-too-late")


def alarms(house: House) -> list[str]:
    """Kind and period of the alarms of the calendar, in order."""
    with house.database.reading() as connection:
        rows = connection.execute(
            select(col(AuditEvent.detail))
            .where(col(AuditEvent.act) == "draw-calendars.alarm")
            .order_by(col(AuditEvent.at), col(AuditEvent.id))
        )
        return [f"{row.detail['kind']} {row.detail['period']}" for row in rows]


def test_the_clock_alarms_before_a_draw_is_missed_and_records_what_was(
    journey: Journey, house: House, clock: Clock
) -> None:
    """Once each: three days before without an approved plan; after a void; when nothing can be done."""
    journey.registers()
    cafes = approved(journey, "psb.internet-cafes")
    calendar = approved(journey)
    assert calendar["draws"][0]["period"] == "2026-11.1"
    for _ in range(2):
        clock.move(hours=1)
        journey.run_jobs()
    assert sorted(alarms(house)) == ["no-approved-plan 2026-11.1"] * 2
    draw = journey.committed(visit_from="2026-11-03", visit_to="2026-11-08")
    clock.move(days=2)
    void(journey, draw["id"])
    journey.run_jobs()
    assert alarms(house)[2:] == ["voided 2026-11.1"]
    clock.move(days=1)
    journey.approved_plan(period="2026-11.2", visit_from="2026-11-09", visit_to="2026-11-15")
    clock.move(days=7)
    journey.run_jobs()
    # On the 12th: the cafes' first third is over and their second has begun; the venues' second week has its
    # approved plan, and the third is four days ahead.
    assert alarms(house)[3:] == ["missed 2026-11.1", "no-approved-plan 2026-11.2"]
    assert draws_of(journey, cafes)["2026-11.1"]["missed_at"] is not None
    clock.move(days=19)
    journey.run_jobs()
    last = draws_of(journey, calendar)["2026-11.1"]
    assert (last["state"], last["replacement"], last["missed_at"] is None) == ("missed", None, False)
    assert "no-replacement 2026-11.1" in alarms(house)
    path = f"{PATH}/draws/{last['id']}/replacement"
    assert problem(journey.call("planner", "POST", path, json={})) == (409, "calendar-no-replacement")


def ends(house: House, on: date, plan: str | None = None) -> list[str]:
    """Last visit days of the venues' draws to come in the next weeks."""
    with house.database.reading() as connection:
        at_hand = None if plan is None else plan_read(connection, plan)
        found = draw_ends(connection, item=VENUES, region=REGION, plan=at_hand, on=on)
    assert list(found) == sorted(found)
    return [day.isoformat() for day in found][:6]


def test_duties_count_on_what_is_still_to_come(journey: Journey, house: House) -> None:
    """What the policy implies, then the approved calendar; committed and voided draws are not to come."""
    journey.registers()
    today = date(2026, 11, 2)
    implied = [f"2026-11-{day:02d}" for day in (8, 15, 22, 30)]
    assert ends(house, today) == [*implied, "2026-12-06", "2026-12-13"]
    assert ends(house, date(2026, 12, 28))[:2] == ["2026-12-31", "2027-01-10"]

    calendar = draft(journey).json()
    second = draws_of(journey, calendar)["2026-11.2"]
    assert change(journey, second, visit_to="2026-11-14").status_code == 200
    assert ends(house, today)[:4] == implied, "a draft holds nothing"
    journey.call("approver", "POST", f"{PATH}/{calendar['id']}/approve", json={})
    known = ["2026-11-08", "2026-11-14", "2026-11-22", "2026-11-30"]
    assert ends(house, today)[:4] == known

    draw = journey.committed(visit_from="2026-11-03", visit_to="2026-11-08")
    assert ends(house, today)[:3] == known[1:]
    assert ends(house, today, draw["draw_plan"])[:3] == known[:3], "the draw at hand counts itself"
    void(journey, draw["id"])
    assert ends(house, today)[:3] == known[1:], "voided and not replaced"
    first = draws_of(journey, calendar)["2026-11.1"]
    journey.call("planner", "POST", f"{PATH}/draws/{first['id']}/replacement", json={})
    assert ends(house, today)[:4] == known, "what is left of its own days"

    third = journey.approved_plan(period="2026-11.3", visit_from="2026-11-16", visit_to="2026-11-20")
    shorter = ["2026-11-08", "2026-11-14", "2026-11-20", "2026-11-30"]
    assert ends(house, today)[:4] == shorter, "an approved plan has its own days"
    assert ends(house, today, third)[:2] == shorter[2:], "what comes before it is not to come after it"


@pytest.mark.parametrize(("off", "twentieth"), [((30, 31), 2), ((), 1)])
def test_a_new_years_holiday_may_begin_in_december(
    journey: Journey, house: House, off: tuple[int, ...], twentieth: int
) -> None:
    """By hand, made up: 30 and 31 December 2026 off, New Year's Day a Friday, Saturday the 2nd made up for.

    Three days off: of the 14 days before 30 December an extra draw takes the 16th to the 20th, before the
    reserve, which begins on the 21st, since 28 to 31 December have two working days alone. The draw of that
    week ends on the 20th too. The policy implies the extra one for 2027; 2026 has its approved calendar.
    Without the days of December New Year's Day is one day off, and nothing extra is drawn.
    """
    journey.registers()
    december = [{"day": f"2026-12-{day}", "working": False, "name": "元旦"} for day in off]
    fixed = [{**one, "day": one["day"].replace("2027", "2026")} for one in NOTICE["days"]]
    made_up = {"day": "2027-01-02", "working": True, "name": "元旦调休"}
    for year, days in ((2026, [*fixed, *december]), (2027, [*NOTICE["days"], made_up])):
        entered = enter(journey, year, {**NOTICE, "days": days})
        assert entered.status_code == 200, entered.text
    approved(journey)
    assert ends(house, date(2026, 12, 14)).count("2026-12-20") == twentieth


def test_an_ad_hoc_draw_counts_once_its_plan_leaves_nobody_out(journey: Journey, house: House) -> None:
    """It may be about a part; and one that is not over when the month's last draw begins replaces no reserve.

    The last weekly draw of November 2026 begins on Monday the 23rd.
    """
    journey.registers()
    today = date(2026, 11, 2)
    approved(journey)
    weekly = ["2026-11-08", "2026-11-15", "2026-11-22", "2026-11-30"]
    whole, part = ({"regimes": [], "levels": levels, "stations": []} for levels in ([], [3]))
    more = [*weekly[:2], "2026-11-20", *weekly[2:]]
    for n, (last, scope, found) in enumerate(
        [("25", whole, weekly), ("20", part, weekly), ("20", whole, more)], start=1
    ):
        days = {"visit_from": "2026-11-18", "visit_to": f"2026-11-{last}"}
        path = journey.call("planner", "POST", f"{PATH}/ad-hoc", json=ADHOC | days).headers["location"]
        journey.call("approver", "POST", f"{path}/approve", json={})
        assert ends(house, today)[:4] == weekly, "nobody knows yet whom it leaves out"
        journey.approved_plan(period=f"2026-11.adhoc-{n}", scope=scope, **days)
        assert ends(house, today)[: len(found)] == found


def test_a_citys_calendar_serves_its_counties(journey: Journey, house: House) -> None:
    """W1: a city plans across its counties; where it does, the policy implies nothing besides for a county.

    What the county approves itself comes on top, and what the city has committed is to come no more. Of the
    two draws that end November together one is the reserve of the other's failed visits, so one counts.
    """
    journey.registers()
    today = date(2026, 11, 2)
    with house.database.unit_of_work() as session:
        keys = {
            role: create_key(
                session, new_id=house.new_id(), role=role, region="410900", name=role, now=house.clock()
            )[0]
            for role in ("planner", "approver", "supervisor")
        }
    city = Journey(journey.client, journey.keys | keys, journey.run_jobs, calls=1000)
    calendar = draft(city, region="4109").json()
    assert change(city, draws_of(city, calendar)["2026-11.2"], visit_to="2026-11-14").status_code == 200
    assert ends(house, today)[1] == "2026-11-15", "a draft holds nothing"
    city.call("approver", "POST", f"{PATH}/{calendar['id']}/approve", json={})
    days = ["2026-11-08", "2026-11-14", "2026-11-22", "2026-11-30"]
    assert ends(house, today)[:4] == days

    approved(journey)
    both = ["2026-11-08", "2026-11-08", "2026-11-14", "2026-11-15", "2026-11-22", "2026-11-22"]
    assert ends(house, today) == both
    assert ends(house, date(2026, 11, 23))[:2] == ["2026-11-30", "2026-12-06"]

    city.committed(region="4109", visit_from="2026-11-03", visit_to="2026-11-08")
    assert ends(house, today)[:5] == both[1:]
