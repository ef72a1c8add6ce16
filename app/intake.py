"""What a route takes: parameters and form fields that it declares, in characters that can be kept.

One check for every route, before its handler: what nobody reads is a mistake of the sender, and a misspelt
`dry_run` must not import.
"""

import json
from collections.abc import Iterator
from typing import Any

from fastapi import Request, params
from fastapi.dependencies.models import Dependant
from pydantic import BaseModel
from starlette.datastructures import UploadFile

from app.domain.characters import unkeepable, visible
from app.domain.errors import FieldError, Malformed, Missing


class Intake:
    """The names that a route declares, and the check of a request against them."""

    def __init__(self, dependant: Dependant, body: object, *, any_query: bool = False) -> None:
        self._query = None if any_query else frozenset(_query_names(dependant))
        self._form = frozenset(field.alias for field in dependant.body_params)
        self._takes_form = isinstance(body, params.Form)
        self._takes_body = body is not None

    async def check(self, request: Request) -> None:
        """Refuse what the route does not take.

        Raises:
            Missing: the path holds a character that cannot be kept, so nothing has that name.
            Malformed: the query or the body holds one, or a name that the route does not declare.
        """
        if any(unkeepable(value) for value in request.path_params.values()):
            raise Missing("not-found")
        given = request.query_params.multi_items()
        unknown = () if self._query is None else _undeclared("/query", given, self._query)
        bad = [*unknown, *_unkeepable_members("/query", given)]
        if self._takes_body and not bad:
            bad = [*await self._of_body(request)]
        if bad:
            await request.close()
            raise Malformed("malformed", *bad)

    async def _of_body(self, request: Request) -> list[FieldError]:
        try:
            if not self._takes_form:
                return [*_unkeepable_texts("", await _json(request))]
            form = [(name, _text(value)) for name, value in (await request.form()).multi_items()]
        except (ValueError, LookupError, RecursionError):
            return []  # FastAPI, which reads it next, says what is wrong
        return [*_undeclared("", form, self._form), *_unkeepable_members("", form)]


def _query_names(dependant: Dependant) -> Iterator[str]:
    for field in dependant.query_params:
        annotation = field.field_info.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            yield from (given.alias or name for name, given in annotation.model_fields.items())
        else:
            yield field.alias
    for inner in dependant.dependencies:
        yield from _query_names(inner)


async def _json(request: Request) -> Any:  # noqa: ANN401 - whatever the JSON holds
    body = await request.body()
    # Only an escape, or an encoding other than UTF-8, brings such a character into JSON.
    return json.loads(body) if any(sign in body for sign in (b"\\u", b"\xed", b"\0")) else None


def _text(value: str | UploadFile) -> str:
    return value.filename or "" if isinstance(value, UploadFile) else value


def _step(name: str) -> str:
    return visible(name).replace("~", "~0").replace("/", "~1")


def _undeclared(at: str, given: list[tuple[str, str]], known: frozenset[str]) -> Iterator[FieldError]:
    names = dict.fromkeys(name for name, _ in given if name not in known)
    return (FieldError(f"{at}/{_step(name)}", "extra-forbidden") for name in names)


def _unkeepable_members(at: str, given: list[tuple[str, str]]) -> Iterator[FieldError]:
    for name, value in given:
        if character := unkeepable(value):
            yield _refused(f"{at}/{_step(name)}", character)


def _unkeepable_texts(at: str, document: object) -> Iterator[FieldError]:
    # A stack of its own: the document may be nested as deeply as the JSON reader goes.
    waiting = [(at, document)]
    while waiting:
        here, found = waiting.pop()
        match found:
            case str() if character := unkeepable(found):
                yield _refused(here, character)
            case list():
                waiting += [(f"{here}/{place}", item) for place, item in enumerate(found)]
            case dict():
                for name, value in found.items():
                    waiting += [(f"{here}/{_step(name)}", inner) for inner in (name, value)]


def _refused(pointer: str, character: str) -> FieldError:
    return FieldError(pointer, "unkeepable-character", (("character", character),))
