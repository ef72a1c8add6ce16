"""The year ahead on a bureau's own registers, before anything is approved 预测.

The same engine as `double-random simulate`, with the registers as they stand: nobody opens or closes, every
visit is made and finds nothing. One run, whose chance follows from region, year and policy: who is drawn is
made up, how many and what binds is not. Visits that are open today are taken as made.

Counties draw for themselves, by their own calendars and under their own policies: what lies ahead of a city
or province is what lies ahead of its counties, added up. Where a county has no approved calendar of an item,
the nearest region above it that has one draws there: the county's part of that draw is forecast.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlalchemy import Connection

from app.domain.days import shanghai_day
from app.domain.errors import Missing, RuleBroken
from app.domain.facts import OpenVisit, Premises, Visit
from app.domain.freezing import RegisterFacts
from app.domain.regions import Level, level_of, region_prefix
from app.domain.simulation.accounts import YEAR_DAYS
from app.domain.simulation.chance import Chance
from app.domain.simulation.course import Setting, simulate
from app.domain.simulation.drawing import Law
from app.domain.simulation.recipe import STILL
from app.domain.simulation.report import duty_rows
from app.domain.simulation.rows import DutyRow, joined_rows
from app.domain.simulation.visiting import DRAWN
from app.domain.simulation.weeks import (
    ForecastWeek,
    ItemCollision,
    collisions,
    forecast_weeks,
    joined_weeks,
)
from app.domain.working_days import WorkingCalendar
from app.services.context import Look
from app.services.planning import simulating
from app.services.planning.forecast_draws import ItemDraws, YearAsked, draws_of
from app.store import duties
from app.store import forecast as store
from app.store.fieldwork.disclosure import undisclosed_draws

MOST_YEARS_AHEAD: Final = 1
"""Later years have neither a calendar nor registers that would still be true."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A region that is looked at by itself: digest of its policy, and what its chance follows from."""

    region: str
    policy: str
    seed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """A forecast of a year, or of what is left of it.

    Attributes:
        first, last: its days.
        parts: the regions of which it is made: itself, or its counties.
        plain_weeks: the year's working days are not known, Monday to Friday was assumed.
        draws: of each item, and where they come from.
        duties: what becomes of the windows that begin in these days.
    """

    year: int
    region: str
    first: date
    last: date
    parts: tuple[Part, ...]
    plain_weeks: bool
    draws: tuple[ItemDraws, ...]
    weeks: tuple[ForecastWeek, ...]
    duties: tuple[DutyRow, ...]
    collisions: tuple[ItemCollision, ...]

    @property
    def years(self) -> float:
        """How many years its days are."""
        return ((self.last - self.first).days + 1) / YEAR_DAYS

    @property
    def infeasible(self) -> tuple[ForecastWeek, ...]:
        """The weeks in which not everything can be done."""
        return tuple(week for week in self.weeks if week.infeasible)


def forecast(
    look: Look, *, year: int, region: str | None, item: str | None, assume_plain_weeks: bool
) -> Forecast:
    """Look a year ahead.

    Args:
        look: the request.
        year: this year, from today on, or the next.
        region: code or prefix; None: the caller's own.
        item: only what concerns this item; the others are drawn all the same, since they need inspectors too.
        assume_plain_weeks: where the year's holidays are not known, take Monday to Friday as worked.

    Raises:
        Missing: no such item, no policy, or the region lies outside the caller's.
        RuleBroken: `forecast-year`, `calendar-year-missing`, `no-rhythm`.
    """
    today, wanted = shanghai_day(look.now), region or look.caller.region
    look.caller.within(wanted)
    if not today.year <= year <= today.year + MOST_YEARS_AHEAD:
        raise RuleBroken("forecast-year", year=year, first=today.year, last=today.year + MOST_YEARS_AHEAD)
    # What is left of this year leads up to the next: on New Year's Day not everything is overdue.
    first, last = max(today, date(year, 1, 1)), date(year, 12, 31)
    source = look.connection
    known = simulating.known_years_of(source)
    if year not in known.years and not assume_plain_weeks:
        raise RuleBroken("calendar-year-missing", year=year)
    year_asked = YearAsked(
        number=year,
        today=today,
        first=first,
        last=last,
        known=known,
        sealed=undisclosed_draws(source, look.now),
    )
    found = [_part(look, year_asked, one, item=item) for one in _parts(source, wanted)]
    joined = found[0] if len(found) == 1 else None
    return Forecast(
        year=year,
        region=wanted,
        first=first,
        last=last,
        parts=tuple(part for one in found for part in one.parts),
        plain_weeks=year not in known.years,
        draws=tuple(draws for one in found for draws in one.draws),
        weeks=joined_weeks({one.region: one.weeks for one in found}),
        duties=joined.duties if joined is not None else joined_rows(one.duties for one in found),
        collisions=tuple(collision for one in found for collision in one.collisions),
    )


