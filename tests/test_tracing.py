"""Logs: one JSON object a line, without personal data."""

import json
import logging

import pytest
from fastapi.testclient import TestClient

from app.tracing import JsonLines


def test_a_request_is_one_json_line_that_names_the_route_and_no_person(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    """Spec/api.md, Operations: JSON logs without personal data; the caller's own request id is kept."""
    with caplog.at_level(logging.INFO, logger="app.access"):
        answer = client.get("/v1/public/draws/91410928MA0000000K", headers={"X-Request-ID": "mine-1"})
    assert answer.headers["x-request-id"] == "mine-1"
    line = json.loads(JsonLines().format(caplog.records[-1]))
    assert (line["request_id"], line["status"], line["method"]) == ("mine-1", 404, "GET")
    assert line["route"] == "/v1/public/draws/{draw_id}"
    assert "91410928MA0000000K" not in json.dumps(line)


def test_an_unusable_request_id_is_replaced(client: TestClient) -> None:
    """Nothing that a caller sends goes into the log unread."""
    answer = client.get("/health/live", headers={"X-Request-ID": "a b\tc"})
    assert answer.headers["x-request-id"] != "a b\tc"


def test_an_error_brings_its_trace_in_the_same_line() -> None:
    """So that a crash is one event for whoever collects the logs."""
    with pytest.raises(ZeroDivisionError) as raised:
        print(1 / 0)  # noqa: T201 - anything that fails
    crash = (raised.type, raised.value, raised.tb)
    record = logging.getLogger("x").makeRecord("x", logging.ERROR, "", 0, "it %s", ("fell",), crash)
    line = json.loads(JsonLines().format(record))
    assert (line["level"], line["message"]) == ("error", "it fell")
    assert "ZeroDivisionError" in line["trace"]
