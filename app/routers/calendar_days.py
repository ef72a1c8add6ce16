"""The working calendar: known years, and the notice of a year entered by an administrator."""

from typing import Annotated

from fastapi import APIRouter, File, Form, Path, UploadFile

from app.acts import ActRoute, if_match
from app.deps import ConditionalActDep, LookDep, allow
from app.schemas.results import (
    CalendarYearLine,
    CalendarYearRead,
    CalendarYears,
    CalendarYearWrite,
    MissingYear,
)
from app.services.results import calendar_entry, working_calendar
from app.services.results.calendar_entry import NoticeFile

router = APIRouter(prefix="/v1/calendar-days", tags=["公示 results"], route_class=ActRoute)

Year = Annotated[int, Path(ge=2000, le=2100, description="年份 (year)", examples=[2026])]


@router.get("", dependencies=allow("calendar.read"), summary="已知年份 Known years")
def years(look: LookDep) -> CalendarYears:
    """The years whose notice is known: deadlines can be counted in these; and those that should be by now."""
    return CalendarYears(
        items=[CalendarYearLine.model_validate(row) for row in working_calendar.years(look)],
        missing=[MissingYear.model_validate(one) for one in working_calendar.missing_years(look)],
    )


@router.get("/{year}", dependencies=allow("calendar.read"), summary="一年的放假调休 A year's special days")
def read_year(year: Year, look: LookDep) -> CalendarYearRead:
    """Days off and made-up working days of a year; without a source nothing is known of it."""
    return CalendarYearRead.of(working_calendar.year(look, year))


@router.put("/{year}", dependencies=allow("calendar.write"), summary="录入放假调休 Enter a year's notice")
@if_match(read_year, turn=working_calendar.TURN)
def enter_year(year: Year, body: CalendarYearWrite, act: ConditionalActDep) -> CalendarYearRead:
    """Enter or replace a year's special days; clocks that run through it are counted anew at once."""
    days = [day.special() for day in body.days]
    return CalendarYearRead.of(calendar_entry.enter_year(act, year, source=body.source, days=days))


@router.put(
    "/{year}/file", dependencies=allow("calendar.write"), summary="导入放假调休 A year's notice from a file"
)
@if_match(read_year, turn=working_calendar.TURN)
def enter_file(
    year: Year,
    act: ConditionalActDep,
    file: Annotated[UploadFile, File(description="CSV、XLSX、NDJSON：日期、上班、节日 (day, working, name)")],
    source: Annotated[str, Form(min_length=2, max_length=200, description="依据的通知 (the notice)")],
    dry_run: Annotated[bool, Form(description="只检查，不写入 (check only)")] = False,
) -> CalendarYearRead:
    """The same from a table of days, all of it or nothing; each fault is named by row and column."""
    notice = NoticeFile(filename=file.filename or "", content=file.file.read())
    return CalendarYearRead.of(
        calendar_entry.enter_file(act, year, source=source, file=notice, dry_run=dry_run)
    )
