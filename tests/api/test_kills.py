"""A kill between any two steps loses nothing (issue 3): at every write of every act the process may end.

Each act is sent again and again under one key. The process dies before the commit, before the first write,
before the second, and so on (three of them on PostgreSQL); nothing of the act is there then. Then it goes
through, and sent once more it gets the same answer.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlmodel import SQLModel

from app.deps import House
from app.jobs.alarms import Alarms
from app.services.access import create_key
from tests.api.field_desk import FINDING, JPEG, FieldDesk
from tests.api.journey import Journey, entity_rows, inspector_rows, made_up_uscc
from tests.api.test_calendar_days import NOTICE
from tests.conftest import REGION, Clock

NEVER = 10_000
TODAY = "2026-11-02"


class KilledError(Exception):
    """The process ends here."""


@contextmanager
def killed_at(house: House, nth: int) -> Iterator[list[str]]:
    """Whoever is about to make the nth write, or to commit, dies; gives the writes that were made."""
    made: list[str] = []

    def before_a_write(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip()[:6].upper() in {"INSERT", "UPDATE", "DELETE"}:
            if len(made) == nth:
                raise KilledError
            made.append(statement)

    def before_the_commit(connection: Any) -> None:
        connection.connection.rollback()  # what a database does when its client is gone
        raise KilledError

    engine = house.database.engine
    event.listen(engine, "before_cursor_execute", before_a_write)
    event.listen(engine, "commit", before_the_commit)
    try:
        yield made
    finally:
        event.remove(engine, "before_cursor_execute", before_a_write)
        event.remove(engine, "commit", before_the_commit)


def everything(house: House) -> dict[str, list[str]]:
    """Every row of every table."""
    with house.database.reading() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table))))
            for table in SQLModel.metadata.sorted_tables
        }


@dataclass
class Reaper:
    """Kills acts at each of their writes before it lets them through."""

    journey: Journey
    house: House
    kills: dict[str, int] = field(default_factory=dict)

    def reap(self, name: str, act: Callable[[], bool]) -> None:
        """Kill an act, which tells whether it went through, at its commit and at each write."""
        before = everything(self.house)
        with killed_at(self.house, NEVER) as writes:
            assert not act(), name
        assert writes, name
        for nth in self._places(len(writes)):
            with killed_at(self.house, nth):
                assert not act(), (name, nth)
        assert everything(self.house) == before, name
        self.kills[name] = len(writes) + 1

    def _places(self, writes: int) -> list[int]:
        """Every write on SQLite; on PostgreSQL, which takes longer, the first, a middle and the last one."""
        every = range(writes)
        return list(every) if self.house.database.is_sqlite else sorted({0, writes // 2, writes - 1})

    def call(self, who: str | None, method: str, path: str, **given: Any) -> Any:
        """A request that is killed, then sent, then sent again."""
        name = f"{len(self.kills)} {method} {path.rpartition('/')[2]}"
        headers = {**given.pop("headers", {}), "Idempotency-Key": name}

        def send() -> bool:
            answer = self.journey.call(who, method, path, headers=headers, **given)
            assert answer.status_code == 500, (name, answer.text)
            return False

        self.reap(name, send)
        done = self.journey.call(who, method, path, headers=headers, **given)
        assert done.status_code in {200, 201, 204}, (name, done.text)
        again = self.journey.call(who, method, path, headers=headers, **given)
        assert (again.status_code, again.content) == (done.status_code, done.content), name
        assert again.headers["Idempotent-Replay"] == "true", name
        return done.json() if done.content else None

    def alarms(self, name: str) -> None:
        """A step of the worker's clock that is killed, then made."""

        def step() -> bool:
            alarms = Alarms()
            alarms._caught_up = True  # noqa: SLF001 - what the step does once it has seeded the calendar
            try:
                return alarms(self.house)
            except KilledError:
                return False

        self.reap(name, step)
        assert step(), name
        assert not step(), name


@pytest.fixture
def reaper(journey: Journey, house: House) -> Reaper:
    """A county of two premises and eight officers; its calendar is seeded."""
    desk = FieldDesk.opened(journey)
    journey.work("approver", desk.visit, "decline", reason="演练")
    journey.run_jobs()
    for code in ("psb-001", "psb-002", *(f"psb-00{n}" for n in range(3, 9))):
        journey.officer(code)
    return Reaper(journey, house)


def asked(kind: str, entity: int, until: str = TODAY) -> dict[str, Any]:
    """A visit without a draw."""
    return {
        "kind": kind,
        "entity": made_up_uscc(entity),
        "item": "psb.venues",
        "reason": "线索",
        "visit_from": TODAY,
        "visit_to": until,
        "inspectors": ["psb-001", "psb-002"],
    }


