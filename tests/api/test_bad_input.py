"""Every route says in Chinese what is wrong with what it was given."""

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient

from app.deps import House
from app.domain.access import PUBLIC
from app.main import create_app
from app.messages import has_text
from tests.test_words_for_bad_input import latin_words

_BAD: Final[list[Any]] = [None, "", "x" * 5000, -1, 10**40, 1.5, [], {"x": 1}, "2026-11-02T01:02:03"]


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        found: dict[str, Any] = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
        return found
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return _resolved(document, schema[several][0])
    return schema


def _spoiled(document: dict[str, Any], schema: dict[str, Any], value: object, depth: int = 0) -> object:
    """A body of the right shape with the wrong value at each of its leaves."""
    found = _resolved(document, schema)
    if depth > 6:
        return value
    if "properties" in found:
        inner = {name: _spoiled(document, one, value, depth + 1) for name, one in found["properties"].items()}
        return {**inner, "no_such_field": value}
    if found.get("type") == "array" and "items" in found:
        return [_spoiled(document, found["items"], value, depth + 1)]
    return value


def _bodies(document: dict[str, Any], operation: dict[str, Any]) -> Iterator[object]:
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return
    schema = content["application/json"]["schema"]
    yield {name: [] for name in _resolved(document, schema).get("properties", {})}
    for value in _BAD:
        yield value
        yield _spoiled(document, schema, value)


def _forms(document: dict[str, Any], operation: dict[str, Any]) -> Iterator[dict[str, str]]:
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        if kind != "application/json":
            names = _resolved(document, content["schema"]).get("properties", {})
            yield dict.fromkeys(names, "x")
            yield {"no_such_field": "x"}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_refusal_of_a_payload_is_half_english(
    house: House, client: TestClient, keys: dict[str, str]
) -> None:
    """OF1: every body of the document with wrong values at each place; every query with wrong ones."""
    document = create_app(house=house).openapi()
    refused, numbers = Counter[str](), itertools.count()
    for path, method, operation in _operations(document):
        roles = operation["x-roles"]
        headers = {} if roles == [PUBLIC] else {"Authorization": f"Bearer {keys[roles[0]]}"}
        headers |= {"If-Match": "*", "Accept-Language": "zh-CN"}
        place = re.sub(r"\{\w+\}", "1", path)
        queries = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"]
        asked = [{"params": dict.fromkeys(queries, value)} for value in ("x", "-1", "x" * 3000)]
        sent = [{"json": body} for body in _bodies(document, operation)]
        sent += [{"data": form} for form in _forms(document, operation)]
        for options in (asked if queries else []) + sent:
            key = {"Idempotency-Key": str(next(numbers))}
            answer = client.request(method, place, headers=headers | key, **options)
            assert answer.status_code < 500, (method, path, options, answer.text)
            if answer.status_code >= 400:
                refused.update(_codes(answer.json()))
    assert sum(refused.values()) > 2000
    assert len(refused) > 25, refused


def _codes(problem: dict[str, Any]) -> list[str]:
    """The codes of the bad fields of a problem document, all of which speaks Chinese."""
    for detail in (problem["title"], problem["detail"], *(one["detail"] for one in problem["errors"])):
        assert re.search("[一-鿿]", detail), problem
        assert latin_words(detail) == [], detail
        assert "Input should" not in detail
    return [one["code"] for one in problem["errors"]]


def _patterns(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        for name, inner in schema.items():
            if name == "pattern" and isinstance(inner, str):
                yield inner
            else:
                yield from _patterns(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _patterns(inner)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_every_pattern_of_the_document_is_told_as_a_form(house: House) -> None:
    """OF20: nobody has to read a regular expression to learn that a month is wanted."""
    patterns = set(_patterns(create_app(house=house).openapi()))
    assert len(patterns) > 5
    assert [one for one in sorted(patterns) if not has_text(f"form.{one}")] == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("key", [{}, {"Idempotency-Key": "1"}])
def test_a_form_without_a_file_is_told_so(
    client: TestClient, keys: dict[str, str], key: dict[str, str]
) -> None:
    """A plain form is read once: with an Idempotency-Key its digest used to find the stream used up (500)."""
    headers = {"Authorization": f"Bearer {keys['registrar']}", **key}
    refused = client.post("/v1/imports", headers=headers, data={"file": "x", "register": "entities"})
    assert refused.status_code == 422, refused.text
    [error] = refused.json()["errors"]
    assert (error["pointer"], error["detail"]) == ("/file", "应为上传的文件（multipart 的文件项）")
