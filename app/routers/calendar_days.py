"""The working calendar: known years, and the notice of a year entered by an administrator."""

from typing import Annotated

from fastapi import APIRouter, Path

from app.acts import ActRoute, if_match
from app.deps import ConditionalActDep, LookDep, allow
from app.schemas.results import CalendarYearLine, CalendarYearRead, CalendarYears, CalendarYearWrite
from app.services.results import working_calendar

router = APIRouter(prefix="/v1/calendar-days", tags=["公示 results"], route_class=ActRoute)

Year = Annotated[int, Path(ge=2000, le=2100, description="年份 (year)", examples=[2026])]


@router.get("", dependencies=allow("calendar.read"), summary="已知年份 Known years")
def years(look: LookDep) -> CalendarYears:
    """The years whose notice is known: deadlines can be counted in these."""
    return CalendarYears(items=[CalendarYearLine.model_validate(row) for row in working_calendar.years(look)])


@router.get("/{year}", dependencies=allow("calendar.read"), summary="一年的放假调休 A year's special days")
def read_year(year: Year, look: LookDep) -> CalendarYearRead:
    """Days off and made-up working days of a year; without a source nothing is known of it."""
    return CalendarYearRead.of(working_calendar.year(look, year))


@router.put("/{year}", dependencies=allow("calendar.write"), summary="录入放假调休 Enter a year's notice")
@if_match(read_year, turn=working_calendar.TURN)
def enter_year(year: Year, body: CalendarYearWrite, act: ConditionalActDep) -> CalendarYearRead:
    """Enter or replace a year's special days; clocks that run already stay as they are."""
    days = [day.special() for day in body.days]
    return CalendarYearRead.of(working_calendar.enter_year(act, year, source=body.source, days=days))
