"""What sources said of each record, and which row of a register it became."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, func, insert, select, update
from sqlmodel import Session, col

from app.domain.registers import Row as RegisterRow
from app.store.paging import Rows, page
from app.store.registers.bulk import Record
from app.store.registers.pages import Paging
from app.store.registers.shelves import Shelf
from app.store.tables.registers import Entity, Registration
from app.store.tables.sources import JoinedEntity, Source, SourceRecord

Found = dict[str, Row[Any]]
"""Rows by source key or by DR1 entity id."""

_ENTITY_FIELDS = (
    *(col(Entity.id), col(Entity.key), col(Entity.uscc), col(Entity.premises), col(Entity.source)),
    *(col(Entity.source_key), col(Entity.name), col(Entity.address), col(Entity.region)),
    *(col(Entity.station), col(Entity.legal_rep), col(Entity.key_area)),
)


def records_of(session: Session, source_id: str, keys: Collection[str], shelf: Shelf) -> Found:
    """What is known of some records, of their entities, and whether the register still sees their rows."""
    table: Any = shelf.table
    rows = session.execute(
        select(
            *(col(SourceRecord.source_key), col(SourceRecord.digest), col(SourceRecord.entity_id)),
            *(col(SourceRecord.record_id), col(SourceRecord.regime), col(SourceRecord.first_seen_at)),
            *(col(SourceRecord.not_seen_since), col(SourceRecord.to_match), col(SourceRecord.fetched_run)),
            *(col(Entity.key).label("entity_key"), col(Entity.uscc).label("entity_uscc")),
            *(col(table.id).label("there"), col(table.not_seen_since).label("row_not_seen_since")),
        )
        .join(Entity, col(Entity.id) == col(SourceRecord.entity_id), isouter=True)
        .join(table, col(table.id) == col(SourceRecord.record_id), isouter=True)
        .where(col(SourceRecord.source_id) == source_id, col(SourceRecord.source_key).in_(keys))
    )
    return {row.source_key: row for row in rows}


def mark_fetched(session: Session, *, source_id: str, run_id: str, keys: Collection[str]) -> None:
    """Note of known records that the source has given them in this run."""
    session.execute(
        update(SourceRecord)
        .where(col(SourceRecord.source_id) == source_id, col(SourceRecord.source_key).in_(keys))
        .values(fetched_run=run_id)
    )


def takers(
    session: Session, *, source_id: str, run_id: str, entity_keys: Collection[str]
) -> Sequence[Row[str, str | None, str]]:
    """Which records of this run stand under some entities: entity id, regime, source key."""
    return session.execute(
        select(col(Entity.key), col(SourceRecord.regime), col(SourceRecord.source_key))
        .join(SourceRecord, col(SourceRecord.entity_id) == col(Entity.id))
        .where(
            col(Entity.key).in_(entity_keys),
            col(SourceRecord.source_id) == source_id,
            col(SourceRecord.fetched_run) == run_id,
        )
    ).all()


def entities_by_key(session: Session, keys: Collection[str]) -> dict[str, Record]:
    """What some entities are, by DR1 entity id."""
    rows = session.execute(select(*_ENTITY_FIELDS).where(col(Entity.key).in_(keys)))
    return {row.key: row._asdict() for row in rows}


def registrations_by_key(session: Session, entity_keys: Collection[str]) -> dict[tuple[str, str], Record]:
    """What the registrations of some entities are, by DR1 entity id and regime."""
    rows = session.execute(
        select(
            *(col(Entity.key), col(Registration.regime), col(Registration.subtype), col(Registration.level)),
            *(col(Registration.status), col(Registration.licence_no), col(Registration.licence_to)),
            col(Registration.registered_on),
        )
        .join(Entity, col(Entity.id) == col(Registration.entity_id))
        .where(col(Entity.key).in_(entity_keys))
    )
    return {(row.key, row.regime): row._asdict() for row in rows}


def entities_of_source(
    session: Session, source: str, source_keys: Collection[str]
) -> dict[tuple[str, int], Row[Any]]:
    """Entities that came with a source's name and key, by hand or by file: by key and premises number."""
    joined = exists().where(col(JoinedEntity.entity_id) == col(Entity.id))
    rows = session.execute(
        select(*_ENTITY_FIELDS).where(
            col(Entity.source) == source, col(Entity.source_key).in_(source_keys), ~joined
        )
    )
    return {(row.source_key, row.premises): row for row in rows}


Leaders = dict[tuple[str, str | None], tuple[int, str]]
"""The best rank among some sources with the source's code, by DR1 entity id and regime (None: any)."""


def leaders(session: Session, entity_keys: Collection[str]) -> Leaders:
    """Which sources lead in what is said of some entities and of their registrations."""
    found: Leaders = {}
    rows = session.execute(
        select(col(Entity.key), col(SourceRecord.regime), col(Source.rank), col(Source.code))
        .join(SourceRecord, col(SourceRecord.entity_id) == col(Entity.id))
        .join(Source, col(Source.id) == col(SourceRecord.source_id))
        .where(col(Entity.key).in_(entity_keys), col(SourceRecord.not_seen_since).is_(None))
        .distinct()
    )
    for key, regime, rank, code in rows:
        for place in ((key, None), (key, regime)):
            found[place] = min(found.get(place, (rank, code)), (rank, code))
    return found


def rows_by_key(session: Session, shelf: Shelf, rows: Iterable[RegisterRow]) -> dict[str, tuple[str, str]]:
    """The row and subject ids of what now stands on a shelf, by natural key."""
    held = shelf.held(session.connection(), rows)
    return {one["held_key"]: (one["id"], one["subject_id"]) for one in held}


