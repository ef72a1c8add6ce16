"""The league table 考核排名, the list for criticism 通报批评, and the rows behind each figure."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain
from typing import Final

from app.adapters.tabular import write_xlsx
from app.domain.days import add_months, shanghai_day
from app.domain.errors import FieldError, Malformed
from app.domain.oversight.league import (
    Criticism,
    Obligation,
    Outcome,
    Owed,
    Standing,
    by_gravity,
    criteria,
    criticised,
    outcome,
    standings,
)
from app.domain.oversight.ranking import Total, rank_rule, ranked, ranked_by_month, totals
from app.services.agencies import own_items
from app.services.context import Look
from app.services.oversight import going_on, yardsticks
from app.services.oversight.unit_names import UnitNames, unit_names
from app.services.oversight.yardsticks import Yardstick
from app.store import duties as duty_store
from app.store.oversight import obligations as store
from app.store.oversight.obligations import Due
from app.store.paging import cursor_of, cursor_values

MOST_MONTHS: Final = 36
_READERS: Final[Mapping[Owed, Callable[[Look, Due], Iterator[Obligation]]]] = {
    Owed.DUTY: lambda look, due: chain(store.duties(look.connection, due), going_on.duties(look, due)),
    Owed.DRAW: lambda look, due: store.draws(look.connection, due),
    Owed.VISIT: lambda look, due: store.visits(look.connection, due),
    Owed.PUBLICATION: lambda look, due: store.publications(look.connection, due),
    Owed.REVEAL: lambda look, due: store.reveals(look.connection, due),
    Owed.APPEAL: lambda look, due: store.appeals(look.connection, due),
}
_CHUNK: Final = 1 << 16
HEADER: Final = (
    *("行政区划", "单位", "派出所", "派出所名称", "月份", "类别", "应完成", "按期完成", "逾期完成", "未完成"),
    *("未到期", "不计", "按期率（%）", "排名"),
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

    def months(self) -> Iterator[tuple[str, date]]:
        """Each month, `YYYY-MM`, with its last day."""
        day = self.since
        while day <= self.until:
            last = add_months(day, 1) - timedelta(days=1)
            yield f"{day:%Y-%m}", last
            day = last + timedelta(days=1)

    def due(self, look: Look) -> Due:
        """The obligations that it is made of.

        Raises:
            Malformed: the period is upside down or too long.
            Missing: the region lies outside the caller's.
        """
        months = (self.until.year - self.since.year) * 12 + self.until.month - self.since.month
        if not 0 <= months < MOST_MONTHS or self.since > self.until:
            raise Malformed("malformed", FieldError("/to", "bad-period", (("months", str(MOST_MONTHS)),)))
        region = look.caller.within(self.region)
        return Due(
            region=region,
            since=self.since,
            until=self.until,
            disclosed_by=look.now,
            agency=look.caller.agency,
            items=own_items(look),
        )


@dataclass(frozen=True, slots=True)
class RowsBehind:
    """A page of obligations with what became of each."""

    rows: list[tuple[Obligation, Outcome]]
    next_cursor: str | None
    count: int | None
    names: UnitNames


@dataclass(frozen=True, slots=True, kw_only=True)
class League:
    """The league table.

    Attributes:
        rows: by unit, month and kind.
        ranks: of each row among those of its month and kind; None: nothing is judged yet.
        units: each unit over the whole period, with its rank, the first first, those without rank last.
        rule: how units are ranked; None: there was no rule yet.
        names: of the units.
    """

    rows: tuple[Standing, ...]
    ranks: Mapping[Standing, int | None]
    units: tuple[tuple[Total, int | None], ...]
    rule: Yardstick | None
    names: UnitNames


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The list for criticism by name: each unit with the document whose criteria it reached.

    Attributes:
        units: those named, and by the version in force at the end of their month, or today.
        documents: every version that was applied, whether it names anybody or not.
        league: the table from which they are.
    """

    units: tuple[tuple[Criticism, Yardstick], ...]
    documents: tuple[Yardstick, ...]
    league: League


