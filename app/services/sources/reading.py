"""Sources, their runs, records and alarms, as callers of their region read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from app.domain.errors import Missing
from app.services.context import Act, Look
from app.services.sources.finding import source_for
from app.services.sources.notes import MOST_NOTES
from app.store.paging import Rows
from app.store.registers.pages import Paging
from app.store.sources import records, runs
from app.store.sources import sources as store
from app.store.tables.sources import Source, SourceRun


@dataclass(frozen=True, slots=True)
class SourceReport:
    """A source and the alarms that stand about it."""

    source: Row[Any] | Source
    alarms: Sequence[Any]


@dataclass(frozen=True, slots=True)
class RunReport:
    """A run, its notes that are kept, and how many more there were."""

    run: Row[Any] | SourceRun
    notes: Sequence[Any]
    notes_left_out: int


@dataclass(frozen=True, slots=True)
class SourcePage:
    """A page of sources."""

    rows: Sequence[SourceReport]
    next_cursor: str | None
    count: int | None


def source(look: Look, named: str) -> SourceReport:
    """One source."""
    found = source_for(look, named)
    return SourceReport(found, store.standing_alarms(look.connection, [found.id]))


def source_report(act: Act, found: Source) -> SourceReport:
    """A source that the act has changed."""
    return SourceReport(found, store.standing_alarms(act.session.connection(), [found.id]))


def sources(look: Look, *, state: str | None, alarmed: bool | None, paging: Paging) -> SourcePage:
    """A page of the sources that the caller sees."""
    found = store.source_page(
        look.connection, region=look.caller.region, state=state, alarmed=alarmed, paging=paging
    )
    alarms = store.standing_alarms(look.connection, [row.id for row in found.rows])
    reports = [SourceReport(row, [one for one in alarms if one.source_id == row.id]) for row in found.rows]
    return SourcePage(reports, found.next_cursor, found.count)


def run(look: Look, named: str, run_id: str) -> RunReport:
    """One run of a source with its notes.

    Raises:
        Missing: no such source or run.
    """
    found = runs.run_row(look.connection, source_id=source_for(look, named).id, run_id=run_id)
    if found is None:
        raise Missing("not-found")
    return RunReport(found, runs.notes_of(look.connection, run_id), max(0, found.notes - MOST_NOTES))


def run_report(act: Act, changed: SourceRun) -> RunReport:
    """A run that the act has changed."""
    notes = runs.notes_of(act.session.connection(), changed.id)
    return RunReport(changed, notes, max(0, changed.notes - MOST_NOTES))


def run_page(look: Look, named: str, paging: Paging) -> Rows:
    """A page of the runs of a source."""
    return runs.run_page(look.connection, source_id=source_for(look, named).id, paging=paging)


def record_page(look: Look, named: str, *, not_seen: bool | None, paging: Paging) -> Rows:
    """A page of what a source said of each record."""
    source_id = source_for(look, named).id
    return records.record_page(look.connection, source_id=source_id, not_seen=not_seen, paging=paging)


def alarm_page(look: Look, *, standing: bool | None, paging: Paging) -> Rows:
    """A page of the alarms about the sources that the caller sees."""
    return store.alarm_page(look.connection, region=look.caller.region, standing=standing, paging=paging)
