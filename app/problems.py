"""Errors as RFC 9457 problem documents, in Chinese or English; the only table from error to status."""

import logging
from collections.abc import Sequence
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.crashes import told
from app.domain.errors import (
    BadRequest,
    DomainError,
    FieldError,
    Malformed,
    Missing,
    NotAllowed,
    PreconditionFailed,
    PreconditionRequired,
    RuleBroken,
    TooMany,
    Unauthenticated,
    Unavailable,
)
from app.messages import has_text, text
from app.messages.payload import payload_code, payload_words
from app.schemas.problem import BadField, Problem

STATUS: dict[type[DomainError], int] = {
    Unauthenticated: HTTPStatus.UNAUTHORIZED,
    BadRequest: HTTPStatus.BAD_REQUEST,
    NotAllowed: HTTPStatus.FORBIDDEN,
    Missing: HTTPStatus.NOT_FOUND,
    PreconditionRequired: HTTPStatus.PRECONDITION_REQUIRED,
    PreconditionFailed: HTTPStatus.PRECONDITION_FAILED,
    RuleBroken: HTTPStatus.CONFLICT,
    Malformed: HTTPStatus.UNPROCESSABLE_ENTITY,
    TooMany: HTTPStatus.TOO_MANY_REQUESTS,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}
_FRAMEWORK_SLUGS = {
    HTTPStatus.NOT_FOUND: "not-found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method-not-allowed",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "body-too-large",
    HTTPStatus.BAD_REQUEST: "bad-request",
}
_log = logging.getLogger(__name__)


def language(request: Request) -> str:
    """`en` when the caller prefers English to Chinese in `Accept-Language`, else `zh`."""
    ranked: list[tuple[float, int, str]] = []
    for place, part in enumerate(request.headers.get("accept-language", "").split(",")):
        tag, _, weight = part.strip().lower().partition(";q=")
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            quality = 0.0
        if tag[:2] in {"zh", "en"} and quality > 0:
            ranked.append((-quality, place, tag[:2]))
    return min(ranked)[2] if ranked else "zh"


def problem_response(
    request: Request,
    slug: str,
    status: int,
    *,
    values: dict[str, object] | None = None,
    fields: Sequence[BadField] = (),
) -> Response:
    """The problem document for a slug."""
    lang = language(request)
    problem = Problem(
        type=f"/problems/{slug}",
        title=text(f"problem.{slug}.title", lang),
        status=status,
        detail=text(f"problem.{slug}", lang, **(values or {})),
        instance=request.scope.get("request_id"),
        errors=list(fields),
    )
    headers = {"Content-Language": lang, "Vary": "Accept-Language"}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(problem.model_dump_json(), status, headers, "application/problem+json")


def bad_field(field: FieldError, lang: str) -> BadField:
    """One bad field in words; the rules of register rows hold for single entries too."""
    slug = f"field.{field.code}"
    words = text(slug if has_text(slug) else f"row.{field.code}", lang, **dict(field.values))
    return BadField(pointer=field.pointer, code=field.code, detail=words)


async def _domain_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)  # noqa: S101 - registered for this type only
    status = next(code for kind, code in STATUS.items() if isinstance(error, kind))
    fields = [bad_field(field, language(request)) for field in error.fields]
    answer = problem_response(request, error.slug, status, values=error.values, fields=fields)
    if isinstance(error, TooMany):
        answer.headers["Retry-After"] = str(error.values["retry_after_s"])
        answer.headers["RateLimit"] = f'"{error.values["policy"]}";r=0;t={error.values["retry_after_s"]}'
    if error.slug == "request-in-flight":
        answer.headers["Retry-After"] = "1"
    return answer


async def _malformed_payload(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this type only
    lang = language(request)
    fields = [_from_pydantic(dict(bad), lang) for bad in error.errors()]
    return problem_response(request, "malformed", HTTPStatus.UNPROCESSABLE_ENTITY, fields=fields)


def _from_pydantic(bad: dict[str, object], lang: str) -> BadField:
    where = bad["loc"]
    steps = [
        str(step).replace("~", "~0").replace("/", "~1")
        for step in (where if isinstance(where, tuple) else ())
    ]
    if steps and steps[0] == "body":
        steps = steps[1:]
    code = payload_code(bad)
    if code == "json-invalid":
        steps = []  # What could not be read has no members: the step is a place in the text.
    return BadField(pointer="".join(f"/{step}" for step in steps), code=code, detail=payload_words(bad, lang))


async def _framework_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this type only
    slug = _FRAMEWORK_SLUGS.get(HTTPStatus(error.status_code), "bad-request")
    answer = problem_response(request, slug, error.status_code)
    answer.headers.update(error.headers or {})
    return answer


async def _crash(request: Request, error: Exception) -> Response:
    _log.error("unhandled error\n%s", told(error))
    return problem_response(request, "internal", HTTPStatus.INTERNAL_SERVER_ERROR)


class TooLargeTold:
    """Turns the plain 413 of the limit on bodies into a problem document like every other refusal."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refused = False

        async def told_so(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start" and _is_plain_refusal(message):
                refused = True
                told = problem_response(Request(scope), "body-too-large", message["status"])
                await told(scope, receive, send)
            elif not refused:
                await send(message)

        await self._app(scope, receive, told_so)


def _is_plain_refusal(start: Message) -> bool:
    headers: dict[bytes, bytes] = dict(start["headers"])
    plain = headers.get(b"content-type", b"").startswith(b"text/plain")
    return plain and start["status"] == int(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def install(app: FastAPI) -> None:
    """Let every error of the application leave as a problem document."""
    app.add_exception_handler(DomainError, _domain_error)
    app.add_exception_handler(RequestValidationError, _malformed_payload)
    app.add_exception_handler(HTTPException, _framework_error)
    app.add_exception_handler(Exception, _crash)
