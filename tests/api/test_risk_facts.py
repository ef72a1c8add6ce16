"""Risk facts: corrected, withdrawn, with history; each ticket line names fact, basis, tickets, until when."""

from typing import Any

from httpx2 import Response

from tests.api.journey import Journey, made_up_uscc
from tests.conftest import Clock

ENTITY = made_up_uscc(1)


def _patch(journey: Journey, path: str, **members: Any) -> Response:
    tag = journey.call("registrar", "GET", path).headers["etag"]
    return journey.call("registrar", "PATCH", path, json=members, headers={"If-Match": tag})


def _lines(journey: Journey) -> list[dict[str, Any]]:
    query = {"item": "psb.venues"}
    found = journey.call("registrar", "GET", f"/v1/entities/{ENTITY}/tickets", params=query).json()
    lines: list[dict[str, Any]] = [line for line in found["lines"] if line["fact"] != "base"]
    return lines


def test_facts_are_corrected_and_withdrawn_and_frozen_draws_stay(journey: Journey, clock: Clock) -> None:
    """A wrong day, a wrong remedy, a penalty that was lifted: tickets follow, the committed draw does not."""
    journey.registers(entities=12)
    events = f"/v1/entities/{ENTITY}/risk-events"
    penalty = {"kind": "penalty", "on": "2026-05-10", "source_no": "罚〔2026〕7号"}
    hazard = {"kind": "hazard", "on": "2026-09-01", "source_no": "消〔2026〕1号"}
    paths = [
        journey.call("registrar", "POST", events, json=event).headers["location"]
        for event in (penalty, hazard)
    ]
    assert [
        (one["fact"], one["tickets"], one["on"], one["until"], one["source_no"]) for one in _lines(journey)
    ] == [
        ("hazard", 6, "2026-09-01", None, "消〔2026〕1号"),
        ("penalty", 3, "2026-05-10", "2028-05-09", "罚〔2026〕7号"),
    ]
    assert all(one["basis"].startswith("实施方案") for one in _lines(journey))
    draw = journey.committed()
    plan = journey.call(None, "GET", f"/v1/public/draws/{draw['id']}/plan.json").content
    clock.move(days=1)

    # What becomes known later needs no reason; to change what is on file does, and a stale tag is refused.
    assert _patch(journey, paths[1], remedied_on="2026-10-20").status_code == 200
    silent = _patch(journey, paths[1], remedied_on="2026-12-01")
    assert [(one["pointer"], one["code"]) for one in silent.json()["errors"]] == [
        ("/reason", "reason-needed")
    ]
    assert journey.call("registrar", "PATCH", paths[1], json={"remedied_on": None}).status_code == 428
    reopened = _patch(journey, paths[1], remedied_on=None, reason="复查未通过")
    assert (reopened.status_code, reopened.json()["remedied_on"]) == (200, None)
    assert [one["fact"] for one in _lines(journey)] == ["hazard", "penalty"]

    # A wrong day is corrected by another event; the wrong one stays on file and is not revived by a file.
    nothing = journey.call(
        "registrar", "POST", f"{paths[0]}/correct", json={"reason": "误", "on": "2026-05-10"}
    )
    assert (nothing.status_code, nothing.json()["errors"][0]["code"]) == (422, "nothing-to-correct")
    bad = journey.call("registrar", "POST", f"{paths[0]}/correct", json={"reason": "误", "kind": "rumour"})
    assert bad.status_code == 422
    right = journey.call(
        "registrar", "POST", f"{paths[0]}/correct", json={"reason": "日期有误", "on": "2024-05-10"}
    )
    assert (right.status_code, right.json()["on"], right.json()["source_no"]) == (
        201,
        "2024-05-10",
        "罚〔2026〕7号",
    )
    wrong = journey.call("registrar", "GET", paths[0]).json()
    assert (wrong["on"], wrong["withdrawn_because"]) == ("2026-05-10", "日期有误")
    assert [one["fact"] for one in _lines(journey)] == ["hazard"]  # 24 months from May 2024 are over
    again = journey.load("risk-events", [{"entity": ENTITY, **penalty}])
    assert again["result"] == {"created": 0, "updated": 0, "unchanged": 1, "rejected": 0}
    back = journey.call(
        "registrar",
        "POST",
        f"{right.headers['location']}/correct",
        json={"reason": "无误", "on": "2026-05-10"},
    )
    assert back.json()["type"] == "/problems/already-registered"

    # A withdrawn fact counts for nothing, is not touched again, and all of it is in the history.
    gone = journey.call("registrar", "POST", f"{paths[1]}/withdraw", json={"reason": "登记对象有误"})
    assert gone.status_code == 200
    late = journey.call("registrar", "POST", f"{paths[1]}/correct", json={"reason": "误", "on": "2026-09-02"})
    assert late.json()["type"] == "/problems/risk-event-withdrawn"
    assert _lines(journey) == []
    history = journey.call("registrar", "GET", f"/v1/entities/{ENTITY}/history").json()["items"]
    assert [(one["act"], one["reason"]) for one in history if one["register"] == "risk-events"] == [
        ("withdrawn", "登记对象有误"),
        ("corrected", "日期有误"),
        ("created", None),
        ("updated", "复查未通过"),
        ("updated", None),
        ("created", None),
        ("created", None),
    ]
    assert history[1]["after"]["corrected_by"] == right.json()["id"]

    # The draw that was frozen before has the tickets of that day.
    journey.give(draw["id"], "dice-1", "01234567890123456789")
    done = journey.give(draw["id"], "lottery", "03,09,17,21,28,33+06", who="witness-2")
    assert done.json()["state"] == "drawn"
    assert journey.call(None, "GET", f"/v1/public/draws/{draw['id']}/plan.json").content == plan
    proof = journey.call("auditor", "GET", f"/v1/draws/{draw['id']}/proof", params={"entity": ENTITY})
    assert proof.json()["leaf"].split("|")[3] == "11"
