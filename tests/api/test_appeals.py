"""Appeals over HTTP (mission clause W6): filed by anybody, two officers, the effect, the clock, the table."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlmodel import SQLModel, col

from app.deps import House
from app.domain.access import Caller, Role
from app.services.access import create_key
from app.store.access import add_key
from app.store.tables.access import ApiKey, AuditEvent
from tests.api.field_desk import FieldDesk
from tests.api.journey import Journey
from tests.api.test_calendar_days import NOTICE
from tests.api.test_public_results_draws import revealed
from tests.conftest import REGION, Clock
from tests.policy_documents import CLOCKS

PATH = "/v1/public/appeals"
WHO = {
    "name": "样例申诉人王某某",
    "contact": "样例联系方式 0000-0000",
    "grounds": "第二项问题已经当场改正，公示有误",
}
FILING = {"capacity": "party", **WHO}
REASONS = "经核对笔录，问题已当场改正"
DECISION = "申诉成立，由检查机关更正后重新公开"
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def desk(journey: Journey, house: House, clock: Clock) -> FieldDesk:
    """A result of 2 November 2026 that is public; it is 23 November, and there are two appeal officers."""
    desk = FieldDesk.visited(journey).submitted()
    journey.publish(desk.visit)
    journey.keys["second"] = somebody(house, "appeal_officer", "second")
    clock.now = MONDAY
    return desk


def somebody(house: House, role: str, name: str, region: str = REGION) -> str:
    """The key of a new caller."""
    with house.database.unit_of_work() as session:
        key, _ = create_key(
            session, new_id=house.new_id(), role=role, region=region, name=name, now=house.clock()
        )
    return key


def filed(desk: FieldDesk, **more: Any) -> Response:
    """An appeal against the desk's result, by nobody with a key."""
    body = {"result": desk.visit["id"], **FILING, **more.pop("body", {})}
    return desk.journey.call(None, "POST", PATH, json=body, **more)


def an_appeal(desk: FieldDesk) -> tuple[str, str]:
    """A new appeal's id and receipt."""
    before = {one["id"] for one in listed(desk)}
    answer = filed(desk)
    assert answer.status_code == 201, answer.text
    [made] = [one["id"] for one in listed(desk) if one["id"] not in before]
    return made, answer.json()["receipt"]


def listed(desk: FieldDesk, who: str = "appeal_officer", **params: Any) -> list[dict[str, Any]]:
    """The list."""
    answer = desk.journey.call(who, "GET", "/v1/appeals", params=params)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def step(desk: FieldDesk, appeal: str, name: str, who: str, **body: Any) -> Response:
    """A step of an appeal."""
    return desk.journey.call(who, "POST", f"/v1/appeals/{appeal}/{name}", json=body)


def proposed(desk: FieldDesk, outcome: str = "upheld") -> tuple[str, str]:
    """An appeal with its proposal."""
    appeal, receipt = an_appeal(desk)
    assert step(desk, appeal, "accept", "appeal_officer").status_code == 200
    answer = step(desk, appeal, "propose", "appeal_officer", outcome=outcome, reasons=REASONS)
    assert answer.status_code == 200, answer.text
    return appeal, receipt


def decide(desk: FieldDesk, appeal: str, outcome: str = "upheld", who: str = "second") -> Response:
    """The decision."""
    return step(desk, appeal, "decide", who, outcome=outcome, decision=DECISION)


def public(desk: FieldDesk) -> dict[str, Any]:
    """The public result."""
    found: dict[str, Any] = desk.journey.call(None, "GET", f"/v1/public/results/{desk.visit['id']}").json()
    return found


def refusal(answer: Response) -> tuple[int, str]:
    """Status and problem."""
    return answer.status_code, answer.json()["type"]


def marks(desk: FieldDesk) -> set[str | None]:
    """What list, file and result show of appeals."""
    [row] = desk.journey.call(None, "GET", "/v1/public/results").json()["items"]
    line = json.loads(desk.journey.call(None, "GET", "/v1/public/results.ndjson").text)
    return {row["appeal"], line.get("appeal"), public(desk)["appeal"]}


