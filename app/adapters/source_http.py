"""Asking a source over HTTP: one page, within bounds of time and size, and from nobody but the source.

Certificates are always verified. The address is looked up once and the connection made to that very address,
so that a name cannot lead elsewhere after it was checked; redirects and next links stay on the source's own
origin, because the secret goes with them. Environment proxies are not used.
"""

import base64
import ipaddress
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Final

import httpx

from app.adapters.in_time import Line, OutOfTimeError, in_time
from app.domain.sources.checks import Kind, failure
from app.domain.sources.configuration import Credentials
from app.domain.sources.trouble import SourceTrouble

_MOST_REDIRECTS: Final = 3
_MOST_ADDRESSES: Final = 3
_ACCEPT: Final = {
    "json": "application/json",
    "ndjson": "application/x-ndjson, application/jsonl",
    "csv": "text/csv",
}
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How long to wait for a piece and for the whole answer (seconds), its largest size (bytes), and to whom.

    Attributes:
        private: addresses of private networks and of this machine are allowed.
        ca_file: certificates of authorities to trust instead of the usual ones.
    """

    wait_s: float
    page_s: float
    most_bytes: int
    private: bool
    ca_file: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRequest:
    """What to ask: the source's URL or a page's own, query parameters, credentials, validators."""

    url: str
    next_url: str | None
    parameters: Mapping[str, str]
    format: str
    credentials: Credentials
    secret: str | None
    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceAnswer:
    """What came: `body` None when nothing has changed (304); `link` is the next page's address."""

    body: bytes | None
    charset: str
    etag: str | None
    last_modified: str | None
    link: str | None


def fetch(asked: SourceRequest, bounds: Bounds) -> SourceAnswer:
    """Ask once.

    Raises:
        SourceTrouble: no answer, an answer that says no, or one out of bounds.
    """
    try:
        return in_time(bounds.page_s, lambda line: _fetch(asked, bounds, line))
    except OutOfTimeError:
        raise _slow() from None


def _slow() -> SourceTrouble:
    return _trouble(Kind.DEAD, "source-slow", may_pass=True)


def _fetch(asked: SourceRequest, bounds: Bounds, line: Line) -> SourceAnswer:
    base = httpx.URL(asked.url)
    url = base.copy_merge_params(asked.parameters)
    if asked.next_url is not None:
        url = _own(base, asked.next_url)
    with httpx.Client(verify=_trust(bounds.ca_file), timeout=bounds.wait_s, trust_env=False) as client:
        for _ in range(_MOST_REDIRECTS + 1):
            answer = _ask(client, asked, url, bounds, line)
            if not isinstance(answer, str):
                return answer
            url = _own(url, answer)
    raise _trouble(Kind.WRONG, "source-redirects")


@lru_cache(maxsize=4)
def _trust(ca_file: Path | None) -> ssl.SSLContext:
    """Whom to believe; reading the authorities' certificates takes longer than a request."""
    if ca_file is None:
        return httpx.create_ssl_context(trust_env=False)
    return ssl.create_default_context(cafile=str(ca_file))


def _own(base: httpx.URL, target: str) -> httpx.URL:
    """An address that a source names, if it is on the same origin.

    Raises:
        SourceTrouble: it leads elsewhere.
    """
    try:
        url = base.join(target)
    except httpx.InvalidURL as error:
        raise _trouble(Kind.WRONG, "source-leads-elsewhere", host=target[:80]) from error
    if _origin(url) != _origin(base) or url.userinfo:
        raise _trouble(Kind.WRONG, "source-leads-elsewhere", host=f"{url.scheme}://{url.host}"[:80])
    return url


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port or _DEFAULT_PORTS.get(url.scheme)


def _ask(
    client: httpx.Client, asked: SourceRequest, url: httpx.URL, bounds: Bounds, line: Line
) -> SourceAnswer | str:
    """The answer, or where it says to ask instead."""
    problem: Exception | None = None
    for address in _addresses(url, private=bounds.private):
        line.check()
        request = client.build_request(
            "GET",
            url.copy_with(host=str(address)),
            headers={**_headers(asked), "Host": url.netloc.decode("ascii")},
            extensions={"sni_hostname": url.host, "trace": line.watch, **_timeouts(bounds)},
        )
        try:
            response = client.send(request, stream=True)
            try:
                return _read(response, asked, bounds, line)
            finally:
                response.close()
        except httpx.ConnectError as error:
            problem = error
        except httpx.TimeoutException as error:
            raise _slow() from error
        except httpx.HTTPError as error:
            raise _trouble(
                Kind.DEAD, "source-no-answer", may_pass=True, reason=type(error).__name__
            ) from error
    if isinstance(_root(problem), ssl.SSLError):
        raise _trouble(Kind.WRONG, "source-certificate") from problem
    raise _trouble(Kind.DEAD, "source-no-answer", may_pass=True, reason="ConnectError") from problem


