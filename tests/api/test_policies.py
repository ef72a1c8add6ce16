"""Policies over HTTP: drafted, refused, approved by another, in force, withdrawn; frozen draws stay."""

import json
from hashlib import sha256
from typing import Any

import pytest
from httpx2 import Response

from app.deps import House, new_uuid7
from app.domain.access import Caller, Role
from app.services.access import create_key
from app.store.access import add_key
from tests.api.journey import PLAN, Journey
from tests.conftest import REGION, Clock
from tests.policy_documents import CLOCKS, POLICY, put

CAP = {
    "annual_cap": {
        "visits": 2,
        "published": True,
        "document_no": "濮县司法〔2026〕12号",
        "basis": "国办发〔2024〕54号；濮县司法〔2026〕12号",
    }
}
REASON = "本县公布了年度检查频次上限"


def _in_force(
    journey: Journey, on: str = "2026-11-02", *, region: str = REGION, code: str = "default"
) -> Any:
    answer = journey.call(
        "planner", "GET", "/v1/policies/in-force", params={"region": region, "on": on, "code": code}
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def _draft(journey: Journey, who: str = "planner", **given: Any) -> Response:
    return journey.call(who, "POST", "/v1/policies", json={"reason": REASON, **given})


def _changed(
    journey: Journey, changes: dict[str, Any], *, valid_from: str = "2026-11-03", **more: Any
) -> Response:
    base = _in_force(journey, valid_from)["digests"]["sha256"]
    given = {"based_on": base, "changes": changes, "region": REGION, "valid_from": valid_from}
    return _draft(journey, **given, **more)


def _act(journey: Journey, who: str, policy: str, act: str, **body: Any) -> Response:
    return journey.call(who, "POST", f"/v1/policies/{policy}/{act}", json=body)


def _faults(answer: Response) -> list[tuple[str, str]]:
    assert answer.status_code in {409, 422}, answer.text
    return [(one["pointer"], one["code"]) for one in answer.json()["errors"]]


def test_a_county_gives_itself_a_policy(journey: Journey, house: House, clock: Clock) -> None:
    """From the seeded version to the county's own: edited, approved by somebody else, public."""
    seeded = _in_force(journey)
    assert (seeded["version"], seeded["region"], seeded["id"], seeded["state"]) == (2, "", None, "approved")
    assert _in_force(journey, "2026-10-31")["in_force_to"] == "2026-10-31"
    made = _changed(journey, {"zero_tickets": CAP})
    assert made.status_code == 201, made.text
    draft = made.json()
    assert made.headers["location"] == f"/v1/policies/{draft['id']}"
    assert (draft["state"], draft["version"], draft["region"], draft["based_on"]) == (
        "draft",
        1,
        REGION,
        seeded["digests"]["sha256"],
    )
    assert draft["document"]["zero_tickets"]["annual_cap"] == {
        **POLICY["zero_tickets"]["annual_cap"],
        **CAP["annual_cap"],
    }
    assert draft["document"]["tickets"] == POLICY["tickets"]

    # Nobody outside the county sees a draft, and it is no policy yet.
    with house.database.unit_of_work() as session:
        journey.keys["far"], _ = create_key(
            session, new_id=new_uuid7(), role="planner", region="32", name=None, now=clock()
        )
    at = f"/v1/policies/{draft['id']}"
    digest = draft["digests"]["sha256"]
    assert journey.call("far", "GET", at).status_code == 404
    assert journey.call(None, "GET", f"/v1/public/policies/{digest}").status_code == 404
    listed = {who: journey.call(who, "GET", "/v1/policies").json()["items"] for who in ("far", "supervisor")}
    assert [(one["code"], one["version"]) for one in listed["far"]] == [
        *(("clocks", 1), ("clocks", 2), ("clocks", 3)),
        *(("default", 1), ("default", 2)),
    ]
    assert [one["id"] for one in listed["supervisor"]] == [None] * 5 + [draft["id"]]
    assert _act(journey, "planner", draft["id"], "approve").status_code == 403

    # It is edited by who has seen it, and approved by somebody who neither drafted nor edited it.
    assert journey.call("planner-2", "PATCH", at, json={}).status_code == 428
    tag = journey.call("planner-2", "GET", at).headers["etag"]
    edit = {"document": {"zero_tickets": {"cooldown": {"days": 20}}, "valid_to": "2026-12-31"}}
    edited = journey.call("planner-2", "PATCH", at, json=edit, headers={"If-Match": tag})
    assert edited.status_code == 200, edited.text
    assert (edited.json()["valid_to"], edited.json()["reason"]) == ("2026-12-31", REASON)
    assert edited.json()["edited_by"] != edited.json()["drafted_by"]
    stale = journey.call("planner-2", "PATCH", at, json=edit, headers={"If-Match": tag})
    assert stale.status_code == 412
    for ends in (None, "2026-12-31"):
        tag = journey.call("planner-2", "GET", at).headers["etag"]
        given = {"document": {"valid_to": ends}}
        edited = journey.call("planner-2", "PATCH", at, json=given, headers={"If-Match": tag})
        assert (edited.status_code, edited.json()["valid_to"]) == (200, ends)
    approved = _act(journey, "approver", draft["id"], "approve")
    assert approved.status_code == 200, approved.text
    assert (approved.json()["state"], approved.json()["in_force_to"]) == ("approved", "2026-12-31")
    assert _refused(_act(journey, "approver", draft["id"], "approve")) == "/problems/wrong-state"
    tag = journey.call("planner", "GET", at).headers["etag"]
    frozen = journey.call("planner", "PATCH", at, json=edit, headers={"If-Match": tag})
    assert frozen.json()["type"] == "/problems/wrong-state"

    _is_public_and_in_force(journey, approved.json(), seeded)


def _is_public_and_in_force(journey: Journey, approved: dict[str, Any], seeded: dict[str, Any]) -> None:
    """Public with its digests, in force from its day on, and only there."""
    digests = approved["digests"]
    text = json.dumps(approved["document"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert digests["sha256"] == sha256(text.encode()).hexdigest()
    public = journey.call(None, "GET", f"/v1/public/policies/{digests['sm3']}").json()
    assert public["document"] == approved["document"]
    assert "drafted_by" not in public
    assert (
        public in journey.call(None, "GET", "/v1/public/policies", params={"code": "default"}).json()["items"]
    )
    assert [_in_force(journey, day)["digests"] == digests for day in ("2026-11-02", "2026-11-03")] == [
        False,
        True,
    ]
    assert _in_force(journey, "2026-11-03", region="410900")["digests"] == seeded["digests"]
    assert _in_force(journey, "2027-01-01")["digests"] == seeded["digests"]


def test_a_county_takes_its_policy_back(journey: Journey, clock: Clock) -> None:
    """A newer version ends the older; two people withdraw what was approved, one withdraws a draft."""
    seeded = _in_force(journey)
    draft = _changed(journey, {"zero_tickets": CAP}, valid_to="2026-12-31").json()
    at, digests = f"/v1/policies/{draft['id']}", draft["digests"]
    assert _act(journey, "approver", draft["id"], "approve").status_code == 200

    # A newer version ends it; two people take that back before it begins, and the older one goes on.
    newer = _changed(journey, {"tickets": {"base": {"tickets": 3}}}, valid_from="2026-11-20").json()
    assert (newer["version"], newer["based_on"]) == (2, digests["sha256"])
    assert _act(journey, "approver", newer["id"], "approve").status_code == 200
    assert journey.call("planner", "GET", at).json()["in_force_to"] == "2026-11-19"
    assert _refused(_act(journey, "approver", newer["id"], "withdraw/approve")) == "/problems/wrong-state"
    asked = _act(journey, "planner", newer["id"], "withdraw", reason="上限另行公布")
    assert (asked.json()["state"], asked.json()["withdrawal_reason"]) == ("approved", "上限另行公布")
    assert (
        _refused(_act(journey, "planner", newer["id"], "withdraw", reason="再次")) == "/problems/wrong-state"
    )
    taken = _act(journey, "approver", newer["id"], "withdraw/approve").json()
    assert (taken["state"], taken["in_force_to"]) == ("withdrawn", "2026-11-19")
    assert _in_force(journey, "2026-11-20")["digests"] == digests
    assert journey.call(None, "GET", f"/v1/public/policies/{newer['digests']['sha256']}").status_code == 200

    # Withdrawn while it holds, it holds through the day; then the wider region's is in force again.
    clock.move(days=5)
    assert _act(journey, "planner", draft["id"], "withdraw", reason="上级已有规定").status_code == 200
    ended = _act(journey, "approver", draft["id"], "withdraw/approve").json()
    assert (ended["state"], ended["in_force_to"]) == ("withdrawn", "2026-11-07")
    assert _in_force(journey, "2026-11-07")["digests"] == digests
    assert _in_force(journey, "2026-11-08")["digests"] == seeded["digests"]

    # Drafts are withdrawn by one; numbers are never given twice. The list comes in pages.
    dropped = _changed(journey, {"tickets": {"base": {"tickets": 4}}}, valid_from="2026-12-01").json()
    assert dropped["version"] == 3
    assert (
        _act(journey, "planner-2", dropped["id"], "withdraw", reason="不再需要").json()["state"]
        == "withdrawn"
    )
    assert (
        _changed(journey, {"tickets": {"base": {"tickets": 4}}}, valid_from="2026-12-01").json()["version"]
        == 4
    )
    whole = journey.call("planner", "GET", "/v1/policies", params={"count": True}).json()
    assert whole["count"] == len(whole["items"]) == 9
    first = journey.call("planner", "GET", "/v1/policies", params={"limit": 5})
    rest = journey.call("planner", "GET", first.links["next"]["url"])
    assert first.json()["items"] + rest.json()["items"] == whole["items"]
    assert "next" not in rest.links
    drafts = journey.call("planner", "GET", "/v1/policies", params={"state": "draft"}).json()["items"]
    assert [one["version"] for one in drafts] == [4]


def _refused(answer: Response) -> str:
    assert answer.status_code == 409, answer.text
    found: str = answer.json()["type"]
    return found


@pytest.mark.usefixtures("clock")
def test_what_is_wrong_with_a_draft_is_said_and_changes_nothing(journey: Journey, house: House) -> None:
    """Pointers into the request, in both languages; no draft is left behind."""
    both = Caller(id=new_uuid7(), name="both", roles=frozenset({Role.PLANNER, Role.APPROVER}), region=REGION)
    journey.keys["both"] = "dr_both"
    with house.database.unit_of_work() as session:
        add_key(session, caller=both, key_sha256=sha256(b"dr_both").hexdigest(), at=house.clock())
    document = POLICY | {"region": REGION, "version": 1, "valid_from": "2026-11-03"}
    base = _in_force(journey)["digests"]["sha256"]
    patch = {"based_on": base, "changes": {}, "region": REGION, "valid_from": "2026-11-03"}

    assert _faults(_draft(journey)) == [
        (f"/{name}", "missing") for name in ("based_on", "changes", "region", "valid_from")
    ]
    assert _faults(_draft(journey, document=document, region=REGION)) == [("/region", "extra-forbidden")]
    assert _faults(_draft(journey, document=put(document, "/tickets/base/tickets", 65))) == [
        ("/document/tickets/base/tickets", "not-in-range")
    ]
    assert _faults(_draft(journey, document=put(document, "/code", "frequency"))) == [
        ("/document/code", "unknown-value")
    ]
    assert _faults(_draft(journey, document={})) != []
    assert _faults(_draft(journey, document=document | {"version": 2})) == [
        ("/document/version", "not-the-next")
    ]
    assert _faults(_draft(journey, document=document | {"valid_from": "2026-11-02"})) == [
        ("/document/valid_from", "begins-too-early")
    ]
    assert _draft(journey, document=document | {"region": "320102"}).status_code == 404
    cap = {"zero_tickets": {"annual_cap": {"visits": 2, "basis": None}}}
    assert _faults(_draft(journey, **patch | {"changes": cap})) == [
        ("/changes/zero_tickets/annual_cap/basis", "no-basis")
    ]
    assert _faults(_draft(journey, **patch | {"changes": {"version": 9}})) == [
        ("/changes/version", "extra-forbidden")
    ]
    assert _faults(_draft(journey, **patch | {"valid_from": "2026-11-02"})) == [
        ("/valid_from", "begins-too-early")
    ]
    assert _faults(_draft(journey, **patch, valid_to="2026-11-01")) == [("/valid_to", "ends-before-start")]
    assert _draft(journey, **patch | {"region": "320102"}).status_code == 404
    assert _draft(journey, **patch | {"based_on": "0" * 64}).status_code == 404
    older = _in_force(journey, "2026-10-31")["digests"]["sha256"]
    other = _draft(journey, **patch | {"based_on": older})
    assert (other.json()["type"], base in other.json()["detail"]) == ("/problems/policy-base-changed", True)
    assert journey.call("planner", "GET", "/v1/policies", params={"state": "draft"}).json()["items"] == []

    own = _draft(journey, "both", document=document).json()
    assert _act(journey, "both", own["id"], "approve").json()["type"] == "/problems/own-policy"
    at = f"/v1/policies/{own['id']}"
    tag = journey.call("planner", "GET", at).headers["etag"]
    for change, fault in [
        ({"region": "410900"}, ("/document/region", "fixed-in-draft")),
        ({"tickets": None}, ("/document/tickets", "missing")),
        ({"valid_from": "2026-11-01"}, ("/document/valid_from", "begins-too-early")),
    ]:
        refused = journey.call("planner", "PATCH", at, json={"document": change}, headers={"If-Match": tag})
        assert _faults(refused) == [fault]
    assert journey.call("planner", "GET", at).headers["etag"] == tag

    # What a patch was made of must still be what would hold when it is approved; and not too late.
    one, two = (_draft(journey, "both", **patch).json() for _ in range(2))
    assert _act(journey, "approver", one["id"], "approve").status_code == 200
    assert _act(journey, "approver", two["id"], "approve").json()["type"] == "/problems/policy-base-changed"
    asked = _act(journey, "both", one["id"], "withdraw", reason="误")
    assert asked.status_code == 200
    assert _act(journey, "both", one["id"], "withdraw/approve").json()["type"] == "/problems/own-request"
    house.clock.move(days=1)  # type: ignore[attr-defined]  # the tests' clock
    assert _faults(_act(journey, "approver", own["id"], "approve")) == [("/valid_from", "begins-too-early")]


def test_a_change_of_policy_never_changes_a_frozen_draw(journey: Journey, clock: Clock) -> None:
    """Commit, change the policy, draw: the committed bytes, and the record's policy resolves for ever."""
    journey.registers(entities=12)
    draw = journey.committed()
    plan = journey.call(None, "GET", f"/v1/public/draws/{draw['id']}/plan.json").content
    named = json.loads(plan)["policy"]
    before = _in_force(journey)
    assert named == before["digests"]["sha256"]
    made = _changed(journey, {"tickets": {"base": {"tickets": 9}}, "zero_tickets": CAP}).json()
    assert _act(journey, "approver", made["id"], "approve").status_code == 200
    clock.move(days=1)
    assert _in_force(journey, "2026-11-03")["digests"] == made["digests"]
    journey.give(draw["id"], "dice-1", "01234567890123456789")
    drawn = journey.give(draw["id"], "lottery", "03,09,17,21,28,33+06", who="witness-2")
    assert drawn.json()["state"] == "drawn"
    assert journey.call(None, "GET", f"/v1/public/draws/{draw['id']}/plan.json").content == plan
    resolved = journey.call(None, "GET", f"/v1/public/policies/{named}").json()
    assert resolved["document"] == before["document"]
    # The next plan carries the new policy, and an entity's tickets count by it from today on.
    following = journey.call("planner", "POST", "/v1/draw-plans", json=_next_plan()).json()
    assert following["policy"] == made["digests"]["sha256"]
    assert _act(journey, "planner", made["id"], "withdraw", reason="误").status_code == 200
    assert _act(journey, "approver", made["id"], "withdraw/approve").status_code == 200
    kept = journey.call(None, "GET", f"/v1/public/policies/{following['policy']}").json()
    assert (kept["state"], kept["digests"]) == ("withdrawn", made["digests"])


def _next_plan() -> dict[str, Any]:
    return {**PLAN, "period": "2026-11.2", "visit_from": "2026-11-11", "visit_to": "2026-11-20"}


def test_no_plan_is_approved_without_a_word_on_the_annual_cap(journey: Journey, clock: Clock) -> None:
    """国办发〔2024〕54号: a published cap, or a recorded «none published»."""
    journey.registers(entities=12)
    silent = _changed(journey, {"zero_tickets": {"annual_cap": None}})
    assert silent.status_code == 201, silent.text
    assert _act(journey, "approver", silent.json()["id"], "approve").status_code == 200
    clock.move(days=1)
    plan = journey.call("planner", "POST", "/v1/draw-plans", json=_next_plan()).json()["id"]
    refused = journey.call("approver", "POST", f"/v1/draw-plans/{plan}/approve", json={})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/annual-cap-missing")
    none = {"annual_cap": POLICY["zero_tickets"]["annual_cap"]}
    recorded = _changed(journey, {"zero_tickets": none}, valid_from="2026-11-04").json()
    assert _act(journey, "approver", recorded["id"], "approve").status_code == 200
    clock.move(days=1)
    at = f"/v1/draw-plans/{plan}"
    tag = journey.call("planner", "GET", at).headers["etag"]
    saved = journey.call("planner", "PATCH", at, json={}, headers={"If-Match": tag})
    assert saved.json()["policy"] == recorded["digests"]["sha256"]
    assert journey.call("approver", "POST", f"{at}/approve", json={}).status_code == 200


def test_clocks_are_versioned_alike(journey: Journey, clock: Clock) -> None:
    """A county that publishes sooner: from its day on, deadlines count by its clocks."""
    base = _in_force(journey, "2026-11-03", code="clocks")
    assert base["document"] == CLOCKS
    made = _draft(
        journey,
        based_on=base["digests"]["sm3"],
        changes={"result": {"working_days": 10, "basis": "本县规定", "source": "default"}},
        region=REGION,
        valid_from="2026-11-03",
    )
    assert made.status_code == 201, made.text
    assert _act(journey, "approver", made.json()["id"], "approve").status_code == 200
    found = [_in_force(journey, day, code="clocks") for day in ("2026-11-02", "2026-11-03")]
    assert [one["document"]["result"]["working_days"] for one in found] == [20, 10]
    journey.registers(entities=12)
    draw = journey.drawn()
    clock.move(days=1)
    visit = journey.visits(draw["id"])[0]
    journey.go(visit)
    journey.submit_clean(visit)
    [publication] = journey.call("supervisor", "GET", "/v1/publications").json()["items"]
    assert publication["due_on"] == "2026-11-17"