def test_an_appeal_that_is_upheld_from_the_form_to_the_corrected_result(
    desk: FieldDesk, clock: Clock
) -> None:
    """Two officers decide, five people correct; the copy and its digest change with the new version only."""
    before = public(desk)
    assert marks(desk) == {None}
    appeal, receipt = an_appeal(desk)
    assert marks(desk) == {None}  # anybody can file: nothing shows before an officer takes the case
    taken = step(desk, appeal, "accept", "appeal_officer").json()
    # 20 working days after 23 November 2026.
    assert (taken["state"], taken["handler_name"], taken["due_on"]) == (
        "accepted",
        "appeal_officer",
        "2026-12-21",
    )
    assert marks(desk) == {"pending"}
    pending = public(desk)
    assert (pending["document"], pending["sha256"]) == (before["document"], before["sha256"])
    step(desk, appeal, "propose", "appeal_officer", outcome="upheld", reasons=REASONS)
    assert marks(desk) == {"pending"}
    done = decide(desk, appeal)
    assert (done.json()["state"], done.json()["outcome"]) == ("decided", "upheld")
    assert marks(desk) == {"upheld"}
    assert public(desk)["versions"] == before["versions"]  # nothing was edited
    publication = desk.journey.call("reviewer", "GET", f"/v1/publications/{desk.visit['id']}").json()
    # A correction is due 20 working days after the day of the decision, by the clock of results.
    assert (publication["state"], publication["version"], publication["due_on"]) == ("draft", 2, "2026-12-21")
    clock.move(days=1)
    desk.journey.publish(desk.visit)
    corrected = public(desk)
    assert (corrected["version"], corrected["reason"], corrected["appeal"]) == (
        2,
        "申诉成立，依申诉决定更正",
        None,
    )
    answer = desk.journey.call(None, "GET", f"{PATH}/{receipt}").json()
    assert (answer["state"], answer["outcome"], answer["decision"]) == ("decided", "upheld", DECISION)


def test_an_appeal_that_is_rejected_leaves_no_mark(desk: FieldDesk) -> None:
    """The decider is not bound by what was proposed; nothing begins at the result."""
    appeal, _ = proposed(desk)
    assert decide(desk, appeal, "rejected").json()["outcome"] == "rejected"
    assert marks(desk) == {None}
    assert desk.journey.call("reviewer", "GET", f"/v1/publications/{desk.visit['id']}").json()["version"] == 1


def test_the_mark_stays_while_another_appeal_is_pending(desk: FieldDesk) -> None:
    """And a withdrawal while one is pending says so too; what is decided then begins nothing."""
    first, _ = proposed(desk)
    second, _ = proposed(desk, "partly")
    decide(desk, first, "rejected")
    assert marks(desk) == {"pending"}
    path = f"/v1/publications/{desk.visit['id']}/withdraw"
    gone = desk.journey.call("approver", "POST", path, json={"reason": "检查程序有误", "ground": "mistake"})
    assert gone.status_code == 200, gone.text
    assert (public(desk)["withdrawn"], public(desk)["appeal"]) == (True, "pending")
    assert decide(desk, second, "partly").json()["outcome"] == "partly"
    assert (public(desk)["withdrawn"], public(desk)["appeal"]) == (True, None)
    assert filed(desk).json()["type"] == "/problems/appeal-withdrawn"


def test_a_correction_under_way_comes_back_when_an_appeal_is_upheld(desk: FieldDesk) -> None:
    """Nobody publishes past the decision what was handed in before it."""
    path = f"/v1/publications/{desk.visit['id']}"
    assert (
        desk.journey.call("reviewer", "POST", f"{path}/correct", json={"reason": "笔误"}).status_code == 200
    )
    assert desk.journey.call(desk.lead, "POST", f"{path}/submit", json={}).status_code == 200
    appeal, _ = proposed(desk)
    decide(desk, appeal, "partly")
    found = desk.journey.call("reviewer", "GET", path).json()
    assert (found["state"], found["version"], found["reason"]) == (
        "sent_back",
        2,
        "申诉部分成立，依申诉决定更正",
    )
    assert marks(desk) == {"upheld"}
    desk.journey.publish(desk.visit)
    assert marks(desk) == {None}


def test_who_handles_and_who_decides(desk: FieldDesk, house: House) -> None:
    """403 for the handler, for those who took the result to the public, and for the visit's own officers."""
    appeal, _ = an_appeal(desk)
    double = _doubles(desk, house)
    for who in double:
        assert step(desk, appeal, "accept", who).json()["type"] == "/problems/own-case", who
    assert step(desk, appeal, "propose", "second", outcome="upheld", reasons=REASONS).status_code == 409
    assert step(desk, appeal, "accept", "appeal_officer").status_code == 200
    assert refusal(step(desk, appeal, "accept", "appeal_officer")) == (409, "/problems/wrong-state")
    desk.journey.keys["third"] = somebody(house, "appeal_officer", "third")
    assert step(desk, appeal, "accept", "third").json()["handler_name"] == "third"
    said = {"outcome": "upheld", "reasons": REASONS}
    told = step(desk, appeal, "propose", "appeal_officer", **said)
    assert refusal(told) == (403, "/problems/not-the-handler")
    assert refusal(decide(desk, appeal)) == (409, "/problems/wrong-state")
    assert step(desk, appeal, "propose", "third", **said).json()["proposal"] == "upheld"
    for who in (*double, "third"):
        assert refusal(decide(desk, appeal, who=who)) == (403, "/problems/own-case"), who
    assert marks(desk) == {"pending"}
    assert decide(desk, appeal).status_code == 200


