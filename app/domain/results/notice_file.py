"""A year's notice 放假调休安排 as a table: a row for each day that differs from the plain week.

Columns are read as those of the registers are: English or Chinese headers in any order, days and truths in
all the ways in which they are written.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Final

from app.domain.errors import FieldError, Malformed
from app.domain.registers import Binding, Cell, Fault, RowError, bind_headers, parse_rows
from app.domain.registers.columns import Column, ColumnType
from app.domain.registers.register import Register
from app.domain.working_days import SpecialDay

_MOST_DAYS: Final = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRow:
    """One row: a day, whether it is worked 调休上班, and after which holiday."""

    day: date
    working: bool
    name: str

    @property
    def key(self) -> tuple[object, ...]:
        """(day,)."""
        return (self.day,)


def _no_faults(_row: NoticeRow) -> Iterator[Fault]:
    return iter(())


NOTICE: Final[Register[Any]] = Register(
    "calendar-days",
    "放假调休安排",
    (
        Column("day", "日期", ColumnType.DATE, required=True),
        Column("working", "上班", ColumnType.BOOLEAN, required=True, aliases=("调休上班", "是否上班")),
        Column("name", "节日", required=True, aliases=("名称",)),
    ),
    NoticeRow,
    _no_faults,
)


def notice_days(
    year: int,
    header: Sequence[Cell],
    rows: Iterable[tuple[int, Sequence[Cell] | Fault]],
    *,
    header_row: int = 1,
) -> list[tuple[int, SpecialDay]]:
    """Give the special days of a table, each with the number of its row.

    Args:
        year: which the notice is of, for the text of a refusal.
        header: the cells of the header.
        rows: the rows after it with their numbers.
        header_row: the header's number.

    Raises:
        Malformed: `calendar-refused` with a field error for each thing that is wrong, by row and column.
    """
    bound = bind_headers(header, NOTICE, row_number=header_row)
    if not isinstance(bound, Binding):
        raise _refused(year, bound)
    if bound.unknown:
        raise _refused(year, bound.unknown)
    found, errors = [], list[RowError]()
    parsed = parse_rows(NOTICE, bound, rows)
    for number, row in islice(parsed, _MOST_DAYS):
        if isinstance(row, list):
            errors += row
        else:
            found.append((number, SpecialDay(row.day, row.working, row.name)))
    if errors:
        raise _refused(year, errors)
    if next(parsed, None) is not None:
        raise Malformed(
            "calendar-refused",
            FieldError("/rows", "too-many-days", (("most", str(_MOST_DAYS)),)),
            year=year,
        )
    return found


def _refused(year: int, errors: Iterable[RowError]) -> Malformed:
    faults = (FieldError(f"/rows/{one.row}/{one.field}", one.code.value, one.values) for one in errors)
    return Malformed("calendar-refused", *faults, year=year)
