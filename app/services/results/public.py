"""Results as anybody may read them: published copies, and how it stands with what a revealed draw drew."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Literal

from app.adapters.tabular import write_csv, write_ndjson
from app.domain.days import shanghai_day
from app.domain.errors import Missing
from app.domain.results.public_copy import uscc_of
from app.services.context import Look
from app.services.drawing import public as draws
from app.store.results import public as store
from app.store.results import public_standings
from app.store.results.public import JsonPage, Record, ResultFilter
from app.store.results.public_standings import By, Counted
from app.store.tables.results import LISTED

Ending = Literal["csv", "ndjson"]
Language = Literal["zh", "en"]
Opened = Callable[[], AbstractContextManager[Look]]
"""Opens the look that a file is read through, when its sending begins."""

_CHINESE = (
    *("编号", "版本", "公开时间", "抽取编号", "行政区划", "抽查事项", "监管类别", "检查对象编号", "名称"),
    *("统一社会信用代码", "检查结束日", "检查类别", "检查结果代码", "发现问题", "已作处罚", "按期公开"),
    *("文书SHA-256", "申诉"),
)


def results(
    look: Look, where: ResultFilter, *, limit: int, cursor: str | None, count: bool = False
) -> JsonPage:
    """A page of the results that stand, newest first."""
    return store.result_page(look.connection, where, limit=limit, cursor=cursor, count=count)


def result(look: Look, result_id: str, version: int | None = None) -> Record:
    """A version of a result, the newest unless one is named, with the chain of all its versions.

    Raises:
        Missing: nothing of this id was published, or it has no such version.
    """
    chain = [_with_removal(one) for one in store.versions(look.connection, result_id)]
    for one in chain:
        if version in {None, one["version"]}:
            return {**one, "versions": chain}
    raise Missing("no-public-result")


def _with_removal(version: Record) -> Record:
    return {**version, "removed": bool(version["document"].get("removed"))}


def export(opened: Opened, where: ResultFilter, ending: Ending, language: Language) -> Iterator[bytes]:
    """The results that stand as a file in pieces: CSV under a header, or the list's objects line by line."""
    with opened() as look:
        found = store.all_results(look.connection, where)
        if ending == "csv":
            head = _CHINESE if language == "zh" else LISTED
            yield from write_csv(head, (_cells({**row, "codes": ";".join(row["codes"])}) for row in found))
        else:
            yield from write_ndjson(LISTED, map(_cells, found))


def _cells(row: Mapping[str, Any]) -> list[Any]:
    at = row["published_at"].isoformat().replace("+00:00", "Z")
    return [at if name == "published_at" else row[name] for name in LISTED]


def entity(look: Look, named: str, *, limit: int, cursor: str | None, count: bool = False) -> JsonPage:
    """The published results under a USCC, or of the one premises of a DR1 entity id.

    Raises:
        Missing: nothing is public of it; whether it exists is not said.
    """
    where = ResultFilter(uscc=named) if uscc_of(named) == named else ResultFilter(entity=named)
    page = results(look, where, limit=limit, cursor=cursor, count=count)
    if page.items == "[]":
        raise Missing("no-public-result")
    return page


@dataclass(frozen=True, slots=True)
class Standings:
    """A page of how it stands with drawn premises."""

    rows: Sequence[Record]
    next_cursor: str | None
    count: int | None


def draw_results(
    look: Look, draw_id: str, *, limit: int, cursor: str | None, count: bool = False
) -> Standings:
    """A revealed draw's premises in the order drawn, each with its result or its clock.

    Raises:
        Missing: no such draw, or it is not revealed: until then nobody learns who was drawn.
    """
    draw = draws.draw(look, draw_id)
    if draw["state"] != "revealed":
        raise Missing("no-public-record")
    found = public_standings.standing_page(
        look.connection, draw["id"], limit=limit, cursor=cursor, count=count
    )
    return Standings([_standing(look, row) for row in found.rows], found.next_cursor, found.count)


def _standing(look: Look, row: Any) -> Record:  # noqa: ANN401 - a row of the standings
    """The standing with what time changes by itself: whether its result is overdue today."""
    record: Record = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    pending = record["publication"] == "pending"
    record["overdue"] = pending and record["due_on"] is not None and record["due_on"] < shanghai_day(look.now)
    record["owed_again"] = record["state"] == "not_visited"
    record["result"] = None if record["result_id"] is None else {**record, "id": record["result_id"]}
    return record


@dataclass(frozen=True, slots=True)
class Totalled:
    """Numbers by group, and their sum."""

    items: Sequence[Record]
    total: Record


@dataclass(frozen=True, slots=True)
class Statistics(Totalled):
    """Numbers of drawn premises, and beside them those of visits without a draw, by kind."""

    undrawn: Totalled


NUMBERS = (
    *("drawn", "visited", "unreachable", "not_visited", "published", "in_time", "pending", "overdue"),
    *("withheld", "withdrawn", "found", "punished"),
)
_UNDRAWN = tuple(name for name in NUMBERS if name not in {"drawn", "not_visited"})


def statistics(look: Look, where: Counted, *, by: By) -> Statistics:
    """Numbers of the premises of revealed draws, and of visits without a draw."""
    today = shanghai_day(look.now)
    drawn = summed(public_standings.counts(look.connection, where, by=by, today=today), NUMBERS)
    return Statistics(drawn.items, drawn.total, undrawn(look, where))


def undrawn(look: Look, where: Counted) -> Totalled:
    """Numbers of visits without a draw, by kind."""
    found = public_standings.undrawn_counts(look.connection, where, today=shanghai_day(look.now))
    return summed(found, _UNDRAWN)


def summed(rows: Sequence[Record], names: Sequence[str]) -> Totalled:
    """Rows with the sum of all."""
    return Totalled(rows, {"group": "total"} | {name: sum(row[name] for row in rows) for name in names})
