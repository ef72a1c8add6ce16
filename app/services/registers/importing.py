"""Importing a register file 名录导入: handed in with a request, carried out by the worker, step by step.

A step reads a piece of the file and lands it in one transaction, which also moves the job's `done`. A worker
that takes over reads the file again from its start and lands only what comes after `done`: nothing is lost,
nothing lands twice. An import that aborts on errors goes through the whole file first, then lands at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from app.domain.access import Caller
from app.domain.registers import ENTITIES, REGISTERS
from app.services.context import Act
from app.services.registers.landing import BadRow, Landing, Numbered
from app.services.registers.landing_entities import EntityLanding
from app.services.registers.landing_simple import land_simple
from app.services.registers.not_seen import mark_not_seen
from app.services.registers.reading import Piece, RegisterFile
from app.store import jobs
from app.store.registers import bulk
from app.store.registers.joined import followed
from app.store.registers.shelves import SHELVES
from app.store.tables.jobs import Job

KIND = "import"
STEP_ROWS = 1000
MOST_ERRORS = 10_000
"""How many errors a job keeps; of the others it says how many there are."""

RegisterName = Literal["entities", "inspectors", "recusals", "risk-events", "visits", "credit-classes"]
_NOTHING = {"created": 0, "updated": 0, "unchanged": 0, "rejected": 0}


class Overtaken(Exception):
    """Another worker has moved the job; this one lets go of it."""


class Refused(Exception):
    """Rows that only the landing found bad, in an import that lands all or nothing."""

    def __init__(self, bad: list[BadRow]) -> None:
        super().__init__(len(bad))
        self.bad = bad


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a file is to be imported."""

    register: RegisterName
    dry_run: bool = False
    on_error: Literal["skip", "abort"] = "skip"
    mode: Literal["delta", "full"] = "delta"


def hand_in(act: Act, options: Options, *, filename: str, content: bytes) -> Job:
    """Keep a file for the worker; the job's region is the caller's."""
    job = Job(
        id=act.new_id(),
        kind=KIND,
        state="queued",
        region=act.caller.region,
        created_by=act.caller.id,
        caller_name=act.caller.name,
        created_at=act.now,
        options={
            "register": options.register,
            "dry_run": options.dry_run,
            "on_error": options.on_error,
            "mode": options.mode,
        },
        result=dict(_NOTHING),
    )
    jobs.add_job(act.session, job, filename=filename, content=content)
    return job


