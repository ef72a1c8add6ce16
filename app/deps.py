"""What a route may ask for: the caller, an act or a look, paging; and the parts of the house behind them."""

import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated

import uuid_utils
from fastapi import Depends, Header, Query, Request, params
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Connection
from sqlmodel import Session
from starlette.datastructures import UploadFile

from app.adapters import drand_bls
from app.adapters.evidence_store import EvidenceFolder
from app.adapters.request_rates import RequestRates
from app.adapters.vault import Vault
from app.domain.access import ACTS, PUBLIC, Caller
from app.domain.errors import (
    BadRequest,
    Malformed,
    NotAllowed,
    PreconditionRequired,
    TooMany,
    Unauthenticated,
)
from app.services.access import caller_of_key
from app.services.context import Act, Look, Retry
from app.services.ports import Chance, EvidenceStore
from app.settings import Settings
from app.store.session import Database

NOBODY = Caller(id="public", name="public", roles=frozenset(), region="")
"""The public: no key, no roles."""

_MOST_KEY_CHARACTERS = 255


def utc_now() -> datetime:
    """The wall clock, in UTC."""
    return datetime.now(UTC)


def new_uuid7() -> str:
    """A UUIDv7 (RFC 9562): ids sort by the time they were made."""
    return str(uuid_utils.uuid7())


def real_chance() -> Chance:
    """Secrets from the operating system, drand under its pinned key."""
    return Chance(new_secret=lambda: secrets.token_hex(32), bls=drand_bls.verify)


@dataclass(slots=True)
class House:
    """The parts that every request shares; made once by `create_app`, replaced in tests by naming others."""

    settings: Settings
    database: Database
    vault: Vault
    chance: Chance = field(default_factory=real_chance)
    evidence: EvidenceStore | None = None
    """Where evidence files lie; None: in the folder that the settings name."""
    clock: Callable[[], datetime] = utc_now
    new_id: Callable[[], str] = new_uuid7
    callers: dict[str, tuple[float, Caller]] = field(default_factory=dict)
    in_flight: set[tuple[str, str]] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)
    readers: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(8, "reader"))
    door: RequestRates = field(init=False)

    def __post_init__(self) -> None:
        """Count the questions about visit codes as the settings say."""
        settings = self.settings
        self.door = RequestRates(settings.door_window_s, settings.door_per_client, settings.door_in_all)

    def caller(self, key: str) -> Caller:
        """The caller of an API key, believed for `caller_cache_s` before the database is asked again."""
        known = self.callers.get(key)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        with self.database.reading() as connection:
            caller = caller_of_key(connection, key)
        self.callers[key] = (time.monotonic() + self.settings.caller_cache_s, caller)
        return caller

    def act(self, session: Session, caller: Caller) -> Act:
        """An act of a caller, on an open transaction."""
        evidence = self.evidence or EvidenceFolder(self.settings.evidence_folder)
        return Act(
            session,
            caller,
            self.clock(),
            self.new_id,
            self.vault,
            self.settings,
            self.chance,
            self.clock,
            evidence,
        )

    def look(self, connection: Connection, caller: Caller) -> Look:
        """A look of a caller, on a connection."""
        return Look(connection, caller, self.clock(), self.vault, self.settings)


@dataclass(slots=True)
class Pending:
    """An act or a look that has not begun: its transaction opens on the thread that runs the handler."""

    house: House
    request: Request
    caller: Caller
    key: str | None = None
    request_sha256: str = ""
    if_match: str | None = None

    def act(self, session: Session) -> Act:
        """The act, on its open transaction."""
        return self.house.act(session, self.caller)

    def look(self, connection: Connection) -> Look:
        """The look, on its connection."""
        return self.house.look(connection, self.caller)


BEARER = {
    "type": "http",
    "scheme": "bearer",
    "description": "API 密钥：`double-random keys create` 打印一次 (an API key, printed once)",
}
"""How a key is sent, as an OpenAPI security scheme."""


class Allow:
    """The access that a route declares: one act of `app.domain.access.ACTS`, or `public`.

    `ActRoute` asks it before anything of the request is read; on a plain route it is a dependency.
    """

    def __init__(self, act: str) -> None:
        if act != PUBLIC and act not in ACTS:
            raise ValueError(f"no such act: {act}")
        self.act = act

    async def __call__(self, request: Request) -> None:
        """Put the caller on the request, or refuse with 401 or 403."""
        if self.act == PUBLIC:
            request.state.caller = NOBODY
            return
        house: House = request.app.state.house
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not key:
            raise Unauthenticated("unauthenticated")
        known = house.callers.get(key)
        if known is not None and known[0] > time.monotonic():
            caller = known[1]
        else:
            caller = await run_in_threadpool(house.caller, key)
        if not caller.may(self.act):
            raise NotAllowed("not-allowed", roles=", ".join(sorted(ACTS[self.act])))
        request.state.caller = caller


