"""Crashes: a job that the database refuses ends, and no log quotes a row."""

import json
import logging
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.deps import House
from app.jobs.imports import LOST_AFTER, Imports
from app.tracing import JsonLines
from tests.conftest import Clock
from tests.registers_desk import ENTITY_COLUMNS, Desk, csv, venue

_SECRET = "某家不便说的店"
_REFUSING = {
    True: "CREATE TRIGGER refusing BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'no'); END",
    False: "ALTER TABLE {table} ADD CONSTRAINT refusing CHECK (name = '')",
}


@pytest.fixture
def desk(client: TestClient, keys: dict[str, str], run_jobs: Callable[[], None]) -> Desk:
    """The registrar's desk of the county."""
    return Desk(client, keys, run_jobs)


@pytest.fixture
def refusing(house: House) -> None:
    """A database that takes no entity, and says which row it refuses."""
    with house.database.engine.begin() as connection:
        connection.execute(text(_REFUSING[house.database.is_sqlite].format(table="entities")))


@pytest.mark.usefixtures("refusing")
def test_an_import_that_the_database_refuses_fails_and_its_log_names_no_one(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """State failed, code internal, not tried for ever; the log has kind and SQLSTATE, not DETAIL."""
    job = desk.load("entities", csv(ENTITY_COLUMNS, venue(1, name=_SECRET)))
    assert (job["state"], [error["code"] for error in job["errors"]]) == ("failed", ["internal"])
    said = "".join(JsonLines().format(record) for record in caplog.records)
    assert "IntegrityError [" in said
    assert _SECRET not in said


@pytest.mark.usefixtures("refusing")
def test_a_crash_of_a_request_is_logged_without_what_was_sent(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """Type, SQLSTATE and stack only, also where the server itself logs the exception."""
    entry = {"source": "a", "source_key": "b", "name": _SECRET, "regime": "fire_unit", "region": "410928"}
    answer = desk.ask("POST", "/v1/entities", json=entry)
    assert (answer.status_code, answer.json()["type"]) == (500, "/problems/internal")
    said = "".join(JsonLines().format(record) for record in caplog.records)
    assert "IntegrityError [" in said
    assert _SECRET not in said


def _fail() -> None:
    try:
        int(_SECRET)
    except ValueError as cause:
        raise KeyError(_SECRET) from cause


def test_the_trace_of_a_server_log_quotes_no_message() -> None:
    """What uvicorn logs of an unhandled exception goes through the same words, cause first."""
    with pytest.raises(KeyError) as raised:
        _fail()
    crash = (raised.type, raised.value, raised.tb)
    record = logging.getLogger("x").makeRecord("x", logging.ERROR, "", 0, "fell", (), crash)
    trace = json.loads(JsonLines().format(record))["trace"]
    assert trace.index("builtins.ValueError") < trace.index("builtins.KeyError")
    assert _SECRET not in trace


_TROUBLE = {
    True: ["ALTER TABLE register_changes RENAME TO gone"],
    False: [
        (
            "CREATE FUNCTION lost() RETURNS trigger LANGUAGE plpgsql AS $$"
            " BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$"
        ),
        "CREATE TRIGGER lost BEFORE INSERT ON register_changes EXECUTE FUNCTION lost()",
    ],
}
_MENDED = {
    True: "ALTER TABLE gone RENAME TO register_changes",
    False: "DROP TRIGGER lost ON register_changes",
}


def test_an_operational_error_is_tried_again(desk: Desk, house: House, clock: Clock) -> None:
    """A serialization failure, a lost connection: the job stays and ends when the trouble has gone."""
    path = desk.hand_in("entities", csv(ENTITY_COLUMNS, venue(1)))
    imports = Imports()
    assert imports(house)
    with house.database.engine.begin() as connection:
        for statement in _TROUBLE[house.database.is_sqlite]:
            connection.execute(text(statement))
    with pytest.raises(OperationalError):
        imports(house)
    assert desk.get(path)["state"] == "running"
    with house.database.engine.begin() as connection:
        connection.execute(text(_MENDED[house.database.is_sqlite]))
    clock.now += LOST_AFTER * 2
    desk.run_jobs()
    assert (desk.get(path)["state"], desk.get(path)["result"]["created"]) == ("done", 1)
