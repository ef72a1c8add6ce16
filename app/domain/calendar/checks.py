"""What keeps a year's calendar from being approved, and what a planner may change in its draft.

«The draws that serve a window have their visits inside it», and «one draw stays in reserve»
(mission/rules.md, «Windows», «`draws_left`»); internet cafes have a draw in each third of every month, fire
units one each quarter, each of at least 1/20 («Frequency duties»).
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from app.domain.calendar.draws import ADHOC, REGULAR, PlannedDraw
from app.domain.calendar.fitting import duties_of, in_one_window
from app.domain.calendar.spans import MONTHS, QUARTER_MONTHS, Span, thirds_of, windows_of
from app.domain.duties.windows import ONE_DAY, Window, rolling_window, window_of
from app.domain.errors import FieldError
from app.domain.policies.duties import DutyRules
from app.domain.policies.rhythms import QUARTER, THIRD, Rate, Rhythm
from app.domain.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class YearRules:
    """What a year's calendar must hold for an item.

    Attributes:
        year: the year.
        since: the first day for which draws were planned; a window that began earlier is not asked about.
        until: nor is one that begins later, such as after the last day on which the policy holds.
        rhythm: the item's regular draws; None: the policy foresees none.
        months: «per n months» of the item's frequency duties, each once.
        duties: how these are read; None: nothing is owed.
    """

    year: int
    since: date
    rhythm: Rhythm | None
    months: tuple[int, ...]
    duties: DutyRules | None
    until: date = date.max

    @property
    def windows(self) -> tuple[int, ...]:
        """«per n months» of the calendar windows; none where windows roll."""
        return () if self.duties is None or self.duties.rolling else self.months

    def asks_about(self, first: date) -> bool:
        """Tell whether what begins on a day is asked about."""
        return self.since <= first <= self.until


def year_rules(
    policy: Policy, *, item: str, regimes: Iterable[str], year: int, since: date, until: date = date.max
) -> YearRules:
    """Say what a policy wants of a year's calendar.

    Args:
        policy: the numbers.
        item: code of the inspection item.
        regimes: the regimes that the item inspects.
        year: the year.
        since: the first day for which draws were planned.
        until: the last day on which what begins is asked about.
    """
    return YearRules(
        year=year,
        since=since,
        until=until,
        rhythm=policy.rhythms.regular_of(item),
        months=tuple(sorted({duty.months for duty in duties_of(policy, regimes)})),
        duties=policy.duties,
    )


def calendar_faults(
    draws: Sequence[PlannedDraw],
    rules: YearRules,
    *,
    today: date,
    settled: Collection[str],
    beside: Sequence[PlannedDraw] = (),
) -> tuple[FieldError, ...]:
    """Find everything that keeps a calendar from being approved.

    What is over nobody can mend, so that no new version waits for it: windows that ended, and the rate, too,
    of a draw that was held.

    Args:
        draws: its draws, in the order in which they are shown; the pointers count them.
        rules: what the year must hold.
        today: the day; a draw whose visits were over before it cannot be held any more.
        settled: periods of which a draw stands, or was missed before this version.
        beside: draws in force of the years before and after, whose visits may lie in the same windows.
    """
    return (
        *_past(draws, today, settled),
        *_rates(draws, rules.rhythm, settled),
        *_spans_without_draw(draws, rules, today),
        *_windows_without_reserve(draws, rules, today),
        *_over_a_window(draws, rules, settled),
        *_into_reserve(draws, rules, settled, beside),
    )


def _past(draws: Sequence[PlannedDraw], today: date, settled: Collection[str]) -> Iterator[FieldError]:
    for n, draw in enumerate(draws):
        if draw.visit_to < today and draw.period not in settled:
            values = ("period", draw.period), ("visit_to", draw.visit_to.isoformat())
            yield FieldError(f"/draws/{n}/visit_to", "visits-over", values)


def _rates(
    draws: Sequence[PlannedDraw], rhythm: Rhythm | None, settled: Collection[str]
) -> Iterator[FieldError]:
    for n, draw in enumerate(draws):
        if draw.period not in settled:
            for fault in low_rate(draw.rate, rhythm, at=f"/draws/{n}/rate"):
                yield replace(fault, values=(("period", draw.period), *fault.values))


def low_rate(rate: Rate | None, rhythm: Rhythm | None, *, at: str) -> Iterator[FieldError]:
    """Find a rate below the least that the policy allows; none at all leaves it to each plan.

    Args:
        rate: p/q.
        rhythm: the item's regular draws.
        at: JSON Pointer of the rate.
    """
    least = None if rhythm is None else rhythm.least_rate
    if rate is not None and least is not None and Fraction(*rate) < Fraction(*least):
        values = ("value", f"{rate[0]}/{rate[1]}"), ("least", f"{least[0]}/{least[1]}")
        yield FieldError(at, "rate-too-low", values)


def _spans_without_draw(draws: Sequence[PlannedDraw], rules: YearRules, today: date) -> Iterator[FieldError]:
    """Each third, month or quarter has a regular draw."""
    if rules.rhythm is None:
        return
    regular = [draw for draw in draws if draw.kind == REGULAR]
    for span in _spans(rules.year, rules.rhythm.every):
        asked = span.last >= today and rules.asks_about(span.first)
        if asked and not any(span.holds(draw.visits) for draw in regular):
            yield FieldError("/draws", "span-without-draw", _named(span))


def _spans(year: int, every: str) -> Iterator[Span]:
    if every == QUARTER:
        yield from windows_of(year, QUARTER_MONTHS)
    elif every == THIRD:
        for month in range(1, MONTHS + 1):
            yield from thirds_of(year, month)
    else:
        yield from windows_of(year, 1)


def _windows_without_reserve(
    draws: Sequence[PlannedDraw], rules: YearRules, today: date
) -> Iterator[FieldError]:
    if rules.duties is None:
        return
    wanted = 1 + (0 if rules.rhythm is None else rules.rhythm.reserve)
    planned = [draw.visits for draw in draws if draw.kind != ADHOC]
    for months in rules.months:
        for window in _duty_windows(rules, rules.duties, months):
            if window.last < today:
                continue
            found = sum(_serves(visits, window, rolling=rules.duties.rolling) for visits in planned)
            if found < wanted:
                numbers = ("found", str(found)), ("wanted", str(wanted)), ("months", str(months))
                yield FieldError("/draws", "window-without-reserve", (*_named(window), *numbers))
                if rules.duties.rolling:
                    break  # the windows that roll on from here lack the same draws


def _over_a_window(
    draws: Sequence[PlannedDraw], rules: YearRules, settled: Collection[str]
) -> Iterator[FieldError]:
    """Visits that reach over the end of a window serve neither."""
    for n, draw in enumerate(draws):
        if draw.kind == ADHOC or draw.period in settled or in_one_window(draw.visits, rules.windows):
            continue
        end = min(window_of(each, draw.visit_from).ends_on for each in rules.windows)
        yield FieldError(f"/draws/{n}/visit_to", "over-window-end", _of(draw, end))


def _into_reserve(
    draws: Sequence[PlannedDraw],
    rules: YearRules,
    settled: Collection[str],
    beside: Sequence[PlannedDraw],
) -> Iterator[FieldError]:
    """Visits that are not over when their window's reserve begins: who fails then is made good by nobody."""
    if rules.rhythm is None or not rules.rhythm.reserve:
        return
    reserves: dict[Window, PlannedDraw] = {}
    for draw in sorted((*draws, *beside), key=lambda one: (one.visit_from, one.visit_to, one.period)):
        reserves |= dict.fromkeys(_windows(draw, rules), draw)
    for n, draw in enumerate(draws):
        others = [reserves[one] for one in _windows(draw, rules) if reserves[one] is not draw]
        begins = min((one.visit_from for one in others), default=date.max)
        if draw.period not in settled and draw.visit_to >= begins:
            yield FieldError(f"/draws/{n}/visit_to", "into-reserve", _of(draw, begins - ONE_DAY))


