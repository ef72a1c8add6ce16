"""Registers from elsewhere: source systems, their runs, what they said of each record, and pairs to decide.

What is pulled lands in the tables of `app.store.tables.registers`; these tables say where it came from.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.store.columns import ByteText, Document, Instant

_UNDER_WAY = text("state IN ('queued', 'fetching', 'landing', 'marking', 'matching')")
_STANDING = text("cleared_at IS NULL")


class Source(SQLModel, table=True):
    """A source system 来源系统; `configuration` is what its registrar entered, the secret apart and sealed.

    `good_*` tell of the last run that came to its end; `etag` and `last_modified` are its validators.
    """

    __tablename__ = "sources"
    __table_args__ = (Index("ix_sources_due", "state", "due_at"),)

    id: str = Field(primary_key=True)
    code: str = Field(unique=True)
    region: str = Field(sa_type=ByteText, index=True)
    register_name: str
    rank: int
    state: str
    """`active`, or `paused`: run only when somebody asks for it."""
    configuration: dict[str, Any] = Field(sa_type=Document)
    sealed_secret: bytes | None = Field(default=None, sa_type=LargeBinary)
    created_by: str
    created_at: datetime = Field(sa_type=Instant)
    changed_by: str
    changed_at: datetime = Field(sa_type=Instant)
    due_at: datetime = Field(sa_type=Instant)
    """When the schedule asks for the next run."""
    overdue_at: datetime = Field(sa_type=Instant)
    """From when on it is an alarm that no run has come to a good end."""
    good_run_id: str | None = None
    good_at: datetime | None = Field(default=None, sa_type=Instant)
    good_rows: int | None = None
    etag: str | None = None
    last_modified: str | None = None


class SourceRun(SQLModel, table=True):
    """One pull 拉取: `queued`, `fetching`, `landing`, `marking`, `matching`, then `done` or `failed`.

    A person may end it before it lands: `cancelled`.
    A step is one transaction that raises `steps`. `ask` is the next page to ask for, `landed` the last staged
    row that has landed; `configuration` is that of the beginning, so that a change meanwhile changes no run.
    """

    __tablename__ = "source_runs"
    __table_args__ = (
        Index(
            "ux_source_runs_one_at_a_time",
            "source_id",
            unique=True,
            sqlite_where=_UNDER_WAY,
            postgresql_where=_UNDER_WAY,
        ),
        Index("ix_source_runs_source", "source_id", "id"),
    )

    id: str = Field(primary_key=True)
    source_id: str = Field(foreign_key="sources.id")
    region: str = Field(sa_type=ByteText)
    state: str
    asked_by: str
    asked_by_name: str
    asked_at: datetime = Field(sa_type=Instant)
    configuration: dict[str, Any] = Field(sa_type=Document)
    trial: bool = False
    """Fetched and checked, and nothing lands."""
    anew: bool = False
    """Every record lands, whether it has changed or not."""
    accept_shrink: bool = False
    """Somebody has looked and says, for `reason`, that the source really holds so few records."""
    reason: str | None = None
    started_at: datetime | None = Field(default=None, sa_type=Instant)
    held_since: datetime | None = Field(default=None, sa_type=Instant)
    """Since when a worker is at a step that waits for the source; None: the next step is anybody's."""
    not_before: datetime | None = Field(default=None, sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    steps: int = 0
    attempts: int = 0
    """How often the page at hand was asked for in vain."""
    ask: dict[str, Any] | None = Field(default=None, sa_type=Document)
    pages: int = 0
    received: int = 0
    """How many records came, those included that are not meant or came twice."""
    rows: int = 0
    bad: int = 0
    """Of the rows, how many cannot be read."""
    total: int | None = None
    """How many records the source says it has."""
    unsteady: bool = False
    """The source changed while it was read, so that what is missing may only have moved between pages."""
    landed: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    not_seen: int = 0
    matches: int = 0
    notes: int = 0
    """How many lines about rows were noted in all; only the first thousands are kept."""
    not_modified: bool = False
    etag: str | None = None
    last_modified: str | None = None
    failure: str | None = None
    """Why it failed, or why the page at hand did not come yet, as a code; `failure_values` are what its text
    needs."""
    failure_values: dict[str, str] = Field(default_factory=dict, sa_type=Document)


class SourceStagedRow(SQLModel, table=True):
    """A row that a run has fetched and not landed yet; gone when the run has ended."""

    __tablename__ = "source_staged_rows"
    __table_args__ = (UniqueConstraint("run_id", "source_key"),)

    run_id: str = Field(primary_key=True, foreign_key="source_runs.id")
    n: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    source_key: str = Field(sa_type=ByteText)
    digest: str
    cells: dict[str, Any] = Field(sa_type=Document)


class SourceRunNote(SQLModel, table=True):
    """What is wrong with a row of a run, or what a person should know of it."""

    __tablename__ = "source_run_notes"

    run_id: str = Field(primary_key=True, foreign_key="source_runs.id")
    n: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    row: int
    source_key: str | None = None
    field: str
    code: str
    values: dict[str, str] = Field(sa_type=Document)


class SourceRecord(SQLModel, table=True):
    """A record 来源记录 of a source and the row of a register that it speaks of.

    `digest` is that of the columns that it last landed with; None: it was refused, or waits for its entity to
    be free, and is tried again in every run. `fetched_run` is the last run in which the source gave it.
    """

    __tablename__ = "source_records"
    __table_args__ = (
        Index("ix_source_records_entity", "entity_id"),
        Index("ix_source_records_record", "record_id"),
    )

    source_id: str = Field(primary_key=True, foreign_key="sources.id")
    source_key: str = Field(primary_key=True, sa_type=ByteText)
    digest: str | None = None
    entity_id: str | None = Field(default=None, foreign_key="entities.id")
    record_id: str | None = None
    regime: str | None = None
    uscc: str | None = None
    """The USCC that the source gives, also where the record stands under a key of its own."""
    first_seen_at: datetime = Field(sa_type=Instant)
    seen_at: datetime = Field(sa_type=Instant)
    """When it last landed; a run that finds it unchanged only moves `fetched_run`."""
    fetched_run: str | None = None
    not_seen_since: datetime | None = Field(default=None, sa_type=Instant)
    to_match: bool = False
    """Whether other entities that may be the same are still to be looked for."""


class SourceMatch(SQLModel, table=True):
    """Two entities that may be one premises 疑似同一场所, for a person to decide.

    `open`, `confirmed` (then `joined_id` has gone into `kept_id`), `rejected`, `undone` when a confirmed one
    was found to be wrong, or `obsolete` when one of them has gone elsewhere. `likeness` says why the pair was
    found: in a pull of `source_id`, or by a registrar who proposed it.
    """

    __tablename__ = "source_matches"
    __table_args__ = (
        UniqueConstraint("joined_id", "kept_id"),
        Index("ix_source_matches_state", "state", "region", "id"),
    )

    id: str = Field(primary_key=True)
    source_id: str | None = Field(default=None, foreign_key="sources.id")
    source_key: str | None = None
    region: str = Field(sa_type=ByteText)
    joined_id: str = Field(foreign_key="entities.id", index=True)
    kept_id: str = Field(foreign_key="entities.id", index=True)
    score: int
    likeness: dict[str, Any] = Field(sa_type=Document)
    state: str
    found_at: datetime = Field(sa_type=Instant)
    proposed_by: str | None = None
    proposed_by_name: str | None = None
    proposed_because: str | None = None
    decided_by: str | None = None
    decided_by_name: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    reason: str | None = None
    undone_by: str | None = None
    undone_by_name: str | None = None
    undone_because: str | None = None
    undone_at: datetime | None = Field(default=None, sa_type=Instant)


class JoinedEntity(SQLModel, table=True):
    """An entity that was found to be the same premises as another and lives on in it.

    Its row stays for the draws, visits and results that name it; what names it from now on means `into_id`.
    """

    __tablename__ = "joined_entities"

    entity_id: str = Field(primary_key=True, foreign_key="entities.id")
    key: str = Field(sa_type=ByteText, unique=True)
    into_id: str = Field(foreign_key="entities.id", index=True)
    at: datetime = Field(sa_type=Instant)
    by: str
    moves: dict[str, Any] | None = Field(default=None, sa_type=Document)
    """What went along, so that it can go back; none: it was joined before that was recorded."""


class SourceAlarm(SQLModel, table=True):
    """An alarm 告警 about a source; one of a kind stands at a time, until a run comes to a good end."""

    __tablename__ = "source_alarms"
    __table_args__ = (
        Index(
            "ux_source_alarms_one_of_a_kind",
            "source_id",
            "kind",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
    )

    id: str = Field(primary_key=True)
    source_id: str = Field(foreign_key="sources.id")
    region: str = Field(sa_type=ByteText, index=True)
    kind: str
    """`dead`, `wrong`, `shrunk`, `broken` or `overdue`."""
    run_id: str | None = None
    code: str
    values: dict[str, str] = Field(sa_type=Document)
    raised_at: datetime = Field(sa_type=Instant)
    last_at: datetime = Field(sa_type=Instant)
    times: int = 1
    cleared_at: datetime | None = Field(default=None, sa_type=Instant)
