"""The draws that a forecast expects of an item in a region: of an approved calendar, or of the policy."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from app.domain.calendar.draws import PlannedDraw, planned_draws
from app.domain.calendar.standing import Occasion
from app.domain.items import Item
from app.domain.regions import region_prefix, regions_above
from app.domain.simulation.drawing import Law
from app.domain.working_days import WorkingCalendar
from app.services.planning.calendar import drawn_by_period
from app.services.planning.calendar_rows import planned
from app.store import draw_calendar
from app.store.facts import Source

CALENDAR: Final = "calendar"
POLICY: Final = "policy"
_COMMITTED: Final = "committed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDraws:
    """Where the draws of an item come from: `calendar`, the approved one, or `policy`, which implies them.

    `region` is where they are held, `calendar_of` the prefix of the region whose calendar is kept to.
    """

    item: str
    region: str
    source: str
    calendar_of: str | None
    draws: tuple[PlannedDraw, ...]

    def within(self, first: date, last: date) -> "ItemDraws":
        """Those whose visits are not over on one day and end by another."""
        return replace(self, draws=tuple(one for one in self.draws if first <= one.visit_to <= last))


@dataclass(frozen=True, slots=True, kw_only=True)
class YearAsked:
    """The year that is asked about; `sealed`: draws that readers may not know yet."""

    number: int
    today: date
    first: date
    last: date
    known: WorkingCalendar
    sealed: Collection[str]


def draws_of(source: Source, law: Law, item: Item, asked: YearAsked) -> ItemDraws:
    """The approved calendars up to a year, else what the policy implies; without what was drawn already."""
    year = asked.number
    prefix, approved = _calendar_of(source, law, item, year)
    # The draw before New Year's Day has its visits in the year before the one that it belongs to.
    found = (
        draw
        for one in range(asked.today.year, year + 2)
        for draw in _of_year(source, law, item, asked, one, prefix=prefix if one in approved else None)
    )
    coming = [draw for draw in found if draw.visit_from.year <= year]
    drawn = drawn_by_period(source, item=item.code, region=prefix, periods={draw.period for draw in coming})
    waiting = (
        draw
        for draw in coming
        if not Occasion(
            visits=draw.visits,
            window=draw.window,
            drawn=[
                one
                for one in drawn.get(draw.period, ())
                if one.state != _COMMITTED and one.id not in asked.sealed
            ],
        ).held
    )
    kept_to = year in approved
    return ItemDraws(
        item=item.code,
        region=law.region,
        source=CALENDAR if kept_to else POLICY,
        calendar_of=prefix if kept_to else None,
        draws=tuple(waiting),
    )


def _of_year(
    source: Source, law: Law, item: Item, asked: YearAsked, year: int, *, prefix: str | None
) -> Iterable[PlannedDraw]:
    """The draws of one year: of a region's calendar, given as its prefix, else what the policy implies."""
    if prefix is not None:
        rows = draw_calendar.year_in_force(source, item=item.code, region=prefix, year=year)
        return (planned(row) for row in rows)
    if year > asked.number and year not in asked.known.years:
        return ()
    return planned_draws(
        law.policy,
        item=item.code,
        regimes=item.regimes,
        region=law.region,
        year=year,
        working=asked.known if year in asked.known.years else None,
    )


def _calendar_of(source: Source, law: Law, item: Item, year: int) -> tuple[str, set[int]]:
    """Whose calendar of the year a region keeps to, its own or the nearest above, and that one's years."""
    prefixes = [region_prefix(one) for one in reversed(regions_above(law.region))] or [law.region]
    for prefix in prefixes:
        approved = draw_calendar.approved_years(source, item=item.code, region=prefix)
        if year in approved:
            return prefix, approved
    return prefixes[0], draw_calendar.approved_years(source, item=item.code, region=prefixes[0])
