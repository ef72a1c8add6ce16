"""What a simulation is set up with: law in force, working days, a made-up county or a bureau's registers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from app import seeds
from app.adapters import china_calendar
from app.domain.calendar.fitting import window_months
from app.domain.duties.collisions import Decisions
from app.domain.errors import RuleBroken
from app.domain.freezing import RegisterFacts, visits_that_matter
from app.domain.simulation.chance import Chance
from app.domain.simulation.county import County, make_county
from app.domain.simulation.drawing import Law
from app.domain.simulation.holidays import assumed_days_off
from app.domain.simulation.recipe import (
    STILL,
    AnswerRules,
    CountyRecipe,
    Course,
    parse_answers,
    parse_county,
    parse_course,
)
from app.domain.working_days import SpecialDay, WorkingCalendar
from app.services.planning import calendar, law
from app.services.planning.freezing import classes_asked, taken_before
from app.store import duties
from app.store import facts as store
from app.store.facts import Source
from app.store.registers import staff

_SIMULATION: Final = "simulation"
_MOST_YEARS: Final = 25
"""So far ahead a simulation looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingYears:
    """Working days of some years, and the years of which they are only assumed."""

    calendar: WorkingCalendar
    assumed: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumed:
    """What the command line changes of what a simulation assumes; None: as the document says.

    Attributes:
        still: registers stay as they are, and every visit is made and finds nothing.
        not_made, nobody: visits per thousand that are not made, that meet nobody.
        answers: alarms are answered with ad-hoc draws 临时抽查.
        lead_days: working days that an answer takes.
    """

    still: bool = False
    not_made: int | None = None
    nobody: int | None = None
    answers: bool = True
    lead_days: int | None = None


def law_in_force(source: Source | None, *, region: str, on: date, items: Iterable[str] = ()) -> Law:
    """The policy in force in a region on a day, with items in force; no items: all of them.

    Raises:
        Missing: no policy, or no such item.
        RuleBroken: `no-rhythm`, when the policy plans no draws.
    """
    published = law.policy_for(source, region, on)
    wanted = [law.item(code, on) for code in items] or list(law.items(on).values())
    found = Law(
        region=region,
        policy=published.policy,
        policy_digest=published.digests["sha256"],
        items=tuple(wanted),
    )
    rhythms = published.policy.rhythms
    if not any(rhythms.regular_of(item.code) or rhythms.extra_of(item.code) for item in wanted):
        raise RuleBroken("no-rhythm", region=region, on=on.isoformat())
    return found


def decided(source: Source, found: Law, years: Iterable[int]) -> dict[tuple[str, int], Decisions]:
    """What was decided of each item and year, as a plan of the region that draws it would read it."""
    return {
        (item.code, year): duties.cap_decisions(
            source, item=item.code, region=found.drawing_region(item.code), year=year
        )
        for item in found.items
        for year in years
    }


def windows_of(found: Law) -> dict[str, tuple[int, ...]]:
    """Lengths in months of the calendar windows of each item's duties."""
    return {item.code: window_months(found.policy, regimes=item.regimes) for item in found.items}


def known_years() -> WorkingCalendar:
    """The years whose notice comes with the application."""
    years = china_calendar.known_years()
    return WorkingCalendar.of(years, (day for year in years for day in china_calendar.special_days(year)))


def known_years_of(source: Source) -> WorkingCalendar:
    """The years that the database knows, and those that come with the application."""
    mine = known_years()
    entered = calendar.known_years(source, range(min(mine.years), max(mine.years) + _MOST_YEARS))
    return WorkingCalendar(
        years=mine.years | entered.years,
        off=frozenset(day for day in mine.off if day.year not in entered.years) | entered.off,
        made_up=frozenset(day for day in mine.made_up if day.year not in entered.years) | entered.made_up,
    )


def working_years(years: Iterable[int], known: WorkingCalendar) -> WorkingYears:
    """Working days of some years: as the notices say, and where none is known as the assumption has it.

    Raises:
        RuleBroken: `calendar-year-missing`, for a year of which not even an assumption is made.
    """
    missing = tuple(sorted(set(years) - known.years))
    assumed = tuple(assumed_days_off(missing, _document("holidays")))
    return WorkingYears(
        calendar=WorkingCalendar.of(
            {*known.years, *missing},
            (*_special(known), *assumed),
        ),
        assumed=missing,
    )


def _special(known: WorkingCalendar) -> Iterable[SpecialDay]:
    yield from (SpecialDay(day, False, "") for day in known.off)
    yield from (SpecialDay(day, True, "") for day in known.made_up)


def course_of(assumed: Assumed) -> Course:
    """What happens in the simulated years."""
    course = parse_course(_document("course"))
    if assumed.still:
        # Certificates are renewed in time all the same: else nobody would be left after some years.
        course = replace(
            STILL,
            certificate_years=course.certificate_years,
            renewed_days_before=course.renewed_days_before,
        )
    if assumed.not_made is not None:
        course = replace(course, not_made=assumed.not_made)
    if assumed.nobody is not None:
        course = replace(course, nobody=assumed.nobody)
    return course


def answers_of(assumed: Assumed) -> AnswerRules | None:
    """How alarms are answered; None: they are not."""
    if not assumed.answers:
        return None
    rules = parse_answers(_document("answers"))
    return rules if assumed.lead_days is None else replace(rules, lead_days=assumed.lead_days)


def made_up_county(chance: Chance, *, entities: int, on: date) -> County:
    """A county of about so many premises."""
    return make_county(county_recipe(), chance, entities=entities, on=on)


def county_recipe() -> CountyRecipe:
    """How the county is made up."""
    return parse_county(_document("county"))


@cache
def _document(code: str) -> Mapping[str, Any]:
    return next(document for document in seeds.documents(_SIMULATION) if document["code"] == code)


def first_known(facts: RegisterFacts, on: date) -> RegisterFacts:
    """Registers that begin to be kept on a day: no duty can have been missed before."""
    return replace(
        facts,
        premises=[
            one._replace(
                registrations=tuple(
                    replace(each, known_since=each.known_since or on) for each in one.registrations
                ),
            )
            for one in facts.premises
        ],
    )


def registers(source: Source, found: Law, *, on: date, seen_at: datetime | None = None) -> RegisterFacts:
    """A region's own registers as they stand, with all that a draw of an item of the law may ask of them.

    To a reader (`seen_at`) draws of which a visit is not disclosed have brought nothing yet.
    """
    staffing = found.policy.staffing
    return RegisterFacts(
        premises=store.premises_in(
            source,
            region=found.region,
            regimes={regime for item in found.items for regime in item.regimes},
            visits_since=visits_that_matter(found.policy, on),
            disclosed_by=seen_at,
        ),
        officers=store.officers_near(source, region=found.region, on_or_after=on),
        recusals=store.recusals_in(source, region=found.region),
        suspected=staff.suspected_in(source, region=found.region),
        taken=taken_before(source, staffing, on, seen_at=seen_at),
        last_visits=list(staff.last_visits(source, region=found.region, most=staffing.rotation_visits)),
        credit_classes=classes_asked(source, found.policy.strata, region=found.region, on=on),
    )
