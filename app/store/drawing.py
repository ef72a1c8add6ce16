"""Draws in the database."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col

from app.store.paging import AnyRow, AnySelect, Rows, page
from app.store.tables.drawing import CeremonyValue, Draw, DrawFile, DrawLog, PublicDraw
from app.store.tables.planning import DrawPlan

_MOST_SEQ_DIGITS = 9

Source = Session | Connection


def lock_log(session: Session, origin: str) -> DrawLog:
    """The end of the log, locked until the transaction ends: commitments of one origin queue here."""
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(
        make(DrawLog)
        .values(origin=origin, seq=0, commitment="")
        .on_conflict_do_nothing(index_elements=["origin"])
    )
    return session.scalars(select(DrawLog).where(col(DrawLog.origin) == origin).with_for_update()).one()


def standing_draw(session: Session, *, item: str, period: str) -> str | None:
    """The id of the draw of this item and period that was not voided, if there is one."""
    return session.scalar(
        select(col(Draw.id)).where(
            col(Draw.item) == item, col(Draw.period) == period, col(Draw.state) != "voided"
        )
    )


def add_draw(session: Session, draw: Draw) -> None:
    """Keep a committed draw."""
    session.add(draw)
    session.flush()


@dataclass(frozen=True, slots=True)
class DrawName:
    """How a caller names a draw: by its id, or by its number in the log of this origin."""

    name: str
    origin: str

    def of(self, table: type[Draw] | type[PublicDraw]) -> ColumnElement[bool]:
        """The condition that finds it."""
        if self.name.isascii() and self.name.isdigit() and len(self.name) <= _MOST_SEQ_DIGITS:
            return and_(col(table.origin) == self.origin, col(table.seq) == int(self.name))
        return col(Draw.id if table is Draw else PublicDraw.draw_id) == self.name


def draw_for_change(session: Session, name: DrawName) -> Draw | None:
    """The draw, locked until the transaction ends."""
    return session.scalars(select(Draw).where(name.of(Draw)).with_for_update()).one_or_none()


_COLUMNS = (
    *(col(Draw.id), col(Draw.draw_plan_id), col(Draw.origin), col(Draw.seq), col(Draw.commitment)),
    *(
        col(Draw.region),
        col(Draw.item),
        col(Draw.period),
        col(Draw.state),
        col(Draw.plan),
        col(Draw.committed_at),
    ),
    *(col(Draw.visit_to), col(Draw.reveal_by), col(Draw.beacon), col(Draw.drawn), col(Draw.short)),
    *(col(Draw.drawn_at), col(Draw.revealed_at), col(Draw.void_reason), col(Draw.void_requested_at)),
    col(Draw.voided_at),
)


def draw_row(connection: Connection, name: DrawName) -> AnyRow | None:
    """What a caller may read of a draw."""
    return connection.execute(select(*_COLUMNS).where(name.of(Draw))).one_or_none()


def _of_item(column: Any, item: str | None) -> tuple[ColumnElement[bool], ...]:  # noqa: ANN401 - a mapped column
    """The condition that a draw is of an item, by its code or by `<region>:<code>`."""
    if item is None:
        return ()
    return (column == item if ":" in item else column.endswith(f":{item}", autoescape=True),)


def draw_rows(
    connection: Connection,
    *,
    region: str,
    item: str | None,
    period: str | None,
    state: str | None,
    limit: int,
    cursor: str | None,
    count: bool,
) -> Rows:
    """Draws within a region prefix, newest first."""
    query: AnySelect = select(*_COLUMNS).where(col(Draw.region).startswith(region, autoescape=True))
    query = query.where(*_of_item(col(Draw.item), item))
    wanted = ((col(Draw.period), period), (col(Draw.state), state))
    query = query.where(*(column == value for column, value in wanted if value is not None))
    return page(
        connection, query, by=[col(Draw.id)], limit=limit, cursor=cursor, descending=True, count=count
    )


def undrawn(source: Source, *, visits_since: date, or_these: Collection[str] = ()) -> Sequence[AnyRow]:
    """`id`, `state`, `region`, `item`, `period`, `visit_from`, `visit_to` of draws that wait for values.

    Args:
        source: where to read.
        visits_since: only those whose visits end on this day or later.
        or_these: ids of draws that are given whatever their state.
    """
    return source.execute(
        select(
            *(col(Draw.id), col(Draw.state), col(DrawPlan.region), col(DrawPlan.item)),
            *(col(Draw.period), col(DrawPlan.visit_from), col(DrawPlan.visit_to)),
        )
        .join(DrawPlan, col(DrawPlan.id) == col(Draw.draw_plan_id))
        .where(or_(col(Draw.state) == "committed", col(Draw.id).in_(or_these)))
        .where(col(Draw.visit_to) >= visits_since)
        .order_by(col(Draw.committed_at), col(Draw.id))
    ).all()


def put_files(session: Session, draw_id: str, audience: str, files: Iterable[tuple[str, bytes]]) -> None:
    """Keep sealed files of a draw; one of the same name is replaced."""
    rows = [
        {"draw_id": draw_id, "audience": audience, "name": name, "sealed": sealed} for name, sealed in files
    ]
    session.execute(
        delete(DrawFile).where(
            col(DrawFile.draw_id) == draw_id,
            col(DrawFile.audience) == audience,
            col(DrawFile.name).in_([row["name"] for row in rows]),
        )
    )
    session.execute(insert(DrawFile), rows)


def sealed_files(source: Source, draw_id: str, audience: str) -> Sequence[AnyRow]:
    """(name, sealed bytes) of a draw's files for an audience."""
    return source.execute(
        select(col(DrawFile.name), col(DrawFile.sealed))
        .where(col(DrawFile.draw_id) == draw_id, col(DrawFile.audience) == audience)
        .order_by(col(DrawFile.name))
    ).all()


