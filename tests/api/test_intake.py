"""What routes take: text that can be kept, and names that they declare (spec/api.md «Conventions»)."""

import base64
import json
from collections.abc import Callable
from typing import Any, get_args

import pytest
from fastapi.testclient import TestClient

from app.domain.registers import columns
from app.schemas import registers_query
from tests.registers_desk import ENTITY_COLUMNS, Desk, csv, venue, venues

_ENTRY = {"source": "a", "source_key": "b", "name": "甲", "regime": "fire_unit", "region": "410928"}


@pytest.fixture
def desk(client: TestClient, keys: dict[str, str], run_jobs: Callable[[], None]) -> Desk:
    """The registrar's desk of the county."""
    return Desk(client, keys, run_jobs)


@pytest.mark.parametrize(
    ("taken", "codes"),
    [
        (registers_query.Regime, columns.REGIMES),
        (registers_query.Status, columns.STATUSES),
        (registers_query.Agency, columns.AGENCIES),
        (registers_query.InspectorKind, columns.INSPECTOR_KINDS),
        (registers_query.Relation, columns.RELATIONS),
        (registers_query.RiskKind, columns.RISK_KINDS),
        (registers_query.VisitKind, columns.VISIT_KINDS),
    ],
)
def test_filters_take_exactly_the_codes_of_their_columns(taken: Any, codes: tuple[columns.Code, ...]) -> None:
    """Spec/registers.md has one list of each; the wire's copy is for its reader."""
    assert get_args(taken) == tuple(code.value for code in codes)


def _ndjson(*rows: object) -> bytes:
    return "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows).encode()


