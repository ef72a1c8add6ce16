"""From a submitted record to the public result over HTTP (issue, «Publication»; mission clauses R1, W5)."""

import hashlib
import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select
from sqlmodel import col

from app.deps import House
from app.domain.access import ACTS as ACCESS
from app.domain.access import Caller, Role
from app.domain.errors import NotAllowed
from app.services.access import create_key
from app.services.results import publishing
from app.store.tables.access import AuditEvent
from app.store.tables.results import Publication, PublicationStep, PublicResult
from tests.api.field_desk import FINDING, FieldDesk
from tests.api.journey import Journey
from tests.conftest import REGION, Clock

FOUR = ("submit", "review", "approve", "publish")
REASON = {"reason": "现场笔录页码有误"}


@pytest.fixture
def desk(journey: Journey) -> FieldDesk:
    """A visit whose record was submitted on 2 November 2026: its result is due on the 30th."""
    return FieldDesk.visited(journey).submitted()


def step(desk: FieldDesk, name: str, who: str, **body: Any) -> Response:
    """A step of the visit's publication."""
    return desk.journey.call(who, "POST", f"/v1/publications/{desk.visit['id']}/{name}", json=body)


def people(desk: FieldDesk) -> dict[str, str]:
    """Who does what in a bureau of five."""
    return dict(zip(FOUR, (desk.lead, "reviewer", "approver", "approver-2"), strict=True))


def gone(desk: FieldDesk, *names: str) -> dict[str, Any]:
    """The publication after these of the four steps."""
    found: dict[str, Any] = {}
    for name in names:
        answer = step(desk, name, people(desk)[name])
        assert answer.status_code == 200, answer.text
        found = answer.json()
    return found


