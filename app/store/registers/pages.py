"""Pages of the registers' records."""

from dataclasses import dataclass

from app.store.registers.bulk import Record


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page of a list: how many rows, after which, and whether to count them all."""

    limit: int
    cursor: str | None
    count: bool


@dataclass(frozen=True, slots=True)
class Records:
    """A page of records, the cursor of the next one, and how many there are in all if that was asked."""

    rows: list[Record]
    next_cursor: str | None
    count: int | None
