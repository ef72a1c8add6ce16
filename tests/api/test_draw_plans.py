"""Draw plans over HTTP: drafting, refusals, editing, approval by another, on both databases."""

from hashlib import sha256
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.deps import House, new_uuid7
from app.domain.access import ACTS, Caller, Role
from app.services.access import create_key
from app.store.access import add_key
from tests.planning_county import add_officers, add_venues, plan_body


def _as(keys: dict[str, str], who: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {keys[who]}"}


def _draft(client: TestClient, keys: dict[str, str], **changes: Any) -> dict[str, Any]:
    answer = client.post("/v1/draw-plans", json=plan_body(**changes), headers=_as(keys, "planner"))
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"/v1/draw-plans/{made['id']}"
    return made


@pytest.fixture
def county(house: House) -> None:
    """Twelve venues, four leads and four members."""
    add_venues(house, 12)
    add_officers(house)


@pytest.mark.usefixtures("county")
def test_a_plan_is_drafted_read_listed_and_approved_by_another(
    client: TestClient, keys: dict[str, str]
) -> None:
    """The main journey of spec/api.md up to the approval."""
    made = _draft(client, keys)
    assert made["state"] == "draft"
    asked = plan_body()
    assert {name: made[name] for name in asked} == asked
    read = client.get(f"/v1/draw-plans/{made['id']}", headers=_as(keys, "approver"))
    assert read.json() == made
    assert client.get("/v1/draw-plans?period=2026-11.2", headers=_as(keys, "witness")).json()["items"] == [
        made
    ]
    assert client.get("/v1/draw-plans?state=approved", headers=_as(keys, "witness")).json()["items"] == []
    approved = client.post(f"/v1/draw-plans/{made['id']}/approve", headers=_as(keys, "approver"))
    assert approved.status_code == 200, approved.text
    assert approved.json()["state"] == "approved"
    again = client.post(f"/v1/draw-plans/{made['id']}/approve", headers=_as(keys, "approver-2"))
    assert again.status_code == 409
    assert again.json()["type"] == "/problems/wrong-state"


def test_what_is_left_out_comes_from_item_and_policy(client: TestClient, keys: dict[str, str]) -> None:
    """`strata` may be left out; so may scope, slots and alg."""
    body = plan_body()
    for name in ("strata", "scope", "slots"):
        del body[name]
    made = client.post("/v1/draw-plans", json=body, headers=_as(keys, "planner")).json()
    assert made["strata"] is None
    assert made["scope"] == {"regimes": [], "levels": [], "stations": []}
    assert made["slots"] == [["agency:psb", "role:lead"], ["agency:psb"]]
    assert made["alg"] == "sha256"


def test_a_plan_may_use_drand_and_sm3(client: TestClient, keys: dict[str, str]) -> None:
    """`{"kind":"drand"}` without a round leaves it to the commitment; chain and round may be named."""
    assert _draft(client, keys, entropy={"kind": "drand"}, alg="sm3")["entropy"] == {"kind": "drand"}
    named = {"kind": "drand", "chain": "ab" * 32, "round": 7}
    assert _draft(client, keys, entropy=named)["entropy"] == named


MALFORMED: list[tuple[dict[str, Any], str, str]] = [
    ({"period": "2026 11"}, "/period", "bad-token"),
    ({"period": "-"}, "/period", "bad-token"),
    ({"region": "41092"}, "/region", "bad-region-code"),
    ({"item": "psb.nothing"}, "/item", "unknown-value"),
    ({"alg": "md5"}, "/alg", "literal-error"),
    ({"scope": {"regimes": ["bars"]}}, "/scope/regimes/0", "unknown-value"),
    ({"scope": {"levels": [4]}}, "/scope/levels/0", "unknown-value"),
    ({"scope": {"stations": ["5"]}}, "/scope/stations/0", "bad-station-code"),
    ({"scope": {"level": [1]}}, "/scope/level", "extra-forbidden"),
    ({"slots": [["agency:psb,role:lead"], []]}, "/slots/0/0", "bad-token"),
    ({"slots": [[]] * 17}, "/slots", "too-many-slots"),
    ({"entropy": {"kind": "dice"}}, "/entropy/kind", "literal-error"),
    ({"entropy": {"kind": "ceremony"}}, "/entropy/sources", "missing"),
    ({"entropy": {"kind": "drand", "sources": []}}, "/entropy/sources", "extra-forbidden"),
    ({"entropy": {"kind": "drand", "chain": "AB"}}, "/entropy/chain", "bad-chain-hash"),
    ({"entropy": {"kind": "drand", "round": 0}}, "/entropy/round", "bad-round"),
    ({"visit_to": "2026-02-30"}, "/visit_to", "date-from-datetime-parsing"),
    ({"surplus": 1}, "/surplus", "extra-forbidden"),
]


@pytest.mark.parametrize(("change", "pointer", "code"), MALFORMED)
def test_a_malformed_value_is_422_and_named_by_pointer(
    client: TestClient, keys: dict[str, str], change: dict[str, Any], pointer: str, code: str
) -> None:
    """RFC 9457 with JSON Pointers; nothing was made."""
    answer = client.post("/v1/draw-plans", json=plan_body(**change), headers=_as(keys, "planner"))
    assert answer.status_code == 422, answer.text
    assert (pointer, code) in [(e["pointer"], e["code"]) for e in answer.json()["errors"]]
    assert client.get("/v1/draw-plans", headers=_as(keys, "planner")).json()["items"] == []


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"name": "a b"}, "/strata/0/name"),
        ({"rate": [2, 1]}, "/strata/0/rate"),
        ({"rate": [1, 10001]}, "/strata/0/rate"),
        ({"rate": [0, 0]}, "/strata/0/rate"),
        ({"rate": [1]}, "/strata/0/rate"),
        ({"min": -1}, "/strata/0/min"),
        ({"surprise": 1_000_001}, "/strata/0/surprise"),
        ({"match": {"regime": "bars"}}, "/strata/0/match/regime"),
        ({"match": {"level": 9}}, "/strata/0/match/level"),
    ],
)
def test_a_stratum_out_of_dr1s_bounds_is_422(
    client: TestClient, keys: dict[str, str], change: dict[str, Any], pointer: str
) -> None:
    """DR1 section 3: 0 <= p <= q, 1 <= q <= 10000, min and surprise 0 to 1000000."""
    stratum = plan_body()["strata"][0] | change
    answer = client.post("/v1/draw-plans", json=plan_body(strata=[stratum]), headers=_as(keys, "planner"))
    assert answer.status_code == 422, answer.text
    assert pointer in [e["pointer"] for e in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("sources", "pointer", "code"),
    [
        ([{"name": "dice", "format": "digits:19"}], "/entropy/sources", "few-outcomes"),
        ([], "/entropy/sources", "few-outcomes"),
        ([{"name": "dice", "format": "dice:20"}], "/entropy/sources/0/format", "bad-format"),
        ([{"name": "a b", "format": "digits:20"}], "/entropy/sources/0/name", "bad-token"),
        (
            [{"name": "dice", "format": "digits:20"}, {"name": "dice", "format": "hex:9"}],
            "/entropy/sources/1/name",
            "duplicate-name",
        ),
    ],
)
def test_a_ceremony_without_enough_outcomes_or_clear_sources_is_refused(
    client: TestClient, keys: dict[str, str], sources: list[dict[str, str]], pointer: str, code: str
) -> None:
    """DR1 section 4: all outcomes multiplied are at least 2^64; 10^19 is not, 10^20 is. Names are unique."""
    body = plan_body(entropy={"kind": "ceremony", "sources": sources})
    answer = client.post("/v1/draw-plans", json=body, headers=_as(keys, "planner"))
    assert answer.status_code == 422
    assert (pointer, code) in [(e["pointer"], e["code"]) for e in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"visit_from": "2026-11-21"}, "/visit_to", "visits-end-early"),
        ({"reveal_by": "2026-11-20"}, "/reveal_by", "reveal-out-of-time"),
        ({"reveal_by": "2027-05-20"}, "/reveal_by", "reveal-out-of-time"),
        ({"slots": [["agency:psb", "role:lead"]]}, "/slots", "too-few-places"),
        ({"slots": []}, "/slots", "single-random-refused"),
        ({"scope": {"regimes": ["fire_unit"]}}, "/scope/regimes/0", "regime-of-other-item"),
    ],
)
def test_a_plan_that_breaks_a_rule_is_409_and_names_the_field(
    client: TestClient, keys: dict[str, str], change: dict[str, Any], pointer: str, code: str
) -> None:
    """Clocks: visit_to < reveal_by <= visit_to + 180 days; two officers (art. 42); single-random (M9)."""
    answer = client.post("/v1/draw-plans", json=plan_body(**change), headers=_as(keys, "planner"))
    assert answer.status_code == 409, answer.text
    assert (pointer, code) in [(e["pointer"], e["code"]) for e in answer.json()["errors"]]


