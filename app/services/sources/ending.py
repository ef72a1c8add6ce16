"""How runs end: well, and the source's last good state is this one; or not, and it stays what it was."""

from typing import Final

from app.domain.sources.checks import Failure
from app.domain.sources.configuration import parse_configuration
from app.domain.sources.schedule import overdue_from
from app.services.access import log
from app.services.context import Act
from app.services.registers.not_seen import mark
from app.services.sources.alarms import clear, raise_alarm
from app.services.sources.notes import Note, keep
from app.services.sources.staging import RowReader
from app.store.registers import bulk
from app.store.registers.shelves import SHELVES
from app.store.sources import records, runs
from app.store.tables.sources import Source, SourceRun

STEP_ROWS: Final = 1000
CANCELLED: Final = "source-run-cancelled"
"""Why a run came to nothing that a person cancelled."""


def mark_piece(act: Act, run: SourceRun, reader: RowReader) -> bool:
    """Mark some of the records that the source did not give any more as not seen; False: none is left.

    Nothing is closed. A source that changed while it was read may have moved a record to a page that was read
    before, so that nothing is marked then; the next run tells.
    """
    if run.unsteady:
        keep(act, run, [Note(0, None, "", "unsteady-source", {})])
        return False
    session = act.session
    bulk.lock(session, reader.register.name)
    gone = records.vanished(session, source_id=run.source_id, run_id=run.id, limit=STEP_ROWS)
    if not gone:
        return False
    keys = [one.source_key for one in gone]
    records.set_records(session, run.source_id, keys, not_seen_since=act.now)
    shelf = SHELVES[reader.register.name]
    ids = [one.record_id for one in gone if one.record_id is not None]
    absent = records.unspoken_rows(session, shelf, ids)
    mark(act, shelf, absent)
    run.not_seen += len(gone)
    return True


def end_well(act: Act, run: SourceRun, source: Source) -> None:
    """The run's state is the source's last good one."""
    _end(act, run, "done")
    if run.trial:
        return
    source.good_run_id, source.good_at, source.good_rows = run.id, act.now, run.rows
    # What was refused is tried again, and that needs the records: the next run must not be told "unchanged".
    whole = not run.rejected and not run.bad and run.configuration == source.configuration
    source.etag = run.etag if whole else None
    source.last_modified = run.last_modified if whole else None
    source.overdue_at = overdue_from(parse_configuration(source.configuration).schedule, act.now)
    clear(act, source)


def end_badly(act: Act, run: SourceRun, source: Source, failure: Failure) -> None:
    """The run comes to nothing; what was good before stays, and an alarm is raised."""
    run.failure, run.failure_values = failure.code, dict(failure.values)
    _end(act, run, "failed")
    if not run.trial:
        raise_alarm(act, source, failure, run_id=run.id)


def cancel(act: Act, run: SourceRun, *, reason: str) -> None:
    """The run is given up by a person: nothing of it lands, what was good stays, and no alarm is raised."""
    trouble = run.failure
    run.failure, run.failure_values = CANCELLED, {"by": act.caller.name, "reason": reason}
    _end(act, run, "cancelled", reason=reason, trouble=trouble)


def _end(act: Act, run: SourceRun, state: str, **detail: object) -> None:
    run.state, run.ended_at, run.ask = state, act.now, None
    run.held_since = run.not_before = None
    runs.drop_staged(act.session, run.id)
    log(
        act,
        what="sources.run-ended",
        region=run.region,
        subject=run.source_id,
        run=run.id,
        state=state,
        failure=run.failure,
        rows=run.rows,
        created=run.created,
        updated=run.updated,
        rejected=run.rejected,
        not_seen=run.not_seen,
        **detail,
    )
