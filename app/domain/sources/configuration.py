"""A source as its registrar entered it 来源配置: from one JSON document to what the rules take of it.

The wire form checks types; whether the parts fit each other, and the register, is checked in
`app.domain.sources.faults`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.domain.sources.checks import Checks
from app.domain.sources.mapping import ColumnMap, Only, RecordMap
from app.domain.sources.paging import Paging
from app.domain.sources.schedule import Schedule

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """How a source knows who asks: not at all, a bearer token, a header of its own, or user and password."""

    kind: Literal["none", "bearer", "header", "basic"]
    header: str | None
    user: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerForm:
    """What an answer looks like.

    Attributes:
        format: `json`, `ndjson` or `csv`.
        items: where in a JSON document the list of records stands.
        told_at, told: where a JSON document says that all is well, and what it says then; None: by status.
        validators: the answer's `ETag` or `Last-Modified` speaks of all records, not of one page.
    """

    format: Literal["json", "ndjson", "csv"]
    items: str
    told_at: str | None
    told: tuple[str, ...]
    validators: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long and how much.

    Attributes:
        wait_s: for a connection, and for each piece of an answer.
        page_s: for a whole answer.
        retries: how often a page is asked for again when the source does not answer.
        retry_after_s: the pause before the first time; it doubles with each further one.
        deadline_min: a run that has not fetched everything by then has failed.
        page_mib: the largest answer, unpacked.
        pages: the most pages.
    """

    wait_s: int
    page_s: int
    retries: int
    retry_after_s: int
    deadline_min: int
    page_mib: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """A source.

    Attributes:
        code: its name in this installation, and in the ids of premises without a USCC.
        register: which register its records are rows of.
        region: whose premises it lists; nothing outside lands.
        rank: of several sources of one premises the one with the smallest number says what holds of its name,
            address and the like (一数一源).
    """

    code: str
    register: str
    region: str
    rank: int
    url: str
    credentials: Credentials
    paging: Paging
    answer: AnswerForm
    mapping: RecordMap
    schedule: Schedule
    limits: Limits
    checks: Checks


def parse_configuration(document: Document) -> Configuration:
    """Read a document of the wire form's shape, with nothing left out."""
    return Configuration(
        code=document["code"],
        register=document["register"],
        region=document["region"],
        rank=document["rank"],
        url=document["url"],
        credentials=Credentials(**document["credentials"]),
        paging=Paging(**document["paging"]),
        answer=_answer(document["answer"]),
        mapping=_mapping(document["mapping"]),
        schedule=Schedule(**document["schedule"]),
        limits=Limits(**document["limits"]),
        checks=_checks(document["checks"]),
    )


def _answer(document: Document) -> AnswerForm:
    return AnswerForm(**{**document, "told": tuple(document["told"])})


def _mapping(document: Document) -> RecordMap:
    return RecordMap(
        key=tuple(document["key"]),
        only=tuple(Only(place=one["place"], texts=frozenset(one["texts"])) for one in document["only"]),
        columns=tuple(_column(name, given) for name, given in document["columns"].items()),
    )


def _column(name: str, document: Document) -> ColumnMap:
    part = document["part"]
    return ColumnMap(
        column=name,
        places=tuple(document["from"]),
        separator=document["separator"],
        constant=document["constant"],
        part=None if part is None else (part[0], part[1]),
        values=document["values"],
        otherwise=document["otherwise"],
        date=document["date"],
    )


def _checks(document: Document) -> Checks:
    (keep_p, keep_q), (bad_p, bad_q) = document["keep"], document["bad"]
    return Checks(least_rows=document["least_rows"], keep_p=keep_p, keep_q=keep_q, bad_p=bad_p, bad_q=bad_q)
