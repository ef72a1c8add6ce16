"""Draws over HTTP: the journey of spec/api.md, its states, and who sees what when."""

import hashlib
import io
import json
import threading
import zipfile
from pathlib import Path

import pytest

from app.adapters import drand_bls
from app.adapters.record_files import open_record
from app.domain.draw.verifier.verify import verify
from tests.api.calendar_desk import void
from tests.api.journey import PLAN, VALUES, Journey
from tests.conftest import REGION, Clock

ENDED = {"identities.ndjson", "ids.ndjson", "lines.ndjson", "plan.json"}


def verified(content: bytes, path: Path, commitment: str) -> dict[str, str]:
    """The verifier's checks of a record, by name."""
    path.write_bytes(content)
    with open_record(path) as record:
        report = verify(record, bls=drand_bls.verify, commitment=commitment)
    return {check.check: check.status for check in report.checks}


DRAWN = 11
"""How many of the journey's 30 venues a first draw takes; the first test works it out."""


def test_a_county_runs_its_first_double_random_draw(journey: Journey, clock: Clock, tmp_path: Path) -> None:
    """Registers in, plan, commitment, public randomness, premises and teams out, a record that verifies."""
    journey.registers()
    draw = journey.committed()
    assert (draw["state"], draw["seq"]) == ("committed", 1)
    plan = journey.call(None, "GET", f"/v1/public/draws/{draw['id']}/plan.json").content
    assert hashlib.sha256(plan).hexdigest() == draw["commitment"]
    assert json.loads(plan) == draw["plan"]

    waiting = journey.give(draw["id"], "dice-1", VALUES["dice-1"]).json()
    assert (waiting["state"], waiting["missing"]) == ("committed", ["lottery"])
    drawn = journey.give(draw["id"], "lottery", VALUES["lottery"], who="witness-2").json()
    # 10 lines a level that nobody visited: level n draws max(n of 10, cover + 1). 4 weekly draws end in
    # November and 9 in the quarter, one of them in reserve: cover is ceil(10/3) of level 3, ceil(10/8) else.
    assert (drawn["state"], drawn["drawn"], drawn["short"]) == ("drawn", DRAWN, 0)

    selection = journey.call("dispatcher", "GET", f"/v1/draws/{draw['id']}/selection").json()["items"]
    teams = journey.call("dispatcher", "GET", f"/v1/draws/{draw['id']}/teams").json()["items"]
    assert [row["stratum"] for row in selection] == [
        *(["level-1"] * 3 + ["level-2"] * 3 + ["level-3"] * 5),
    ]
    assert len(teams) == 22
    assert {seat["entity"] for seat in teams} == {row["id"] for row in selection}

    clock.move(days=1)
    for visit in journey.visits(draw["id"]):
        journey.go(visit)
        journey.submit_clean(visit)
    clock.move(days=7)
    assert (
        journey.call("dispatcher", "POST", f"/v1/draws/{draw['id']}/reveal", json={}).json()["state"]
        == "revealed"
    )
    public = journey.call(None, "GET", f"/v1/public/draws/{draw['id']}/record.zip")
    audit = journey.call("auditor", "GET", f"/v1/draws/{draw['id']}/record.zip?audience=audit")
    checks = verified(public.content, tmp_path / "public.zip", draw["commitment"])
    assert {name for name, status in checks.items() if status == "withheld"} == {
        *("secret", "inspectors", "recusals", "teams", "amendments", "log")
    }
    assert "failed" not in checks.values()
    checks = verified(audit.content, tmp_path / "audit.zip", draw["commitment"])
    assert [name for name, status in checks.items() if status != "ok"] == ["log"]


def finish_visits(journey: Journey, clock: Clock, draw: str) -> None:
    """Two days pass; on each of them every team finds nobody, so that every visit is finished."""
    for _ in range(2):
        clock.move(days=1)
        journey.find_nobody(draw)


def test_commit_stores_the_lists_themselves(journey: Journey) -> None:
    """Nothing that happens to the registers after the commitment changes the draw."""
    journey.registers()
    draw = journey.committed()
    journey.load("entities", [{**row, "status": "closed"} for row in entity_rows_of(journey)], mode="full")
    journey.give(draw["id"], "dice-1", VALUES["dice-1"])
    assert journey.give(draw["id"], "lottery", VALUES["lottery"], who="witness-2").json()["drawn"] == DRAWN


