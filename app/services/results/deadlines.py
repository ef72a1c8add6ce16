"""Until when, by the clocks in force: asked by whoever starts a clock, and by readers where none runs yet."""

from datetime import date

from sqlalchemy import Connection

from app.domain.errors import RuleBroken
from app.domain.policies.header import CLOCKS
from app.domain.results.clocks import Clocks, Deadline, deadline, parse_clocks, result_count
from app.services.planning import law
from app.services.results.working_calendar import known_around
from app.store.policies import Source


def clocks_for(source: Source, region: str, on: date) -> Clocks:
    """The clocks in force in a region on a day.

    Raises:
        Missing: none are.
    """
    return parse_clocks(law.document_for(source, CLOCKS, region, on).document)


def result_deadline(connection: Connection, region: str, ended_on: date) -> Deadline | None:
    """The deadline of the result of a visit that ended on a day; None while nobody can count the days."""
    clocks = clocks_for(connection, region, ended_on)
    try:
        return deadline([result_count(ended_on, clocks)], clocks, known_around(connection, ended_on))
    except RuleBroken:
        return None


def result_due(connection: Connection, region: str, ended_on: date) -> date | None:
    """When the result of a visit that ended on a day is due; None while nobody can count the days."""
    until = result_deadline(connection, region, ended_on)
    return None if until is None else until.due_on