def test_the_last_permitted_reveal_is_the_180th_day_after_the_visits(
    client: TestClient, keys: dict[str, str]
) -> None:
    """2026-11-20 + 180 days = 2027-05-19: ten of November, then 31, 31, 28, 31, 30 and 19 of May."""
    assert _draft(client, keys, reveal_by="2027-05-19")["reveal_by"] == "2027-05-19"


def test_internet_cafes_may_be_drawn_without_inspectors(client: TestClient, keys: dict[str, str]) -> None:
    """Clause M9: single-random is possible for cafes only."""
    made = _draft(client, keys, item="psb.internet-cafes", slots=[], strata=None)
    assert made["slots"] == []


def test_venues_and_special_industries_may_be_drawn_together(
    client: TestClient, keys: dict[str, str]
) -> None:
    """Clause I1 covers both with the same eight contents."""
    both = {"regimes": ["entertainment", "special_industry"], "levels": [], "stations": []}
    assert _draft(client, keys, scope=both)["scope"] == both


def test_a_region_out_of_sight_is_missing(client: TestClient, keys: dict[str, str]) -> None:
    """Unseen jurisdiction is 404, also when the region merely contains the caller's."""
    for region in ("320102", "4109"):
        answer = client.post("/v1/draw-plans", json=plan_body(region=region), headers=_as(keys, "planner"))
        assert answer.status_code == 404


