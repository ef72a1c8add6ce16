"""A small made-up county for planning tests, written straight into the registers' tables."""

from datetime import UTC, date, datetime
from typing import Any

from app.deps import House, new_uuid7
from app.store.tables.registers import (
    Entity,
    InspectorAbsence,
    PastVisit,
    RegisteredInspector,
    RegisteredRecusal,
    Registration,
    RiskEvent,
)

COUNTY = "410928"
_AT = datetime(2026, 1, 1, tzinfo=UTC)
_KNOWN_SINCE = date(2026, 11, 1)


def add_premises(house: House, key: str, *registrations: dict[str, Any], **entity: Any) -> str:
    """Register a premises; each registration is a dict of columns, `regime` at least."""
    entity_id = new_uuid7()
    columns: dict[str, Any] = {
        "region": COUNTY,
        "station": "001",
        "key_area": False,
        "name": f"场所{key}",
    } | entity
    with house.database.unit_of_work() as session:
        session.add(Entity(id=entity_id, key=key, premises=1, created_at=_AT, updated_at=_AT, **columns))
        session.flush()
        for registration in registrations:
            kept: dict[str, Any] = {"status": "operating", "known_since": _KNOWN_SINCE} | registration
            session.add(Registration(id=new_uuid7(), entity_id=entity_id, **kept))
    return entity_id


def add_venues(
    house: House, count: int, *, level: int = 1, station: str = "001", prefix: str = "src:v"
) -> None:
    """Register so many operating KTVs of a level."""
    for n in range(count):
        add_premises(
            house,
            f"{prefix}{n:03}",
            {"regime": "entertainment", "subtype": "ktv", "level": level},
            station=station,
        )


def add_inspector(house: House, code: str, **columns: Any) -> str:
    """Register an officer of the county's police, with everything valid and nothing restricted."""
    inspector_id = new_uuid7()
    kept: dict[str, Any] = {
        "region": COUNTY,
        "name": f"民警{code}",
        "certificate_no": f"证{code}",
        "certificate_to": date(2030, 1, 1),
        "kind": "officer",
        "agency": "psb",
        "lead": False,
        "regimes": [],
        "districts": [],
        "cap": 10,
    }
    with house.database.unit_of_work() as session:
        session.add(RegisteredInspector(id=inspector_id, code=code, **(kept | columns)))
    return inspector_id


def add_officers(house: House, *, leads: int = 4, members: int = 4) -> None:
    """Register leads L0, L1, … and members M0, M1, …."""
    for n in range(leads):
        add_inspector(house, f"L{n}", lead=True)
    for n in range(members):
        add_inspector(house, f"M{n}")


def add_event(house: House, entity_id: str, kind: str, on: date, **columns: Any) -> None:
    """Register a risk event."""
    with house.database.unit_of_work() as session:
        event_id = new_uuid7()
        named: dict[str, Any] = {
            "id": event_id,
            "natural_key": event_id,
            "entity_id": entity_id,
            "kind": kind,
        }
        session.add(RiskEvent(**named, happened_on=on, **columns))


def add_visit(house: House, entity_id: str, item: str, on: date, **columns: Any) -> None:
    """Register a drawn visit by the police that found nothing."""
    kept: dict[str, Any] = {"kind": "drawn", "agency": "psb", "codes": ["01"], "inspectors": []}
    with house.database.unit_of_work() as session:
        visit_id = new_uuid7()
        named: dict[str, Any] = {
            "id": visit_id,
            "natural_key": visit_id,
            "entity_id": entity_id,
            "item": item,
        }
        session.add(PastVisit(**named, visited_on=on, **(kept | columns)))


def add_recusal(house: House, inspector_id: str, entity_id: str, relation: str = "spouse") -> None:
    """Register a recusal without start or end."""
    with house.database.unit_of_work() as session:
        session.add(
            RegisteredRecusal(
                id=new_uuid7(),
                inspector_id=inspector_id,
                entity_id=entity_id,
                natural_key=f"{inspector_id}\t{entity_id}\t{relation}",
                relation=relation,
            )
        )


def add_absence(house: House, inspector_id: str, starts_on: date, ends_on: date) -> None:
    """Register an absence."""
    with house.database.unit_of_work() as session:
        session.add(
            InspectorAbsence(id=new_uuid7(), inspector_id=inspector_id, starts_on=starts_on, ends_on=ends_on)
        )


def plan_body(**changes: Any) -> dict[str, Any]:
    """A well-formed plan for the county's venues; the clock of the tests stands at 2026-11-02."""
    body: dict[str, Any] = {
        "item": "psb.venues",
        "region": COUNTY,
        "period": "2026-11.2",
        "scope": {"regimes": [], "levels": [], "stations": []},
        "strata": [
            {
                "name": "all",
                "match": {"regime": "entertainment"},
                "rate": [1, 5],
                "min": 1,
                "surprise": 0,
            }
        ],
        "slots": [["agency:psb", "role:lead"], ["agency:psb"]],
        "entropy": {"kind": "ceremony", "sources": [{"name": "dice", "format": "digits:20"}]},
        "visit_from": "2026-11-10",
        "visit_to": "2026-11-20",
        "reveal_by": "2026-12-01",
    }
    return body | changes
