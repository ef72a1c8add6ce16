"""Queues: transactions that must go one after another."""

from sqlalchemy import func, select
from sqlmodel import Session


def wait_turn(session: Session, turn: str) -> None:
    """Wait until no other transaction has this turn, and keep it until this one ends.

    PostgreSQL's advisory lock does it; on SQLite writers queue at BEGIN IMMEDIATE anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(turn, 0))))
