"""Windows that go on, as the league table counts them: those that are recorded, and that the list shows."""

from datetime import date, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.duties.ended import EndedWindow, ended_windows
from app.domain.duties.owed import DrawDuties
from app.domain.duties.standing import DutyState, standing
from app.domain.duties.terms import DutyTerms
from app.domain.facts import Registration, Visit
from app.domain.policy import Policy
from tests.domain.duties.cases import POLICY, ROLLING, VENUES, day, ktv, visit

_LAST = day("2027-03-31")


def going_on(
    registration: Registration, visits: list[Visit], on: date, *, policy: Policy = POLICY
) -> list[EndedWindow]:
    """Give the windows that have begun and are not over, as the league table asks for them."""
    found = _between(registration, visits, on, _LAST, policy)
    return [one for one in found if one.window.starts_on <= on]


def _between(
    registration: Registration, visits: list[Visit], first: date, last: date, policy: Policy
) -> tuple[EndedWindow, ...]:
    return ended_windows(
        registration,
        visits=visits,
        policy=policy,
        terms=DutyTerms(policy),
        item=VENUES,
        first=first,
        last=last,
    )


def test_a_month_by_hand() -> None:
    """On 9 November: level 3 until the 30th, level 1 until 31 December; met, excused, or missed before."""
    on = day("11-09")
    for level, ends in ((3, "11-30"), (2, "12-31"), (1, "12-31")):
        (one,) = going_on(ktv(level), [visit("08-05")], on)
        assert (one.window.ends_on, one.met_on) == (day(ends), None)
    (met,) = going_on(ktv(3), [visit("10-02"), visit("11-04")], on)
    assert met.met_on == day("11-04")
    (nobody,) = going_on(ktv(3, out_of_duty="04", out_since=day("11-05")), [], on)
    assert (nobody.out_of_duty, nobody.missed) == ("04", False)
    assert going_on(ktv(3, registered_on=day("11-02")), [], on) == []  # the next full window is December's
    assert going_on(ktv(3, status="closed"), [], on) == []


_DAYS = st.dates(day("2026-09-01"), day("2026-12-31"))
_KTV = st.builds(
    ktv,
    st.sampled_from([None, 1, 2, 3]),
    known_since=st.sampled_from([day("2025-01-01"), day("10-20"), day("11-27")]),
    registered_on=st.none() | _DAYS,
    status=st.sampled_from(["operating", "operating", "suspended"]),
)


@given(
    registration=_KTV,
    visited=st.lists(_DAYS, max_size=4),
    on=_DAYS,
    policy=st.sampled_from([POLICY, ROLLING]),
)
def test_what_goes_on_is_what_will_be_recorded(
    registration: Registration, visited: list[date], on: date, policy: Policy
) -> None:
    """If nothing happens until its last day, each window ends as it stands today."""
    visits = [visit(one.isoformat()) for one in sorted(visited) if one <= on]
    for one in going_on(registration, visits, on, policy=policy):
        assert one.window.starts_on <= on <= one.window.ends_on
        ended = _between(registration, visits, one.window.ends_on, one.window.ends_on, policy)
        assert one in ended
        over = one.window.ends_on + timedelta(days=1)
        assert one not in going_on(registration, visits, over, policy=policy)


@given(registration=_KTV, visited=st.lists(_DAYS, max_size=4), on=_DAYS)
def test_the_list_of_duties_says_the_same(registration: Registration, visited: list[date], on: date) -> None:
    """Met there is met here, open there is open here; what was missed before goes on unmet."""
    assume(registration.known_since is None or registration.known_since <= on)
    visits = [visit(one.isoformat()) for one in sorted(visited) if one <= on]
    duties = DrawDuties(POLICY, item=VENUES, on=on, visit_from=on, visit_to=on, draw_ends=())
    listed = standing(duties, registration, visits=visits, open_visits=())
    found = going_on(registration, visits, on)
    if listed is None or listed.state == DutyState.NOT_YET:
        assert found == []
    elif listed.state == DutyState.MISSED:
        assert all(one.met_on is None for one in found)
    else:
        (one,) = found
        assert one.window == listed.window
        assert (one.met_on is not None) == (listed.state == DutyState.MET)
