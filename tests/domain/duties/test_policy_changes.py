"""A new version of the policy: what it asks for begins with it, and what ended before is not its business.

mission/rules.md, «Changes»: «When a policy starts, its first window starts.»
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.duties.ended import ended_windows
from app.domain.duties.owed import Owed, Why
from app.domain.duties.terms import DutyTerms
from app.domain.duties.windows import Window, window_of
from app.domain.facts import Change, Registration
from app.domain.policy import Policy
from tests.domain.duties.cases import POLICY, VENUES, day, ktv, owed, visit
from tests.policies_of_tests import first_policy

ONE_DAY = timedelta(days=1)
FIRST = day("01-01")
DECEMBER = ("12-06", "12-13", "12-20", "12-31")


def asking(months: Mapping[int, int | None], **duties: Any) -> Policy:
    """Give the policy with other months for levels of entertainment venues; None: no duty."""
    frequency = (
        replace(one, months=wanted)
        for one in POLICY.frequency
        if (wanted := months.get(one.match.level or 0, one.months)) is not None
    )
    rules = POLICY.duties and replace(POLICY.duties, **duties)
    return replace(POLICY, frequency=tuple(frequency), duties=rules)


def course(*versions: tuple[str, Policy]) -> Policy:
    """Give the last of several versions, each of which knows the one before and when it began itself."""
    before = None
    for since, policy in versions:
        before = replace(policy, since=day(since), before=before)
    assert before is not None
    return before


def in_december(registration: Registration, policy: Policy, *visits: str, on: str = "12-01") -> Owed:
    """Ask what a registration owes the first draw of December."""
    return owed(
        registration,
        visits=[visit(one) for one in visits],
        on=on,
        visit_from=on,
        visit_to="12-06" if on < "12-06" else "12-13",
        ends=DECEMBER,
        policy=policy,
    )


def ended(registration: Registration, policy: Policy, *visits: str, first: str, last: str) -> list[date]:
    """Give the ends of the windows that nobody met, judged by the policies in force on their last days."""
    missed, until, judge = [], day(last), policy
    while True:
        found = ended_windows(
            registration,
            visits=[visit(one) for one in visits],
            policy=judge,
            terms=DutyTerms(judge),
            item=VENUES,
            first=max(day(first), judge.since),
            last=until,
        )
        missed += [one.window.ends_on for one in found if one.missed]
        if judge.before is None or judge.since <= day(first):
            return sorted(missed)
        until, judge = judge.since - ONE_DAY, judge.before


STRICTER = course(("01-01", POLICY), ("12-01", asking({1: 1})))
MILDER = course(("01-01", POLICY), ("12-01", asking({3: 3})))


def test_stricter_from_december_on_nothing_of_november_is_overdue() -> None:
    """Level 1 visited on 5 October met its quarter; from 1 December it owes December, with a reserve."""
    found = in_december(ktv(1), STRICTER, "10-05")
    december = Window(day("12-01"), day("12-31"), 1)
    assert (found.why, found.window, found.draws_left) == (Why.OWED, december, 3)
    assert ended(ktv(1), STRICTER, "10-05", first="10-01", last="11-30") == []
    # by the new policy alone, as one that had never been otherwise, November would be overdue
    assert in_december(ktv(1), asking({1: 1}), "10-05").why == Why.OVERDUE


def test_a_window_that_the_old_policy_saw_missed_stays_missed_and_overdue() -> None:
    """Level 3 was not visited in November; quarters from December on undo nothing."""
    assert ended(ktv(3), MILDER, "10-05", first="11-01", last="12-30") == [day("11-30")]
    found = in_december(ktv(3), MILDER, "10-05")
    assert (found.why, found.window) == (Why.OVERDUE, Window(day("11-01"), day("11-30"), 1))
    # visited in November: its first window under the new policy is what is left of the quarter
    found = in_december(ktv(3), MILDER, "11-05")
    assert (found.why, found.window) == (Why.OWED, Window(day("12-01"), day("12-31"), 3))
    assert in_december(ktv(3), MILDER, "11-05", "12-01").why == Why.MET


def test_what_ended_before_last_version_but_one_is_judged_by_that_one() -> None:
    """November under the first, nothing that ended under the second, December under the third."""
    policy = course(("01-01", POLICY), ("12-01", asking({3: 3})), ("12-10", asking({3: 2})))
    assert in_december(ktv(3), policy, "10-05", on="12-10").window == Window(day("11-01"), day("11-30"), 1)
    found = in_december(ktv(3), policy, "11-05", on="12-10")
    assert (found.why, found.window) == (Why.OWED, Window(day("12-10"), day("12-31"), 2))
    assert ended(ktv(3), policy, "11-05", first="11-01", last="12-31") == [day("12-31")]
    assert ended(ktv(3), policy, "11-05", "12-12", first="11-01", last="12-31") == []


def test_a_version_that_asks_for_the_same_goes_on_with_the_same_windows() -> None:
    """Level 1 each quarter before and after: the visit of 5 October meets it, and no part is asked anew."""
    same = course(("01-01", POLICY), ("11-15", asking({3: 2})))
    assert in_december(ktv(1), same, "10-05").window == Window(day("10-01"), day("12-31"), 3)
    assert in_december(ktv(1), same, "10-05").why == Why.MET
    assert in_december(ktv(1), same).why == Why.OVERDUE  # the third quarter, under the old version
    assert in_december(ktv(1), same).window == Window(day("07-01"), day("09-30"), 3)


def test_a_version_that_said_nothing_of_days_contradicts_none() -> None:
    """The first seeded version publishes the frequency, not since when: the next may say January."""
    seeded = course(("01-01", first_policy()), ("11-01", POLICY))
    assert in_december(ktv(1), seeded, "10-05").why == Why.MET
    assert ended(ktv(1), seeded, first="09-30", last="12-31") == [day("12-31")]
    # what asks for something else begins by itself, and nothing is overdue of the time without a word
    other = course(("01-01", first_policy()), ("11-01", asking({3: 2})))
    found = in_december(ktv(3), other, on="11-02")
    assert (found.why, found.window) == (Why.OWED, Window(day("11-01"), day("12-31"), 2))
    # it judged nothing itself, and the one after it judges what it says since January
    assert in_december(ktv(3), seeded, "11-02").why == Why.OWED


def test_a_version_whose_days_lay_ahead_had_no_windows() -> None:
    """In force since November, but from December on: the next version begins by itself."""
    ahead = course(("11-01", asking({}, starts_on=day("12-20"))), ("12-01", POLICY))
    assert in_december(ktv(1), ahead, "10-05").window == Window(day("12-01"), day("12-31"), 3)
    late = course(("11-01", asking({}, starts_on=day("11-20"))), ("12-01", POLICY))
    assert in_december(ktv(1), late, "10-05").window == Window(day("11-20"), day("12-31"), 3)


def test_a_duty_that_the_new_version_has_no_more_is_owed_no_more() -> None:
    """«0 only if no duty applies»: level 3 has none from December on, so not even November is asked for."""
    without = course(("01-01", POLICY), ("12-01", asking({3: None})))
    assert in_december(ktv(3), without, "10-05").why == Why.NO_DUTY
    changed = ktv(3, changes=(Change(on=day("11-03"), status_before="operating", level_before=3),))
    assert in_december(changed, without, "10-05").why == Why.NO_DUTY
    assert ended(ktv(3), without, "10-05", first="11-01", last="12-31") == [day("11-30")]


def test_a_change_of_level_and_one_of_the_policy() -> None:
    """From level 2 to 1 on 10 November: the old window is finished by 31 December, met on 5 November.

    From December on level 1 owes each month; so December is what it owes, not the quarter.
    """
    milder = ktv(1, changes=(Change(on=day("11-10"), status_before="operating", level_before=2),))
    found = in_december(milder, STRICTER, "11-05")
    assert (found.why, found.window) == (Why.OWED, Window(day("12-01"), day("12-31"), 1))
    found = in_december(milder, STRICTER, "10-05")
    assert (found.why, found.window) == (Why.OWED, Window(day("12-01"), day("12-31"), 1))
    assert in_december(milder, STRICTER, "08-05").window == Window(day("09-01"), day("10-31"), 2)


@pytest.mark.parametrize(
    ("visits", "expected"),
    [
        # Due two months after 20 October, which is not before the new version: it opens after half.
        (("10-20",), (Why.OWED, Window(day("11-19"), day("12-20"), 2))),
        # Due by 25 November by the old one: overdue, whatever the new one asks for.
        (("08-25",), (Why.OVERDUE, Window(day("10-10"), day("11-25"), 3))),
    ],
)
def test_windows_that_roll(visits: tuple[str, ...], expected: tuple[Why, Window]) -> None:
    """Level 1 each three months until November, each two from December on; both roll."""
    rolling = course(("01-01", asking({}, rolling=True)), ("12-01", asking({1: 2}, rolling=True)))
    found = in_december(ktv(1), rolling, *visits)
    assert (found.why, found.window) == expected


def test_another_reading_begins_with_its_version() -> None:
    """Calendar until November, rolling from December: due a month after the last visit, if that is ahead."""
    rolls = course(("01-01", POLICY), ("12-01", asking({}, rolling=True)))
    found = in_december(ktv(3), rolls, "11-05")
    assert (found.why, found.window) == (Why.OWED, Window(day("11-20"), day("12-05"), 1))
    assert in_december(ktv(3), rolls, "10-20").window == Window(day("11-01"), day("11-30"), 1)
    back = course(("01-01", asking({}, rolling=True)), ("12-01", POLICY))
    assert in_december(ktv(3), back, "10-20").window == Window(day("11-04"), day("11-20"), 1)
    assert in_december(ktv(3), back, "11-20").window == Window(day("12-01"), day("12-31"), 1)


# --- the same day by day -------------------------------------------------------------------------------


def _window_that_ends(policies: Sequence[tuple[date, int]], on: date) -> Window | None:
    """Give the window of the policy of a day that ends on it: what is left of it since that policy began."""
    months = [asked for since, asked in policies if since <= on][-1]
    window = window_of(months, on)
    if window.ends_on != on:
        return None
    begun = on
    while begun > FIRST and [asked for since, asked in policies if since < begun][-1] == months:
        begun -= ONE_DAY
    return Window(max(begun, window.starts_on), on, months)


_POLICIES = st.lists(st.tuples(st.integers(1, 600), st.sampled_from([1, 2, 3, 4, 6, 12])), max_size=4)
_DAYS = st.integers(0, 700).map(lambda n: FIRST + timedelta(days=n))


@settings(max_examples=150, deadline=None)
@given(first=st.sampled_from([1, 2, 3]), later=_POLICIES, visits=st.sets(_DAYS, max_size=8), on=_DAYS)
def test_a_window_is_judged_by_the_policy_of_its_last_day(
    first: int, later: list[tuple[int, int]], visits: set[date], on: date
) -> None:
    """Against the rule said day by day: what ends on a day, and whether a visit came while it lasted."""
    changes = sorted({FIRST + timedelta(days=after): months for after, months in later}.items())
    policies = [(FIRST, first), *((since, months) for since, months in changes if since <= on)]
    policy = course(*((since.isoformat(), asking({3: months})) for since, months in policies))
    days = (FIRST + timedelta(days=n) for n in range((on - FIRST).days))
    windows = [window for one in days if (window := _window_that_ends(policies, one)) is not None]
    known = [one.isoformat() for one in visits if one <= on]
    unmet = [
        one.ends_on
        for one in windows
        if not any(one.starts_on <= made <= one.ends_on for made in visits if made <= on)
    ]
    last = (on - ONE_DAY).isoformat()
    assert ended(ktv(3), policy, *known, first=FIRST.isoformat(), last=last) == unmet
    expected = (
        windows[-1]
        if windows and not any(made >= windows[-1].starts_on for made in visits if made <= on)
        else None
    )
    text = on.isoformat()
    found = owed(
        ktv(3),
        visits=[visit(one) for one in known],
        on=text,
        visit_from=text,
        visit_to=text,
        ends=[text],
        policy=policy,
    )
    assert (found.window if found.why == Why.OVERDUE else None) == expected
    # the same from its history, where a change of nothing makes every window be looked at
    changed = ktv(3, changes=(Change(on=on - timedelta(days=40), status_before="operating", level_before=3),))
    assert (
        owed(
            changed,
            visits=[visit(one) for one in known],
            on=text,
            visit_from=text,
            visit_to=text,
            ends=[text],
            policy=policy,
        )
        == found
    )
