"""Landing rows of the entity register: a row is one registration and carries its premises along."""

from collections.abc import Sequence
from typing import Any

from app.domain.days import shanghai_day
from app.domain.registers import EntityRow
from app.services.registers.landing import Landing, differing
from app.store.registers.bulk import Record
from app.store.registers.shelves import ENTITY_FIELDS, REGISTRATION_FIELDS
from app.store.tables.duties import RegistrationChange
from app.store.tables.registers import Entity, Registration


class EntityLanding:
    """What is known of the premises that rows name: as held, and as earlier rows of the file have left it."""

    def __init__(self) -> None:
        self._planned: dict[str, Record] = {}

    def __call__(self, landing: Landing, rows: Sequence[tuple[int, Any]]) -> None:
        """Decide about rows."""
        rows = landing.timely(rows)
        entities: dict[str, Record] = {}
        registrations: dict[tuple[str, str], Record] = {}
        for held in landing.shelf.held(landing.act.session.connection(), (row for _, row in rows)):
            entity = entities.setdefault(held["entity_key"], dict(held))
            entity.update(self._planned.get(held["entity_key"], {}))
            registrations[held["entity_key"], held["regime"]] = held
        for number, row in rows:
            self._land(landing, number, row, entities, registrations.get(row.key))

    def _land(
        self,
        landing: Landing,
        number: int,
        row: EntityRow,
        entities: dict[str, Record],
        registration: Record | None,
    ) -> None:
        key = row.entity_id
        entity = entities.get(key)
        if not landing.act.caller.sees(row.region):
            landing.refuse(number, "region", "region-outside", row.region, prefix=landing.act.caller.region)
        elif entity is not None and not landing.act.caller.sees(entity["held_region"]):
            landing.refuse(number, "uscc" if row.uscc else "source_key", "held-elsewhere", key)
        elif entity is None:
            entities[key] = _new_entity(landing, row)
            _new_registration(landing, row, entities[key]["subject_id"])
            landing.created += 1
        else:
            self._change(landing, row, entity, registration)

    def _change(self, landing: Landing, row: EntityRow, entity: Record, registration: Record | None) -> None:
        after = differing(row, entity, [name for name in ENTITY_FIELDS if name in landing.given])
        before = {name: entity[name] for name in after}
        if after or entity["entity_not_seen_since"] is not None:
            stored = {**after, "not_seen_since": None, "updated_at": landing.act.now}
            landing.update(Entity, entity["subject_id"], stored)
            seen = {**after, "entity_not_seen_since": None}
            entity.update(seen)
            self._planned.setdefault(row.entity_id, {}).update(seen)
        if registration is None:
            record_id = _new_registration(landing, row, entity["subject_id"])
            landing.created += 1
        else:
            record_id = registration["id"]
            changed = differing(row, registration, [n for n in REGISTRATION_FIELDS if n in landing.given])
            if registration["not_seen_since"] is not None:
                changed["not_seen_since"] = None
            if changed:
                landing.update(Registration, record_id, changed)
                _remember_duty(landing, registration, changed)
                before |= {name: registration[name] for name in changed}
                after |= changed
            landing.updated += bool(after)
            landing.unchanged += not after
        if after:
            landing.remember(
                "updated",
                subject_id=entity["subject_id"],
                record_id=record_id,
                region=row.region,
                before={"regime": row.regime, **before},
                after={"regime": row.regime, **after},
            )


def _remember_duty(landing: Landing, registration: Record, changed: Record) -> None:
    """Keep what decides over duties as it was until today: windows that began before follow from it."""
    if changed.keys() & {"status", "level", "subtype"}:
        landing.insert(
            RegistrationChange,
            {
                "id": landing.act.new_id(),
                "registration_id": registration["id"],
                "on": shanghai_day(landing.act.now),
                "status_before": registration["status"],
                "level_before": registration["level"],
                "subtype_before": registration["subtype"],
            },
        )


def _new_entity(landing: Landing, row: EntityRow) -> Record:
    values = {name: getattr(row, name) for name in ENTITY_FIELDS}
    act = landing.act
    entity_id = act.new_id()
    own = {"id": entity_id, "key": row.entity_id, "created_at": act.now, "updated_at": act.now}
    landing.insert(Entity, {**own, **values, "not_seen_since": None})
    return {"subject_id": entity_id, "held_region": row.region, "entity_not_seen_since": None, **values}


def _new_registration(landing: Landing, row: EntityRow, entity_id: str) -> str:
    values = {name: getattr(row, name) for name in REGISTRATION_FIELDS}
    record_id = landing.act.new_id()
    known_since = shanghai_day(landing.act.now)
    own = {"id": record_id, "entity_id": entity_id, "known_since": known_since, "not_seen_since": None}
    landing.insert(Registration, {**own, **values})
    landing.remember(
        "created",
        subject_id=entity_id,
        record_id=record_id,
        region=row.region,
        before=None,
        after=landing.said(row),
    )
    return record_id
