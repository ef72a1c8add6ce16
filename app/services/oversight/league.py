"""The league table 考核排名, the list for criticism 通报批评, and the rows behind each figure."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Final

from app import seeds
from app.adapters.tabular import write_xlsx
from app.domain.days import shanghai_day
from app.domain.errors import FieldError, Malformed, Missing
from app.domain.oversight.league import (
    Criticism,
    Obligation,
    Outcome,
    Owed,
    Standing,
    criteria,
    criticised,
    outcome,
    standings,
)
from app.domain.regions import region_prefix
from app.services.context import Look
from app.store.oversight import obligations as store
from app.store.oversight.obligations import Due
from app.store.paging import cursor_of, cursor_values

MOST_MONTHS: Final = 36
_READERS: Final = {
    Owed.DUTY: store.duties,
    Owed.DRAW: store.draws,
    Owed.VISIT: store.visits,
    Owed.PUBLICATION: store.publications,
    Owed.REVEAL: store.reveals,
    Owed.APPEAL: store.appeals,
}
_CHUNK: Final = 1 << 16
HEADER: Final = (
    *("行政区划", "派出所", "月份", "类别", "应完成", "按期完成", "逾期完成", "未完成", "未到期", "不计"),
    "按期率（%）",
)
_KINDS_ZH: Final = {
    Owed.DUTY: "频次义务",
    Owed.DRAW: "计划抽取",
    Owed.VISIT: "抽中检查",
    Owed.PUBLICATION: "结果公示",
    Owed.REVEAL: "抽取记录公开",
    Owed.APPEAL: "申诉办理",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which part of the table: a region prefix within the caller's, months, and by what."""

    region: str
    since: date
    until: date
    by_station: bool

    def due(self, look: Look) -> Due:
        """The obligations that it is made of; a region outside the caller's has none.

        Raises:
            Malformed: the period is upside down or too long.
            Missing: the region lies outside the caller's.
        """
        months = (self.until.year - self.since.year) * 12 + self.until.month - self.since.month
        if not 0 <= months < MOST_MONTHS or self.since > self.until:
            raise Malformed("malformed", FieldError("/to", "bad-period", (("months", str(MOST_MONTHS)),)))
        own, asked = look.caller.region, region_prefix(self.region)
        if not (own.startswith(asked) or asked.startswith(own)):
            raise Missing("not-found")
        return Due(region=max(own, asked, key=len), since=self.since, until=self.until)


@dataclass(frozen=True, slots=True)
class RowsBehind:
    """A page of obligations with what became of each."""

    rows: list[tuple[Obligation, Outcome]]
    next_cursor: str | None
    count: int | None


def table(look: Look, asked: Asked) -> tuple[Standing, ...]:
    """The league table, by unit, month and kind.

    Raises:
        Malformed: as `Asked.due`.
    """
    due = asked.due(look)
    found = chain.from_iterable(read(look.connection, due) for read in _READERS.values())
    return standings(found, today=shanghai_day(look.now), by_station=asked.by_station)


def criticism(look: Look, asked: Asked) -> tuple[Criticism, ...]:
    """The units to be criticised by name, and on which grounds.

    Raises:
        Malformed: as `Asked.due`.
    """
    document = max(seeds.documents("criticism"), key=lambda one: int(one["version"]))
    return criticised(table(look, asked), criteria(document))


def rows_behind(
    look: Look,
    asked: Asked,
    *,
    kind: Owed,
    wanted: Outcome | None,
    station: str | None,
    limit: int,
    cursor: str | None,
    count: bool,
) -> RowsBehind:
    """The obligations behind a figure, in order of their day.

    Raises:
        Malformed: as `Asked.due`, or a cursor that this list did not give.
    """
    today = shanghai_day(look.now)
    found = [
        (owed, became)
        for owed in _READERS[kind](look.connection, asked.due(look))
        if station in {None, owed.station} and wanted in {None, became := outcome(owed, today)}
    ]
    found.sort(key=_place)
    total = len(found) if count else None
    if cursor is not None:
        after = cursor_values(cursor, [date, str])
        found = [one for one in found if [*_place(one)] > after]
    last = _place(found[limit - 1]) if len(found) > limit else None
    return RowsBehind(found[:limit], None if last is None else cursor_of(last), total)


def _place(row: tuple[Obligation, Outcome]) -> tuple[date, str]:
    return row[0].due_on, row[0].subject


def workbook(opened: Callable[[], AbstractContextManager[Look]], asked: Asked) -> Iterator[bytes]:
    """The league table as XLSX, in pieces."""
    with opened() as look, tempfile.TemporaryFile() as target:
        write_xlsx(target, HEADER, (_cells(row) for row in table(look, asked)), sheet="考核排名")
        target.seek(0)
        while piece := target.read(_CHUNK):
            yield piece


def _cells(row: Standing) -> tuple[str | int | float | None, ...]:
    kept = None if row.kept_bp is None else row.kept_bp / 100
    return (
        *(row.region, row.station or None, row.month, _KINDS_ZH[row.kind], row.due),
        *(row.met, row.late, row.missed, row.open, row.excused, kept),
    )
