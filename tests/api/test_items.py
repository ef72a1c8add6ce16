"""Items and policies over HTTP (clauses I1 to I3, P1, P3)."""

import hashlib
import json

import pytest
from fastapi.testclient import TestClient


def _as(keys: dict[str, str], who: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {keys[who]}"}


@pytest.mark.parametrize(
    ("code", "entries", "agency", "regimes"),
    [
        ("psb.venues", 8, "psb", ["entertainment"]),
        ("psb.special-industry", 8, "psb", ["special_industry"]),
        ("fire.units", 10, "fire", ["fire_unit"]),
        ("psb.internet-cafes", 4, "psb", ["internet_cafe"]),
    ],
)
def test_each_item_has_its_checklist_in_chinese_with_basis(
    client: TestClient, keys: dict[str, str], code: str, entries: int, agency: str, regimes: list[str]
) -> None:
    """I1 has eight contents, I3 four; the numbers run without the repeated 6; each entry names a law."""
    item = client.get(f"/v1/inspection-items/{code}", headers=_as(keys, "planner")).json()
    assert item["code"] == code
    assert item["agency"] == agency
    assert item["regimes"] == regimes
    assert item["basis"][0]["law"]
    assert [entry["id"] for entry in item["checklist"]] == [str(n) for n in range(1, entries + 1)]
    assert all(entry["basis"] and entry["text"] for entry in item["checklist"])
    listed = client.get("/v1/inspection-items", headers=_as(keys, "planner")).json()["items"]
    assert item in listed
    public = client.get("/v1/public/items").json()["items"]
    assert listed == public
    assert client.get(f"/v1/public/items/{code}").json() == item


def test_an_unknown_item_is_missing_and_the_known_ones_are_named(
    client: TestClient, keys: dict[str, str]
) -> None:
    """A problem document says what would be found."""
    answer = client.get("/v1/inspection-items/psb.nothing", headers=_as(keys, "planner"))
    assert answer.status_code == 404
    assert "psb.venues" in answer.json()["detail"]


def test_anyone_can_check_a_policys_digest_by_hashing_its_document(
    client: TestClient, keys: dict[str, str]
) -> None:
    """DR1 section 3: `policy` is H(JCS(document)); the document has ASCII names and integers only."""
    policy = client.get("/v1/policies", headers=_as(keys, "supervisor")).json()["items"][-1]
    text = json.dumps(policy["document"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).hexdigest()
    assert policy["digests"]["sha256"] == digest
    assert client.get(f"/v1/policies/{digest}", headers=_as(keys, "planner")).json() == policy
    public = client.get(f"/v1/public/policies/{digest}").json()
    assert public.items() <= policy.items()
    assert client.get(f"/v1/public/policies/{policy['digests']['sm3']}").json() == public
    assert public in client.get("/v1/public/policies").json()["items"]
    assert client.get(f"/v1/public/policies/{'0' * 64}").status_code == 404
