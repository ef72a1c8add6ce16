"""The working calendar over HTTP: seeded, entered, and clear about what is missing."""

import io
import json
from datetime import date
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import select
from sqlmodel import col

from app.adapters.tabular import write_xlsx
from app.deps import House
from app.store.tables.access import AuditEvent
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


SOURCE = NOTICE["source"]
HEAD = ["日期", "上班", "节日"]
ROWS = [*([day["day"], "否", "法定"] for day in NOTICE["days"]), ["2027-10-09", "是", "国庆节调休"]]


def hand_in(journey: Journey, name: str, content: bytes, *, who: str = "admin", **form: str) -> Response:
    """A year's file, handed in by somebody who has just looked at the year."""
    tag = journey.call("admin", "GET", "/v1/calendar-days/2027").headers["etag"]
    return journey.call(
        who,
        "PUT",
        "/v1/calendar-days/2027/file",
        files={"file": (name, content)},
        data={"source": SOURCE, **form},
        headers={"If-Match": tag},
    )


def as_file(ending: str, rows: list[list[str]]) -> bytes:
    """A notice as a file: CSV in GB18030, a workbook, or NDJSON under English names."""
    if ending == "csv":
        return "\n".join(",".join(row) for row in [HEAD, *rows]).encode("gb18030")
    if ending == "xlsx":
        target = io.BytesIO()
        write_xlsx(target, HEAD, rows, sheet="放假调休")
        return target.getvalue()
    names = ("day", "working", "name")
    return "\n".join(json.dumps(dict(zip(names, row, strict=True))) for row in rows).encode()


@pytest.mark.parametrize("ending", ["csv", "xlsx", "ndjson"])
def test_a_notice_is_entered_from_a_file(journey: Journey, ending: str) -> None:
    """The issue: importable; the same answer as by hand, a dry run changes nothing, and it needs If-Match."""
    content = as_file(ending, ROWS)
    tried = hand_in(journey, f"n.{ending}", content, dry_run="true")
    assert (tried.status_code, tried.json()["entered_by"], len(tried.json()["days"])) == (200, None, 6)
    assert journey.call("admin", "GET", "/v1/calendar-days/2027").json()["source"] is None
    entered = hand_in(journey, f"n.{ending}", content)
    assert entered.status_code == 200, entered.text
    assert entered.json()["days"][-1] == {"day": "2027-10-09", "working": True, "name": "国庆节调休"}
    assert entered.json() == journey.call("admin", "GET", "/v1/calendar-days/2027").json()
    assert hand_in(journey, f"n.{ending}", content, who="planner").status_code == 403
    again = {"files": {"file": (f"n.{ending}", content)}, "data": {"source": SOURCE}}
    path = "/v1/calendar-days/2027/file"
    assert journey.call("admin", "PUT", path, **again).status_code == 428
    stale = journey.call("admin", "PUT", path, **again, headers={"If-Match": '"old"'})
    assert stale.status_code == 412


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["2027-13-01", "否", "元旦"], ["2027-05-01", "x", ""]], ["bad-date", "bad-boolean", "required"]),
        (
            [*ROWS, ["2027-10-08", "是", "国庆节"], ["2026-10-01", "否", "国庆节"]],
            ["made-up-on-weekday", "other-year"],
        ),
        (ROWS[1:], ["holiday-missing"]),
    ],
)
def test_a_file_lands_whole_or_not_at_all(
    journey: Journey, rows: list[list[str]], expected: list[str]
) -> None:
    """Every fault by its row and column, in words; the same checks as by hand."""
    refused = hand_in(journey, "n.csv", as_file("csv", rows))
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/calendar-refused")
    assert [one["code"] for one in refused.json()["errors"]] == expected
    assert all(one["detail"] for one in refused.json()["errors"])
    assert journey.call("admin", "GET", "/v1/calendar-days/2027").json()["source"] is None


def test_a_file_that_is_no_table_is_told_so(journey: Journey) -> None:
    """And one with a column that nobody reads."""
    assert hand_in(journey, "n.csv", b"").json()["type"] == "/problems/empty-file"
    assert hand_in(journey, "n.xlsx", b"PK\x03\x04").status_code == 422
    more = "日期,上班,节日,备注\n2027-01-01,否,元旦,重要\n".encode()
    refused = hand_in(journey, "n.csv", more)
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [
        ("/rows/1/备注", "unknown-column")
    ]


def test_a_missing_next_year_is_an_alarm_from_december_on(
    journey: Journey, clock: Clock, house: House
) -> None:
    """The clocks document says from when; once, to be seen where the administrator enters it."""

    def missing() -> list[tuple[int, bool]]:
        journey.run_jobs()
        found = journey.call("admin", "GET", "/v1/calendar-days").json()["missing"]
        return [(one["year"], one["alarmed_at"] is not None) for one in found]

    clock.move(days=28)  # 30 November
    assert missing() == []
    clock.move(days=1)
    assert missing() == missing() == [(2027, True)]
    with house.database.reading() as connection:
        raised = connection.execute(
            select(col(AuditEvent.subject), col(AuditEvent.detail)).where(
                col(AuditEvent.act) == "calendar.alarm"
            )
        ).all()
    assert [tuple(row) for row in raised] == [("calendar/2027", {"kind": "year-missing"})]
    assert enter(journey, 2027, NOTICE).status_code == 200
    assert missing() == []


def moved_of(house: House, act: str) -> list[tuple[str, str]]:
    """What was logged of clocks that were counted anew: from, to."""
    with house.database.reading() as connection:
        query = select(col(AuditEvent.detail)).where(col(AuditEvent.act) == act).order_by(col(AuditEvent.id))
        return [(one["before"], one["after"]) for one in connection.scalars(query)]