def allow(act: str) -> list[params.Depends]:
    """The `dependencies=` of a route that this act opens."""
    return [params.Depends(Allow(act))]


RetryKey = Annotated[
    str | None,
    Header(description="重试凭据：同一请求重发得到同一答复 (the same key and body: the same answer)"),
]


async def retry_of(request: Request, idempotency_key: RetryKey = None) -> Retry | None:
    """By what a request that is sent again is known; None: it has no `Idempotency-Key`.

    Raises:
        Malformed: an empty or too long one.
    """
    if idempotency_key is None:
        return None
    if not 1 <= len(idempotency_key) <= _MOST_KEY_CHARACTERS:
        raise Malformed("bad-idempotency-key")
    return Retry(idempotency_key, await _request_sha256(request))


async def pending_act(request: Request, retry: Annotated[Retry | None, Depends(retry_of)]) -> Pending:
    """An act that has not begun yet; with an `Idempotency-Key` the request's digest is taken here."""
    pending = Pending(request.app.state.house, request, request.state.caller)
    if retry is not None:
        pending.key, pending.request_sha256 = retry.key, retry.request_sha256
    return pending


async def pending_retryable_act(pending: Annotated[Pending, Depends(pending_act)]) -> Pending:
    """An act that must be safe to retry: it insists on an `Idempotency-Key`."""
    if pending.key is None:
        raise BadRequest("idempotency-key-required")
    return pending


async def pending_unkept_act(request: Request) -> Pending:
    """An act whose answer no `Idempotency-Key` keeps."""
    return Pending(request.app.state.house, request, request.state.caller)


async def pending_conditional_act(
    pending: Annotated[Pending, Depends(pending_act)],
    if_match: Annotated[
        str | None, Header(description="所见版本的 ETag (the ETag of the version that is changed)")
    ] = None,
) -> Pending:
    """An act on something its caller has read: it insists on `If-Match`."""
    if if_match is None:
        raise PreconditionRequired("if-match-required")
    pending.if_match = if_match
    return pending


async def snapshots(request: Request) -> Callable[[], AbstractContextManager[Look]]:
    """Opens looks that outlive the handler: an answer that is streamed reads while it is sent."""
    house: House = request.app.state.house

    @contextmanager
    def opened() -> Iterator[Look]:
        with house.database.snapshot() as connection:
            yield house.look(connection, request.state.caller)

    return opened


async def door_turn(request: Request) -> dict[str, str]:
    """A question about a visit code: counted; gives the RateLimit headers that say how many more are allowed.

    Raises:
        TooMany: the address, or everybody together, asked too often.
    """
    house: House = request.app.state.house
    turn = house.door.ask(request.client.host if request.client else "")
    if not turn.admitted:
        raise TooMany("too-many-questions", policy="door", retry_after_s=turn.reset_s)
    settings = house.settings
    return {
        "RateLimit-Policy": f'"door";q={settings.door_per_client};w={settings.door_window_s}',
        "RateLimit": f'"door";r={turn.remaining};t={turn.reset_s}',
        "Cache-Control": "no-store",
    }


_FORMS = ("multipart/", "application/x-www-form-urlencoded")
"""Bodies that are read as forms, after which the stream is used up."""


async def _request_sha256(request: Request) -> str:
    """The digest of method, path, query and body; of a form its fields, since boundaries differ."""
    digest = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
    if request.headers.get("content-type", "").lower().startswith(_FORMS):
        for name, value in (await request.form()).multi_items():
            digest.update(f"\n{name}=".encode())
            if isinstance(value, UploadFile):
                digest.update(f"{value.filename}\n".encode() + await value.read())
                await value.seek(0)
            else:
                digest.update(value.encode())
    else:
        digest.update(await request.body())
    return digest.hexdigest()


ActDep = Annotated[Act, Depends(pending_act)]
RetryableActDep = Annotated[Act, Depends(pending_retryable_act)]
ConditionalActDep = Annotated[Act, Depends(pending_conditional_act)]
SnapshotDep = Annotated[Callable[[], AbstractContextManager[Look]], Depends(snapshots)]
LookDep = Look
"""A handler's `look` is handed in by `ActRoute` itself."""
UnkeptActDep = Annotated[Act, Depends(pending_unkept_act)]
"""An act whose answer is a secret: it is kept nowhere, so a retry acts again."""
RetryDep = Annotated[Retry | None, Depends(retry_of)]
"""With `UnkeptActDep`, where the act itself knows a request that is sent again."""
DoorDep = Annotated[dict[str, str], Depends(door_turn)]
Limit = Annotated[int, Query(ge=1, le=200, description="每页条数 (rows a page)")]
Cursor = Annotated[
    str | None, Query(max_length=500, description="上一页给出的游标 (opaque, from the last page)")
]
Count = Annotated[bool, Query(description="是否给出总数 (say how many there are in all)")]
