"""What a full import leaves out is marked as not seen 未见; nothing is closed, for files have gaps."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from app.services.context import Act
from app.services.registers.landing import change
from app.store.registers import bulk, entities
from app.store.registers.joined import former_keys, names_of
from app.store.registers.shelves import ENTITY_SHELF, Shelf


def mark_not_seen(act: Act, shelf: Shelf, seen: AbstractSet[str], *, write: bool) -> int:
    """Mark the rows of the caller's region whose natural key was not seen; gives how many."""
    if write:
        bulk.lock(act.session, shelf.register.name)
    connection = act.session.connection()
    held = connection.execute(shelf.within(act.caller.region).where(shelf.not_seen_since.is_(None)))
    former = former_keys(connection)
    absent = [row for row in held.mappings() if seen.isdisjoint(names_of(row["held_key"], former))]
    if write:
        mark(act, shelf, absent)
    return len(absent)


def mark(act: Act, shelf: Shelf, absent: Iterable[Mapping[Any, Any]]) -> None:
    """Mark rows of a shelf as not seen, and the premises of which no registration is seen any more."""
    rows = list(absent)
    marks = [{"id": row["id"], "not_seen_since": act.now} for row in rows]
    bulk.update_records(act.session, shelf.table, marks)
    if shelf is ENTITY_SHELF:
        entities.mark_not_seen(act.session, [row["subject_id"] for row in rows], act.now)
    bulk.add_changes(
        act.session,
        [
            change(
                act,
                shelf.register.name,
                "not-seen",
                subject_id=row["subject_id"],
                record_id=row["id"],
                region=row["held_region"],
                before={"not_seen_since": None},
                after={"not_seen_since": act.now},
            )
            for row in rows
        ],
    )