def read(desk: FieldDesk, rest: str = "", *, who: str = "supervisor") -> Any:
    """What a reader sees of it."""
    answer = desk.journey.call(who, "GET", f"/v1/publications/{desk.visit['id']}{rest}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_result_becomes_public_through_four_people(desk: FieldDesk) -> None:
    """Submitted, reviewed, approved, published; each step has its line; the copy's hash is right."""
    started = read(desk)
    assert (started["state"], started["due_on"], started["preview"]) == ("draft", "2026-11-30", None)
    public = gone(desk, *FOUR)
    assert (public["state"], public["public_version"], public["overdue"]) == ("published", 1, False)
    steps = read(desk, "/steps")["items"]
    assert [(one["n"], one["act"], one["body"] is not None) for one in steps] == [
        (1, "submit", True),
        (2, "review", False),
        (3, "approve", False),
        (4, "publish", False),
    ]
    (version,) = read(desk, "/versions")["items"]
    assert (version["version"], version["current"], version["in_time"]) == (1, True, True)
    written = json.dumps(version["document"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert version["sha256"] == hashlib.sha256(written.encode()).hexdigest()
    assert version["document"]["result"] == read(desk)["preview"]
    assert version["document"]["result"]["codes"] == ["05", "21"]


def test_a_step_out_of_turn_is_a_wrong_state(desk: FieldDesk) -> None:
    """409, and nothing changes."""
    for name in FOUR[1:]:
        answer = step(desk, name, people(desk)[name])
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/wrong-state")
    assert step(desk, "withdraw", "approver", **REASON).json()["type"] == "/problems/nothing-public"
    assert step(desk, "correct", "reviewer", **REASON).json()["type"] == "/problems/wrong-state"
    assert read(desk, "/steps")["items"] == []


def test_publishing_must_be_safe_to_retry(desk: FieldDesk, client: TestClient) -> None:
    """400 without an Idempotency-Key; with one, twice is once."""
    gone(desk, *FOUR[:3])
    path = f"/v1/publications/{desk.visit['id']}/publish"
    bare = client.post(path, json={}, headers={"Authorization": f"Bearer {desk.journey.keys['dispatcher']}"})
    assert (bare.status_code, bare.json()["type"]) == (400, "/problems/idempotency-key-required")
    key = {"Idempotency-Key": "publish-1"}
    first = desk.journey.call("dispatcher", "POST", path, json={}, headers=key)
    again = desk.journey.call("dispatcher", "POST", path, json={}, headers=key)
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert len(read(desk, "/versions")["items"]) == 1


def test_only_an_officer_of_the_visit_submits(desk: FieldDesk) -> None:
    """Another officer does not even see it; the second of the team may."""
    stranger = desk.journey.officer("psb-008")
    assert step(desk, "submit", stranger).status_code == 404
    assert desk.journey.call(stranger, "GET", "/v1/publications").json()["items"] == []
    assert step(desk, "submit", desk.second).status_code == 200
    assert len(desk.journey.call(desk.lead, "GET", "/v1/publications").json()["items"]) == 1


def test_another_region_sees_nothing(desk: FieldDesk, house: House, client: TestClient) -> None:
    """404, as everywhere."""
    with house.database.unit_of_work() as session:
        key, _ = create_key(
            session, new_id="far", role="reviewer", region="320102", name=None, now=house.clock()
        )
    headers = {"Authorization": f"Bearer {key}"}
    path = f"/v1/publications/{desk.visit['id']}"
    assert client.get(path, headers=headers).status_code == 404
    assert client.post(f"{path}/review", json={}, headers=headers).status_code == 404
    assert client.get("/v1/publications", headers=headers).json()["items"] == []


def test_sent_back_it_keeps_what_was_there(desk: FieldDesk) -> None:
    """The officers correct the record; the first submission stays in the history."""
    gone(desk, *FOUR[:2])
    assert step(desk, "send-back", "approver").status_code == 422
    back = step(desk, "send-back", "approver", **REASON)
    assert (back.json()["state"], back.json()["reason"]) == ("sent_back", REASON["reason"])
    again = gone(desk, *FOUR)
    assert (again["revision"], again["version"], again["public_version"]) == (2, 1, 1)
    steps = read(desk, "/steps")["items"]
    assert [(one["act"], one["reason"]) for one in steps if one["reason"]] == [
        ("send-back", REASON["reason"])
    ]
    bodies = [one["body"] for one in steps if one["body"]]
    assert len(bodies) == 2


def test_a_corrected_record_recalls_what_was_handed_in(desk: FieldDesk) -> None:
    """Nobody approves one thing and publishes another."""
    gone(desk, *FOUR[:3])
    corrected = desk.journey.call(
        desk.lead,
        "POST",
        f"{desk.path}/corrections",
        json={"reason": "笔误", "revision": 2, "findings": [{**FINDING, "text": "安全责任制度公示不全"}]},
    )
    assert corrected.status_code == 201, corrected.text
    assert step(desk, "publish", "dispatcher").json()["type"] == "/problems/wrong-state"
    assert (read(desk)["state"], read(desk)["reason"]) == ("sent_back", "笔误")
    gone(desk, *FOUR)
    (version,) = read(desk, "/versions")["items"]
    assert version["document"]["result"]["findings"][0]["text"] == "安全责任制度公示不全"


def test_a_corrected_record_of_a_public_result_begins_the_next_version(desk: FieldDesk, clock: Clock) -> None:
    """The public one stays; the chain shows both, each with the hash of the one before."""
    gone(desk, *FOUR)
    clock.move(days=1)
    body = {"reason": "笔误", "revision": 2, "findings": [{**FINDING, "text": "安全责任制度公示不全"}]}
    answer = desk.journey.call(desk.lead, "POST", f"{desk.path}/corrections", json=body)
    assert answer.status_code == 201, answer.text
    now = read(desk)
    # 20 working days after 3 November 2026.
    assert (now["state"], now["version"], now["public_version"], now["due_on"]) == (
        "draft",
        2,
        1,
        "2026-12-01",
    )
    gone(desk, *FOUR)
    first, second = read(desk, "/versions")["items"]
    assert (first["current"], second["current"], second["reason"]) == (False, True, "笔误")
    assert second["document"]["previous"] == first["sha256"]
    assert second["in_time"] is first["in_time"]


def test_a_penalty_after_publication_is_due_in_seven_working_days(desk: FieldDesk, clock: Clock) -> None:
    """国办发〔2018〕118号: the result gets a next version with the penalty in it."""
    gone(desk, *FOUR)
    clock.move(days=2)
    fined = desk.dispose(kind="fine", amount_cny=5000)
    assert fined.status_code == 201, fined.text
    now = read(desk)
    # 4 November 2026 and seven working days.
    assert (now["state"], now["version"], now["due_on"]) == ("draft", 2, "2026-11-13")
    gone(desk, *FOUR)
    version = read(desk, "/versions")["items"][-1]
    assert [one["kind"] for one in version["document"]["result"]["dispositions"]] == ["fine"]


def test_a_penalty_before_publication_moves_the_clock_and_recalls(desk: FieldDesk) -> None:
    """What was handed in without it comes back; what is no penalty changes nothing."""
    gone(desk, *FOUR[:2])
    assert desk.dispose(kind="temporary_seal").status_code == 201
    assert (read(desk)["state"], read(desk)["due_on"]) == ("reviewed", "2026-11-30")
    assert desk.dispose(kind="warning").status_code == 201
    assert (read(desk)["state"], read(desk)["due_on"]) == ("sent_back", "2026-11-11")


def test_withheld_until_a_day_and_no_longer(desk: FieldDesk, clock: Clock) -> None:
    """A reason, an approver and a date; afterwards it goes on where it was."""
    gone(desk, *FOUR[:2])
    until = {"reason": "案件侦查中", "until": "2026-11-20"}
    assert step(desk, "withhold", "approver", reason="案件侦查中").status_code == 422
    assert step(desk, "withhold", "reviewer", **until).status_code == 403
    too_long = step(desk, "withhold", "approver", reason="案件侦查中", until="2027-06-01")
    assert too_long.json()["type"] == "/problems/withheld-too-long"
    held = step(desk, "withhold", "approver", **until).json()
    assert (held["state"], held["withheld_until"], held["reason"]) == ("withheld", "2026-11-20", "案件侦查中")
    assert step(desk, "approve", "approver").json()["type"] == "/problems/wrong-state"
    clock.move(days=19)
    assert step(desk, "approve", "approver").status_code == 200
    assert [one["act"] for one in read(desk, "/steps")["items"]][-3:] == ["withhold", "resume", "approve"]


def test_a_withdrawn_result_leaves_its_reason(desk: FieldDesk) -> None:
    """A version of its own; what was public stays on file with its hash."""
    gone(desk, *FOUR)
    assert step(desk, "withdraw", "approver").status_code == 422
    withdrawn = step(desk, "withdraw", "approver", reason="行政复议决定撤销").json()
    assert (withdrawn["state"], withdrawn["public_version"]) == ("withdrawn", None)
    first, second = read(desk, "/versions")["items"]
    assert (second["withdrawn"], second["reason"], second["current"]) == (True, "行政复议决定撤销", True)
    assert second["document"]["previous"] == first["sha256"]
    assert second["document"]["result"] == {"visit": desk.visit["id"]}
    assert step(desk, "correct", "reviewer", reason="重新公示").json()["version"] == 3
    assert gone(desk, *FOUR)["public_version"] == 3


def test_a_withdrawal_for_privacy_takes_what_was_public_away(desk: FieldDesk, house: House) -> None:
    """The public keeps number, digest, day and reason of every version; who decides still reads the whole."""
    gone(desk, *FOUR)
    fix = {"reason": "笔误", "revision": 2, "findings": [{**FINDING, "text": "住客王小明的房间号未登记"}]}
    assert desk.journey.call(desk.lead, "POST", f"{desk.path}/corrections", json=fix).status_code == 201
    gone(desk, *FOUR)
    path = f"/v1/public/results/{desk.visit['id']}"
    before = desk.journey.call(None, "GET", path).json()
    assert "王某" in json.dumps(before["document"], ensure_ascii=False)
    assert (
        step(desk, "withdraw", "approver", reason="误留可识别个人的内容", ground="gossip").status_code == 422
    )
    held = step(desk, "withdraw", "approver", reason="误留可识别个人的内容", ground="privacy")
    assert (held.status_code, held.json()["state"]) == (200, "withdrawn")
    now = desk.journey.call(None, "GET", path).json()
    assert (now["version"], now["withdrawn"], now["ground"], now["removed"]) == (3, True, "privacy", False)
    chain = [(one["version"], one["removed"], one["reason"], one["ground"]) for one in now["versions"]]
    assert chain == [
        (3, False, "误留可识别个人的内容", "privacy"),
        (2, True, "笔误", None),
        (1, True, None, None),
    ]
    assert [one["sha256"] for one in now["versions"][1:]] == [one["sha256"] for one in before["versions"]]
    assert [one["published_at"] for one in now["versions"][1:]] == [
        one["published_at"] for one in before["versions"]
    ]
    shown = [desk.journey.call(None, "GET", f"{path}/versions/{n}").json() for n in (1, 2, 3)]
    pages = [desk.journey.call(None, "GET", f"/results/{desk.visit['id']}?version={n}") for n in (1, 2, 3)]
    assert all(page.status_code == 200 for page in pages)
    everything = json.dumps(shown, ensure_ascii=False) + "".join(page.text for page in pages)
    for gone_now in ("王", "安全责任制度未公示", desk.visit["entity"], desk.visit["entity_name"], "psb-001"):
        assert gone_now not in everything, gone_now
    assert "内容已移除" in pages[1].text
    with house.database.reading() as connection:
        kept = connection.execute(select(PublicResult.__table__)).mappings().all()  # type: ignore[attr-defined]  # SQLModel adds it to table classes
    assert not any("王" in str(dict(row)) or desk.visit["entity"] in str(dict(row)) for row in kept)
    inside = read(desk, "/versions", who="auditor")["items"]
    assert [one["removed"] for one in inside] == [True, True, False]
    for one, was in zip(inside, reversed(before["versions"]), strict=False):
        written = json.dumps(one["document"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert hashlib.sha256(written.encode()).hexdigest() == was["sha256"]
    assert read(desk, "/steps")["items"][-1]["ground"] == "privacy"
    # Put right it may be public again: the chain goes on, the old versions stay empty.
    assert step(desk, "correct", "reviewer", reason="隐去个人信息后重新公示").status_code == 200
    right = {"reason": "隐去个人信息", "findings": [{**FINDING, "text": "一间客房未登记"}]}
    assert desk.journey.call(desk.lead, "POST", f"{desk.path}/corrections", json=right).status_code == 201
    gone(desk, *FOUR)
    again = desk.journey.call(None, "GET", path).json()
    assert (again["version"], again["removed"], again["entity_name"]) == (4, False, desk.visit["entity_name"])
    assert [one["removed"] for one in again["versions"]] == [False, False, True, True]
    assert again["document"]["previous"] == now["sha256"]


def test_other_withdrawals_keep_what_was_public_readable(desk: FieldDesk) -> None:
    """A review that annuls a result hides nothing of what the public was told before."""
    gone(desk, *FOUR)
    assert step(desk, "withdraw", "approver", reason="行政复议决定撤销", ground="decision").status_code == 200
    path = f"/v1/public/results/{desk.visit['id']}"
    assert desk.journey.call(None, "GET", path).json()["ground"] == "decision"
    first = desk.journey.call(None, "GET", f"{path}/versions/1").json()
    assert (first["removed"], first["codes"], first["withdrawn"]) == (False, ["05", "21"], False)
    assert first["document"]["result"]["findings"][0]["text"] == "安全责任制度未公示"


def test_alarms_are_raised_once_before_and_once_after_the_last_day(
    desk: FieldDesk, clock: Clock, house: House
) -> None:
    """Due on 30 November: the alarm on the 23rd, five working days before; overdue on 1 December."""

    def alarms() -> list[str]:
        desk.journey.run_jobs()
        with house.database.reading() as connection:
            query = select(col(AuditEvent.detail)).where(col(AuditEvent.act) == "publications.alarm")
            return [detail["kind"] for detail in connection.scalars(query.order_by(col(AuditEvent.id)))]

    clock.move(days=20)
    assert alarms() == []
    clock.move(days=1)
    assert alarms() == alarms() == ["due-soon"]
    assert read(desk)["alarmed_at"] is not None
    clock.move(days=7)
    assert alarms() == ["due-soon"]
    assert desk.journey.call("approver", "GET", "/v1/publications?overdue=true").json()["items"] == []
    clock.move(days=1)
    assert alarms() == alarms() == ["due-soon", "overdue"]
    listed = desk.journey.call("approver", "GET", "/v1/publications?overdue=true&count=true").json()
    assert (listed["count"], listed["items"][0]["overdue"]) == (1, True)
    soon = desk.journey.call("approver", "GET", "/v1/publications?due_before=2026-11-30&state=draft").json()
    assert soon["items"] == []
    assert desk.journey.call("approver", "GET", "/v1/publications?overdue=false").json()["items"] == []


def test_a_withholding_that_ends_raises_the_alarm_that_it_kept_back(desk: FieldDesk, clock: Clock) -> None:
    """By the worker, without anybody asking."""
    step(desk, "withhold", "approver", reason="案件侦查中", until="2026-12-10")
    clock.move(days=38)
    desk.journey.run_jobs()
    assert (read(desk)["state"], read(desk)["overdue"]) == ("withheld", False)
    clock.move(days=1)
    assert read(desk)["overdue"] is True
    desk.journey.run_jobs()
    after = read(desk)
    assert (after["state"], after["overdue"], after["overdue_at"] is not None) == ("draft", True, True)


def test_the_report_lists_what_is_not_public_and_why(journey: Journey, clock: Clock) -> None:
    """Mission clause R1: from the door on, a record never submitted included, until it is public."""
    desk = FieldDesk.visited(journey)
    journey.run_jobs()

    def why() -> list[tuple[str, str | None, bool]]:
        found = journey.call("supervisor", "GET", "/v1/reports/unpublished?count=true").json()
        assert found["count"] == len(found["items"])
        return [(one["why"], one["due_on"], one["overdue"]) for one in found["items"]]

    assert why() == [("record_not_submitted", "2026-11-30", False)]
    desk.submitted()
    assert why() == [("draft", "2026-11-30", False)]
    step(desk, "withhold", "approver", reason="案件侦查中", until="2026-11-20")
    assert why() == [("withheld", "2026-11-30", False)]
    clock.move(days=30)
    assert why() == [("withheld", "2026-11-30", True)]
    gone(desk, *FOUR)
    assert why() == []
    step(desk, "withdraw", "approver", reason="行政复议决定撤销")
    assert why() == [("withdrawn", "2026-11-30", False)]
    late = journey.call("auditor", "GET", f"/v1/publications/{desk.visit['id']}/versions").json()["items"][0]
    assert late["in_time"] is False


def test_whoever_never_checks_out_hides_nothing(journey: Journey, clock: Clock, house: House) -> None:
    """Mission clause R1: after the window the report names the visit, until it is ended and recorded."""
    desk = FieldDesk.opened(journey)
    for who in (desk.lead, desk.second):
        assert journey.work(who, desk.visit, "check-in").status_code == 200
    journey.run_jobs()

    def why() -> list[tuple[str, str, str | None]]:
        found = journey.call("supervisor", "GET", "/v1/reports/unpublished").json()["items"]
        return [(one["why"], one["ended_on"], one["due_on"]) for one in found]

    assert why() == []
    clock.move(days=1)
    assert why() == [("not_checked_out", "2026-11-02", "2026-11-30")]
    for who in (desk.lead, desk.second):
        assert journey.work(who, desk.visit, "check-out").status_code == 200
    assert why() == [("record_not_submitted", "2026-11-03", "2026-12-01")]

    def alarms() -> list[tuple[str, str]]:
        journey.run_jobs()
        with house.database.reading() as connection:
            query = select(col(AuditEvent.detail)).where(col(AuditEvent.act) == "visits.alarm")
            rows = connection.scalars(query.order_by(col(AuditEvent.id)))
            return [(row["kind"], row["due_on"]) for row in rows if row["kind"].startswith("record")]

    # Due on 1 December: the alarm five working days before, on 24 November, and once when it is over.
    clock.move(days=20)
    assert alarms() == []
    clock.move(days=1)
    soon = ("record-due-soon", "2026-12-01")
    assert alarms() == alarms() == [soon]
    clock.move(days=8)
    assert alarms() == alarms() == [soon, ("record-overdue", "2026-12-01")]
    shown = journey.call("supervisor", "GET", desk.path).json()
    assert (shown["record_alarmed_at"], shown["record_overdue_at"]) == (
        "2026-11-24T01:00:00Z",
        "2026-12-02T01:00:00Z",
    )


ACTS = (publishing.submit, publishing.review, publishing.approve, publishing.publish)


def person(name: str, *, officer: bool = False) -> Caller:
    """Somebody who holds every role: only the rules of the publication stand in the way."""
    return Caller(name, name, frozenset(Role), REGION, inspector="psb-001" if officer else None)


def perform(house: House, number: int, who: Caller, visit: str, *, killed: bool = False) -> None:
    """One of the four steps in a transaction of its own."""
    with house.database.unit_of_work() as session:
        ACTS[number](house.act(session, who), visit)
        if killed:
            raise Killed


class Killed(Exception):
    """The process is killed before the transaction ends."""


def everything(house: House) -> tuple[Any, ...]:
    """What the database says of publications and public results."""
    with house.database.reading() as connection:
        return tuple(
            connection.execute(select(column).order_by(column)).all()
            for column in (
                *(col(Publication.state), col(Publication.changed_at), col(PublicationStep.n)),
                *(col(PublicResult.sha256), col(AuditEvent.id)),
            )
        )


def test_a_kill_in_any_step_loses_nothing(desk: FieldDesk, house: House) -> None:
    """A step lands whole or not at all, and can be done again."""
    for number in range(4):
        who = person(f"person-{number}", officer=number == 0)
        before = everything(house)
        with pytest.raises(Killed):
            perform(house, number, who, desk.visit["id"], killed=True)
        assert everything(house) == before
        perform(house, number, who, desk.visit["id"])
        assert everything(house) != before
    assert read(desk)["state"] == "published"


def test_every_pair_of_steps_takes_two_people_whatever_their_roles(desk: FieldDesk, house: House) -> None:
    """The roles of one key could allow it, the rules do not; nor may an officer of the visit decide."""
    went: list[Caller] = []
    for number in range(4):
        barred = [*went, person("second officer", officer=True)] if number else []
        for who in barred:
            with pytest.raises(NotAllowed, match="own-result"):
                perform(house, number, who, desk.visit["id"])
        went.append(person(f"person-{number}", officer=number == 0))
        perform(house, number, went[-1], desk.visit["id"])
    assert read(desk)["state"] == "published"


@pytest.mark.parametrize(
    ("name", "body"),
    [
        *((name, {}) for name in FOUR),
        ("send-back", REASON),
        ("withhold", {**REASON, "until": "2026-11-20"}),
        ("correct", REASON),
        ("withdraw", REASON),
    ],
)
def test_every_role_against_every_step(
    client: TestClient, keys: dict[str, str], name: str, body: dict[str, str]
) -> None:
    """403 for roles without the act; who holds it meets the publication, here one that is not there."""
    holders = ACCESS[f"publications.{name}"]
    for role in Role:
        headers = {"Authorization": f"Bearer {keys[role.value]}", "Idempotency-Key": f"{name}-{role}"}
        answer = client.post(f"/v1/publications/none/{name}", json=body, headers=headers)
        assert answer.status_code == (404 if role in holders else 403), (role, answer.text)
