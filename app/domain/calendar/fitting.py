"""How the draws of a calendar lie in the windows of duties, and where an extra one fits.

«The draws that serve a window have their visits inside it», «one draw stays in reserve for visits that fail»
(mission/rules.md, «Windows», «`draws_left`»). The draw of a window that begins last is its reserve: it makes
up for a failed visit only where the visits of all others are over when it is frozen. An extra draw before a
holiday that ended with the month would leave its failed visits to nobody, so its days are cut: at the end of
each window, and clear of the reserve.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.domain.calendar.days_off import Week
from app.domain.calendar.spans import DAY, Span, worked_days
from app.domain.duties.windows import Window, window_of
from app.domain.policy import FrequencyDuty, Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowRules:
    """What the windows of an item's duties ask of its draws.

    Attributes:
        months: «per n months» of the calendar windows, each once, in order; none where windows roll, for
            those belong to one registration each and no draw can keep to all of them.
        reserve: whether a window keeps a draw in reserve.
    """

    months: tuple[int, ...] = ()
    reserve: bool = False


def duties_of(policy: Policy, regimes: Iterable[str]) -> tuple[FrequencyDuty, ...]:
    """Give the frequency duties of some regimes."""
    wanted = {None, *regimes}
    return tuple(duty for duty in policy.frequency if duty.match.regime in wanted)


def window_rules(policy: Policy, *, item: str, regimes: Iterable[str]) -> WindowRules:
    """Say what the windows of an item's duties ask of its draws.

    Args:
        policy: the numbers.
        item: code of the inspection item.
        regimes: the regimes that it inspects.
    """
    rhythm = policy.rhythms.regular_of(item)
    return WindowRules(
        months=window_months(policy, regimes=regimes),
        reserve=rhythm is not None and rhythm.reserve > 0,
    )


def window_months(policy: Policy, *, regimes: Iterable[str]) -> tuple[int, ...]:
    """Give «per n months» of the calendar windows of some regimes, each once, in order."""
    if policy.duties is None or policy.duties.rolling:
        return ()
    return tuple(sorted({duty.months for duty in duties_of(policy, regimes)}))


def in_one_window(visits: Span, months: Iterable[int]) -> bool:
    """Tell whether visits lie inside one window of each length."""
    return all(window_of(each, visits.first) == window_of(each, visits.last) for each in months)


def inside(window: Window, visits: Iterable[Span]) -> list[Span]:
    """Give the visits that lie inside a window, in order; the last to begin are those of its reserve."""
    found = (one for one in visits if window.starts_on <= one.first and one.last <= window.ends_on)
    return sorted(found, key=lambda one: (one.first, one.last))


def fitted(span: Span, *, beside: Sequence[Span], rules: WindowRules, week: Week) -> Span:
    """Give the days of an extra draw: of those asked for a part that keeps to the windows.

    The part with the most working days is taken, of several the latest, which is nearest to the holiday.
    Where none has a working day it is the last part inside one window, whatever it overlaps: the approval of
    the calendar names it.

    Args:
        span: the days asked for.
        beside: visits of the item's other draws.
        rules: of the item.
        week: days off around them.
    """
    parts = list(_parts(span, rules.months))
    clear = [one for part in parts for one in _clear(part, beside, rules)]
    best = max(clear, key=lambda one: (worked_days(one, week), one.last), default=None)
    return parts[-1] if best is None or not worked_days(best, week) else best


def _parts(span: Span, months: Collection[int]) -> Iterator[Span]:
    """Cut a span at the ends of all windows."""
    first = span.first
    while first <= span.last:
        last = min([span.last, *(window_of(each, first).ends_on for each in months)])
        yield Span(first=first, last=last)
        first = last + DAY


def _clear(part: Span, beside: Sequence[Span], rules: WindowRules) -> list[Span]:
    """What of a part is over when its windows' reserves begin, or begins after all else as the reserve."""
    found = [part]
    for each in rules.months if rules.reserve else ():
        others = inside(window_of(each, part.first), beside)
        if not others:
            continue
        reserve, over = others[-1], max(one.last for one in others)
        found = [
            left
            for one in found
            for left in (
                Span(first=one.first, last=min(one.last, reserve.first - DAY)),
                Span(first=max(one.first, over + DAY), last=one.last),
            )
            if left.days > 0
        ]
    return found