def entity_rows_of(journey: Journey) -> list[dict[str, object]]:
    """The rows that `registers` loaded."""
    from tests.api.journey import entity_rows  # noqa: PLC0415 - read where it is used

    assert journey.calls
    return entity_rows(30)


@pytest.mark.parametrize(
    ("who", "source", "value", "status", "problem"),
    [
        ("witness", "dice-2", VALUES["dice-1"], 409, "unknown-source"),
        ("witness", "dice-1", "12345", 422, "bad-entropy"),
        ("planner", "dice-1", VALUES["dice-1"], 403, "not-allowed"),
        ("approver", "dice-1", VALUES["dice-1"], 403, "not-allowed"),
        ("dispatcher", "dice-1", VALUES["dice-1"], 403, "not-allowed"),
    ],
)
def test_no_entropy_from_a_source_or_caller_that_the_plan_does_not_allow(
    journey: Journey, who: str, source: str, value: str, status: int, problem: str
) -> None:
    """Spec/api.md: planners never give entropy; DR1 section 4: values exactly in their format."""
    journey.registers()
    draw = journey.committed()
    answer = journey.give(draw["id"], source, value, who=who)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{problem}")
    assert journey.call("planner", "GET", f"/v1/draws/{draw['id']}").json()["state"] == "committed"


def test_two_sources_need_two_witnesses_and_each_gives_once(journey: Journey) -> None:
    """Spec/api.md: at least two different witnesses in a ceremony of two or more sources."""
    journey.registers()
    draw = journey.committed()
    assert journey.give(draw["id"], "dice-1", VALUES["dice-1"]).status_code == 200
    again = journey.give(draw["id"], "dice-1", "9" * 20, who="witness-2")
    assert (again.status_code, again.json()["type"]) == (409, "/problems/source-already-given")
    alone = journey.give(draw["id"], "lottery", VALUES["lottery"])
    assert (alone.status_code, alone.json()["type"]) == (409, "/problems/another-witness-needed")
    assert journey.give(draw["id"], "lottery", VALUES["lottery"], who="witness-2").json()["state"] == "drawn"
    late = journey.give(draw["id"], "lottery", VALUES["lottery"], who="witness-2")
    assert (late.status_code, late.json()["type"]) == (409, "/problems/wrong-state")


def test_until_the_reveal_only_the_dispatcher_sees_selection_and_teams(
    journey: Journey, clock: Clock
) -> None:
    """Issue: until the reveal only the dispatcher (logged) sees selection and teams."""
    journey.registers()
    draw = journey.drawn()
    for name in ("selection", "teams"):
        path = f"/v1/draws/{draw['id']}/{name}"
        for who in journey.keys:
            expected = 200 if who == "dispatcher" else 404 if who == "elsewhere" else 403
            if who == "elsewhere":
                expected = 403
            assert journey.call(who, "GET", path).status_code == expected, who
        assert journey.call(None, "GET", path).status_code == 401
    assert (
        journey.call("auditor", "GET", f"/v1/draws/{draw['id']}/record.zip?audience=audit").status_code == 409
    )
    assert journey.call(None, "GET", f"/v1/public/draws/{draw['id']}/record.zip").status_code == 404
    finish_visits(journey, clock, draw["id"])
    clock.move(days=6)
    journey.call("dispatcher", "POST", f"/v1/draws/{draw['id']}/reveal", json={})
    for who in ("dispatcher", "auditor", "supervisor"):
        assert journey.call(who, "GET", f"/v1/draws/{draw['id']}/teams").status_code == 200, who


def test_no_reveal_before_the_last_day_of_visits(journey: Journey, clock: Clock) -> None:
    """Spec/api.md: from the day `visit_to` on, in Asia/Shanghai."""
    journey.registers()
    draw = journey.drawn()
    path = f"/v1/draws/{draw['id']}/reveal"
    finish_visits(journey, clock, draw["id"])
    clock.move(days=5, hours=14)  # 9 November 23:00 in Shanghai
    early = journey.call("dispatcher", "POST", path, json={})
    assert (early.status_code, early.json()["type"]) == (409, "/problems/too-early-to-reveal")
    clock.move(hours=1)  # midnight: the 10th
    assert journey.call("dispatcher", "POST", path, json={}).status_code == 200
    assert journey.call("dispatcher", "POST", path, json={}).json()["type"] == "/problems/wrong-state"


