"""Migration 0014 on a database in which the same was entered twice before, and the constraint it leaves."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.store.registers.inspector_records import natural_key
from app.store.session import Database
from app.store.tables.registers import InspectorAbsence, RegisteredInspector
from app.store.tables.staffing import InspectorQualification, InspectorTraining
from tests.migrating import migrated

_DAY = date(2026, 10, 20)


def _keys(database: Database, table: str) -> list[str | None]:
    with database.reading() as connection:
        return list(connection.scalars(text(f"SELECT natural_key FROM {table} ORDER BY id")))  # noqa: S608 - the test's own names


def test_the_first_of_two_keeps_its_key_and_nothing_is_lost(database: Database) -> None:
    """Two of each, one withdrawn, a third that differs: what stood first is the one that says it."""
    inspector = RegisteredInspector(
        id="i", code="a", region="410928", name="甲", certificate_no="ZF", certificate_to=_DAY,
        kind="officer", agency="psb", lead=True, regimes=[], districts=[], cap=10,
    )  # fmt: skip
    training: dict[str, Any] = {"inspector_id": "i", "course": "年度|培训", "held_on": _DAY, "hours": 8}
    regime: dict[str, Any] = {"inspector_id": "i", "regime": "entertainment", "valid_to": _DAY}
    away: dict[str, Any] = {"inspector_id": "i", "starts_on": _DAY, "ends_on": _DAY}
    with database.unit_of_work() as session:
        session.add(inspector)
        session.flush()
        session.add_all(InspectorTraining(id=f"t{n}", **training) for n in (1, 2))
        session.add(InspectorTraining(id="t3", **training | {"course": "法规"}))
        session.add_all(InspectorQualification(id=f"q{n}", **regime) for n in (1, 2))
        session.add_all(InspectorAbsence(id=f"a{n}", **away) for n in (1, 2))
    migrated(database, "downgrade", "0013")
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE inspector_qualifications SET withdrawn_because = 'x'"))
        connection.execute(
            text("UPDATE inspector_qualifications SET withdrawn_at = '2026-10-21 00:00:00' WHERE id = 'q1'")
        )
    migrated(database, "upgrade", "head")
    said = natural_key("i", _DAY, "年度|培训")
    assert _keys(database, "inspector_trainings") == [said, None, natural_key("i", _DAY, "法规")]
    assert _keys(database, "inspector_qualifications") == [
        None,
        natural_key("i", "entertainment", None, _DAY, None),
    ]
    assert _keys(database, "inspector_absences") == [natural_key("i", _DAY, _DAY), None]
    with pytest.raises(IntegrityError), database.unit_of_work() as session:
        session.add(InspectorTraining(id="t4", natural_key=said, **training))


def test_a_key_tells_what_is_left_out_from_what_is_said() -> None:
    """By hand: nothing stands between two bars."""
    assert natural_key("i", "fire_unit", None, date(2027, 1, 1), None) == "i|fire_unit||2027-01-01|"