def _pointers(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.text
    assert answer.json()["type"] == "/problems/malformed"
    return [error["pointer"] for error in answer.json()["errors"]]


@pytest.mark.parametrize("character", ["\0", "\x1b", json.loads('"\\ud800"')])
@pytest.mark.parametrize("place", ["source_key", "source", "name", "regime", "region", "一列"])
def test_a_row_with_a_character_that_cannot_be_kept_is_a_row_error(
    desk: Desk, character: str, place: str
) -> None:
    """The job ends, the other row lands, and the report shows the character as an escape."""
    bad = _ENTRY | {"source_key": "c"} | {place: f"b{character}"}
    job = desk.load("entities", _ndjson(_ENTRY, bad), name="a.ndjson")
    assert job["state"] == "done"
    if place == "一列":
        assert (job["result"]["created"], job["errors"][0]["code"]) == (2, "unknown-column")
    else:
        assert (job["result"]["created"], job["result"]["rejected"]) == (1, 1)
        assert [error["row"] for error in job["errors"]] == [2]
    header = desk.load("entities", _ndjson(_ENTRY | {f"k{character}": "x"}), name="a.ndjson")
    assert header["state"] == "done"
    assert header["errors"][0]["field"] == f"k\\u{ord(character):04x}"


@pytest.mark.parametrize(
    "path",
    [
        "/v1/entities/a%00b",
        "/v1/entities/a%00b/history",
        "/v1/entities/a/registrations/%00",
        "/v1/inspectors/%00",
        "/v1/jobs/%00",
        "/v1/draws/%00",
        "/v1/public/draws/%00",
        "/v1/draw-plans/%00",
    ],
)
def test_nothing_has_a_name_with_nul(desk: Desk, path: str) -> None:
    """404 before the handler: PostgreSQL would refuse the question."""
    answer = desk.ask("GET", path, as_="planner" if "plans" in path else "registrar")
    assert answer.status_code in {404, 403}, answer.text
    assert answer.status_code == 404 or "draw" in path


@pytest.mark.parametrize("name", ["uscc", "key", "name", "region", "station", "status", "cursor"])
def test_a_filter_with_nul_is_refused_with_its_pointer(desk: Desk, name: str) -> None:
    """422 for every parameter alike."""
    assert _pointers(desk.ask("GET", f"/v1/entities?{name}=a%00")) == [f"/query/{name}"]


@pytest.mark.parametrize("name", ["item", "region"])
def test_a_public_filter_with_nul_is_refused(client: TestClient, name: str) -> None:
    """The public list asks the database too."""
    assert _pointers(client.get(f"/v1/public/draws?{name}=%00")) == [f"/query/{name}"]


@pytest.mark.parametrize("character", ["\\u0000", "\\ud800", "\\udfff"])
@pytest.mark.parametrize("place", ["name", "address"])
def test_a_body_with_a_character_that_cannot_be_kept_is_refused(
    desk: Desk, character: str, place: str
) -> None:
    """422 with the pointer, in every body alike; a pair of surrogates is one character and lands."""
    text = json.dumps(_ENTRY | {place: "X"}).replace('"X"', f'"a{character}"')
    answer = desk.ask("POST", "/v1/entities", content=text, headers={"Content-Type": "application/json"})
    assert _pointers(answer) == [f"/{place}"]
    paired = text.replace(character, "\\ud840\\udc00")
    made = desk.ask("POST", "/v1/entities", content=paired, headers={"Content-Type": "application/json"})
    assert made.status_code == 201, made.text


def test_a_name_in_a_body_that_cannot_be_kept_is_refused(desk: Desk) -> None:
    """The pointer shows the escape; broken JSON is still reported as such."""
    headers = {"Content-Type": "application/json"}
    keyed = desk.ask("POST", "/v1/entities", content='{"a\\ud800": [1, "x"]}', headers=headers)
    assert _pointers(keyed) == ["/a\\ud800"]
    broken = desk.ask("POST", "/v1/entities", content='{"a": "\\u0000"', headers=headers)
    assert broken.json()["errors"][0]["code"] == "json-invalid"


@pytest.mark.parametrize("level", ["0", "4", "99999999999999999999", "-1"])
def test_a_level_is_one_of_three(desk: Desk, level: str) -> None:
    """Integers beyond the column never reach the database."""
    assert _pointers(desk.ask("GET", f"/v1/entities?level={level}")) == ["/query/level"]


@pytest.mark.parametrize(("name", "value"), [("status", "open"), ("regime", "bar")])
def test_a_filter_takes_the_codes_of_its_column(desk: Desk, name: str, value: str) -> None:
    """A misspelt code is no empty list."""
    assert _pointers(desk.ask("GET", f"/v1/entities?{name}={value}")) == [f"/query/{name}"]


@pytest.mark.parametrize("value", ["a\0", json.loads('"\\ud800"')])
def test_a_cursor_with_a_character_that_cannot_be_kept_is_a_bad_cursor(desk: Desk, value: str) -> None:
    """As any cursor that the list did not give."""
    cursor = base64.urlsafe_b64encode(json.dumps([value]).encode()).decode().rstrip("=")
    answer = desk.ask("GET", f"/v1/entities?cursor={cursor}")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/bad-cursor")


@pytest.mark.parametrize(
    "line",
    [
        '{"source": "a"',
        '{"source": NaN}',
        '{"source": "a", "source": "b"}',
        '{"source": {"a": 1}}',
        '{"source": [["a"]]}',
        '"text"',
        "[]",
        "[" * 600,
    ],
)
def test_a_broken_line_of_ndjson_is_an_error_of_its_row_alone(desk: Desk, line: str) -> None:
    """`skip` lands the other rows; `abort` lands none."""
    content = _ndjson(_ENTRY, line, _ENTRY | {"source_key": "c"})
    aborted = desk.load("entities", content, name="a.ndjson", on_error="abort")
    assert (aborted["state"], aborted["result"]["created"], aborted["result"]["rejected"]) == ("failed", 0, 1)
    job = desk.load("entities", content, name="a.ndjson")
    assert (job["state"], job["result"]["created"], job["result"]["rejected"]) == ("done", 2, 1)
    assert [(error["row"], error["code"]) for error in job["errors"]] == [(2, "broken-json")]


def test_a_form_field_that_nobody_reads_is_refused(desk: Desk) -> None:
    """`dry-run=true` must not import."""
    answer = desk.ask(
        "POST",
        "/v1/imports",
        files={"file": ("a.csv", venues(1))},
        data={"register": "entities", "dry-run": "true"},
    )
    assert _pointers(answer) == ["/dry-run"]
    named = desk.ask(
        "POST", "/v1/imports", files={"file": ("a.csv", venues(1))}, data={"register": "entities\0"}
    )
    assert _pointers(named) == ["/register"]


@pytest.mark.parametrize("path", ["/v1/entities", "/v1/recusals", "/v1/inspectors", "/v1/public/draws"])
def test_a_query_parameter_that_nobody_reads_is_refused(desk: Desk, path: str) -> None:
    """`?staus=closed` must not answer with everything; the declared ones of any route pass."""
    assert _pointers(desk.ask("GET", f"{path}?staus=closed&limit=1")) == ["/query/staus"]
    assert desk.ask("GET", f"{path}?limit=1&count=true").status_code == 200


def test_if_none_match_star_is_any_representation(desk: Desk) -> None:
    """RFC 9110 section 13.1.2."""
    desk.load("entities", csv(ENTITY_COLUMNS, venue(1)))
    answer = desk.ask("GET", "/v1/entities", headers={"If-None-Match": "*"})
    assert (answer.status_code, answer.content) == (304, b"")
    missing = desk.ask("GET", "/v1/entities/none", headers={"If-None-Match": "*"})
    assert missing.status_code == 404
