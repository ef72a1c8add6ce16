"""How far the worker has looked through the history of a register, and what came after."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, exists, func, select
from sqlmodel import Session, col

from app.store.tables.registers import RegisterChange
from app.store.tables.staffing import RegisterWatch

Source = Session | Connection


@dataclass(frozen=True, slots=True)
class Changes:
    """Some changes of a register: the last of them, and whose they are."""

    last: str
    subjects: frozenset[str]


def unseen(source: Source, registers: Sequence[str]) -> str | None:
    """The first of some registers that has changes which were not looked at yet."""
    found = source.execute(
        select(
            *(
                exists()
                .where(col(RegisterChange.register_name) == name, col(RegisterChange.id) > _seen(name))
                .label(f"n{place}")
                for place, name in enumerate(registers)
            )
        )
    ).one()
    return next((name for name, waits in zip(registers, found, strict=True) if waits), None)


def _seen(register: str) -> ColumnElement[str]:
    """How far a register's changes were looked at."""
    last = select(col(RegisterWatch.last_change)).where(col(RegisterWatch.register_name) == register)
    return func.coalesce(last.scalar_subquery(), "")


def changes_since(source: Source, register: str, *, limit: int) -> Changes | None:
    """The first changes of a register that were not looked at yet; None: there are none.

    Changes of one register land one transaction after another, so none appears before one that was seen.
    """
    rows = source.execute(
        select(col(RegisterChange.id), col(RegisterChange.subject_id))
        .where(col(RegisterChange.register_name) == register, col(RegisterChange.id) > _seen(register))
        .order_by(col(RegisterChange.id))
        .limit(limit)
    ).all()
    return Changes(rows[-1].id, frozenset(row.subject_id for row in rows)) if rows else None


def looked_at(session: Session, register: str, changes: Changes) -> None:
    """Remember that changes were looked at."""
    session.merge(RegisterWatch(register_name=register, last_change=changes.last))
    session.flush()
