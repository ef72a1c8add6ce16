"""The conventions of spec/api.md that hold for every route."""

from fastapi.testclient import TestClient


def test_a_ready_service_says_so_with_a_strong_etag(client: TestClient) -> None:
    """`ETag` on single resources; `If-None-Match` gives 304."""
    first = client.get("/health/ready")
    assert first.status_code == 200, first.text
    assert first.json() == {"status": "ok"}
    again = client.get("/health/ready", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""


def test_an_unknown_path_is_a_problem_document_in_the_callers_language(client: TestClient) -> None:
    """RFC 9457, Chinese by default."""
    zh = client.get("/v1/nothing")
    assert zh.headers["content-type"] == "application/problem+json"
    assert zh.json()["type"] == "/problems/not-found"
    assert zh.json()["title"] == "未找到"
    en = client.get("/v1/nothing", headers={"Accept-Language": "en-GB,zh;q=0.3"})
    assert en.json()["title"] == "Not found"
