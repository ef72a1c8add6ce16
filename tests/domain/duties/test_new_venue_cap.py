"""A new venue's collision of duty and cap is found for the year ahead (mission/rules.md, «Tickets»)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.authorities import Authority
from app.domain.duties.collisions import Collision, find_collisions
from app.domain.duties.windows import window_of
from app.domain.facts import Premises, Visit
from app.domain.policy import AnnualCap, Policy
from app.domain.regions import Level
from tests.domain.duties.cases import POLICY, VENUES, day, ktv, with_duties
from tests.domain.duties.test_roster_duties import ITEMS

USED = tuple(
    Visit(item="psb.special-industry", on=date(2026, 1, n), kind="drawn", agency="psb", codes=("01",))
    for n in (12, 13, 14)
)


def found(level: int, opened: date, *, on: date, cap: int, policy: Policy = POLICY) -> tuple[Collision, ...]:
    """Find the collisions of 2026 of a venue that opened on a day, with three visits in January."""
    venue = ktv(level, registered_on=opened, known_since=opened)
    return find_collisions(
        [Premises(id="src:1", region="410928", registrations=(venue,), visits=USED)],
        policy=replace(policy, annual_cap=AnnualCap(visits=cap, exempt_kinds=(), basis="x")),
        item=ITEMS[VENUES],
        authority=Authority("psb", Level.COUNTY),
        regimes=("entertainment",),
        levels=(),
        on=on,
        year=2026,
    )


@pytest.mark.parametrize(
    ("level", "cap", "needed"),
    [
        # level 1, opened on 10 January: the second, third and fourth quarter; level 2 five pairs of months
        (1, 5, 3),
        (1, 6, None),
        (2, 7, 5),
        (2, 8, None),
    ],
)
def test_windows_that_are_not_full_yet_count_in_the_year_ahead(
    level: int, cap: int, needed: int | None
) -> None:
    """«New: the first window is the next full one»: in February nothing is owed yet."""
    collisions = found(level, day("01-10"), on=day("02-20"), cap=cap)
    assert [one.needed for one in collisions] == ([] if needed is None else [needed])


def test_a_venue_that_opens_in_the_last_window_wants_nothing_this_year() -> None:
    """Its first full window is next year's."""
    assert found(1, day("10-05"), on=day("11-02"), cap=4) == ()
    assert found(1, day("10-05"), on=day("11-02"), cap=4, policy=with_duties(rolling=True)) == ()


def test_rolling_windows_of_what_opens_later_count_too() -> None:
    """Registered in February for June: level 1 falls due on 1 September and 1 December."""
    rolling = with_duties(rolling=True)
    [one] = found(1, day("06-01"), on=day("02-20"), cap=4, policy=rolling)
    assert one.needed == 2


@given(opened=st.dates(date(2026, 1, 1), date(2026, 12, 31)), level=st.sampled_from([1, 2]))
def test_what_is_found_early_is_what_is_found_when_the_first_window_opens(opened: date, level: int) -> None:
    """Nothing happens in between: the day of opening foresees what its first whole window will say."""
    months = {1: 3, 2: 2}[level]
    window = window_of(months, opened)
    first = opened if opened == window.starts_on else window.ends_on + timedelta(days=1)
    known = day("01-15")  # when January's visits are
    first, opening = max(first, known), max(opened, known)
    for cap in range(6, 10):
        early = found(level, opened, on=opening, cap=cap)
        later = found(level, opened, on=first, cap=cap) if first.year == 2026 else ()
        assert early == later
