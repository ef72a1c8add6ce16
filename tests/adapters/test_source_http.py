"""Asking a source over real sockets: within bounds, and nobody but the source itself."""

import gzip
import ipaddress
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.adapters import source_http
from app.adapters.source_http import Bounds, SourceAnswer, SourceRequest, fetch
from app.domain.sources.configuration import Credentials
from app.domain.sources.trouble import SourceTrouble

Answering = Callable[[BaseHTTPRequestHandler], None]
NOBODY = Credentials(kind="none", header=None, user=None)


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Who asked has gone already: that is what some tests are about."""


@contextmanager
def serving(answering: Answering, context: ssl.SSLContext | None = None) -> Iterator[str]:
    """A server on loopback that answers every GET so; gives its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answering(self)

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    server = _Quiet(("127.0.0.1", 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"{'http' if context is None else 'https'}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def saying(status: int, body: bytes = b"", **headers: str) -> Answering:
    """Answer with a status, a body and headers (`_` for `-`)."""

    def answer(http: BaseHTTPRequestHandler) -> None:
        http.send_response(status)
        for name, value in headers.items():
            http.send_header(name.replace("_", "-"), value)
        http.send_header("Content-Length", str(len(body)))
        http.end_headers()
        http.wfile.write(body)

    return answer


def ask(url: str, *, bounds: dict[str, Any] | None = None, **changed: Any) -> SourceAnswer:
    """Ask once, with seconds to spare."""
    plain: dict[str, Any] = {
        "next_url": None,
        "parameters": {},
        "format": "json",
        "credentials": NOBODY,
        "secret": None,
        "etag": None,
        "last_modified": None,
    }
    limits: dict[str, Any] = {
        "wait_s": 5,
        "page_s": 5,
        "most_bytes": 1 << 20,
        "private": True,
        "ca_file": None,
    }
    return fetch(SourceRequest(url=url, **{**plain, **changed}), Bounds(**{**limits, **(bounds or {})}))


def trouble(*given: Any, **options: Any) -> tuple[str, str, bool]:
    """Kind and code of the trouble, and whether it may pass."""
    with pytest.raises(SourceTrouble) as caught:
        ask(*given, **options)
    return caught.value.failure.kind, caught.value.failure.code, caught.value.may_pass


def test_a_request_carries_parameters_credentials_and_validators() -> None:
    """Each kind of credentials, over the URL's own query."""
    seen: list[tuple[str, dict[str, str]]] = []

    def answer(http: BaseHTTPRequestHandler) -> None:
        seen.append((http.path, {name.lower(): value for name, value in http.headers.items()}))
        saying(200, b"[]", ETag='"v1"', Last_Modified="Mon", Link='<?p=2>; rel="next"')(http)

    with serving(answer) as url:
        got = ask(f"{url}/list?type=1", parameters={"p": "1"}, etag='"v0"', last_modified="Sun")
        ask(url, credentials=Credentials(kind="bearer", header=None, user=None), secret="s1")
        ask(url, credentials=Credentials(kind="header", header="X-Key", user=None), secret="s2")
        ask(url, credentials=Credentials(kind="basic", header=None, user="u"), secret="密")
        ask(f"{url}/list?type=1", next_url="?p=2")
    assert got == SourceAnswer(body=b"[]", charset="utf-8", etag='"v1"', last_modified="Mon", link="?p=2")
    paths, headers = zip(*seen, strict=True)
    assert paths == ("/list?type=1&p=1", "/", "/", "/", "/list?p=2")
    assert (headers[0]["if-none-match"], headers[0]["if-modified-since"]) == ('"v0"', "Sun")
    assert headers[0]["host"] == url.removeprefix("http://")
    assert headers[1]["authorization"] == "Bearer s1"
    assert headers[2]["x-key"] == "s2"
    assert headers[3]["authorization"] == "Basic dTrlr4Y="


def test_nothing_new_is_an_answer_only_to_who_asked_for_it() -> None:
    """304 without a validator in the request is a fault of the source."""
    with serving(saying(304)) as url:
        assert ask(url, etag='"v1"').body is None
        assert trouble(url) == ("wrong", "source-status", False)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, ("wrong", "source-status", False)),
        (401, ("wrong", "source-refuses-us", False)),
        (403, ("wrong", "source-refuses-us", False)),
        (404, ("wrong", "source-status", False)),
        (408, ("dead", "source-status", True)),
        (429, ("dead", "source-status", True)),
        (500, ("dead", "source-status", True)),
        (503, ("dead", "source-status", True)),
        (204, ("wrong", "source-status", False)),
    ],
)
def test_a_status_that_is_no_success(status: int, expected: tuple[str, str, bool]) -> None:
    """What may pass is asked for again; what is wrong is told at once."""
    with serving(saying(status)) as url:
        assert trouble(url) == expected


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("120", 120), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("-5", None), ("9999999", None)],
)
def test_how_long_a_busy_source_asks_to_be_left_alone(said: str, seconds: int | None) -> None:
    """RFC 9110 section 10.2.3; days and nonsense are not taken for seconds."""
    with serving(saying(429, Retry_After=said)) as url, pytest.raises(SourceTrouble) as caught:
        ask(url)
    assert caught.value.retry_after_s == seconds


