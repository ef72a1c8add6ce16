"""The calendar of working days in the database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select
from sqlmodel import Session, col

from app.domain.working_days import SpecialDay, WorkingCalendar
from app.store.paging import AnyRow, AnySelect
from app.store.tables.results import CalendarAlarm, CalendarDay, CalendarYear


@dataclass(frozen=True, slots=True, kw_only=True)
class YearSource:
    """Where a year's days come from: the package or the notice, who entered it, and when."""

    source: str
    entered_by: str
    entered_at: datetime


def known_years(connection: Connection) -> set[int]:
    """The years whose notice is known."""
    return set(connection.scalars(select(col(CalendarYear.year))))


def year_rows(connection: Connection) -> Sequence[AnyRow]:
    """Every known year with how many special days it has, in order."""
    return connection.execute(
        select(*_YEAR, func.count(col(CalendarDay.day)).label("days"))
        .outerjoin(CalendarDay, col(CalendarDay.year) == col(CalendarYear.year))
        .group_by(*_YEAR)
        .order_by(col(CalendarYear.year))
    ).all()


def year_row(connection: Connection, year: int) -> AnyRow | None:
    """Where a year comes from; None when it is not known."""
    return connection.execute(select(*_YEAR).where(col(CalendarYear.year) == year)).one_or_none()


def special_days(connection: Connection, year: int) -> list[SpecialDay]:
    """A year's special days, in order."""
    return [SpecialDay(row.day, row.working, row.name) for row in connection.execute(_days([year]))]


def calendar_of(connection: Connection, years: Iterable[int]) -> WorkingCalendar:
    """What is known of these years."""
    wanted = sorted(set(years))
    known = connection.scalars(select(col(CalendarYear.year)).where(col(CalendarYear.year).in_(wanted)))
    days = (SpecialDay(row.day, row.working, row.name) for row in connection.execute(_days(wanted)))
    return WorkingCalendar.of(known.all(), days)


def put_year(session: Session, year: int, days: Iterable[SpecialDay], origin: YearSource) -> None:
    """Keep a year's special days in place of what was known of it."""
    connection = session.connection()
    connection.execute(delete(CalendarDay).where(col(CalendarDay.year) == year))
    connection.execute(delete(CalendarYear).where(col(CalendarYear.year) == year))
    connection.execute(
        insert(CalendarYear).values(
            year=year, source=origin.source, entered_by=origin.entered_by, entered_at=origin.entered_at
        )
    )
    rows = [
        {"day": special.day, "year": year, "working": special.working, "name": special.name}
        for special in days
    ]
    connection.execute(insert(CalendarDay), rows)


def alarms(connection: Connection, years: Iterable[int]) -> dict[int, datetime]:
    """When the alarms that these years are missing were raised."""
    rows = connection.execute(
        select(col(CalendarAlarm.year), col(CalendarAlarm.at)).where(col(CalendarAlarm.year).in_(list(years)))
    )
    return {row.year: row.at for row in rows}


def add_alarm(session: Session, year: int, at: datetime) -> None:
    """Note that the alarm that a year is missing was raised."""
    session.add(CalendarAlarm(year=year, at=at))
    session.flush()


_YEAR = (
    col(CalendarYear.year),
    col(CalendarYear.source),
    col(CalendarYear.entered_by),
    col(CalendarYear.entered_at),
)


def _days(years: Sequence[int]) -> AnySelect:
    return (
        select(col(CalendarDay.day), col(CalendarDay.working), col(CalendarDay.name))
        .where(col(CalendarDay.year).in_(years))
        .order_by(col(CalendarDay.day))
    )
