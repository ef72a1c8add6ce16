"""How often a registration had to be visited from which day on, and which windows that makes.

mission/rules.md, «Changes»: «New or reopened: the first window is the next full one. Stricter level: due at
the end of the window, under the new level, that contains the change. Milder: the old window is finished
first. … When a policy starts, its first window starts.» Nothing was owed before the service knew of a
registration (cold start): the first window is the one in which it was first known, if the alarm could still
come before the miss, that is `alarm_days` before its end, else the next.

Readings: a window is full for a registration that operated on each of its days. A level that is given where
none was counts as stricter, one that is taken away as milder. Where the stricter window ends after the old
one (from level 1 to 2 in March: April instead of March) the sentence holds as it stands. A frequency that
begins with a new version of the policy has its first window from that day on, and nothing that ended before
is judged by it: that is for the policy that was in force on the window's last day.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from app.domain.days import add_months
from app.domain.duties.windows import ONE_DAY, Window, rolling_window, window_of
from app.domain.facts import UNCHANGED, Registration
from app.domain.policies.duties import DutyRules

OPERATING: Final = "operating"

MonthsOf = Callable[[str, int | None, str | None], int | None]
"""«per n months» of a regime, level and subtype; None: no duty."""

BegunOf = Callable[[str, int | None, str | None], date]
"""The first day of the unbroken time in which policies asked for that."""


def _always(*_sort: object) -> date:
    return date.min


@dataclass(frozen=True, slots=True)
class Spell:
    """From a day on, until the next spell begins, a visit was owed every `months`; None: none was.

    Of the policy's own days none before `begun` counts: an earlier one asked for something else.
    """

    starts_on: date
    months: int | None
    begun: date = date.min


@dataclass(frozen=True, slots=True)
class Run:
    """The time since which a registration operates.

    Attributes:
        opened_on: the day on which it was registered or reopened; None where nobody knows.
        known_since: the first day on which the service knew of it.
        spells: in order of their days, the first from the beginning on.
    """

    opened_on: date | None
    known_since: date | None
    spells: tuple[Spell, ...]

    def first_day(self, rules: DutyRules) -> date:
        """Give the first day on which a duty of the policy could hold."""
        return max(rules.starts_on, self.opened_on or date.min, self.known_since or date.min)

    def rolls_from(self, rules: DutyRules) -> date:
        """Give the same where windows roll: no visit before a frequency began can be counted from."""
        return max([self.first_day(rules), *(s.begun for s in self.spells if s.months is not None)])

    def begun_on(self, day: date) -> date:
        """Give since when the frequency of a day holds by the policy."""
        return next((s.begun for s in reversed(self.spells) if s.starts_on <= day), date.min)

    def months_on(self, day: date) -> int | None:
        """Give how often a visit was owed on a day."""
        return next((s.months for s in reversed(self.spells) if s.starts_on <= day), None)

    def next_change(self, day: date) -> date | None:
        """Give the first day after this one on which a spell begins."""
        return next((s.starts_on for s in self.spells if s.starts_on > day), None)

    def stricter(self, months: int, *, after: date, until: date) -> date | None:
        """Give the day of the first change to something stricter between two days, the later included."""
        return next(
            (
                s.starts_on
                for s in self.spells
                if after < s.starts_on <= until and s.months is not None and s.months < months
            ),
            None,
        )


def run_of(registration: Registration, months_of: MonthsOf, begun_of: BegunOf = _always) -> Run:
    """Give the run of an operating registration from its changes.

    What stood for no whole day, since it was changed on the same day again, counts as never having been.

    Args:
        registration: that operates.
        months_of: how often the policy wants it visited.
        begun_of: since when policies want that.
    """
    changes, regime = registration.changes, registration.regime
    level, subtype = registration.level, registration.subtype
    opened = registration.registered_on
    spells: list[Spell] = []
    for n in range(len(changes) - 1, -1, -1):
        change = changes[n]
        if not spells or spells[-1].starts_on != change.on:
            begun = begun_of(regime, level, subtype)
            spells.append(Spell(change.on, months_of(regime, level, subtype), begun))
        lasted = n == 0 or changes[n - 1].on != change.on
        if lasted and change.status_before != OPERATING:
            opened = max(change.on, opened or date.min)
            break
        level = change.level_before
        subtype = subtype if change.subtype_before == UNCHANGED else change.subtype_before
    spells.append(Spell(date.min, months_of(regime, level, subtype), begun_of(regime, level, subtype)))
    return Run(opened, registration.known_since, tuple(reversed(spells)))


def runs_of(
    registration: Registration, months_of: MonthsOf, begun_of: BegunOf = _always
) -> Iterator[tuple[Run, date | None]]:
    """Give every run of a registration, the last first, each with the day on which it ended, if it has.

    Args:
        registration: as it stands, operating or not.
        months_of: as `run_of`.
        begun_of: as `run_of`.
    """
    if registration.status == OPERATING:
        yield run_of(registration, months_of, begun_of), None
    status, level, subtype = registration.status, registration.level, registration.subtype
    for n in range(len(registration.changes) - 1, -1, -1):
        change = registration.changes[n]
        level = change.level_before
        subtype = subtype if change.subtype_before == UNCHANGED else change.subtype_before
        if change.status_before == OPERATING and status != OPERATING:
            before = replace(
                registration,
                status=OPERATING,
                level=level,
                subtype=subtype,
                changes=registration.changes[:n],
            )
            yield run_of(before, months_of, begun_of), change.on
        status = change.status_before


def calendar_windows(run: Run, rules: DutyRules, *, since: date, until: date) -> Iterator[Window]:
    """Give the calendar windows that held, in order of their ends.

    Args:
        run: of the registration.
        rules: since when the policy's duties hold; a window that began before starts with them.
        since: no window that ended before.
        until: no window that starts later.
    """
    # No window reaches over a new year, so what was before this one changes nothing.
    day = max(run.first_day(rules), date(since.year, 1, 1))
    earliest_end = max(since, first_alarm(run.known_since, rules))
    while day <= until:
        months = run.months_on(day)
        if months is None:
            following = run.next_change(day)
            if following is None:
                return
            day = following
            continue
        window, begun = window_of(months, day), max(run.begun_on(day), rules.starts_on)
        change = run.stricter(months, after=day, until=window.ends_on)
        if change is not None:
            day = change
            continue
        full = run.opened_on is None or run.opened_on <= window.starts_on
        if full and window.ends_on >= max(begun, earliest_end):
            yield clipped(window, begun)
        if window.ends_on == date.max:
            return
        day = window.ends_on + ONE_DAY


def first_alarm(known_since: date | None, rules: DutyRules) -> date:
    """Give the end of the shortest window that can still be missed with its alarm in time."""
    return date.min if known_since is None else known_since + timedelta(days=rules.alarm_days)


def last_known(window: Window, rules: DutyRules) -> date:
    """Give the last day to become known on for which a window can still be missed with its alarm in time."""
    return date.fromordinal(max(window.ends_on.toordinal() - rules.alarm_days, date.min.toordinal()))


def clipped(window: Window, starts_on: date) -> Window:
    """Give what is left of a window where a policy starts inside it."""
    if window.starts_on >= starts_on:
        return window
    return Window(starts_on, window.ends_on, window.months)


def rolling_windows(run: Run, rules: DutyRules, *, last: date | None, until: date) -> Iterator[Window]:
    """Give the rolling windows that follow the last counting visit, in order, each as if none came meanwhile.

    Without a visit since it opened, a registration has its first window from its first day on. The last one
    given may open after `until`.

    Args:
        run: of the registration.
        rules: since when the policy's duties hold, and when a window opens.
        last: the day of the last counting visit.
        until: nothing after the first window that opens later.
    """
    anchor, fresh = _anchor(run, rules, last)
    day = anchor
    while True:
        months = run.months_on(day)
        if months is None:
            following = run.next_change(day)
            if following is None:
                return
            day = following
            continue
        times = _times(anchor, months, day)
        window = rolling_window(anchor, months, times=times, opens_p=rules.opens_p, opens_q=rules.opens_q)
        if fresh and times == 1:
            window = Window(anchor, window.ends_on, months)
        change = run.stricter(months, after=day, until=window.ends_on)
        if change is not None:
            day = change
            continue
        yield window
        if window.starts_on > until or window.ends_on == date.max:
            return
        day = window.ends_on + ONE_DAY


def _anchor(run: Run, rules: DutyRules, last: date | None) -> tuple[date, bool]:
    """Give the day from which a rolling window counts, and whether no visit lies on it."""
    first = run.rolls_from(rules)
    if last is None or last < (run.opened_on or date.min):
        return first, True
    if last >= first:
        return last, False
    months = run.months_on(last)
    reaches = months is not None and add_months(last, months) >= first
    return (last, False) if reaches else (first, True)


def _times(anchor: date, months: int, day: date) -> int:
    """Give how many times `months` after the anchor is the first due day that is not before a day."""
    times = 1
    while add_months(anchor, months * times) < day:
        times += 1
    return times