def add_value(session: Session, value: CeremonyValue) -> None:
    """Keep a witness's value."""
    session.add(value)
    session.flush()


def values_of(session: Session, draw_id: str) -> Sequence[CeremonyValue]:
    """The values given so far, in the order given."""
    return session.scalars(
        select(CeremonyValue).where(col(CeremonyValue.draw_id) == draw_id).order_by(col(CeremonyValue.at))
    ).all()


def put_public(session: Session, copy: PublicDraw) -> None:
    """Write the public copy anew."""
    session.merge(copy)


def public_rows(
    connection: Connection,
    *,
    region: str | None,
    item: str | None,
    state: str | None,
    limit: int,
    cursor: str | None,
    count: bool,
) -> Rows:
    """Public copies, newest first."""
    query: AnySelect = select(
        col(PublicDraw.copy_).label("copy"),
        col(PublicDraw.reveal_by),
        col(PublicDraw.state),
        col(PublicDraw.seq),
        col(PublicDraw.draw_id),
    )
    if region is not None:
        query = query.where(col(PublicDraw.region).startswith(region, autoescape=True))
    query = query.where(*_of_item(col(PublicDraw.item), item))
    if state is not None:
        query = query.where(col(PublicDraw.state) == state)
    by: list[Mapped[Any]] = [col(PublicDraw.seq), col(PublicDraw.draw_id)]
    return page(connection, query, by=by, limit=limit, cursor=cursor, descending=True, count=count)


def public_row(connection: Connection, name: DrawName) -> AnyRow | None:
    """The public copy of a draw, without its files."""
    return connection.execute(
        select(col(PublicDraw.copy_).label("copy"), col(PublicDraw.reveal_by), col(PublicDraw.state)).where(
            name.of(PublicDraw)
        )
    ).one_or_none()


def public_plan(connection: Connection, name: DrawName) -> bytes | None:
    """The committed bytes of `plan.json`."""
    return connection.scalar(select(col(PublicDraw.plan)).where(name.of(PublicDraw)))


def public_record(connection: Connection, name: DrawName) -> AnyRow | None:
    """The public record as a zip, once there is one, and from when it is given."""
    columns = col(PublicDraw.record), col(PublicDraw.record_from)
    return connection.execute(select(*columns).where(name.of(PublicDraw))).one_or_none()


def waiting_for_drand(connection: Connection, before: datetime) -> Sequence[AnyRow]:
    """Committed draws, oldest first, that may wait for a drand round."""
    return connection.execute(
        select(col(Draw.id), col(Draw.plan), col(Draw.region))
        .where(col(Draw.state) == "committed", col(Draw.committed_at) < before)
        .order_by(col(Draw.id))
    ).all()


def overdue(reveal_by: date, state: str, today: date) -> bool:
    """Whether the record should have been public by now and is not."""
    return state not in {"revealed", "voided"} and today > reveal_by
