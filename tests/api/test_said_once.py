"""The same training, qualification or absence is on file once, however often it is entered (OF7)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from tests.registers_desk import Desk, officers

BASE = "/v1/inspectors/a"
TRAINING: dict[str, Any] = {"course": "年度培训", "held_on": "2026-10-20", "hours": 16}
QUALIFICATION: dict[str, Any] = {"regime": "entertainment", "valid_to": "2027-11-19"}
ABSENCE: dict[str, Any] = {"starts_on": "2026-11-03", "ends_on": "2026-11-05", "reason": "病假"}
SAID: list[tuple[str, dict[str, Any]]] = [
    ("trainings", TRAINING),
    ("qualifications", QUALIFICATION),
    ("absences", ABSENCE),
]


@pytest.fixture
def desk(client: TestClient, keys: dict[str, str], run_jobs: Callable[[], None]) -> Desk:
    """The registrar's desk, with two officers."""
    made = Desk(client, keys, run_jobs)
    made.load("inspectors", officers("a", "b"))
    return made


def _said(desk: Desk, records: str, body: dict[str, Any], code: str = "a") -> Response:
    return desk.ask("POST", f"/v1/inspectors/{code}/{records}", json=body)


def _refused(answer: Response) -> dict[str, Any]:
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/already-recorded"), answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize(("records", "body"), SAID)
def test_said_twice_is_refused_with_the_record_that_says_it(
    desk: Desk, records: str, body: dict[str, Any]
) -> None:
    """409 and nothing more on file; of another officer, or with another day, it is another record."""
    first = _said(desk, records, body)
    assert first.status_code == 201, first.text
    again = _refused(_said(desk, records, {name: body[name] for name in reversed(body)}))
    assert first.json()["id"] in again["detail"]
    assert "已登记相同的内容" in again["detail"]
    assert len(desk.get(f"{BASE}/{records}")["items"]) == 1
    assert _said(desk, records, body, code="b").status_code == 201
    day = next(name for name in body if name in {"held_on", "valid_to", "ends_on"})
    assert (
        _said(desk, records, body | {day: "2026-11-01" if day == "held_on" else "2028-01-01"}).status_code
        == 201
    )


@pytest.mark.parametrize(("records", "body"), SAID)
def test_two_at_the_same_moment_make_one_record(desk: Desk, records: str, body: dict[str, Any]) -> None:
    """Eight callers at once: one 201 and seven 409, on both databases."""
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: _said(desk, records, body).status_code, range(8)))
    assert sorted(answers) == [201] + [409] * 7
    assert len(desk.get(f"{BASE}/{records}")["items"]) == 1


def test_what_was_withdrawn_or_deleted_can_be_said_again(desk: Desk) -> None:
    """A record that was entered wrongly does not stand in the way of the right one."""
    for records, body in SAID[:2]:
        made = _said(desk, records, body).headers["location"]
        assert desk.ask("POST", f"{made}/withdraw", json={"reason": "误登"}).status_code == 200
        assert _said(desk, records, body).status_code == 201
        _refused(_said(desk, records, body))
    made = _said(desk, "absences", ABSENCE).headers["location"]
    gone = desk.ask("DELETE", made, headers={"If-Match": "*"})
    assert gone.status_code == 204, gone.text
    assert _said(desk, "absences", ABSENCE).status_code == 201


def test_a_correction_does_not_make_two_of_one(desk: Desk) -> None:
    """PATCH into what another record says is refused; into itself, or what it said before, it is not."""
    _said(desk, "trainings", TRAINING)
    other = _said(desk, "trainings", TRAINING | {"held_on": "2026-10-21"}).headers["location"]
    patch: dict[str, Any] = {"headers": {"If-Match": "*"}}
    _refused(desk.ask("PATCH", other, json={"held_on": "2026-10-20"}, **patch))
    assert desk.get(other)["held_on"] == "2026-10-21"
    assert desk.ask("PATCH", other, json={"hours": 8}, **patch).status_code == 200
    assert desk.ask("PATCH", other, json={"held_on": "2026-10-22"}, **patch).status_code == 200
    _refused(_said(desk, "trainings", TRAINING | {"held_on": "2026-10-22"}))
    assert _said(desk, "trainings", TRAINING | {"held_on": "2026-10-21"}).status_code == 201


@pytest.mark.parametrize(
    ("records", "body", "pointer"),
    [
        ("trainings", TRAINING | {"held_on": "0026-10-20"}, "/held_on"),
        ("qualifications", QUALIFICATION | {"valid_from": "1900-01-01"}, "/valid_from"),
        ("absences", ABSENCE | {"starts_on": "0001-01-01"}, "/starts_on"),
    ],
)
def test_absurdly_early_days_are_refused(
    desk: Desk, records: str, body: dict[str, Any], pointer: str
) -> None:
    """OF6: before 1949-10-01 there is nothing to record."""
    refused = _said(desk, records, body)
    assert refused.status_code == 422
    [error] = refused.json()["errors"]
    assert (error["pointer"], error["code"]) == (pointer, "day-too-early")
    assert "1949-10-01" in error["detail"]
