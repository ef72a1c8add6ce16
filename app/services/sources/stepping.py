"""A run step by step: a worker takes a step up, does it, and any worker takes the next.

A step is one transaction that raises the run's `steps`; a worker that wakes up late finds them raised and
lets go. A step that was taken up is held, and after `LOST_AFTER` it is anybody's again. Everything is fetched
and checked before anything lands.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from app.adapters.source_answers import ReadAnswer
from app.adapters.source_http import Bounds, SourceAnswer, SourceRequest
from app.domain.access import Caller
from app.domain.regions import region_prefix
from app.domain.registers import ENTITIES
from app.domain.sources.checks import Failure, Kind, doubt, failure
from app.domain.sources.configuration import Configuration, parse_configuration
from app.domain.sources.paging import Ask, Page, first_ask, next_ask, parameters, told_total
from app.domain.sources.trouble import SourceTrouble
from app.services.context import Act, Look
from app.services.sources.configuring import secret_of
from app.services.sources.ending import end_badly, end_well, mark_piece
from app.services.sources.landing import land_piece
from app.services.sources.matching import match_piece
from app.services.sources.staging import RowReader, stage_page
from app.store.sources import runs
from app.store.sources import sources as store
from app.store.tables.sources import Source, SourceRun

LOST_AFTER: Final = timedelta(minutes=3)
"""A held step that has not moved for so long was left by a worker that died; a page may take two minutes."""

LONGEST_PAUSE: Final = timedelta(hours=1)
"""However long a source asks to be left alone."""

_INTERNAL: Final = failure(Kind.BROKEN, "source-internal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """A page to be asked for: the request, its bounds, and what the answer should look like."""

    request: SourceRequest
    bounds: Bounds
    configuration: Configuration


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A step of a run in a worker's hands; `fetch` None: there is nothing to ask for."""

    run_id: str
    steps: int
    fetch: Fetch | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came of asking: an answer and its records (None: nothing has changed), or trouble."""

    answer: SourceAnswer | None = None
    read: ReadAnswer | None = None
    trouble: SourceTrouble | None = None


def is_waiting(look: Look) -> bool:
    """Whether there is a step to take up."""
    return runs.work_is_waiting(look.connection, now=look.now, lost_before=look.now - LOST_AFTER)


def take(act: Act) -> Taken | None:
    """Take up a step; runs take turns, the least advanced first."""
    run = runs.claim(act.session, now=act.now, lost_before=act.now - LOST_AFTER)
    if run is None:
        return None
    configuration = parse_configuration(run.configuration)
    if run.state == "queued":
        run.state, run.started_at = "fetching", act.now
        run.ask = first_ask(configuration.paging).document()
    run.held_since, run.not_before, run.steps = act.now, None, run.steps + 1
    fetch = _fetch(act, run, configuration) if run.state == "fetching" else None
    return Taken(run_id=run.id, steps=run.steps, fetch=fetch)


def _fetch(act: Act, run: SourceRun, configuration: Configuration) -> Fetch:
    source = _source(act, run)
    ask, limits = Ask(**(run.ask or {})), configuration.limits
    first = run.pages == 0 and not run.anew and not run.trial
    known = first and configuration.answer.validators and run.configuration == source.configuration
    settings = act.settings
    return Fetch(
        request=SourceRequest(
            url=configuration.url,
            next_url=ask.url,
            parameters=parameters(configuration.paging, ask),
            format=configuration.answer.format,
            credentials=configuration.credentials,
            secret=secret_of(act, source),
            etag=source.etag if known else None,
            last_modified=source.last_modified if known else None,
        ),
        bounds=Bounds(
            wait_s=limits.wait_s,
            page_s=limits.page_s,
            most_bytes=limits.page_mib << 20,
            private=settings.source_private_addresses,
            ca_file=settings.source_ca_file,
        ),
        configuration=configuration,
    )


def carry_on(act: Act, taken: Taken, fetched: Fetched | None) -> None:
    """Do the step in hand, unless another worker has moved the run meanwhile."""
    run = runs.run_at_step(act.session, taken.run_id, taken.steps)
    if run is None:
        return
    source = _source(act, run)
    # The source itself is who acts on the registers, and only within its region.
    own = replace(
        act,
        caller=Caller(id=source.id, name=source.code, roles=frozenset(), region=region_prefix(source.region)),
    )
    reader = RowReader(parse_configuration(run.configuration))
    if fetched is not None:
        _take_in(own, run, source, reader, fetched)
    else:
        _go_on(own, run, source, reader)
    run.held_since, run.steps = None, run.steps + 1


def give_up(act: Act, taken: Taken) -> None:
    """End a run that the program could not carry out: the program is at fault, and what was good stays."""
    run = runs.run_at_step(act.session, taken.run_id, taken.steps)
    if run is not None:
        end_badly(act, run, _source(act, run), _INTERNAL)


def _source(act: Act, run: SourceRun) -> Source:
    source = store.source_for_change(act.session, run.source_id)
    if source is None:
        raise RuntimeError(f"run {run.id} has lost its source {run.source_id}")
    return source


def _go_on(act: Act, run: SourceRun, source: Source, reader: RowReader) -> None:
    """One piece of work after the fetching: land, mark what is not seen, compare; when none is left, end."""
    if run.state == "landing" and not land_piece(act, run, reader):
        run.state = "marking"
    if run.state == "marking" and not mark_piece(act, run, reader):
        run.state = "matching"
    if run.state == "matching" and not (reader.register is ENTITIES and match_piece(act, run)):
        end_well(act, run, source)


def _take_in(act: Act, run: SourceRun, source: Source, reader: RowReader, fetched: Fetched) -> None:
    """One step of the fetching: put a page by, or ask again later, or fail."""
    limits = reader.configuration.limits
    started = run.started_at or act.now
    if act.now - started > timedelta(minutes=limits.deadline_min):
        late = failure(Kind.DEAD, "source-deadline", minutes=limits.deadline_min)
        end_badly(act, run, source, late)
    elif fetched.trouble is not None:
        _in_trouble(act, run, source, reader, fetched.trouble)
    else:
        run.failure, run.failure_values = None, {}
        _answered(act, run, source, reader, fetched)


def _answered(act: Act, run: SourceRun, source: Source, reader: RowReader, fetched: Fetched) -> None:
    if fetched.read is None or fetched.answer is None:
        _nothing_new(act, run, source)
    else:
        _put_by(act, run, source, reader, fetched.answer, fetched.read)


def _in_trouble(act: Act, run: SourceRun, source: Source, reader: RowReader, trouble: SourceTrouble) -> None:
    limits = reader.configuration.limits
    if not trouble.may_pass or run.attempts >= limits.retries:
        end_badly(act, run, source, trouble.failure)
        return
    own = timedelta(seconds=limits.retry_after_s * 2**run.attempts)
    asked = timedelta(seconds=trouble.retry_after_s or 0)
    run.attempts += 1
    # Whoever looks while it waits sees what went wrong: it may be theirs to mend.
    run.failure, run.failure_values = trouble.failure.code, dict(trouble.failure.values)
    run.not_before = act.now + min(max(own, asked), LONGEST_PAUSE)


def _nothing_new(act: Act, run: SourceRun, source: Source) -> None:
    run.not_modified = True
    run.rows = run.unchanged = source.good_rows or 0
    run.etag, run.last_modified = source.etag, source.last_modified
    end_well(act, run, source)


def _put_by(
    act: Act, run: SourceRun, source: Source, reader: RowReader, answer: SourceAnswer, read: ReadAnswer
) -> None:
    configuration = reader.configuration
    found = _paged(act, run, reader, answer, read)
    if isinstance(found, Failure):
        end_badly(act, run, source, found)
    elif found is not None and run.pages >= configuration.limits.pages:
        end_badly(act, run, source, failure(Kind.WRONG, "source-too-many-pages", pages=run.pages))
    elif found is not None:
        run.ask = found.document()
    else:
        _believe(act, run, source, configuration)


def _paged(
    act: Act, run: SourceRun, reader: RowReader, answer: SourceAnswer, read: ReadAnswer
) -> Ask | Failure | None:
    """Put a page by; gives what to ask next, None after the last page, or why the source is not believed."""
    configuration = reader.configuration
    paging = configuration.paging
    if run.pages == 0 and configuration.answer.validators:
        run.etag, run.last_modified = answer.etag, answer.last_modified
    page = Page(count=len(read.records), document=read.document, link=answer.link)
    total = told_total(paging, page)
    if isinstance(total, Failure):
        return total
    try:
        stage_page(act, run, reader, read.records)
    except SourceTrouble as trouble:
        return trouble.failure
    run.unsteady = run.unsteady or (run.pages > 0 and total != run.total)
    run.total, run.pages, run.attempts = total, run.pages + 1, 0
    return next_ask(paging, Ask(**(run.ask or {})), page, received=run.received, total=total)


def _believe(act: Act, run: SourceRun, source: Source, configuration: Configuration) -> None:
    """Check what was fetched as a whole; only then may it land."""
    found = doubt(
        configuration.checks,
        received=run.received,
        rows=run.rows,
        bad=run.bad,
        total=run.total,
        good_rows=source.good_rows,
        accept_shrink=run.accept_shrink,
    )
    if found is not None:
        end_badly(act, run, source, found)
        return
    run.rejected = run.bad
    run.state = "landing"
    if run.trial:
        end_well(act, run, source)
