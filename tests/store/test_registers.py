"""Queries of the registers that HTTP shows only from afar."""

import base64
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import col

from app.domain.errors import Malformed
from app.store import jobs
from app.store.one_value import as_one_value, rows_of
from app.store.paging import cursor_of, cursor_values
from app.store.registers import bulk
from app.store.registers.entities import EntityFilter, entities_named, entity_page
from app.store.registers.pages import Paging
from app.store.session import Database
from app.store.tables.jobs import Job
from app.store.tables.registers import Entity, Registration

_NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)


def _entity(key: str, *, name: str = "歌厅", region: str = "410928") -> bulk.Record:
    return {
        "id": f"id-{key}",
        "key": key,
        "premises": 1,
        "name": name,
        "region": region,
        "key_area": False,
        "created_at": _NOW,
        "updated_at": _NOW,
    }


def _registration(key: str, regime: str) -> bulk.Record:
    return {
        "id": f"{key}-{regime}",
        "entity_id": f"id-{key}",
        "regime": regime,
        "status": "operating",
        "known_since": date(2026, 11, 1),
    }


def _fill(database: Database, *keys: str) -> None:
    with database.unit_of_work() as session:
        bulk.insert_records(session, Entity, [_entity(key) for key in keys])
        rows = [_registration(key, regime) for key in keys for regime in ("fire_unit", "entertainment")]
        bulk.insert_records(session, Registration, rows)


def test_rows_as_one_value_are_the_rows(database: Database) -> None:
    """Chinese, quotes and nulls arrive as they are; no rows are an empty list."""
    with database.unit_of_work() as session:
        bulk.insert_records(session, Entity, [_entity("a", name='“”"\\ 䶮'), _entity("b")])
    query = select(col(Entity.key), col(Entity.name), col(Entity.address), col(Entity.premises))
    with database.reading() as connection:
        whole = rows_of(connection, as_one_value(query), {})
        assert sorted(whole) == sorted([list(row) for row in connection.execute(query)])
        none = query.where(col(Entity.key) == "c")
        assert rows_of(connection, as_one_value(none), {}) == []


def test_a_page_is_in_byte_order_with_registrations_by_regime(database: Database) -> None:
    """DR1 ids are ordered by their UTF-8 bytes, beyond the basic plane too, on both databases."""
    keys = ["s:\U00020000", "s:\uffee", "S:b", "s:a", "91"]
    _fill(database, *keys)
    with database.reading() as connection:
        found = entity_page(connection, EntityFilter(), region="", paging=Paging(9, None, count=True))
    assert [one["key"] for one in found.rows] == sorted(keys, key=str.encode)
    assert found.count == 5
    assert {tuple(r["regime"] for r in one["registrations"]) for one in found.rows} == {
        ("entertainment", "fire_unit")
    }


def test_a_page_and_a_single_read_say_the_same(database: Database) -> None:
    """Whichever way the values travel."""
    from app.schemas.registers import EntityRead  # noqa: PLC0415 - the wire form is where both ways meet

    _fill(database, "a")
    with database.reading() as connection:
        page = entity_page(connection, EntityFilter(), region="", paging=Paging(9, None, count=False))
        single = entities_named(connection, "a")
    assert EntityRead.of(page.rows[0]) == EntityRead.of(single[0])


def test_records_of_different_fields_are_updated_each_in_its_own(database: Database) -> None:
    """A field that a record does not have stays as it is."""
    _fill(database, "a", "b")
    with database.unit_of_work() as session:
        changes: list[bulk.Record] = [{"id": "id-a", "name": "甲"}, {"id": "id-b", "station": "007"}]
        bulk.update_records(session, Entity, changes)
    with database.reading() as connection:
        found = connection.execute(
            select(col(Entity.name), col(Entity.station)).order_by(col(Entity.key))
        ).all()
    assert [tuple(row) for row in found] == [("甲", None), ("歌厅", "007")]


def _job(number: int) -> Job:
    return Job(
        id=f"job-{number}",
        kind="import",
        state="queued",
        region="410928",
        created_by="c",
        caller_name="c",
        created_at=_NOW,
        options={},
    )


def test_the_oldest_job_is_claimed_once_and_again_when_it_is_lost(database: Database) -> None:
    """Queued before lost before nothing; a claimed job is held by who stands where it stands."""
    with database.unit_of_work() as session:
        for number in (2, 1):
            jobs.add_job(session, _job(number), filename="a.csv", content=b"x")

    def claimed(at: datetime) -> str | None:
        with database.unit_of_work() as session:
            found = jobs.claim(session, kind="import", now=at, lost_before=at - timedelta(seconds=30))
            return None if found is None else str(found.id)

    later = _NOW + timedelta(seconds=20)
    assert [claimed(_NOW), claimed(later), claimed(later)] == ["job-1", "job-2", None]
    assert claimed(_NOW + timedelta(seconds=40)) == "job-1"
    with database.unit_of_work() as session:
        assert jobs.hold(session, "job-1", done=0)
        jobs.save(session, "job-1", done=1000)
    with database.unit_of_work() as session:
        assert not jobs.hold(session, "job-1", done=0)
        assert jobs.job_file(session, "job-1").content == b"x"


def test_of_two_claims_at_once_neither_waits_nor_gets_the_others_job(database: Database) -> None:
    """PostgreSQL skips the row that is being claimed; on SQLite the second claim queues at its begin."""
    if database.is_sqlite:
        return
    with database.unit_of_work() as session:
        for number in (1, 2):
            jobs.add_job(session, _job(number), filename="a.csv", content=b"x")
    with database.unit_of_work() as one, database.unit_of_work() as other:
        found = [jobs.claim(session, kind="import", now=_NOW, lost_before=_NOW) for session in (one, other)]
    assert [row.id for row in found if row is not None] == ["job-1", "job-2"]


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.tuples(
        st.text(st.characters(exclude_characters="\0", codec="utf-8")),
        st.integers(min_value=-(2**31) + 1, max_value=2**31 - 1),
        st.dates(),
        st.datetimes(timezones=st.just(UTC)),
    )
)
def test_a_cursor_gives_back_what_it_was_made_of(values: tuple[object, ...]) -> None:
    """Text, numbers, days and instants that a database can hold."""
    assert cursor_values(cursor_of(values), [type(value) for value in values]) == list(values)


@pytest.mark.parametrize("cursor", ["", "x", "bnVsbA", cursor_of(["a"]), cursor_of([1, 2]), "é"])
def test_a_cursor_of_another_list_is_refused(cursor: str) -> None:
    """Bad base64, bad JSON, another length, another type."""
    with pytest.raises(Malformed, match="bad-cursor"):
        cursor_values(cursor, [int])


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("a\0", str),
        (json.loads('"\\ud800"'), str),
        (2**31, int),
        ("2026-11-02T00:00:00", datetime),
        ("9999-12-31T23:59:59.999999-14:00", datetime),
        ("0001-01-01T00:00:00+14:00", datetime),
    ],
)
def test_a_cursor_that_no_row_can_have_is_refused(value: object, kind: type) -> None:
    """NUL, lone surrogates, integers beyond a column, instants without a zone or out of the calendar."""
    cursor = base64.urlsafe_b64encode(json.dumps([value]).encode()).decode().rstrip("=")
    with pytest.raises(Malformed, match="bad-cursor"):
        cursor_values(cursor, [kind])