def test_a_draw_whose_visits_nobody_carries_out_is_revealed_at_reveal_by_not_before(
    journey: Journey, clock: Clock
) -> None:
    """Mission/rules.md, Clocks: while visits are open 409; at `reveal_by` what is left is not visited."""
    journey.registers()
    draw = journey.drawn()
    path = f"/v1/draws/{draw['id']}/reveal"
    clock.move(days=58, hours=14)  # 30 December 23:00 in Shanghai
    early = journey.call("dispatcher", "POST", path, json={})
    assert (early.status_code, early.json()["type"]) == (409, "/problems/visits-open")
    assert {visit["state"] for visit in journey.visits(draw["id"])} == {"planned"}
    clock.move(hours=1)
    assert journey.call("dispatcher", "POST", path, json={}).json()["state"] == "revealed"
    assert {visit["state"] for visit in journey.visits(draw["id"])} == {"not_visited"}


def test_what_nobody_visited_is_closed_at_reveal_by_though_nobody_reveals(
    journey: Journey, clock: Clock
) -> None:
    """Mission/rules.md, Clocks: «at `reveal_by` what was not visited is closed … and owed again»."""
    journey.registers()
    draw = journey.drawn()
    begun = journey.visits(draw["id"])[0]
    clock.move(days=1)
    journey.go(begun)
    clock.move(days=57, hours=14)  # 30 December 23:00 in Shanghai
    journey.run_jobs()
    assert {visit["state"] for visit in journey.visits(draw["id"])} == {"planned", "checked_out"}
    clock.move(hours=1)
    journey.run_jobs()
    states = {visit["id"]: visit["state"] for visit in journey.visits(draw["id"])}
    assert states.pop(begun["id"]) == "checked_out", "officers were there: its record is to come"
    assert set(states.values()) == {"not_visited"}
    assert journey.call("dispatcher", "GET", f"/v1/draws/{draw['id']}").json()["state"] == "drawn"
    revealed = journey.call("dispatcher", "POST", f"/v1/draws/{draw['id']}/reveal", json={})
    assert revealed.json()["state"] == "revealed"


@pytest.mark.parametrize(("voided", "end"), [(False, "not_visited"), (True, "cancelled")])
def test_one_officer_alone_is_no_visit(journey: Journey, clock: Clock, *, voided: bool, end: str) -> None:
    """行政处罚法 art. 42, two officers: who waits in vain for the other has visited nobody."""
    journey.registers()
    draw = journey.drawn()
    begun = journey.visits(draw["id"])[0]
    clock.move(days=1)
    assert journey.work(journey.team(begun)[0], begun, "check-in").status_code == 200
    if voided:
        void(journey, draw["id"])
    states = {visit["id"]: visit["state"] for visit in journey.visits(draw["id"])}
    assert states.pop(begun["id"]) == "planned", "the other may still come"
    assert set(states.values()) == {"cancelled" if voided else "planned"}
    clock.move(days=59)
    journey.run_jobs()
    assert {visit["state"] for visit in journey.visits(draw["id"])} == {end}


def test_a_reveal_before_the_draw_is_a_wrong_state(journey: Journey, clock: Clock) -> None:
    """No result before entropy."""
    journey.registers()
    draw = journey.committed()
    clock.move(days=30)
    assert journey.call("dispatcher", "POST", f"/v1/draws/{draw['id']}/reveal", json={}).status_code == 409
    assert journey.call("dispatcher", "GET", f"/v1/draws/{draw['id']}/selection").status_code == 409


def test_one_draw_per_item_and_period_and_seq_without_gaps(journey: Journey) -> None:
    """DR1 section 3; a refused commit takes no number."""
    journey.registers()
    first = journey.committed()
    again = journey.call("planner", "POST", "/v1/draws", json={"draw_plan": journey.approved_plan()})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/already-drawn")
    other = journey.committed(period="2026-11.2")
    assert (other["seq"], other["plan"]["prev"]) == (2, first["commitment"])


def test_a_plan_is_committed_once_and_only_when_approved(journey: Journey) -> None:
    """States are enforced."""
    journey.registers()
    draft = journey.call("planner", "POST", "/v1/draw-plans", json=PLAN).json()["id"]
    early = journey.call("planner", "POST", "/v1/draws", json={"draw_plan": draft})
    assert (early.status_code, early.json()["type"]) == (409, "/problems/wrong-state")
    draw = journey.committed()
    twice = journey.call("planner", "POST", "/v1/draws", json={"draw_plan": draw["draw_plan"]})
    assert (twice.status_code, twice.json()["type"]) == (409, "/problems/wrong-state")


