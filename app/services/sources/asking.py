"""Runs asked for: by a person, or by the schedule of a source; one at a time for each."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.access import Caller, Role
from app.domain.errors import Missing, RuleBroken
from app.domain.sources.checks import Kind, failure
from app.domain.sources.configuration import parse_configuration
from app.domain.sources.schedule import next_due
from app.services.access import log
from app.services.context import Act, Look
from app.services.sources import ending
from app.services.sources.alarms import raise_alarm
from app.services.sources.finding import source_to_change
from app.store.sources import runs
from app.store.sources import sources as store
from app.store.tables.sources import Source, SourceRun

SCHEDULE = Caller(id="schedule", name="schedule", roles=frozenset({Role.REGISTRAR}), region="")
"""Who asks when it is the schedule that asks."""

MOST_DUE = 20
"""How many sources one transaction looks after."""

CANCELLABLE = ("queued", "fetching")
"""The states of a run of which nothing has landed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """How a source is to be pulled.

    Attributes:
        trial: fetch and check, land nothing.
        anew: ask for everything, and land every record whether it has changed or not.
        accept_shrink: the source really holds so few records; somebody has looked, and says so in `reason`.
    """

    trial: bool = False
    anew: bool = False
    accept_shrink: bool = False
    reason: str | None = None


def ask(act: Act, named: str, options: RunOptions) -> SourceRun:
    """Queue a run of a source, paused or not.

    Raises:
        Missing: no such source in the caller's region.
        RuleBroken: one is under way, or a shrink is accepted without a reason.
    """
    source = source_to_change(act, named)
    if options.accept_shrink and not options.reason:
        raise RuleBroken("source-shrink-needs-reason")
    under_way = runs.run_under_way(act.session, source.id)
    if under_way is not None:
        raise RuleBroken("source-run-under-way", run=under_way)
    run = _queued(act, source, options)
    log(
        act,
        what="sources.run",
        region=source.region,
        subject=source.id,
        run=run.id,
        trial=options.trial,
        anew=options.anew,
        accept_shrink=options.accept_shrink,
        reason=options.reason,
    )
    return run


def cancel(act: Act, named: str, run_id: str, *, reason: str) -> SourceRun:
    """Cancel 取消 a run of which nothing has landed yet, so that another can be asked for.

    A worker that is waiting for the source meanwhile finds the run ended, and drops what it was given.

    Raises:
        Missing: no such run of a source in the caller's region.
        RuleBroken: it has ended, or has begun to land: what was believed lands whole.
    """
    # The run alone is locked: workers lock it first and its source after it.
    source = store.source_row(act.session.connection(), named)
    if source is None or not act.caller.sees(source.region):
        raise Missing("not-found")
    run = runs.run_for_change(act.session, source_id=source.id, run_id=run_id)
    if run is None:
        raise Missing("not-found")
    if run.state not in CANCELLABLE:
        raise RuleBroken("wrong-state", state=run.state, wanted=", ".join(CANCELLABLE))
    ending.cancel(act, run, reason=reason)
    act.session.flush()
    return run


def due(look: Look) -> Sequence[str]:
    """Ids of the sources that the schedule or the clock has something to do with."""
    return store.due_sources(look.connection, now=look.now, limit=MOST_DUE)


def look_after(act: Act, source_ids: Sequence[str]) -> None:
    """Queue the runs that are due, and raise the alarm about sources that are overdue."""
    for source_id in source_ids:
        source = store.source_for_change(act.session, source_id)
        if source is None or source.state != "active":
            continue
        if source.overdue_at <= act.now:
            since = source.good_at or source.created_at
            raise_alarm(
                act, source, failure(Kind.OVERDUE, "source-overdue", since=since.isoformat()), run_id=None
            )
        if source.due_at <= act.now:
            source.due_at = next_due(parse_configuration(source.configuration).schedule, act.now)
            if runs.run_under_way(act.session, source.id) is None:
                _queued(act, source, RunOptions())


def _queued(act: Act, source: Source, options: RunOptions) -> SourceRun:
    run = SourceRun(
        id=act.new_id(),
        source_id=source.id,
        region=source.region,
        state="queued",
        asked_by=act.caller.id,
        asked_by_name=act.caller.name,
        asked_at=act.now,
        configuration=source.configuration,
        trial=options.trial,
        anew=options.anew,
        accept_shrink=options.accept_shrink,
        reason=options.reason,
    )
    runs.add_run(act.session, run)
    return run