def _timeouts(bounds: Bounds) -> dict[str, object]:
    return {"timeout": httpx.Timeout(bounds.wait_s).as_dict()}


def _root(error: BaseException | None) -> BaseException | None:
    while error is not None and (error.__cause__ or error.__context__):
        error = error.__cause__ or error.__context__
    return error


def _addresses(url: httpx.URL, *, private: bool) -> Iterator[Address]:
    try:
        found = socket.getaddrinfo(url.host, url.port or _DEFAULT_PORTS[url.scheme], type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise _trouble(Kind.DEAD, "source-unknown-host", may_pass=True, host=url.host[:80]) from error
    addresses = dict.fromkeys(ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found)
    allowed = [one for one in addresses if _allowed(one, private=private)]
    if not allowed:
        raise _trouble(Kind.WRONG, "source-address-refused", host=url.host[:80])
    yield from allowed[:_MOST_ADDRESSES]


def _allowed(address: Address, *, private: bool) -> bool:
    """Whether a source may be there: never on this very link (169.254.169.254), nor a group, nor nobody."""
    plain = getattr(address, "ipv4_mapped", None) or address
    if plain.is_link_local or plain.is_multicast or plain.is_unspecified:
        return False
    return bool(plain.is_global or (private and (plain.is_private or plain.is_loopback)))


def _headers(asked: SourceRequest) -> dict[str, str]:
    headers = {"Accept": _ACCEPT[asked.format], "User-Agent": "double-random"}
    if asked.etag is not None:
        headers["If-None-Match"] = asked.etag
    if asked.last_modified is not None:
        headers["If-Modified-Since"] = asked.last_modified
    credentials, secret = asked.credentials, asked.secret or ""
    match credentials.kind:
        case "bearer":
            headers["Authorization"] = f"Bearer {secret}"
        case "header":
            headers[credentials.header or ""] = secret
        case "basic":
            pair = base64.b64encode(f"{credentials.user}:{secret}".encode()).decode("ascii")
            headers["Authorization"] = f"Basic {pair}"
    return headers


def _read(response: httpx.Response, asked: SourceRequest, bounds: Bounds, line: Line) -> SourceAnswer | str:
    status = response.status_code
    if status in _REDIRECTS and "location" in response.headers:
        return str(response.headers["location"])
    unchanged = status == HTTPStatus.NOT_MODIFIED and (asked.etag or asked.last_modified) is not None
    if status != HTTPStatus.OK and not unchanged:
        raise _refused(response)
    body = None if unchanged else _body(response, bounds, line)
    return SourceAnswer(
        body=body,
        charset=response.charset_encoding or "utf-8",
        etag=response.headers.get("etag"),
        last_modified=response.headers.get("last-modified"),
        link=response.links.get("next", {}).get("url"),
    )


def _refused(response: httpx.Response) -> SourceTrouble:
    status = response.status_code
    passing = status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.REQUEST_TIMEOUT} or status >= 500  # noqa: PLR2004 - RFC 9110 section 15.6
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return _trouble(Kind.WRONG, "source-refuses-us", status=status)
    asked = response.headers.get("retry-after", "")
    return _trouble(
        Kind.DEAD if passing else Kind.WRONG,
        "source-status",
        may_pass=passing,
        retry_after_s=int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else None,  # noqa: PLR2004 - a day has 86400 seconds
        status=status,
    )


def _body(response: httpx.Response, bounds: Bounds, line: Line) -> bytes:
    pieces: list[bytes] = []
    size = 0
    for piece in response.iter_bytes():
        size += len(piece)
        if size > bounds.most_bytes:
            raise _trouble(Kind.WRONG, "source-too-large", most_mib=bounds.most_bytes >> 20)
        line.check()
        pieces.append(piece)
    return b"".join(pieces)


def _trouble(
    kind: Kind, code: str, *, may_pass: bool = False, retry_after_s: int | None = None, **values: object
) -> SourceTrouble:
    return SourceTrouble(failure(kind, code, **values), may_pass=may_pass, retry_after_s=retry_after_s)
