"""The year ahead on a bureau's own registers, before anything is approved 预测.

The same engine as `double-random simulate`, with the registers as they stand: nobody opens or closes, every
visit is made and finds nothing. One run, whose chance follows from region, year and policy: who is drawn is
made up, how many and what binds is not. Visits that are open today are taken as made.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from app.domain.calendar.draws import PlannedDraw, planned_draws
from app.domain.calendar.standing import Occasion
from app.domain.days import shanghai_day
from app.domain.duties.collisions import Decisions
from app.domain.errors import Missing, RuleBroken
from app.domain.facts import OpenVisit, Premises, Visit
from app.domain.freezing import RegisterFacts
from app.domain.items import Item
from app.domain.regions import region_prefix
from app.domain.simulation.accounts import YEAR_DAYS
from app.domain.simulation.chance import Chance
from app.domain.simulation.course import Setting, simulate
from app.domain.simulation.drawing import Law
from app.domain.simulation.recipe import STILL
from app.domain.simulation.report import duty_rows
from app.domain.simulation.rows import DutyRow
from app.domain.simulation.visiting import DRAWN
from app.domain.simulation.weeks import ForecastWeek, ItemCollision, collisions, forecast_weeks
from app.domain.working_days import WorkingCalendar
from app.services.context import Look
from app.services.planning import simulating
from app.services.planning.calendar import drawn_by_period
from app.services.planning.calendar_rows import planned, sees
from app.store import draw_calendar, duties
from app.store import forecast as store
from app.store.facts import Source

MOST_YEARS_AHEAD: Final = 1
"""Later years have neither a calendar nor registers that would still be true."""
CALENDAR: Final = "calendar"
POLICY: Final = "policy"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDraws:
    """Where the draws of an item come from: `calendar`, the approved one, or `policy`, which implies them."""

    item: str
    source: str
    draws: tuple[PlannedDraw, ...]

    def within(self, first: date, last: date) -> "ItemDraws":
        """Those whose visits are not over on one day and end by another."""
        return replace(self, draws=tuple(one for one in self.draws if first <= one.visit_to <= last))


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """A forecast of a year, or of what is left of it.

    Attributes:
        first, last: its days.
        policy: digest of the policy, by SHA-256.
        seed: what its chance follows from.
        plain_weeks: the year's working days are not known, Monday to Friday was assumed.
        draws: of each item, and where they come from.
        duties: what becomes of the windows that begin in these days.
    """

    year: int
    region: str
    first: date
    last: date
    policy: str
    seed: str
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
    if not sees(look, region_prefix(wanted)):
        raise Missing("not-found")
    if not today.year <= year <= today.year + MOST_YEARS_AHEAD:
        raise RuleBroken("forecast-year", year=year, first=today.year, last=today.year + MOST_YEARS_AHEAD)
    # What is left of this year leads up to the next: on New Year's Day not everything is overdue.
    first, last = max(today, date(year, 1, 1)), date(year, 12, 31)
    source = look.connection
    known = simulating.known_years_of(source)
    if year not in known.years and not assume_plain_weeks:
        raise RuleBroken("calendar-year-missing", year=year)
    law = simulating.law_in_force(source, region=wanted, on=first)
    law = replace(law, decisions=_decisions(source, law, year))
    if item is not None and item not in {one.code for one in law.items}:
        raise Missing("no-such-item", item=item, items=", ".join(one.code for one in law.items))
    draws = tuple(_draws_of(source, law, one, today.year, year, known) for one in law.items)
    facts = simulating.registers(source, law, on=today)
    seed = f"{region_prefix(wanted)}|{year}|{law.policy_digest}"
    setting = Setting(
        law=law,
        calendar=_with_plain_years(known, today, last),
        first=today,
        counted=first,
        last=last,
        course=STILL,
        chance=Chance(seed),
        draws=tuple(draw for one in draws for draw in one.draws),
    )
    tally = simulate(nothing_open(facts, law, today), setting, windows=simulating.windows_of(law))
    weeks = forecast_weeks(tally, units=store.units(source), first=first, last=last)
    return Forecast(
        year=year,
        region=wanted,
        first=first,
        last=last,
        policy=law.policy_digest,
        seed=seed,
        plain_weeks=year not in known.years,
        draws=tuple(one.within(first, last) for one in draws if item in {None, one.item}),
        weeks=weeks if item is None else tuple(week.only(item) for week in weeks),
        duties=tuple(row for row in duty_rows(tally, law.policy) if item in {None, row.group.item}),
        collisions=tuple(
            one for one in collisions(law, [*facts.premises], on=today, year=year) if item in {None, one.item}
        ),
    )


def _decisions(source: Source, law: Law, year: int) -> dict[str, Decisions]:
    return {
        item.code: duties.cap_decisions(source, item=item.code, region=law.region, year=year)
        for item in law.items
    }


def _draws_of(
    source: Source, law: Law, item: Item, first: int, year: int, known: WorkingCalendar
) -> ItemDraws:
    """The approved calendars up to a year, else what the policy implies; without what was drawn already."""
    prefix = region_prefix(law.region)
    approved = draw_calendar.approved_years(source, item=item.code, region=prefix)
    found: list[PlannedDraw] = []
    # The draw before New Year's Day has its visits in the year before the one that it belongs to.
    for one in range(first, year + 2):
        if one in approved:
            rows = draw_calendar.year_in_force(source, item=item.code, region=prefix, year=one)
            found += (planned(row) for row in rows)
        elif one <= year or one in known.years:
            working = known if one in known.years else None
            found += planned_draws(
                law.policy,
                item=item.code,
                regimes=item.regimes,
                region=law.region,
                year=one,
                working=working,
            )
    coming = [draw for draw in found if draw.visit_from.year <= year]
    drawn = drawn_by_period(
        source, item=item.code, region=law.region, periods={draw.period for draw in coming}
    )
    waiting = (
        draw
        for draw in coming
        if not Occasion(visits=draw.visits, window=draw.window, drawn=drawn.get(draw.period, ())).held
    )
    return ItemDraws(item=item.code, source=CALENDAR if year in approved else POLICY, draws=tuple(waiting))


def _with_plain_years(known: WorkingCalendar, first: date, last: date) -> WorkingCalendar:
    """The calendar with the years of the forecast; one whose notice is unknown is a row of plain weeks."""
    return replace(known, years=known.years | {*range(first.year, last.year + 1)})


def nothing_open(facts: RegisterFacts, law: Law, first: date) -> RegisterFacts:
    """The registers with today's open visits made: what is under way is taken to come to its end."""
    agencies = {item.code: item.agency for item in law.items}
    return replace(facts, premises=[_closed(one, agencies, law, first) for one in facts.premises])


def _closed(premises: Premises, agencies: dict[str, str], law: Law, first: date) -> Premises:
    made = tuple(_made(premises.open_visits, agencies, law, first))
    return replace(premises, open_visits=(), visits=(*premises.visits, *made)) if made else premises


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
            )
