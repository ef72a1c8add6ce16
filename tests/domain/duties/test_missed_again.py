"""A duty that was missed and not made up for is missed again: each window has its own alarm before its end.

«An entity that no drawable line can serve in time is an alarm **before** the window ends … otherwise the
alarm comes before the miss» (mission/rules.md).
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.duties.ended import ended_windows
from app.domain.duties.owed import DrawDuties
from app.domain.duties.shortage import Force, Short, shortage
from app.domain.duties.standing import DutyState, Standing, in_todays_window, standing, unmet_today
from app.domain.duties.terms import DutyTerms
from app.domain.facts import Change, OpenVisit, Registration
from app.domain.policy import Policy
from tests.domain.duties.cases import POLICY, ROLLING, VENUES, day, days, ktv, visit
from tests.domain.duties.test_going_on import going_on
from tests.domain.duties.test_standing import FORCE

NOBODY = replace(FORCE, inspectors=(), anybody=False)
TIRED = replace(FORCE, due=3)
"""3 visits of two need 6 places of 4."""
WEEKS = ("11-06", "11-13", "11-20", "11-27", "11-30", "12-04", "12-11")


def listed(
    registration: Registration,
    *ends: str,
    on: str,
    visits: tuple[str, ...] = (),
    going: bool = False,
    policy: Policy = POLICY,
) -> tuple[Standing, Standing]:
    """Say how a duty is listed on a day with these draws, of which those that ended are over, and judged."""
    coming = [end for end in days(*ends) if end >= day(on)]
    duties = DrawDuties(
        policy, item=VENUES, on=day(on), visit_from=day(on), visit_to=day(on), draw_ends=coming
    )
    found = standing(
        duties,
        registration,
        visits=[visit(one) for one in visits],
        open_visits=(OpenVisit(items=(VENUES,)),) if going else (),
    )
    assert found is not None
    return found, in_todays_window(found, duties, registration, on=day(on))


def alarm(
    registration: Registration, *ends: str, on: str, force: Force = FORCE, **facts: Any
) -> tuple[str, Short] | None:
    """Give the end of the window that an alarm of a day is about, and what is short."""
    _, found = listed(registration, *ends, on=on, **facts)
    why = shortage(
        found,
        needs=("district:1", "regime:x"),
        force=force,
        draws_at_all=bool(ends),
        alarm_days=7,
        on=day(on),
    )
    return None if why is None or found.window is None else (f"{found.window.ends_on:%m-%d}", why.short)


@pytest.mark.parametrize(
    ("on", "ends", "expected"),
    [
        # without any draw November is alarming from its first day to its last, and then December is
        ("11-01", (), ("11-30", Short.CALENDAR)),
        ("11-09", (), ("11-30", Short.CALENDAR)),
        ("11-25", (), ("11-30", Short.CALENDAR)),
        ("11-29", (), ("11-30", Short.CALENDAR)),
        ("11-30", (), ("11-30", Short.CALENDAR)),
        ("12-01", (), ("12-31", Short.CALENDAR)),
        # there are draws, and none in November any more
        ("11-09", ("12-04",), ("11-30", Short.DRAW)),
        ("11-28", ("11-27", "12-04"), ("11-30", Short.DRAW)),
        ("11-30", ("11-27", "12-04"), ("11-30", Short.DRAW)),
        ("12-01", ("11-27", "12-04"), None),
        # every week has one: nothing is short until a week before the end
        ("11-09", WEEKS, None),
        ("11-22", WEEKS, None),
        ("11-23", WEEKS, ("11-30", Short.TIME)),
        ("11-25", WEEKS, ("11-30", Short.TIME)),
        ("11-29", WEEKS, ("11-30", Short.TIME)),
        ("11-30", WEEKS, ("11-30", Short.TIME)),
        ("12-01", WEEKS, None),
    ],
)
def test_october_was_missed_and_november_has_its_own_alarm(
    on: str, ends: tuple[str, ...], expected: tuple[str, Short] | None
) -> None:
    """A KTV of level 3, owed each month and never visited, with the draws still to come on a day."""
    assert alarm(ktv(3), *ends, on=on) == expected


@pytest.mark.parametrize("on", ["11-01", "11-09", "11-25", "11-29", "11-30"])
@pytest.mark.parametrize("visits", [("10-20",), ()])
def test_nobody_is_there_whether_october_was_met_or_missed(on: str, visits: tuple[str, ...]) -> None:
    """The alarm of the region stands as long as nobody is there, and not until each duty was missed once."""
    assert alarm(ktv(3), *WEEKS, on=on, visits=visits, force=NOBODY) == ("11-30", Short.NOBODY)
    assert alarm(ktv(3), *WEEKS, on="12-01", visits=visits, force=NOBODY) == ("12-31", Short.NOBODY)


def test_what_else_may_be_short_of_a_missed_duty() -> None:
    """Inspectors for its district, their caps, a visit under way that is the last hope."""
    lone = replace(FORCE, inspectors=FORCE.inspectors[:1])
    assert alarm(ktv(3), *WEEKS, on="11-09", force=lone) == ("11-30", Short.INSPECTORS)
    # overdue is owed at once, so it is due in the next draw however many follow, and that one is too small
    assert alarm(ktv(3), *WEEKS, on="11-09", force=TIRED) == ("11-30", Short.CAPACITY)
    assert alarm(ktv(3), *WEEKS, on="11-09", force=TIRED, visits=("10-20",)) is None
    assert alarm(ktv(3), *WEEKS, on="11-09", going=True) is None
    assert alarm(ktv(3), *WEEKS, on="11-23", going=True) == ("11-30", Short.VISIT)
    assert alarm(ktv(3), "12-04", on="11-09", going=True) == ("11-30", Short.VISIT)


def test_one_visit_meets_the_window_of_its_day_and_makes_up_for_the_missed_one() -> None:
    """«Overdue … until a visit that counts comes»: then November is met, and December is the next."""
    for on in ("11-05", "11-29", "11-30"):
        assert alarm(ktv(3), on="11-30", visits=(on,)) is None
        found, judged = listed(ktv(3), on="11-30", visits=(on,))
        assert (found, found.state) == (judged, DutyState.MET)
        assert alarm(ktv(3), on="12-01", visits=(on,)) == ("12-31", Short.CALENDAR)


def test_the_list_of_duties_still_names_what_was_missed() -> None:
    """It shows the missed window; only the watch looks at that of today, with its draws."""
    found, judged = listed(ktv(3), *WEEKS, on="11-20")
    assert (found.state, found.window and found.window.ends_on) == (DutyState.MISSED, day("10-31"))
    assert (judged.state, judged.window and judged.window.ends_on) == (DutyState.OPEN, day("11-30"))
    # 20, 27 and 30 November are to come; overdue has no reserve
    assert (found.draws, judged.draws, judged.draws_left) == (0, 3, 1)
    states = {on: listed(ktv(3), *WEEKS, on=on)[1].state for on in ("11-25", "11-28")}
    assert states == {"11-25": DutyState.OPEN, "11-28": DutyState.LAST_DRAW}
    found, judged = listed(ktv(3), on="11-20")
    assert (found.state, judged.state, judged.hangs) == (DutyState.MISSED, DutyState.AT_RISK, True)
    found, judged = listed(ktv(3), on="11-20", going=True)
    assert (found.state, judged.state) == (DutyState.MISSED, DutyState.VISIT_OPEN)


def graded(level: int | None, on: str, *, before: int | None) -> Registration:
    """Give a KTV of a level that had another one before a day."""
    return ktv(level, changes=(Change(on=day(on), status_before="operating", level_before=before),))


@pytest.mark.parametrize(
    ("registration", "on", "visits", "due"),
    [
        # owed per quarter, and per two months
        (ktv(1), "11-09", (), "12-31"),
        (ktv(2), "11-09", (), "12-31"),
        (ktv(2), "10-09", (), "10-31"),
        # the third quarter was missed; stricter since 10 November: due at the end of that month
        (graded(3, "11-10", before=1), "11-12", (), "11-30"),
        # October was missed; milder since 5 November: November is finished first, then the quarter follows
        (graded(1, "11-05", before=3), "11-12", (), "11-30"),
        (graded(1, "11-05", before=3), "12-02", (), "12-31"),
        # a visit of 5 October meets the quarter in which November was missed before
        (graded(1, "11-05", before=3), "12-02", ("10-05",), None),
        # no level since 3 November: November is finished first, and nothing follows
        (graded(None, "11-03", before=3), "11-12", (), "11-30"),
        (graded(None, "11-03", before=3), "12-02", (), None),
    ],
)
def test_the_window_of_today_is_that_of_the_level_of_today(
    registration: Registration, on: str, visits: tuple[str, ...], due: str | None
) -> None:
    """«Stricter level: due at the end of the window, under the new level, that contains the change»."""
    found, judged = listed(registration, on=on, visits=visits)
    assert found.state == DutyState.MISSED
    if due is None:
        assert judged == found
        assert alarm(registration, on=on, visits=visits) is None
    else:
        assert alarm(registration, on=on, visits=visits) == (due, Short.CALENDAR)


@pytest.mark.parametrize(
    ("on", "due"), [("10-01", "10-31"), ("10-31", "10-31"), ("11-01", "11-30"), ("12-01", "12-31")]
)
def test_rolling_windows_follow_what_was_missed_at_once(on: str, due: str) -> None:
    """Visited on 31 August: due on 30 September, then each month, counted from the visit."""
    assert alarm(ktv(3), on=on, visits=("08-31",), policy=ROLLING) == (due, Short.CALENDAR)


def test_a_policy_without_duties_has_no_window() -> None:
    """Nothing is owed by it."""
    bare = DutyTerms(replace(POLICY, duties=None))
    assert unmet_today(ktv(3), last=None, terms=bare, on=day("11-09")) is None


_DAYS = st.dates(day("2026-07-01"), day("2026-12-31"))
_LEVELS = st.sampled_from([None, 1, 2, 3])
_KTV = st.builds(
    lambda level, facts, changed: ktv(
        level,
        changes=tuple(
            Change(on=on, status_before="operating", level_before=was) for on, was in sorted(changed)
        ),
        **facts,
    ),
    _LEVELS,
    st.fixed_dictionaries({"registered_on": st.none() | st.dates(day("2026-05-01"), day("2026-09-30"))}),
    st.lists(st.tuples(_DAYS, st.sampled_from([1, 2, 3])), max_size=2, unique_by=lambda one: one[0]),
)


@given(
    registration=_KTV,
    visited=st.lists(_DAYS, max_size=4),
    on=_DAYS,
    policy=st.sampled_from([POLICY, ROLLING]),
)
def test_the_window_of_today_is_the_one_that_will_be_recorded_as_missed(
    registration: Registration, visited: list[date], on: date, policy: Policy
) -> None:
    """If no visit comes: of those that go on unmet the one that ends first, where another was missed."""
    registration = replace(registration, changes=tuple(one for one in registration.changes if one.on <= on))
    visits = [visit(one.isoformat()) for one in sorted(visited) if one <= on]
    duties = DrawDuties(policy, item=VENUES, on=on, visit_from=on, visit_to=on, draw_ends=())
    found = standing(duties, registration, visits=visits, open_visits=())
    if found is None or found.state != DutyState.MISSED:
        return
    judged = in_todays_window(found, duties, registration, on=on)
    windows = [one.window for one in going_on(registration, visits, on, policy=policy) if one.met_on is None]
    # What a milder level asks for follows the old window, and a visit of today meets both.
    assert windows[:1] == ([] if judged == found else [judged.window])


@pytest.mark.parametrize(
    ("policy", "level", "count"),
    [
        *((POLICY, level, count) for level, count in ((3, 9), (2, 4), (1, 3))),
        # the first is due on 1 August, 1 September or 1 October
        *((ROLLING, level, count) for level, count in ((3, 8), (2, 4), (1, 2))),
    ],
)
def test_every_miss_of_a_venue_that_nobody_visits_had_its_alarm(
    policy: Policy, level: int, count: int
) -> None:
    """From July 2026 to March 2027, day by day: what is missed is what had an alarm on its last day."""
    first, last = day("2026-07-01"), day("2027-03-31")
    venue = ktv(level, known_since=first)
    alarmed = []
    for n in range((last - first).days + 1):
        on = first + timedelta(days=n)
        told = alarm(venue, *WEEKS, on=on.isoformat(), policy=policy)
        if told is not None and told[0] == f"{on:%m-%d}":
            alarmed.append(on)
    ended = ended_windows(
        venue, visits=(), policy=policy, terms=DutyTerms(policy), item=VENUES, first=first, last=last
    )
    assert alarmed == [one.window.ends_on for one in ended if one.missed]
    assert len(alarmed) == count