def _windows(draw: PlannedDraw, rules: YearRules) -> list[Window]:
    """The windows that a draw serves, as far as the calendar is asked about them."""
    if draw.kind == ADHOC or not in_one_window(draw.visits, rules.windows):
        return []
    windows = (window_of(each, draw.visit_from) for each in rules.windows)
    return [one for one in windows if one.starts_on >= rules.since]


def _of(draw: PlannedDraw, last: date) -> tuple[tuple[str, str], ...]:
    return ("period", draw.period), ("last", last.isoformat())


def _serves(visits: Span, window: Span, *, rolling: bool) -> bool:
    """Tell whether a draw serves a window.

    Its visits lie inside a calendar window. A rolling one belongs to one registration and can be as short as
    they are; there they end inside, so that none is late.
    """
    return window.first <= visits.last <= window.last if rolling else window.holds(visits)


def _duty_windows(rules: YearRules, duties: DutyRules, months: int) -> Iterator[Span]:
    """The windows of a duty that lie wholly in the planned part of the year."""
    if not duties.rolling:
        yield from (window for window in windows_of(rules.year, months) if rules.asks_about(window.first))
        return
    for day in Span(first=date(rules.year, 1, 1), last=date(rules.year, 12, 31)):
        window = rolling_window(day, months, times=1, opens_p=duties.opens_p, opens_q=duties.opens_q)
        if rules.asks_about(window.starts_on) and window.ends_on.year == rules.year:
            yield Span(first=window.starts_on, last=window.ends_on)


def _named(span: Span) -> tuple[tuple[str, str], ...]:
    return ("first", span.first.isoformat()), ("last", span.last.isoformat())


def span_faults(visits: Span, *, window: Span, today: date) -> Iterator[FieldError]:
    """Find days of visits that end before they begin, that leave the window, or that are over.

    Args:
        visits: the days asked for.
        window: the days within which they may be.
        today: the day.
    """
    if visits.last < today:
        yield FieldError("/visit_to", "in-the-past", (("today", today.isoformat()),))
    if visits.first > visits.last:
        yield FieldError("/visit_to", "visits-end-early", (("visit_from", visits.first.isoformat()),))
    if visits.first < window.first:
        yield FieldError("/visit_from", "outside-window", _named(window))
    if visits.last > window.last:
        yield FieldError("/visit_to", "outside-window", _named(window))