def _doubles(desk: FieldDesk, house: House) -> list[str]:
    """Callers who are appeal officers besides: each of the four hands, and an officer with another key."""
    steps = desk.journey.call("auditor", "GET", f"/v1/publications/{desk.visit['id']}/steps").json()["items"]
    with house.database.unit_of_work() as session:
        for key in session.scalars(
            select(ApiKey).where(col(ApiKey.id).in_([one["caller_id"] for one in steps]))
        ):
            key.roles = [*key.roles, "appeal_officer"]
        officer = Caller(
            id=house.new_id(),
            name="officer",
            roles=frozenset({Role.APPEAL_OFFICER}),
            region=REGION,
            inspector="psb-002",
        )
        add_key(session, caller=officer, key_sha256=sha256(b"officer").hexdigest(), at=house.clock())
    desk.journey.keys["officer"] = "officer"
    assert [one["act"] for one in steps] == ["submit", "review", "approve", "publish"]
    return [desk.lead, "reviewer", "approver", "approver-2", "officer"]


def test_nothing_of_who_appealed_leaves_the_vault(desk: FieldDesk, house: House, client: TestClient) -> None:
    """Not in a table, a list, an event, a league table or a public answer; each view is logged."""
    appeal, receipt = proposed(desk)
    decide(desk, appeal)
    secrets = [*WHO.values(), receipt, receipt.replace("-", ""), REASONS, DECISION]
    with house.database.reading() as connection:
        kept = "".join(
            repr(connection.execute(select(table)).all()) for table in SQLModel.metadata.sorted_tables
        )
    for secret in secrets:
        assert secret not in kept
    months = {"from": "2026-12", "to": "2026-12"}
    shown = [
        json.dumps(listed(desk), ensure_ascii=False),
        desk.journey.call(
            "supervisor", "GET", "/v1/league-table/rows", params={**months, "kind": "appeal"}
        ).text,
        *(client.get(path).text for path in ("/v1/public/results", f"/v1/public/results/{desk.visit['id']}")),
    ]
    for secret in secrets:
        assert all(secret not in one for one in shown)
    whole = desk.journey.call("second", "GET", f"/v1/appeals/{appeal}").json()
    assert {name: whole[name] for name in WHO} == WHO
    assert (whole["reasons"], whole["decision"]) == (REASONS, DECISION)
    events = _events(house, appeal)
    assert events == ["appeals.file", "appeals.accept", "appeals.propose", "appeals.decide", "appeals.view"]


def _events(house: House, appeal: str) -> list[str]:
    with house.database.reading() as connection:
        return list(
            connection.scalars(
                select(col(AuditEvent.act))
                .where(col(AuditEvent.subject) == appeal)
                .order_by(col(AuditEvent.id))
            )
        )


def test_who_reads_appeals(desk: FieldDesk, house: House) -> None:
    """Officers and auditors of the region; a supervisor has the figures; another region sees nothing."""
    appeal, _ = an_appeal(desk)
    journey = desk.journey
    assert journey.call("auditor", "GET", f"/v1/appeals/{appeal}").json()["name"] == WHO["name"]
    for path in ("/v1/appeals", f"/v1/appeals/{appeal}"):
        assert journey.call("supervisor", "GET", path).status_code == 403
    journey.keys["far"] = somebody(house, "appeal_officer", "far", "320102")
    assert listed(desk, "far") == []
    assert journey.call("far", "GET", f"/v1/appeals/{appeal}").status_code == 404
    assert step(desk, appeal, "accept", "far").status_code == 404
    assert _events(house, appeal) == ["appeals.file", "appeals.view"]


