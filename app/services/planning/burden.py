"""The burden of businesses 检查负担: visits per entity and agency in a year, against the annual cap."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, NamedTuple

from app.adapters.tabular import write_csv, write_ndjson, write_xlsx
from app.domain.days import shanghai_day
from app.domain.errors import Missing
from app.domain.policy import AnnualCap
from app.domain.regions import Level, regions_above
from app.domain.registers import Cell
from app.services.context import Look
from app.services.planning import law
from app.store import burden as store
from app.store.paging import AnyRow

Ending = Literal["csv", "xlsx", "ndjson"]
HEADERS: Final[Mapping[str, tuple[str, ...]]] = {
    "zh": (
        *("检查对象", "名称", "行政区划", "派出所", "部门", "年度", "检查次数", "计入上限次数", "年度上限"),
        *("双随机", "投诉举报", "转办", "应急", "专项", "办案", "复查"),
        *("计次层级", "省级计次", "市级计次", "县级计次", "层级不详计次"),
    ),
    "en": (
        *("entity", "name", "region", "station", "agency", "year", "visits", "counted", "cap"),
        *store.KINDS,
        *("level", *store.LEVELS),
    ),
}
_CHUNK: Final = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Burden:
    """What an entity bore of an agency in a year.

    Attributes:
        by_kind: all of them, by kind.
        by_level: those that an annual cap counts, by the level of government that made them; those of unknown
            level apart.
        level: the level nearest to its cap: what is counted and the cap are its.
        counted: visits of that level and of unknown level.
        cap: as published there; None where none is, or nothing is on record.
    """

    entity: str
    name: str
    region: str
    station: str | None
    agency: str
    year: int
    by_kind: dict[str, int]
    by_level: dict[str, int]
    level: Level
    counted: int
    cap: int | None

    @property
    def visits(self) -> int:
        """How many visits there were."""
        return sum(self.by_kind.values())

    @property
    def over(self) -> bool:
        """Whether there were more than the cap allows."""
        return self.cap is not None and self.counted > self.cap


@dataclass(frozen=True, slots=True)
class Burdens:
    """A page of the report."""

    rows: list[Burden]
    next_cursor: str | None
    count: int | None = None


class _Counted(NamedTuple):
    """The visits of a level of government and its cap."""

    level: Level
    used: int
    cap: int | None
    by_level: dict[str, int]


class _Caps:
    """The annual caps by region, as of the end of a year or of today if that is earlier."""

    def __init__(self, look: Look, year: int) -> None:
        self._look, self.year = look, year
        self._on = min(date(year, 12, 31), shanghai_day(look.now))
        self._caps: dict[str, AnnualCap | None] = {}

    def burden(self, row: AnyRow) -> Burden:
        """A row of the report."""
        fullest = max(
            (self._counted(row, level) for level in reversed(Level)),
            key=lambda one: (one.cap is not None, one.used - (one.cap or 0)),
        )
        return Burden(
            entity=row.key,
            name=row.name,
            region=row.region,
            station=row.station,
            agency=row.agency,
            year=self.year,
            by_kind={
                kind: sum(store.count_of(row, kind, level) for level in store.LEVELS) for kind in store.KINDS
            },
            by_level=fullest.by_level,
            level=fullest.level,
            counted=fullest.used,
            cap=fullest.cap,
        )

    def _counted(self, row: AnyRow, level: Level) -> _Counted:
        """What counts at a level by the policy of the region of that level around the premises."""
        regions = dict(zip(Level, regions_above(row.region), strict=False))
        cap = self._cap(regions.get(level, row.region))
        exempt = () if cap is None else cap.exempt_kinds
        by_level = {
            one: sum(store.count_of(row, kind, one) for kind in store.KINDS if kind not in exempt)
            for one in store.LEVELS
        }
        used = by_level[level] + by_level[store.UNKNOWN]
        return _Counted(level, used, None if cap is None else cap.visits, by_level)

    def _cap(self, region: str) -> AnnualCap | None:
        if region not in self._caps:
            try:
                policy = law.policy_for(self._look.connection, region, self._on).policy
                self._caps[region] = policy.annual_cap
            except Missing:
                self._caps[region] = None
        return self._caps[region]


def _whose(look: Look, agency: str | None) -> str | None:
    """The agency whose visits are counted; None: each one's.

    Raises:
        Missing: another one than the caller's.
    """
    wanted = agency or look.caller.agency
    if wanted is not None and not look.caller.speaks_for({wanted}):
        raise Missing("not-found")
    return wanted


def read_page(
    look: Look, *, year: int, region: str | None, agency: str | None, limit: int, cursor: str | None
) -> Burdens:
    """A page of the report, by entity and agency.

    Raises:
        Malformed: the cursor is not one that this list gave.
        Missing: the region lies outside the caller's.
    """
    prefix, agency = look.caller.within(region), _whose(look, agency)
    found = store.page(look.connection, region=prefix, year=year, agency=agency, limit=limit, cursor=cursor)
    caps = _Caps(look, year)
    return Burdens([caps.burden(row) for row in found.rows], found.next_cursor)


def as_file(
    opened: Callable[[], AbstractContextManager[Look]],
    *,
    year: int,
    region: str | None,
    agency: str | None,
    ending: Ending,
    language: str,
) -> Iterator[bytes]:
    """The whole report as a file in pieces.

    Raises:
        Missing: the region lies outside the caller's.
    """
    with opened() as look:
        # Before anything is sent.
        prefix, agency = look.caller.within(region), _whose(look, agency)
    return _pieces(opened, prefix, year=year, agency=agency, ending=ending, language=language)


def _pieces(
    opened: Callable[[], AbstractContextManager[Look]],
    prefix: str,
    *,
    year: int,
    agency: str | None,
    ending: Ending,
    language: str,
) -> Iterator[bytes]:
    with opened() as look:
        caps, head = _Caps(look, year), HEADERS[language]
        found = store.every(look.connection, region=prefix, year=year, agency=agency)
        rows = (_cells(caps.burden(row)) for row in found)
        if ending == "csv":
            yield from write_csv(head, rows)
        elif ending == "ndjson":
            yield from write_ndjson(head, rows)
        else:
            with tempfile.TemporaryFile() as target:
                write_xlsx(target, head, rows, sheet="检查次数")
                target.seek(0)
                while piece := target.read(_CHUNK):
                    yield piece


def _cells(row: Burden) -> tuple[Cell, ...]:
    return (
        *(row.entity, row.name, row.region, row.station, row.agency, row.year),
        *(row.visits, row.counted, row.cap),
        *row.by_kind.values(),
        *(row.level.value, *row.by_level.values()),
    )
