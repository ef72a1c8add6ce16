"""What changes of a registration do to its duties (mission/rules.md, «Changes»)."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.domain.duties.history import Run, Spell, calendar_windows, rolling_windows, run_of
from app.domain.duties.owed import Why
from app.domain.duties.terms import DutyTerms
from app.domain.duties.windows import window_of
from app.domain.facts import Change, Registration
from app.domain.policies.duties import DutyRules
from tests.domain.duties.cases import POLICY, ROLLING, day, ktv, owed, visit, with_duties

MONTHS = DutyTerms(POLICY).months


def change(
    on: str, *, level: int | None = 3, status: str = "operating", subtype: str | None = "ktv"
) -> Change:
    """Give a day and what held until then."""
    return Change(on=day(on), status_before=status, level_before=level, subtype_before=subtype)


def rules(**changes: object) -> DutyRules:
    """Give the seeded rules for duties, or others."""
    found = with_duties(**changes).duties
    assert found is not None
    return found


def windows(registration: Registration, since: str, until: str, **changes: object) -> list[tuple[str, str]]:
    """Give the calendar windows that held, as texts."""
    found = calendar_windows(
        run_of(registration, MONTHS), rules(**changes), since=day(since), until=day(until)
    )
    return [(f"{one.starts_on:%m-%d}", f"{one.ends_on:%m-%d}") for one in found]


@pytest.mark.parametrize(
    ("registered", "expected"),
    [
        # opened inside October: November is the next full window
        ("10-02", [("11-01", "11-30"), ("12-01", "12-31")]),
        ("10-31", [("11-01", "11-30"), ("12-01", "12-31")]),
        # opened on the first of the month: that window is full
        ("10-01", [("10-01", "10-31"), ("11-01", "11-30"), ("12-01", "12-31")]),
        # opened in the year before
        ("2025-12-15", [("10-01", "10-31"), ("11-01", "11-30"), ("12-01", "12-31")]),
        ("12-20", []),
    ],
)
def test_new_the_first_window_is_the_next_full_one(registered: str, expected: list[tuple[str, str]]) -> None:
    """«New or reopened: the first window is the next full one.»."""
    assert windows(ktv(3, registered_on=day(registered)), "10-01", "12-31") == expected


@pytest.mark.parametrize(("level", "first"), [(1, "2027-01-01"), (2, "2027-01-01"), (3, "2026-12-01")])
def test_the_next_full_window_depends_on_the_level(level: int, first: str) -> None:
    """Registered on 2 November 2026: the next quarter and the next two months begin with 2027."""
    run = run_of(ktv(level, registered_on=day("11-02")), MONTHS)
    found = next(calendar_windows(run, rules(), since=day("11-01"), until=day("2027-03-01")))
    assert found.starts_on == day(first)


@pytest.mark.parametrize("before", ["suspended", "closed", "moved", "out-of-duty"])
def test_reopened_the_first_window_is_the_next_full_one(before: str) -> None:
    """What was missed before it closed is not overdue any more; nor owes it the window it reopened in."""
    reopened = ktv(3, changes=(change("10-01", status="operating"), change("11-02", status=before)))
    assert windows(reopened, "09-01", "12-31") == [("12-01", "12-31")]
    found = owed(reopened)
    assert (found.why, found.draws_left) == (Why.NOT_YET, 0)
    december = owed(reopened, visit_from="12-01", visit_to="12-04", ends=("12-04", "12-11", "12-18", "12-24"))
    assert (december.why, december.draws_left) == (Why.OWED, 3)


def test_registered_and_reopened_the_later_day_counts() -> None:
    """A registration that was entered as suspended opens when it begins to operate."""
    opened = ktv(3, registered_on=day("09-15"), changes=(change("10-02", status="suspended"),))
    assert run_of(opened, MONTHS).opened_on == day("10-02")
    again = ktv(3, registered_on=day("10-20"), changes=(change("10-02", status="suspended"),))
    assert run_of(again, MONTHS).opened_on == day("10-20")


def test_closed_and_opened_on_one_day_never_closed() -> None:
    """A slip that was mended the same day leaves the duty as it was."""
    slip = ktv(3, changes=(change("10-10", status="operating"), change("10-10", status="closed")))
    assert windows(slip, "10-01", "11-30") == [("10-01", "10-31"), ("11-01", "11-30")]


def test_stricter_is_due_at_the_end_of_the_new_window_that_contains_the_change() -> None:
    """From level 1 to 3 on 10 November: due on 30 November, not on 31 December."""
    raised = ktv(3, changes=(change("11-10", level=1),))
    assert windows(raised, "10-01", "12-31") == [("11-01", "11-30"), ("12-01", "12-31")]
    before = owed(
        raised, visits=[visit("09-20")], visit_from="11-16", visit_to="11-20", ends=("11-20", "11-27")
    )
    assert (before.draws_left, before.window and before.window.ends_on) == (1, day("11-30"))
    # visited in November, be it before the change: the new window has its visit
    assert owed(raised, visits=[visit("11-03")], visit_from="11-16", visit_to="11-20").why == Why.MET
    # visited in October: that met the quarter, not November
    assert owed(raised, visits=[visit("10-05")], visit_from="11-16", visit_to="11-20").why == Why.OWED


@pytest.mark.parametrize(
    ("before", "after", "on", "due"),
    [
        (2, 3, "11-10", "11-30"),
        (2, 3, "12-31", "12-31"),
        (1, 2, "11-10", "12-31"),
        # the sentence as it stands: the new window that contains the change ends in April
        (1, 2, "2026-03-10", "2026-04-30"),
        # no level before: no duty before
        (None, 3, "11-10", "11-30"),
        (None, 1, "11-10", "12-31"),
    ],
)
def test_every_step_to_something_stricter(before: int | None, after: int, on: str, due: str) -> None:
    """«Stricter level: due at the end of the window, under the new level, that contains the change.»."""
    run = run_of(ktv(after, changes=(change(on, level=before),)), MONTHS)
    found = [w.ends_on for w in calendar_windows(run, rules(), since=day(on), until=day(on))]
    assert found == [day(due)]


def test_milder_the_old_window_is_finished_first() -> None:
    """From level 3 to 1 on 10 November: November is still owed, then the quarter."""
    eased = ktv(1, changes=(change("11-10", level=3),))
    assert windows(eased, "11-01", "2027-01-10") == [
        ("11-01", "11-30"),
        ("10-01", "12-31"),
        ("01-01", "03-31"),
    ]
    found = owed(
        eased, visits=[visit("10-20")], visit_from="11-16", visit_to="11-20", ends=("11-20", "11-27")
    )
    assert (found.draws_left, found.window and found.window.ends_on) == (1, day("11-30"))
    # a visit in November finishes the old window and meets the new one
    assert owed(eased, visits=[visit("11-12")], visit_from="12-07", visit_to="12-11").why == Why.MET
    # November missed stays overdue, though October had met the quarter
    missed = owed(eased, visits=[visit("10-20")], visit_from="12-07", visit_to="12-11")
    assert (missed.why, missed.window and missed.window.ends_on) == (Why.OVERDUE, day("11-30"))
    still = owed(eased, visits=[visit("10-20")], visit_from="2027-01-11", visit_to="2027-01-15")
    assert still.why == Why.OVERDUE


def test_a_level_that_is_taken_away_leaves_the_old_window_to_be_finished() -> None:
    """Then nothing more is owed."""
    ungraded = ktv(None, changes=(change("11-10", level=3),))
    assert windows(ungraded, "11-01", "2027-03-31") == [("11-01", "11-30")]
    found = owed(ungraded, visits=[visit("10-20")], visit_from="11-16", visit_to="11-20", ends=("11-20",))
    assert (found.why, found.draws_left) == (Why.OWED, 1)
    assert owed(ungraded, visits=[visit("11-12")], visit_from="12-07", visit_to="12-11").why == Why.NO_DUTY


def test_milder_and_stricter_again() -> None:
    """Eased to level 1 in October, back at level 2 in November: after October the two months count."""
    back = ktv(2, changes=(change("10-10", level=3), change("11-20", level=1)))
    assert windows(back, "10-01", "12-31") == [("10-01", "10-31"), ("11-01", "12-31")]


def test_a_unit_that_becomes_a_key_unit_begins_to_owe() -> None:
    """A change of the subtype is a change too: key fire units owe a visit a year, general ones none."""
    key = Registration(
        regime="fire_unit",
        subtype="key",
        known_since=day("2025-01-01"),
        changes=(change("2026-06-10", level=None, subtype="general"),),
    )
    assert windows(key, "2025-01-01", "2026-12-31") == [("01-01", "12-31")]
    without = Registration(
        regime="fire_unit",
        subtype="key",
        known_since=day("2025-01-01"),
        changes=(Change(on=day("2026-06-10"), status_before="operating", level_before=None),),
    )
    found = calendar_windows(
        run_of(without, MONTHS),
        rules(starts_on=day("2025-01-01")),
        since=day("2025-01-01"),
        until=day("2026-12-31"),
    )
    assert [window.starts_on.year for window in found] == [2025, 2026]


@pytest.mark.parametrize(
    ("starts_on", "expected"),
    [
        ("10-01", [("10-01", "10-31"), ("11-01", "11-30")]),
        # in the middle of a month: what is left of it
        ("10-15", [("10-15", "10-31"), ("11-01", "11-30")]),
        ("12-15", []),
    ],
)
def test_when_a_policy_starts_its_first_window_starts(
    starts_on: str, expected: list[tuple[str, str]]
) -> None:
    """«When a policy starts, its first window starts.»."""
    assert windows(ktv(3), "09-01", "11-30", starts_on=day(starts_on)) == expected


def test_nothing_is_missed_before_the_policy_starts() -> None:
    """A visit before the policy meets none of its windows, and none of them is overdue on its first day."""
    young = with_duties(starts_on=day("11-01"))
    assert owed(ktv(3), policy=young).why == Why.OWED
    late = with_duties(starts_on=day("11-03"))
    found = owed(ktv(3), visits=[visit("11-02")], on="11-05", policy=late)
    assert (found.why, found.window and found.window.starts_on) == (Why.OWED, day("11-03"))
    assert owed(ktv(3), policy=with_duties(starts_on=day("11-07"))).why == Why.NOT_YET


@pytest.mark.parametrize(
    ("known", "why"),
    [
        # known all October: October is overdue
        ("10-01", Why.OVERDUE),
        # known on 24 October, 7 days before its end: the alarm could come in time
        ("10-24", Why.OVERDUE),
        ("10-25", Why.OWED),
        ("11-02", Why.OWED),
    ],
)
def test_cold_start_nothing_is_missed_before_the_service_knew(known: str, why: Why) -> None:
    """The window in which it was first known counts, if an alarm could still come before the miss."""
    assert owed(ktv(3, known_since=day(known))).why == why


def test_known_late_in_a_window_the_next_is_the_first() -> None:
    """First known on 25 November: nothing for November; and not even known yet when the visits end."""
    found = owed(ktv(3, known_since=day("11-25")), visit_from="11-26", visit_to="11-30", ends=("11-30",))
    assert found.why == Why.NOT_YET
    assert owed(ktv(3, known_since=day("11-09"))).why == Why.NOT_YET
    # a longer window has time enough
    assert owed(ktv(1, known_since=day("11-25")), visit_from="11-26", visit_to="11-30").why == Why.OWED


@pytest.mark.parametrize(
    ("registration", "visits", "due"),
    [
        # stricter: from three months to one, visited on 5 October, raised on 20 October
        (ktv(3, changes=(change("10-20", level=1),)), ["10-05"], "11-05"),
        # … raised on 20 November: the second month after the visit contains the change
        (ktv(3, changes=(change("11-20", level=1),)), ["10-05"], "12-05"),
        # milder: what was due in a month stays due, whatever the new level says
        (ktv(1, changes=(change("10-20", level=3),)), ["10-05"], "11-05"),
        (ktv(None, changes=(change("10-20", level=3),)), ["10-05"], "11-05"),
        # no duty at the visit: the first window under the new level that contains the change
        (ktv(3, changes=(change("11-20", level=None),)), ["10-05"], "12-05"),
        # never visited: from the day on which it was known, registered or reopened
        (ktv(3, known_since=day("11-03")), [], "12-03"),
        (ktv(3, known_since=day("10-01"), registered_on=day("11-03")), [], "12-03"),
        (ktv(3, changes=(change("11-03", status="suspended"),)), ["10-20"], "12-03"),
        # visited before it was known, too long ago to reach: as if never visited
        (ktv(3, known_since=day("11-03")), ["09-01"], "12-03"),
        (ktv(3, known_since=day("11-03")), ["10-20"], "11-20"),
        (ktv(3, known_since=day("11-03"), changes=(change("11-03", level=None),)), ["10-20"], "12-03"),
    ],
)
def test_changes_while_windows_roll(registration: Registration, visits: list[str], due: str) -> None:
    """The same sentences, with windows that count from the last visit."""
    known = [visit(one) for one in visits]
    found = owed(registration, visits=known, visit_from="11-04", visit_to="12-04", policy=ROLLING)
    assert found.window is not None
    assert found.window.ends_on == day(due)


def test_what_rolls_and_owes_nothing() -> None:
    """Without a level there is no window, and one that starts after the visits is not owed yet."""
    assert owed(ktv(None), policy=ROLLING).why == Why.NO_DUTY
    assert owed(ktv(3, known_since=day("11-09")), policy=ROLLING).why == Why.NOT_YET
    overdue = owed(ktv(3), visits=[visit("09-20")], policy=ROLLING)
    assert (overdue.why, overdue.draws_left) == (Why.OVERDUE, 1)


def test_the_calendar_ends() -> None:
    """Dates of the year 9999 lead nowhere further."""
    run = Run(None, None, (Spell(date.min, 3),))
    last = date(9999, 12, 31)
    assert [w.ends_on for w in rolling_windows(run, rules(), last=date(9999, 11, 1), until=last)] == [last]
    assert [w.ends_on for w in calendar_windows(run, rules(), since=last, until=last)][-1] == last


STATUS = st.sampled_from(["operating", "suspended", "closed"])


@settings(deadline=None)
@example(
    changes=[
        Change(on=date(2026, 1, 2), status_before="suspended", level_before=None),
        Change(on=date(2026, 4, 1), status_before="operating", level_before=1),
    ],
    level=2,
)
@given(
    changes=st.lists(
        st.builds(
            Change,
            on=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
            status_before=STATUS,
            level_before=st.sampled_from([None, 1, 2, 3]),
        ),
        max_size=5,
    ),
    level=st.sampled_from([None, 1, 2, 3]),
)
def test_windows_are_in_order_and_every_graded_day_leads_to_one(
    changes: list[Change], level: int | None
) -> None:
    """Whatever happened: ends rise, and a graded day waits no longer than the windows it could lie in."""
    registration = ktv(level, changes=tuple(sorted(changes, key=lambda one: one.on)))
    run = run_of(registration, MONTHS)
    found = list(calendar_windows(run, rules(), since=date(2026, 1, 1), until=date(2028, 6, 30)))
    ends = [window.ends_on for window in found]
    assert ends == sorted(set(ends))
    assert all(run.opened_on is None or window.starts_on >= run.opened_on for window in found)
    for n in range(0, 400 if found else 0, 13):
        one = found[0].starts_on + timedelta(days=n)
        months = run.months_on(one)
        # What opened inside a window owes the next full one.
        if months is not None and (run.opened_on or date.min) <= window_of(months, one).starts_on:
            next_end = next(end for end in ends if end >= one)
            assert next_end <= _latest(run, one)


def _latest(run: Run, one: date) -> date:
    """The last end of the windows that contain a day of the window that contains this day."""
    months = run.months_on(one) or 12
    last = window_of(months, one).ends_on
    # A milder level finishes the old window first, which began under the level before.
    first = date(one.year, 1, 1)
    within = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return max(window_of(run.months_on(d) or months, d).ends_on for d in within)