def _parts(source: Connection, wanted: str) -> list[str]:
    """The counties of a city or province with premises; the region itself where it is one, or has any."""
    prefix = region_prefix(wanted)
    held = [one for one in duties.regions(source) if one.startswith(prefix)]
    apart = (
        held and all(level_of(one) is Level.COUNTY for one in held) and level_of(wanted) is not Level.COUNTY
    )
    return held if apart else [wanted]


def _part(look: Look, asked: YearAsked, region: str, *, item: str | None) -> Forecast:
    """What lies ahead of one region, drawn by itself.

    Raises:
        Missing: no such item, or no policy.
        RuleBroken: `no-rhythm`.
    """
    source, year, today = look.connection, asked.number, asked.today
    law = simulating.law_in_force(source, region=region, on=asked.first)
    if item is not None and item not in {one.code for one in law.items}:
        raise Missing("no-such-item", item=item, items=", ".join(one.code for one in law.items))
    # What a reader may not know yet is drawn here anew, as is what waits for its values.
    draws = tuple(draws_of(source, law, one, asked) for one in law.items)
    # The weeks that lead up to a year are taken to be drawn by whoever draws in it.
    kept_to = {one.item: one.calendar_of for one in draws if one.calendar_of is not None}
    law = replace(law, drawn_by=kept_to)
    # This year's draws meet what last year let go, next year's what this one does.
    law = replace(law, decisions=simulating.decided(source, law, range(today.year - 1, year + 1)))
    facts = simulating.registers(source, law, on=today, seen_at=look.now)
    seed = f"{region_prefix(region)}|{year}|{law.policy_digest}"
    setting = Setting(
        law=law,
        calendar=_with_plain_years(asked.known, today, asked.last),
        first=today,
        counted=asked.first,
        last=asked.last,
        course=STILL,
        chance=Chance(seed),
        draws=tuple(draw for one in draws for draw in one.draws),
    )
    tally = simulate(nothing_open(facts, law, today), setting, windows=simulating.windows_of(law))
    weeks = forecast_weeks(tally, units=store.units(source), first=asked.first, last=asked.last)
    return Forecast(
        year=year,
        region=region,
        first=asked.first,
        last=asked.last,
        parts=(Part(region=region, policy=law.policy_digest, seed=seed),),
        plain_weeks=year not in asked.known.years,
        draws=tuple(one.within(asked.first, asked.last) for one in draws if item in {None, one.item}),
        weeks=weeks if item is None else tuple(week.only(item) for week in weeks),
        duties=tuple(row for row in duty_rows(tally, law.policy) if item in {None, row.group.item}),
        collisions=tuple(
            one for one in collisions(law, [*facts.premises], on=today, year=year) if item in {None, one.item}
        ),
    )


def _with_plain_years(known: WorkingCalendar, first: date, last: date) -> WorkingCalendar:
    """The calendar with the years of the forecast; one whose notice is unknown is a row of plain weeks."""
    return replace(known, years=known.years | {*range(first.year, last.year + 1)})


def nothing_open(facts: RegisterFacts, law: Law, first: date) -> RegisterFacts:
    """The registers with today's open visits made: what is under way is taken to come to its end."""
    agencies = {item.code: item.agency for item in law.items}
    return replace(facts, premises=[_closed(one, agencies, law, first) for one in facts.premises])


def _closed(premises: Premises, agencies: dict[str, str], law: Law, first: date) -> Premises:
    made = tuple(_made(premises.open_visits, agencies, law, first))
    return premises._replace(open_visits=(), visits=(*premises.visits, *made)) if made else premises


def _made(
    open_visits: Iterable[OpenVisit], agencies: dict[str, str], law: Law, first: date
) -> Iterator[Visit]:
    for visit in open_visits:
        for item in visit.items:
            yield Visit(
                item=item,
                on=first,
                kind=DRAWN,
                agency=agencies.get(item, ""),
                codes=(law.policy.counting.clean,),
                level=visit.level,
            )
