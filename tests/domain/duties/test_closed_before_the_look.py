"""A miss does not vanish because the venue closed or paused before anybody had looked.

mission/rules.md: «New or reopened: the first window is the next full one»; what had ended before
was owed to its end all the same.
"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.duties.ended import EndedWindow, ended_windows
from app.domain.duties.history import runs_of
from app.domain.duties.terms import DutyTerms
from app.domain.facts import Change, Registration
from app.domain.policy import Policy
from tests.domain.duties.cases import POLICY, ROLLING, VENUES, day, ktv, visit

OPERATING = "operating"
MONTH_ENDS = [date(2026 + n // 12, n % 12 + 1, 1) - timedelta(days=1) for n in range(1, 13)]


def change(on: str, before: str, level: int | None = 3) -> Change:
    """Give a day on which the status changed, and from what."""
    return Change(on=day(on), status_before=before, level_before=level)


def ended(
    registration: Registration, *visits: str, first: str, last: str, policy: Policy = POLICY
) -> tuple[EndedWindow, ...]:
    """Give the windows that ended between two days."""
    return ended_windows(
        registration,
        visits=[visit(on) for on in visits],
        policy=policy,
        terms=DutyTerms(policy),
        item=VENUES,
        first=day(first),
        last=day(last),
    )


CLOSED = ktv(3, status="closed", changes=(change("12-01", OPERATING),))
PAUSED = ktv(3, changes=(change("12-01", OPERATING), change("12-02", "suspended")))
SAME_DAY = ktv(3, changes=(change("12-01", OPERATING), change("12-01", "suspended")))


@pytest.mark.parametrize("registration", [CLOSED, PAUSED, SAME_DAY])
def test_what_ended_the_day_before_was_missed(registration: Registration) -> None:
    """Closed on 1 December, paused for a day, or for an hour: nobody came in November: said once."""
    november = ended(registration, first="11-30", last="12-02")
    assert [(one.window.ends_on, one.missed) for one in november] == [(day("11-30"), True)]
    (met,) = ended(registration, "11-05", first="11-30", last="12-02")
    assert met.met_on == day("11-05")


def test_what_closed_inside_a_window_did_not_owe_it() -> None:
    """Closed on the window's last day or before: the duty did not hold to its end; October's had ended."""
    closed = ktv(3, status="closed", changes=(change("11-30", OPERATING),))
    assert ended(closed, first="11-01", last="12-31") == ()
    assert [one.window.ends_on for one in ended(closed, first="10-01", last="12-31")] == [day("10-31")]
    # and what had been closed before the days that are asked about is not gone through
    assert ended(closed, first="12-01", last="12-31") == ()


def test_each_time_in_operation_has_its_own_windows() -> None:
    """Open until 10 March, again from 5 June until 20 August as level 2, and again since 1 October.

    First full windows: of the second time July and August, cut off; of the third October. It has
    level 3 all year but for the second time.
    """
    changes = (
        change("03-10", OPERATING),
        change("06-05", "suspended", 2),
        change("08-20", OPERATING, 2),
        change("10-01", "suspended"),
    )
    found = ended(ktv(3, changes=changes), first="01-01", last="11-30")
    ends = [day("01-31"), day("02-28"), day("10-31"), day("11-30")]
    assert [one.window.ends_on for one in found] == ends
    runs = list(runs_of(ktv(3, changes=changes), DutyTerms(POLICY).months))
    assert [(run.opened_on, closed_on) for run, closed_on in runs] == [
        (day("10-01"), None),
        (day("06-05"), day("08-20")),
        (None, day("03-10")),
    ]
    assert [run.months_on(day("07-01")) for run, _ in runs] == [1, 2, 1]


def test_windows_that_roll_end_where_it_closed() -> None:
    """Visited on 10 October: due on 10 November, missed; closed on 5 December, before it was due again."""
    closed = ktv(3, status="closed", changes=(change("12-05", OPERATING),))
    found = ended(closed, "10-10", first="11-02", last="12-31", policy=ROLLING)
    assert [(one.window.ends_on, one.missed) for one in found] == [(day("11-10"), True)]


def test_the_subtype_of_a_time_that_is_over_is_that_of_then() -> None:
    """A key unit until it paused, and general since: the year that ended in between was a key unit's."""
    paused = Change(on=day("2027-01-01"), status_before=OPERATING, level_before=None, subtype_before="key")
    unit = Registration(
        regime="fire_unit",
        subtype="general",
        status="suspended",
        known_since=date(2025, 1, 1),
        changes=(paused,),
    )
    ends = [one.window.ends_on for one in ended(unit, first="2026-12-31", last="2027-01-02")]
    assert ends == [day("2026-12-31")]


@given(
    closes=st.integers(0, 364),
    visits=st.sets(st.integers(0, 364), max_size=12),
    looks=st.lists(st.integers(1, 400), max_size=6),
)
def test_it_does_not_matter_when_somebody_looks(closes: int, visits: set[int], looks: list[int]) -> None:
    """What is found by looks on any days together is what one look at the end finds."""
    begin = date(2026, 1, 1)
    closed_on = begin + timedelta(days=closes)
    known = [(begin + timedelta(days=n)).isoformat() for n in visits if n < closes]
    end = begin + timedelta(days=400)
    closed = ktv(3, status="closed", changes=(change(closed_on.isoformat(), OPERATING),))
    piecemeal: list[EndedWindow] = []
    first = begin
    for look in [*sorted(begin + timedelta(days=n) for n in looks), end]:
        # Before it closed it stands as operating; a visit lies before the closing.
        seen = closed if look >= closed_on else ktv(3)
        if look > first:
            last = look - timedelta(days=1)
            piecemeal += ended(seen, *known, first=first.isoformat(), last=last.isoformat())
            first = look
    whole = ended(closed, *known, first=begin.isoformat(), last=(end - timedelta(days=1)).isoformat())
    assert tuple(piecemeal) == whole
    assert [one.window.ends_on for one in whole] == [ends_on for ends_on in MONTH_ENDS if ends_on < closed_on]
