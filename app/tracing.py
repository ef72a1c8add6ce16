"""Request ids and the access log, as plain ASGI (BaseHTTPMiddleware costs more than the route)."""

import json
import logging
import re
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

import uuid_utils
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.crashes import told

_log = logging.getLogger("app.access")
_PLAIN_ID = re.compile(rb"[0-9A-Za-z._-]{1,64}")
_PAGE_MAY: Final = (
    b"default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    b"frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
"""What a page may load (W3C Content Security Policy): nothing from another host, no script in its text."""


class JsonLines(logging.Formatter):
    """One JSON object a line: when, how bad, who says what; of a request no path parameters and no body."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"at": at, "level": record.levelname.lower(), "logger": record.name}
        line |= getattr(record, "told", None) or {"message": record.getMessage()}
        if record.exc_info:
            line["trace"] = told(record.exc_info[1]) if record.exc_info[1] else ""
        return json.dumps(line, ensure_ascii=False)


class RequestTrace:
    """Gives each request an `X-Request-ID`, a plain one of the caller is kept, and logs a line.

    Answers say what browsers and caches may do with them: what is shown for a key is kept nowhere.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
        request_id = given if _PLAIN_ID.fullmatch(given) else str(uuid_utils.uuid7()).encode()
        scope["request_id"] = request_id.decode()
        began, status = time.perf_counter(), 500
        head_only = scope["method"] == "HEAD"

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message["headers"],
                    (b"x-request-id", request_id),
                    *_cautions(scope, message["headers"]),
                ]
            elif head_only and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        # HEAD is GET without a body (RFC 9110 section 9.3.2), so that no route need say so.
        served = {**scope, "method": "GET"} if head_only else scope
        try:
            await self._app(served, receive, send_with_id)
        finally:
            if _log.isEnabledFor(logging.INFO):
                told = {
                    "request_id": scope["request_id"],
                    "method": scope["method"],
                    "route": getattr(served.get("route"), "path", None),
                    "status": status,
                    "ms": round((time.perf_counter() - began) * 1000, 1),
                }
                _log.info("request", extra={"told": told})


def _cautions(scope: Scope, headers: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
    """Name the headers that keep an answer where it belongs, but for those that it has already."""
    sent = dict(headers)
    if b"x-content-type-options" not in sent:
        yield b"x-content-type-options", b"nosniff"
    if any(name == b"authorization" for name, _ in scope["headers"]) and b"cache-control" not in sent:
        yield b"cache-control", b"no-store"
    if sent.get(b"content-type", b"").startswith(b"text/html"):
        if b"content-security-policy" not in sent:
            yield b"content-security-policy", _PAGE_MAY
        yield b"referrer-policy", b"same-origin"
