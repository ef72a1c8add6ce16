"""The draws of a year 年度抽查安排, from a policy and the table of working days.

Periods are canonical tokens; each draw of an item in a region has its own:

| rhythm or occasion | period | visits |
|---|---|---|
| week | `2026-11.2` | an ISO week, cut at the month's ends; a short piece joins its neighbour |
| third of the month | `2026-11.2` | 1st to 10th, 11th to 20th, 21st to the end |
| month, quarter | `2026-11`, `2026Q4` | the month, the quarter |
| before a holiday | `2026.holiday-1001` | of the days before it what fits; named by its first day |
| season | `2026-12.season` | of the month what fits |

What fits keeps to the windows of the item's duties and clear of their reserve (`fitting`). An extra draw
before a holiday belongs to the year in which the holiday ends, so that this year's notice alone decides it:
the draw before New Year's Day has its visits in the year before.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from app.domain.calendar.days_off import Week, holidays
from app.domain.calendar.fitting import WindowRules, fitted, window_rules
from app.domain.calendar.spans import (
    DAY,
    MONTHS,
    QUARTER_MONTHS,
    Span,
    months_span,
    thirds_of,
    weeks_of,
    windows_of,
)
from app.domain.policies.rhythms import HOLIDAY, MONTH, QUARTER, WEEK, ExtraDraws, Rate, Rhythm, Rhythms
from app.domain.policy import Policy
from app.domain.working_days import WorkingCalendar

REGULAR: Final = "regular"
EXTRA: Final = "extra"
ADHOC: Final = "adhoc"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDraw:
    """A draw that the year foresees.

    Attributes:
        item: code of the inspection item.
        period: canonical period, a token.
        kind: `regular`, `extra` or `adhoc`.
        visit_from, visit_to: days of the visits, both included.
        rate: p/q at which it draws; None: each plan's own.
        basis: why it is held.
        window: the days within which its visits may be moved, and a voided draw is replaced.
        alarm_days: without an approved plan so many days before its visits it is an alarm.
        holiday: the first day of the holiday before which it is held.
    """

    item: str
    period: str
    kind: str
    visit_from: date
    visit_to: date
    rate: Rate | None
    basis: str
    window: Span
    alarm_days: int = 0
    holiday: date | None = None

    @property
    def visits(self) -> Span:
        """The days of the visits."""
        return Span(first=self.visit_from, last=self.visit_to)

    @property
    def alarm_on(self) -> date:
        """The day from which on it is an alarm without an approved plan."""
        return self.visit_from - self.alarm_days * DAY


def planned_draws(
    policy: Policy,
    *,
    item: str,
    regimes: Iterable[str],
    region: str,
    year: int,
    working: WorkingCalendar | None,
) -> tuple[PlannedDraw, ...]:
    """Give the draws that a policy foresees for an item in a year, by first day of their visits.

    Args:
        policy: its rhythms, and the duties whose windows the draws keep to.
        item: code of the inspection item.
        regimes: the regimes that it inspects.
        region: whose draws; nothing else depends on it.
        year: to which the draws belong; the draw before New Year's Day has its visits in the year before.
        working: the table of working days, which must know the year; None: the plain week, without holidays.

    Raises:
        RuleBroken: `calendar-year-missing`.
    """
    del region  # part of the seam: the policy was chosen for it
    rules = window_rules(policy, item=item, regimes=regimes)
    return draws_of_year(policy.rhythms, item=item, rules=rules, year=year, working=working)


def draws_of_year(
    rhythms: Rhythms, *, item: str, rules: WindowRules, year: int, working: WorkingCalendar | None
) -> tuple[PlannedDraw, ...]:
    """Give the same as `planned_draws` from what can be hashed, so that a caller may remember it."""
    week = Week(working, year)
    regular = _regular_of(rhythms, item, year, week)
    # What an earlier year's calendar holds in December stands before this year's draw for New Year's Day.
    before = _regular_of(rhythms, item, year - 1, week)
    before = [*before, *_extra_of(rhythms, item, year - 1, week, before, rules)]
    extra = _extra_of(rhythms, item, year, week, [*before, *regular], rules)
    return tuple(sorted((*regular, *extra), key=_order))


def _order(draw: PlannedDraw) -> tuple[date, date, str]:
    return draw.visit_from, draw.visit_to, draw.period


def _regular_of(rhythms: Rhythms, item: str, year: int, week: Week) -> list[PlannedDraw]:
    rhythm = rhythms.regular_of(item)
    return [] if rhythm is None else list(_regular(rhythm, item, year, week))


def _extra_of(
    rhythms: Rhythms, item: str, year: int, week: Week, beside: Iterable[PlannedDraw], rules: WindowRules
) -> list[PlannedDraw]:
    """The extra draws of a year one after another, each fitted between those that stand already."""
    wanted = (draw for rule in rhythms.extra_of(item) for draw in _extra(rule, item, year, week))
    taken, found = [draw.visits for draw in beside], []
    for draw in sorted(wanted, key=_order):
        visits = fitted(draw.visits, beside=taken, rules=rules, week=week)
        taken.append(visits)
        found.append(replace(draw, visit_from=visits.first, visit_to=visits.last, window=visits))
    return found


def _regular(rhythm: Rhythm, item: str, year: int, week: Week) -> Iterator[PlannedDraw]:
    for period, span, window in _spans(rhythm, year, week):
        yield PlannedDraw(
            item=item,
            period=period,
            kind=REGULAR,
            visit_from=span.first + rhythm.lead_days * DAY,
            visit_to=span.last - rhythm.spare_days * DAY,
            rate=rhythm.rate or rhythm.least_rate,
            basis=rhythm.basis,
            window=window,
            alarm_days=rhythm.alarm_days,
        )


def _spans(rhythm: Rhythm, year: int, week: Week) -> Iterator[tuple[str, Span, Span]]:
    """Period, days, and the days within which they may be moved, of each regular draw."""
    if rhythm.every == QUARTER:
        for quarter, span in enumerate(windows_of(year, QUARTER_MONTHS), start=1):
            yield f"{year}Q{quarter}", span, span
        return
    for month in range(1, MONTHS + 1):
        whole, name = months_span(year, month, 1), f"{year}-{month:02d}"
        if rhythm.every == MONTH:
            yield name, whole, whole
        elif rhythm.every == WEEK:
            pieces = weeks_of(year, month, week, least_working_days=rhythm.least_working_days)
            for n, piece in enumerate(pieces, start=1):
                yield f"{name}.{n}", piece, whole
        else:
            for n, third in enumerate(thirds_of(year, month), start=1):
                yield f"{name}.{n}", third, third


def _extra(rule: ExtraDraws, item: str, year: int, week: Week) -> Iterator[PlannedDraw]:
    for period, span, holiday in _occasions(rule, year, week):
        yield PlannedDraw(
            item=item,
            period=period,
            kind=EXTRA,
            visit_from=span.first,
            visit_to=span.last,
            rate=rule.rate,
            basis=rule.basis,
            window=span,
            alarm_days=rule.alarm_days,
            holiday=holiday,
        )


def _occasions(rule: ExtraDraws, year: int, week: Week) -> Iterator[tuple[str, Span, date | None]]:
    if rule.occasion == HOLIDAY:
        for first, _ in holidays(week, year, least_days=rule.least_days):
            span = Span(first=first - rule.visit_days * DAY, last=first - DAY)
            yield f"{year}.holiday-{first:%m%d}", span, first
    else:
        for month in sorted(rule.months):
            yield f"{year}-{month:02d}.season", months_span(year, month, 1), None
