"""Which regions' duties are to be looked at again, and what in the registers asks for that."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, and_, delete, exists, func, insert, or_, select
from sqlmodel import Session, col

from app.store.sources.runs import LANDING
from app.store.tables.duties import DutyClock, DutyLookRequest
from app.store.tables.jobs import Job
from app.store.tables.registers import RegisterChange
from app.store.tables.sources import SourceRun
from app.store.tables.staffing import InspectorAssignment, RegisterWatch

Source = Session | Connection

_WATCH = "duties:"
"""How far the duties' watch has looked through a register's history is kept beside what others have seen."""


@dataclass(frozen=True, slots=True)
class Changed:
    """Changes of a register that were not looked at: the last of them, and where they are."""

    register: str
    last: str
    regions: frozenset[str]


def known(source: Source, prefix: str) -> Sequence[str]:
    """The regions within a prefix that were ever looked at; the others wait for their first look anyway."""
    return (
        source.execute(
            select(col(DutyClock.region)).where(col(DutyClock.region).startswith(prefix, autoescape=True))
        )
        .scalars()
        .all()
    )


def ask(session: Session, requests: Iterable[tuple[str, str]], *, at: datetime) -> None:
    """Ask for looks: ids of new requests, each with its region."""
    rows = [{"id": own_id, "region": region, "asked_at": at} for own_id, region in requests]
    if rows:
        session.execute(insert(DutyLookRequest), rows)


def asked(connection: Connection) -> set[str]:
    """The regions of which a look was asked for."""
    return set(connection.scalars(select(col(DutyLookRequest.region)).distinct()))


def take(session: Session, region: str) -> None:
    """Take away the requests that a look is about to answer; one that lands later stays for the next."""
    session.execute(delete(DutyLookRequest).where(col(DutyLookRequest.region) == region))


def to_follow(connection: Connection, registers: Collection[str]) -> bool:
    """Whether one of some registers has changes not looked at, and no rows are on their way into any.

    Rows come from a file or from a source system; an idle worker asks this often, so it is one question.
    """
    job = exists().where(col(Job.state).in_(("queued", "running")))
    run = exists().where(col(SourceRun.state).in_(LANDING))
    unseen = (
        exists().where(
            col(RegisterChange.register_name) == register,
            col(RegisterChange.id) > func.coalesce(_seen(register).scalar_subquery(), ""),
        )
        for register in registers
    )
    return bool(connection.scalar(select(and_(~job, ~run, or_(*unseen)))))


def _seen(register: str) -> Select[str]:
    return select(col(RegisterWatch.last_change)).where(
        col(RegisterWatch.register_name) == f"{_WATCH}{register}"
    )


def seen_of(source: Source, register: str) -> str:
    """The last change of a register that was looked at."""
    return source.execute(_seen(register)).scalar_one_or_none() or ""


def changed(source: Source, registers: Collection[str]) -> Changed | None:
    """The changes of the first of some registers that has any which were not looked at.

    Changes of one register land one transaction after another, so none appears before one that was seen.
    """
    for register in registers:
        seen = seen_of(source, register)
        rows = source.execute(
            select(col(RegisterChange.region), func.max(col(RegisterChange.id)).label("last"))
            .where(col(RegisterChange.register_name) == register, col(RegisterChange.id) > seen)
            .group_by(col(RegisterChange.region))
        ).all()
        if rows:
            return Changed(register, max(row.last for row in rows), frozenset(row.region for row in rows))
    return None


def lent_to(source: Source, register: str) -> set[str]:
    """The regions to which inspectors were ever lent whose records have changes that were not looked at."""
    subjects = select(col(RegisterChange.subject_id)).where(
        col(RegisterChange.register_name) == register, col(RegisterChange.id) > seen_of(source, register)
    )
    return set(
        source.execute(
            select(col(InspectorAssignment.region))
            .where(col(InspectorAssignment.inspector_id).in_(subjects))
            .distinct()
        ).scalars()
    )


def looked_through(session: Session, changes: Changed) -> None:
    """Remember that changes were looked at."""
    session.merge(RegisterWatch(register_name=f"{_WATCH}{changes.register}", last_change=changes.last))
    session.flush()