def test_of_two_simultaneous_commits_for_one_item_and_period_one_wins(journey: Journey) -> None:
    """Issue: two simultaneous commits for one item and period: one wins."""
    journey.registers()
    plans = [journey.approved_plan() for _ in range(4)]
    answers: list[int] = []

    def commit(plan: str) -> None:
        answers.append(journey.call("planner", "POST", "/v1/draws", json={"draw_plan": plan}).status_code)

    threads = [threading.Thread(target=commit, args=(plan,)) for plan in plans]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [201, 409, 409, 409]


def test_a_void_takes_two_people_and_publishes_the_would_be_list(journey: Journey, tmp_path: Path) -> None:
    """DR1 section 8: voiding publishes the public record too; then the period can be drawn again."""
    journey.registers()
    draw = journey.drawn()
    path = f"/v1/draws/{draw['id']}/void"
    assert journey.call("planner", "POST", path, json={"reason": "did-not-like-it"}).status_code == 422
    assert journey.call("approver", "POST", f"{path}/approve", json={}).status_code == 409
    asked = journey.call("planner", "POST", path, json={"reason": "roster-error"})
    assert asked.status_code == 200
    assert journey.call("planner", "POST", f"{path}/approve", json={}).status_code == 403
    voided = journey.call("approver", "POST", f"{path}/approve", json={})
    assert voided.json()["state"] == "voided"
    record = journey.call(None, "GET", f"/v1/public/draws/{draw['id']}/record.zip")
    checks = verified(record.content, tmp_path / "voided.zip", draw["commitment"])
    assert checks["selection"] == "ok"
    assert journey.committed()["seq"] == 2


def test_a_draw_voided_before_its_random_value_has_no_selection(journey: Journey, tmp_path: Path) -> None:
    """DR1 section 8: the record then lacks entropy, strata and selection."""
    journey.registers()
    draw = journey.committed()
    path = f"/v1/draws/{draw['id']}/void"
    journey.call("planner", "POST", path, json={"reason": "source-failure"})
    journey.call("approver", "POST", f"{path}/approve", json={})
    record = journey.call(None, "GET", f"/v1/public/draws/{draw['id']}/record.zip").content
    assert set(zipfile.ZipFile(io.BytesIO(record)).namelist()) == ENDED
    checks = verified(record, tmp_path / "voided.zip", draw["commitment"])
    assert (checks["lines"], checks["entropy"], checks["selection"]) == ("ok", "withheld", "withheld")


def test_too_few_places_make_the_draw_infeasible_with_a_certificate(journey: Journey) -> None:
    """DR1 section 6: the partial teams are evidence, the certificate proves the shortage."""
    journey.registers(inspectors=6, cap=1)
    drawn = journey.drawn()
    assert (drawn["state"], drawn["drawn"]) == ("infeasible", DRAWN)
    assert drawn["short"] > 0


def test_acts_on_draws_insist_on_an_idempotency_key_and_repeat_their_answer(journey: Journey) -> None:
    """Spec/api.md, Retry: the same key and body gives the same answer, another body 422."""
    journey.registers()
    plan = journey.approved_plan()
    bare = journey.client.post(
        "/v1/draws", json={"draw_plan": plan}, headers={"Authorization": f"Bearer {journey.keys['planner']}"}
    )
    assert (bare.status_code, bare.json()["type"]) == (400, "/problems/idempotency-key-required")
    key = {"Idempotency-Key": "commit-once"}
    first = journey.call("planner", "POST", "/v1/draws", json={"draw_plan": plan}, headers=key)
    again = journey.call("planner", "POST", "/v1/draws", json={"draw_plan": plan}, headers=key)
    assert (again.status_code, again.content) == (201, first.content)
    other = journey.call("planner", "POST", "/v1/draws", json={"draw_plan": "another"}, headers=key)
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-reused")


def test_another_county_sees_nothing_of_a_draw(journey: Journey) -> None:
    """Spec/api.md: unseen jurisdiction is 404."""
    journey.registers()
    draw = journey.committed()
    assert journey.call("elsewhere", "GET", f"/v1/draws/{draw['id']}").status_code == 404
    assert journey.call("elsewhere", "GET", "/v1/draws").json()["items"] == []


