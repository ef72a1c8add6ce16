"""A load generator on bare sockets: some keep-alive connections, each sending its next request at once."""

import asyncio
import re
import time

_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
CONNECTIONS = 8


class _Client(asyncio.Protocol):
    def __init__(self, requests: list[bytes], start: int, until: float, ended: asyncio.Future[int]) -> None:
        self._requests = requests
        self._next = start
        self._until = until
        self._ended = ended
        self._answers = 0
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - TCP gives no other
        self._transport = transport
        self._send()

    def _send(self) -> None:
        assert self._transport is not None  # noqa: S101 - called once connected
        self._transport.write(self._requests[self._next % len(self._requests)])
        self._next += 1

    def data_received(self, received: bytes) -> None:
        self._buffer += received
        head = self._buffer.find(b"\r\n\r\n")
        length = _LENGTH.search(self._buffer, 0, head) if head >= 0 else None
        if length is None or len(self._buffer) < head + 4 + int(length[1]):
            return
        if not self._buffer.startswith(b"HTTP/1.1 200"):
            self._end(RuntimeError(self._buffer[:500].decode()))
            return
        self._buffer = b""
        self._answers += 1
        if time.perf_counter() < self._until:
            self._send()
        else:
            self._end(None)

    def _end(self, error: Exception | None) -> None:
        assert self._transport is not None  # noqa: S101 - called once connected
        self._transport.close()
        if error is None:
            self._ended.set_result(self._answers)
        else:
            self._ended.set_exception(error)


async def _load(port: int, requests: list[bytes], seconds: float) -> float:
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    ended: list[asyncio.Future[int]] = []
    for connection in range(CONNECTIONS):
        future: asyncio.Future[int] = loop.create_future()
        client = _Client(requests, connection * 97, began + seconds, future)
        await loop.create_connection(lambda client=client: client, "127.0.0.1", port)  # type: ignore[misc]  # a lambda with its own default
        ended.append(future)
    answers = sum(await asyncio.gather(*ended))
    return answers / (time.perf_counter() - began)


def requests_a_second(port: int, paths: list[str], *, key: str, seconds: float) -> float:
    """How many of these GET requests a server on this machine answers in a second, in turn.

    Raises:
        RuntimeError: an answer other than 200.
    """
    requests = [
        f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n\r\n".encode()
        for path in paths
    ]
    return asyncio.run(_load(port, requests, seconds))
