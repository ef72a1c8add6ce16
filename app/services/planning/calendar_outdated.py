"""What an approved calendar lacks by the policy and the working days of today: found when it is read."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Final

from app.domain.calendar.checks import year_rules
from app.domain.calendar.days_off import Week
from app.domain.calendar.draws import PlannedDraw, draws_of_year
from app.domain.calendar.fitting import WindowRules, window_rules
from app.domain.calendar.outdated import Term, lacks
from app.domain.calendar.starting import still_ahead
from app.domain.findings import Finding
from app.domain.items import Item
from app.domain.policies.rhythms import Rhythms
from app.domain.working_days import WorkingCalendar
from app.services.planning import law
from app.services.planning.calendar import drawn_by_period, known_years
from app.services.planning.calendar_rows import APPROVED, Row, draws_beside, planned
from app.services.planning.law import HeldPolicy
from app.store.draw_calendar import Source

_KEPT_IN_MIND: Final = 256


def outdated(source: Source, calendar: Row, rows: Sequence[Row], *, on: date) -> tuple[Finding, ...]:
    """Find what an approved calendar lacks of what is still to come; of another there is nothing to find.

    Args:
        source: where to read.
        calendar: the calendar, or its row.
        rows: its draws.
        on: the day.
    """
    item = law.items(on).get(calendar.item)
    if item is None or calendar.state != APPROVED or calendar.year < on.year:
        return ()
    terms = [*_terms(source, calendar, item, on)]
    periods = {row.period for row in rows} | {one.period for term in terms for one in term.foreseen}
    held = drawn_by_period(source, item=calendar.item, region=calendar.region, periods=periods)
    draws, beside = [planned(row) for row in rows], draws_beside(source, calendar)
    return tuple(lacks(draws, terms, today=on, held=held, beside=beside))


def _terms(source: Source, calendar: Row, item: Item, on: date) -> Iterator[Term]:
    """The policies that hold from a day, or from the beginning of the year, until its end."""
    # The holiday of New Year's Day begins in the year before.
    working = known_years(source, {calendar.year - 1, calendar.year})
    since = max(on, date(calendar.year, 1, 1))
    for held in law.policies_held(source, calendar.region, date(calendar.year, 12, 31)):
        if held.last >= since:
            yield _term(calendar, item, held, working, on)


def _term(calendar: Row, item: Item, held: HeldPolicy, working: WorkingCalendar, on: date) -> Term:
    policy, year = held.published.policy, calendar.year
    first = max(calendar.starts_on, held.first)
    known = working if year in working.years else None
    windows = window_rules(policy, item=item.code, regimes=item.regimes)
    foreseen = _foreseen(policy.rhythms, windows, item.code, year, known)
    rhythm = policy.rhythms.regular_of(item.code)
    least = 0 if rhythm is None else rhythm.least_working_days
    return Term(
        rules=year_rules(
            policy, item=item.code, regimes=item.regimes, year=year, since=first, until=held.last
        ),
        foreseen=tuple(still_ahead(foreseen, since=on, week=Week(working), least_working_days=least)),
    )


@lru_cache(_KEPT_IN_MIND)
def _foreseen(
    rhythms: Rhythms, windows: WindowRules, item: str, year: int, working: WorkingCalendar | None
) -> tuple[PlannedDraw, ...]:
    """What a policy foresees of a year, the same for every region in which it holds: a list asks for many."""
    return draws_of_year(rhythms, item=item, rules=windows, year=year, working=working)
