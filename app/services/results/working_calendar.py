"""The calendar of working days 工作日历: seeded where the notice is known, otherwise entered by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.adapters import china_calendar
from app.domain.access import Caller, Role
from app.domain.working_days import SpecialDay, WorkingCalendar, check_year
from app.services.access import log
from app.services.context import Act, Look
from app.store.paging import AnyRow
from app.store.queues import wait_turn
from app.store.results import calendar as store
from app.store.results.calendar import YearSource

TURN = "calendar"
CLOCK = Caller(id="clock", name="clock", roles=frozenset({Role.ADMIN}), region="")
"""Who acts when it is the calendar or a deadline that acts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearRead:
    """What is known of a year; without a source nothing is, and no deadline can be counted in it."""

    year: int
    source: str | None
    entered_by: str | None
    entered_at: datetime | None
    days: tuple[SpecialDay, ...]


def seed(act: Act) -> None:
    """Enter the years that chinesecalendar knows and the table does not; what was entered by hand stays."""
    wait_turn(act.session, TURN)
    missing = set(china_calendar.known_years()) - store.known_years(act.session.connection())
    origin = YearSource(source=china_calendar.SOURCE, entered_by=act.caller.id, entered_at=act.now)
    for year in sorted(missing):
        store.put_year(act.session, year, check_year(year, china_calendar.special_days(year)), origin)


def calendar_around(act: Act, day: date) -> WorkingCalendar:
    """The working calendar of the years before, of and after a day, seeded on first use.

    A year that is missing shows only when something is counted in it.
    """
    years = {day.year - 1, day.year, day.year + 1}
    connection = act.session.connection()
    found = store.calendar_of(connection, years)
    if (years - found.years).isdisjoint(china_calendar.known_years()):
        return found
    seed(act)
    return store.calendar_of(connection, years)


def known_around(look: Look, day: date) -> WorkingCalendar:
    """What is known of the same years, to read."""
    return store.calendar_of(look.connection, {day.year - 1, day.year, day.year + 1})


def years(look: Look) -> Sequence[AnyRow]:
    """Every known year and where it comes from."""
    return store.year_rows(look.connection)


def year(look: Look, number: int) -> YearRead:
    """What is known of a year."""
    row = store.year_row(look.connection, number)
    if row is None:
        return YearRead(year=number, source=None, entered_by=None, entered_at=None, days=())
    return YearRead(
        year=number,
        source=row.source,
        entered_by=row.entered_by,
        entered_at=row.entered_at,
        days=tuple(store.special_days(look.connection, number)),
    )


def enter_year(act: Act, number: int, *, source: str, days: Sequence[SpecialDay]) -> YearRead:
    """Enter or replace a year's special days, naming the notice; clocks that run already stay as they are.

    Raises:
        Malformed: what no notice says.
    """
    checked = check_year(number, days)
    origin = YearSource(source=source, entered_by=act.caller.id, entered_at=act.now)
    store.put_year(act.session, number, checked, origin)
    log(act, what="calendar.write", region="", subject=f"calendar/{number}", days=len(checked), source=source)
    return YearRead(year=number, source=source, entered_by=act.caller.id, entered_at=act.now, days=checked)
