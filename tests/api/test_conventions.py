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


def test_head_is_get_without_a_body(client: TestClient) -> None:
    """RFC 9110 section 9.3.2: wherever GET is."""
    for path in ("/health/live", "/", "/v1/public/draws"):
        got, head = client.get(path), client.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-type"] == got.headers["content-type"]


def test_a_wrong_method_says_which_are_allowed(client: TestClient) -> None:
    """RFC 9110 section 15.5.6: 405 carries `Allow`."""
    answer = client.delete("/v1/public/draws")
    assert (answer.status_code, answer.json()["type"]) == (405, "/problems/method-not-allowed")
    assert "GET" in answer.headers["allow"]
