"""What sources said of an entity, when it goes into another and when the two are taken apart."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import select, update
from sqlmodel import Session, col

from app.store.tables.sources import Source, SourceRecord


def records_about(session: Session, entity_id: str) -> list[list[str | None]]:
    """Source, key and row of each record that speaks of an entity."""
    rows = session.execute(
        select(*(col(SourceRecord.source_id), col(SourceRecord.source_key), col(SourceRecord.record_id)))
        .where(col(SourceRecord.entity_id) == entity_id)
        .order_by(col(SourceRecord.source_id), col(SourceRecord.source_key))
    )
    return [list(row) for row in rows]


def return_records(
    session: Session, *, records: Iterable[Sequence[str | None]], from_id: str, to_id: str
) -> None:
    """Let records speak of an entity again, as they did."""
    for source_id, source_key, record_id in records:
        session.execute(
            update(SourceRecord)
            .where(
                col(SourceRecord.source_id) == source_id,
                col(SourceRecord.source_key) == source_key,
                col(SourceRecord.entity_id) == from_id,
            )
            .values(entity_id=to_id, record_id=record_id)
        )


def land_anew(session: Session, *, entity_ids: Collection[str]) -> None:
    """Let the next run of each source that speaks of some entities ask for everything, and land it."""
    about = col(SourceRecord.entity_id).in_(entity_ids)
    sources = select(col(SourceRecord.source_id)).where(about)
    session.execute(update(Source).where(col(Source.id).in_(sources)).values(etag=None, last_modified=None))
    session.execute(update(SourceRecord).where(about).values(digest=None))


def move_records(session: Session, *, from_id: str, into_id: str, rows: Mapping[str, str]) -> None:
    """Let the records of an entity speak of another; `rows` are its registrations, old id to new."""
    session.execute(
        update(SourceRecord).where(col(SourceRecord.entity_id) == from_id).values(entity_id=into_id)
    )
    for old, new in rows.items():
        session.execute(update(SourceRecord).where(col(SourceRecord.record_id) == old).values(record_id=new))
