"""Published results as anybody may read them: from `public_results` alone, newest first."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any

from pydantic_core import from_json
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    and_,
    bindparam,
    cast,
    func,
    not_,
    select,
    tuple_,
)
from sqlmodel import col

from app.domain.errors import Malformed
from app.domain.regions import REGION_DIGITS
from app.store.columns import Instant
from app.store.paging import cursor_of, cursor_values
from app.store.tables.results import LISTED, PublicResult

Record = dict[str, Any]

_COLUMNS: tuple[Any, ...] = tuple(PublicResult.__table__.c[name] for name in LISTED)  # type: ignore[attr-defined]  # SQLModel adds it to table classes
_STANDS = and_(col(PublicResult.current), not_(col(PublicResult.withdrawn)))
_ORDER = (col(PublicResult.published_at), col(PublicResult.id))
_BEFORE_ALL = (datetime.max.replace(tzinfo=UTC) - timedelta(days=1), "")
"""What comes before the newest row: no first page needs a statement of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFilter:
    """What public results are narrowed to.

    `region` is a prefix, `name` a part of the name; `entity` is a DR1 entity id.
    `since` and `until` are days on which the visit ended, both included.
    """

    region: str | None = None
    item: str | None = None
    regime: str | None = None
    draw: str | None = None
    kind: str | None = None
    code: str | None = None
    found: bool | None = None
    punished: bool | None = None
    since: date | None = None
    until: date | None = None
    name: str | None = None
    uscc: str | None = None
    entity: str | None = None

    def given(self) -> Mapping[str, object]:
        """What is asked for, by name."""
        asked = ((field.name, getattr(self, field.name)) for field in fields(self))
        given = {name: value for name, value in asked if value is not None}
        if len(self.region or "") == REGION_DIGITS:
            given["county"] = given.pop("region")  # one county has an index in the list's order
        return given


def _value(name: str) -> Any:  # noqa: ANN401 - a bound value of whatever type it is compared with
    return bindparam(name)


# Building a statement costs more than running it, so values are bound and each combination is built once.
_CONDITIONS: Mapping[str, Callable[[], ColumnElement[bool]]] = MappingProxyType(
    {
        "region": lambda: and_(
            col(PublicResult.region) >= _value("region"), col(PublicResult.region) < _value("region_end")
        ),
        "county": lambda: col(PublicResult.region) == _value("county"),
        "item": lambda: col(PublicResult.item) == _value("item"),
        "regime": lambda: col(PublicResult.regime) == _value("regime"),
        "draw": lambda: col(PublicResult.draw_id) == _value("draw"),
        "kind": lambda: col(PublicResult.kind) == _value("kind"),
        "code": lambda: cast(col(PublicResult.codes), String).contains(_value("code")),
        "found": lambda: col(PublicResult.found) == _value("found"),
        "punished": lambda: col(PublicResult.punished) == _value("punished"),
        "since": lambda: col(PublicResult.ended_on) >= _value("since"),
        "until": lambda: col(PublicResult.ended_on) <= _value("until"),
        "name": lambda: col(PublicResult.entity_name).like(_value("name"), escape="/"),
        "uscc": lambda: col(PublicResult.uscc) == _value("uscc"),
        "entity": lambda: col(PublicResult.entity_key) == _value("entity"),
    }
)


def _bound(given: Mapping[str, object]) -> dict[str, object]:
    """The values as the statements take them."""
    bound = dict(given)
    if "region" in bound:
        bound["region_end"] = f"{bound['region']}:"  # the character after 9: regions are digits
    if "code" in bound:
        bound["code"] = f'"{bound["code"]}"'
    if "name" in bound:
        text = str(bound["name"])
        bound["name"] = f"%{text.replace('/', '//').replace('%', '/%').replace('_', '/_')}%"
    return bound


def _narrowed(names: frozenset[str], *columns: Any) -> Select[Any]:  # noqa: ANN401 - columns of any type
    return select(*columns).where(_STANDS, *(_CONDITIONS[name]() for name in sorted(names)))


@cache
def _page_of(names: frozenset[str]) -> Select[str, int, Any, Any]:
    """A page as one row: its objects in one text, how many there are to one more, the sort key of its last.

    The rows are numbered once they are few: SQLite would number the whole table before it looks at the limit.
    """
    after = tuple_(bindparam("after_at", type_=Instant()), bindparam("after_id", type_=String()))
    query = _narrowed(names, *_ORDER, col(PublicResult.listed)).where(tuple_(*_ORDER) < after)
    chosen = query.order_by(*(column.desc() for column in _ORDER)).limit(bindparam("most") + 1).subquery()
    newest = (chosen.c.published_at.desc(), chosen.c.id.desc())
    rows = select(*chosen.c, func.row_number().over(order_by=newest).label("n")).order_by("n").subquery()
    last = rows.c.n == bindparam("most")
    return select(
        func.aggregate_strings(rows.c.listed, ",").filter(rows.c.n <= bindparam("most")),
        func.count(),
        func.max(rows.c.published_at).filter(last),
        func.max(rows.c.id).filter(last),
    )


@cache
def _all_of(names: frozenset[str]) -> Select[Any]:
    return _narrowed(names, *_COLUMNS).order_by(*(column.desc() for column in _ORDER))


@cache
def _count_of(names: frozenset[str]) -> Select[Any]:
    return _narrowed(names, func.count())


@dataclass(frozen=True, slots=True)
class JsonPage:
    """A page of public results as JSON, the next one's cursor, how many there are if that was asked."""

    items: str
    next_cursor: str | None
    count: int | None

    @property
    def rows(self) -> list[Record]:
        """The results as JSON values."""
        found: list[Record] = from_json(self.items)
        return found


def result_page(
    connection: Connection, where: ResultFilter, *, limit: int, cursor: str | None, count: bool = False
) -> JsonPage:
    """A page of the results that stand.

    Raises:
        Malformed: the cursor is not one that this list gave.
    """
    given = where.given()
    names, bound = frozenset(given), _bound(given)
    after_at, after_id = _BEFORE_ALL if cursor is None else _position(cursor)
    keys = {"after_at": after_at, "after_id": after_id}
    text, size, *last = connection.execute(_page_of(names), bound | keys | {"most": limit}).one()
    total = connection.scalar(_count_of(names), bound) if count else None
    return JsonPage(f"[{text or ''}]", cursor_of(last) if size > limit else None, total)


def _position(cursor: str) -> tuple[datetime, str]:
    at, last = cursor_values(cursor, [datetime, str])
    if not isinstance(at, datetime) or at.tzinfo is None:
        raise Malformed("bad-cursor")
    return at, str(last)


def all_results(connection: Connection, where: ResultFilter) -> Iterator[Record]:
    """Every result that stands, as the connection gives them."""
    given = where.given()
    for row in connection.execute(_all_of(frozenset(given)), _bound(given)):
        yield dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it


_VERSIONS = (
    select(
        *_COLUMNS,
        col(PublicResult.current),
        col(PublicResult.withdrawn),
        col(PublicResult.reason),
        col(PublicResult.ground),
        col(PublicResult.copy_).label("document"),
    )
    .where(col(PublicResult.id) == bindparam("id"))
    .order_by(col(PublicResult.version).desc())
)


def versions(connection: Connection, result_id: str) -> list[Record]:
    """Every version of a result, newest first, with its document."""
    return [dict(row) for row in connection.execute(_VERSIONS, {"id": result_id}).mappings()]