def table(look: Look, asked: Asked) -> League:
    """The league table, by unit, month and kind.

    Raises:
        Malformed: as `Asked.due`.
        Missing: the same.
    """
    due, today = asked.due(look), shanghai_day(look.now)
    found = chain.from_iterable(read(look, due) for read in _READERS.values())
    rows = standings(found, today=today, by_station=asked.by_station)
    rule = yardsticks.in_force("ranking", min(asked.until, today))
    names = unit_names(look, due.region)
    if rule is None:
        unranked: tuple[tuple[Total, int | None], ...] = tuple((one, None) for one in totals(rows))
        return League(rows=rows, ranks=dict.fromkeys(rows), units=unranked, rule=None, names=names)
    order = rank_rule(rule.document)
    units = ranked(totals(rows), order)
    placed = sorted(
        units.items(), key=lambda one: (one[1] is None, one[1] or 0, one[0].region, one[0].station)
    )
    return League(rows=rows, ranks=ranked_by_month(rows, order), units=tuple(placed), rule=rule, names=names)


def criticism(look: Look, asked: Asked) -> Named:
    """The units to be criticised by name, and on which grounds.

    A month is judged by the criteria in force on its last day, one that is not over by those of today.

    Raises:
        Malformed: as `Asked.due`.
        Missing: the same.
    """
    league, today = table(look, asked), shanghai_day(look.now)
    held = {month: yardsticks.in_force("criticism", min(last, today)) for month, last in asked.months()}
    found = [
        (one, document)
        for month, document in held.items()
        if document is not None
        for one in criticised((row for row in league.rows if row.month == month), criteria(document.document))
    ]
    found.sort(key=lambda one: by_gravity(one[0]))
    documents = {one.digests["sha256"]: one for one in held.values() if one is not None}
    return Named(units=tuple(found), documents=tuple(documents.values()), league=league)


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
    today, due = shanghai_day(look.now), asked.due(look)
    found = [
        (owed, became)
        for owed in _READERS[kind](look, due)
        if station in {None, owed.station} and wanted in {None, became := outcome(owed, today)}
    ]
    found.sort(key=_place)
    total = len(found) if count else None
    if cursor is not None:
        after = cursor_values(cursor, [date, str])
        found = [one for one in found if [*_place(one)] > after]
    last = _place(found[limit - 1]) if len(found) > limit else None
    rows, names = _with_names(look, found[:limit]), unit_names(look, due.region)
    return RowsBehind(rows, None if last is None else cursor_of(last), total, names)


def _with_names(look: Look, rows: list[tuple[Obligation, Outcome]]) -> list[tuple[Obligation, Outcome]]:
    """Rows of duties that go on, with the names of their entities: a page has few of them."""
    entities = {owed.subject.partition("/")[0] for owed, _ in rows if _goes_on(owed)}
    names = duty_store.names(look.connection, entities) if entities else {}
    return [
        (replace(owed, name=f"{names[owed.subject.partition('/')[0]]} {owed.name}"), became)
        if _goes_on(owed)
        else (owed, became)
        for owed, became in rows
    ]


def _goes_on(owed: Obligation) -> bool:
    return owed.kind is Owed.DUTY and "/" in owed.subject


def _place(row: tuple[Obligation, Outcome]) -> tuple[date, str]:
    return row[0].due_on, row[0].subject


def workbook(opened: Callable[[], AbstractContextManager[Look]], asked: Asked) -> Iterator[bytes]:
    """The league table as XLSX, in pieces.

    Raises:
        Malformed: as `Asked.due`, before anything is sent.
        Missing: the same.
    """
    with opened() as look:
        league = table(look, asked)
    return _pieces(league)


def _pieces(league: League) -> Iterator[bytes]:
    with tempfile.TemporaryFile() as target:
        write_xlsx(target, HEADER, (_cells(row, league) for row in league.rows), sheet="考核排名")
        target.seek(0)
        while piece := target.read(_CHUNK):
            yield piece


def _cells(row: Standing, league: League) -> tuple[str | int | float | None, ...]:
    kept = None if row.kept_bp is None else row.kept_bp / 100
    names = league.names
    return (
        *(row.region, names.region(row.region), row.station or None, names.station(row.region, row.station)),
        *(
            row.month,
            _KINDS_ZH[row.kind],
            row.due,
            row.met,
            row.late,
            row.missed,
            row.open,
            row.excused,
            kept,
        ),
        league.ranks[row],
    )
