"""A request to withdraw what is in force is granted or declined by another; declined, nothing changes."""

from hashlib import sha256
from typing import Any

import pytest
from httpx2 import Response
from sqlmodel import col, select

from app.deps import House, new_uuid7
from app.domain.access import Caller, Role
from app.store.access import add_key
from app.store.tables.access import AuditEvent
from tests.api.journey import Journey
from tests.conftest import REGION, Clock

CHANGES = {"tickets": {"base": {"tickets": 3}}}


@pytest.fixture
def others(journey: Journey, house: House) -> None:
    """Somebody who may ask and decide, and an approver of another county."""
    both, far = frozenset({Role.PLANNER, Role.APPROVER}), frozenset({Role.APPROVER})
    with house.database.unit_of_work() as session:
        for name, roles, region in (("both", both, REGION), ("elsewhere-approver", far, "320102")):
            journey.keys[name] = f"dr_{name}"
            caller = Caller(id=new_uuid7(), name=name, roles=roles, region=region)
            digest = sha256(f"dr_{name}".encode()).hexdigest()
            add_key(session, caller=caller, key_sha256=digest, at=house.clock())


def _approved(journey: Journey) -> str:
    """The county's own policy, approved, from tomorrow on."""
    base = journey.call(
        "planner", "GET", "/v1/policies/in-force", params={"region": REGION, "on": "2026-11-03"}
    ).json()["digests"]["sha256"]
    draft = {"based_on": base, "changes": CHANGES, "region": REGION, "valid_from": "2026-11-03"}
    made = journey.call("planner", "POST", "/v1/policies", json={"reason": "本县试行", **draft})
    assert made.status_code == 201, made.text
    policy: str = made.json()["id"]
    assert _act(journey, "approver", policy, "approve").status_code == 200
    return policy


def _act(journey: Journey, who: str, policy: str, act: str, **body: Any) -> Response:
    return journey.call(who, "POST", f"/v1/policies/{policy}/{act}", json=body)


def _read(journey: Journey, policy: str) -> Any:
    return journey.call("supervisor", "GET", f"/v1/policies/{policy}").json()


def test_a_declined_withdrawal_leaves_the_policy_in_force_and_is_on_file(
    journey: Journey, house: House, clock: Clock
) -> None:
    """Asked for, declined with a reason, asked for again, granted: every step shows, and who did it."""
    policy = _approved(journey)
    before = _read(journey, policy)
    assert before["declined_withdrawals"] == []
    clock.move(days=2)
    assert _act(journey, "planner", policy, "withdraw", reason="拟恢复旧规定").status_code == 200
    asked = _read(journey, policy)
    clock.move(hours=3)
    declined = _act(journey, "approver", policy, "withdraw/decline", reason="试行未满一年")
    assert declined.status_code == 200, declined.text
    now = declined.json()
    assert now == _read(journey, policy)
    (request,) = now.pop("declined_withdrawals")
    before.pop("declined_withdrawals")
    assert now == before  # in force as if nobody had asked
    assert request == {
        "asked_by": asked["withdrawal_asked_by"],
        "asked_at": "2026-11-04T01:00:00Z",
        "reason": "拟恢复旧规定",
        "declined_by": before["approved_by"],
        "declined_at": "2026-11-04T04:00:00Z",
        "because": "试行未满一年",
    }
    in_force = journey.call("planner", "GET", "/v1/policies/in-force", params={"region": REGION}).json()
    assert in_force["id"] == policy
    with house.database.reading() as connection:
        (detail,) = connection.scalars(
            select(col(AuditEvent.detail)).where(
                col(AuditEvent.act) == "policies.decline-withdrawal", col(AuditEvent.subject) == policy
            )
        )
    assert (detail["reason"], detail["asked_by"]) == ("试行未满一年", request["asked_by"])
    public = journey.call(None, "GET", f"/v1/public/policies/{before['digests']['sha256']}").json()
    assert "declined_withdrawals" not in public

    # Another request may follow, and be granted or declined; those before stay on file.
    for _ in range(2):
        assert _act(journey, "planner-2", policy, "withdraw", reason="再次申请").status_code == 200
        _act(journey, "approver-2", policy, "withdraw/decline", reason="理由同前")
    assert [one["because"] for one in _read(journey, policy)["declined_withdrawals"]] == [
        "试行未满一年",
        "理由同前",
        "理由同前",
    ]
    assert _act(journey, "planner", policy, "withdraw", reason="已有新规定").status_code == 200
    ended = _act(journey, "approver", policy, "withdraw/approve").json()
    assert (ended["state"], len(ended["declined_withdrawals"])) == ("withdrawn", 3)


_REFUSED: tuple[tuple[str, dict[str, str], tuple[int, str]], ...] = (
    ("both", {"reason": "自己的申请"}, (403, "/problems/own-request")),
    ("planner-2", {"reason": "无权"}, (403, "/problems/not-allowed")),
    ("elsewhere-approver", {"reason": "外地"}, (404, "/problems/not-found")),
    ("approver", {}, (422, "/problems/malformed")),
    ("approver", {"reason": "  "}, (422, "/problems/malformed")),
)


@pytest.mark.usefixtures("others")
def test_who_may_decline_what(journey: Journey) -> None:
    """Somebody of the region other than who asked, with a reason, and only what was asked for."""
    policy = _approved(journey)
    early = _act(journey, "approver", policy, "withdraw/decline", reason="无此申请")
    assert (early.status_code, early.json()["type"]) == (409, "/problems/wrong-state")
    assert _act(journey, "both", policy, "withdraw", reason="误").status_code == 200
    before = _read(journey, policy)
    for who, body, problem in _REFUSED:
        refused = _act(journey, who, policy, "withdraw/decline", **body)
        assert (refused.status_code, refused.json()["type"]) == problem
        assert _read(journey, policy) == before
