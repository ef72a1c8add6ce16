"""The conventions of spec/api.md that hold for every route."""

from collections.abc import Iterator

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


def test_a_body_over_the_limit_is_refused_as_a_problem(client: TestClient, keys: dict[str, str]) -> None:
    """Body size limits (spec/api.md, «Limits»): 4 MiB of JSON, the setting's 64 MiB for a file."""
    as_planner = {"Authorization": f"Bearer {keys['planner']}"}
    told = {**as_planner, "Content-Type": "application/json", "Accept-Language": "en"}
    said = client.post("/v1/draw-plans", headers=told, content=b" " * (4 * 1024 * 1024 + 1))
    assert (said.status_code, said.json()["type"]) == (413, "/problems/body-too-large")
    assert said.json()["instance"] == said.headers["x-request-id"]

    def unannounced() -> Iterator[bytes]:
        for _ in range(5):
            yield b" " * 1024 * 1024

    streamed = client.post("/v1/draw-plans", headers=told, content=unannounced())
    assert (streamed.status_code, streamed.json()["type"]) == (413, "/problems/body-too-large")
    as_registrar = {"Authorization": f"Bearer {keys['registrar']}"}
    file = {"file": ("inspectors.csv", b"code\n" * (5 * 1024 * 1024 // 5))}
    taken = client.post("/v1/imports", headers=as_registrar, data={"register": "inspectors"}, files=file)
    assert taken.status_code == 202


def test_an_answer_says_what_browsers_and_caches_may_do(client: TestClient, keys: dict[str, str]) -> None:
    """What is shown for a key is kept nowhere; a page loads nothing from elsewhere and cannot be framed."""
    for_a_key = client.get("/v1/draw-plans", headers={"Authorization": f"Bearer {keys['planner']}"})
    assert for_a_key.headers["cache-control"] == "no-store"
    assert for_a_key.headers["x-content-type-options"] == "nosniff"
    public = client.get("/v1/public/draws")
    assert "cache-control" not in public.headers
    page, explorer = client.get("/"), client.get("/docs")
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert "script-src" not in page.headers["content-security-policy"]
    assert "script-src 'self' 'unsafe-inline'" in explorer.headers["content-security-policy"]
