"""The calendar of working days 工作日历: seeded where the notice is known, otherwise entered by hand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from app.adapters import china_calendar
from app.domain.access import Caller, Role
from app.domain.days import shanghai_day
from app.domain.policies.header import CLOCKS
from app.domain.results.clocks import parse_clocks, wanted_year
from app.domain.working_days import SpecialDay, WorkingCalendar, check_year
from app.services.access import log
from app.services.context import Act, Look
from app.services.planning import law
from app.store.paging import AnyRow
from app.store.queues import wait_turn
from app.store.results import calendar as store
from app.store.results.calendar import YearSource

TURN = "calendar"
MISSING_YEAR = "calendar-year-missing"
"""What is said where a day is to be counted in a year whose notice is not known."""
CLOCK = Caller(id="clock", name="clock", roles=frozenset({Role.ADMIN}), region="")
"""Who acts when it is the calendar or a deadline that acts."""


@dataclass(frozen=True, slots=True)
class MissingYear:
    """A year whose calendar should be there by now, and when the alarm was raised."""

    year: int
    alarmed_at: datetime | None


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


def known_around(connection: Connection, day: date) -> WorkingCalendar:
    """What is known of the same years, to read."""
    return store.calendar_of(connection, {day.year - 1, day.year, day.year + 1})


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


def missing_years(look: Look) -> list[MissingYear]:
    """The years whose calendar should be there by now (the clocks say from when on), and is not."""
    today = shanghai_day(look.now)
    clocks = parse_clocks(law.document_for(look.connection, CLOCKS, "", today).document)
    wanted = range(today.year, wanted_year(today, clocks) + 1)
    missing = sorted(set(wanted) - store.known_years(look.connection))
    alarmed = store.alarms(look.connection, missing)
    return [MissingYear(year, alarmed.get(year)) for year in missing]


def raise_alarms(act: Act, missing: Iterable[MissingYear]) -> None:
    """Raise the alarm that a year's calendar is missing, once a year: the clocks of all regions need it."""
    wait_turn(act.session, TURN)
    known = store.known_years(act.session.connection())
    raised = store.alarms(act.session.connection(), [one.year for one in missing])
    for one in missing:
        if one.year not in known and one.year not in raised:
            store.add_alarm(act.session, one.year, act.now)
            log(act, what="calendar.alarm", region="", subject=f"calendar/{one.year}", kind="year-missing")