def test_draws_are_paged_by_link_and_counted_when_asked(journey: Journey) -> None:
    """Spec/api.md, Lists: keyset paging, `Link: rel=next`, absent on the last page."""
    journey.registers()
    for n in range(1, 4):
        journey.committed(period=f"2026-11.{n}")
    for path, who in (("/v1/draws", "planner"), ("/v1/public/draws", None)):
        for item, found in (("psb.venues", True), (f"{REGION}:psb.venues", True), ("venues", False)):
            answer = journey.call(who, "GET", path, params={"item": item}).json()
            assert bool(answer["items"]) == found, item
        first = journey.call(who, "GET", f"{path}?limit=2&count=true")
        assert ([d["seq"] for d in first.json()["items"]], first.json()["count"]) == ([3, 2], 3)
        last = journey.call(who, "GET", first.links["next"]["url"])
        assert last.status_code == 200, last.text
        assert [d["seq"] for d in last.json()["items"]] == [1]
        assert "next" not in last.links
        assert journey.call(who, "GET", f"{path}?cursor=nonsense").json()["type"] == "/problems/bad-cursor"


def test_an_entity_can_prove_its_place_in_the_drum(journey: Journey) -> None:
    """DR1 section 12: E and draws_left only after the reveal."""
    journey.registers()
    draw = journey.committed()
    entity = journey.call("registrar", "GET", "/v1/entities?limit=1").json()["items"][0]
    key = entity["uscc"]
    proof = journey.call("registrar", "GET", f"/v1/draws/{draw['id']}/proof", params={"entity": key}).json()
    assert proof["id"] == key
    assert proof["plan"] == draw["commitment"]
    assert "E" not in proof


def test_nobody_holds_a_record_back_by_asking_for_a_void_alone(journey: Journey, clock: Clock) -> None:
    """DR1 section 8: two people void; the public sees the request, an approver can reject it."""
    journey.registers()
    draw = journey.drawn()
    path = f"/v1/draws/{draw['id']}"
    clock.move(days=8)
    journey.call("planner", "POST", f"{path}/void", json={"reason": "law-change"})
    public = journey.call(None, "GET", f"/v1/public/draws/{draw['id']}").json()
    assert (public["void_reason"], public["void_requested_at"] is not None) == ("law-change", True)
    assert (
        journey.call("dispatcher", "POST", f"{path}/reveal", json={}).json()["type"]
        == "/problems/void-pending"
    )
    assert journey.call("planner", "POST", f"{path}/void/reject", json={}).status_code == 403
    rejected = journey.call("approver", "POST", f"{path}/void/reject", json={})
    clock.move(days=51)  # 31 December: what was not visited is closed as such
    assert (rejected.status_code, rejected.json()["void_reason"]) == (200, None)
    assert journey.call("approver", "POST", f"{path}/void/reject", json={}).status_code == 409
    assert journey.call("dispatcher", "POST", f"{path}/reveal", json={}).json()["state"] == "revealed"


def test_from_reveal_by_on_a_pending_void_holds_nothing_back(journey: Journey, clock: Clock) -> None:
    """DR1 section 3: the record is public by the end of `reveal_by`."""
    journey.registers()
    draw = journey.drawn()
    journey.call("planner", "POST", f"/v1/draws/{draw['id']}/void", json={"reason": "law-change"})
    clock.move(days=59)  # 31 December
    answer = journey.call("dispatcher", "POST", f"/v1/draws/{draw['id']}/reveal", json={})
    assert answer.json()["state"] == "revealed"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"source": "dice-1"}, "/value"),
        ({"source": "dice-1", "value": 7}, "/value"),
        ({"source": "dice-1", "value": "1", "by": "me"}, "/by"),
        ({"kind": "ceremony", "values": []}, "/values"),
    ],
)
def test_a_badly_shaped_value_is_named_by_its_pointer(
    journey: Journey, body: dict[str, object], pointer: str
) -> None:
    """Bad input says what to mend and changes nothing."""
    journey.registers()
    draw = journey.committed()
    answer = journey.call("witness", "POST", f"/v1/draws/{draw['id']}/entropy", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


def test_times_of_commitments_never_fall(journey: Journey, clock: Clock) -> None:
    """DR1 section 9: `at` never falls, whatever the clock does."""
    journey.registers()
    first = journey.committed()
    clock.move(hours=-1)
    second = journey.committed(period="2026-11.2")
    assert second["committed_at"] >= first["committed_at"]
