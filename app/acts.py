"""One request, one transaction, one answer.

`ActRoute` wraps each handler. A handler that asks for an `Act` runs inside the unit of work, so its rows, its
audit events and the answer kept for an `Idempotency-Key` land together; one that asks for a `Look` gets a
connection. Models become JSON with a strong ETag (RFC 9110) here, pages get their `Link` (RFC 8288).
"""

import asyncio
import functools
import hashlib
import inspect
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar, get_type_hints

from fastapi import Request, Response, UploadFile
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter, ValidationError
from sqlmodel import Session

from app import retries
from app.deps import Allow, House, Pending
from app.domain.access import ACTS, PUBLIC
from app.domain.errors import PreconditionFailed
from app.intake import Intake
from app.schemas.page import PageOf, RawPage
from app.store.queues import wait_turn

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
Given = TypeVar("Given")

_MOST_JSON_BYTES: Final = 4 * 1024 * 1024
"""The largest body of a route that takes no file; files have the setting's limit."""
_JSON = "application/json"


@dataclass(slots=True)
class Answer:
    """A model with headers of its own, such as `Location`."""

    content: BaseModel
    headers: dict[str, str] = field(default_factory=dict)


class ActRoute(APIRoute):
    """A route whose handler is one sentence: parse before it, transaction around it, answer after it."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:  # noqa: ANN401 - FastAPI's own options
        dependencies = [d.dependency for d in options.pop("dependencies", None) or ()]
        match dependencies:
            case [Allow() as access]:
                self.access = access
            case _:
                raise TypeError(f"{path}: declare its access, and nothing else, with dependencies=allow(...)")
        self.act = access.act
        public = self.act == PUBLIC
        options["openapi_extra"] = {
            **(options.get("openapi_extra") or {}),
            "x-act": self.act,
            "x-roles": [PUBLIC] if public else sorted(ACTS[self.act]),
            **({} if public else {"security": [{"bearer": []}]}),
        }
        if options.get("max_body_size") is None and not _takes_a_file(endpoint):
            options["max_body_size"] = _MOST_JSON_BYTES
        options["operation_id"] = f"{endpoint.__module__.rsplit('.', 1)[-1]}_{endpoint.__name__}"
        super().__init__(path, _wrap(endpoint, options.get("status_code")), **options)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Ask for access before anything of the request is read; then look at what is given."""
        handle, access = super().get_route_handler(), self.access
        form = self.body_field and self.body_field.field_info
        # A page for people reads its own query: a browser's form sends empty fields too.
        intake = Intake(self.dependant, form, any_query=not self.include_in_schema)

        async def admitted(request: Request) -> Response:
            await access(request)
            await intake.check(request)
            return await handle(request)

        return admitted


class PublicRoute(ActRoute):
    """A route for anybody, whose handler takes a look, path parameters and one model of query parameters.

    FastAPI declares and documents it. What is given is read here: the many filters of a public list cost one
    validation, not one each, and there are no dependencies to solve.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Read, look, answer."""
        run, access = self.endpoint, self.access
        kinds = {name: TypeAdapter(kind) for name, kind in run.__annotations__.items() if name not in _OURS}

        async def answer(request: Request) -> Response:
            await access(request)
            path, query = request.path_params, dict(request.query_params)
            given = {
                name: validated(kind, path[name], "path", name)
                if name in path
                else validated(kind, query, "query")
                for name, kind in kinds.items()
            }
            made: Response = await run(request=request, **given)
            return made

        return answer


_OURS = frozenset({"look", "request", "return"})


def validated(kind: TypeAdapter[Given], value: object, *where: str) -> Given:
    """What a request gives at a place, as the handler takes it.

    Raises:
        RequestValidationError: it does not fit.
    """
    try:
        return kind.validate_python(value)
    except ValidationError as error:
        bad = error.errors(include_url=False)
        raise RequestValidationError([{**one, "loc": (*where, *one["loc"])} for one in bad]) from error


@dataclass(frozen=True, slots=True)
class _Guard:
    """What an act must find unchanged: what the GET handler `read` answers, and in which turn it is asked."""

    read: Callable[..., Any]
    turn: str

    def check(self, act: Pending, session: Session, given: dict[str, object]) -> None:
        """Compare `If-Match` (RFC 9110 section 13.1.1) with what `read` answers in this very transaction."""
        wait_turn(session, self.turn)
        named = {name: given[name] for name in self.read.__annotations__ if name in given}
        current = self.read(look=act.look(session.connection()), **named)
        wanted = (act.if_match or "").split(",")
        if "*" not in wanted and entity_tag(_json(current)) not in [tag.strip() for tag in wanted]:
            raise PreconditionFailed("stale-version")


