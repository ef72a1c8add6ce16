"""Which windows of a registration's duty ended, and whether a visit met them: what a league table counts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from app.domain.duties.counting import counting_days
from app.domain.duties.history import Run, calendar_windows, rolling_windows, run_of, runs_of
from app.domain.duties.terms import DutyTerms
from app.domain.duties.windows import ONE_DAY, Window
from app.domain.facts import Registration, Visit
from app.domain.policies.duties import DutyRules
from app.domain.policy import Policy


@dataclass(frozen=True, slots=True)
class EndedWindow:
    """A window that is over.

    Attributes:
        window: its days.
        met_on: the day of the first visit that counts; None: none came.
        out_of_duty: the result code that had taken the registration out of its duties when the window ended.
    """

    window: Window
    met_on: date | None
    out_of_duty: str | None

    @property
    def missed(self) -> bool:
        """Whether the duty held to the window's end and no visit met it; unreachable is no miss."""
        return self.met_on is None and self.out_of_duty is None


def ended_windows(
    registration: Registration,
    *,
    visits: Iterable[Visit],
    policy: Policy,
    terms: DutyTerms,
    item: str,
    first: date,
    last: date,
) -> tuple[EndedWindow, ...]:
    """Give the windows in which the duty held and that ended between two days, both included.

    Args:
        registration: as it stands; only while it operated had it duties.
        visits: at the premises, of any item.
        policy: the numbers.
        terms: those of the policy, shared by many registrations.
        item: code of the inspection item.
        first: no window that ended before.
        last: no window that ends later; visits after this day are not looked at.
    """
    rules = policy.duties
    if rules is None:
        return ()
    days = counting_days(visits, policy.counting, item=item, on=last)
    ended: dict[Window, date | None] = {}
    # What ended before the registration closed or paused was owed to its end, whoever looks afterwards.
    for run, closed_on in runs_of(registration, terms.months, terms.begun):
        if closed_on is not None and closed_on <= first:
            break
        until = last if closed_on is None else min(last, closed_on - ONE_DAY)
        if rules.rolling:
            found = _rolling(run, rules, days, until)
        else:
            found = _calendar(run, rules, days, first, until)
        for window, met_on in found:
            if first <= window.ends_on <= until:
                ended.setdefault(window, met_on)
    out_since = registration.out_since if registration.out_of_duty is not None else None
    return tuple(
        EndedWindow(
            window,
            met_on,
            registration.out_of_duty if out_since is not None and out_since <= window.ends_on else None,
        )
        for window, met_on in sorted(ended.items(), key=lambda one: one[0].ends_on)
    )


def _calendar(
    run: Run, rules: DutyRules, days: list[date], first: date, last: date
) -> Iterator[tuple[Window, date | None]]:
    for window in calendar_windows(run, rules, since=first, until=last):
        yield window, next((day for day in days if window.starts_on <= day <= window.ends_on), None)


def _rolling(
    run: Run, rules: DutyRules, days: list[date], last: date
) -> Iterator[tuple[Window, date | None]]:
    """From each visit to the next: every window that passed, and the one that the next visit met."""
    begins = run.rolls_from(rules)
    earlier = [day for day in days if day < begins]
    anchors = [earlier[-1] if earlier else None, *(day for day in days if day >= begins)]
    for anchor, following in zip(anchors, [*anchors[1:], None], strict=True):
        for window in rolling_windows(run, rules, last=anchor, until=last):
            if window.ends_on > last and (following is None or following > window.ends_on):
                break
            if following is not None and following <= window.ends_on:
                yield window, following
                break
            yield window, None


def missed_before(
    registration: Registration, *, last: date | None, terms: DutyTerms, since: date
) -> Window | None:
    """Give the last window that ended under the policies before, if no visit that counts came since it began.

    Args:
        registration: that operates.
        last: the day of the last visit that counts.
        terms: of the policy in force.
        since: no window that ended before.
    """
    after = terms
    while (earlier := after.earlier) is not None and after.since > since:
        rules, until = earlier.rules, after.since - ONE_DAY
        if rules is not None:
            run = run_of(registration, earlier.months, earlier.begun)
            if rules.rolling:
                windows = rolling_windows(run, rules, last=last, until=until)
            else:
                windows = calendar_windows(run, rules, since=since, until=until)
            ended = [window for window in windows if window.ends_on <= until]
            if ended:
                return ended[-1] if last is None or last < ended[-1].starts_on else None
        after = earlier
    return None
