"""Visits that are over among the register's past ones: one row for each level of government."""

from datetime import UTC, date, datetime
from typing import Any

from sqlmodel import select

from app.domain.registers import VisitRow
from app.store.fieldwork.records import put_past_visit
from app.store.registers.shelves import natural_key
from app.store.session import Database
from app.store.tables.registers import Entity, PastVisit

DAY = date(2026, 11, 3)
NOW = datetime(2026, 11, 3, tzinfo=UTC)


def past(identity: str, level: str | None, team: str, codes: tuple[str, ...] = ("01",)) -> PastVisit:
    """Give the row of a drawn visit of one day at one premises."""
    row = VisitRow(
        entity="src:1", item="psb.venues", on=DAY, kind="drawn", agency="psb", codes=codes, inspectors=()
    )
    given: dict[str, Any] = {"item": row.item, "visited_on": row.on, "kind": row.kind, "agency": row.agency}
    return PastVisit(
        id=identity,
        entity_id="e",
        natural_key=natural_key(row),
        level=level,
        codes=list(codes),
        inspectors=[team],
        **given,
    )


def test_city_and_county_may_come_on_the_same_day(database: Database) -> None:
    """Each keeps its own row, which its corrections find again; what a register said becomes the first's."""
    with database.unit_of_work() as session:
        session.add(
            Entity(
                id="e",
                key="src:1",
                premises=1,
                name="样例",
                region="410928",
                key_area=False,
                created_at=NOW,
                updated_at=NOW,
            )
        )
        session.flush()
        for n, (level, team, codes) in enumerate(
            [
                (None, "of the register", ("01",)),
                ("county", "a", ("01",)),
                ("city", "c", ("01",)),
                ("county", "a", ("05",)),
                ("city", "d", ("07",)),
            ]
        ):
            put_past_visit(session, past(f"v{n}", level, team, codes))
            session.flush()
    with database.reading() as connection:
        rows = connection.execute(select(PastVisit.level, PastVisit.inspectors, PastVisit.codes)).all()
    assert sorted(map(tuple, rows)) == [("city", ["d"], ["07"]), ("county", ["a"], ["05"])]
