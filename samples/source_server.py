"""The county's source systems over HTTP: `python -m samples.source_server [--port 8090]`.

Six lists of five systems, each with its own form, paging and secret, from the files of the sample county. A
switch lets a system be dead, slow, wrong and the like: `POST /<system>/switch {"mode": "dead"}`; `/` tells
all. Nothing is checked here as strictly as a real system would: this is what pulls are tried on.
"""

import argparse
import base64
import csv
import hashlib
import io
import json
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final, Literal, get_args
from urllib.parse import parse_qs, urlsplit

from app.adapters.tabular import read_rows
from app.domain.registers import REGISTERS, Binding, Fault, bind_headers, parse_rows
from samples.county.systems import Fields, System, systems

Mode = Literal[
    "well", "dead", "down", "busy", "slow", "wrong", "renamed", "shrunk", "refusing", "elsewhere", "looping"
]
MODES: Final = get_args(Mode)
USER: Final = "double-random"
HEADER: Final = "X-Api-Key"
_SLOW_PIECE_S: Final = 0.4
_SHRUNK_TO: Final = 10
_LARGEST_PAGE: Final = 200


@dataclass(slots=True)
class Served:
    """A system as it is served now: its mode, and how its records differ from those of the files."""

    system: System
    mode: Mode = "well"
    changed: dict[str, Fields] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    added: list[Fields] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """The path and query of each request that was let in, and ` 304` where that was the answer."""

    def records(self) -> list[Fields]:
        """The records of this moment."""
        key = self.system.key
        found = [*self.system.records, *self.added]
        records = [{**one, **self.changed.get(one[key], {})} for one in found if one[key] not in self.removed]
        if self.mode == "shrunk":
            return records[::_SHRUNK_TO]
        if self.mode == "renamed":
            return [{f"x_{name}": value for name, value in one.items()} for one in records]
        return records


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Whoever asked did not wait for the answer."""


class SourceServer:
    """The systems behind one address; `url` is where, `served` is what, by name."""

    def __init__(self, found: Mapping[str, System], *, port: int = 0) -> None:
        self.served = {name: Served(system) for name, system in found.items()}
        self._http = _Quiet(("127.0.0.1", port), _handler(self.served))
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    def serve(self) -> None:
        """Serve until interrupted."""
        self._http.serve_forever(poll_interval=0.05)

    @contextmanager
    def running(self) -> Iterator["SourceServer"]:
        """Serve on a thread of its own while the block runs."""
        thread = threading.Thread(target=self.serve, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._http.shutdown()
            thread.join()
            self._http.server_close()


def county_systems(folder: Path) -> Mapping[str, System]:
    """The systems of the county whose register files are in a folder."""
    return systems(_register(folder, "entities"), _register(folder, "risk-events"))


def _register(folder: Path, name: str) -> list[Any]:
    path = folder / f"{name}.csv"
    table = read_rows(path.read_bytes(), path.name)
    number, header = next(table)
    bound = None if isinstance(header, Fault) else bind_headers(header, REGISTERS[name], row_number=number)
    if not isinstance(bound, Binding):
        raise TypeError(f"{path} is no register file")
    return [row for _, row in parse_rows(REGISTERS[name], bound, table) if not isinstance(row, list)]


def _handler(served: Mapping[str, Served]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            name, _, rest = url.path.strip("/").partition("/")
            one = served.get(name)
            if one is None or rest != "records":
                self._tell({"systems": [_told(each) for each in served.values()]} if not name else None)
                return
            query = {key: values[0] for key, values in parse_qs(url.query).items()}
            _serve(self, one, query, f"{self.headers['Host']}{url.path}")

        def do_POST(self) -> None:
            name, _, rest = self.path.strip("/").partition("/")
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            one = served.get(name)
            mode = json.loads(body or b"{}").get("mode")
            if one is None or rest != "switch" or mode not in MODES:
                self._tell(None)
                return
            one.mode = mode
            self._tell(_told(one))

        def _tell(self, document: object) -> None:
            body = json.dumps(document, ensure_ascii=False, indent=2).encode()
            _answer(self, 404 if document is None else 200, body, {"Content-Type": "application/json"})

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    return Handler


def _told(one: Served) -> Fields:
    system = one.system
    return {
        "system": system.name,
        "name": system.zh,
        "records_at": f"/{system.name}/records",
        "credentials": {"key": f"{HEADER}: …", "basic": f"{USER}:…"}.get(
            system.auth, "Authorization: Bearer …"
        ),
        "secret": system.secret,
        "paging": system.paging,
        "mode": one.mode,
        "records": len(one.records()),
    }


def _serve(http: BaseHTTPRequestHandler, one: Served, query: Mapping[str, str], here: str) -> None:
    if one.mode == "dead":
        http.close_connection = True
        return
    trouble = _TROUBLE.get(one.mode)
    if not _let_in(http, one.system) or one.mode == "refusing":
        trouble = (401, b"", {"WWW-Authenticate": "Bearer"})
    if trouble is not None:
        _answer(http, *trouble)
        return
    records = one.records()
    tag = '"' + hashlib.sha256(json.dumps(records, sort_keys=True).encode()).hexdigest()[:32] + '"'
    one.asked.append(http.path)
    if http.headers.get("If-None-Match") == tag:
        one.asked[-1] += " 304"
        _answer(http, 304, b"", {"ETag": tag})
        return
    body, headers = _PAGES[one.system.name](records, query, here, looping=one.mode == "looping")
    _answer(http, 200, body, {**headers, "ETag": tag}, slow=one.mode == "slow")


_TROUBLE: Mapping[str, tuple[int, bytes, dict[str, str]]] = {
    "down": (503, b"", {}),
    "busy": (429, b"", {"Retry-After": "120"}),
    "wrong": (200, "<html>系统维护中</html>".encode(), {"Content-Type": "text/html"}),
    "elsewhere": (302, b"", {"Location": "http://example.invalid/records"}),
}


def _let_in(http: BaseHTTPRequestHandler, system: System) -> bool:
    given = http.headers.get("Authorization", "")
    if system.auth == "key":
        return http.headers.get(HEADER) == system.secret
    pair = base64.b64encode(f"{USER}:{system.secret}".encode()).decode()
    return given == (f"Basic {pair}" if system.auth == "basic" else f"Bearer {system.secret}")


def _answer(
    http: BaseHTTPRequestHandler, status: int, body: bytes, headers: Mapping[str, str], *, slow: bool = False
) -> None:
    http.send_response(status)
    for name, value in headers.items():
        http.send_header(name, value)
    http.send_header("Content-Length", str(len(body)))
    http.end_headers()
    pieces: Sequence[bytes] = [body[:1], body[1:2], body[2:]] if slow else [body]
    for piece in pieces:
        if slow:
            time.sleep(_SLOW_PIECE_S)
        http.wfile.write(piece)
        http.wfile.flush()


Answered = tuple[bytes, dict[str, str]]
_JSON: Final = {"Content-Type": "application/json; charset=utf-8"}


def _hotels(records: list[Fields], query: Mapping[str, str], _here: str, *, looping: bool) -> Answered:
    """Pages by number, in an envelope with a code and a total."""
    size = min(int(query.get("pageSize", 50)), _LARGEST_PAGE)
    page = 1 if looping else int(query.get("pageNo", 1))
    found = records[(page - 1) * size : page * size]
    told = {"code": 0, "msg": "成功", "data": {"total": len(records), "list": found}}
    return json.dumps(told, ensure_ascii=False).encode(), _JSON


def _venues(records: list[Fields], query: Mapping[str, str], _here: str, *, looping: bool) -> Answered:
    """Pages by cursor."""
    size = min(int(query.get("limit", 50)), _LARGEST_PAGE)
    start = int(query.get("after", "0").removeprefix("c"))
    after = start if looping else start + size
    more = looping or after < len(records)
    told = {"items": records[start : start + size], "next": f"c{after}" if more else None}
    return json.dumps(told, ensure_ascii=False).encode(), _JSON


def _fire_units(records: list[Fields], query: Mapping[str, str], _here: str, *, looping: bool) -> Answered:
    """Pages by offset; without a total, so that only an empty page is the end."""
    size = min(int(query.get("rows", 50)), _LARGEST_PAGE)
    start = 0 if looping else int(query.get("start", 0))
    told = {"result": {"rows": records[start : start + size]}}
    return json.dumps(told, ensure_ascii=False).encode("gb18030"), {
        "Content-Type": "application/json; charset=gb18030"
    }


def _cafes(records: list[Fields], query: Mapping[str, str], here: str, *, looping: bool) -> Answered:
    """NDJSON whose next page is named by a `Link` header (RFC 8288)."""
    start = int(query.get("from", 0))
    after = start if looping else start + 25
    lines = [json.dumps(one, ensure_ascii=False) for one in records[start : start + 25]]
    link = {"Link": f'<http://{here}?from={after}>; rel="next"'} if looping or after < len(records) else {}
    return "\n".join(lines).encode(), {"Content-Type": "application/x-ndjson", **link}


def _companies(records: list[Fields], _query: Mapping[str, str], _here: str, *, looping: bool) -> Answered:  # noqa: ARG001 - one page does not loop
    """All at once, as CSV in GB18030."""
    text = io.StringIO()
    names = list(records[0]) if records else ["统一社会信用代码"]
    writer = csv.DictWriter(text, names)
    writer.writeheader()
    writer.writerows(records)
    return text.getvalue().encode("gb18030"), {"Content-Type": "text/csv; charset=gb18030"}


def _listings(records: list[Fields], _query: Mapping[str, str], _here: str, *, looping: bool) -> Answered:  # noqa: ARG001 - one page does not loop
    """All at once, a bare list."""
    return json.dumps(records, ensure_ascii=False).encode(), _JSON


_PAGES: Final = {
    "hotel-system": _hotels,
    "entertainment-directory": _venues,
    "fire-system": _fire_units,
    "cafe-system": _cafes,
    "market-register": _companies,
    "market-lists": _listings,
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="serve the sample county's source systems")
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("--folder", type=Path, default=Path(__file__).parent)
    asked = parser.parse_args(arguments)
    server = SourceServer(county_systems(asked.folder), port=asked.port)
    print(f"来源系统 source systems: {server.url}")
    for one in server.served.values():
        print(f"  {one.system.name:24} {len(one.records()):5}  {one.system.secret}")
    server.serve()


if __name__ == "__main__":
    main()