def test_the_secret_goes_to_the_source_and_nowhere_else() -> None:
    """Redirects and next links within the origin are followed; the others are refused unasked."""
    asked: list[str] = []

    def bystander(http: BaseHTTPRequestHandler) -> None:
        asked.append(http.path)
        saying(200, b"[]")(http)

    with serving(bystander) as other:

        def answer(http: BaseHTTPRequestHandler) -> None:
            targets = {"/a": "/b", "/c": f"{other}/x", "/d": "/d", "/e": "http://[::bad"}
            target = targets.get(http.path)
            saying(200, b"[1]")(http) if target is None else saying(302, Location=target)(http)

        with serving(answer) as url:
            assert ask(f"{url}/a").body == b"[1]"
            assert trouble(f"{url}/c") == ("wrong", "source-leads-elsewhere", False)
            assert trouble(f"{url}/d") == ("wrong", "source-redirects", False)
            assert trouble(f"{url}/e") == ("dead", "source-no-answer", True)
            assert trouble(url, next_url="http://[::bad") == ("wrong", "source-leads-elsewhere", False)
            assert trouble(f"{url}/z", next_url=f"{other}/x") == ("wrong", "source-leads-elsewhere", False)
            wrong_user = url.replace("://", "://u@") + "/z"
            assert trouble(f"{url}/z", next_url=wrong_user) == ("wrong", "source-leads-elsewhere", False)
    assert asked == []


def test_a_source_that_is_not_there_may_come_back() -> None:
    """Connection refused; a connection that is closed without a word; a host that nobody knows."""
    with serving(lambda http: setattr(http, "close_connection", True)) as url:
        assert trouble(url) == ("dead", "source-no-answer", True)
    assert trouble(url) == ("dead", "source-no-answer", True)
    assert trouble("http://no-such-host.invalid/") == ("dead", "source-unknown-host", True)


def test_a_slow_source_does_not_hold_the_worker() -> None:
    """Neither by silence nor by single bytes."""

    def silent(http: BaseHTTPRequestHandler) -> None:
        time.sleep(0.5)
        http.close_connection = True

    def dripping(http: BaseHTTPRequestHandler) -> None:
        http.send_response(200)
        http.send_header("Content-Length", "1000")
        http.end_headers()
        for _ in range(20):
            http.wfile.write(b" ")
            http.wfile.flush()
            time.sleep(0.05)

    with serving(silent) as url:
        assert trouble(url, bounds={"wait_s": 0.1}) == ("dead", "source-slow", True)
    with serving(dripping) as url:
        began = time.monotonic()
        assert trouble(url, bounds={"page_s": 0.2}) == ("dead", "source-slow", True)
        assert time.monotonic() - began < 0.9


def test_an_answer_is_bounded_also_when_it_is_packed() -> None:
    """A megabyte of zeros comes as a kilobyte of gzip."""
    packed = gzip.compress(bytes((1 << 20) + 1))
    assert len(packed) < 2000
    with serving(saying(200, packed, Content_Encoding="gzip")) as url:
        assert trouble(url) == ("wrong", "source-too-large", False)
        assert ask(url, bounds={"most_bytes": 1 << 21}).body == bytes((1 << 20) + 1)


@pytest.mark.parametrize(
    ("address", "private", "allowed"),
    [
        ("8.8.8.8", False, True),
        ("10.1.2.3", False, False),
        ("10.1.2.3", True, True),
        ("127.0.0.1", False, False),
        ("127.0.0.1", True, True),
        ("::ffff:10.1.2.3", False, False),
        ("::ffff:10.1.2.3", True, True),
        ("fd00::1", True, True),
        ("169.254.169.254", True, False),
        ("::ffff:169.254.169.254", True, False),
        ("fe80::1", True, False),
        ("224.0.0.1", True, False),
        ("0.0.0.0", True, False),  # noqa: S104 - an address that is refused
    ],
)
def test_which_addresses_a_source_may_have(address: str, *, private: bool, allowed: bool) -> None:
    """Private networks as the settings say; this link, groups and nobody never (OWASP: SSRF)."""
    assert source_http._allowed(ipaddress.ip_address(address), private=private) is allowed  # noqa: SLF001 - no socket is ever opened to these


def test_a_private_address_is_refused_before_anything_is_sent_where_the_settings_say_so() -> None:
    """The name is looked up once, and the connection made to what it gave."""
    asked: list[str] = []
    with serving(lambda http: asked.append(http.path)) as url:
        refused = ("wrong", "source-address-refused", False)
        assert trouble(url, bounds={"private": False}) == refused
        assert trouble(url.replace("127.0.0.1", "localhost"), bounds={"private": False}) == refused
    assert asked == []


def _certificate(folder: Path, name: str) -> tuple[Path, ssl.SSLContext]:
    """A self-signed certificate for a name or an address, and a server that shows it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    alternative = x509.IPAddress(ipaddress.ip_address(name)) if name[0].isdigit() else x509.DNSName(name)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = folder / f"{name}.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return pem, context


def test_certificates_are_verified_by_name_and_authority(tmp_path: Path) -> None:
    """A certificate of nobody known is refused; of a named authority it is taken, for its own name only."""
    pem, context = _certificate(tmp_path, "localhost")
    with serving(saying(200, b"[]"), context) as url:
        named = url.replace("127.0.0.1", "localhost")
        assert trouble(named) == ("wrong", "source-certificate", False)
        assert ask(named, bounds={"ca_file": pem}).body == b"[]"
        assert trouble(url, bounds={"ca_file": pem}) == ("wrong", "source-certificate", False)
    pem, context = _certificate(tmp_path, "127.0.0.1")
    with serving(saying(200, b"[]"), context) as url:
        assert ask(url, bounds={"ca_file": pem}).body == b"[]"
