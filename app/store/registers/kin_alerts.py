"""Alerts about relatives of officers at entertainment venues, in the database."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, or_, select
from sqlmodel import Session, col

from app.domain.suspicions import KIN, KIN_AGENCIES, KIN_REGIME
from app.store.paging import AnyRow, Rows, page
from app.store.registers.pages import Paging
from app.store.tables.registers import Entity, RegisteredInspector, RegisteredRecusal, Registration
from app.store.tables.staffing import KinAlert

Source = Session | Connection


def unalerted(source: Source, *, today: date) -> Sequence[AnyRow]:
    """Declared relations at entertainment venues that have no alert yet; what has ended is passed over."""
    table = RegisteredRecusal
    venue = (
        select(col(Registration.id))
        .where(col(Registration.entity_id) == col(table.entity_id), col(Registration.regime) == KIN_REGIME)
        .exists()
    )
    alerted = select(col(KinAlert.id)).where(col(KinAlert.recusal_id) == col(table.id)).exists()
    return source.execute(
        select(
            *(col(table.id), col(table.inspector_id), col(table.entity_id), col(table.relation)),
            col(Entity.region),
        )
        .join(Entity, col(Entity.id) == col(table.entity_id))
        .join(RegisteredInspector, col(RegisteredInspector.id) == col(table.inspector_id))
        .where(
            col(table.relation).in_(KIN),
            or_(col(table.ends_on).is_(None), col(table.ends_on) >= today),
            col(RegisteredInspector.agency).in_(KIN_AGENCIES),
            venue,
            ~alerted,
        )
        .order_by(col(table.id))
    ).all()


def add(session: Session, alerts: Iterable[KinAlert]) -> None:
    """Keep new alerts."""
    session.add_all(alerts)
    session.flush()


def _query() -> Select[Any]:
    columns: tuple[Any, ...] = (
        *KinAlert.__table__.columns,  # type: ignore[attr-defined]  # SQLModel adds it to table classes
        *(col(RegisteredInspector.code).label("inspector"), col(RegisteredInspector.name)),
        *(col(Entity.key).label("entity"), col(Entity.name).label("entity_name")),
    )
    return (
        select(*columns)
        .join(RegisteredInspector, col(RegisteredInspector.id) == col(KinAlert.inspector_id))
        .join(Entity, col(Entity.id) == col(KinAlert.entity_id))
    )


def alert_rows(connection: Connection, *, region: str, seen: bool | None, paging: Paging) -> Rows:
    """A page of the alerts about venues of a region prefix, newest first."""
    query = _query().where(col(KinAlert.region).startswith(region, autoescape=True))
    if seen is not None:
        unseen = col(KinAlert.seen_at).is_(None)
        query = query.where(~unseen if seen else unseen)
    return page(
        connection,
        query,
        by=[col(KinAlert.id)],
        limit=paging.limit,
        cursor=paging.cursor,
        descending=True,
        count=paging.count,
    )


def alert_row(source: Source, alert_id: str) -> AnyRow | None:
    """One alert."""
    return source.execute(_query().where(col(KinAlert.id) == alert_id)).one_or_none()


def alert_for_change(session: Session, alert_id: str) -> KinAlert | None:
    """An alert, locked until the transaction ends."""
    return session.scalars(
        select(KinAlert).where(col(KinAlert.id) == alert_id).with_for_update()
    ).one_or_none()
