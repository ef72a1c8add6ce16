"""What a full import leaves out is marked as not seen 未见; nothing is closed, for files have gaps."""

from collections.abc import Set as AbstractSet

from app.services.context import Act
from app.services.registers.landing import change
from app.store.registers import bulk, entities
from app.store.registers.shelves import ENTITY_SHELF, Shelf


def mark_not_seen(act: Act, shelf: Shelf, seen: AbstractSet[str], *, write: bool) -> int:
    """Mark the rows of the caller's region whose natural key was not seen; gives how many."""
    if write:
        bulk.lock(act.session, shelf.register.name)
    held = act.session.connection().execute(
        shelf.within(act.caller.region).where(shelf.not_seen_since.is_(None))
    )
    absent = [row for row in held.mappings() if row["held_key"] not in seen]
    if write:
        marks = [{"id": row["id"], "not_seen_since": act.now} for row in absent]
        bulk.update_records(act.session, shelf.table, marks)
        if shelf is ENTITY_SHELF:
            entities.mark_not_seen(act.session, [row["subject_id"] for row in absent], act.now)
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
                for row in absent
            ],
        )
    return len(absent)