def test_the_list_is_narrowed_and_paged(desk: FieldDesk, clock: Clock) -> None:
    """By state, result and lateness, the oldest first."""
    ids = [an_appeal(desk)[0] for _ in range(3)]
    step(desk, ids[1], "accept", "appeal_officer")
    assert [one["id"] for one in listed(desk)] == ids
    assert [one["id"] for one in listed(desk, state="accepted")] == [ids[1]]
    assert listed(desk, result="other") == listed(desk, overdue=True) == []
    assert len(listed(desk, result=desk.visit["id"])) == 3
    page = desk.journey.call("second", "GET", "/v1/appeals", params={"limit": 2, "count": True})
    assert ([one["id"] for one in page.json()["items"]], page.json()["count"]) == (ids[:2], 3)
    clock.move(days=29)  # 22 December
    assert [(one["id"], one["overdue"]) for one in listed(desk, overdue=True)] == [(one, True) for one in ids]


def test_the_same_request_gets_the_same_receipt(desk: FieldDesk, clock: Clock) -> None:
    """Under one key; another body is refused, and without a key each is a new appeal."""
    key = {"Idempotency-Key": "citizen-1"}
    first, again = filed(desk, headers=key), filed(desk, headers=key)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert (first.headers.get("Idempotent-Replay"), again.headers["Idempotent-Replay"]) == (None, "true")
    assert len(listed(desk)) == 1
    other = filed(desk, headers=key, body={"grounds": "另有理由"})
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-reused")
    empty = filed(desk, headers={"Idempotency-Key": ""})
    assert (empty.status_code, empty.json()["type"]) == (422, "/problems/bad-idempotency-key")
    bare = desk.journey.client.post(PATH, json={"result": desk.visit["id"], **FILING})
    assert bare.status_code == 201
    assert bare.json()["receipt"] != first.json()["receipt"]
    assert len(listed(desk)) == 2
    clock.move(days=7)
    assert filed(desk, headers=key).json() == first.json()
    clock.move(seconds=1)  # «kept 7 days»
    assert filed(desk, headers=key).json()["receipt"] != first.json()["receipt"]
    assert len(listed(desk)) == 3


def test_what_cannot_be_filed_is_told(desk: FieldDesk, clock: Clock) -> None:
    """In words, and nothing is kept. The 60 days of 2 November 2026 end with 1 January 2027."""
    for body, status, problem in (
        ({"result": "nothing"}, 404, "no-public-result"),
        ({"grounds": " "}, 422, "malformed"),
        ({"contact": ""}, 422, "malformed"),
        ({"name": "王" * 101}, 422, "malformed"),
        ({"capacity": "neighbour"}, 422, "malformed"),
        ({"phone": "0000"}, 422, "malformed"),
        ({"result": "\0"}, 422, "malformed"),
    ):
        refused = filed(desk, body=body)
        assert (refused.status_code, refused.json()["type"]) == (status, f"/problems/{problem}"), body
    # Version 2 of the clocks held on 22 November, and it has no rule for appeals; a county's may have none.
    assert "appeals" not in CLOCKS
    clock.move(days=-1)
    assert refusal(filed(desk)) == (409, "/problems/appeals-off")
    clock.now = datetime(2027, 1, 1, 16, 0, tzinfo=UTC)
    late = filed(desk)
    assert refusal(late) == (409, "/problems/appeal-too-late")
    assert "2027-01-01" in late.json()["detail"]
    assert listed(desk) == []
    clock.move(seconds=-1)
    assert filed(desk).status_code == 201


def test_asking_by_receipt(desk: FieldDesk) -> None:
    """However it is typed; state, days and decision, nothing else; a wrong one is 404; asking is slowed."""
    _, receipt = proposed(desk)
    typed = receipt.lower().replace("-", " ")
    found = desk.journey.call(None, "GET", f"{PATH}/{typed}")
    assert found.headers["cache-control"] == "no-store"
    assert found.json() == {
        "state": "proposed",
        "filed_at": "2026-11-23T01:00:00Z",
        "due_on": "2026-12-21",
        "accepted_at": "2026-11-23T01:00:00Z",
        "decided_at": None,
        "outcome": None,
        "decision": None,
    }
    wrong = receipt[:-1] + ("2" if receipt[-1] != "2" else "3")
    for other in (wrong, "nonsense"):
        missing = desk.journey.call(None, "GET", f"{PATH}/{other}")
        assert refusal(missing) == (404, "/problems/no-such-receipt")
    asked = [desk.journey.call(None, "GET", f"{PATH}/nonsense").status_code for _ in range(20)]
    assert set(asked) == {404, 429}
    assert refusal(filed(desk)) == (429, "/problems/too-many-questions")
    assert len(listed(desk)) == 1


