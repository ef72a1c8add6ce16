"""Orders are checked again in time (mission/rules.md, «Clocks»); two people put a day off."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.deps import House
from app.store.tables.access import AuditEvent
from tests.api.field_desk import FieldDesk
from tests.api.journey import Journey
from tests.conftest import Clock

ORDER = {"kind": "order_to_correct", "finding": "f1", "due_on": "2026-11-13"}
FIRE = {"item": "fire.units", "regime": "fire_unit", "agency": "fire"}


def events(house: House, act: str) -> list[dict[str, Any]]:
    """What was logged of an act, in order."""
    with house.database.reading() as connection:
        query = select(col(AuditEvent.detail)).where(col(AuditEvent.act) == act).order_by(col(AuditEvent.id))
        return list(connection.scalars(query))


def read(journey: Journey, disposition: str) -> dict[str, Any]:
    """A disposition as the supervisor sees it."""
    found: dict[str, Any] = journey.call("supervisor", "GET", f"/v1/dispositions/{disposition}").json()
    return found


def listed(journey: Journey, **wanted: bool) -> list[str]:
    """Ids of dispositions in a list of the supervisor's."""
    found = journey.call("supervisor", "GET", "/v1/dispositions", params=wanted).json()["items"]
    return [one["id"] for one in found]


def checked_again(journey: Journey, order: str, day: str, *, found: bool, codes: list[str]) -> FieldDesk:
    """A re-inspection of today, opened, made and submitted."""
    path = f"/v1/dispositions/{order}/reinspection"
    opened = journey.call("dispatcher", "POST", path, json={"visit_from": day, "visit_to": day})
    assert opened.status_code == 201, opened.text
    again = FieldDesk(journey, journey.call("dispatcher", "GET", opened.headers["location"]).json())
    journey.go(again.visit)
    return again.submitted(found=found, codes=codes)


def test_a_fire_order_is_checked_again_within_three_working_days_or_marked_late(
    journey: Journey, clock: Clock, house: House
) -> None:
    """Due Friday 13 November: until Wednesday the 18th; alarms on the 16th and 19th; then late for ever."""
    desk = FieldDesk.visited(journey, **FIRE).submitted(codes=["05", "22"])
    order = desk.dispose(**ORDER).json()
    assert (order["recheck_by"], order["rechecked_on"], order["recheck_late"]) == ("2026-11-18", None, False)
    assert desk.dispose(kind="warning", due_on="2026-11-13").json()["recheck_by"] is None

    def alarms() -> list[tuple[str, str]]:
        journey.run_jobs()
        return [(one["kind"], one["recheck_by"]) for one in events(house, "dispositions.alarm")]

    clock.move(days=13)  # 15 November
    assert alarms() == []
    clock.move(days=1)
    soon = ("recheck-due-soon", "2026-11-18")
    assert alarms() == alarms() == [soon]
    assert read(journey, order["id"])["alarmed_at"] is not None
    clock.move(days=2)  # the last day
    assert listed(journey, recheck_overdue=True) == []
    assert alarms() == [soon]
    clock.move(days=1)
    assert listed(journey, recheck_overdue=True) == [order["id"]]
    assert order["id"] in listed(journey, overdue=True)
    assert alarms() == alarms() == [soon, ("recheck-overdue", "2026-11-18")]
    checked_again(journey, order["id"], "2026-11-19", found=True, codes=["05", "22"])
    late = read(journey, order["id"])
    assert (late["state"], late["rechecked_on"], late["recheck_late"]) == ("open", "2026-11-19", True)
    assert listed(journey, recheck_overdue=True) == []
    assert events(house, "dispositions.recheck")[0]["late"] is True


def test_other_orders_are_checked_again_by_their_own_day(journey: Journey, clock: Clock) -> None:
    """Mission/rules.md: by the order's date; in time on that very day, and clean it closes the order."""
    desk = FieldDesk.visited(journey).submitted()
    order = desk.dispose(**ORDER).json()
    assert order["recheck_by"] == "2026-11-13"
    clock.move(days=11)
    again = checked_again(journey, order["id"], "2026-11-13", found=False, codes=["01"])
    done = read(journey, order["id"])
    assert (done["state"], done["rechecked_on"], done["recheck_late"]) == ("done", "2026-11-13", False)
    # What the re-inspection found turns out to be wrong: the order is open again, its re-check was in time.
    fixed = {**again.body(codes=["05", "21"]), "reason": "复查结论有误"}
    path = f"{again.path}/corrections"
    assert journey.call(again.lead, "POST", path, json=fixed).status_code == 201
    reopened = read(journey, order["id"])
    assert (reopened["state"], reopened["done_on"], reopened["recheck_late"]) == ("open", None, False)
    back = {**again.body(found=False), "reason": "再次核实"}
    assert journey.call(again.lead, "POST", path, json=back).status_code == 201
    assert read(journey, order["id"])["state"] == "done"