def test_a_kill_at_any_write_of_a_visit_loses_nothing(reaper: Reaper, clock: Clock) -> None:
    """Asked for, declined, approved, attempted; at the door, the record, its evidence and its correction."""
    off = reaper.call("planner", "POST", "/v1/visits", json=asked("complaint", 1))
    reaper.call("approver", "POST", f"/v1/visits/{off['id']}/decline", json={"reason": "线索不足"})
    gone = reaper.call("planner", "POST", "/v1/visits", json=asked("transfer", 1, until="2026-11-03"))
    reaper.call("approver", "POST", f"/v1/visits/{gone['id']}/approve", json={})
    visit = reaper.call("planner", "POST", "/v1/visits", json=asked("emergency", 2))
    reaper.call("approver", "POST", f"/v1/visits/{visit['id']}/approve", json={})
    desk = FieldDesk(reaper.journey, visit)
    for step in ("check-in", "check-out"):
        for who in (desk.lead, desk.second):
            reaper.call(who, "POST", f"{desk.path}/{step}", json={})
    reaper.call(
        desk.lead, "PUT", f"{desk.path}/record", json={**desk.body(), "client_ref": "a", "revision": 0}
    )
    photo = {"files": {"file": ("a.jpg", JPEG)}, "data": {"sha256": hashlib.sha256(JPEG).hexdigest()}}
    piece = reaper.call(desk.lead, "POST", f"{desk.path}/evidence", **photo)
    where = f"{desk.path}/evidence/{piece['id']}"
    tag = reaper.journey.call(desk.lead, "GET", where).headers["etag"]
    reaper.call(desk.lead, "DELETE", where, headers={"If-Match": tag})
    reaper.call(desk.lead, "POST", f"{desk.path}/submit", json={})
    fixed = {"reason": "代码有误", "codes": ["05", "23"]}
    reaper.call(desk.second, "POST", f"{desk.path}/corrections", json=fixed)
    first, second = reaper.journey.team(gone)
    reaper.call(first, "POST", f"/v1/visits/{gone['id']}/attempts", json={})
    clock.move(days=1)
    over = reaper.call(second, "POST", f"/v1/visits/{gone['id']}/attempts", json={})
    assert over["state"] == "unreachable"
    assert min(reaper.kills.values()) > 2
    assert len(reaper.kills) == 17


def test_a_kill_at_any_write_of_what_follows_loses_nothing(reaper: Reaper, clock: Clock) -> None:
    """Dispositions, more time for them, a dealt re-inspection, its close-out; and the alarms of the clock."""
    journey = reaper.journey
    visit = journey.call("planner", "POST", "/v1/visits", json=asked("emergency", 2)).json()
    desk = FieldDesk(journey, visit)
    journey.go(visit)
    desk.submitted()
    order = {"kind": "order_to_correct", "finding": FINDING["ref"], "due_on": "2026-11-05"}
    path = f"/v1/dispositions/{reaper.call(desk.lead, 'POST', f'{desk.path}/dispositions', json=order)['id']}"
    for n, decision in ((1, "decline"), (2, "approve")):
        ask = {"due_on": "2026-11-06", "reason": "需要时间"}
        reaper.call(desk.lead, "POST", f"{path}/extensions", json=ask)
        said = {"reason": "理由不足"} if decision == "decline" else {"note": "同意"}
        reaper.call("approver", "POST", f"{path}/extensions/{n}/{decision}", json=said)
    clock.move(days=3)
    reaper.alarms("alarms before the end")
    clock.move(days=3)  # 8 November
    reaper.alarms("alarms after it")
    window = {"visit_from": "2026-11-08", "visit_to": "2026-11-08"}
    again = reaper.call(desk.lead, "POST", f"{path}/reinspection", json=window)["visit"]
    recheck = FieldDesk(journey, journey.call("dispatcher", "GET", f"/v1/visits/{again}").json())
    journey.go(recheck.visit)
    recheck.save(recheck.body(found=False), "r")
    reaper.call(recheck.lead, "POST", f"{recheck.path}/submit", json={})
    done = journey.call("auditor", "GET", path).json()
    assert (done["state"], done["recheck_late"]) == ("done", True)
    fine = reaper.call(desk.lead, "POST", f"{desk.path}/dispositions", json={"kind": "fine", "amount_cny": 9})
    tag = journey.call("auditor", "GET", f"/v1/dispositions/{fine['id']}").headers["etag"]
    paid = {"json": {"done_on": "2026-11-08"}, "headers": {"If-Match": tag}}
    reaper.call(desk.lead, "PATCH", f"/v1/dispositions/{fine['id']}", **paid)
    assert min(reaper.kills.values()) > 2