@dataclass(slots=True)
class Run:
    """An import that a worker has in hand: its file, opened, and how far it is."""

    job_id: str
    caller: Caller
    options: Options
    file: RegisterFile
    done: int
    total: int
    result: dict[str, int]
    errors_found: int
    entities: EntityLanding = field(default_factory=EntityLanding)
    kept: list[Numbered] = field(default_factory=list)

    @classmethod
    def open(cls, job: Any, content: bytes, filename: str, total: int) -> "Run":  # noqa: ANN401 - a row of the jobs
        """Open the file of a claimed job and go to where the job stands.

        Raises:
            Unreadable: the file is no table of this register.
        """
        options = Options(**job.options)
        run = cls(
            job_id=job.id,
            caller=caller_of(job),
            options=options,
            file=RegisterFile(REGISTERS[options.register], content, filename),
            done=job.done,
            total=total,
            result=dict(job.result),
            errors_found=job.errors_found,
        )
        passed = 0
        while passed < run.done:
            piece = run.file.next_piece(min(STEP_ROWS, run.done - passed))
            run.keep(piece.rows)
            passed += piece.read
        return run

    @property
    def _lands_at_the_end(self) -> bool:
        return self.options.on_error == "abort" and not self.options.dry_run

    def keep(self, rows: Sequence[Numbered]) -> None:
        """Hold rows back for a landing at the end."""
        if self._lands_at_the_end:
            self.kept += rows

    def step(self, act: Act, piece: Piece) -> bool:
        """Land a piece in the act's transaction, or end the job after the last one; True when there is more.

        Raises:
            Overtaken: another worker has the job.
            Refused: all or nothing, and it is nothing.
        """
        if not jobs.hold(act.session, self.job_id, done=self.done):
            raise Overtaken
        if piece.read == 0:
            self._finish(act)
            return False
        writes = self.options.on_error == "skip" and not self.options.dry_run
        landing = self._land(act, piece.rows, write=writes)
        self.keep(piece.rows)
        self._count(landing, rejected=landing.rejected + piece.read - len(piece.rows))
        headers = self.file.unknown if self.done == 0 else []
        self._note(act, [*headers, *sorted([*piece.bad, *landing.bad], key=lambda one: one.row)])
        self.done += piece.read
        self._save(act)
        return True

    def _land(self, act: Act, rows: Sequence[Numbered], *, write: bool) -> Landing:
        register = REGISTERS[self.options.register]
        landing = Landing(act, SHELVES[register.name], self.file.given)
        if write:
            bulk.lock(act.session, register.name)
        rows = followed(act.session.connection(), rows)
        decide = self.entities if register is ENTITIES else land_simple
        decide(landing, rows)
        if write:
            landing.write()
        return landing

    def _count(self, landing: Landing, *, rejected: int) -> None:
        self.result["created"] += landing.created
        self.result["updated"] += landing.updated
        self.result["unchanged"] += landing.unchanged
        self.result["rejected"] += rejected

    def _finish(self, act: Act) -> None:
        abort = self.options.on_error == "abort"
        if abort and self.result["rejected"]:
            self._end(act, "failed", {**_NOTHING, "rejected": self.result["rejected"]})
            return
        if self._lands_at_the_end:
            self._land_kept(act)
        if self.options.mode == "full":
            self.result["not_seen"] = mark_not_seen(
                act, SHELVES[self.options.register], self.file.seen, write=not self.options.dry_run
            )
        self._end(act, "done", self.result)

    def _land_kept(self, act: Act) -> None:
        self.result.update(_NOTHING)
        self.entities = EntityLanding()
        for rows in _pieces(self.kept):
            landing = self._land(act, rows, write=True)
            if landing.bad:
                raise Refused(landing.bad)
            self._count(landing, rejected=0)

    def refuse(self, act: Act, bad: Sequence[BadRow]) -> None:
        """End a job whose landing at the end, since undone, found bad rows.

        Raises:
            Overtaken: another worker has the job.
        """
        if not jobs.hold(act.session, self.job_id, done=self.done):
            raise Overtaken
        self._note(act, bad)
        self._end(act, "failed", {**_NOTHING, "rejected": len({one.row for one in bad})})

    def _note(self, act: Act, bad: Sequence[BadRow]) -> None:
        room = max(0, MOST_ERRORS - self.errors_found)
        add_errors(act, self.job_id, bad[:room], after=self.errors_found)
        self.errors_found += len(bad)

    def _end(self, act: Act, state: str, result: dict[str, int]) -> None:
        self.result = result
        self._save(act, state=state, finished_at=act.now)
        jobs.drop_file(act.session, self.job_id)

    def _save(self, act: Act, **more: object) -> None:
        jobs.save(
            act.session,
            self.job_id,
            done=self.done,
            total=self.total,
            result=self.result,
            errors_found=self.errors_found,
            heartbeat_at=act.now,
            **more,
        )


def _pieces(rows: Sequence[Numbered]) -> Iterator[Sequence[Numbered]]:
    return (rows[start : start + STEP_ROWS] for start in range(0, len(rows), STEP_ROWS))


def add_errors(act: Act, job_id: str, bad: Sequence[BadRow], *, after: int) -> None:
    """Keep errors of a job, numbered on from those it has."""
    jobs.add_errors(
        act.session,
        [
            {
                "job_id": job_id,
                "n": n,
                "row": b.row,
                "field": b.field,
                "code": b.code,
                "values": dict(b.values),
            }
            for n, b in enumerate(bad, start=after + 1)
        ],
    )


def fail(act: Act, job_id: str, bad: Sequence[BadRow]) -> None:
    """End a job whose file cannot be read, or that the program could not carry out; what has landed stays."""
    kept = jobs.errors_found(act.session, job_id)
    add_errors(act, job_id, bad, after=kept)
    jobs.save(
        act.session,
        job_id,
        state="failed",
        errors_found=kept + len(bad),
        heartbeat_at=act.now,
        finished_at=act.now,
    )
    jobs.drop_file(act.session, job_id)


def caller_of(job: Any) -> Caller:  # noqa: ANN401 - a row of the jobs
    """On whose behalf a job runs: who handed it in, seeing what they saw then."""
    return Caller(id=job.created_by, name=job.caller_name, roles=frozenset(), region=job.region)