def test_a_day_is_put_off_by_two_people_and_all_of_it_is_kept(
    journey: Journey, clock: Clock, house: House
) -> None:
    """A reason, another person's decision, a history; the re-check moves with the day and is owed anew."""
    desk = FieldDesk.visited(journey, **FIRE).submitted(codes=["05", "22"])
    order = desk.dispose(**ORDER).json()["id"]
    path = f"/v1/dispositions/{order}/extensions"

    def ask(due_on: str, who: str = desk.second) -> Any:
        return journey.call(who, "POST", path, json={"due_on": due_on, "reason": "设备订购需要时间"})

    def decide(n: int, act: str, who: str = "approver", **body: str) -> Any:
        return journey.call(who, "POST", f"{path}/{n}/{act}", json=body)

    assert journey.call(desk.lead, "POST", path, json={"due_on": "2026-11-20"}).status_code == 422
    early = ask("2026-11-13")
    assert (early.status_code, early.json()["type"]) == (409, "/problems/extension-refused")
    assert [one["code"] for one in early.json()["errors"]] == ["not-later"]
    asked = ask("2026-11-27")
    assert (asked.status_code, asked.json()["n"], asked.json()["state"]) == (201, 1, "asked")
    assert ask("2026-11-30").json()["type"] == "/problems/extension-asked"
    assert listed(journey, extension_asked=True) == [order]
    assert decide(2, "approve").status_code == 404
    assert decide(1, "decline").status_code == 422
    declined = decide(1, "decline", reason="理由不足").json()
    assert (declined["state"], declined["decision"], declined["decided_by_name"]) == (
        "declined",
        "理由不足",
        "approver",
    )
    assert read(journey, order)["due_on"] == "2026-11-13"
    assert ask("2026-11-27", desk.lead).json()["n"] == 2
    assert decide(2, "approve", note="同意").json()["state"] == "approved"
    assert decide(2, "approve").json()["type"] == "/problems/wrong-state"
    # Friday 27 November and three working days.
    moved = read(journey, order)
    assert (moved["due_on"], moved["recheck_by"]) == ("2026-11-27", "2026-12-02")
    assert listed(journey, extension_asked=True) == []
    history = journey.call("auditor", "GET", path).json()["items"]
    assert [(one["n"], one["due_before"], one["due_on"], one["state"]) for one in history] == [
        (1, "2026-11-13", "2026-11-27", "declined"),
        (2, "2026-11-13", "2026-11-27", "approved"),
    ]
    acts = [f"extensions.{one}" for one in ("ask", "decline", "ask", "approve")]
    with house.database.reading() as connection:
        query = select(col(AuditEvent.act)).where(col(AuditEvent.subject) == order)
        logged = connection.scalars(query.order_by(col(AuditEvent.id))).all()
    assert [act for act in logged if act.startswith("extensions.")] == acts
    clock.move(days=25)
    assert read(journey, order)["overdue_at"] is None
    journey.run_jobs()
    assert listed(journey, recheck_overdue=True) == []
    clock.move(days=1)  # 28 November
    late = ask("2026-12-31")
    assert [one["code"] for one in late.json()["errors"]] == ["term-is-over"]


def test_an_approved_day_asks_for_a_recheck_anew(journey: Journey, clock: Clock) -> None:
    """A first re-check found it still there; the later day has a last day of its own."""
    desk = FieldDesk.visited(journey).submitted()
    order = desk.dispose(**ORDER).json()["id"]
    clock.move(days=8)
    checked_again(journey, order, "2026-11-10", found=True, codes=["05", "21"])
    assert read(journey, order)["rechecked_on"] == "2026-11-10"
    path = f"/v1/dispositions/{order}/extensions"
    ask = {"due_on": "2026-11-20", "reason": "整改尚需一周"}
    window = {"visit_from": "2026-11-12", "visit_to": "2026-11-12"}
    again = f"/v1/dispositions/{order}/reinspection"
    assert journey.call("dispatcher", "POST", again, json=window).status_code == 201
    assert journey.call(desk.lead, "POST", path, json=ask).json()["type"] == "/problems/reinspection-open"
    clock.move(days=2)
    open_visit = journey.call("dispatcher", "GET", "/v1/visits", params={"kind": "reinspection"}).json()[
        "items"
    ][0]
    journey.go(open_visit)
    FieldDesk(journey, open_visit).submitted()
    assert journey.call(desk.lead, "POST", path, json=ask).status_code == 201
    assert journey.call("approver", "POST", f"{path}/1/approve").status_code == 200
    moved = read(journey, order)
    assert (moved["due_on"], moved["recheck_by"], moved["rechecked_on"]) == ("2026-11-20", "2026-11-20", None)
    assert journey.call(desk.lead, "POST", f"{path}/1/approve", json={}).status_code == 403


def test_whoever_had_a_hand_in_the_order_does_not_put_it_off(journey: Journey, house: House) -> None:
    """Whatever roles one key may hold: who asked, who recorded it, who was at the visit."""
    from app.domain.access import Caller, Role  # noqa: PLC0415 - read where it is used
    from app.domain.errors import NotAllowed  # noqa: PLC0415 - the same
    from app.services.fieldwork import extending  # noqa: PLC0415 - the same
    from app.store.tables.fieldwork import CheckIn  # noqa: PLC0415 - the same

    desk = FieldDesk.visited(journey).submitted()
    order = desk.dispose(**ORDER).json()["id"]
    path = f"/v1/dispositions/{order}/extensions"
    ask = {"due_on": "2026-11-20", "reason": "整改尚需一周"}
    assert journey.call(desk.lead, "POST", path, json=ask).status_code == 201
    with house.database.reading() as connection:
        hands = list(connection.scalars(select(col(CheckIn.caller_id))))
    assert len(set(hands)) == 2
    for hand in hands:
        who = Caller(hand, hand, frozenset(Role), "410928")
        with pytest.raises(NotAllowed, match="own-request"), house.database.unit_of_work() as session:
            extending.approve(house.act(session, who), order, 1, note=None)
    assert read(journey, order)["due_on"] == "2026-11-13"
