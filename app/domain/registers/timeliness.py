"""Which days a row may name on the day on which it is registered."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

from app.domain.registers.columns import Column, ColumnType
from app.domain.registers.faults import Fault, RowErrorCode
from app.domain.registers.register import Register
from app.domain.registers.rows import Row

EARLIEST: Final = date(1949, 10, 1)
"""No day of a register lies before it: an earlier one is a typing error, such as `0201-05-06`."""


def dated(register: Register[Any]) -> tuple[Column, ...]:
    """The columns of a register that hold days."""
    return tuple(column for column in register.columns if column.type is ColumnType.DATE)


def day_faults(columns: Iterable[Column], row: Row, today: date) -> Iterator[Fault]:
    """Find days that cannot be: before `EARLIEST`, or of something that has happened, after today.

    A venue that was registered in 2099 would owe no visit until then, and nobody would notice.

    Args:
        columns: the ones that hold days, as of `dated`.
        row: as it was read.
        today: the day in Asia/Shanghai on which it is registered.
    """
    for column in columns:
        day = getattr(row, column.field)
        if day is None:
            continue
        if day < EARLIEST:
            yield Fault(RowErrorCode.TOO_EARLY, column=column.name, value=day, earliest=EARLIEST)
        elif column.past and day > today:
            yield Fault(RowErrorCode.IN_THE_FUTURE, column=column.name, value=day, today=today)
