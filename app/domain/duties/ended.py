"""Which windows of a registration's duty ended, and whether a visit met them: what a league table counts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from app.domain.duties.counting import counting_days
from app.domain.duties.history import OPERATING, Run, calendar_windows, rolling_windows, run_of
from app.domain.duties.terms import DutyTerms
from app.domain.duties.windows import Window
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
        registration: as it stands; only what operates has duties.
        visits: at the premises, of any item.
        policy: the numbers.
        terms: those of the policy, shared by many registrations.
        item: code of the inspection item.
        first: no window that ended before.
        last: no window that ends later; visits after this day are not looked at.
    """
    rules = policy.duties
    if rules is None or registration.status != OPERATING:
        return ()
    run = run_of(registration, terms.months)
    days = counting_days(visits, policy.counting, item=item, on=last)
    ended = _rolling(run, rules, days, last) if rules.rolling else _calendar(run, rules, days, first, last)
    out_since = registration.out_since if registration.out_of_duty is not None else None
    return tuple(
        EndedWindow(
            window,
            met_on,
            registration.out_of_duty if out_since is not None and out_since <= window.ends_on else None,
        )
        for window, met_on in ended
        if first <= window.ends_on <= last
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
    begins = run.first_day(rules)
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
