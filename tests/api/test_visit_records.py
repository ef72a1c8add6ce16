"""Records of visits over HTTP: drafts of clients that were offline, submission, corrections."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from app.deps import House
from app.store.tables.registers import PastVisit
from tests.api.field_desk import FINDING, FieldDesk
from tests.api.journey import Journey


def errors(answer: Any) -> list[str]:
    """The codes of the bad fields."""
    return [one["code"] for one in answer.json()["errors"]]


def kinds(desk: FieldDesk) -> list[tuple[str, int]]:
    """(kind, revision) of every version."""
    found = desk.journey.call("auditor", "GET", f"{desk.path}/record/versions").json()["items"]
    return [(one["kind"], one["revision"]) for one in found]


def test_a_team_records_its_visit_and_submits_it(journey: Journey) -> None:
    """Issue 3, The record of a visit: draft, draft again, submitted; the publication clock runs."""
    desk = FieldDesk.opened(journey)
    empty = journey.call(desk.lead, "GET", f"{desk.path}/record").json()
    assert (empty["revision"], empty["answers"], empty["saved_at"]) == (0, [], None)
    assert desk.save(desk.body(), "early").json()["type"] == "/problems/wrong-state"
    journey.go(desk.visit)
    first = desk.save({"answers": [{"entry": "1", "reply": "conforms"}]}, "a-1")
    assert (first.status_code, first.json()["revision"]) == (200, 1)
    second = desk.save(desk.body(), "b-1", who=desk.second, revision=1)
    assert second.json()["revision"] == 2
    assert journey.call(desk.lead, "GET", f"{desk.path}/record").headers["etag"] == second.headers["etag"]
    assert desk.submit(revision=1).json()["type"] == "/problems/other-revision"
    done = desk.submit(revision=2)
    assert (done.status_code, done.json()["revision"], done.json()["codes"]) == (200, 3, ["05", "21"])
    visit = journey.call(desk.lead, "GET", desk.path).json()
    assert (visit["state"], visit["codes"], visit["ended_on"]) == ("submitted", ["05", "21"], "2026-11-02")
    assert kinds(desk) == [("draft", 1), ("draft", 2), ("submitted", 3)]
    assert desk.submit().json()["type"] == "/problems/wrong-state"
    assert desk.save(desk.body(found=False), "late", revision=3).json()["type"] == "/problems/wrong-state"


def test_sending_a_draft_again_changes_nothing(journey: Journey) -> None:
    """An answer that got lost on the way: the same `client_ref` again, even after the submission."""
    desk = FieldDesk.visited(journey)
    first = desk.save(desk.body(), "a-1")
    again = desk.save(desk.body(), "a-1")
    assert (again.status_code, again.json()) == (200, first.json())
    assert desk.save(desk.body(found=False), "a-1").json()["type"] == "/problems/client-ref-reused"
    assert desk.submit().status_code == 200
    assert desk.save(desk.body(), "a-1").json()["revision"] == 2
    assert kinds(desk) == [("draft", 1), ("submitted", 2)]


def test_a_newer_revision_answers_412_and_both_are_kept(journey: Journey) -> None:
    """Conflicts are shown, nothing is lost: what was not taken is in the history."""
    desk = FieldDesk.visited(journey)
    desk.save(desk.body(), "a-1")
    late = desk.save(desk.body(found=False), "b-1", who=desk.second)
    assert late.status_code == 412
    assert late.json()["type"] == "/problems/record-changed"
    assert late.json()["current"] == journey.call(desk.lead, "GET", f"{desk.path}/record").json()
    assert desk.save(desk.body(found=False), "b-1", who=desk.second).status_code == 412
    history = journey.call(desk.lead, "GET", f"{desk.path}/record/versions").json()["items"]
    assert [(one["kind"], one["client_ref"], one["body"]["codes"]) for one in history] == [
        ("draft", "a-1", ["05", "21"]),
        ("not_taken", "b-1", ["01"]),
    ]
    merged = desk.save(desk.body(found=False), "b-2", who=desk.second, revision=1)
    assert (merged.status_code, merged.json()["revision"]) == (200, 2)
    assert desk.submit().status_code == 200
    assert desk.save(desk.body(), "a-9", revision=1).status_code == 412
    assert kinds(desk)[-1] == ("not_taken", 3)


def test_two_drafts_at_once_are_one_taken_and_one_kept(journey: Journey) -> None:
    """The visit is locked while a draft is saved: of two that saw the same revision one meets a newer one."""
    desk = FieldDesk.visited(journey)
    both = [("a-1", desk.lead), ("b-1", desk.second)]
    with ThreadPoolExecutor() as pool:
        answers = list(pool.map(lambda one: desk.save(desk.body(), one[0], who=one[1]), both))
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    assert kinds(desk) == [("draft", 1), ("not_taken", 1)]


def test_the_etag_does_as_well_as_the_revision(journey: Journey) -> None:
    """RFC 9110: `If-Match` with what GET gave; neither of both is 428."""
    desk = FieldDesk.visited(journey)
    assert desk.save(desk.body(), "a-1", revision=None).status_code == 428
    tag = journey.call(desk.lead, "GET", f"{desk.path}/record").headers["etag"]
    seen = desk.save(desk.body(), "a-1", revision=None, headers={"If-Match": tag})
    assert seen.status_code == 200
    stale = desk.save(desk.body(found=False), "a-2", revision=None, headers={"If-Match": tag})
    assert (stale.status_code, stale.headers["etag"]) == (412, seen.headers["etag"])
    newer = {"If-Match": f'"other", {seen.headers["etag"]}'}
    assert desk.save(desk.body(), "a-3", revision=None, headers=newer).status_code == 200
    read = journey.call(desk.lead, "GET", f"{desk.path}/record")
    again = {"If-None-Match": read.headers["etag"]}
    assert journey.call(desk.lead, "GET", f"{desk.path}/record", headers=again).status_code == 304


def test_a_draft_of_another_visit_is_refused(journey: Journey) -> None:
    """Entries that the snapshot of the checklist lacks, doubles, unknown codes."""
    desk = FieldDesk.visited(journey)
    answers = [{"entry": "99", "reply": "conforms"}, {"entry": "1", "reply": "conforms"}] * 2
    refused = desk.save({"answers": answers, "codes": ["09"]}, "a-1")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/record-refused")
    assert set(errors(refused)) == {"given-twice", "unknown-entry", "unknown-result-code"}
    malformed = desk.save({"answers": [{"entry": "1", "reply": "perhaps"}]}, "a-1")
    assert malformed.status_code == 422
    assert kinds(desk) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"answers": []}, {"unanswered", "entry-conforms"}),
        ({"codes": ["01", "05"]}, {"conflicting-codes"}),
        ({"codes": ["07", "05"]}, {"conflicting-codes"}),
        ({"codes": ["04"]}, {"attempt-is-no-result", "finding-without-violation"}),
        ({"codes": ["01"]}, {"finding-without-violation"}),
        ({"findings": []}, {"no-finding", "violation-without-finding"}),
        ({"findings": [{**FINDING, "entry": "1"}]}, {"no-finding", "entry-conforms"}),
        ({"signature": None}, {"unsigned"}),
        (
            {"signature": {"signed": False, "reason": None, "witness": None}},
            {"why-refused", "who-witnessed"},
        ),
    ],
)
def test_a_record_that_contradicts_itself_is_not_submitted(
    journey: Journey, changes: dict[str, Any], expected: set[str]
) -> None:
    """Issue 3: every entry answered, exclusions hold, findings and violation codes belong together."""
    desk = FieldDesk.visited(journey)
    assert desk.save({**desk.body(), **changes}, "a-1").status_code == 200
    refused = desk.submit()
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/record-incomplete")
    assert set(errors(refused)) == expected
    assert all(one["detail"] for one in refused.json()["errors"])
    assert journey.call(desk.lead, "GET", desk.path).json()["state"] == "checked_out"


def test_a_refusal_to_sign_needs_a_reason_and_a_witness(journey: Journey) -> None:
    """With both the record stands."""
    desk = FieldDesk.visited(journey)
    refusal = {"signed": False, "reason": "认为处罚过重", "witness": "社区工作者"}
    desk.save({**desk.body(), "signature": refusal}, "a-1")
    assert desk.submit().status_code == 200


def test_nothing_is_submitted_before_both_officers_have_left(journey: Journey) -> None:
    """行政处罚法 art. 42: two officers; the visit must be over."""
    desk = FieldDesk.opened(journey)
    for who in (desk.lead, desk.second):
        assert journey.work(who, desk.visit, "check-in").status_code == 200
    assert desk.save(desk.body(), "a-1").status_code == 200
    assert desk.submit().json()["type"] == "/problems/wrong-state"
    assert journey.work(desk.lead, desk.visit, "check-out").status_code == 200
    assert desk.submit().json()["type"] == "/problems/wrong-state"
    assert journey.work(desk.second, desk.visit, "check-out").status_code == 200
    assert desk.submit(who=desk.second).status_code == 200


def test_after_the_submission_only_corrections_with_a_reason_change_anything(journey: Journey) -> None:
    """A correction is a new version with its reason; the first one stays visible."""
    desk = FieldDesk.visited(journey).submitted()
    path = f"{desk.path}/corrections"
    wrong = journey.call(desk.lead, "POST", path, json={"reason": "改", "codes": ["01"]})
    assert wrong.json()["type"] == "/problems/record-incomplete"
    same = journey.call(desk.lead, "POST", path, json={"reason": "改", "codes": ["21", "05"]})
    assert same.json()["type"] == "/problems/nothing-to-correct"
    assert journey.call(desk.lead, "POST", path, json={"codes": ["23"]}).status_code == 422
    stale = journey.call(desk.lead, "POST", path, json={"reason": "改", "codes": ["23"], "revision": 1})
    assert stale.json()["type"] == "/problems/other-revision"
    fixed = journey.call(
        desk.second, "POST", path, json={"reason": "代码有误", "codes": ["05", "23"], "statement": None}
    )
    assert fixed.status_code == 201, fixed.text
    assert (fixed.json()["revision"], fixed.json()["statement"]) == (3, None)
    assert journey.call(desk.lead, "GET", desk.path).json()["codes"] == ["05", "23"]
    last = journey.call("auditor", "GET", f"{desk.path}/record/versions").json()["items"][-1]
    assert (last["kind"], last["reason"], last["saved_by_name"]) == ("correction", "代码有误", desk.second)


def test_a_correction_keeps_the_findings_that_led_to_something(journey: Journey) -> None:
    """A disposition names its finding."""
    desk = FieldDesk.visited(journey).submitted()
    assert desk.dispose(kind="warning", finding="f1").status_code == 201
    clean = {**desk.body(found=False), "reason": "改"}
    refused = journey.call(desk.lead, "POST", f"{desk.path}/corrections", json=clean)
    assert refused.json()["type"] == "/problems/finding-has-disposition"


def test_only_the_team_writes_and_only_those_who_decide_read(journey: Journey) -> None:
    """Every role against every act of the record."""
    desk = FieldDesk.visited(journey).submitted()
    stranger = journey.officer("psb-008")
    readers = {"reviewer", "approver", "supervisor", "auditor"}
    for who in [*journey.keys]:
        if who in {desk.lead, desk.second}:
            continue
        read = 404 if who in {stranger, "inspector"} else 200 if who.split("-")[0] in readers else 403
        assert journey.call(who, "GET", f"{desk.path}/record").status_code == read, who
        assert journey.call(who, "GET", f"{desk.path}/record/versions").status_code == read, who
        write = {403, 404} if who in {stranger, "inspector"} else {403}
        assert desk.save(desk.body(), "x", who=who).status_code in write, who
        assert desk.submit(who=who).status_code in write, who
        correction = {"reason": "改", "codes": ["23"]}
        wrong = journey.call(who, "POST", f"{desk.path}/corrections", json=correction)
        assert wrong.status_code in write, who
    assert journey.client.get(f"{desk.path}/record").status_code == 401


def test_a_submitted_visit_is_on_record_where_the_next_roster_looks(journey: Journey) -> None:
    """A correction changes its codes there too; the visit stays one."""
    desk = FieldDesk.visited(journey).submitted()

    def past() -> list[tuple[str, list[str], list[str]]]:
        house: House = journey.client.app.state.house  # type: ignore[attr-defined]  # the application, not any ASGI callable
        with house.database.reading() as connection:
            rows = connection.execute(select(PastVisit.kind, PastVisit.codes, PastVisit.inspectors))  # type: ignore[call-overload]  # columns of a table class
            return [tuple(row) for row in rows]

    assert past() == [("emergency", ["05", "21"], ["psb-001", "psb-002"])]
    fix = {"reason": "代码有误", "codes": ["08"]}
    assert journey.call(desk.lead, "POST", f"{desk.path}/corrections", json=fix).status_code == 201
    assert past() == [("emergency", ["08"], ["psb-001", "psb-002"])]