def put_records(session: Session, source_id: str, records: Sequence[Mapping[str, Any]]) -> None:
    """Keep what is now known of some records, in place of what was known before."""
    if records:
        keys = [one["source_key"] for one in records]
        session.execute(
            delete(SourceRecord).where(
                col(SourceRecord.source_id) == source_id, col(SourceRecord.source_key).in_(keys)
            )
        )
        session.connection().execute(
            insert(SourceRecord), [{**one, "source_id": source_id} for one in records]
        )


def vanished(session: Session, *, source_id: str, run_id: str, limit: int) -> Sequence[Row[str, str | None]]:
    """Records that a run did not bring and that were there before: source key and row id."""
    fetched = col(SourceRecord.fetched_run)
    return session.execute(
        select(col(SourceRecord.source_key), col(SourceRecord.record_id))
        .where(
            col(SourceRecord.source_id) == source_id,
            fetched.is_distinct_from(run_id),
            col(SourceRecord.not_seen_since).is_(None),
        )
        .order_by(col(SourceRecord.source_key))
        .limit(limit)
    ).all()


def set_records(session: Session, source_id: str, keys: Collection[str], **values: object) -> None:
    """Set fields of some records."""
    session.execute(
        update(SourceRecord)
        .where(col(SourceRecord.source_id) == source_id, col(SourceRecord.source_key).in_(keys))
        .values(**values)
    )


def unspoken_rows(session: Session, shelf: Shelf, row_ids: Collection[str]) -> list[dict[str, Any]]:
    """Of some rows of a shelf those that are still seen, though no source speaks of them any more."""
    table: Any = shelf.table
    spoken = exists().where(
        col(SourceRecord.record_id) == col(table.id), col(SourceRecord.not_seen_since).is_(None)
    )
    query = shelf.query.where(col(table.id).in_(row_ids), shelf.not_seen_since.is_(None), ~spoken)
    return [dict(row) for row in session.execute(query).mappings()]


def record_page(connection: Connection, *, source_id: str, not_seen: bool | None, paging: Paging) -> Rows:
    """The records of a source with their entities, by source key."""
    query: Any = (
        select(
            *(col(SourceRecord.source_key), col(SourceRecord.regime), col(SourceRecord.uscc)),
            *(col(SourceRecord.first_seen_at), col(SourceRecord.seen_at), col(SourceRecord.not_seen_since)),
            *(col(SourceRecord.digest), col(SourceRecord.entity_id), col(Entity.key).label("entity")),
        )
        .join(Entity, col(Entity.id) == col(SourceRecord.entity_id), isouter=True)
        .where(col(SourceRecord.source_id) == source_id)
    )
    if not_seen is not None:
        gone = col(SourceRecord.not_seen_since)
        query = query.where(gone.is_not(None) if not_seen else gone.is_(None))
    return page(
        connection,
        query,
        by=(col(SourceRecord.source_key),),
        limit=paging.limit,
        cursor=paging.cursor,
        count=paging.count,
    )


def counties_to_match(session: Session, source_id: str) -> Sequence[str]:
    """The counties in which entities of a source are still to be compared with others, at most one."""
    county = func.substr(col(Entity.region), 1, 6)
    return session.scalars(
        select(county)
        .join(SourceRecord, col(SourceRecord.entity_id) == col(Entity.id))
        .where(col(SourceRecord.source_id) == source_id, col(SourceRecord.to_match))
        .order_by(county)
        .limit(1)
    ).all()


def to_match(session: Session, source_id: str, county: str, *, limit: int) -> Sequence[Row[Any]]:
    """Records of a source in a county whose entities are to be compared with others."""
    return session.execute(
        select(
            *(col(SourceRecord.source_key), col(SourceRecord.uscc).label("said_uscc")),
            *_COMPARED,
        )
        .join(Entity, col(Entity.id) == col(SourceRecord.entity_id))
        .where(
            col(SourceRecord.source_id) == source_id,
            col(SourceRecord.to_match),
            col(Entity.region).startswith(county, autoescape=True),
        )
        .order_by(col(SourceRecord.source_key))
        .limit(limit)
    ).all()


_COMPARED = (
    *(col(Entity.id), col(Entity.key), col(Entity.uscc), col(Entity.premises), col(Entity.name)),
    *(col(Entity.address), col(Entity.region), col(Entity.created_at)),
)


def county_entities(session: Session, county: str) -> Sequence[Row[Any]]:
    """The entities of a county that have a registration."""
    registered = exists().where(col(Registration.entity_id) == col(Entity.id))
    return session.execute(
        select(*_COMPARED).where(col(Entity.region).startswith(county, autoescape=True), registered)
    ).all()


def said_usccs(session: Session, usccs: Collection[str]) -> Sequence[Row[str, str]]:
    """Entities without a USCC of their own of which a source says one: entity id of the row, USCC."""
    return session.execute(
        select(col(Entity.id), col(SourceRecord.uscc))
        .join(SourceRecord, col(SourceRecord.entity_id) == col(Entity.id))
        .where(col(SourceRecord.uscc).in_(usccs), col(Entity.uscc).is_(None))
    ).all()


def seen_by_source(session: Session, source_id: str, county: str) -> set[str]:
    """Ids of the entities in a county that a source gives now."""
    return set(
        session.scalars(
            select(col(SourceRecord.entity_id))
            .join(Entity, col(Entity.id) == col(SourceRecord.entity_id))
            .where(
                col(SourceRecord.source_id) == source_id,
                col(SourceRecord.not_seen_since).is_(None),
                col(Entity.region).startswith(county, autoescape=True),
            )
        )
    )