def test_a_changed_year_moves_every_clock_that_runs_through_it(
    journey: Journey, clock: Clock, house: House
) -> None:
    """In the same transaction, logged; what is public stays as it was judged; back again it moves back."""
    desk = FieldDesk.visited(journey, item="fire.units", regime="fire_unit", agency="fire")
    desk.submitted(codes=["05", "22"])
    order = desk.dispose(kind="order_to_correct", finding="f1", due_on="2026-11-25").json()
    publication = f"/v1/publications/{desk.visit['id']}"

    def days() -> tuple[str, str]:
        due = journey.call("approver", "GET", publication).json()["due_on"]
        return due, journey.call("auditor", "GET", f"/v1/dispositions/{order['id']}").json()["recheck_by"]

    # 2 November and 20 working days; 25 November and 3: the 26th, the 27th, the 30th.
    assert days() == ("2026-11-30", "2026-11-30")
    year = journey.call("admin", "GET", "/v1/calendar-days/2026").json()
    known = [{name: day[name] for name in ("day", "working", "name")} for day in year["days"]]
    off = {"day": "2026-11-27", "working": False, "name": "临时放假"}
    assert enter(journey, 2026, {"source": "补充通知", "days": [*known, off]}).status_code == 200
    assert days() == ("2026-12-01", "2026-12-01")
    assert moved_of(house, "publications.recount") == [("2026-11-30", "2026-12-01")]
    assert moved_of(house, "dispositions.recount") == [("2026-11-30", "2026-12-01")]
    with house.database.reading() as connection:
        query = select(col(AuditEvent.detail)).where(col(AuditEvent.act) == "calendar.write")
        assert [one["moved"] for one in connection.scalars(query)] == [2]
    # A penalty winds it tighter: 4 November and seven working days; the day off lies behind that.
    clock.move(days=2)
    assert desk.dispose(kind="fine", amount_cny=1000).status_code == 201
    assert days()[0] == "2026-11-13"
    earlier = {"day": "2026-11-09", "working": False, "name": "临时放假"}
    assert enter(journey, 2026, {"source": "再补充", "days": [*known, earlier]}).status_code == 200
    assert days() == ("2026-11-16", "2026-11-30")
    for step, who in (("submit", desk.lead), ("review", "reviewer"), ("approve", "approver")):
        assert journey.call(who, "POST", f"{publication}/{step}", json={}).status_code == 200
    assert journey.call("approver-2", "POST", f"{publication}/publish", json={}).status_code == 200
    assert enter(journey, 2026, {"source": "恢复", "days": known}).status_code == 200
    assert days() == ("2026-11-16", "2026-11-30")


def test_what_found_nobody_waits_for_the_year_and_nobody_waits_for_it(journey: Journey, clock: Clock) -> None:
    """An attempt is seen once: it is recorded though its clock cannot be counted yet."""
    clock.move(days=43)  # 15 December
    desk = FieldDesk.opened(journey, day="2026-12-15", until="2026-12-16")
    fire = {"kind": "order_to_correct", "due_on": "2026-12-30"}
    assert journey.work(desk.lead, desk.visit, "attempts").status_code == 200
    clock.move(days=1)
    assert journey.work(desk.second, desk.visit, "attempts").json()["state"] == "unreachable"
    publication = f"/v1/publications/{desk.visit['id']}"
    assert journey.call("approver", "GET", publication).status_code == 404
    journey.run_jobs()
    waiting = journey.call("supervisor", "GET", "/v1/reports/unpublished").json()["items"]
    assert [(one["why"], one["ended_on"], one["due_on"]) for one in waiting] == [
        ("calendar_missing", "2026-12-16", None)
    ]
    order = desk.dispose(**fire)
    assert order.json()["recheck_by"] == "2026-12-30"
    assert enter(journey, 2027, NOTICE).status_code == 200
    # 17 to 31 December 2026 has 11 working days; 4 to 8 January (16), 11 to 14 (20).
    assert journey.call("approver", "GET", publication).json()["due_on"] == "2027-01-14"
    late = journey.call("supervisor", "GET", "/v1/reports/unpublished").json()["items"]
    assert [(one["why"], one["due_on"]) for one in late] == [("draft", "2027-01-14")]
    for step, who in (("submit", desk.second), ("review", "reviewer"), ("approve", "approver")):
        assert journey.call(who, "POST", f"{publication}/{step}", json={}).status_code == 200
    assert journey.call("approver-2", "POST", f"{publication}/publish", json={}).status_code == 200
    shown = journey.call(None, "GET", f"/v1/public/results/{desk.visit['id']}").json()
    assert (shown["codes"], shown["kind"], shown["found"], shown["in_time"]) == (
        ["04"],
        "emergency",
        False,
        True,
    )


def test_a_fire_order_whose_recheck_cannot_be_counted_gets_its_day_with_the_year(
    journey: Journey, clock: Clock
) -> None:
    """Due on 31 December 2026, three working days later: 2027's notice is needed first."""
    clock.move(days=28)
    desk = FieldDesk.visited(
        journey, day="2026-11-30", item="fire.units", regime="fire_unit", agency="fire"
    ).submitted(codes=["05", "22"])
    order = desk.dispose(kind="order_to_correct", finding="f1", due_on="2026-12-31").json()
    assert order["recheck_by"] is None
    assert enter(journey, 2027, NOTICE).status_code == 200
    counted = journey.call("auditor", "GET", f"/v1/dispositions/{order['id']}").json()
    # 1 January is a Friday and off: Monday the 4th to Wednesday the 6th.
    assert counted["recheck_by"] == "2027-01-06"