def test_alarms_before_and_after_the_last_day(
    desk: FieldDesk, house: House, clock: Clock, run_jobs: Callable[[], None]
) -> None:
    """Due on 21 December 2026: five working days before and the day after, each once, whatever the state."""
    appeal, _ = an_appeal(desk)
    decided_one, _ = proposed(desk)
    decide(desk, decided_one, "rejected")

    def alarms() -> list[str]:
        run_jobs()
        return [act for act in _events(house, appeal) if act == "appeals.alarm"]

    clock.move(days=20)  # 13 December
    assert alarms() == []
    clock.move(days=1)
    assert alarms() == alarms() == ["appeals.alarm"]
    step(desk, appeal, "accept", "appeal_officer")
    clock.move(days=7)  # 21 December
    assert len(alarms()) == 1
    clock.move(days=1)
    assert len(alarms()) == len(alarms()) == 2
    one = listed(desk, state="accepted")[0]
    assert (one["alarmed_at"], one["overdue_at"]) == ("2026-12-14T01:00:00Z", "2026-12-22T01:00:00Z")
    assert "appeals.alarm" not in _events(house, decided_one)


def test_without_next_years_calendar_an_appeal_waits_with_its_clock(
    desk: FieldDesk, house: House, clock: Clock
) -> None:
    """Nobody is refused for that; the year's entry begins the clock, and a day off more moves it."""
    clock.now = datetime(2026, 12, 21, 1, 0, tzinfo=UTC)
    appeal, receipt = an_appeal(desk)
    assert listed(desk)[0]["due_on"] is None
    assert desk.journey.call(None, "GET", f"{PATH}/{receipt}").json()["due_on"] is None
    path = "/v1/calendar-days/2027"

    def enter(notice: dict[str, Any]) -> None:
        tag = {"If-Match": desk.journey.call("admin", "GET", path).headers["etag"]}
        assert desk.journey.call("admin", "PUT", path, json=notice, headers=tag).status_code == 200

    enter(NOTICE)
    due = listed(desk)[0]["due_on"]
    # 22 to 25, 28 to 31 December are eight; the other twelve are in January.
    assert "2027-01-15" < due < "2027-01-25"
    off = {"day": "2027-01-12", "working": False, "name": "临时放假"}
    enter({**NOTICE, "days": [*NOTICE["days"], off]})
    assert listed(desk)[0]["due_on"] > due
    assert _events(house, appeal) == ["appeals.file", "appeals.recount", "appeals.recount"]


def test_the_league_table_counts_appeals(desk: FieldDesk, clock: Clock) -> None:
    """Due in December: one met, one late, one missed, one open in January; the rows behind each."""
    journey = desk.journey
    ids = [proposed(desk)[0], proposed(desk)[0], an_appeal(desk)[0]]
    decide(desk, ids[0], "rejected")
    clock.now = datetime(2026, 12, 22, 1, 0, tzinfo=UTC)
    decide(desk, ids[1], "rejected")
    months = {"from": "2026-12", "to": "2026-12"}
    table = journey.call("supervisor", "GET", "/v1/league-table", params=months).json()["items"]
    [row] = [one for one in table if one["kind"] == "appeal"]
    assert (row["region"], row["station"]) == (REGION, None)
    assert (row["due"], row["met"], row["late"], row["missed"], row["open"]) == (3, 1, 1, 1, 0)
    for outcome, wanted in zip(("met", "late", "missed"), ids, strict=True):
        asked = {**months, "kind": "appeal", "outcome": outcome}
        [behind] = journey.call("supervisor", "GET", "/v1/league-table/rows", params=asked).json()["items"]
        assert (behind["subject"], behind["due_on"]) == (wanted, "2026-12-21")
        assert behind["name"] == desk.visit["entity_name"]
    named = journey.call("supervisor", "GET", "/v1/league-table/criticism", params=months).json()["items"]
    [mine] = [one for one in named if one["standing"]["kind"] == "appeal"]
    assert (mine["grounds"], "申诉" in mine["basis"]) == (["missed", "late"], True)
    book = journey.call("supervisor", "GET", "/v1/league-table.xlsx", params=months).content
    rows = CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_index(0).to_python()
    [told] = [row for row in rows if "申诉办理" in row]
    first = rows[0].index("应完成")
    assert told[first : first + 6] == [3, 1, 1, 1, 0, 0]


def test_the_results_of_a_draw_show_the_mark(journey: Journey, house: House, clock: Clock) -> None:
    """Among the drawn premises, whose rows are those of the public copy."""
    draw, _ = revealed(journey, house, clock, appeal="pending")
    rows = journey.call(None, "GET", f"/v1/public/draws/{draw}/results").json()["items"]
    assert [row["result"]["appeal"] for row in rows if row["result"]] == ["pending"]