def test_a_plan_of_another_region_cannot_be_read_or_approved(
    client: TestClient, keys: dict[str, str], house: House
) -> None:
    """Nothing outside the prefix is visible."""
    made = _draft(client, keys)
    with house.database.unit_of_work() as session:
        for role in ("approver", "planner"):
            keys[f"far-{role}"], _ = create_key(
                session, new_id=new_uuid7(), role=role, region="32", name=None, now=house.clock()
            )
    at = f"/v1/draw-plans/{made['id']}"
    for path in (at, f"{at}/preflight"):
        assert client.get(path, headers=_as(keys, "far-planner")).status_code == 404
    assert client.post(f"{at}/approve", headers=_as(keys, "far-approver")).status_code == 404
    assert client.get("/v1/draw-plans", headers=_as(keys, "far-planner")).json()["items"] == []


@pytest.mark.usefixtures("county")
def test_nobody_approves_a_plan_that_they_drafted_or_edited_last(
    client: TestClient, keys: dict[str, str], house: House
) -> None:
    """Separation of duties, for a caller who holds both roles."""
    both = Caller(
        id=new_uuid7(), name="both", roles=frozenset({Role.PLANNER, Role.APPROVER}), region="410928"
    )
    keys["both"] = "dr_both"
    with house.database.unit_of_work() as session:
        add_key(session, caller=both, key_sha256=sha256(b"dr_both").hexdigest(), at=house.clock())
    made = client.post("/v1/draw-plans", json=plan_body(), headers=_as(keys, "both")).json()
    own = client.post(f"/v1/draw-plans/{made['id']}/approve", headers=_as(keys, "both"))
    assert own.status_code == 403
    assert own.json()["type"] == "/problems/own-plan"
    other = _draft(client, keys)
    at = f"/v1/draw-plans/{other['id']}"
    tag = client.get(at, headers=_as(keys, "both")).headers["etag"]
    edited = client.patch(at, json={"period": "2026-11.3"}, headers=_as(keys, "both") | {"If-Match": tag})
    assert edited.status_code == 200, edited.text
    assert client.post(f"{at}/approve", headers=_as(keys, "both")).status_code == 403
    assert client.post(f"{at}/approve", headers=_as(keys, "approver")).status_code == 200


