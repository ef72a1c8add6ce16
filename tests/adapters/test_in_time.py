"""Every outbound call ends in time (spec/api.md «Limits»): dripping and silent peers, a deaf name server."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest

from app.adapters.drand import RoundUnavailableError, fetch_round
from app.adapters.in_time import Line, OutOfTimeError, in_time
from tests.adapters.test_source_http import trouble

PATIENT = {"wait_s": 30, "page_s": 0.4}
"""Reads may take long, the whole may not: only the limit on the whole can end it."""
SOON_S = 5

Talking = Callable[[socket.socket, threading.Event], None]


@contextmanager
def listening(talk: Talking) -> Iterator[tuple[str, list[float]]]:
    """A peer on loopback; gives where, and the moments at which it found that the caller was gone."""
    over, gone = threading.Event(), list[float]()
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.05)

    def serve() -> None:
        while not over.is_set():
            try:
                peer, _ = server.accept()
            except TimeoutError:
                continue
            try:
                talk(peer, over)
            except OSError:
                gone.append(time.monotonic())
            finally:
                peer.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.getsockname()[1]}", gone
    finally:
        over.set()
        thread.join()
        server.close()


def dripping(beginning: bytes) -> Talking:
    """Say something, and then a letter every few hundredths of a second, for ever."""

    def talk(peer: socket.socket, over: threading.Event) -> None:
        peer.recv(4096)
        peer.sendall(beginning)
        while not over.wait(0.03):
            peer.sendall(b"a")

    return talk


def silent(peer: socket.socket, over: threading.Event) -> None:
    """Take the connection, say nothing, and notice when the other side hangs up."""
    peer.settimeout(0.05)
    while not over.is_set():
        try:
            if not peer.recv(4096):
                raise ConnectionResetError
        except TimeoutError:
            continue


def passed(begun: float) -> bool:
    """Whether it ended long before any read would have."""
    return time.monotonic() - begun < SOON_S


def _await(gone: list[float]) -> None:
    begun = time.monotonic()
    while not gone and passed(begun):
        time.sleep(0.02)
    assert gone


@pytest.mark.parametrize(
    "beginning",
    [
        b"HTTP/1.1 200 OK\r\nX-Letters: ",
        b"HTTP/1.1 2",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n186A0\r\n",
    ],
    ids=["headers", "status", "body", "chunk"],
)
def test_a_peer_that_drips_for_ever_is_cut_off(beginning: bytes) -> None:
    """Each byte comes in time, the answer never; the connection is closed, and no thread stays with it."""
    with listening(dripping(beginning)) as (where, gone):
        begun = time.monotonic()
        assert trouble(f"http://{where}/x", bounds=PATIENT) == ("dead", "source-slow", True)
        assert passed(begun)
        _await(gone)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_peer_that_says_nothing_is_cut_off(scheme: str) -> None:
    """Neither an answer nor a handshake."""
    with listening(silent) as (where, gone):
        begun = time.monotonic()
        assert trouble(f"{scheme}://{where}/x", bounds=PATIENT) == ("dead", "source-slow", True)
        assert passed(begun)
        _await(gone)


def test_a_name_server_that_never_answers_holds_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does the secret go out when it answers at last, after nobody waits any more."""
    released, asked = threading.Event(), threading.Event()
    connected: list[object] = []
    found = [(socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", 9))]

    def resolve(*_: object, **__: object) -> object:
        asked.set()
        released.wait(SOON_S)
        return found

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(httpx.Client, "send", lambda *given, **_: connected.append(given))
    begun = time.monotonic()
    assert trouble("http://source.example/x", bounds=PATIENT) == ("dead", "source-slow", True)
    assert passed(begun)
    assert asked.is_set()
    released.set()
    for thread in threading.enumerate():
        if thread.name == "outbound":
            thread.join(SOON_S)
    assert connected == []


def test_a_relay_of_drand_that_drips_is_left_for_the_next() -> None:
    """`timeout_s` is how long a relay may take in all."""
    with listening(dripping(b"HTTP/1.1 200 OK\r\nX: ")) as (where, gone):
        begun = time.monotonic()
        with pytest.raises(RoundUnavailableError, match="OutOfTimeError"):
            fetch_round([f"http://{where}"], chain="c", number=1, timeout_s=0.4)
        assert passed(begun)
        _await(gone)


def test_what_the_asking_gives_or_raises_is_what_comes_back() -> None:
    """An answer, or its own trouble."""
    assert in_time(SOON_S, lambda _: 7) == 7

    def fail(_: Line) -> None:
        raise ssl.SSLError("made up")

    with pytest.raises(ssl.SSLError, match="made up"):
        in_time(SOON_S, fail)


def test_a_line_that_is_cut_allows_nothing_more() -> None:
    """Neither another step nor another connection."""
    line = Line(SOON_S)
    line.check()
    line.cut()
    with pytest.raises(OutOfTimeError):
        line.check()
    with pytest.raises(OutOfTimeError):
        Line(-1).check()
    near, far = socket.socketpair()

    class Stream:
        def get_extra_info(self, _: str) -> socket.socket:
            return near

    line.watch("connection.connect_tcp.started", {})
    line.watch("connection.connect_tcp.complete", {"return_value": Stream()})
    assert far.recv(1) == b""
    line.hang_up()
    near.close()
    far.close()
