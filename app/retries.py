"""Retries: a request with an `Idempotency-Key` acts once, and is answered with what was kept after that."""

from collections.abc import Callable
from typing import Final

from fastapi import Response
from sqlmodel import Session

from app.deps import Pending
from app.domain.errors import Malformed, RuleBroken
from app.store import access as store
from app.store.tables.access import KeptAnswer

_KEPT_HEADERS: Final = ("etag", "location", "content-type")


def once(act: Pending, perform: Callable[[Session], Response]) -> Response:
    """Perform an act and keep its answer, both in one transaction; a retry gets the answer that was kept.

    Raises:
        Malformed: the key came with another request before.
        RuleBroken: the same request is still being answered.
    """
    house, key = act.house, act.key or ""
    claim = (act.caller.id, key)
    with house.lock:
        if claim in house.in_flight:
            raise RuleBroken("request-in-flight")
        house.in_flight.add(claim)
    try:
        with house.database.unit_of_work() as session:
            if not store.hold_key(session, caller_id=act.caller.id, key=key):
                raise RuleBroken("request-in-flight")
            kept = store.kept_answer(session, caller_id=act.caller.id, key=key)
            if kept is not None:
                return _again(kept, act)
            answer = perform(session)
            store.keep_answer(
                session, _kept(answer, act), forget_before=house.clock() - store.RETRIES_KEPT_FOR
            )
            return answer
    finally:
        with house.lock:
            house.in_flight.discard(claim)


def _again(kept: KeptAnswer, act: Pending) -> Response:
    if kept.request_sha256 != act.request_sha256:
        raise Malformed("idempotency-key-reused")
    return Response(kept.body, kept.status, {**kept.headers, "Idempotent-Replay": "true"})


def _kept(answer: Response, act: Pending) -> KeptAnswer:
    return KeptAnswer(
        caller_id=act.caller.id,
        key=act.key or "",
        request_sha256=act.request_sha256,
        status=answer.status_code,
        headers={name: answer.headers[name] for name in _KEPT_HEADERS if name in answer.headers},
        body=bytes(answer.body),
        at=act.house.clock(),
    )
