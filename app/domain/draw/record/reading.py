"""The `format` check (DR1 sections 10 and 11): everything that one file of a record shows by itself.

Each file is read once, line by line, into compact columns. What a row of the table in section 11 names for a
later check (K order, a repeated E, the order of the selection and of the teams) is left to that check.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from app.domain.draw.basics.canonical import strict_json
from app.domain.draw.basics.findings import Place, show
from app.domain.draw.basics.lines import Inspector, Recusal
from app.domain.draw.basics.text import Refused
from app.domain.draw.entropy import CeremonyValues, Given, parse_given
from app.domain.draw.record.audit_rows import (
    check_log,
    parse_secret,
    parse_shortage,
    read_amendments,
    read_inspectors,
    read_recusals,
    read_teams,
)
from app.domain.draw.record.columns import IdentityColumns, LineColumns, SelectionColumns
from app.domain.draw.record.rows import read_identities, read_ids, read_lines, read_selection, read_strata
from app.domain.draw.record.source import LIMITS, Limits, Reader, RecordSource
from app.domain.draw.selection import StratumResult
from app.domain.draw.teams.amendments import Amendment
from app.domain.draw.teams.teams import Seat, Shortage

_T = TypeVar("_T")

FROZEN: Final = ("plan.json", "lines.ndjson", "ids.ndjson")
IDENTITIES: Final = "identities.ndjson"
DRAWN: Final = ("entropy.json", "strata.ndjson", "selection.ndjson")
"""What the record of a draw voided before its random value lacks."""
AUDIT: Final = ("secret.json", "inspectors.ndjson", "recusals.ndjson", "teams.ndjson")
SHORTAGE: Final = "shortage.json"
AMENDED: Final = ("amendments.ndjson", "teams-final.ndjson")
LOG: Final = "log.json"
ALL_FILES: Final = (*FROZEN, IDENTITIES, *DRAWN, *AUDIT, SHORTAGE, *AMENDED, LOG)


@dataclass(frozen=True, slots=True)
class Holdings:
    """What kind of record the names of its files make it.

    Attributes:
        audit: has any file that only an audit record has.
        drawn: has any file that only a draw with its random value has.
        amended: has a file of amendments.
        short: has the certificate of a shortage.
        logged: has the log's proofs.
    """

    audit: bool
    drawn: bool
    amended: bool
    short: bool
    logged: bool


@dataclass(frozen=True, slots=True)
class Record:
    """A record whose every file is well formed by itself; nothing is yet compared or recomputed.

    What a public record, or that of a draw voided before its random value, does not have is empty.
    """

    holdings: Holdings
    plan_bytes: bytes
    plan: object
    lines: LineColumns
    ids: Sequence[str]
    identities: IdentityColumns
    entropy: Given
    strata: Sequence[StratumResult]
    selection: SelectionColumns
    secret: str
    inspectors: Sequence[Inspector]
    recusals: Sequence[Recusal]
    teams: Sequence[Seat]
    shortage: Shortage | None
    amendments: Sequence[Amendment]
    final_teams: Sequence[Seat]


def holdings_of(names: Sequence[str]) -> Holdings:
    """Tell the kind of record from the names of its files (the last sentence of section 10)."""
    present = frozenset(names)
    return Holdings(
        audit=not present.isdisjoint((*AUDIT, SHORTAGE, *AMENDED)),
        drawn=not present.isdisjoint(DRAWN),
        amended=not present.isdisjoint(AMENDED),
        short=SHORTAGE in present,
        logged=LOG in present,
    )


def read_record(source: RecordSource, *, limits: Limits = LIMITS) -> Record:
    """Read every file of a record; this is the `format` check.

    Raises:
        DifferenceError: at the first thing that is not well formed.
    """
    names = source.names()
    holdings = holdings_of(names)
    _check_names(names, holdings)
    reader = Reader(source, limits)
    plan_bytes = reader.whole("plan.json")
    has = frozenset(names)
    record = Record(
        holdings=holdings,
        plan_bytes=plan_bytes,
        plan=_parsed("plan.json", plan_bytes, lambda value: value),
        lines=read_lines(reader),
        ids=read_ids(reader),
        identities=read_identities(reader) if IDENTITIES in has else IdentityColumns(),
        entropy=_file(reader, "entropy.json", parse_given) if holdings.drawn else CeremonyValues(()),
        strata=read_strata(reader) if holdings.drawn else (),
        selection=read_selection(reader) if holdings.drawn else SelectionColumns(),
        secret=_file(reader, "secret.json", parse_secret) if holdings.audit else "",
        inspectors=read_inspectors(reader) if holdings.audit else (),
        recusals=read_recusals(reader) if holdings.audit else (),
        teams=read_teams(reader, "teams.ndjson") if holdings.audit else (),
        shortage=_file(reader, SHORTAGE, parse_shortage) if holdings.short else None,
        amendments=read_amendments(reader, most=limits.amendments) if holdings.amended else (),
        final_teams=read_teams(reader, "teams-final.ndjson") if holdings.amended else (),
    )
    if holdings.logged:
        _file(reader, LOG, check_log)
    return record


def _check_names(names: Sequence[str], holdings: Holdings) -> None:
    for name, times in Counter(names).items():
        if name not in ALL_FILES:
            raise Place("record").wrong(f"不认识的文件 {show(name)}", f"unknown file {show(name)}")
        if times > 1:
            raise Place(name).wrong("在压缩包中出现多次", "occurs more than once in the zip")
    wanted = list(FROZEN)
    # Of a draw voided before its random value nobody is drawn, so no identity is public.
    if holdings.drawn or holdings.audit:
        wanted.append(IDENTITIES)
    if holdings.drawn:
        wanted += DRAWN
    if holdings.audit:
        wanted += AUDIT
    if holdings.amended:
        wanted += AMENDED
    for name in wanted:
        if name not in names:
            raise Place(name).wrong("记录缺少此文件", "missing from the record")


def _file(reader: Reader, name: str, parse: Callable[[object], _T]) -> _T:
    return _parsed(name, reader.whole(name), parse)


def _parsed(name: str, content: bytes, parse: Callable[[object], _T]) -> _T:
    try:
        return parse(strict_json(content))
    except Refused as refusal:
        raise Place(name).refused(refusal) from refusal
