"""A year's notice entered by hand or from a file; what runs by it is counted anew at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.adapters.tabular import read_rows
from app.domain.registers import Fault
from app.domain.results.notice_file import notice_days
from app.domain.working_days import SpecialDay, check_year
from app.services.access import log
from app.services.context import Act
from app.services.results import recounting
from app.services.results.working_calendar import YearRead
from app.store.results import calendar as store
from app.store.results.calendar import YearSource

_STARTED_AT_ONCE = 1000
"""Clocks that begin with a year's entry; the worker begins the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFile:
    """A notice as a table, CSV, XLSX or NDJSON: one row for each special day."""

    filename: str
    content: bytes


def enter_year(act: Act, number: int, *, source: str, days: Sequence[SpecialDay]) -> YearRead:
    """Enter or replace a year's special days, naming the notice; clocks that run through it are counted anew.

    Raises:
        Malformed: what no notice says.
    """
    return _enter(act, number, source, check_year(number, days))


def enter_file(act: Act, number: int, *, source: str, file: NoticeFile, dry_run: bool) -> YearRead:
    """The same from a file, all of it or nothing; `dry_run` only checks it.

    Raises:
        Malformed: no table, a row that cannot be read, or what no notice says.
    """
    rows = read_rows(file.content, file.filename)
    head, header = next(rows)
    assert not isinstance(header, Fault)  # noqa: S101 - only lines after the header can be one
    found = notice_days(number, header, rows, header_row=max(head, 1))
    checked = check_year(
        number, [special for _, special in found], places=[f"/rows/{row}/day" for row, _ in found]
    )
    if dry_run:
        return YearRead(year=number, source=source, entered_by=None, entered_at=None, days=checked)
    return _enter(act, number, source, checked)


def _enter(act: Act, number: int, source: str, days: tuple[SpecialDay, ...]) -> YearRead:
    origin = YearSource(source=source, entered_by=act.caller.id, entered_at=act.now)
    store.put_year(act.session, number, days, origin)
    moved = recounting.recount(act, number)
    begun = recounting.start_waiting(act, most=_STARTED_AT_ONCE)
    detail = {"days": len(days), "source": source, "moved": moved, "begun": begun}
    log(act, what="calendar.write", region="", subject=f"calendar/{number}", **detail)
    return YearRead(year=number, source=source, entered_by=act.caller.id, entered_at=act.now, days=days)