@pytest.mark.usefixtures("county")
def test_a_draft_is_edited_by_merge_patch_under_if_match(client: TestClient, keys: dict[str, str]) -> None:
    """RFC 7396 and RFC 9110: 428 without If-Match, 412 when stale, 409 when approved, 422 when malformed."""
    made = _draft(client, keys)
    at, planner = f"/v1/draw-plans/{made['id']}", _as(keys, "planner-2")
    tag = client.get(at, headers=planner).headers["etag"]
    assert client.patch(at, json={"period": "x"}, headers=planner).status_code == 428
    bad = client.patch(at, json={"visit_to": "soon"}, headers=planner | {"If-Match": tag})
    assert bad.status_code == 422
    assert bad.json()["errors"][0]["pointer"] == "/visit_to"
    missing = client.patch(at, json={"entropy": None}, headers=planner | {"If-Match": tag})
    assert [(e["pointer"], e["code"]) for e in missing.json()["errors"]] == [("/entropy", "missing")]
    patch = {"scope": {"levels": [3]}, "strata": None}
    edited = client.patch(at, json=patch, headers=planner | {"If-Match": tag})
    assert edited.status_code == 200, edited.text
    assert edited.json()["scope"] == {"regimes": [], "levels": [3], "stations": []}
    assert edited.json()["strata"] is None
    assert edited.json()["edited_by"] != made["edited_by"]
    stale = client.patch(at, json={"period": "y"}, headers=planner | {"If-Match": tag})
    assert stale.status_code == 412
    now = client.get(at, headers=planner).headers["etag"]
    client.patch(at, json={"scope": {"levels": []}}, headers=planner | {"If-Match": now})
    assert client.post(f"{at}/approve", headers=_as(keys, "approver")).status_code == 200
    late = client.get(at, headers=planner).headers["etag"]
    refused = client.patch(at, json={"period": "z"}, headers=planner | {"If-Match": late})
    assert refused.status_code == 409
    assert refused.json()["type"] == "/problems/wrong-state"


ROUTES = [
    ("GET", "/v1/inspection-items", "items.read"),
    ("GET", "/v1/inspection-items/psb.venues", "items.read"),
    ("GET", "/v1/policies", "items.read"),
    ("GET", f"/v1/policies/{'0' * 64}", "items.read"),
    ("GET", "/v1/entities/nobody/tickets?item=psb.venues", "registers.read"),
    ("POST", "/v1/draw-plans", "plans.write"),
    ("GET", "/v1/draw-plans", "plans.read"),
    ("GET", "/v1/draw-plans/none", "plans.read"),
    ("PATCH", "/v1/draw-plans/none", "plans.write"),
    ("GET", "/v1/draw-plans/none/preflight", "plans.read"),
    ("POST", "/v1/draw-plans/none/approve", "plans.approve"),
]


@pytest.mark.parametrize(("method", "path", "act"), ROUTES)
def test_each_role_may_exactly_what_its_acts_say(
    client: TestClient, keys: dict[str, str], method: str, path: str, act: str
) -> None:
    """spec/api.md, «Who may do what»: 401 without a key, 403 without the right."""
    assert client.request(method, path, json={}).status_code == 401
    for role in Role:
        answer = client.request(method, path, json={}, headers=_as(keys, role.value))
        assert (answer.status_code == 403) == (role not in ACTS[act]), (role, answer.text)


def test_plans_are_paged_newest_first_by_link(client: TestClient, keys: dict[str, str]) -> None:
    """Spec/api.md, Lists: keyset paging, `Link: rel=next`, absent on the last page, count when asked."""
    made = [_draft(client, keys, period=f"2026-11.{n}")["id"] for n in range(3)]
    first = client.get("/v1/draw-plans?limit=2&count=true", headers=_as(keys, "planner"))
    assert ([p["id"] for p in first.json()["items"]], first.json()["count"]) == ([made[2], made[1]], 3)
    last = client.get(first.links["next"]["url"], headers=_as(keys, "planner"))
    assert last.status_code == 200, last.text
    assert [p["id"] for p in last.json()["items"]] == [made[0]]
    assert "next" not in last.links