def if_match(read: Callable[..., Any], *, turn: str) -> Callable[[Endpoint], Endpoint]:
    """Let a handler change only what its caller has seen: `If-Match` names the ETag that `read` gives now.

    `read` is the GET handler of the same resource, with the same path parameters. Acts of the same `turn`
    queue, so that nothing changes between the comparison and the act.
    """

    def mark(endpoint: Endpoint) -> Endpoint:
        endpoint.guard = _Guard(read, turn)  # type: ignore[attr-defined]  # a mark that `_perform` looks for
        return endpoint

    return mark


def _takes_a_file(endpoint: Callable[..., Any]) -> bool:
    kinds = get_type_hints(endpoint, include_extras=False).values()
    return UploadFile in kinds


def _wrap(endpoint: Callable[..., Any], status: int | None) -> Callable[..., Any]:
    names = endpoint.__annotations__
    if "act" in names:
        return functools.wraps(endpoint)(_acting(endpoint, status or 200))
    if "look" in names:
        return functools.wraps(endpoint)(_looking(endpoint, status or 200))
    return endpoint


def _acting(endpoint: Callable[..., Any], status: int) -> Callable[..., Response]:
    def run(*, act: Pending, **given: object) -> Response:
        if act.key is None:
            with act.house.database.unit_of_work() as session:
                return _perform(endpoint, status, act, session, given)
        return retries.once(act, lambda session: _perform(endpoint, status, act, session, given))

    return run


def _perform(
    endpoint: Callable[..., Any], status: int, act: Pending, session: Session, given: dict[str, object]
) -> Response:
    guard: _Guard | None = getattr(endpoint, "guard", None)
    if guard is not None:
        guard.check(act, session, given)
    return _render(endpoint(act=act.act(session), **given), status, act.request)


def _looking(endpoint: Callable[..., Any], status: int) -> Callable[..., Coroutine[Any, Any, Response]]:
    """A read, as lean as FastAPI allows: each dependency of a route costs as much as its query."""
    signature = inspect.signature(endpoint)
    own = {"request"} & signature.parameters.keys()

    def read(request: Request, given: dict[str, object]) -> Response:
        house: House = request.app.state.house
        with house.database.reading() as connection:
            content = endpoint(look=house.look(connection, request.state.caller), **given)
        return _render(content, status, request)

    async def run(*, request: Request, **given: object) -> Response:
        given |= dict.fromkeys(own, request)
        readers = request.app.state.house.readers
        return await asyncio.get_running_loop().run_in_executor(readers, read, request, given)

    taken = inspect.Parameter("request", inspect.Parameter.KEYWORD_ONLY, annotation=Request)
    others = [
        parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for name, parameter in signature.parameters.items()
        if name not in {"look", "request"}
    ]
    run.__signature__ = signature.replace(parameters=[taken, *others])  # type: ignore[attr-defined]  # what FastAPI reads
    return run


def entity_tag(body: bytes) -> str:
    """A strong ETag: the representation's own digest, so equal bytes are equal on every worker."""
    return f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'


def _json(content: BaseModel) -> bytes:
    return content.__pydantic_serializer__.to_json(content)


def _render(content: object, status: int, request: Request) -> Response:
    if isinstance(content, Response):
        return content
    headers: dict[str, str] = {}
    if isinstance(content, Answer):
        headers, content = content.headers, content.content
    if isinstance(content, RawPage):
        return tagged(request, content.body(), _JSON, headers=_next(request, content.page.next_cursor))
    if not isinstance(content, BaseModel):
        raise TypeError(
            f"a handler answers with a model, an Answer or a Response, not {type(content).__name__}"
        )
    if isinstance(content, PageOf):
        headers |= _next(request, content.next_cursor)
    return tagged(request, _json(content), _JSON, status=status, headers=headers)


def _next(request: Request, cursor: str | None) -> dict[str, str]:
    """The `Link` to the next page, if there is one."""
    return (
        {} if cursor is None else {"Link": f'<{request.url.include_query_params(cursor=cursor)}>; rel="next"'}
    )


def tagged(
    request: Request,
    body: bytes,
    media_type: str,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    """A representation with its strong ETag; for a GET that has it already, 304 (RFC 9110 section 13.1.2)."""
    tag = entity_tag(body)
    sent = {**(headers or {}), "ETag": tag}
    if request.method == "GET" and not {tag, "*"}.isdisjoint(_tags(request.headers.get("if-none-match"))):
        return Response(status_code=304, headers=sent)
    return Response(body, status, sent, media_type)


def _tags(header: str | None) -> list[str]:
    """The tags of `If-None-Match`; weak comparison, as RFC 9110 section 13.1.2 asks."""
    return [] if header is None else [tag.strip().removeprefix("W/") for tag in header.split(",")]
