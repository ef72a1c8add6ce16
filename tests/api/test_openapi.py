"""The OpenAPI document: valid, complete, as exported, and with examples that run on the sample county."""

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from openapi_spec_validator import validate

from app.cli.quickstart import Journey as SampleCounty
from app.deps import House
from app.domain.access import PUBLIC
from app.main import create_app
from app.portal.examples import ELSEWHERE
from tests.conftest import Clock

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The document as exported."""
    exported: dict[str, Any] = json.loads((ROOT / "openapi/openapi.json").read_text(encoding="utf-8"))
    return exported


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(path, method, operation) of each."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_the_exported_document_is_the_application_s(house: House, document: dict[str, Any]) -> None:
    """`make openapi` writes it anew."""
    assert create_app(house=house).openapi() == document


def test_the_document_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    """By the published schema."""
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_every_operation_says_what_a_client_needs(document: dict[str, Any]) -> None:
    """Spec/api.md, Documents: id, summary, tags, an example, its problems and its scopes."""
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(ids) == len(set(ids))
    for path, method, operation in operations(document):
        where = f"{method} {path}"
        assert operation["summary"], where
        assert operation["tags"], where
        assert operation["x-roles"], where
        assert "422" in operation["responses"], where
        assert (operation["x-roles"] == [PUBLIC]) == ("401" not in operation["responses"]), where
        for parameter in operation.get("parameters", ()):
            known = "example" in parameter or "enum" in parameter["schema"] or parameter["name"] in ELSEWHERE
            assert known or not parameter["required"], (where, parameter["name"])
        for content in operation.get("requestBody", {}).get("content", {}).values():
            assert body_example(document, content) is not None, where


def body_example(document: dict[str, Any], content: dict[str, Any]) -> object:
    """The example of a body: beside its schema, or in it."""
    if "example" in content:
        return content["example"]
    if "examples" in content:
        return next(iter(content["examples"].values()))["value"]
    schema = content["schema"]
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    return (schema.get("examples") or [None])[0]


def test_the_examples_of_reads_run_on_the_sample_county(
    house: House,
    clock: Clock,
    keys: dict[str, str],
    client: TestClient,
    document: dict[str, Any],
    tmp_path: Path,
) -> None:
    """Issue, slice c: the explorer's examples run on the sample county."""
    clock.move(days=20)
    asyncio.run(SampleCounty(house, keys, tmp_path, ROOT / "samples").complete_draw())
    for path, method, operation in operations(document):
        given = {p["name"]: p["example"] for p in operation.get("parameters", ()) if "example" in p}
        if method != "get" or any(name in path for name in ELSEWHERE):
            continue
        place = re.sub(r"\{(\w+)\}", lambda found: choice(operation, found[1], given), path)  # noqa: B023 - used at once
        query = {
            p["name"]: p["example"]
            for p in operation.get("parameters", ())
            if p["in"] == "query" and p["required"]
        }
        role = operation["x-roles"][0] if "dispatcher" not in operation["x-roles"] else "dispatcher"
        headers = {} if role == PUBLIC else {"Authorization": f"Bearer {keys[role]}"}
        answer = client.get(place, params=query, headers=headers)
        assert answer.status_code == 200, (place, query, answer.text)


def choice(operation: dict[str, Any], name: str, given: dict[str, str]) -> str:
    """The example of a path parameter, or the first value of its list."""
    if name in given:
        return str(given[name])
    found: str = next(p["schema"]["enum"][0] for p in operation["parameters"] if p["name"] == name)
    return found