def test_a_kill_at_any_write_on_the_way_to_the_public_loses_nothing(reaper: Reaper) -> None:
    """The four steps, back and withheld, corrected and withdrawn; a year's calendar and all that it moves."""
    journey = reaper.journey
    visit = journey.call("planner", "POST", "/v1/visits", json=asked("emergency", 2)).json()
    desk = FieldDesk(journey, visit)
    journey.go(visit)
    desk.submitted()
    people = {"submit": desk.lead, "review": "reviewer", "approve": "approver", "publish": "approver-2"}

    def step(name: str, who: str | None = None, **body: str) -> None:
        path = f"/v1/publications/{visit['id']}/{name}"
        reaper.call(who or people[name], "POST", path, json=body)

    step("submit")
    step("send-back", "reviewer", reason="页码有误")
    for name in ("submit", "review", "approve"):
        step(name)
    year = journey.call("admin", "GET", "/v1/calendar-days/2026")
    known = [{name: day[name] for name in ("day", "working", "name")} for day in year.json()["days"]]
    off = {"day": "2026-11-27", "working": False, "name": "临时放假"}
    notice = {"source": "补充通知", "days": [*known, off]}
    tag = {"If-Match": year.headers["etag"]}
    reaper.call("admin", "PUT", "/v1/calendar-days/2026", json=notice, headers=tag)
    assert journey.call("reviewer", "GET", f"/v1/publications/{visit['id']}").json()["due_on"] == "2026-12-01"
    step("publish")
    step("correct", "reviewer", reason="复核有误")
    step("withhold", "approver", reason="案件侦查中", until="2026-11-20")
    step("withdraw", "approver", reason="隐私", ground="privacy")
    versions = journey.call(None, "GET", f"/v1/public/results/{visit['id']}").json()["versions"]
    assert [(one["version"], one["removed"]) for one in versions] == [(2, False), (1, True)]
    missing = {"If-Match": journey.call("admin", "GET", "/v1/calendar-days/2027").headers["etag"]}
    reaper.call("admin", "PUT", "/v1/calendar-days/2027", json=NOTICE, headers=missing)
    assert min(reaper.kills.values()) > 2


def test_a_kill_at_any_write_of_a_named_team_and_a_reveal_loses_nothing(
    journey: Journey, house: House, clock: Clock
) -> None:
    """A single-random draw of cafes gets a team by name; at the reveal its visits end all at once."""
    cafes = entity_rows(6, regime="internet_cafe")
    assert journey.load("entities", cafes)["result"]["created"] == 6
    assert journey.load("inspectors", inspector_rows(4))["result"]["created"] == 4
    draw = journey.drawn(
        item="psb.internet-cafes",
        scope={"regimes": ["internet_cafe"], "levels": [], "stations": []},
        strata=None,
        slots=[],
        reveal_by="2026-11-12",
    )["id"]
    visit = journey.visits(draw)[0]
    reaper = Reaper(journey, house)
    named = {"inspectors": ["psb-001", "psb-002"]}
    reaper.call("dispatcher", "POST", f"/v1/visits/{visit['id']}/team", json=named)
    clock.move(days=1)
    who = journey.officer("psb-001")
    reaper.call(who, "POST", f"/v1/visits/{visit['id']}/schedule", json={"visit_on": "2026-11-04"})
    clock.move(days=9)
    reaper.call("dispatcher", "POST", f"/v1/draws/{draw}/reveal", json={})
    rows = journey.call(None, "GET", f"/v1/public/draws/{draw}/results").json()["items"]
    assert {row["state"] for row in rows} == {"not_visited"}
    assert min(reaper.kills.values()) > 2


def test_a_kill_at_any_write_of_an_appeal_loses_nothing(reaper: Reaper, clock: Clock) -> None:
    """Filed, accepted, proposed, decided with the correction that it begins."""
    journey, house = reaper.journey, reaper.house
    visit = journey.call("planner", "POST", "/v1/visits", json=asked("emergency", 2)).json()
    desk = FieldDesk(journey, visit)
    journey.go(visit)
    desk.submitted()
    journey.publish(visit)
    with house.database.unit_of_work() as session:
        journey.keys["second"], _ = create_key(
            session, new_id="second", role="appeal_officer", region=REGION, name="second", now=clock()
        )
    clock.move(days=21)
    filing = {"result": visit["id"], "name": "样例", "contact": "样例方式", "grounds": "与笔录不符"}
    receipt = reaper.call(None, "POST", "/v1/public/appeals", json=filing)["receipt"]
    [appeal] = journey.call("second", "GET", "/v1/appeals").json()["items"]
    path = f"/v1/appeals/{appeal['id']}"
    reaper.call("appeal_officer", "POST", f"{path}/accept", json={})
    said = {"outcome": "upheld", "reasons": "公示有误"}
    reaper.call("appeal_officer", "POST", f"{path}/propose", json=said)
    reaper.call("second", "POST", f"{path}/decide", json={"outcome": "upheld", "decision": "申诉成立"})
    found = journey.call(None, "GET", f"/v1/public/appeals/{receipt}").json()
    assert (found["state"], found["decision"]) == ("decided", "申诉成立")
    assert journey.call(None, "GET", f"/v1/public/results/{visit['id']}").json()["appeal"] == "upheld"
    assert min(reaper.kills.values()) > 2
